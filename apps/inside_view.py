"""What the page "Look inside" draws: every word with the share kept, the gates of some units, the equations in
numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nlp_gru.inspection.gates import Layer, Look, percent

from .assets import render, style

UNITS = 48  # drawn, of the layer's hundreds
WORDS = 120  # drawn, of what the model wrote: a text has fewer
SIGNED = ("candidate", "hidden")
TITLES = {
    "update": ("the update gate", "Strong: the unit keeps its value. Pale: it takes the new one."),
    "reset": ("the reset gate", "Strong: the past has its say in what is new. Pale: the past is left out of it."),
    "candidate": ("the candidate", "Teal is positive, orange negative: what the unit would become if it kept nothing."),
    "hidden": ("the hidden state", "Teal is positive, orange negative: what the unit knows after the word."),
}
STYLE = style("inside")


def message(text: str, is_error: bool = False) -> str:
    return render("message.html", text=text, is_error=is_error)


def panel(look: Look, layer: Layer, gate: str, like: Layer | None = None) -> str:
    """The whole answer as HTML: what was written, the words with their shares and units, the chosen word, a table.

    like: the layer of another text, whose units are shown in its order, so that the two can be compared."""
    steps = layer.steps[:WORDS]
    name, legend = TITLES[gate]
    units, cells, scale = _cells(layer, gate, like or layer)
    longest = max(len(s.word.text) for s in steps)
    low, high = (_signed(-scale), _signed(scale)) if gate in SIGNED else ("0", "1")
    return render(
        "inside.html",
        written=look.written,
        curve=_curve([s.word.text for s in steps]),
        summary=_glued(layer.summary),
        words=[_word(layer, i, drawn) for i, drawn in enumerate(cells)],
        opening=max(layer.least_kept, 0),
        name_width=f"{min(8.0, 0.56 * longest + 0.6):.1f}",
        scale=f"{scale:.4f}",
        units=units,
        signed=gate in SIGNED,
        low=low,
        high=high,
        total=layer.hidden.shape[1],
        name=name,
        legend=legend,
        is_second=like is not None,
        most=WORDS if len(layer.steps) > WORDS else 0,
        agreement=look.agreement,
    )


def _word(layer: Layer, i: int, cells: list[tuple[bool, str]]) -> dict[str, Any]:
    """What is shown of the i-th word: its name, shares and cells, and the equations in its numbers."""
    step, unit = layer.steps[i], layer.liveliest(i)
    return {
        "text": step.word.text,
        "special": step.word.special,
        "sentence": step.sentence,
        "told": _glued(step.sentence),
        "tokens": " · ".join(token.strip() or "␣" for token in step.word.tokens),
        "cells": cells,
        "kept": "–" if step.fresh else percent(step.kept),
        "kept_now": percent(step.kept),
        "kept_value": "" if step.fresh else f"{step.kept:.4f}",
        "height": "0.000" if step.fresh else f"{step.kept:.3f}",
        "reset": percent(step.reset),
        "reset_value": f"{step.reset:.4f}",
        "moved": f"{step.moved:.2f}",
        "moved_value": f"{step.moved:.4f}",
        "size": f"{float(np.abs(layer.by_word('candidate')[i]).mean()):.2f}",
        "unit": unit.number,
        "several": len(step.word.tokens) > 1,
        "z": f"{unit.update:.2f}",
        "n": _factor(unit.candidate),
        "h": _factor(unit.before),
        "after": _signed(unit.hidden),
    }


def _curve(words: list[str]) -> dict[str, Any]:
    """What was read as a curve, where it is numbers; nothing for words."""
    try:
        values = np.array(words, float)
    except ValueError:
        return {}
    low, high = float(values.min()), float(values.max())
    heights = 95 - 90 * (values - low) / max(high - low, 1e-6)
    points = " ".join(f"{100 * (i + 0.5) / len(values):.2f},{height:.1f}" for i, height in enumerate(heights.tolist()))
    return {"size": len(values), "low": _signed(low), "high": _signed(high), "points": points}


def _cells(layer: Layer, gate: str, like: Layer) -> tuple[list[int], list[list[tuple[bool, str]]], float]:
    """The units drawn; of every word their cells, whether below zero and how strong; and what the strongest stands
    for."""
    units = like.telling_units(UNITS)
    values: Any = layer.by_word(gate)[:WORDS, units]  # (W, UNITS)
    scale = max(float(np.abs(values).max()), 1e-6) if gate in SIGNED else 1.0
    cells = [[(v < 0, f"{abs(v) / scale:.2f}") for v in row] for row in values.tolist()]
    return units.tolist(), cells, scale


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _factor(value: float) -> str:
    return f"({_signed(value)})" if value < 0 else _signed(value)


def _glued(text: str) -> str:
    return text.replace(" %", "\u00a0%")
