"""The plan of the study and how it is run: unit by unit, each written down when it is done, so that a killed study goes
on."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from nlp_gru.errors import UserError

RESULTS = "results.jsonl"
CHAPTERS = ("words", "beyond-words")
CELLS = ("rnn", "gru", "lstm")
SIZES = {100: 40.0, 1000: 10.0, 10_000: 3.0, 21_000: 2.0}  # reviews: epochs
RATE = {"rnn": 1e-3, "gru": 3e-3, "lstm": 3e-3}  # the better of both on 1,000 valid rows, which the report shows
PLAIN = {"dropout": 0.3, "embedding_dropout": 0.2}  # the settings of a model that is not said to have others
TIPS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "dropout off": {"dropout": 0.0, "embedding_dropout": 0.0},
    "both directions": {"bidirectional": True},
    "layer normalisation": {"layer_norm": True},
    "convolution first": {"conv_width": 3},
}
TIP_ROWS, TIP_EPOCHS = 5000, 4.0
TIP_RATES = (3e-3, 1e-3)
SWEEP = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)


@dataclass(frozen=True)
class Unit:
    """One measurement: a function of this package by "module.name", and its arguments. alone: it measures time."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    alone: bool = False

    @property
    def key(self) -> str:
        return json.dumps([self.function, self.arguments], sort_keys=True)


def plan(quick: bool, source: str = "", chapter: str = CHAPTERS[0]) -> list[Unit]:
    """All units of a chapter. quick: one seed where there would be three, and the smallest of each kind. source: a
    folder with the pairs of sentences that no package has, for the units on translation."""
    if chapter == "beyond-words":
        from nlp_gru.lecture import beyond

        return list(beyond.plan(quick))
    units = list(_quick() if quick else _full())
    if source:
        for seed, cell in product((1,) if quick else (1, 2, 3), CELLS):
            arguments = {"cell": cell, "seed": seed, "updates": 100 if quick else 1500, "source": source}
            units.append(Unit("translation.perplexity", arguments))
    return list({unit.key: unit for unit in units}.values())


def _full() -> Iterator[Unit]:
    yield from _speed((32, 128, 512, 1024), seconds=1.5)
    for seed in (1, 2, 3):
        yield Unit("anatomy.weather", {"seed": seed})
        for cell in CELLS:
            yield Unit("distance.gradients", {"cell": cell, "seed": seed})
            for lag in (5, 10, 20, 40):
                yield Unit("distance.recall", {"cell": cell, "lag": lag, "seed": seed, "updates": 600})
            for lag in (10, 30, 60, 100):
                yield Unit("distance.adding", {"cell": cell, "lag": lag, "seed": seed, "updates": 1000})
            for lr in (1e-3, 3e-3):
                yield _sentiment(seed, cell=cell, rows=1000, epochs=SIZES[1000], lr=lr, on="valid")
            for rows, epochs in SIZES.items():
                yield _sentiment(seed, cell=cell, rows=rows, epochs=epochs)
            yield Unit("quality.next_word", {"cell": cell, "seed": seed, "updates": 600})
        for lr, settings in product(TIP_RATES, TIPS.values()):
            yield _sentiment(seed, rows=TIP_ROWS, epochs=TIP_EPOCHS, lr=lr, settings=settings)
        for lr in SWEEP:
            yield _sentiment(seed, rows=TIP_ROWS, epochs=TIP_EPOCHS, lr=lr)


def _quick() -> Iterator[Unit]:
    yield Unit("anatomy.weather", {"seed": 1})
    yield from _speed((32, 128), seconds=0.2)
    for cell in CELLS:
        yield Unit("distance.gradients", {"cell": cell, "seed": 1})
        for lag in (5, 20):
            yield Unit("distance.recall", {"cell": cell, "lag": lag, "seed": 1, "updates": 200})
        yield Unit("distance.adding", {"cell": cell, "lag": 30, "seed": 1, "updates": 200})
        for rows in (100, 1000):
            yield _sentiment(1, cell=cell, rows=rows, epochs=SIZES[rows] / 2)
        yield Unit("quality.next_word", {"cell": cell, "seed": 1, "updates": 60})
    for lr, settings in product(TIP_RATES, TIPS.values()):
        yield _sentiment(1, rows=500, epochs=8.0, lr=lr, settings=settings)
    for lr in SWEEP[::2]:
        yield _sentiment(1, rows=500, epochs=8.0, lr=lr)


def _speed(lengths: tuple[int, ...], seconds: float) -> Iterator[Unit]:
    for bf16 in (False, True):
        yield Unit("speed.matrix_limit", {"bf16": bf16, "seconds": seconds}, alone=True)
        for steps in lengths:
            for cell in ("rnn", "lstm", "gru", "gru, ours", "mingru"):
                arguments = {"cell": cell, "steps": steps, "bf16": bf16, "seconds": seconds}
                yield Unit("speed.layer", arguments, alone=True)


def _sentiment(
    seed: int, cell: str = "gru", lr: float = 0.0, settings: dict[str, Any] | None = None, on: str = "test", **more: Any
) -> Unit:
    chosen = {"cell": cell, "seed": seed, "lr": lr or RATE[cell], "settings": {**PLAIN, **(settings or {})}, "on": on}
    return Unit("quality.sentiment", {**chosen, **more})


def run(
    out: Path,
    quick: bool,
    processes: int,
    tell: Callable[[int, int, Unit], None],
    source: str = "",
    chapters: Sequence[str] = CHAPTERS[:1],
) -> dict[str, Any]:
    """The results, by their units' keys, of the chapters asked for and of others that `out` holds entirely. What `out`
    already holds is not measured again.

    tell: called when a unit is done, with the number of those that are, of all, and the unit. Raises `UserError` for a
    file in `out` that is not of a study.
    """
    planned = {chapter: plan(quick, source, chapter) for chapter in CHAPTERS}
    units = [unit for chapter in chapters for unit in planned[chapter]]
    out.mkdir(parents=True, exist_ok=True)
    path = out / RESULTS
    done = read(path)
    left = [unit for unit in units if unit.key not in done]
    finished = len(units) - len(left)
    spawn = multiprocessing.get_context("spawn")
    with path.open("a", encoding="utf-8") as file:
        for group, workers in (([u for u in left if u.alone], 1), ([u for u in left if not u.alone], processes)):
            if not group:
                continue
            with ProcessPoolExecutor(workers, spawn, _prepare) as pool:
                futures = {pool.submit(measure, unit): unit for unit in group}
                for future in as_completed(futures):
                    unit = futures[future]
                    done[unit.key] = future.result()
                    file.write(json.dumps({"key": unit.key, "result": done[unit.key]}) + "\n")
                    file.flush()
                    finished += 1
                    tell(finished, len(units), unit)
    whole = (found for found in planned.values() if all(unit.key in done for unit in found))
    return {unit.key: done[unit.key] for found in whole for unit in found}


def read(path: Path) -> dict[str, Any]:
    """What was measured so far; a line that a kill has cut short is left out."""
    done: dict[str, Any] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines):
        try:
            record = json.loads(line)
            done[record["key"]] = record["result"]
        except (ValueError, KeyError, TypeError):
            if number < len(lines) - 1:
                raise UserError(f"{path}, line {number + 1}: not a study's result; remove the file") from None
    if lines and len(done) < len(lines):
        kept = [json.dumps({"key": key, "result": result}) + "\n" for key, result in done.items()]
        path.write_text("".join(kept), encoding="utf-8")
    return done


def measure(unit: Unit) -> Any:
    from importlib import import_module

    module, _, name = unit.function.partition(".")
    return getattr(import_module(f"nlp_gru.lecture.{module}"), name)(**unit.arguments)


def _prepare() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    from nlp_gru.training.loop import prepare_process

    prepare_process()
