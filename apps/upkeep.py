"""what a server that runs for weeks does now and then: it forgets answers that nobody fetches, and gives memory
back."""

from __future__ import annotations

import asyncio
import ctypes
import time
from contextlib import suppress

import gradio as gr

M_ARENA_MAX = -8  # of glibc's malloc.h
EVERY, UNREAD = 15.0, 600.0  # seconds between two rounds, and until an answer counts as not wanted


class Upkeep:
    """gradio keeps the answers of queued calls until they are fetched, whether anybody comes for them or not."""

    def __init__(self, page: gr.Blocks):
        self._queue = page._queue
        self._since: dict[str, float] = {}  # when an answer was first seen waiting

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            self.forget_unread(UNREAD)
            give_back()

    def forget_unread(self, age: float) -> None:
        """Drop the answers that have waited for so many seconds."""
        waiting = self._queue.pending_event_ids_session
        now, known = time.monotonic(), self._queue.event_ids_to_events
        done = {event for events in waiting.values() for event in events if event not in known}
        self._since = {event: self._since.get(event, now) for event in done}
        for session, events in list(waiting.items()):
            events -= {event for event in events & done if now - self._since[event] >= age}
            if not events:
                del waiting[session]
                self._queue.pending_messages_per_session.pop(session, None)


def share_arenas() -> None:
    """Let all threads take memory from two places, where glibc would keep pieces of it for each thread."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def give_back() -> None:
    """Let the system have the memory that large requests have left in pieces, where its allocator can."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
