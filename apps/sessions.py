"""What the pages remember of their visitors: kept only where there is something to remember, and given up in an order
that no stranger can turn against those who are here."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import chain
from types import SimpleNamespace
from typing import Any
from weakref import WeakValueDictionary

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

CAPACITY = 1000
BUSY = datetime.timedelta(minutes=30)  # so long after its last call a session counts as in use


class Sessions(StateHolder):
    """The sessions in which something was stored. A call from a program names no session, for which gradio takes the
    event's name; and a visitor who only opens and closes connections has nothing stored: neither takes anybody's
    place."""

    def __init__(self, blocks: gr.Blocks):
        super().__init__()
        self.set_blocks(blocks)
        self.capacity = CAPACITY
        self.connected: Counter[str] = Counter()  # open connections that keep a page's session alive
        self._empty: WeakValueDictionary[str, Session] = WeakValueDictionary()

    def __getitem__(self, session_id: str) -> SessionState:
        found = self.session_data.get(session_id) or self._empty.get(session_id)
        if found is None:
            found = self._empty[session_id] = Session(self.blocks, self, session_id)
        if session_id in self.session_data:
            self.session_data.move_to_end(session_id)
            self.time_last_used[session_id] = datetime.datetime.now()
        return found

    def keep(self, session: Session) -> None:
        """Remember a session in which something is stored now, where there is room: one that was left goes first, then
        the one that was not used for the longest time; none of an open page in use."""
        name = session.name
        if name in self.session_data or name in self.blocks._queue.event_ids_to_events:
            return
        with self.lock:
            while len(self.session_data) >= self.capacity:
                if (idle := self._idlest()) is None:
                    return
                del self.session_data[idle]
                self.time_last_used.pop(idle, None)
            self.session_data[name] = session
            self.time_last_used[name] = datetime.datetime.now()

    def _idlest(self) -> str | None:
        """The session to give up: of one that was left, else of one whose page is open nowhere, else of an open but
        idle one."""
        names = list(self.session_data)  # in the order in which they were used
        left = (name for name in names if self.session_data[name].is_closed)
        unseen = (name for name in names if not self.connected[name])
        now, never = datetime.datetime.now(), datetime.datetime.min
        idle = (name for name in names[:1] if now - self.time_last_used.get(name, never) > BUSY)
        return next(chain(left, unseen, idle), None)


class Session(SessionState):
    """Without a copy of every component's settings (half a megabyte, 35 ms of each call), which only links to a page's
    state would need."""

    def __init__(self, blocks: gr.Blocks, holder: Sessions | None = None, name: str = ""):
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks=()))  # type: ignore[arg-type]
        self.name, self._holder = name, holder

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        if self._holder is not None and value is not None:
            self._holder.keep(self)
