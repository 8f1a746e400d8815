"""A training that a page has started: `nlp-gru train` in a process of its own, followed by what it prints and logs."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp_gru.errors import UserError
from nlp_gru.training.orphan import END_WITH_STDIN

from . import common, temporary

POINTS = 200  # of a curve
STATE, LOG = Path("training/state.pt"), Path("training/log.jsonl")
_starting = threading.Lock()
_running: list[subprocess.Popen[str]] = []  # at most one: two would share a core and its memory


def command(recipe: str, data: Path, out: Path, settings: Mapping[str, Any], valid: Path | None = None) -> list[str]:
    """The command line that trains; `settings` are those of a recipe by their dotted names."""
    files = ["--data", str(data), *(["--valid", str(valid)] if valid else [])]
    chosen = [part for key, value in settings.items() for part in ("--set", f"{key}={toml(value)}")]
    return [sys.executable, "-m", "nlp_gru", "train", recipe, *files, "--out", str(out), "--json", *chosen]


def toml(value: Any) -> str:
    """A text, number or truth value in TOML, whose texts have no place for control characters."""
    if isinstance(value, str):
        value = "".join(c if c.isprintable() else " " for c in value).strip()
    return json.dumps(value, ensure_ascii=False)


@dataclass
class Curve:
    """loss: the training loss by update, each the mean since the one before; valid: a validation's figures by update,
    with the training loss of that one update as "loss"; total: all updates there will be."""

    total: int = 0
    loss: dict[int, float] = field(default_factory=dict)
    valid: dict[int, dict[str, float]] = field(default_factory=dict)
    _since: list[float] = field(default_factory=list)

    def add(self, update: int, loss: float) -> None:
        """The loss of one update."""
        self._since.append(loss)
        if update == 1 or update % max(self.total // POINTS, 1) == 0:
            self.loss[update] = sum(self._since) / len(self._since)
            self._since.clear()

    def read(self, log: Path) -> None:
        """Take over what the log has more."""
        if not log.is_file():
            return
        for line in log.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:  # not written to its end yet
                return
            self.valid[entry["update"]] = {k: v for k, v in entry.items() if k not in ("update", "time")}

    def cut(self) -> None:
        """Forget what came after the last validation: it will be done again."""
        last = max(self.valid, default=0)
        self.loss = {update: loss for update, loss in self.loss.items() if update <= last}
        self._since.clear()


class Training:
    """A training that has been started; its folder, with all that lies beside it, goes when `remove` is called, when
    nobody holds the training any more, and when the server ends.

    Raises `UserError` while another training runs on this server.
    """

    def __init__(self, arguments: Sequence[str], folder: Path, names: Mapping[str, str] = {}):
        """arguments: of the process, which writes to `folder`; names: what to call the files that it may complain
        about."""
        self.arguments, self.folder, self.names = list(arguments), folder, dict(names)
        self.curve = Curve()
        self.figures: dict[str, float] = {}  # of the weights that were kept
        self.last = ""
        self._processes: list[subprocess.Popen[str]] = []  # the latest one alone
        temporary.keep(folder.parent)
        self.remove = weakref.finalize(self, _end, self._processes, folder.parent)
        try:
            self._start()
        except BaseException:
            self.remove()
            raise

    def _start(self, *more: str) -> None:
        # A process that is killed leaves its temporary files behind, so they are kept beside the model.
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.folder.parent))
        environment = {
            **os.environ,
            **temporary,
            "COLUMNS": "200",
            "NO_COLOR": "1",
            "PYTHONIOENCODING": "utf-8",
            END_WITH_STDIN: "1",
        }
        with _starting:
            if any(process.poll() is None for process in _running):
                raise UserError("Another training is running on this server: wait until it has ended, then try again.")
            self.stopped = False
            self._processes[:] = _running[:] = [
                subprocess.Popen(
                    [*self.arguments, *more],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    errors="replace",
                    env=environment,
                )
            ]

    @property
    def process(self) -> subprocess.Popen[str]:
        return self._processes[-1]

    @property
    def saved(self) -> int:
        """The update from which a stopped training can go on; 0 where nothing was saved."""
        self.curve.read(self.folder / LOG)
        return max(self.curve.valid, default=0) if (self.folder / STATE).is_file() else 0

    def resume(self) -> None:
        """Go on from the last validation, or start again where there was none."""
        if self.saved:
            self._start("--resume")
            self.curve.cut()
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._start()
            self.curve = Curve()

    def lines(self) -> Iterator[str]:
        """What it prints, and an empty line in every second without: at each gradio may find that nobody is there any
        more."""
        found: queue.Queue[str | None] = queue.Queue()
        process = self.process

        def read() -> None:
            assert process.stdout is not None
            with process.stdout as output:
                for line in output:
                    found.put(line)
            found.put(None)

        threading.Thread(target=read, daemon=True).start()
        while True:
            try:
                line = found.get(timeout=1)
            except queue.Empty:
                line = ""
            if line is None:
                return
            yield line

    def steps(self) -> Iterator[tuple[float, str]]:
        """The share that is done, in words too, at least once a second. Raises `UserError` where it fails."""
        share, text = 0.0, "Starting …"
        first: tuple[int, float] | None = None  # the time before it went into starting
        for line in self.lines():
            event = self._event(line)
            if "update" in event:
                done, total, now = event["update"], event["of"], time.perf_counter()
                first = first or (done, now)
                share, text, self.curve.total = done / total, f"Update {done:,} of {total:,}", total
                if "loss" in event:
                    self.curve.add(done, event["loss"])
                if done > first[0]:
                    text += f", about {(now - first[1]) / (done - first[0]) * (total - done):,.0f} s left"
            self.curve.read(self.folder / LOG)
            yield share, text
        self.curve.read(self.folder / LOG)
        if self.process.wait() and not self.stopped:
            raise UserError(self._reason())

    def _event(self, line: str) -> dict[str, Any]:
        """What a line of `nlp-gru train --json` tells; nothing, where it is words, of which the last ones are kept."""
        try:
            event = json.loads(line)
        except ValueError:
            self.last = line.strip() or self.last
            return {}
        if not isinstance(event, dict):
            return {}
        self.figures = event.get("figures", self.figures)
        return event

    def _reason(self) -> str:
        reason = self.last.removeprefix("nlp-gru: ")
        for path, name in self.names.items():
            reason = reason.replace(path, name)
        if self.process.returncode == 2:
            return reason
        if self.process.returncode == -getattr(signal, "SIGKILL", 9):
            return "The training was ended from outside: perhaps this machine is out of memory."
        return f"the training failed: {reason}"

    def load(self) -> Any:
        """The model. Its folder keeps what is needed to use it, not what is needed to train on."""
        shutil.rmtree(self.folder / "training", ignore_errors=True)
        return common.load(str(self.folder))

    def pack(self) -> str:
        """A .zip file of the model's folder."""
        return shutil.make_archive(str(self.folder), "zip", self.folder.parent, self.folder.name)

    def stop(self) -> None:
        """End it now. What its last validation saved stays."""
        if self.process.poll() is None:
            self.stopped = True
            self.process.kill()
            self.process.wait()


def end_all() -> None:
    """End what runs: the server ends."""
    _kill(_running)


def _end(processes: list[subprocess.Popen[str]], folder: Path) -> None:
    _kill(processes)
    temporary.forget(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _kill(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
