"""The series of the chapter "beyond words": files that come with the PyPI package `aeon`, read without importing it.

Notation: N series, S steps, F values a step.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp_gru.errors import UserError

MISSING = "the series come from a package of which only the data is read: pip install --no-deps aeon==1.6.0"
YEAR, TEST_FROM = 12, 108  # months of the airline's series: its last three years are held out
ALARM_STEPS, TOLERANCE = 20, 100  # an alarm is a mean of so many steps, and may lie that far from what it means
Array = NDArray[Any]
windows = np.lib.stride_tricks.sliding_window_view


class Labelled(NamedTuple):
    series: list[Array]  # N arrays (S, F), of one length or of many
    labels: Array  # (N,) int64, counted from 0


class Forecasts(NamedTuple):
    given: Array  # (N, 12): known, and
    target: Array  # (N, 12): what came then, to learn from
    test: Array  # (M, 12): known before
    came: Array  # (M, 12)
    restore: Callable[[Array], Array]  # from forecasts on the scale of the targets, (..., M, 12), to that of `came`


class Course(NamedTuple):
    usual: Array  # (S,): without anything odd
    test: Array  # (T,): with odd intervals, at which
    marks: Array  # (T,) is 1

    def scaled(self, values: Array) -> Array:
        return np.asarray((values - self.usual.mean()) / self.usual.std(), np.float32)

    def shown(self, values: Array) -> list[float]:
        """What is drawn of (T,): around the first odd interval."""
        first = int(self.marks.argmax())
        return [float(v) for v in values[max(first - 200, 0) : first + 400]]

    def alarm(self, oddness: Array) -> dict[str, Any]:
        """What the oddness (T,) of each value is worth. margin: the highest alarm in the odd interval that rouses
        least, relative to the highest one elsewhere: above 1, some threshold finds all intervals without a false
        alarm."""
        alarm = np.convolve(oddness, np.ones(ALARM_STEPS) / ALARM_STEPS, "same")
        far = np.convolve(self.marks, np.ones(2 * TOLERANCE + 1), "same") < 0.5
        edges = np.flatnonzero(np.diff(self.marks, prepend=0, append=0)).reshape(-1, 2)
        margin = min(alarm[a:b].max() for a, b in edges) / alarm[far].max()
        return {"margin": float(margin), "curve": self.shown(alarm)}


def path(name: str) -> Path:
    """A file of the package's data, as "Airline/Airline.csv". Raises `UserError` where it is missing."""
    package = importlib.util.find_spec("aeon")  # found, not imported: its import needs numba
    if package is None or package.origin is None:
        raise UserError(MISSING)
    if not (found := Path(package.origin).parent / "datasets" / "data" / name).is_file():
        raise UserError(f"there is no {found}; {MISSING}")
    return found


@cache
def labelled(name: str, split: str, patch: int = 1) -> Labelled:
    """A set's "TRAIN" or "TEST" half, from a file .ts: after `@data` one series a line, its F dimensions and then its
    class parted by colons. patch: so many steps are read as one, their values side by side."""
    file = path(f"{name}/{name}_{split}.ts")
    header, _, body = file.read_text(encoding="utf-8").partition("@data\n")
    classes = next((line.split()[2:] for line in header.splitlines() if line.startswith("@classLabel")), [])
    series, labels = [], []
    for number, line in enumerate(filter(None, body.splitlines()), 1):
        try:
            *dimensions, label = line.split(":")
            values = np.array([d.split(",") for d in dimensions], dtype=np.float32).T  # (S, F)
            series.append(values[: len(values) // patch * patch].reshape(-1, patch * values.shape[1]))
            labels.append(classes.index(label.strip()))
        except ValueError:
            raise UserError(f"{file}: series {number} is not one with a class of {', '.join(classes)}") from None
    return Labelled(series, np.array(labels))


def column(name: str, number: int) -> Array:
    """A column of a CSV with a head, (S,) float64."""
    return np.loadtxt(path(name), delimiter=",", skiprows=1, usecols=number, dtype=np.float64)


def forecasts(task: str) -> Forecasts:
    """ "ItalyPowerDemand": noon to midnight from midnight to noon. "Airline": a year's passengers from each month of
    1958 on, learned from the years before, as gains on the same months of the last year."""
    if task == "ItalyPowerDemand":
        days, test = (np.stack(labelled(task, split).series)[..., 0] for split in ("TRAIN", "TEST"))
        return Forecasts(days[:, :12], days[:, 12:], test[:, :12], test[:, 12:], lambda found: found)
    months = np.log(column("Airline/Airline.csv", 1))
    gains = months[YEAR:] - months[:-YEAR]  # (S - 12,): that of month t stands at t - 12
    mean, deviation = gains[: TEST_FROM - YEAR].mean(), gains[: TEST_FROM - YEAR].std()
    pairs = windows((gains - mean) / deviation, 2 * YEAR)  # (N, 24): a year known and a year asked for
    learned, test = pairs[: TEST_FROM - 3 * YEAR + 1], pairs[TEST_FROM - 2 * YEAR :, :YEAR]
    years = windows(months, YEAR)[TEST_FROM - YEAR :]  # (M + 12, 12): from each month on
    last, came = years[:-YEAR], np.exp(years[YEAR:])
    known, asked = learned[:, :YEAR], learned[:, YEAR:]
    return Forecasts(known, asked, test, came, lambda found: np.exp(last + mean + deviation * found))


def course(task: str) -> Course:
    """ "pulse": a vital sign from the UCR anomaly archive, with one odd interval. "ECG": made by GutenTAG, with
    three."""
    usual, test = (f"UnitTest/ecg-diff-count-3_{split}.csv" for split in ("TRAIN_NA", "TEST"))
    if task == "pulse":
        usual, test = (f"KDD-TSAD_135/135_UCR_Anomaly_InternalBleeding16_{split}.csv" for split in ("TRAIN", "TEST"))
    return Course(column(usual, 1), column(test, 1), column(test, 2))
