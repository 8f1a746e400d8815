"""What a person sees of a job: rows, rows a second and the time left, in place on a terminal, now and then a line
elsewhere."""

from __future__ import annotations

import time

from rich.console import Console

LINE_EVERY = 60.0  # seconds, where there is no terminal


class Progress:
    def __init__(self, quiet: bool = False):
        self.console = Console(stderr=True, quiet=quiet)
        self.rows = self.done = self.total = 0
        self.started = self.shown = time.monotonic()

    def start(self, total: int) -> None:
        """total: bytes to be read."""
        self.total, self.started, self.shown = total, time.monotonic(), time.monotonic()

    def skip(self, share: int) -> None:
        """A part that is finished already, of so many bytes."""
        self.total -= share

    def advance(self, rows: int, share: int) -> None:
        """A part that has been finished."""
        self.rows += rows
        self.done += share
        if self.console.is_terminal:
            self.console.print(f"\r{self}\x1b[K", end="", highlight=False)
        elif time.monotonic() - self.shown > LINE_EVERY:
            self.shown = time.monotonic()
            self.console.print(str(self), highlight=False)

    def end(self) -> None:
        if self.console.is_terminal and self.rows:
            self.console.print()

    def __str__(self) -> str:
        seconds = max(time.monotonic() - self.started, 1e-9)
        left = seconds * max(self.total - self.done, 0) / max(self.done, 1)
        hours, minutes = divmod(round(left / 60), 60)
        return f"{self.rows:,} rows  {self.rows / seconds:,.0f} rows/s  {hours}:{minutes:02d} h left"
