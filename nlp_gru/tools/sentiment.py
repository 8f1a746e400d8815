"""The Python API of sentiment: a text's class and how sure it is, and which words decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import overload

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.errors import MAX_BATCH, UserError, check_text, check_texts, shortened, whole_number
from nlp_gru.text.emoji import EMOJI, SIGNS
from nlp_gru.text.tokenizer import CASE
from nlp_gru.tools.protocols import SentimentModel

NEUTRAL = "neutral"
UNSURE_SPREAD = 0.9  # of the entropy of all classes alike; for three, about 0.55 for the likeliest
SPELLED_SHARE = 0.6  # of the words; texts of a language that the tokenizer has learned stay below a third
SPELLING_READ = 500  # characters that are looked at
MAX_EXPLAINED = 400  # words, the first of a text
READ_TOGETHER = 30  # words of a sentence at most, of which each is left out once
READ_CHARACTERS = 1000
_PART = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]+")
_SENTENCE_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")
_WORD = re.compile(r"[^\W\d_]{3,}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_NO_ANSWER = re.compile(r"(?:n/?a|none|-+)\.?", re.IGNORECASE)
_PICTURES = tuple(sign for sign in EMOJI if not sign.isalnum() and sign not in SIGNS)


Span = tuple[int, int]


@dataclass(frozen=True)
class Sentiment:
    """label: the likeliest class; score: its probability; scores: every class's, summing to 1.

    unsure: that the classes are nearly equally likely, or that there is nothing in the text that the model could judge:
    no word and no emoji, or words that it has to spell out letter by letter, as those of a language that it has not
    learned.
    """

    label: str
    score: float
    scores: dict[str, float]
    unsure: bool = False


class SentimentAnalyser:
    """Judges texts: `analyse(text)` gives a `Sentiment`, `analyse(texts)` a list of them in the same order.

    Every string has an answer, the empty one too. Raises `TypeError` for what is not text, `UserError` for a text of
    more than a million characters.
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
        """The text's words and gaps, each with how far (in logits) it lifts `label`, by default the likeliest, above
        the others' mean.

        Each sentence is read by itself, whole and with one of its words left out. Gaps, punctuation and words after the
        first 400 weigh 0; the strings join to the text. Raises as a call does, and `UserError` for a label that the
        model does not have.
        """
        check_text(text, *(() if label is None else (label,)))
        if label is None:
            label = self(text).label
        if label not in self.labels:
            raise UserError(f"unknown label {shortened(label)}; the model has {', '.join(self.labels[:20])}")
        parts = [part.span() for part in _PART.finditer(text)]
        words = [i for i, (start, end) in enumerate(parts) if _says(text[start:end])]
        stop = parts[words[MAX_EXPLAINED]][0] if len(words) > MAX_EXPLAINED else len(text)
        words = words[:MAX_EXPLAINED]
        versions: list[str] = []  # the texts to read: each sentence, and those without one of its words
        of_word: list[tuple[int, int]] = []  # of each word, which of them is its sentence and which the one without it
        for start, end, own in _sentences(text, [parts[i] for i in words], stop):
            whole = len(versions)
            versions.append(text[start:end].strip())
            for a, b in own:
                of_word.append((whole, len(versions)))
                versions.append((text[start:a] + text[b:end]).strip())
        lifted = self._lifted(versions, label)
        weights = dict(zip(words, (lifted[i] - lifted[j] for i, j in of_word), strict=True))
        found, at = [], 0
        for i, (start, end) in enumerate(parts):
            found += [(text[at:start], 0.0), (text[start:end], float(weights.get(i, 0.0)))]
            at = end
        return [(part, weight) for part, weight in [*found, (text[at:], 0.0)] if part]

    def _lifted(self, texts: list[str], label: str) -> Array:
        """(N,) how far the logit of `label` lies above the mean of the others'."""
        if not texts:
            return np.zeros(0)
        logits = np.log(self.model.probabilities(texts).clip(1e-9))
        own = logits[:, self.labels.index(label)]
        return np.asarray(own - (logits.sum(1) - own) / (logits.shape[1] - 1))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(labels={self.labels})"


def says_something(text: str) -> bool:
    """Return whether there is a word, a number, an emoji or a smiley in a text beside web addresses and "n/a"."""
    text = _ADDRESS.sub("", text)
    if _NO_ANSWER.fullmatch(text.strip()):
        return False
    return _says(text)


def _says(part: str) -> bool:
    """Whether a part of a text is a word, a number, an emoji or a smiley."""
    return any(c.isalnum() for c in part) or any(sign in part for sign in _PICTURES)


def _sentences(text: str, words: Sequence[Span], stop: int) -> Iterator[tuple[int, int, list[Span]]]:
    """Start, end and words of each sentence that holds one, up to `stop`; what is long is cut between two words."""
    own: list[Span] = []
    for word in words:
        if own:
            gap = text[own[-1][1] : word[0]]
            if _SENTENCE_ENDS.search(gap) or len(own) == READ_TOGETHER or word[1] - own[0][0] > READ_CHARACTERS:
                yield own[0][0], own[-1][1] + min(len(gap), READ_CHARACTERS), own
                own = []
        own.append(word)
    if own:
        yield own[0][0], min(stop, own[-1][1] + READ_CHARACTERS), own


def _spread(probabilities: Array) -> Array:
    """Probabilities (N, C) -> their entropy (N,), as a share of the greatest that there can be."""
    entropy = -(probabilities * np.log(probabilities.clip(1e-12))).sum(1)
    return np.asarray(entropy / np.log(max(probabilities.shape[1], 2)))
