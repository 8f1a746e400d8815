"""Texts kept for search by meaning: their vectors in int8, on the disk, a million of them searched in a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from nlp_gru.arrays import Array
from nlp_gru.data_files.rows import read
from nlp_gru.errors import MAX_ALL_HITS, MAX_HITS, UserError, check_text, check_texts, whole_number
from nlp_gru.model_folder.weights import narrowed
from nlp_gru.text.passages import Hit, first_passages, passages, ranked
from nlp_gru.text.tokenizer import valid_unicode
from nlp_gru.tools.similarity import index_files
from nlp_gru.tools.similarity.encoder import TextEncoder, bundled_encoder, check_queries
from nlp_gru.tools.similarity.index_files import IndexConfig
from nlp_gru.tools.similarity.index_rows import Stored, cosines, empty, joined, line

DIMENSIONS = 256  # of a stored vector: the encoder's first ones, which tell the most
ADDED, ASKED = 10_000, 16  # texts encoded and queries answered at once


class Index:
    """Texts that are searched by what they mean. A text is cut into passages of a few sentences, and found by its best
    one.

    >>> import nlp_gru
    >>> index = nlp_gru.Index(nlp_gru.load("similarity"))
    >>> index.add(["We open at nine.", "Parking is free."])
    [0, 1]
    >>> index.search("When can I come in?", k=1)[0].text
    'We open at nine.'
    """

    def __init__(self, encoder: TextEncoder, dimensions: int = DIMENSIONS):
        """dimensions: values of a stored vector, a byte each. Raise `UserError` for more than the encoder has."""
        self.encoder = encoder
        self.dimensions = whole_number("dimensions", dimensions, 1, encoder.dimensions)
        self._stored = empty(self.dimensions)
        self._added: list[Stored] = []
        self._next, self._deleted = 0, np.empty(0, np.int64)

    @classmethod
    def of(cls, encoder: TextEncoder, texts: Iterable[str], dimensions: int = DIMENSIONS) -> Index:
        """Return an index of texts, numbered from 0. Raise as `add`."""
        index = cls(encoder, dimensions)
        index.add(texts)
        return index

    @classmethod
    def read(
        cls, encoder: TextEncoder, path: str, column: str = "text", encoding: str = "", dimensions: int = DIMENSIONS
    ) -> Index:
        """Return an index of a data file's texts, each of which knows its row; rows without a text are left out.

        path: CSV, TSV, JSONL, JSON, Parquet or TXT, a wildcard too; encoding: of text that is not UTF-8. Raise
        `UserError`.
        """
        rows = read([path], ["text"], {"text": column}, encoding)
        index = cls(encoder, dimensions)
        index.add(rows["text"], [rows.where(i) for i in range(len(rows))])
        return index

    @classmethod
    def open(cls, folder: str | Path, encoder: TextEncoder | None = None, check: bool = True) -> Index:
        """Return a saved index, which stays on the disk.

        encoder: the one that it was made with; without one, the bundled one. check: whether the files' sums are
        compared, which reads all of them. Raise `UserError` where there is no index, for a damaged one, and for one of
        another encoder.
        """
        folder = Path(folder)
        config = index_files.read_config(folder)
        encoder = encoder or bundled_encoder()
        if config.encoder != encoder.sha256:
            raise UserError(
                f"{folder}: the index was made with another encoder than this one; make it anew, or load that one"
            )
        if config.dimensions > encoder.dimensions:
            raise UserError(
                f"{folder}: the index has {config.dimensions} dimensions, its encoder {encoder.dimensions}; make it"
                " anew"
            )
        index = cls(encoder, config.dimensions)
        index._stored, index._next = index_files.load(folder, config, check), config.next
        return index

    def save(self, folder: str | Path) -> None:
        """Write the folder; an index that is there already is replaced in one step. Deleted texts are not written.

        Raise `UserError` where the folder holds something else, or the encoder has no sum to be known by.
        """
        if not self.encoder.sha256:
            raise UserError(
                "the encoder is of no model folder, so that an index could not tell it again: use nlp_gru.load"
            )
        stored = self._merged
        kept = ~np.isin(stored.passages[:, 0], self._deleted)  # (P,)
        texts = np.flatnonzero(~np.isin(stored.texts[:, 0], self._deleted))
        places = np.cumsum(np.append(0, np.diff(stored.ends)[texts]))[: len(texts)]
        table = np.stack([stored.texts[texts, 0], places], 1).astype(np.int64)
        config = IndexConfig(
            encoder=self.encoder.sha256,
            dimensions=self.dimensions,
            texts=len(texts),
            passages=int(kept.sum()),
            next=self._next,
            sha256={},
        )
        index_files.save(
            Path(folder),
            config,
            {
                "vectors.npy": _blocks(stored.vectors, kept),
                "scales.npy": _blocks([stored.scales], kept),
                "passages.npy": _blocks([stored.passages], kept),
                "texts.npy": _blocks([table], np.ones(len(table), bool)),
                "texts.jsonl": (stored.line(int(row)) for row in texts),
            },
        )

    def add(self, texts: Iterable[str], sources: Sequence[str] | None = None) -> list[int]:
        """Add texts and return their numbers, which they keep. sources: where each comes from, to be told with a hit.

        Raise `TypeError` for what is not text, `UserError` for a text that is too long; then none of them is added.
        """
        check_texts(texts)
        rest, origins, parts, numbers = iter(texts), iter(sources or []), [], self._next
        while some := list(islice(rest, ADDED)):
            check_text(*some)
            given = [next(origins, "") for _ in some]
            parts.append(self._part([valid_unicode(text) for text in some], given, numbers))
            numbers += len(some)
        found = list(range(self._next, numbers))
        if sources is not None and len(sources) != len(found):
            raise UserError(f"there are {len(sources):,} sources for {len(found):,} texts")
        self._added += parts
        self._next = numbers
        self._changed()
        return found

    def delete(self, numbers: int | Iterable[int]) -> None:
        """Take texts out, by their numbers. Raise `UserError` for one that is not there; then all stay."""
        given = [numbers] if isinstance(numbers, int) else list(numbers)
        wanted = np.array([whole_number("a text's number", number, 0, 2**62) for number in given], np.int64)
        there = np.setdiff1d(self._merged.texts[:, 0], self._deleted)
        if len(missing := np.setdiff1d(wanted, there)):
            raise UserError(f"there is no text {missing[0]} in the index")
        self._deleted = np.union1d(self._deleted, wanted)
        self.__dict__.pop("_dead", None)

    @overload
    def search(self, query: str, k: int = ...) -> list[Hit]: ...  # type: ignore[overload-overlap]
    @overload
    def search(self, query: Sequence[str], k: int = ...) -> list[list[Hit]]: ...
    def search(self, query: str | Sequence[str], k: int = 10) -> list[Hit] | list[list[Hit]]:
        """Return the `k` texts that come closest to the query, best first; for several queries, a list for each.

        A blank text is never found. Raise `TypeError` for what is not text, `UserError` for a blank query or a `k`
        below 1.
        """
        queries, k = check_queries(query), min(whole_number("k", k, 1, MAX_HITS), max(len(self), 1))
        if k * len(queries) > MAX_ALL_HITS:
            raise UserError(
                f"{k:,} texts for {len(queries):,} queries are too many at once; the most is {MAX_ALL_HITS:,} in all"
            )
        vectors = self.encoder.encode(queries, self.dimensions)
        found = [hits for at in range(0, len(queries), ASKED) for hits in self.nearest(vectors[at : at + ASKED], k)]
        return found[0] if isinstance(query, str) else found

    def nearest(self, vectors: NDArray[np.float32], k: int) -> list[list[Hit]]:
        """Return the hits for each of a few unit vectors (Q, D)."""
        stored = self._merged
        return [
            [self._hit(row, float(scores[row])) for row in ranked(scores, self._firsts, k)]
            for scores in cosines(stored, vectors, self._dead)
        ]

    def __len__(self) -> int:
        """How many texts it has."""
        return len(self._stored.texts) + sum(len(part.texts) for part in self._added) - len(self._deleted)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self):,} texts, {self.dimensions} dimensions)"

    @property
    def _merged(self) -> Stored:
        """All that there is as one; what was on the disk stays there, what was added lies in memory."""
        if self._added:
            self._stored, self._added = joined(self._stored, *self._added), []
        return self._stored

    @cached_property
    def _firsts(self) -> NDArray[np.int64]:
        return first_passages(self._merged.passages[:, 0])

    @cached_property
    def _dead(self) -> Array:
        """The passages of deleted texts."""
        return (
            np.flatnonzero(np.isin(self._merged.passages[:, 0], self._deleted)) if len(self._deleted) else self._deleted
        )

    def _changed(self) -> None:
        self.__dict__.pop("_firsts", None)
        self.__dict__.pop("_dead", None)

    def _part(self, texts: list[str], sources: Sequence[str], number: int) -> Stored:
        places = [(i, span) for i, text in enumerate(texts) for span in passages(text)]
        vectors = self.encoder.encode_passages(texts, places, self.dimensions)
        rows, _ = narrowed(vectors)  # whatever the scale, a vector has length 1
        scales = 1 / np.linalg.norm(rows.astype(np.float32), axis=1).clip(1e-12)
        lines = [line(text, source) for text, source in zip(texts, sources, strict=True)]
        starts = np.cumsum([0, *(len(some) for some in lines)])[:-1]
        table = np.stack([number + np.arange(len(texts)), starts], 1).astype(np.int64)
        spans = np.array([(number + i, *span) for i, span in places], np.int64).reshape(-1, 3)
        return Stored((rows,), scales.astype(np.float32), spans, table, (b"".join(lines),))

    def _hit(self, row: int, score: float) -> Hit:
        number, start, end = (int(value) for value in self._merged.passages[row])
        text, source = self._merged.text(number)
        return Hit(text, min(max(score, -1.0), 1.0), number, text[start:end], source)


def _blocks(parts: Sequence[Array], kept: Array) -> Iterator[bytes]:
    """An .npy file of the rows that are kept, in blocks. parts: together they are all rows."""
    yield index_files.header(parts[0].dtype, (int(kept.sum()), *parts[0].shape[1:]))
    place = 0
    for part in parts:
        for at in range(0, len(part), ADDED):
            rows = part[at : at + ADDED]
            yield np.ascontiguousarray(rows[kept[place : place + len(rows)]]).tobytes()
            place += len(rows)
