"""What the translation page draws: each sentence's translations, and where the model looked while it wrote one."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

WORDS = 40  # of each side, shown in the table
LIST_STYLE = """
.options { display: grid; gap: 1rem; max-height: 30rem; overflow-y: auto; padding: 2px; margin-top: .8rem; }
.source { margin: 0 0 .3rem .6rem; font-size: .85rem; color: var(--body-text-color-subdued); overflow-wrap: anywhere; }
.option { display: flex; gap: .75rem; align-items: baseline; width: 100%; min-height: 2.4rem; padding: .4rem .6rem; text-align: left;
  border: 1px solid transparent; border-radius: .4rem; color: var(--body-text-color); }
.option span:first-child { flex: 1; overflow-wrap: anywhere; }
.option .number { color: var(--body-text-color-subdued); font-variant-numeric: tabular-nums; white-space: nowrap; }
.option:first-of-type span:first-child { font-weight: 600; }
.option .unsure { text-decoration: underline wavy var(--color-accent) 1px; text-underline-offset: .25em; }
.option:hover { background: var(--background-fill-secondary); }
.option[aria-pressed=true] { background: var(--background-fill-secondary); border-color: var(--primary-600); }
.option:focus-visible { outline: 2px solid var(--primary-600); outline-offset: 1px; }
"""
UNSURE = ' class="unsure" title="unsure: rather wrong than right"'
HEAT_STYLE = """
--heat: 13 148 136;
.dark & { --heat: 45 212 191; }
.scroll { overflow-x: auto; padding-bottom: .3rem; }
table { border-collapse: separate; border-spacing: 2px; width: max-content; margin: 0; font-size: .9rem; }
th { font-weight: 400; border: 0; color: var(--body-text-color); white-space: nowrap; }
th.end { color: var(--body-text-color-subdued); font-style: italic; }
thead th { vertical-align: bottom; padding: 0 0 .3rem; }
thead span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9rem; overflow: hidden;
  text-overflow: ellipsis; line-height: 1.2; }
tbody th { position: sticky; left: 0; text-align: right; padding: 0 .5rem 0 0; max-width: 8.5rem; overflow: hidden;
  text-overflow: ellipsis; background: var(--block-background-fill); }
td { width: var(--cell); min-width: var(--cell); height: 1.75rem; padding: 0; border: 0; border-radius: .2rem;
  background: linear-gradient(rgb(var(--heat) / var(--w)) 0 0) var(--background-fill-secondary); }
td:hover { outline: 2px solid var(--body-text-color); outline-offset: -1px; }
tr:hover th { color: var(--link-text-color); }
@media (max-width: 480px) { td { width: 1.75rem; min-width: 1.75rem; } }
"""


def options(sentences: Sequence[Any]) -> str:
    """Every sentence with its translations, best first, as HTML; each translation is a button."""
    parts = []
    for sentence in sentences:
        buttons = "".join(
            f'<button type="button" class="option" aria-pressed="false"><span{unsure}>{html.escape(text)}</span>'
            f'<span class="number">{100 * p:.0f} %</span></button>'
            for text, p, unsure in [
                (sentence.text, sentence.score, UNSURE if sentence.unsure else ""),
                *((text, p, "") for text, p in sentence.alternatives),
            ]
        )
        parts.append(f'<div class="sentence"><p class="source">{html.escape(sentence.source)}</p>{buttons}</div>')
    hint = (
        "Choose one to put it into the box and to see where the model looked. The number is the mean probability of its"
        " tokens."
    )
    if any(sentence.unsure for sentence in sentences):
        hint += " What is underlined is rather wrong than right."
    body = f'<div class="options">{"".join(parts)}</div>' if parts else ""
    empty = "Each sentence's translations appear here, the best one first."
    return f'<div class="heading">Translations</div><div class="note">{hint if parts else empty}</div>{body}'


def heat_map(alignment: Any) -> str:
    """How far the model looked at each source word while it wrote each word, as an HTML table."""
    title = '<div class="heading">Where the model looked</div>'
    if alignment is None:
        return (
            f'{title}<div class="note">A row for each word of the translation, a column for each word of the'
            " source.</div>"
        )
    source, target = list(alignment.source[:WORDS]), list(alignment.target[:WORDS])
    columns = "".join(f'<th scope="col" title="{label(w)}"{end(w)}><span>{label(w)}</span></th>' for w in source)
    rows = "".join(
        f'<tr><th scope="row" title="{label(t)}"{end(t)}>{label(t)}</th>'
        + "".join(
            f'<td style="--w:{p:.3f}" title="{label(t)} ← {label(s)}: {100 * p:.0f} %"></td>'
            for s, p in zip(source, weights, strict=False)
        )
        + "</tr>"
        for t, weights in zip(target, alignment.weights, strict=False)
    )
    cell = 2.4 if len(source) <= 12 else 1.75
    cut = f" The first {WORDS} words are shown." if max(len(alignment.source), len(alignment.target)) > WORDS else ""
    return (
        f'{title}<div class="scroll" tabindex="0" role="group" aria-label="Attention"><table'
        f' style="--cell:{cell}rem"><thead><tr><th></th>{columns}</tr></thead><tbody>{rows}</tbody></table></div><div'
        ' class="note">Read a row: the stronger a cell\'s colour, the more the model looked at that word of the source'
        f" while it wrote the row's word. Point at a cell for the number.{cut}</div>"
    )


def label(word: str) -> str:
    return "end" if word == "</s>" else html.escape(word)


def end(word: str) -> str:
    return ' class="end"' if word == "</s>" else ""
