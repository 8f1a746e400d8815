"""The Python API of similarity: what texts mean, as vectors whose cosine says how alike that is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp_gru.errors import UserError, check_text, check_texts, whole_number
from nlp_gru.limits import MAX_ENCODED
from nlp_gru.tokenizer import valid_unicode

MAX_TOKENS = 128  # read of a text: as many as in training
MAX_TEXT = 2000  # characters of a text that are looked at
Vectors = NDArray[np.float32]


class Meaning(Protocol):
    """The model that the tool needs: see `nlp_gru.heads.similarity.SimilarityHead` and `nlp_gru.runtime.meaning.Meaning`."""

    options: Any

    def vectors(self, texts: Sequence[str], max_length: int) -> NDArray[Any]: ...


class TextEncoder:
    """Texts to vectors; two that say the same have a cosine near 1, in English, and in French beside English.

    >>> import nlp_gru
    >>> encoder = nlp_gru.load("similarity")
    >>> encoder.encode(["When do you open?", "What are your opening hours?"]).shape
    (2, 384)
    """

    def __init__(self, model: Meaning):
        self.model = model

    @property
    def dimensions(self) -> int:
        return int(self.model.options.dimensions)

    def encode(self, texts: str | Sequence[str], dimensions: int | None = None) -> Vectors:
        """Return one unit vector a text, in order: (N, D) float32, or (D,) for one text.

        Of a text beyond 128 tokens, start and end are read. dimensions: values of a vector, the first so many of all: they are
        sorted by what they tell (256 of 384 lose 0.1 points of Spearman's correlation on the STS benchmark, 128 lose 1.6).
        Raise `TypeError` for what is not text, `UserError` for too many texts or dimensions.
        """
        if isinstance(texts, str):
            vector: Vectors = self.encode([texts], dimensions)[0]
            return vector
        size = self.dimensions if dimensions is None else whole_number("dimensions", dimensions, 1, self.dimensions)
        check_texts(texts)
        some = list(islice(texts, MAX_ENCODED + 1))
        if len(some) > MAX_ENCODED:
            raise UserError(f"more than {MAX_ENCODED:,} texts at once are too many; encode them in parts")
        check_text(*some)
        if not some:
            return np.empty((0, size), np.float32)
        found = self.model.vectors([_ends(valid_unicode(text).strip()) for text in some], MAX_TOKENS)[:, :size]
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True).clip(1e-12), np.float32)

    def similarity(self, first: str | Sequence[str], second: str | Sequence[str]) -> Vectors:
        """Return the cosines of all pairs, (N, M) float32, each from -1 to 1; of single texts, without their axis."""
        cosines: Vectors = self.encode(first) @ self.encode(second).T
        return cosines

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.dimensions} dimensions)"


def _ends(text: str) -> str:
    """The text, or start and end of a long one."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT // 2]} {text[-MAX_TEXT // 2 :]}"
