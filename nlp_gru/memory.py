"""What a keyboard learns from its user: counts of words and of the words before them, kept on this device alone.

Each match of the last one or two words gives its own estimate, trusted the more the oftener it was seen; the estimates are mixed
with the model's, as a cache language model is (Kuhn & De Mori 1990). Nothing is written unless `save` is called.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

from pydantic import Field

from nlp_gru.errors import UserError
from nlp_gru.recipe import Strict, validate

START = ""  # stands before the first word of a sentence
MAX_BYTES = 50_000_000


class MemoryFile(Strict):
    """What the file holds: counts by context (the words before, joined by blanks) and word; the oldest contexts first."""

    format: int = Field(1, ge=1, le=1)
    learned: int = Field(ge=0)
    counts: dict[str, dict[str, int]]
    spelling: dict[str, str]


class Memory:
    """Counts of n-grams up to three words, the least recently used forgotten beyond `capacity` contexts."""

    # How far each order is trusted at most, and the number of sightings at which it is trusted by half; chosen among ten
    # settings on five people of the training chats.
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
        """Count the words of `text`."""
        for sentence in sentences(text):
            folded = [word.casefold() for word in sentence]
            padded = [START, START, *folded]
            for i, (word, key) in enumerate(zip(sentence, folded, strict=True)):
                if i or key not in self.spelling:  # a sentence's first word has a capital by its place alone
                    self.spelling[key] = word
                for order in range(3):
                    context = " ".join(padded[i + 2 - order : i + 2]) if order else "*"
                    row = self.counts.pop(context, {})
                    row[key] = row.get(key, 0) + 1
                    self.counts[context] = row  # now the most recent
            self.learned += len(sentence)
        while len(self.counts) > self.capacity:
            oldest = next(key for key in self.counts if key != "*")
            del self.counts[oldest]

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

    def _rows(self, context: str) -> list[tuple[float, dict[str, int]]]:
        """(share, counts) of every order that has been seen after `context`; the longest match takes its share first."""
        last = next(reversed(list(sentences(context[-200:], keep_empty=True))), [])
        padded = [START, START, *(word.casefold() for word in last)]
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
        """Write the memory to `path`, in one step: an interrupted save leaves the old file."""
        path = Path(path)
        file = MemoryFile(learned=self.learned, counts=self.counts, spelling=self.spelling)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".saving-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(file.model_dump_json())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def load(self, path: str | Path) -> None:
        """Replace what is known by the file's. Raises `UserError`, changing nothing, when it is missing or damaged."""
        path = Path(path)
        try:
            if path.stat().st_size > MAX_BYTES:
                raise UserError(f"{path}: larger than any memory file")
            values = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise UserError(f"{path}: not a memory file ({error})") from None
        file = validate(MemoryFile, values, str(path))
        self.learned, self.counts, self.spelling = file.learned, file.counts, file.spelling


def sentences(text: str, keep_empty: bool = False) -> list[list[str]]:
    """The words of each sentence, without the marks around them. keep_empty: also the one that has just begun."""
    result: list[list[str]] = [[]]
    for token in re.findall(r"\S+|\n", text):
        word = re.sub(r"^\W+|\W+$", "", token)
        if word:
            result[-1].append(word)
        if token == "\n" or token[-1] in ".!?…":
            result.append([])
    return [s for i, s in enumerate(result) if s or (keep_empty and i == len(result) - 1)]
