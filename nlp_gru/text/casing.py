"""People type "where is the station" and "STOP THAT"; the model learned from sentences that begin with a capital and
end with a mark.

A sentence is brought into that form before it is translated, and its translation back into the one that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp_gru.text import labels

ADDED = (".", "?", "!")  # which of them, the model decides

_ADDED_END = re.compile(r"(?<![ap]\.m)[.?! ]+$")  # but not the one of "p.m."


@dataclass(frozen=True)
class Form:
    """text: what is translated in the place of a sentence; the rest says how it differs from what was typed.

    label: the label that was typed, without what ends it, with the target language; frame: what stands around it in
    `text`. extra: how many tokens of a translation are not of what was typed.
    """

    text: str
    shouted: bool = False
    lowered: bool = False
    added: str = ""
    label: str = ""
    end: str = ""
    target: str = ""
    frame: re.Pattern[str] | None = None
    extra: int = 0

    def restore(self, translation: str) -> str:
        """The translation in the form of the sentence that was typed; "" if that is not to be had from it."""
        if self.label:
            translation = labels.finished(labels.bare(translation, self.frame), self.label, self.target)
            translation = translation and translation + labels.end(self.end, self.target)
        if self.added:
            translation = _ADDED_END.sub("", translation)
        if self.shouted:
            return translation.upper()
        if self.lowered and translation.split(" ")[0].split("'")[0] != "I":
            return translation[:1].lower() + translation[1:]
        return translation

    def likelihood(self, translation: str, p: float, tokens: int) -> float:
        """What forms are compared by: the mean probability of the translation's tokens, for a label of its own ones
        alone.

        translation: as restored; p: the mean over `tokens` of what the model wrote.
        """
        if not self.label:
            return p
        return float(p ** (tokens / max(tokens - self.extra, 1))) * labels.gain(translation, self.label, self.target)


def forms(sentence: str, source: str = "", target: str = "") -> Sequence[Form]:
    """What to translate for a sentence: one form, or several, of which the likeliest translation is taken: where the
    end is open, one for each mark that might stand there; for a label between English and French (ISO 639-1 codes),
    those of `labels.asked`."""
    shouted = sentence.isupper() and sum(c.isalpha() for c in sentence) > 3
    text = sentence.capitalize() if shouted else sentence
    if {source, target} == {"en", "fr"} and (found := labels.split(text, source)):
        core, end = found
        return [
            Form(asked.text, shouted, label=core, end=end, target=target, frame=asked.frame, extra=asked.extra)
            for asked in labels.asked(core, source)
        ]
    lowered = text[:1].islower()
    text = text[:1].upper() + text[1:]
    if text[-1:].isalnum() and len(text.split()) < 40:
        return [Form(text + mark, shouted, lowered, mark) for mark in ADDED]
    return [Form(text, shouted, lowered)]


def letters(text: str) -> str:
    """Its letters and digits alone, in small letters: texts that differ in nothing else count as the same."""
    return "".join(c for c in text.casefold() if c.isalnum())
