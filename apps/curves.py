"""Learning curves as inline SVG, with a text alternative and the figures as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .assets import render, style

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360, 220, 56, 14, 12, 42
STYLE = style("curves")


@dataclass(frozen=True)
class Series:
    """points: value by update; dots: each point stands for itself, so it is marked."""

    name: str
    points: Mapping[int, float]
    color: str = "teal"
    dots: bool = False


def chart(
    title: str, unit: str, series: Sequence[Series], total: int, limits: tuple[float, float] | None = None
) -> str:
    """Values over updates as a figure; `unit` is written at the vertical axis, which goes from limit to limit if there
    are any."""
    series = [Series(s.name, _finite(s.points), s.color, s.dots) for s in series]
    values = [v for s in series for v in s.points.values()]
    rows = ticks(*(limits or _span(values)))
    total = max([total, 1, *(u for s in series for u in s.points)])
    low, high = rows[0], rows[-1]

    def x(update: float) -> float:
        return LEFT + update / total * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    columns = [v for v in ticks(0, total) if v <= total and v == int(v)]
    return render(
        "chart.html",
        title=title,
        unit=unit,
        label=f"{title}. {' '.join(map(summary, series))}",
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        middle=(TOP + HEIGHT - BOTTOM) / 2,
        rows=[(f"{y(v):.1f}", f"{y(v) + 4:.1f}", f"{v:,g}") for v in rows],
        columns=[(f"{x(v):.1f}", f"{v:,g}") for v in columns if x(v) < WIDTH - RIGHT - 8 or v == columns[-1]],
        curves=[(s, [(f"{x(u):.1f}", f"{y(v):.1f}") for u, v in sorted(s.points.items())]) for s in series],
        hint=() if values else (f"{x(total / 2):.1f}", f"{(y(rows[1]) + y(rows[2])) / 2 + 4:.1f}"),
    )


def summary(s: Series) -> str:
    """A curve in words."""
    if not s.points:
        return f"{s.name}: no figure yet."
    (first, a), (last, b) = min(s.points.items()), max(s.points.items())
    if first == last:
        return f"{s.name}: {number(a)} at update {first:,}."
    return f"{s.name}: from {number(a)} at update {first:,} to {number(b)} at update {last:,}."


def number(value: float) -> str:
    """With three digits, or all of those before the point."""
    if not math.isfinite(value):
        return "not a number"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells as an HTML table."""
    return render("table.html", head=head, rows=rows)


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers, evenly spaced, from at most `low` to at least `high`."""
    if high <= low:
        high = low + (abs(low) or 1)
    rough = (high - low) / about
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def _finite(points: Mapping[int, float]) -> dict[int, float]:
    return {u: v for u, v in points.items() if math.isfinite(v)}


def _span(values: Sequence[float]) -> tuple[float, float]:
    """What to show: the values, from zero where they come near it."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    return (0.0 if 0 <= low < high / 2 else low), high
