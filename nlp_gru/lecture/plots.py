"""The study's pictures, by matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from nlp_gru.lecture.anatomy import PROMPT
from nlp_gru.lecture.figures import Study, accuracy, sweep, tip_differences
from nlp_gru.lecture.study import SIZES, TIP_RATES

COLOURS = {"gru": "#0d9488", "gru, ours": "#0f766e", "lstm": "#d97706", "rnn": "#64748b", "mingru": "#7c3aed"}
NAMES = {"gru": "GRU", "gru, ours": "GRU, ours", "lstm": "LSTM", "rnn": "plain RNN", "mingru": "minGRU"}
MARKS = {"gru": "o", "gru, ours": "D", "lstm": "s", "rnn": "^", "mingru": "v"}
STYLE: Any = {
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e2e8f0",
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}


def draw(study: Study, out: Path) -> None:
    """Write anatomy.png, speed.png, distance.png, gradients.png, quality.png and tips.png."""
    with plt.rc_context(STYLE):
        for name, picture in (
            ("anatomy", anatomy),
            ("speed", speed),
            ("distance", distance),
            ("gradients", gradients),
            ("quality", quality),
            ("tips", tips),
        ):
            figure = picture(study)
            figure.savefig(out / f"{name}.png", dpi=110)
            plt.close(figure)


def anatomy(study: Study) -> Any:
    found = study.find("anatomy.weather")[0][1]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), width_ratios=[3, 2])
    image = left.imshow(np.array(found["units"]).T, aspect="auto", cmap="BuGn", vmin=0, vmax=1)
    left.set_xticks(range(len(PROMPT)), [f"{w}\n{100 * z:.0f} %" for w, z in zip(PROMPT, found["update"], strict=True)])
    left.set(ylabel="unit", title="Update gate z; below: its mean, the share kept")
    left.grid(False)
    figure.colorbar(image, ax=left)
    for i, kind in enumerate(("nice", "bad")):
        words = list(found[kind].items())[:3]
        right.barh(
            [4 * i + j for j in range(3)], [p for _, p in words], color=COLOURS["gru"] if i == 0 else COLOURS["rnn"]
        )
        for j, (word, p) in enumerate(words):
            right.text(max(p, 0.02) + 0.02, 4 * i + j, f"{word}  {p:.3f}", va="center")
    right.set_yticks([1, 5], ["… nice\ntoday, it is", "… bad\ntoday, it is"])
    right.set(xlim=(0, 1.6), title="and then the next word")
    right.invert_yaxis()
    return figure


def speed(study: Study) -> Any:
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
    for axis, bf16 in zip(axes, (False, True), strict=True):
        lengths = study.choices("speed.layer", "steps")
        for cell in study.choices("speed.layer", "cell"):
            rates = [
                study.values("speed.layer", "tokens_per_second", cell=cell, steps=n, bf16=bf16)[0] for n in lengths
            ]
            axis.plot(
                lengths,
                np.array(rates) / 1000,
                marker=MARKS[cell],
                color=COLOURS[cell],
                label=NAMES[cell],
                ls="--" if cell == "gru" else "-",
            )
        axis.set(xscale="log", title="bfloat16" if bf16 else "float32", xlabel="steps")
        axis.set_xticks(lengths, [str(n) for n in lengths])
        axis.minorticks_off()
    axes[0].set_ylim(0)
    axes[0].set_ylabel("1,000 tokens/s in training")
    axes[0].legend()
    return figure


def _lines(axis: Any, study: Study, function: str, figure: str, x: str, factor: float = 1.0, **wanted: Any) -> None:
    for cell in ("gru", "lstm", "rnn"):
        places = study.choices(function, x, cell=cell, **wanted)
        found = [study.interval(function, figure, cell=cell, **{x: place}, **wanted) for place in places]
        axis.errorbar(
            places,
            [factor * f.mean for f in found],
            [factor * f.half for f in found],
            color=COLOURS[cell],
            label=NAMES[cell],
            marker=MARKS[cell],
            capsize=3,
        )
        axis.set_xticks(places, [f"{p:,}" for p in places])


def distance(study: Study) -> Any:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    _lines(left, study, "distance.recall", "accuracy", "lag", 100)
    left.axhline(12.5, color="#94a3b8", ls=":", lw=1)
    left.set(xlabel="symbols of noise in between", ylabel="right, %", title="Recall the first symbol", ylim=(0, 105))
    _lines(right, study, "distance.adding", "error", "lag")
    right.axhline(1 / 6, color="#94a3b8", ls=":", lw=1)
    right.set(xlabel="steps", ylabel="mean squared error", title="Add two marked numbers", ylim=(0, 0.2))
    left.legend()
    return figure


def gradients(study: Study) -> Any:
    figure, axis = plt.subplots(figsize=(6.5, 3.4))
    for cell in ("gru", "lstm", "rnn"):
        norms = np.array(study.values("distance.gradients", "norms", cell=cell))  # (seeds, S)
        axis.plot(-np.arange(norms.shape[1])[::-1], norms.mean(0).clip(1e-30), color=COLOURS[cell], label=NAMES[cell])
    axis.set(
        yscale="log",
        ylim=(1e-20, 3),
        xlabel="steps before the last",
        ylabel="gradient, last step = 1",
        title="What of a gradient arrives, untrained",
    )
    axis.legend()
    return figure


def quality(study: Study) -> Any:
    figure, axis = plt.subplots(figsize=(6.5, 3.6))
    for cell in ("gru", "lstm", "rnn"):
        found = {
            n: accuracy(study, cell, n) for n in SIZES if study.find("quality.sentiment", cell=cell, rows=n, on="test")
        }
        axis.errorbar(
            list(found),
            [100 * f.mean for f in found.values()],
            [100 * f.half for f in found.values()],
            color=COLOURS[cell],
            label=NAMES[cell],
            marker=MARKS[cell],
            capsize=3,
        )
        axis.set_xscale("log")
        axis.set_xticks(list(found), [f"{n:,}" for n in found])
    axis.minorticks_off()
    axis.set(xlabel="reviews learned from", ylabel="right, %", title="Sentiment at equal parameters", ylim=(45, 95))
    axis.legend()
    return figure


def tips(study: Study) -> Any:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), width_ratios=[3, 2])
    for i, (lr, colour) in enumerate(zip(TIP_RATES, (COLOURS["gru"], "#99d5cf"), strict=True)):
        found = tip_differences(study, lr)
        places = np.arange(len(found)) + 0.4 * i
        left.barh(
            places,
            [100 * d.mean for d in found.values()],
            0.38,
            xerr=[100 * d.half for d in found.values()],
            color=colour,
            ecolor="#334155",
            capsize=3,
            label=f"learning rate {lr:g}",
        )
        left.set_yticks(np.arange(len(found)) + 0.2, list(found))
    left.axvline(0, color="#334155", lw=1)
    left.invert_yaxis()
    left.legend()
    left.set(xlabel="points of accuracy against the model as it is", title="One setting changed")
    rates = sweep(study)
    right.errorbar(
        list(rates),
        [100 * r.mean for r in rates.values()],
        [100 * r.half for r in rates.values()],
        color=COLOURS["gru"],
        marker="o",
        capsize=3,
    )
    right.set(xscale="log", xlabel="learning rate", ylabel="right, %", title="Learning rate")
    return figure
