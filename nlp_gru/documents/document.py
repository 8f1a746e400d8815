"""What a file to be translated is taken apart into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Languages(NamedTuple):
    """ISO 639-1 codes."""

    source: str
    target: str


class Translated(NamedTuple):
    """The translation of a text, and whether a sentence of it is unsure."""

    text: str
    unsure: bool = False


Texts = Sequence[Translated]


@dataclass(frozen=True)
class Document:
    """texts: what is to be translated, each of one sentence or more; rebuilt: their translations, in order, and the
    languages -> the file's content with its structure as it was."""

    texts: list[str]
    rebuilt: Callable[[Texts, Languages], str | bytes]


@dataclass
class Parts:
    """A file in parts, of which some are to be translated: for formats whose structure stands around the texts."""

    _parts: list[str | Callable[[], str]] = field(default_factory=list)
    _places: list[int] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _restore: list[Callable[[str], str]] = field(default_factory=list)

    def keep(self, part: str | Callable[[], str]) -> None:
        """Add what stays as it is, or what makes it once all texts are translated."""
        self._parts.append(part)

    def translate(self, text: str, restore: Callable[[str], str] = str) -> None:
        """Add a text; restore: its translation -> what stands in the file. What holds no letter stays as it is."""
        if any(c.isalpha() for c in text):
            self._places.append(len(self._parts))
            self._texts.append(text)
            self._restore.append(restore)
            self._parts.append("")
        else:
            self.keep(restore(text))

    def document(self) -> Document:
        def rebuilt(texts: Texts, languages: Languages) -> str:
            parts = list(self._parts)
            for place, restore, found in zip(self._places, self._restore, texts, strict=True):
                parts[place] = restore(found.text)
            return "".join(part if isinstance(part, str) else part() for part in parts)

        return Document(self._texts, rebuilt)
