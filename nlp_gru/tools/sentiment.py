"""The Python API of sentiment: a text's class and how sure it is, and which words decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import overload

from nlp_gru.errors import MAX_BATCH, check_text, check_texts, whole_number
from nlp_gru.tools.protocols import SentimentModel


@dataclass(frozen=True)
class Sentiment:
    """label: the likeliest class; score: its probability; scores: every class's, summing to 1."""

    label: str
    score: float
    scores: dict[str, float]


class SentimentAnalyser:
    """Judges texts: `analyse(text)` gives a `Sentiment`, `analyse(texts)` a list of them in the same order.

    Every string has an answer, the empty one too. Raises `TypeError` for what is not text, `UserError` for a text of more than a
    million characters.
    """

    def __init__(self, model: SentimentModel):
        self.model = model

    @property
    def labels(self) -> list[str]:
        return self.model.options.labels

    @overload
    def __call__(self, texts: str) -> Sentiment: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, texts: Iterable[str]) -> list[Sentiment]: ...
    def __call__(self, texts: str | Iterable[str]) -> Sentiment | list[Sentiment]:
        if isinstance(texts, str):
            check_text(texts)
            return self._judged([texts])[0]
        return list(self.stream(texts))

    def stream(self, texts: Iterable[str], size: int = 256) -> Iterator[Sentiment]:
        """The same, one after the other, reading `size` texts at a time: for files that do not fit into memory."""
        check_texts(texts)
        size = whole_number("size", size, 1, MAX_BATCH)
        return self._stream(iter(texts), size)

    def _stream(self, texts: Iterator[str], size: int) -> Iterator[Sentiment]:
        while part := list(islice(texts, size)):
            check_text(*part)
            yield from self._judged(part)

    def _judged(self, texts: list[str]) -> list[Sentiment]:
        found = []
        for row in self.model.probabilities(texts).tolist():
            scores = dict(zip(self.labels, row, strict=True))
            label = max(scores, key=scores.__getitem__)
            found.append(Sentiment(label, scores[label], scores))
        return found

    def explain(self, text: str, label: str | None = None) -> list[tuple[str, float]]:
        """The text's words and gaps, each with its weight for `label` (gradient times input, in logits).

        Raises as a call does, and `UserError` for a label that the model does not have.
        """
        check_text(text, *(() if label is None else (label,)))
        return self.model.explain(text, label)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(labels={self.labels})"
