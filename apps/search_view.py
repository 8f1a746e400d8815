"""What the search page shows: texts that were found, the words that brought them near, and groups of duplicates, as
HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nlp_gru.tools.similarity.encoder import DuplicateGroup, Hit

from .assets import render, style

SHOWN = 300  # characters of a duplicate
MAX_MARKED = 60  # words of a passage in which the telling ones are looked for
LEAST_WEIGHT = 0.04  # of a word that is marked
WEAK = 0.25  # a cosine below which a text hardly has to do with the question
STYLE = style("search")


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
    return render("note.html", text=text, role="status")


def ranked(hits: Sequence[Hit], marked: Sequence[Sequence[tuple[str, bool]]], below: str) -> str:
    """The hits, best first, as HTML."""
    shown = [
        {"score": hit.score, "weak": hit.score < WEAK, "parts": parts, "where": _where(hit)}
        for hit, parts in zip(hits, marked, strict=True)
    ]
    return render("hits.html", hits=shown, below=below)


def _where(hit: Hit) -> str:
    part_of = " · a part of it" if hit.passage != hit.text.strip() else ""
    return f"{hit.source or f'text {hit.index + 1}'}{part_of}"


def listed(groups: Sequence[DuplicateGroup], sources: Sequence[str]) -> str:
    """The groups, each with its first text on top, as HTML."""
    shown = [
        [
            (text if len(text) <= SHOWN else text[: SHOWN - 1] + "…", score, sources[i])
            for i, text, score in zip(group.indices, group.texts, group.scores, strict=True)
        ]
        for group in groups
    ]
    return render("groups.html", groups=shown)
