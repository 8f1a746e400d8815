"""How many keystrokes suggestions save: a person who types every text and takes a right suggestion as soon as it is
shown.

A word is typed letter by letter; before each letter the first k suggestions are looked at. One keystroke takes a word
and writes its blank. Marks stuck to a word are always typed, those behind it eat the automatic blank. Tokens without a
letter or digit are typed in full. Case does not matter (phone keyboards capitalise by themselves).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Suggest = Callable[[str, str, int], Sequence[str]]  # (context, prefix, k) -> words
_PARTS = re.compile(r"^(\W*)(.*?)(\W*)$", re.S)


def parted(token: str) -> tuple[str, str, str]:
    """Return the marks before a token's word, the word, and the marks behind it; together they are the token."""
    match = _PARTS.match(token)
    assert match is not None  # it matches everything
    return match[1], match[2], match[3]


@dataclass
class Tally:
    words: int = 0
    characters: int = 0
    keystrokes: int = 0
    first: int = 0  # words offered first before any letter
    among: int = 0  # words among the k offered before any letter
    seconds: list[float] = field(default_factory=list, repr=False)

    def figures(self) -> dict[str, float]:
        """Shares from 0 to 1, and milliseconds of computing time a suggestion."""
        times = sorted(self.seconds) or [0.0]
        words = max(self.words, 1)
        return {
            "keystrokes_saved": 1 - self.keystrokes / max(self.characters, 1),
            "next_word_first": self.first / words,
            "next_word_among_3": self.among / words,
            "ms_p50": 1000 * times[len(times) // 2],
            "ms_p95": 1000 * times[int(0.95 * (len(times) - 1))],
        }


def type_texts(suggest: Suggest, texts: Iterable[str], k: int = 3, learn: Callable[[str], None] | None = None) -> Tally:
    """Types every text with the help of `suggest`. learn: called with every text after it has been typed."""
    tally = Tally()
    for text in texts:
        context = ""
        for token in text.split():
            lead, core, trail = parted(token)
            tally.characters += len(token) + 1
            if core:
                tally.words += 1
                tally.keystrokes += len(lead) + _type_word(suggest, context + lead, core, trail, k, tally)
            else:
                tally.keystrokes += len(token) + 1
            context += token + " "
        if learn:
            learn(text)
    return tally


def _type_word(suggest: Suggest, context: str, core: str, trail: str, k: int, tally: Tally) -> int:
    wanted = core.casefold()
    for typed in range(len(core)):
        start = time.process_time()
        offers = [word.casefold() for word in suggest(context, core[:typed], k)[:k]]
        tally.seconds.append(time.process_time() - start)
        if wanted in offers:
            if typed == 0:
                tally.among += 1
                tally.first += offers[0] == wanted
            return typed + 1 + (len(trail) + 1 if trail else 0)
    return len(core) + len(trail) + 1
