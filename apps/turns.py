"""Many callers at once take turns at the machine's cores."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from nlp_gru.errors import UserError

T = TypeVar("T")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Turns:
    """As many calls at a time as there are `workers`, the others in the order in which they came, at most `waiting` of
    them: more threads than cores would make every call slower and none faster."""

    def __init__(self, workers: int = CORES, waiting: int = 64):
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="endpoint")
        self._most = workers + waiting
        self._count, self._lock = 0, threading.Lock()

    async def run(
        self, function: Callable[..., T], *arguments: Any, gone: Callable[[], bool] = bool, **settings: Any
    ) -> T:
        """Return what the function returns. Raises `UserError` when too many wait, and what the function raises.

        gone: asked when the turn has come; a call whose caller has left is not computed.
        """
        with self._lock:
            if self._count >= self._most:
                raise UserError("the server is busy: too many calls are waiting; try again in a moment")
            self._count += 1

        def work() -> T:
            if gone():
                raise UserError("the caller has left")
            return function(*arguments, **settings)

        future = self._pool.submit(work)
        future.add_done_callback(self._leave)  # also when the caller has gone and nobody awaits it
        return await asyncio.wrap_future(future)

    def _leave(self, _: object) -> None:
        with self._lock:
            self._count -= 1
