"""Slips of the fingers: what somebody may have meant who typed something else, and how likely each slip is.

A noisy channel (Kernighan, Church & Gale 1990, https://aclanthology.org/C90-2036): the probability of what was typed,
given what was meant, is the price of the one slip between them. The prices are those of one slip at one place, not of a
kind as a whole.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache, lru_cache

# The rows of letters of each layout. A key's neighbours stand beside it, and above and below within one place.
LAYOUTS = {
    "qwerty": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "qwertz": ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "azerty": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    "dvorak": ("   pyfgcrl", "aoeuidhtns", " qjkxbmwvz"),
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
APOSTROPHES = "’‘`´ʼ‛′＇"
_VOWELS = "aeiouy"
_PLAIN = str.maketrans({sign: "'" for sign in APOSTROPHES})


@dataclass(frozen=True)
class Prices:
    """The probability of each kind of slip at its place."""

    swapped: float = 6e-3  # hvae
    doubled: float = 6e-3  # havve
    single: float = 1e-2  # hapy: one letter where there are two alike
    missing: float = 4e-3  # hve
    neighbour: float = 2e-3  # hsve
    vowel: float = 1.5e-3  # definately
    beside: float = 6e-4  # hasve: a neighbour's key was touched as well
    superfluous: float = 1e-4  # hapve
    other: float = 6e-5  # hkve
    first: float = 0.5  # the first letter is seldom wrong: what the other prices are multiplied by there
    apostrophe: float = 0.3  # dont
    misplaced: float = 0.03  # do'nt, was't

    def __post_init__(self) -> None:
        assert all(0 < getattr(self, f.name) <= 1 for f in fields(self))


PRICES = Prices()


def one_apostrophe(text: str) -> str:
    """Return the text with the plain apostrophe for all of its kinds."""
    return text if text.isascii() and "`" not in text else text.translate(_PLAIN)


@lru_cache(maxsize=1 << 12)
def key(word: str) -> str:
    """Return what is typed of a word in a hurry: small letters without apostrophes and accents."""
    word = one_apostrophe(word).casefold().replace("'", "")
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def letter_number(letter: str) -> int:
    """Return 0 to 25 for a to z, 26 for the rest."""
    return ord(letter) - 97 if "a" <= letter <= "z" else 26


@cache
def neighbours(layout: str) -> dict[str, str]:
    """Return the letters around each letter of a layout of `LAYOUTS`."""
    rows = LAYOUTS[layout]
    found = {}
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            # A row stands half a key to the right of the one above it.
            near = [(y, x - 1), (y, x + 1), (y - 1, x), (y - 1, x + 1), (y + 1, x - 1), (y + 1, x)]
            if letter == " ":
                continue
            found[letter] = "".join(
                rows[j][i] for j, i in near if 0 <= j < len(rows) and 0 <= i < len(rows[j])
            ).replace(" ", "")
    return found


@lru_cache(maxsize=1 << 12)
def _instead(letter: str, prices: Prices, layout: str) -> list[tuple[str, float]]:
    """Every other letter, and what typing `letter` for it costs."""
    around = neighbours(layout).get(letter, "")
    found = []
    for other in LETTERS:
        price = prices.neighbour if other in around else prices.other
        if letter in _VOWELS and other in _VOWELS:
            price = max(price, prices.vowel)
        if other != letter:
            found.append((other, price))
    return found


def slips(
    typed: str, prices: Prices = PRICES, layout: str = "qwerty", cheap: bool = False
) -> Iterator[tuple[str, float]]:
    """Yield (what may have been meant, price), for one slip; the same text may come more than once.

    typed: a `key`. cheap: only letters that were swapped. A letter left out at the end is none: it is still to be
    typed.
    """
    near = neighbours(layout)
    for i in range(len(typed) - 1):
        if typed[i] != typed[i + 1]:
            yield typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :], prices.swapped * (1 if i else prices.first)
    if cheap:
        return
    for i, letter in enumerate(typed):
        before, after = typed[:i], typed[i + 1 :]
        weight = 1.0 if i else prices.first
        beside = typed[i - 1 : i] + after[:1]
        if letter == typed[i - 1 : i]:
            yield before + after, prices.doubled
        else:
            touched = any(letter in near.get(other, "") for other in beside)
            yield before + after, weight * (prices.beside if touched else prices.superfluous)
        for other, price in _instead(letter, prices, layout):
            yield before + other + after, weight * price
            if i and other == typed[i - 1]:
                continue  # the same text as a letter typed once for twice, below
            yield before + other + typed[i:], weight * prices.missing
        if i:
            yield before + letter + typed[i:], prices.single
