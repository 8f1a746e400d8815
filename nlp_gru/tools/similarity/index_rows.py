"""What an index holds, on the disk or in memory, and the cosines with all of it."""

from __future__ import annotations

import json
import mmap
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp_gru.arrays import Array
from nlp_gru.errors import UserError

SCANNED = 2048  # rows compared at once: they fit into a processor's cache


@dataclass(frozen=True)
class Stored:
    """Texts with their passages.

    vectors: (P, D) int8 in all, in parts, of which the first may lie on the disk; scales (P,) float32, with which a
    vector has length 1; passages (P, 3) int64: the number of the text, and start and end of the passage in it; texts
    (N, 2) int64: each text's number and the place of its line; lines: the texts as JSON lines, in parts.
    """

    vectors: tuple[Array, ...]
    scales: Array
    passages: Array
    texts: Array
    lines: tuple[mmap.mmap | bytes, ...]

    @property
    def ends(self) -> Array:
        """(N + 1,): where the line of each text begins, and where the last one ends."""
        return np.append(self.texts[:, 1], sum(map(len, self.lines)))

    def line(self, row: int) -> bytes:
        start = int(self.texts[row, 1])
        end = int(self.texts[row + 1, 1]) if row + 1 < len(self.texts) else sum(map(len, self.lines))
        for part in self.lines:
            if start < len(part):
                return part[start:end]  # none runs over two parts
            start, end = start - len(part), end - len(part)
        return b""

    def text(self, number: int) -> tuple[str, str]:
        """Return a text and its source. Raise `UserError` for a line that holds none."""
        try:
            found = json.loads(self.line(int(np.searchsorted(self.texts[:, 0], number))))
            text, source = found["text"], found.get("source", "")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            text = source = None
        if not isinstance(text, str) or not isinstance(source, str):
            raise UserError(f"the index is damaged: its text {number:,} cannot be read; make it anew")
        return text, source


def empty(dimensions: int) -> Stored:
    return Stored(
        (np.empty((0, dimensions), np.int8),),
        np.empty(0, np.float32),
        np.empty((0, 3), np.int64),
        np.empty((0, 2), np.int64),
        (b"",),
    )


def line(text: str, source: str) -> bytes:
    """Return a text as a line of texts.jsonl."""
    return json.dumps({"text": text, **({"source": source} if source else {})}).encode() + b"\n"


def joined(first: Stored, *others: Stored) -> Stored:
    """Return all as one. What is large of the first, which may lie on the disk, is not copied."""
    every = (first, *others)
    starts = np.cumsum([0, *(sum(map(len, part.lines)) for part in every)])
    texts = [part.texts + np.array([0, start]) for part, start in zip(every, starts[:-1], strict=True)]
    vectors = [*first.vectors[1:], *(rows for part in others for rows in part.vectors)]
    lines = [*first.lines[1:], *(some for part in others for some in part.lines)]
    return Stored(
        (first.vectors[0], np.concatenate(vectors)),
        np.concatenate([part.scales for part in every]),
        np.concatenate([part.passages for part in every]),
        np.concatenate(texts),
        (first.lines[0], b"".join(some[:] for some in lines)),
    )


def cosines(stored: Stored, vectors: NDArray[np.float32], dead: Array) -> NDArray[np.float32]:
    """vectors (Q, D) -> cosines with all rows (Q, P), -inf where they are dead.

    In blocks that stay in the processor's cache; a first pass over 64 of 256 dimensions, to re-rank what it finds,
    would take as long as this exact one over all.
    """
    scores = np.empty((len(vectors), len(stored.scales)), np.float32)
    block, turned = np.empty((SCANNED, vectors.shape[1]), np.float32), np.ascontiguousarray(vectors.T)  # (D, Q)
    place = 0
    for part in stored.vectors:
        for at in range(0, len(part), SCANNED):
            rows = part[at : at + SCANNED]
            np.copyto(block[: len(rows)], rows)
            scores[:, place : place + len(rows)] = (block[: len(rows)] @ turned).T
            place += len(rows)
    scores *= stored.scales
    scores[:, dead] = -np.inf
    return scores
