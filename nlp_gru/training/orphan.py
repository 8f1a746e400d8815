"""A process that another one started ends with it, however that one ends: it holds the other end of our standard
input."""

from __future__ import annotations

import os
import threading

END_WITH_STDIN = "NLP_GRU_END_WITH_STDIN"


def watch() -> None:
    """Begin to wait for the end of standard input, where the environment asks for it."""
    if os.environ.pop(END_WITH_STDIN, ""):
        threading.Thread(target=_end_with_stdin, daemon=True, name="orphan").start()


def _end_with_stdin() -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock would be held while the interpreter shuts down
        pass
    os._exit(1)
