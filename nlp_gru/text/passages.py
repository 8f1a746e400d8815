"""A text -> its passages, a few sentences each, and the ranking of texts by their best passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp_gru.text.sentences import segment

MAX_BYTES = 400  # of a passage, as UTF-8: about 100 tokens of English or French


@dataclass(frozen=True)
class Hit:
    """A text that was found.

    text: all of it; score: the cosine of its best passage with the query, -1 to 1; index: the text's number, from 0;
    passage: that passage; source: where the text comes from, if the index was told.
    """

    text: str
    score: float
    index: int
    passage: str
    source: str = ""


class Span(NamedTuple):
    """The place of a passage in its text, in characters."""

    start: int
    end: int


def passages(text: str) -> list[Span]:
    """Return the places of a text's passages, in order: of a blank text none, of a short one the whole without blanks
    around."""
    whole = _trimmed(text, Span(0, len(text)))
    if whole.start == whole.end:
        return []
    if len(text) <= MAX_BYTES and _bytes(text, whole) <= MAX_BYTES:
        return [whole]
    return [span for span in (_trimmed(text, span) for span in _packed(text)) if span.start < span.end]


def _packed(text: str) -> Iterator[Span]:
    """As many sentences a passage as fit; a blank line ends one, so that no passage has two subjects."""
    start = at = 0
    for part in segment(text, "en"):
        end = at + len(part.text)
        if not part.is_sentence and part.text.count("\n") > 1:
            yield Span(start, at)
            start = at = end
            continue
        if start < at and _bytes(text, Span(start, end)) > MAX_BYTES:
            yield Span(start, at)
            start = at
        at = end
        while _bytes(text, Span(start, at)) > MAX_BYTES:  # what has no sentences, or letters of several bytes each
            cut = start + _fitting(text[start : start + MAX_BYTES])
            yield Span(start, cut)
            start = cut
    yield Span(start, at)


def _fitting(text: str) -> int:
    """How many characters of a text make a passage, one at least."""
    return max(len(text.encode("utf-8", "replace")[:MAX_BYTES].decode("utf-8", "ignore")), 1)


def _bytes(text: str, span: Span) -> int:
    size = span.end - span.start
    if size > MAX_BYTES:
        return size  # at least; more is not asked
    return len(text[span.start : span.end].encode("utf-8", "replace"))


def _trimmed(text: str, span: Span) -> Span:
    some = text[span.start : span.end]
    start = span.start + len(some) - len(some.lstrip())
    return Span(start, max(start, span.end - (len(some) - len(some.rstrip()))))


def first_passages(owners: NDArray[Any]) -> NDArray[np.int64]:
    """Return where the passages of each text begin: owners (P,), the text of each passage, those of one text
    together."""
    if not len(owners):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], owners[1:] != owners[:-1]])).astype(np.int64)


def ranked(scores: NDArray[np.float32], firsts: NDArray[np.int64], k: int) -> list[int]:
    """Return the best passage of each of the `k` best texts, best first; what scores -inf is left out.

    scores: (P,), of all passages; firsts: (N,), where those of each text begin.
    """
    if not len(firsts):
        return []
    best = np.maximum.reduceat(scores, firsts)  # (N,)
    top = np.argpartition(-best, k - 1)[:k] if k < len(best) else np.arange(len(best))
    top = top[np.isfinite(best[top])]
    top = top[np.lexsort((top, -best[top]))]  # of equals the first comes first
    ends = np.append(firsts[1:], len(scores))
    return [int(firsts[i] + scores[firsts[i] : ends[i]].argmax()) for i in top]
