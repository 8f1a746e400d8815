"""Phrases: up to four words ahead in one suggestion, where the model is sure of them or a set phrase has been begun.

A phrase of the model grows word by word, each the likeliest after those before, and its probability is their product.
It is shown only above a bar, as those of Smart Compose are (Chen et al. 2019, https://arxiv.org/abs/1906.00080): most
often nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp_gru.decoding.word_search import WordSearch
from nlp_gru.tools.keyboard.known_words import KnownWords
from nlp_gru.tools.keyboard.memory import Memory, sentences
from nlp_gru.tools.keyboard.set_phrases import SET_PHRASES

MOST_WORDS = 4
# The probability from which a phrase of the model is shown: on 270 rows that are not measured, half were right. And
# that for the rest of a set phrase: of those shown in dialogues that are not trained on, six of ten were right.
SURE, SET_SURE = 0.4, 0.5
SET_BEGUN, SET_LONGEST = 2, 12  # words of a set phrase that must stand there; those that are looked at
LETTER = 8.0  # what a letter typed that fits a set phrase adds to its odds
MOST_LETTERS = 4  # of them
LOOKED_AT = 200  # characters before the word
ROUNDS = 2  # steps of the model for one word, at most
_WORD = re.compile(r"[^\W\d_][\w'\-]*")


@dataclass(frozen=True)
class SetPhrase:
    """words: those that go on; shares: the probability of the first of them, of the first two, and so on."""

    words: tuple[str, ...]
    shares: tuple[float, ...]


@cache
def set_phrases() -> Mapping[str, Sequence[SetPhrase]]:
    """Return how set phrases go on, by the words that stand there, in small letters and joined by blanks."""
    found: dict[str, list[SetPhrase]] = {}
    for line in SET_PHRASES.split("\n"):
        if line:
            begun, words, shares = line.split("|")
            one = SetPhrase(tuple(words.split(" ")), tuple(int(share) / 100 for share in shares.split(" ")))
            found.setdefault(begun, []).append(one)
    return found


def set_phrase(context: str, prefix: str, least: float = SET_SURE) -> tuple[list[str], float]:
    """Return the words, two at least, that go on with a set phrase, and their probability where it is `least` or more:
    those that may be expected to save most letters; none and 0 where there are none. prefix: the letters typed of the
    first."""
    last = next(reversed(list(sentences(context[-LOOKED_AT:], keep_empty=True))), [])
    folded, letters = [word.casefold() for word in last], prefix.casefold()
    best: tuple[list[str], float] = [], 0.0
    for n in range(min(len(folded), SET_LONGEST), SET_BEGUN - 1, -1):
        for phrase in set_phrases().get(" ".join(folded[-n:]), ()):
            first = phrase.words[0].casefold()
            if not first.startswith(letters) or first == letters:
                continue
            odds = phrase.shares[0] / (1 - min(phrase.shares[0], 0.99)) * LETTER ** min(len(letters), MOST_LETTERS)
            more = odds / (1 + odds) / phrase.shares[0]
            for size in range(2, len(phrase.words) + 1):
                words, p = list(phrase.words[:size]), min(more * phrase.shares[size - 1], 1.0)
                if p >= least and _worth(words, p) > _worth(*best):
                    best = words, p
        if best[0]:
            break  # what fits more words fits better
    return best


def _worth(words: Sequence[str], p: float) -> float:
    """The letters that a phrase may be expected to write."""
    return p * sum(map(len, words))


class Ahead:
    """Grows phrases with a search of its own, which keeps its states while the keyboard's keeps those of single
    words."""

    def __init__(self, search: WordSearch, known: KnownWords, memory: Memory):
        self.search, self.known, self.memory = search, known, memory

    def grown(self, context: str, word: str, p: float, least: float = SURE) -> tuple[list[str], float]:
        """Return the phrase, of two to `MOST_WORDS` words, that `word`, of probability p after `context`, begins, and
        its probability, where that is `least` or more: the one that may be expected to save most letters; else none and
        0."""
        found: tuple[list[str], float] = [], 0.0
        words = [word]
        while p >= least and words[-1]:
            if len(words) > 1 and _worth(words, p) > _worth(*found):
                found = list(words), p
            if len(words) == MOST_WORDS:
                break
            following, share = self._next(f"{context}{' '.join(words)} ")
            words.append(following)
            p *= share
        return found

    def _next(self, context: str) -> tuple[str, float]:
        """The likeliest word and its probability among all that may follow, marks and the end too."""
        found = self.search.search(context, "", 1, rounds=ROUNDS, known=self.known.knows)
        share = self.memory.trust(context)
        scores = {word: (1 - share) * p for word, p in found.p.items() if self.known.knows(word)}
        spelling = {word: text for word, (_, text) in found.spelling.items()}
        for word, p in self.memory.words(context, "", 1).items():
            scores[word] = scores.get(word, 0.0) + p
            spelling.setdefault(word, self.memory.spelling.get(word, word))
        usual, p = self.memory.usual(context)
        if p > scores.get(usual, 0.0):
            scores[usual] = p
            spelling.setdefault(usual, self.memory.spelling.get(usual, usual))
        p, word = max(((p, word) for word, p in scores.items() if self.fits(word)), default=(0.0, ""))
        return (self.known.written(word, spelling[word]) if word else ""), p

    def fits(self, word: str) -> bool:
        """Whether a word, in small letters, may stand in a phrase."""
        return _WORD.fullmatch(word) is not None and self.known.may_offer(word)
