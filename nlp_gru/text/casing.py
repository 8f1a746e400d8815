"""People type "where is the station" and "STOP THAT"; the model learned from sentences that begin with a capital and end with a mark.

A sentence is brought into that form before it is translated, and its translation back into the one that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

ADDED = (".", "?", "!")  # which of them, the model decides

_ADDED_END = re.compile(r"(?<![ap]\.m)[.?! ]+$")  # but not the one of "p.m."


@dataclass(frozen=True)
class Form:
    """text: what is translated in the place of a sentence; the rest says how it differs from what was typed."""

    text: str
    shouted: bool = False
    lowered: bool = False
    added: str = ""

    def restore(self, translation: str) -> str:
        """The translation in the form of the sentence that was typed."""
        if self.added:
            translation = _ADDED_END.sub("", translation)
        if self.shouted:
            return translation.upper()
        if self.lowered and translation.split(" ")[0].split("'")[0] != "I":
            return translation[:1].lower() + translation[1:]
        return translation


def forms(sentence: str) -> Sequence[Form]:
    """What to translate for a sentence: one form, or, where its end is open, one for each mark that might stand there."""
    shouted = sentence.isupper() and sum(c.isalpha() for c in sentence) > 3
    text = sentence.capitalize() if shouted else sentence
    lowered = text[:1].islower()
    text = text[:1].upper() + text[1:]
    if text[-1:].isalnum() and len(text.split()) < 40:
        return [Form(text + mark, shouted, lowered, mark) for mark in ADDED]
    return [Form(text, shouted, lowered)]


def letters(text: str) -> str:
    """Its letters and digits alone, in small letters: texts that differ in nothing else count as the same."""
    return "".join(c for c in text.casefold() if c.isalnum())
