"""Words by their letters, for the bot of questions and answers: a typing error changes a word's vector little.

A word is a bag of its letter n-grams, hashed to a unit vector; a text is the sum of its words, each weighed by how rare
it is in ordinary questions and in the bot's own.
"""

from __future__ import annotations

import difflib
import math
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.text.slips import LETTERS, PRICES, slips
from nlp_gru.text.word_list import english_words

SIZE = 1024  # of a word's vector
LONGEST_WORD, MOST_WORDS = 40, 60  # letters of a word and words of a text that count
ALIKE = 0.45  # the cosine of two words from which they count as the same one, spelled or inflected otherwise
MIN_CORRECTED = 3  # letters of a word that may be corrected, to one of the bot's own that is longer
MIN_USUAL = 4  # letters of a word that may be corrected to any usual one
MIN_SWAPPED = 5  # letters of a usual word that may be one of the bot's own with two letters swapped: "trail version"
MIN_TWO_SLIPS = 7  # letters of a word that may have more than one slip
CLOSE = 0.8  # difflib's ratio for those
OWN_ROWS = 20.0  # rows by which the frequencies of a small file are held back
SHORTHAND = {
    "u": "you",
    "r": "are",
    "ur": "your",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "wanna": "want to",
    "gonna": "going to",
    "gimme": "give me",
    "wat": "what",
    "wot": "what",
    "coz": "because",
    "hrs": "hours",
    "tmrw": "tomorrow",
    "nr": "number",
    "addr": "address",
    "tel": "telephone",
}
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text in small letters, in order."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(text.casefold())[:MOST_WORDS]]


class Words:
    """What is known of words: how rare each is, its vector, and what a misspelled one was meant to be."""

    def __init__(
        self,
        background: Mapping[str, int],
        background_rows: int,
        own: Iterable[Sequence[str]],
        usual: Collection[str] | None = None,
    ):
        """own: the words of each of the bot's texts; usual: words that are not taken for misspelled ones, English if
        not given."""
        self.usual = english_words() if usual is None else usual
        self.background, self.background_rows = background, background_rows
        self.own: Counter[str] = Counter()
        self.rows = 0
        for some in own:
            self.own.update(set(some))
            self.rows += 1
        self._vectors: dict[str, Array] = {}

    def weight(self, word: str) -> float:
        """From about 0.5, a word of every question, to about 8, a word that nobody used."""
        usual = (self.background.get(word, 0) + 0.5) / (self.background_rows + 1)
        here = self.own.get(word, 0) / (self.rows + OWN_ROWS)
        return -math.log(min(0.5 * usual + 0.5 * here, 0.6))

    def vector(self, word: str) -> Array:
        """(SIZE,) float32, a unit vector."""
        found = self._vectors.get(word)
        if found is None:
            marked = f" {word} "
            grams = [marked, *(marked[i : i + n] for n in (2, 3, 4, 5) for i in range(len(marked) - n + 1))]
            hashes = np.array([zlib.crc32(gram.encode()) for gram in grams])
            found = np.zeros(SIZE, np.float32)
            np.add.at(found, hashes % SIZE, np.where((hashes >> 16) & 1, 1, -1).astype(np.float32))
            found /= max(float(np.linalg.norm(found)), 1e-9)
            if len(self._vectors) < 50_000:
                self._vectors[word] = found
        return found

    def texts(self, split: Sequence[Sequence[str]]) -> Array:
        """The words of N texts -> (N, SIZE) float32, unit vectors; zeros where there is no word."""
        result = np.zeros((len(split), SIZE), np.float32)
        for i, some in enumerate(split):
            for word in dict.fromkeys(some):
                result[i] += self.weight(word) * self.vector(word)
        return unit_rows(result)

    def corrected(self, text: str) -> str:
        """The text with unknown words replaced by known ones that are a slip away; as it was where there are none."""

        def known(match: re.Match[str]) -> str:
            word = match[0].casefold()
            if word in SHORTHAND and word not in self.own:
                return SHORTHAND[word]
            return self._meant(word) or match[0]

        return _WORD.sub(known, text)

    def _meant(self, word: str) -> str:
        """The known word that an unknown one is a slip away from; "" where there is none. The bot's own come first."""
        size = len(word)
        if (
            not MIN_CORRECTED <= size <= LONGEST_WORD
            or not word.isalpha()
            or word in self.own
            or word in self.background
        ):
            return ""
        if word in self.usual or (size > MIN_USUAL and word[-1] == "s" and word[:-1] in self.usual):
            swapped = [meant for meant, _ in slips(word, cheap=True) if size >= MIN_SWAPPED and meant in self.own]
            return swapped[0] if swapped else ""
        near = _one_slip(word)
        if found := [w for w in near if w in self.own and (size >= MIN_USUAL or len(w) > size)]:
            return max(found, key=lambda w: near[w])
        if size >= MIN_USUAL and (found := [w for w in near if w in self.background]):
            return max(found, key=lambda w: near[w] * self.background[w])
        if size >= MIN_USUAL and (found := [w for w in near if w in self.usual]):
            return max(found, key=lambda w: near[w])
        if size >= MIN_TWO_SLIPS:
            some = [w for w in self.own if abs(len(w) - size) <= 2 and w[0] == word[0] and len(w) > MIN_USUAL]
            return next(iter(difflib.get_close_matches(word, some, 1, CLOSE)), "")
        return ""


def _one_slip(word: str) -> dict[str, float]:
    """What may have been meant by a word in which one letter is left out, added, wrong or swapped, each with its
    price."""
    found: dict[str, float] = {}
    ends = [
        (word[0] + word, PRICES.single),
        *((word + c, PRICES.single if c == word[-1] else PRICES.missing) for c in LETTERS),
    ]
    for meant, price in (*slips(word), *ends):
        found[meant] = max(found.get(meant, 0.0), price)
    return found


class Coverage:
    """How much of a question's words each of C texts has, in whatever spelling."""

    def __init__(self, known: Words, split: Sequence[Sequence[str]]):
        """split: the words of each text."""
        self.known, self.count = known, len(split)
        vocabulary = {word: i for i, word in enumerate(dict.fromkeys(w for some in split for w in some))}
        self.matrix = np.stack([known.vector(w) for w in vocabulary]) if vocabulary else np.zeros((0, SIZE), np.float32)
        sets = [sorted({vocabulary[w] for w in some}) for some in split]
        self.filled = np.flatnonzero([bool(s) for s in sets])
        self.places = (
            np.concatenate([np.array(s, np.int64) for s in sets if s]) if len(self.filled) else np.zeros(0, np.int64)
        )
        self.starts = np.cumsum([0, *(len(sets[i]) for i in self.filled)])[:-1]

    def __call__(self, asked: Sequence[str]) -> Array:
        """The words of a question -> (C,), the share of their weight that each text has, from 0 to 1."""
        result = np.zeros(self.count)
        different = list(dict.fromkeys(asked))
        if not different or not len(self.filled):
            return result
        weights = np.array([self.known.weight(w) for w in different])
        alike = np.stack([self.known.vector(w) for w in different]) @ self.matrix.T  # (words, vocabulary)
        alike = np.where(alike >= ALIKE, alike, 0.0)
        best = np.maximum.reduceat(alike[:, self.places], self.starts, axis=1)  # (words, filled)
        result[self.filled] = weights @ best / weights.sum()
        return result
