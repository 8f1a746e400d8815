"""Trainings that go on while nobody looks: each visitor's latest one, followed by a thread of its own and kept when it
is done."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from nlp_gru.errors import UserError
from nlp_gru.model_folder.library import Kept, Library, suggested

from . import log, mistakes
from . import training_view as view
from .task import Task

STARTING = "Reading the rows and loading the model; the first figures come within about 15 seconds"


@dataclass
class Run:
    """A training, and how far it has come. phase: "running", "stopped", "ready" or "failed"; version: of all that is
    shown."""

    task: Task
    who: str
    phase: str = "running"
    message: str = ""
    share: float = 0.0
    version: int = 0
    sentences: list[str] = field(default_factory=list)
    wrong: str = ""
    archive: str = ""
    kept: Kept | None = None

    @property
    def state(self) -> str:
        """What tells whether anything has changed."""
        return f"{id(self)}-{self.version}"

    def say(self, message: str, share: float | None = None, phase: str | None = None) -> None:
        self.message, self.share = message, self.share if share is None else share
        self.phase = phase or self.phase
        self.version += 1


class Desk:
    """Each visitor's latest training."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def of(self, who: str) -> Run | None:
        return self._runs.get(who)

    def start(self, who: str, task: Task) -> Run:
        """Follow a training that has been started; the one before is given up."""
        if (old := self._runs.pop(who, None)) is not None:
            old.task.training.remove()
        run = self._runs[who] = Run(task, who)
        self._follow(run, STARTING)
        return run

    def resume(self, who: str) -> None:
        """Go on with a stopped training. Raises `UserError` while another one runs."""
        run = self._runs.get(who)
        if run is None or run.phase != "stopped":
            return
        saved = run.task.training.saved
        run.task.training.resume()
        run.phase = "running"
        self._follow(run, f"Going on from update {saved:,}" if saved else "Nothing was saved yet: starting again")

    def stop(self, who: str) -> None:
        if (run := self._runs.get(who)) is not None:
            run.task.training.stop()

    def _follow(self, run: Run, opening: str) -> None:
        run.say(f"{opening} …", 0.0)
        threading.Thread(target=_watch, args=(run, opening), daemon=True, name="training").start()


def _watch(run: Run, opening: str) -> None:
    training, began = run.task.training, time.perf_counter()
    try:
        for share, text in training.steps():
            seconds = time.perf_counter() - began
            run.say(f"{opening} ({seconds:.0f} s so far)." if text.startswith("Starting") else text, share)
        run.task.seconds += time.perf_counter() - began
        if training.stopped:
            saved = training.saved
            rest = (
                f"Resume goes on from update {saved:,}, its last validation."
                if saved
                else "Nothing was saved yet, so Resume starts again."
            )
            run.say(f"Stopped. {rest}", phase="stopped")
            return
        run.say("Getting the model ready …", 1.0)
        _finish(run)
    except (UserError, OSError) as error:
        training.remove()
        run.say(str(error), phase="failed")
    except Exception as error:  # a thread has nobody else to tell
        log.report(error)
        training.remove()
        run.say("Something went wrong inside the server; the training was ended.", phase="failed")


def _finish(run: Run) -> None:
    task, training, report = run.task, run.task.training, run.task.report
    run.sentences = view.in_words(task.head, training.figures, len(task.held))
    task.model = training.load()
    run.wrong = mistakes.shown(task.head, task.model, report, task.held)
    readme = view.card(task.head, report, task.settings, run.sentences)
    (training.folder / "README.md").write_text(readme, encoding="utf-8")
    run.archive = training.pack()
    ready = f"Your model is ready: {len(report.numbers):,} rows, {task.seconds:.0f} seconds."
    try:
        run.kept = Library(run.who).keep(
            training.folder, suggested(report.name), report.name, len(report.numbers), training.figures
        )
        ready += f" It is kept as {run.kept.name}."
    except (UserError, OSError) as error:
        ready += f" It could not be kept ({error}): download it below."
    run.say(ready, 1.0, "ready")
