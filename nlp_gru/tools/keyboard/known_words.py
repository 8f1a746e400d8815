"""Which words a keyboard may offer, and how it writes them: its list, what its user taught it, and the blocklist."""

from __future__ import annotations

import re

from nlp_gru.text.word_list import Blocklist, WordList
from nlp_gru.tools.keyboard.memory import Memory

TAUGHT = 2  # times that the user wrote a word, from which it is known
_LETTERS = re.compile(r"[^\W\d_]")


class KnownWords:
    """Words in small letters. Without a list, every word is known."""

    def __init__(self, words: WordList | None, memory: Memory, blocklist: bool = True):
        self.words, self.memory = words, memory
        self.blocklist = Blocklist.bundled()
        self.blocks = blocklist

    def may_offer(self, word: str) -> bool:
        """Whether a word is not blocked."""
        return not self.blocks or (word not in self.blocklist and not any(p in self.blocklist for p in word.split("-")))

    def knows(self, word: str) -> bool:
        """Whether a word may be offered as one: it or its parts are on the list, it was taught, or it is a number."""
        if self.words is None or word in self.words.place or self.taught(word):
            return True
        if word[:1].isdigit() or not _LETTERS.search(word):
            return True  # 4pm, 3rd
        if not self.blocks and word in self.blocklist:
            return True
        base = word.removesuffix("'s") if word.endswith("'s") else word.removesuffix("'")
        if base != word:
            return bool(base) and self.knows(base)
        return "-" in word and all(part and self.knows(part) for part in word.split("-"))

    def taught(self, word: str) -> bool:
        """Whether the user has written a word twice."""
        return self.memory.counts.get("*", {}).get(word, 0) >= TAUGHT

    def written(self, word: str, spelling: str) -> str:
        """Return a word as it is to be offered. spelling: the model's, of the same word, which has a capital after a
        full stop."""
        if self.words is None or word in self.memory.counts.get("*", {}):
            return spelling
        place = self.words.place.get(word)
        if place is None:
            return spelling
        usual = self.words.words[place]
        if usual != word:
            return usual
        return spelling if spelling == word.capitalize() or spelling[1:] == usual[1:] else usual

    def as_typist_begins(self, word: str, text: str, small: bool) -> str:
        """Return how a word, offered as `text`, begins a sentence of a typist who begins them all so. Names keep their
        capital."""
        place = None if self.words is None else self.words.place.get(word)
        if self.words is None or place is None or self.words.words[place] != word or text[1:] != word[1:]:
            return text
        return word if small else word[:1].upper() + word[1:]
