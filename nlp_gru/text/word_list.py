"""The words that a keyboard knows, with how often they are used, and those that it never offers.

Both files stand in the folder of the bundled model; a folder of one's own needs neither. Words are packed as sorted
lines, each with its count as a logarithm, and compressed. The blocklist holds sums (SHA-256, the first 8 bytes) of
words in small letters, for nobody wants to read them; `data/words.py` and `data/blocklist.py` write the two.
"""

from __future__ import annotations

import bisect
import hashlib
import math
import zlib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.errors import MAX_WORD_LIST, MAX_WORD_LIST_BYTES, UserError
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.model_folder.files import read_bytes
from nlp_gru.text.canonical import TITLE, UPPER, canonical
from nlp_gru.text.slips import key, letter_number
from nlp_gru.text.tokenizer import Tokenizer

WORDS_FILE = "words.bin"
STEPS = 8  # of the logarithm, for each factor of e
SUM_BYTES = 8
ENCODED = 2000  # words at once


class WordList:
    """Words in the order of their keys (`nlp_gru.text.slips.key`): those that begin with the same letters stand
    together."""

    def __init__(self, counts: Mapping[str, int]):
        """counts: how often each word is used, by its usual spelling."""
        self.words = sorted(counts, key=lambda word: (key(word), word))
        # Most words are written as they are looked up: one string stands for all three.
        self.keys = [_same(word, key(word)) for word in self.words]
        self.folded = [_same(word, word.casefold()) for word in self.words]
        self.counts = np.array([max(counts[word], 1) for word in self.words], np.float64)  # (W,)
        self.place = {folded: i for i, folded in enumerate(self.folded)}
        self._first: tuple[Tokenizer, Array, Array] | None = None

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word.casefold() in self.place

    @cached_property
    def shares(self) -> Array:
        """(W,) the share of each word in all that is written."""
        return np.asarray(self.counts / max(self.counts.sum(), 1.0))

    @cached_property
    def lengths(self) -> Array:
        """(W,) letters of each key."""
        return np.array([len(k) for k in self.keys], np.int64)

    @cached_property
    def letters(self) -> Array:
        """(W, 27) how often each key has each letter from a to z, and others."""
        codes = np.array([letter_number(c) for c in "".join(self.keys)], np.int64)
        rows = np.repeat(np.arange(len(self)), self.lengths)
        found = np.zeros((len(self), 27), np.int16)
        np.add.at(found, (rows, codes), 1)
        return found

    def starting_with(self, start: str) -> tuple[int, int]:
        """Return the half-open range of the words whose keys begin with `start`."""
        low = bisect.bisect_left(self.keys, start)
        if low == len(self.keys) or not self.keys[low].startswith(start):
            return low, low
        return low, bisect.bisect_left(self.keys, start + "\U0010ffff", low)

    def first_tokens(self, tokenizer: Tokenizer) -> tuple[Array, Array]:
        """Return (W,) the id of each word's first token behind a blank, whatever its capitals, and (W,) the share of
        the word among all that begin with this token: an estimate of the word's probability, given the token, that
        costs no step."""
        if self._first is None or self._first[0] is not tokenizer:
            first = np.zeros(len(self), np.int64)
            for at in range(0, len(self), ENCODED):  # what is made of them all at once would take 30 MB
                forms = [_small(word) for word in self.words[at : at + ENCODED]]
                encoded = tokenizer.backend.encode_batch_fast(forms, add_special_tokens=False)
                first[at : at + ENCODED] = [e.ids[0] if e.ids else 0 for e in encoded]
            total = np.bincount(first, self.counts, len(tokenizer)) if len(self) else np.zeros(len(tokenizer))
            self._first = tokenizer, first, np.asarray(self.counts / np.maximum(total[first], 1.0))
        return self._first[1], self._first[2]

    def packed(self) -> bytes:
        """Return the bytes of the file that `load` reads."""
        levels = np.rint(STEPS * np.log(self.counts)).astype(int)
        lines = [f"{word} {level}" for word, level in zip(self.words, levels, strict=True)]
        return zlib.compress("\n".join(lines).encode(), 9)

    @classmethod
    def load(cls, path: str | Path) -> WordList:
        """Read a file of `packed`. Raises `UserError` when it is missing or not one of ours."""
        levels = unpacked(Path(path))
        return cls({word: round(math.exp(min(level, 40 * STEPS) / STEPS)) for word, level in levels.items()})


def unpacked(path: Path) -> dict[str, int]:
    """Return a file's words with the logarithms of their counts. Raises `UserError` as `WordList.load`."""
    unpack = zlib.decompressobj()
    try:
        text = unpack.decompress(read_bytes(path, MAX_WORD_LIST_BYTES), MAX_WORD_LIST_BYTES).decode()
        if not unpack.eof:
            raise ValueError("it does not end")
        lines = text.split("\n") if text else []
        if len(lines) > MAX_WORD_LIST:
            raise ValueError(f"more than {MAX_WORD_LIST:,} words")
        rows = (line.split(" ") for line in lines)
        return {word: int(level) for word, level in rows if word}
    except (zlib.error, ValueError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"{path}: not a list of words ({error})") from None


def _same(word: str, form: str) -> str:
    """The form, as the very string that the word is where it reads the same."""
    return word if form == word else form


def _small(word: str) -> str:
    """The canonical form behind a blank, without the token that says it has capitals: "▁monday"."""
    if word.isascii() and word.islower() and word.isalpha():
        return "▁" + word
    return canonical(word).removeprefix(TITLE).removeprefix(UPPER)


class Blocklist:
    """Words that are not offered, by their sums."""

    def __init__(self, sums: bytes):
        if len(sums) % SUM_BYTES:
            raise UserError("not a blocklist: a part of a sum is missing")
        self.sums = frozenset(sums[i : i + SUM_BYTES] for i in range(0, len(sums), SUM_BYTES))

    def __contains__(self, word: str) -> bool:
        return checksum(word) in self.sums

    @classmethod
    @cache
    def bundled(cls) -> Blocklist:
        """Return the one that comes with the package."""
        return cls((PRETRAINED / "blocklist.bin").read_bytes())


def checksum(word: str) -> bytes:
    """Return the first bytes of the SHA-256 of a word in small letters, without a possessive's ending."""
    folded = word.casefold().replace("’", "'").removesuffix("'s").strip("'")
    return hashlib.sha256(folded.encode("utf-8", "replace")).digest()[:SUM_BYTES]


def pack_blocklist(words: Iterable[str]) -> bytes:
    """Return the bytes of a blocklist, in an order that tells nothing."""
    return b"".join(sorted({checksum(word) for word in words}))


@cache
def english_words() -> frozenset[str]:
    """Return the words of the bundled list in small letters, without what else a keyboard needs to know of them."""
    return frozenset(word.casefold() for word in unpacked(PRETRAINED / "next_word" / WORDS_FILE))


@cache
def bundled_words(folder: Path) -> WordList | None:
    """Return the list of a model folder, each read once; None where there is none. Raises `UserError` as
    `WordList.load`."""
    path = folder / WORDS_FILE
    return WordList.load(path) if path.is_file() else None
