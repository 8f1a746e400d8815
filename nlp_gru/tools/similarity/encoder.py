"""The Python API of similarity: what texts mean, as vectors whose cosine says how alike that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import overload

import numpy as np
from numpy.typing import NDArray

from nlp_gru.arrays import unit_rows
from nlp_gru.errors import MAX_BATCH, MAX_ENCODED, MAX_HITS, UserError, check_text, check_texts, number, whole_number
from nlp_gru.model_folder.bundled import find_model
from nlp_gru.model_folder.folder import sha256
from nlp_gru.onnx_engine.folder import load_onnx
from nlp_gru.text.passages import Hit, Span, first_passages, passages, ranked
from nlp_gru.text.tokenizer import valid_unicode
from nlp_gru.tools.protocols import SimilarityModel

__all__ = ["DuplicateGroup", "Hit", "TextEncoder"]
MAX_TOKENS = 128  # read of a text: as many as in training
MAX_TEXT = 2000  # characters of a text that are looked at
BATCH = 10_000  # passages encoded at once
MAX_EXPLAINED = 200  # words whose weights are told
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
ROWS, COLUMNS = 256, 8192  # of the cosines that are looked at together
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class DuplicateGroup:
    """Texts that say the same: the first of them, and those whose cosine with it reaches the threshold.

    indices: their numbers in the list, from 0, ascending; texts: they themselves; scores: the cosine of each with the
    first.
    """

    indices: tuple[int, ...]
    texts: tuple[str, ...]
    scores: tuple[float, ...]


class TextEncoder:
    """Texts to vectors; two that say the same have a cosine near 1, in English, and in French beside English.

    >>> import nlp_gru
    >>> encoder = nlp_gru.load("similarity")
    >>> encoder.encode(["When do you open?", "What are your opening hours?"]).shape
    (2, 384)
    """

    def __init__(self, model: SimilarityModel, sha256: str = ""):
        """sha256: the sum of the model's weights, by which an index knows its encoder."""
        self.model, self.sha256 = model, sha256

    @property
    def dimensions(self) -> int:
        return int(self.model.options.dimensions)

    def encode(self, texts: str | Sequence[str], dimensions: int | None = None) -> Vectors:
        """Return one unit vector a text, in order: (N, D) float32, or (D,) for one text.

        Of a text beyond 128 tokens, start and end are read. dimensions: values of a vector, the first so many of all:
        they are sorted by what they tell (256 of 384 lose 0.1 points of Spearman's correlation on the STS benchmark,
        128 lose 1.6). Raise `TypeError` for what is not text, `UserError` for too many texts or dimensions.
        """
        if isinstance(texts, str):
            vector: Vectors = self.encode([texts], dimensions)[0]
            return vector
        size = self.dimensions if dimensions is None else whole_number("dimensions", dimensions, 1, self.dimensions)
        some = _taken(texts)
        if not some:
            return np.empty((0, size), np.float32)
        found = self.model.vectors([_ends(valid_unicode(text).strip()) for text in some], MAX_TOKENS)[:, :size]
        return unit_rows(found)

    def similarity(self, first: str | Sequence[str], second: str | Sequence[str]) -> Vectors:
        """Return the cosines of all pairs, (N, M) float32, each from -1 to 1; of single texts, without their axis."""
        cosines: Vectors = self.encode(first) @ self.encode(second).T
        return cosines

    @overload
    def search(self, query: str, texts: Sequence[str], k: int = ...) -> list[Hit]: ...  # type: ignore[overload-overlap]
    @overload
    def search(self, query: Sequence[str], texts: Sequence[str], k: int = ...) -> list[list[Hit]]: ...
    def search(self, query: str | Sequence[str], texts: Sequence[str], k: int = 10) -> list[Hit] | list[list[Hit]]:
        """Return the `k` texts that come closest to the query, best first; for several queries, a list for each.

        A text is as close as its best passage of a few sentences; a blank text is never found. For texts that are
        searched again and again, see `nlp_gru.Index`. Raise `TypeError` for what is not text, `UserError` for a blank
        query, for a `k` below 1 and for too many texts.
        """
        queries = check_queries(query)
        k = whole_number("k", k, 1, MAX_HITS)
        some = _taken(texts)
        places = [(i, span) for i, text in enumerate(some) for span in passages(text)]
        cosines = self.encode(queries) @ self.encode_passages(some, places, self.dimensions).T  # (Q, P)
        firsts = first_passages(np.array([i for i, _ in places], np.int64))
        found = []
        for scores in cosines.clip(-1, 1):
            best = [(float(scores[p]), *places[p]) for p in ranked(scores, firsts, k)]
            found.append([Hit(some[i], score, i, some[i][span.start : span.end]) for score, i, span in best])
        return found[0] if isinstance(query, str) else found

    def duplicates(self, texts: Sequence[str], threshold: float = 0.9) -> list[DuplicateGroup]:
        """Return the groups of texts that say the same, in the order of their first texts.

        Each text is compared with the first of each group before it. So no two texts reach the threshold once all but
        the first of each group are gone. Blank texts have no duplicate. Raise as `search`, and for a threshold that is
        not above 0 and at most 1.
        """
        threshold = number("threshold", threshold, 0, 1, above=True)
        some = _taken(texts)
        rows = [i for i, text in enumerate(some) if text.strip()]
        vectors = np.concatenate(
            [
                self.encode([]),
                *(self.encode([some[i] for i in rows[at : at + BATCH]]) for at in range(0, len(rows), BATCH)),
            ]
        )
        groups: dict[int, list[tuple[int, float]]] = {}
        for i, (first, cosine) in enumerate(zip(*_leaders(vectors, threshold), strict=True)):
            groups.setdefault(int(first), []).append((rows[i], min(float(cosine), 1.0)))
        return [
            DuplicateGroup(
                tuple(i for i, _ in group), tuple(some[i] for i, _ in group), tuple(score for _, score in group)
            )
            for group in groups.values()
            if len(group) > 1
        ]

    def explain(self, query: str, text: str) -> list[tuple[str, float]]:
        """Return the text's words and gaps, each with how far the cosine with the query falls without it.

        Of a text of more than 200 words, the others have a weight of 0. Raise as `search`.
        """
        (asked,) = self.encode(check_queries([query]))
        check_text(text)
        words = [match.span() for match in _WORD.finditer(text)]
        without = [text[:start] + text[end:] for start, end in words[:MAX_EXPLAINED]]
        cosines = self.encode([text, *without]) @ asked
        found, at = [], 0
        for i, (start, end) in enumerate(words):
            weight = float(cosines[0] - cosines[i + 1]) if i < MAX_EXPLAINED else 0.0
            found += [(text[at:start], 0.0), (text[start:end], weight)]
            at = end
        return [(part, weight) for part, weight in [*found, (text[at:], 0.0)] if part]

    def encode_passages(self, texts: Sequence[str], places: Sequence[tuple[int, Span]], dimensions: int) -> Vectors:
        """Return the vectors (P, D) of passages, each the number of its text and its place there; they may be many."""
        parts = [texts[i][span.start : span.end] for i, span in places]
        batches = [self.encode(parts[at : at + BATCH], dimensions) for at in range(0, len(parts), BATCH)]
        return np.concatenate([np.empty((0, dimensions), np.float32), *batches])

    def stream(self, texts: Iterable[str], size: int = 256) -> Iterator[Vectors]:
        """Yield the vectors of texts one after the other, reading `size` at a time: for more than fit into memory."""
        check_texts(texts)
        size, rest = whole_number("size", size, 1, MAX_BATCH), iter(texts)
        while part := list(islice(rest, size)):
            yield from self.encode(part)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.dimensions} dimensions)"


@cache
def bundled_encoder() -> TextEncoder:
    """Return the encoder that comes with the package, loaded once for all tools of a process that stand on it."""
    folder = find_model("similarity")
    model = load_onnx(folder)
    assert model is not None  # the engine knows what it bundles
    return TextEncoder(model, sha256(folder / "model.safetensors"))


def _ends(text: str) -> str:
    """The text, or start and end of a long one."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT // 2]} {text[-MAX_TEXT // 2 :]}"


def check_queries(query: str | Sequence[str]) -> list[str]:
    """Return the query or queries as a list. Raise `TypeError` for what is not text, `UserError` for a blank one."""
    queries = [query] if isinstance(query, str) else _taken(query)
    if not all(text.strip() for text in queries):
        raise UserError("the query is empty; say what is searched")
    return queries


def _taken(texts: Iterable[str]) -> list[str]:
    check_texts(texts)
    some = list(islice(texts, MAX_ENCODED + 1))
    if len(some) > MAX_ENCODED:
        raise UserError(f"more than {MAX_ENCODED:,} texts at once are too many; hand them in in parts")
    check_text(*some)
    return [valid_unicode(text) for text in some]


def _leaders(vectors: Vectors, threshold: float) -> tuple[NDArray[np.int64], Vectors]:
    """vectors (N, D) -> for each row the first row of its group, which may be itself, and the cosine with it: (N,),
    (N,)."""
    n = len(vectors)
    leader, cosine = np.full(n, -1, np.int64), np.ones(n, np.float32)
    for start in range(0, n, ROWS):
        rows = start + np.flatnonzero(leader[start : start + ROWS] < 0)  # of this block, those in no group yet
        among = vectors[rows] @ vectors[rows].T
        for i, row in enumerate(rows):
            if leader[row] < 0:
                joining = np.flatnonzero((among[i, i:] >= threshold) & (leader[rows[i:]] < 0)) + i
                joining = joining[joining > i]
                leader[rows[joining]], cosine[rows[joining]], leader[row] = row, among[i, joining], row
        firsts = rows[leader[rows] == rows]
        for at in range(start + ROWS, n if len(firsts) else 0, COLUMNS):
            later = at + np.flatnonzero(leader[at : at + COLUMNS] < 0)
            near = vectors[firsts] @ vectors[later].T  # (firsts, later)
            reaching = near >= threshold
            of, columns = reaching.argmax(0), np.flatnonzero(reaching.any(0))
            leader[later[columns]], cosine[later[columns]] = firsts[of[columns]], near[of[columns], columns]
    return leader, cosine
