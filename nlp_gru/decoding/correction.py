"""Which known words somebody may have meant: those a slip away from the letters typed, weighed by the language model.

    P(word | context, typed)  ~  P(word | context) · P(typed | word)

The second factor is a price of `nlp_gru.text.slips`. The first is the model's probability of the word's first token
times the share of the word among all known words that begin with this token, so that a thousand candidates cost no step
of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.text.slips import PRICES, Prices, key, letter_number, slips
from nlp_gru.text.word_list import WordList

UNFINISHED = 0.2  # of a word with letters to come, against one that has all
RARE = 0.02  # the share of the mixture that knows how often a word is used, but not the context
SHORTEST, SHORTEST_FOR_TWO = 3, 5  # letters typed from which all slips are looked for, and two slips
COMPARED = 150  # words at most that are compared letter by letter for two slips
UNLIKELY = 1e-7  # the best whole word below which two slips are looked for
SECOND = 0.3  # that of two slips neither is a likely one, against the product of two likely ones


@dataclass(frozen=True)
class Meant:
    """A known word that may have been meant. place: in the word list; p: P(word | context) · P(typed | word); whole: no
    letters of it are to come."""

    place: int
    p: float
    whole: bool


class Corrector:
    """Candidates of a word list for what has been typed."""

    def __init__(self, words: WordList, layout: str = "qwerty", prices: Prices = PRICES):
        self.words, self.layout, self.prices = words, layout, prices

    def meant(self, typed: str, p: Array, k: int, whole: bool = False) -> list[Meant]:
        """Return the k likeliest words, best first, that are one slip away from `typed` or begin so; where there is
        none, two.

        p: (W,) probability of each known word here. whole: none with letters to come.
        """
        folded, bare = typed.casefold(), key(typed)
        if not bare or folded.endswith("'"):  # behind an apostrophe a letter is to come
            return []
        found = self._ranges(folded, bare, whole)
        ranked = self._ranked(found, p, len(bare), k, whole)
        if len(bare) >= SHORTEST_FOR_TWO and max((m.p for m in ranked if m.whole), default=0.0) < UNLIKELY:
            seen = {m.place for m in ranked}
            ranked += [m for m in self._two_slips(bare, p, k) if m.place not in seen]
            ranked.sort(key=lambda m: -m.p)
        # What goes on with the letters as they stand is a completion, no correction.
        return [m for m in ranked if not self.words.folded[m.place].startswith(folded)][:k]

    def completions(self, typed: str, p: Array, k: int) -> list[Meant]:
        """Return the k likeliest words that go on with `typed` as it stands. p: as in `meant`."""
        folded = typed.casefold()
        low, high = self.words.starting_with(key(folded))
        places = [low + int(i) for i in np.argsort(-p[low:high], kind="stable")[: 4 * k]]
        fitting = [place for place in places if self.words.folded[place].startswith(folded)][:k]
        return [Meant(place, float(p[place]), self.words.folded[place] == folded) for place in fitting]

    def _ranges(self, folded: str, bare: str, whole: bool) -> list[tuple[int, int, float, int]]:
        """(low, high, price, letters that match) of the words that each reading of `bare` begins."""
        apostrophe = self.prices.misplaced if "'" in folded else self.prices.apostrophe
        found: list[tuple[int, int, float, int]] = []
        low, high = self.words.starting_with(bare)
        if low < high:
            found.append((low, high, apostrophe, len(bare)))
        if len(bare) < 2:
            return found
        best: dict[str, float] = {}
        for text, price in slips(bare, self.prices, self.layout, cheap=len(bare) < SHORTEST):
            if price > best.get(text, 0.0):
                best[text] = price
        if "'" in folded:
            best = {text: price * self.prices.misplaced for text, price in best.items()}
        for text, price in best.items():
            low, high = self.words.starting_with(text)
            if low < high:
                found.append((low, high, price, len(text)))
        return found

    def _ranked(
        self, found: Sequence[tuple[int, int, float, int]], p: Array, n: int, k: int, whole: bool
    ) -> list[Meant]:
        if not found:
            return []
        lows, highs, prices, sizes = (np.array(column) for column in zip(*found, strict=True))
        count = highs - lows
        start = np.repeat(lows - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
        places = np.arange(count.sum()) + start  # (N,)
        complete = self.words.lengths[places] == np.repeat(sizes, count)
        score = p[places] * np.repeat(prices, count) * np.where(complete, 1.0, 0.0 if whole else UNFINISHED)
        # A word may come several times, and some are completions.
        most = min(3 * k + 20, len(score))
        top = np.argpartition(-score, most - 1)[:most]
        top = top[np.argsort(-score[top], kind="stable")]
        result: dict[int, Meant] = {}
        for i in top.tolist():
            place = int(places[i])
            if score[i] > 0 and place not in result:
                result[place] = Meant(place, float(score[i]), bool(complete[i]))
        return list(result.values())

    def _two_slips(self, bare: str, p: Array, k: int) -> list[Meant]:
        """Whole words two slips away: those with nearly the same letters, compared one by one."""
        letters = np.zeros(27, np.int16)
        np.add.at(letters, [letter_number(c) for c in bare], 1)
        near = np.abs(self.words.lengths - len(bare)) <= 2
        places = np.flatnonzero(near)
        places = places[np.abs(self.words.letters[places] - letters).sum(1) <= 4]
        if len(places) > COMPARED:
            places = places[np.argpartition(-p[places], COMPARED)[:COMPARED]]
        found = []
        for place in places.tolist():
            price = self._distance(bare, self.words.keys[place])
            if price:
                found.append(Meant(place, float(p[place]) * price, True))
        return sorted(found, key=lambda m: -m.p)[:k]

    def _distance(self, typed: str, word: str) -> float:
        """The price of two slips between the two, 0 where it takes more."""
        slips_needed = distance(typed, word, 2)
        if slips_needed > 2:
            return 0.0
        first = 1.0 if typed[0] == word[0] else self.prices.first
        return first * (SECOND * self.prices.single if slips_needed == 2 else 1.0) * self.prices.single


def distance(a: str, b: str, most: int) -> int:
    """Return how many letters are swapped, missing, superfluous or wrong between two words; what is more than `most` is
    `most` + 1."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            value = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if last and j > 1 and x == b[j - 2] and a[i - 2] == y:
                value = min(value, last[j - 2] + 1)
            row.append(value)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
