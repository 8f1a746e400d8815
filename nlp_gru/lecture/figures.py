"""From a study's results to figures with intervals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlp_gru.lecture.cells import equal_width, parameters
from nlp_gru.lecture.study import PLAIN, RATE, TIPS


@dataclass(frozen=True)
class Interval:
    """A mean over seeds and half the width of its 95 % interval (Student's t); without a second seed, 0."""

    mean: float
    half: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Interval:
        from scipy.stats import t

        found = np.array(list(values), float)
        if len(found) < 2:
            return cls(float(found.mean()), 0.0)
        return cls(float(found.mean()), float(t.ppf(0.975, len(found) - 1) * found.std(ddof=1) / len(found) ** 0.5))

    def text(self, factor: float = 1.0, digits: int = 1) -> str:
        half = f" ± {factor * self.half:.{digits}f}" if self.half else ""
        return f"{factor * self.mean:.{digits}f}{half}"

    @property
    def sign(self) -> int:
        """1 or -1 where the whole interval lies above or below 0, else 0; one seed alone tells nothing."""
        return int(np.sign(self.mean)) if self.half and abs(self.mean) > self.half else 0


class Study:
    """A study's results, found by what was measured."""

    def __init__(self, results: Mapping[str, Any]):
        self.rows = [(*json.loads(key), result) for key, result in results.items()]

    def find(self, function: str, **wanted: Any) -> list[tuple[dict[str, Any], Any]]:
        """(arguments, result) of the measurements with these arguments among theirs, by seed."""
        found = [(a, r) for f, a, r in self.rows if f == function and all(a.get(k) == v for k, v in wanted.items())]
        return sorted(found, key=lambda pair: pair[0].get("seed", 0))

    def values(self, function: str, figure: str, **wanted: Any) -> list[float]:
        return [result[figure] for _, result in self.find(function, **wanted)]

    def interval(self, function: str, figure: str, **wanted: Any) -> Interval:
        return Interval.of(self.values(function, figure, **wanted))

    def difference(
        self, function: str, figure: str, a: Mapping[str, Any], b: Mapping[str, Any], **both: Any
    ) -> Interval:
        """Of a's figure and b's, seed by seed."""
        pairs = zip(self.values(function, figure, **a, **both), self.values(function, figure, **b, **both), strict=True)
        return Interval.of(x - y for x, y in pairs)

    def choices(self, function: str, argument: str, **wanted: Any) -> list[Any]:
        """The values of an argument that occur."""
        return list(dict.fromkeys(a[argument] for a, _ in self.find(function, **wanted)))


def table(head: list[str], rows: list[list[str]], side: str = "---:") -> str:
    """In Markdown; the first column is aligned to the left, the others as `side` says."""
    lines = [head, ["---", *[side] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def sizes(
    widths: Sequence[int] = (64, 128, 256, 512, 1024), vocabulary: int = 8000, labels: int = 2
) -> list[list[str]]:
    """Rows of a table: parameters of one layer with I = H, the GRU's share of the LSTM's in the layer and in a
    classifier with an embedding of that width, and the LSTM's width at the GRU's number of parameters."""
    rows = []
    for width in widths:
        rnn, gru, lstm = (parameters(cell, width, width) for cell in ("rnn", "gru", "lstm"))
        rest = vocabulary * width + labels * (width + 1)
        rows.append(
            [
                str(width),
                f"{rnn:,}",
                f"{gru:,}",
                f"{lstm:,}",
                f"{gru / lstm:.3f}",
                f"{(gru + rest) / (lstm + rest):.3f}",
                str(equal_width("lstm", width, gru)),
            ]
        )
    return rows


def accuracy(study: Study, cell: str, rows: int) -> Interval:
    """On the test reviews, after `rows` of them, with the usual settings."""
    return study.interval(
        "quality.sentiment", "accuracy", on="test", rows=rows, settings=PLAIN, cell=cell, lr=RATE[cell]
    )


def against(study: Study, other: str, rows: int) -> Interval:
    """How much more the GRU has right than another cell after as many reviews, seed by seed."""
    a, b = ({"cell": cell, "lr": RATE[cell]} for cell in ("gru", other))
    return study.difference("quality.sentiment", "accuracy", a, b, on="test", rows=rows, settings=PLAIN)


def tip_rows(study: Study) -> int:
    """The reviews that the settings were compared on."""
    changed = {**PLAIN, **TIPS["both directions"]}
    return int(study.choices("quality.sentiment", "rows", settings=changed)[0])


def tip_differences(study: Study, lr: float) -> dict[str, Interval]:
    """What every changed setting alone adds to the accuracy at a learning rate, seed by seed."""
    same = {"on": "test", "rows": tip_rows(study), "cell": "gru", "lr": lr}
    plain = {"settings": PLAIN}
    return {
        name: study.difference("quality.sentiment", "accuracy", {"settings": {**PLAIN, **settings}}, plain, **same)
        for name, settings in TIPS.items()
        if settings
    }


def sweep(study: Study) -> dict[float, Interval]:
    """Accuracy by learning rate."""
    same: dict[str, Any] = {"on": "test", "rows": tip_rows(study), "cell": "gru", "settings": PLAIN}
    rates = sorted(study.choices("quality.sentiment", "lr", **same))
    return {lr: study.interval("quality.sentiment", "accuracy", lr=lr, **same) for lr in rates}
