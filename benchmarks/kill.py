"""kill -9 at any moment of a training, which then goes on: does it end with the very bytes of the one that nobody
disturbed?

    python benchmarks/kill.py [--kills 20] [--seed 1]

A small sentiment model is trained by `nlp-gru train` on data/samples, with a validation, and so a saving, after every
other update. Half of the kills come at a random moment, the first at once, half in the midst of a saving; where a state
has been saved, the training is resumed, else begun anew, and every third of those is killed once more. Exits with 1
where the weights, the config or a figure of the log differ, or where something half-written stays behind.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).parents[1]
COMPARED = ("model.safetensors", "config.json", "tokenizer.json")
LEFTOVERS = (".saving-*", "training/*.part")
RECIPE = """head = "sentiment"
[model]
embedding = 64
hidden = 64
dropout = 0.2
[data]
train = ["{data}"]
[train]
epochs = {epochs}
evals = {evals}
batch_tokens = 128
bf16 = false
ema = 0.9
[sentiment]
dense = 16
ngrams = 2000
"""


@dataclass
class Training:
    recipe: Path
    out: Path

    def start(self, resume: bool = False) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "nlp_gru", "train", str(self.recipe), "--out", str(self.out)]
        return subprocess.Popen(
            [*command, "--resume" if resume else "--overwrite"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    @property
    def has_state(self) -> bool:
        return (self.out / "training/state.pt").exists()

    @property
    def leftovers(self) -> list[str]:
        return sorted(str(p.relative_to(self.out)) for pattern in LEFTOVERS for p in self.out.glob(pattern))

    @property
    def result(self) -> dict[str, bytes]:
        log = [json.loads(line) for line in (self.out / "training/log.jsonl").read_text().splitlines()]
        figures = json.dumps([{**line, "time": 0} for line in log]).encode()
        return {"log": figures, **{name: (self.out / name).read_bytes() for name in COMPARED}}

    def finish(self, process: subprocess.Popen[bytes]) -> None:
        _, errors = process.communicate(timeout=600)
        if process.returncode:
            raise RuntimeError(f"the training ended with {process.returncode}: {errors.decode()[-500:]}")

    def kill(self, seconds: float, saving: bool) -> bool:
        """Starts, or goes on, and kills: so many seconds after the training proper has begun, or, with `saving`, in the
        first saving after that. Returns whether it was still running."""
        log = self.out / "training/log.jsonl"
        before = log.stat().st_mtime_ns if log.exists() else 0
        process = self.start(resume=self.has_state)
        while process.poll() is None and not (log.exists() and log.stat().st_mtime_ns > before):
            time.sleep(0.005)
        at = time.monotonic() + seconds
        while process.poll() is None and (time.monotonic() < at or (saving and not self.leftovers)):
            time.sleep(0 if saving else 0.001)
        running = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return running


def trial(training: Training, seconds: float, saving: bool, twice: float | None) -> str:
    """One training with one or two kills; says where the first one came."""
    running = training.kill(seconds, saving)
    left = training.leftovers
    place = (
        "after its end"
        if not running
        else f"in a saving ({left[0].split('/')[-1][:7]}…)"
        if left
        else "between savings"
    )
    if not training.has_state:
        place += ", before the first state"
    if twice is not None:
        training.kill(twice, saving=False)
    training.finish(training.start(resume=training.has_state))
    return place


def run(kills: int, seed: int, epochs: int = 20, evals: int = 60) -> list[tuple[str, str]]:
    """(where the kill came, what is wrong) of each trial."""
    draw = random.Random(seed)
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        recipe = Path(temporary) / "recipe.toml"
        data = (ROOT / "data/samples/sentiment.csv").as_posix()
        recipe.write_text(RECIPE.format(data=data, epochs=epochs, evals=evals), encoding="utf-8")
        whole = Training(recipe, Path(temporary) / "whole")
        process = whole.start()
        while process.poll() is None and not (whole.out / "training/log.jsonl").exists():
            time.sleep(0.005)
        start = time.monotonic()
        whole.finish(process)
        length = time.monotonic() - start
        for i in range(kills):
            training = Training(recipe, Path(temporary) / f"killed-{i}")
            twice = draw.uniform(0, length) if i % 3 == 2 else None
            saving = i % 2 == 1
            place = trial(training, draw.uniform(0, 0.9 * length if saving else length) if i else 0.0, saving, twice)
            other = [name for name, data in whole.result.items() if training.result[name] != data]
            wrong = [f"other {', '.join(other)}"] if other else []
            if training.leftovers:
                wrong.append(f"left behind: {', '.join(training.leftovers)}")
            results.append((place + (", killed twice" if twice is not None else ""), "; ".join(wrong)))
            print(f"{i + 1:>3}. {results[-1][0]}: {results[-1][1] or 'the same bytes'}", flush=True)
    return results


def main(kills: Annotated[int, typer.Option(min=1)] = 20, seed: int = 1) -> None:
    start = time.monotonic()
    results = run(kills, seed)
    bad = sum(bool(wrong) for _, wrong in results)
    print(f"{len(results)} trainings killed, {bad} ended otherwise than undisturbed; {time.monotonic() - start:.0f} s")
    sys.exit(bool(bad))


if __name__ == "__main__":
    typer.run(main)
