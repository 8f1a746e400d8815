"""What a keyboard learns from its user: counts of words and of the words before them, kept on this device alone.

Each match of the last one or two words gives its own estimate, trusted the more the oftener it was seen; the estimates
are mixed with the model's, as a cache language model is (Kuhn & De Mori 1990). Nothing is written unless `save` is
called.
"""

from __future__ import annotations

import os
import re
import tempfile
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from nlp_gru.errors import MAX_MEMORY_BYTES
from nlp_gru.model_folder.files import read
from nlp_gru.model_folder.options import Strict
from nlp_gru.text.tokenizer import valid_unicode
from nlp_gru.tools.keyboard.private import without_secrets

START = ""  # stands before the first word of a sentence
LONGEST = 40  # characters; what is longer is no word. All words together stay below MAX_MEMORY_BYTES in any script
CONTEXTS = 1_000_000  # in a file
ROW = 2000  # words after one context; the rarest are forgotten beyond
VOCABULARY = 50_000  # words in all
UNSEEN = 2  # times that something else may follow two words, beyond what was seen
_WORD = re.compile(r"\w(?:\S*\w)?")
Count = Annotated[int, Field(ge=1, le=1 << 40)]


class MemoryFile(Strict):
    """What the file holds: counts by context (the words before, joined by blanks) and word; the oldest contexts
    first."""

    format: Literal[1] = 1
    learned: int = Field(ge=0, le=1 << 40)
    counts: Annotated[dict[str, Annotated[dict[str, Count], Field(min_length=1)]], Field(max_length=CONTEXTS)]
    spelling: Annotated[dict[str, str], Field(max_length=2 * VOCABULARY)]


class Memory:
    """Counts of n-grams up to three words, the least recently used forgotten beyond `capacity` contexts."""

    # How far each order is trusted at most, and the number of sightings at which it is trusted by half; chosen among
    # ten settings on five people of the training chats.
    TRUST = ((0.03, 300.0), (0.05, 10.0), (0.2, 3.0))

    def __init__(self, capacity: int = 50_000):
        self.capacity = capacity
        self.forget()

    def forget(self) -> None:
        """Back to nothing."""
        self.learned = 0
        self.counts: dict[str, dict[str, int]] = {}
        self.spelling: dict[str, str] = {}  # casefolded word -> as it was last written inside a sentence

    def learn(self, text: str) -> None:
        """Count the words of `text`, but for what looks like a password or the number of a card or account."""
        for sentence in sentences(without_secrets(valid_unicode(text))):
            folded = [word.casefold() for word in sentence]
            padded = [START, START, *folded]
            for i, (word, key) in enumerate(zip(sentence, folded, strict=True)):
                if i or key not in self.spelling:  # a sentence's first word has a capital by its place alone
                    self.spelling[key] = word
                for order in range(3):
                    context = " ".join(padded[i + 2 - order : i + 2]) if order else "*"
                    row = self.counts.pop(context, {})
                    row[key] = row.get(key, 0) + 1
                    self.counts[context] = _without_the_rarest(row, VOCABULARY if context == "*" else ROW)
            self.learned += len(sentence)
            if len(self.counts) > 2 * self.capacity:
                self._forget_the_oldest(self.capacity)
        self._forget_the_oldest(self.capacity)

    def learned_words(self) -> list[tuple[str, int]]:
        """Each word as it was written and how often, the most frequent first."""
        counts = sorted(self.counts.get("*", {}).items(), key=lambda item: (-item[1], item[0]))
        return [(self.spelling.get(word, word), count) for word, count in counts]

    def delete(self, word: str) -> bool:
        """Forget one word, whatever its capitals, and what was learned of the words around it. Return whether it was
        known."""
        folded = word.strip().casefold()
        if not folded:
            return False  # an empty context stands for a sentence's start
        count = self.counts.get("*", {}).get(folded, 0)
        kept = {}
        for context, row in self.counts.items():
            if folded not in context.split(" "):
                row = {other: n for other, n in row.items() if other != folded}
                if row:
                    kept[context] = row
        self.counts = kept
        self.spelling.pop(folded, None)
        self.learned -= min(count, self.learned)
        return count > 0

    def _forget_the_oldest(self, most: int) -> None:
        """Keep at most so many contexts, among them that of a single word."""
        surplus = len(self.counts) - most
        for oldest in list(islice((key for key in self.counts if key != "*"), max(surplus, 0))):
            del self.counts[oldest]
        known = self.counts.get("*", {})
        if len(self.spelling) > len(known):
            self.spelling = {key: word for key, word in self.spelling.items() if key in known}

    def words(self, context: str, prefix: str, k: int) -> dict[str, float]:
        """Probabilities, under the mixture's memory part alone, of words seen before that begin with `prefix`."""
        if not self.learned:
            return {}
        rows = self._rows(context)
        prefix = prefix.casefold()
        result: dict[str, float] = {}
        for trust, row in rows:
            total = sum(row.values())
            for word, count in row.items():
                if word.startswith(prefix):
                    result[word] = result.get(word, 0.0) + trust * count / total
        return dict(sorted(result.items(), key=lambda item: -item[1])[: k + 20])

    def trust(self, context: str) -> float:
        """The share of the mixture that the memory gets after `context`, 0 to 1."""
        return sum(trust for trust, _ in self._rows(context)) if self.learned else 0.0

    def usual(self, context: str) -> tuple[str, float]:
        """Return the word that followed the last two most often, in small letters, and how sure it is to follow again;
        none and 0 where nothing did."""
        row = self.counts.get(" ".join(_padded(context)[-2:])) if self.learned else None
        if not row:
            return "", 0.0
        count, word = max((count, word) for word, count in row.items())
        return word, count / (sum(row.values()) + UNSEEN)

    def _rows(self, context: str) -> list[tuple[float, dict[str, int]]]:
        """(share, counts) of every order that has been seen after `context`; the longest match takes its share
        first."""
        padded = _padded(context)
        rest, rows = 1.0, []
        for order in (2, 1, 0):
            row = self.counts.get(" ".join(padded[len(padded) - order :]) if order else "*")
            if row:
                most, half = self.TRUST[order]
                seen = sum(row.values())
                share = rest * most * seen / (seen + half)
                rows.append((share, row))
                rest -= share
        return rows

    def save(self, path: str | Path) -> None:
        """Write the memory to `path`, in one step: an interrupted save leaves the old file.

        What is larger than `load` reads forgets its older half first.
        """
        path = Path(path)
        while len(data := self.as_json()) > MAX_MEMORY_BYTES:
            self._forget_the_oldest(len(self.counts) // 2)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".saving-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def as_json(self) -> bytes:
        """Return what `save` writes."""
        file = MemoryFile(learned=self.learned, counts=self.counts, spelling=self.spelling)
        return file.model_dump_json().encode()

    def load(self, path: str | Path) -> None:
        """Replace what is known by the file's. Raises `UserError`, changing nothing, when it is missing or damaged."""
        path = Path(path)
        file = read(MemoryFile, path, MAX_MEMORY_BYTES, "memory file")
        self.learned, self.counts, self.spelling = file.learned, file.counts, file.spelling
        self._forget_the_oldest(self.capacity)


def _padded(context: str) -> list[str]:
    """The words of the sentence that has begun, in small letters, behind what stands for its start."""
    last = next(reversed(list(sentences(context[-200:], keep_empty=True))), [])
    return [START, START, *(word.casefold() for word in last)]


def _without_the_rarest(row: dict[str, int], most: int) -> dict[str, int]:
    """The row, or, where it has more than `most` words, the four fifths of them that were seen most."""
    if len(row) <= most:
        return row
    return dict(sorted(row.items(), key=lambda item: -item[1])[: most * 4 // 5])


def sentences(text: str, keep_empty: bool = False) -> list[list[str]]:
    """The words of each sentence, without the marks around them. keep_empty: also the one that has just begun."""
    result: list[list[str]] = [[]]
    for token in re.findall(r"\S+|\n", text):
        word = _WORD.search(token)
        if word and len(word[0]) <= LONGEST:
            result[-1].append(word[0])
        if token == "\n" or token[-1] in ".!?…":
            result.append([])
    return [s for i, s in enumerate(result) if s or (keep_empty and i == len(result) - 1)]
