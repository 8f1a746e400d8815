"""The Python API of sentiment: a text's class and how sure it is, and which words decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import overload

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.errors import MAX_BATCH, check_text, check_texts, whole_number
from nlp_gru.text.emoji import EMOJI, SIGNS
from nlp_gru.text.tokenizer import CASE
from nlp_gru.tools.protocols import SentimentModel

NEUTRAL = "neutral"
UNSURE_SPREAD = 0.9  # of the entropy of all classes alike; for three, about 0.55 for the likeliest
SPELLED_SHARE = 0.6  # of the words; texts of a language that the tokenizer has learned stay below a third
SPELLING_READ = 500  # characters that are looked at
_WORD = re.compile(r"[^\W\d_]{3,}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_NO_ANSWER = re.compile(r"(?:n/?a|none|-+)\.?", re.IGNORECASE)
_PICTURES = tuple(sign for sign in EMOJI if not sign.isalnum() and sign not in SIGNS)


@dataclass(frozen=True)
class Sentiment:
    """label: the likeliest class; score: its probability; scores: every class's, summing to 1.

    unsure: that the classes are nearly equally likely, or that there is nothing in the text that the model could judge: no word and
    no emoji, or words that it has to spell out letter by letter, as those of a language that it has not learned.
    """

    label: str
    score: float
    scores: dict[str, float]
    unsure: bool = False


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
        texts = [text.strip() for text in texts]
        if not texts:
            return []
        rows = self.model.probabilities(texts)
        vague = (_spread(rows) > UNSURE_SPREAD).tolist()
        found = []
        for text, row, unsure, spelled in zip(texts, rows.tolist(), vague, self._spelled_out(texts), strict=True):
            said = says_something(text)
            if not said and NEUTRAL in self.labels:
                row = [float(label == NEUTRAL) for label in self.labels]
            scores = dict(zip(self.labels, row, strict=True))
            label = max(scores, key=scores.__getitem__)
            found.append(Sentiment(label, scores[label], scores, not said or unsure or spelled))
        return found

    def _spelled_out(self, texts: list[str]) -> list[bool]:
        """Of each text, whether most of its words are no tokens but are put together from parts, letters or bytes."""
        tokenizer = self.model.tokenizer
        words = [_WORD.findall(text[:SPELLING_READ]) for text in texts]
        distinct = list({word for some in words for word in some})
        encoded = zip(distinct, tokenizer.encode_batch(distinct), strict=True)
        parts = {word: sum(tokenizer.token(i) not in CASE for i in ids) for word, ids in encoded}
        return [sum(parts[word] > 1 for word in some) > SPELLED_SHARE * len(some) for some in words]

    def explain(self, text: str, label: str | None = None) -> list[tuple[str, float]]:
        """The text's words and gaps, each with its weight for `label` (gradient times input, in logits).

        Raises as a call does, and `UserError` for a label that the model does not have.
        """
        check_text(text, *(() if label is None else (label,)))
        return self.model.explain(text, label)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(labels={self.labels})"


def says_something(text: str) -> bool:
    """Return whether there is a word, a number, an emoji or a smiley in a text beside web addresses and "n/a"."""
    text = _ADDRESS.sub("", text)
    if _NO_ANSWER.fullmatch(text.strip()):
        return False
    return any(c.isalnum() for c in text) or any(sign in text for sign in _PICTURES)


def _spread(probabilities: Array) -> Array:
    """Probabilities (N, C) -> their entropy (N,), as a share of the greatest that there can be."""
    entropy = -(probabilities * np.log(probabilities.clip(1e-12))).sum(1)
    return np.asarray(entropy / np.log(max(probabilities.shape[1], 2)))
