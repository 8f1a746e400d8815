"""What the page "Look inside" draws: every word with the share kept, the gates of some units, the equations in
numbers."""

from __future__ import annotations

import html
from typing import Any

import numpy as np

from nlp_gru.inspection.gates import Layer, Look, Step, percent

UNITS = 48  # drawn, of the layer's hundreds
WORDS = 120  # drawn, of what the model wrote: a text has fewer
SIGNED = ("candidate", "hidden")
TITLES = {
    "update": ("the update gate", "Strong: the unit keeps its value. Pale: it takes the new one."),
    "reset": ("the reset gate", "Strong: the past has its say in what is new. Pale: the past is left out of it."),
    "candidate": ("the candidate", "Teal is positive, orange negative: what the unit would become if it kept nothing."),
    "hidden": ("the hidden state", "Teal is positive, orange negative: what the unit knows after the word."),
}
STYLE = """
container-type: inline-size;
--heat: 13 148 136; --cold: 234 88 12;
.dark & { --heat: 45 212 191; --cold: 251 146 60; }
h2, h3 { font-size: 1.05rem; font-weight: 600; margin: 0 0 .4rem; color: var(--body-text-color); }
p { margin: 0 0 .6rem; overflow-wrap: anywhere; }
.note { margin: .5rem 0 0; }
.grid { display: grid; grid-template-columns: minmax(0, 1fr) 20rem; gap: 1.5rem; margin-top: .8rem; }
.map { grid-area: 1 / 1 / 3 / 2; min-width: 0; }
.grid { grid-template-rows: max-content 1fr; row-gap: 0; }
.steps { list-style: none; display: flex; gap: 3px; margin: 0; padding: 3px; overflow-x: auto; }
.steps li { flex: 1 0 2.3rem; max-width: 6rem; margin: 0; padding: 0; }
.step { display: flex; flex-direction: column; gap: .25rem; width: 100%; padding: .3rem 2px; border-radius: .4rem; cursor: pointer;
  color: var(--body-text-color); }
.step:hover, .step[aria-pressed=true] { background: var(--background-fill-secondary); }
.step[aria-pressed=true] { box-shadow: 0 0 0 2px var(--primary-600); }
.step:focus-visible { outline: 3px solid var(--body-text-color); outline-offset: -1px; }
.name { writing-mode: vertical-rl; transform: rotate(180deg); align-self: center; height: var(--name); overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; line-height: 1.2; font-size: .95rem; text-align: left; }
.special .name { font-style: italic; color: var(--body-text-color-subdued); }
[aria-pressed=true] .name { font-weight: 650; }
.percent { font-size: .8rem; font-variant-numeric: tabular-nums; text-align: center; white-space: nowrap; }
.bar { display: flex; align-items: flex-end; height: 3rem; margin: 0 .2rem; background: var(--border-color-primary);
  border-radius: .2rem; overflow: hidden; }
.bar span { width: 100%; height: calc(var(--k) * 100%); background: rgb(var(--heat)); }
.cells { display: flex; flex-direction: column; gap: 1px; margin-top: .3rem; }
.cells i { height: 6px; border-radius: 1px; background: linear-gradient(rgb(var(--heat) / var(--w)) 0 0) var(--background-fill-secondary); }
.step:is(:hover, [aria-pressed=true]) i { background-color: var(--block-background-fill); }
.cells i.n { background-image: linear-gradient(rgb(var(--cold) / var(--w)) 0 0); }
.key { display: flex; align-items: center; gap: .5rem; }
.key span { display: inline-block; width: 6rem; height: .7rem; border-radius: .2rem; border: 1px solid var(--border-color-primary);
  background: linear-gradient(90deg, rgb(var(--heat) / 0), rgb(var(--heat))); }
.key .signed { background: linear-gradient(90deg, rgb(var(--cold)), rgb(var(--heat) / 0), rgb(var(--heat))); }
dl { margin: 0 0 .6rem; }
dt { font-family: ui-serif, Georgia, serif; font-size: 1.02rem; margin-top: .5rem; font-weight: 400; }
dd { display: flex; justify-content: space-between; gap: .75rem; margin: 0; color: var(--body-text-color-subdued); font-size: .9rem; }
dd b { color: var(--body-text-color); font-variant-numeric: tabular-nums; white-space: nowrap; }
.sum { display: block; font-variant-numeric: tabular-nums; font-weight: 600; color: var(--body-text-color); }
details { margin-top: 1rem; } summary { cursor: pointer; color: var(--body-text-color); font-weight: 600; }
.scroll { overflow-x: auto; } table { display: table; width: max-content; border-collapse: collapse; margin-top: .5rem; font-size: .9rem; }
th, td { padding: .2rem .9rem .2rem 0; text-align: left; border: 0; font-weight: 400; } td { font-variant-numeric: tabular-nums; }
thead th { color: var(--body-text-color-subdued); }
.curve { display: block; width: 100%; height: 6rem; margin-bottom: .8rem; }
.curve polyline { fill: none; stroke: rgb(var(--heat)); stroke-width: 2; vector-effect: non-scaling-stroke; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .8rem; }
.save { min-height: 2.75rem; padding: 0 .9rem; border: 1px solid var(--border-color-primary); border-radius: .5rem; color: var(--body-text-color); }
.save:hover { background: var(--background-fill-secondary); }
.error { color: var(--error-text-color); }
@container (max-width: 700px) {
  .grid { display: flex; flex-direction: column; gap: .5rem; }
  .steps { flex-direction: column; max-height: 31.5rem; overflow: hidden auto; }
  .steps li { flex: none; max-width: none; }
  .step { display: grid; grid-template-columns: 6.5rem 1fr 3rem; align-items: center; gap: .3rem .6rem; padding: .4rem; }
  .name { writing-mode: horizontal-tb; transform: none; height: auto; width: 100%; align-self: auto; }
  .percent { order: 3; text-align: right; }
  .bar { order: 2; height: .7rem; margin: 0; } .bar span { width: calc(var(--k) * 100%); height: 100%; }
  .cells { order: 4; grid-column: 1 / -1; flex-direction: row; margin: 0; } .cells i { flex: 1; height: .9rem; }
}
"""


def message(text: str, is_error: bool = False) -> str:
    if is_error:
        return f'<p class="error" role="alert">{html.escape(text[:1].upper() + text[1:])}.</p>'
    return f'<div class="note">{html.escape(text)}</div>'


def panel(look: Look, layer: Layer, gate: str, like: Layer | None = None) -> str:
    """The whole answer as HTML: what was written, the words with their shares and units, the chosen word, a table.

    like: the layer of another text, whose units are shown in its order, so that the two can be compared."""
    opening = max(layer.least_kept, 0)
    steps = layer.steps[:WORDS]
    written = f"<p>It writes: <b>{html.escape(look.written)}</b></p>" if look.written else ""
    name, legend = TITLES[gate]
    units, cells, scale = _cells(layer, gate, like or layer)
    longest = max(len(s.word.text) for s in steps)
    items = "".join(
        f'<li{" class=special" if s.word.special else ""}><button type="button" class="step"'
        f' aria-pressed="{str(i == opening).lower()}" tabindex="{0 if i == opening else -1}"'
        f' aria-label="{html.escape(s.sentence)}"><span class="name">{html.escape(s.word.text)}</span><span'
        f' class="percent">{"–" if s.fresh else percent(s.kept)}</span><span class="bar"><span'
        f' style="--k:{0 if s.fresh else s.kept:.3f}"></span></span><span class="cells"'
        f' aria-hidden="true">{cells[i]}</span></button><div hidden>{said(layer, i)}</div><div'
        f" hidden>{sums(layer, i)}</div></li>"
        for i, s in enumerate(steps)
    )
    signed = gate in SIGNED
    low, high = (_signed(-scale), _signed(scale)) if signed else ("0", "1")
    cut = f" The first {WORDS} words are shown." if len(layer.steps) > WORDS else ""
    total = layer.hidden.shape[1]
    which = (
        "the same as beside it"
        if like
        else "those whose state changes\nmost from word to word, sorted by when each changes most"
    )
    return f"""{written}{_curve([s.word.text for s in steps])}<h2>How much it keeps at each word</h2><p class="summary">{_glued(html.escape(layer.summary))}</p>
<div class="grid"><section class="said" aria-live="polite">{said(layer, opening)}</section>
<div class="map"><ol class="steps" style="--name:{min(8.0, 0.56 * longest + 0.6):.1f}rem" data-scale="{scale:.4f}"
 data-units="{" ".join(map(str, units))}" aria-label="Words with the share kept">{items}</ol>
<div class="note key">{low} <span class="{"signed" if signed else ""}"></span> {high}</div>
<p class="note">Bars: the share kept, all {total} units together. Coloured cells: {name} of {len(units)} units, {which}. {legend} The four pictures show the same units in the same order.{cut}</p>
<div class="row"><button type="button" class="save" data-kind="png">Save as PNG</button><button type="button" class="save" data-kind="csv">Save as CSV</button></div>
{_table(steps)}</div>
<section aria-label="The equations"><div class="sums">{sums(layer, opening)}</div>
<p class="note"><b>{html.escape(look.agreement)}</b></p><p class="note">A <i>z</i> near 1 keeps the past, as in Cho et al. 2014 and PyTorch; some
papers, as Chung et al. 2014, swap <i>z</i> and 1 − <i>z</i>.</p></section></div>"""


def said(layer: Layer, i: int) -> str:
    """What happened at one word, in plain words."""
    step = layer.steps[i]
    return f"<h3>At “{html.escape(step.word.text)}”</h3><p>{_glued(html.escape(step.sentence))}</p>"


def sums(layer: Layer, i: int) -> str:
    """The four equations with their values at one word, and the last one in the numbers of a single unit."""
    step, unit = layer.steps[i], layer.liveliest(i)
    size = float(np.abs(layer.by_word("candidate")[i]).mean())
    last = " at its last token" if len(step.word.tokens) > 1 else ""
    rows = (
        (
            "<i>r</i> = σ(<i>W<sub>r</sub> x</i> + <i>U<sub>r</sub> h</i>)",
            "reset: the past’s say in what is new",
            percent(step.reset),
        ),
        ("<i>z</i> = σ(<i>W<sub>z</sub> x</i> + <i>U<sub>z</sub> h</i>)", "update: the share kept", percent(step.kept)),
        (
            "<i>n</i> = tanh(<i>W<sub>n</sub> x</i> + <i>r</i> ∘ <i>U<sub>n</sub> h</i>)",
            "candidate: mean size",
            f"{size:.2f}",
        ),
        ("<i>h′</i> = (1 − <i>z</i>) ∘ <i>n</i> + <i>z</i> ∘ <i>h</i>", "hidden state: moves by", f"{step.moved:.2f}"),
    )
    equations = "".join(f"<dt>{formula}</dt><dd>{what} <b>{value}</b></dd>" for formula, what, value in rows)
    z, n, h = f"{unit.update:.2f}", _factor(unit.candidate), _factor(unit.before)
    return f"""<dl>{equations}</dl><p class="note">Unit {unit.number}, which moves most here{last}:
<span class="sum">(1 − {z}) · {n} + {z} · {h} ≈ {_signed(unit.hidden)}</span></p>"""


def _curve(words: list[str]) -> str:
    """What was read as a curve, where it is numbers; nothing for words."""
    try:
        values = np.array(words, float)
    except ValueError:
        return ""
    low, high = float(values.min()), float(values.max())
    heights = 95 - 90 * (values - low) / max(high - low, 1e-6)
    points = " ".join(f"{100 * (i + 0.5) / len(values):.2f},{height:.1f}" for i, height in enumerate(heights.tolist()))
    return (
        f'<svg class="curve" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="The {len(values)}'
        f' numbers as a curve, from {_signed(low)} to {_signed(high)}"><polyline points="{points}"/></svg>'
    )


def _cells(layer: Layer, gate: str, like: Layer) -> tuple[list[int], list[str], float]:
    """The units drawn, the cells of every word as HTML, and the value that the strongest colour stands for."""
    units = like.telling_units(UNITS)
    values: Any = layer.by_word(gate)[:WORDS, units]  # (W, UNITS)
    scale = max(float(np.abs(values).max()), 1e-6) if gate in SIGNED else 1.0
    cells = [
        "".join(f'<i{" class=n" if v < 0 else ""} style="--w:{abs(v) / scale:.2f}"></i>' for v in row)
        for row in values.tolist()
    ]
    return units.tolist(), cells, scale


def _table(steps: tuple[Step, ...]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{html.escape(s.word.text)}</th><td'
        f' data-value="{"" if s.fresh else f"{s.kept:.4f}"}">{"–" if s.fresh else percent(s.kept)}</td>'
        f'<td data-value="{s.reset:.4f}">{percent(s.reset)}</td><td data-value="{s.moved:.4f}">{s.moved:.2f}</td>'
        f"<td>{html.escape(' · '.join(p.strip() or '␣' for p in s.word.tokens))}</td></tr>"
        for s in steps
    )
    heads = "".join(f'<th scope="col">{h}</th>' for h in ("Word", "Kept", "Reset", "Moves", "Tokens"))
    return (
        '<details><summary>All words as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="All'
        f' words"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _factor(value: float) -> str:
    return f"({_signed(value)})" if value < 0 else _signed(value)


def _glued(text: str) -> str:
    return text.replace(" %", "\u00a0%")
