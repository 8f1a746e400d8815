"""What the search page shows: texts that were found, the words that brought them near, and groups of duplicates, as
HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Protocol

from nlp_gru.tools.similarity.encoder import DuplicateGroup, Hit

SHOWN = 300  # characters of a duplicate
MAX_MARKED = 60  # words of a passage in which the telling ones are looked for
LEAST_WEIGHT = 0.04  # of a word that is marked
WEAK = 0.25  # a cosine below which a text hardly has to do with the question
STYLE = """
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; }
li { display: grid; grid-template-columns: 3.4rem 1fr; gap: .1rem .9rem; }
.score { font-variant-numeric: tabular-nums; font-weight: 650; line-height: 1.6; }
.track { display: block; height: .3rem; border-radius: .3rem; background: var(--border-color-primary); overflow: hidden; }
.fill { display: block; height: 100%; background: #0d9488; }
.passage { line-height: 1.6; overflow-wrap: anywhere; }
.weak .score, .weak .passage { color: var(--body-text-color-subdued); font-weight: 400; } .weak .fill { background: var(--neutral-400); }
mark { background: rgba(13,148,136,.22); color: inherit; border-radius: .25rem; padding: .05rem .1rem; }
.where, p { color: var(--body-text-color-subdued); font-size: .85rem; margin: 0; } p { margin-top: 1rem; }
.group { border-top: 1px solid var(--border-color-primary); padding-top: .8rem; } .group:first-child { border: 0; padding: 0; }
"""


class Explains(Protocol):
    def explain(self, query: str, text: str) -> list[tuple[str, float]]: ...


def marks(encoder: Explains, query: str, hit: Hit) -> list[tuple[str, bool]]:
    """The parts of a passage, and whether each is one of the words that bring it near."""
    if hit.score < WEAK or len(hit.passage.split()) > MAX_MARKED:
        return [(hit.passage, False)]
    weights = encoder.explain(query, hit.passage)
    least = max(LEAST_WEIGHT, 0.3 * max((weight for _, weight in weights), default=0.0))
    return [(part, weight >= least) for part, weight in weights]


def note(text: str) -> str:
    return f'<div class="note" role="status">{html.escape(text)}</div>'


def bar(score: float) -> str:
    return (
        f'<div><span class="score">{score:.2f}</span><span class="track"><span class="fill"'
        f' style="width:{100 * max(score, 0):.0f}%"></span></span></div>'
    )


def ranked(hits: Sequence[Hit], marked: Sequence[Sequence[tuple[str, bool]]], below: str) -> str:
    """The hits, best first, as HTML."""
    items = []
    for hit, parts in zip(hits, marked, strict=True):
        text = "".join(f"<mark>{html.escape(part)}</mark>" if telling else html.escape(part) for part, telling in parts)
        part_of = " · a part of it" if hit.passage != hit.text.strip() else ""
        where = f"{hit.source or f'text {hit.index + 1}'}{part_of}"
        items.append(
            f'<li class="{"weak" if hit.score < WEAK else "near"}">{bar(hit.score)}<div><div'
            f' class="passage">{text}</div><div class="where">{html.escape(where)}</div></div></li>'
        )
    return f'<div role="status"><ol>{"".join(items)}</ol></div><p>{html.escape(below)}</p>'


def listed(groups: Sequence[DuplicateGroup], sources: Sequence[str]) -> str:
    """The groups, each with its first text on top, as HTML."""
    shown = []
    for group in groups:
        members = "".join(
            f"<li>{bar(score)}<div><div"
            f' class="passage">{html.escape(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")}</div><div'
            f' class="where">{html.escape(sources[i])}</div></div></li>'
            for i, text, score in zip(group.indices, group.texts, group.scores, strict=True)
        )
        shown.append(f'<li class="group" style="display:block"><ol>{members}</ol></li>')
    return f"<ol>{''.join(shown)}</ol>"
