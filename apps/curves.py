"""Learning curves as inline SVG, with a text alternative and the figures as a table."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360, 220, 56, 14, 12, 42
STYLE = """
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 1rem 1.5rem; }
figure { margin: 0; max-width: 520px; } figcaption { font-weight: 600; margin-bottom: .3rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--body-text-color-subdued); font-size: 12px; font-family: inherit; }
@media (max-width: 480px) { svg text { font-size: 15px; } }
.grid { stroke: var(--border-color-primary); stroke-width: 1; }
.axis { stroke: var(--body-text-color-subdued); stroke-width: 1; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; color: var(--body-text-color-subdued); }
.key span { display: inline-flex; align-items: center; gap: .4rem; }
.key svg { width: 26px; height: 12px; flex: none; }
.teal { stroke: #0d9488; } .amber { stroke: #d97706; stroke-dasharray: 5 3; }
.teal.dot { fill: #0d9488; } .amber.dot { fill: #d97706; stroke-dasharray: none; }
"""


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

    parts = [
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(v):.1f}" y2="{y(v):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y(v) + 4:.1f}" text-anchor="end">{v:,g}</text>'
        for v in rows
    ]
    columns = [v for v in ticks(0, total) if v <= total and v == int(v)]
    parts += [
        f'<text x="{x(v):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{v:,g}</text>'
        for v in columns
        if x(v) < WIDTH - RIGHT - 8 or v == columns[-1]
    ]
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(low):.1f}" y2="{y(low):.1f}"/>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle">update</text>')
    parts.append(
        f'<text transform="translate(11 {middle}) rotate(-90)" text-anchor="middle">{html.escape(unit)}</text>'
    )
    for s in series:
        places = [(x(u), y(v)) for u, v in sorted(s.points.items())]
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
        parts.append(f'<polyline class="curve {s.color}" points="{line}"/>' if len(places) > 1 else "")
        if s.dots or len(places) == 1:
            parts += [f'<circle class="{s.color} dot" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in places]
    if not values:
        parts.append(
            f'<text x="{x(total / 2):.1f}" y="{(y(rows[1]) + y(rows[2])) / 2 + 4:.1f}" text-anchor="middle">It begins'
            " with the first figures.</text>"
        )
    label = html.escape(f"{title}. {' '.join(map(summary, series))}", quote=True)
    return (
        f'<figure><figcaption>{html.escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{label}">{"".join(parts)}</svg><div class="key"'
        f' aria-hidden="true">{"".join(map(_key, series))}</div></figure>'
    )


def _key(s: Series) -> str:
    dot = f'<circle class="{s.color} dot" cx="13" cy="6" r="3"/>' if s.dots else ""
    return (
        f'<span><svg viewBox="0 0 26 12"><line class="curve {s.color}" x1="0" x2="26" y1="6" y2="6"/>{dot}</svg>'
        f"{html.escape(s.name)}</span>"
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
    titles = "".join(f'<th scope="col">{html.escape(t)}</th>' for t in head)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


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
