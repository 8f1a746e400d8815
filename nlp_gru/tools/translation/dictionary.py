"""Single words by a list: a model that reads sentences makes little of "needle" alone. `data/translation_words.py`
writes the list."""

from __future__ import annotations

import json
import re
from functools import cached_property
from pathlib import Path

from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.text import labels

FILE = PRETRAINED / "words_en_fr.json"
WORD = re.compile(r"(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)(?P<end> ?:?)")


class Dictionary:
    """English words and their French ones. Reads its file when it is first asked."""

    def __init__(self, file: Path = FILE):
        self._file = file

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """By the language translated from."""
        english = json.loads(self._file.read_text(encoding="utf-8"))
        return {"en": english, "fr": {french: word for word, french in english.items()}}

    def word(self, text: str, source: str, target: str) -> str | None:
        """Return the translation of a word that stands alone; None for any other text, or where the list has none."""
        if {source, target} != {"en", "fr"} or (found := WORD.fullmatch(text)) is None:
            return None
        word = found["word"]
        other = self.words[source].get(word.lower())
        if other is None:
            return None
        if word.isupper() and len(word) > 1:
            other = other.upper()
        elif word[0].isupper():
            other = other[0].upper() + other[1:]
        return other + labels.end(found["end"], target)


DICTIONARY = Dictionary()
