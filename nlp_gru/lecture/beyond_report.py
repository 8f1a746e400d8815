"""The chapter "beyond words" of the report: a table into the text of beyond_words.md, pictures, and the small model of
heartbeats."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from safetensors.numpy import save_file

from nlp_gru.lecture.figures import Interval, Study, table
from nlp_gru.lecture.plots import COLOURS, NAMES, STYLE

CELLS = ("gru", "lstm", "rnn")
FIGURES = {
    "classify": ("accuracy", 100, 1, 1),
    "forecast": ("error", 1, 2, -1),
    "detect": ("margin", 1, 2, 1),
}  # factor, digits, sign
TASKS = {
    "JapaneseVowels": ("classify", "speech: which of 9 speakers, right, %"),
    "BasicMotions": ("classify", "movement: which of 4 activities, right, %"),
    "ACSF1": ("classify", "devices: which of 10 kinds, right, %"),
    "ItalyPowerDemand": ("forecast", "energy: noon to midnight, error in deviations"),
    "Airline": ("forecast", "sales: the next 12 months, error in 1,000 passengers"),
    "pulse": ("detect", "vital sign: its odd interval, margin"),
    "ECG": ("detect", "heartbeats: three odd intervals, margin"),
}


def write(study: Study, out: Path, machine: str) -> str:
    """Write beyond-words.md, heartbeat.safetensors and the pictures; returns the text."""
    with plt.rc_context(STYLE):
        for name, picture in (("speakers", speakers), ("ahead", ahead), ("odd", odd)):
            figure = picture(study)
            figure.savefig(out / f"{name}.png", dpi=110)
            plt.close(figure)
    model = study.find("beyond.heartbeat")[0][1]
    tensors = {name: np.array(values, np.float32) for name, values in model["tensors"].items()}
    save_file(tensors, out / "heartbeat.safetensors", {name: str(model[name]) for name in ("mean", "deviation")})
    seeds = len(study.choices("beyond.classify", "seed"))
    spread = (
        f"means over {seeds} seeds with their 95 % intervals"
        if seeds > 1
        else "one seed alone (`--quick`): no verdicts"
    )
    head = ["", *(NAMES[cell] for cell in CELLS), "beside them, the naive method first", "GRU against the naive method"]
    held = {
        task: study.interval("beyond.forecast", "held", task=task, cell="gru").text(100, 0)
        for task in TASKS
        if TASKS[task][0] == "forecast"
    }
    text = Template(Path(__file__).with_name("beyond_words.md").read_text(encoding="utf-8")).substitute(
        machine=machine, spread=spread, measured=table(head, [_row(study, task) for task in TASKS], "---"), **held
    )
    (out / "beyond-words.md").write_text(text, encoding="utf-8")
    return text


def _row(study: Study, task: str) -> list[str]:
    """What the layers reach in a task, what others do, and whether the GRU is better than the first of these."""
    function, title = TASKS[task]
    figure, factor, digits, sign = FIGURES[function]
    beside: dict[str, list[float]] = {}
    for other in ("nearest", "rocket", "forecast", "detect"):
        for _, found in study.find(f"baselines.{other}", task=task):
            for name, value in found["others"].items():
                beside.setdefault(name, []).append(value)
    reached = [study.interval(f"beyond.{function}", figure, task=task, cell=cell) for cell in CELLS]
    naive = Interval.of(next(iter(beside.values()))).mean
    verdict = {1: "better", -1: "worse", 0: "no difference seen"}[
        sign * Interval(reached[0].mean - naive, reached[0].half).sign
    ]
    others = "; ".join(f"{name} {Interval.of(values).text(factor, digits)}" for name, values in beside.items())
    return [title, *(found.text(factor, digits) for found in reached), others, f"**{verdict}**"]


def speakers(study: Study) -> Any:
    from sklearn.metrics import ConfusionMatrixDisplay

    found = study.find("beyond.classify", task="JapaneseVowels", cell="gru")
    counts = np.sum([result["table"] for _, result in found], 0)
    shares, names = 100 * counts / counts.sum(1, keepdims=True), range(1, len(counts) + 1)
    figure, axis = plt.subplots(figsize=(4.8, 4.2))
    ConfusionMatrixDisplay(shares, display_labels=names).plot(ax=axis, cmap="BuGn", values_format=".0f", colorbar=False)
    axis.set(xlabel="said by the GRU, %", ylabel="speaker", title="Speakers by their vowels")
    axis.grid(False)
    return figure


def ahead(study: Study) -> Any:
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4))
    for axis, task, x, y, first in zip(
        axes,
        ("ItalyPowerDemand", "Airline"),
        ("hour", "month of 1958"),
        ("deviations", "1,000 passengers"),
        (12, 1),
        strict=True,
    ):
        low, middle, high = study.find("beyond.forecast", task=task, cell="gru")[0][1]["first"]
        came = study.find("baselines.forecast", task=task)[0][1]["came"]
        places = np.arange(first, first + len(came))
        axis.fill_between(places, low, high, color=COLOURS["gru"], alpha=0.2, lw=0, label="80 % interval")
        axis.plot(places, middle, color=COLOURS["gru"], label="GRU")
        axis.plot(places, came, "k.--", lw=1, label="what came")
        axis.set(title=TASKS[task][1].split(",")[0], xlabel=x, ylabel=y)
    axes[0].legend()
    return figure


def odd(study: Study) -> Any:
    figure, axes = plt.subplots(2, 2, figsize=(9, 4.6), sharex="col")
    for (above, below), task in zip(axes.T, ("pulse", "ECG"), strict=True):
        found = study.find("baselines.detect", task=task)[0][1]
        above.plot(found["test"], color="#334155", lw=0.9)
        curves = {"gru": study.find("beyond.detect", task=task, cell="gru")[0][1]["curve"], "rnn": found["curve"]}
        for colour, curve in curves.items():
            below.plot(
                np.array(curve) / max(curve), color=COLOURS[colour], label="GRU" if colour == "gru" else "z-score"
            )
        for axis in (above, below):
            marked = np.flatnonzero(found["marks"])
            axis.axvspan(marked[0], marked[-1], color="#f97316", alpha=0.3, lw=0)
        above.set(title=TASKS[task][1].split(":")[0])
        below.set(xlabel="steps", ylabel="alarm, highest = 1")
    axes[1, 1].legend()
    return figure
