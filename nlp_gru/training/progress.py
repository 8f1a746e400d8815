"""What a person sees of a training: a bar on a terminal, a line now and then in a log file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

LINE_EVERY = 2.0, 60.0  # seconds between lines where there is no terminal: at first, and later


class Progress:
    """Shows loss, tokens a second and time left. `listen` gets every figure as a dictionary: of an
    update its loss, of a validation its figures under "valid"."""

    def __init__(self, quiet: bool = False, listen: Callable[[dict[str, Any]], None] | None = None):
        self.console = Console(stderr=True, quiet=quiet)
        self.listen = listen
        self.loss = self.tokens = self.last_line = 0.0

    @contextmanager
    def run(self, total: int, done: int = 0, enabled: bool = True) -> Iterator[Progress]:
        self.console.quiet = self.console.quiet or not enabled
        columns = (
            TextColumn("update"),
            MofNCompleteColumn(),
            BarColumn(),
            TextColumn("{task.fields[text]}"),
            TimeRemainingColumn(),
        )
        with Bar(*columns, console=self.console, disable=not self.console.is_terminal) as self.bar:
            self.task = self.bar.add_task("training", total=total, completed=done, text="")
            self.total, self.done, self.first = total, done, done
            self.started = self.last_line = time.monotonic()
            self.tokens = 0
            yield self

    def update(self, loss: float, tokens: int, lr: float) -> None:
        """After each update: its loss, the tokens it read in all processes, and the learning rate."""
        self.done += 1
        self.tokens += tokens
        new = self.done == self.first + 1
        self.loss = loss if new else 0.98 * self.loss + 0.02 * loss
        elapsed = time.monotonic() - self.started
        text = f"loss {self.loss:.3f}  {self.tokens / elapsed:,.0f} tokens/s"
        self.bar.update(self.task, completed=self.done, text=text)
        if self.listen:
            self.listen({"update": self.done, "of": self.total, "loss": loss, "lr": lr})
        if not self.console.is_terminal and time.monotonic() - self.last_line > min(
            max(elapsed / 10, LINE_EVERY[0]), LINE_EVERY[1]
        ):
            self.last_line = time.monotonic()
            left = elapsed / (self.done - self.first) * (self.total - self.done)
            self.console.print(f"update {self.done}/{self.total}  {text}  lr {lr:.2g}  {left / 60:.0f} min left")

    def figures(self, update: int, figures: dict[str, float], saved: bool) -> None:
        """After each validation."""
        text = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
        self.console.print(f"update {update}: valid {text}{'  (saved)' if saved else ''}")
        if self.listen:
            self.listen({"update": update, "of": self.total, "valid": figures})
