"""Serving the pages on this machine, to many callers at once: they take turns at its cores, and their sessions cost little."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, TypeVar

import gradio as gr
import gradio.route_utils
from gradio.state_holder import SessionState, StateHolder
from nlp_gru.apps.common import CSS, MAX_UPLOAD, THEME

from nlp_gru.errors import UserError

T = TypeVar("T")
HOST = "127.0.0.1"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Turns:
    """As many calls at a time as there are `workers`, the others in the order in which they came, at most `waiting` of them:
    more threads than cores would make every call slower and none faster."""

    def __init__(self, workers: int = CORES, waiting: int = 64):
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="endpoint")
        self._most = workers + waiting
        self._count, self._lock = 0, threading.Lock()

    async def run(self, function: Callable[..., T], *arguments: Any, **settings: Any) -> T:
        """Raises `UserError` when too many wait, and what the function raises."""
        with self._lock:
            if self._count >= self._most:
                raise UserError("the server is busy: too many calls are waiting; try again in a moment")
            self._count += 1
        future = self._pool.submit(function, *arguments, **settings)
        future.add_done_callback(self._leave)  # also when the caller has gone and nobody awaits it
        return await asyncio.wrap_future(future)

    def _leave(self, _: object) -> None:
        with self._lock:
            self._count -= 1


class Sessions(StateHolder):
    """What the pages remember of their visitors. A call from a program names no session, for which gradio takes the event's
    name and would keep a thousand of them; here it leaves nothing behind."""

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id in self.blocks._queue.event_ids_to_events:
            return Session(self.blocks)
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)


class Session(SessionState):
    """Without a copy of every component's settings (half a megabyte, 35 ms of each call), which only links to a page's state
    would need."""

    def __init__(self, blocks: gr.Blocks):
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks=()))  # type: ignore[arg-type]


def serve(page: gr.Blocks, port: int = 0, host: str = HOST, users: Sequence[tuple[str, str]] = (), browser: bool = False,
          mcp: bool = False) -> str:  # fmt: skip
    """Begin to serve, without analytics or sharing; uploads are deleted after an hour. Returns the address.

    port: 0 for any that is free. users: (name, password) of those who may come in; all who reach `host` if there are none.
    mcp: also as an MCP server, which needs the package `mcp`. Raises `UserError` where the port is taken.
    """
    page.delete_cache = (3600, 3600)
    page.queue(max_size=64, default_concurrency_limit=2)
    try:
        _, url, _ = page.launch(
            server_name=host, server_port=port or None, inbrowser=browser, share=False, theme=THEME, css=CSS, quiet=True,
            max_file_size=MAX_UPLOAD, show_error=False, footer_links=[], enable_monitoring=False, state_session_capacity=1000,
            auth=list(users) or None, mcp_server=mcp, prevent_thread_lock=True,
        )  # fmt: skip
    except OSError:
        raise UserError(
            f"port {port} is taken, or {host} is not this machine's; try --port 0 for any free port"
        ) from None
    setattr(gradio.route_utils, "SessionState", Session)  # noqa: B010  # of calls that are not queued
    sessions = Sessions()
    sessions.set_blocks(page)
    page.app.state_holder = sessions
    return url


def launch(page: gr.Blocks, port: int = 7860, browser: bool = True, host: str = HOST, users: Sequence[tuple[str, str]] = (),
           mcp: bool = False) -> None:  # fmt: skip
    """The same until Ctrl-C."""
    url = serve(page, port, host, users, browser, mcp)
    print(f"nlp-gru: {url} (Ctrl-C ends it)" + (f"\nMCP: {url}gradio_api/mcp/" if mcp else ""), flush=True)
    page.block_thread()
