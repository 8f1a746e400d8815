"""What a server prints about itself: kinds and places of errors, never their words, which may hold what a user
wrote."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any


def report(error: BaseException | None) -> None:
    """Print an unexpected error's kind and place in one line."""
    print(f"nlp-gru: internal error: {described(error)}", file=sys.stderr, flush=True)


def described(error: BaseException | None) -> str:
    """Return an error's kind, and where it was raised."""
    if error is None:
        return "an unknown one"
    frames = [f"{_short(f.filename)}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__} at {', '.join(frames[-3:][::-1]) or 'an unknown place'}"


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-2:])


class Silent(logging.Formatter):
    """uvicorn's own words hold nothing of a request; of other messages only the place is shown."""

    def format(self, record: logging.LogRecord) -> str:
        words = (
            str(record.msg).partition("\n")[0]
            if record.name.startswith("uvicorn")
            else f"{_short(record.pathname)}:{record.lineno}"
        )
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        return f"nlp-gru: {record.levelname.lower()}: {record.name}: {words}" + (
            f" ({described(error)})" if error else ""
        )


def silence() -> None:
    """Let this process print no word of its users: for a server that has the process to itself."""
    import gradio.queueing
    import gradio.route_utils
    import gradio.routes

    for module in (gradio.queueing, gradio.routes, gradio.route_utils):
        if hasattr(module, "traceback"):
            setattr(module, "traceback", _Quiet("traceback"))  # noqa: B010
    handler = logging.StreamHandler()
    handler.setFormatter(Silent())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    warnings.showwarning = _warned
    threading.excepthook = lambda found: report(found.exc_value)
    sys.excepthook = _ended
    sys.unraisablehook = lambda found: report(found.exc_value)


class _Quiet(ModuleType):
    """In place of `traceback` where gradio prints what a function raised."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    @staticmethod
    def print_exc(*_: Any, **__: Any) -> None:
        report(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1])


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    print(f"nlp-gru: warning: {category.__name__} at {_short(filename)}:{lineno}", file=sys.stderr, flush=True)


def _ended(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        report(error)
