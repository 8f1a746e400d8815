"""What stands before the cursor: the word that has been begun, the text before it, and how its completion is to be
written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp_gru.text.canonical import expects_word, plain
from nlp_gru.text.slips import one_apostrophe

MOST_READ = 4000  # characters before the cursor that are looked at
HABIT_READ = 600  # of which a typist's habits are read
LONGEST = 100  # letters of a word that are read
_CURVED = re.compile(r"\w’")
_STRAIGHT = re.compile(r"\w'\w")
_OPENING = re.compile(r"""^.*[/\\|()\[\]{}"“”„«»¿¡]""", re.S)  # a word begins behind them, wherever they stand
_MARKS = re.compile(r"[^\w]*")
_STARTS = re.compile(r"(?:^|[.!?…]['\")”’]*\s|\n)\s*['\"(“‘]*([^\W\d_])")
_AT_START = re.compile(r"(?:[.!?…]['\")”’]*\s|\n)\s*['\"(“‘]*$")
_ENDED = re.compile(r"[^\w'\-]$")


@dataclass(frozen=True)
class Typed:
    """context: the text before the word; word: its letters so far, with plain apostrophes; apostrophe: the kind that
    the text uses; ended: a mark stands behind the word, so that no letters are left to add; spaced: a word of its own
    stands here, and not a part of one."""

    context: str
    word: str
    apostrophe: str
    ended: bool
    spaced: bool


def split(text: str) -> Typed:
    """Return the last word of a text, whose end is where the cursor stands."""
    text = text[-MOST_READ:]
    word = re.split(r"\s", text)[-1]
    context = text[: len(text) - len(word)]
    word = one_apostrophe(word[-LONGEST:]) if len(word) > LONGEST else one_apostrophe(word)
    ended = bool(_ENDED.search(word)) and not _OPENING.fullmatch(word)
    if opening := _OPENING.match(word):
        context, word = context + opening[0], word[opening.end() :]
    marks = _MARKS.match(word)
    if marks and marks[0] and len(marks[0]) < len(word):
        context, word = context + marks[0], word[marks.end() :]
    spaced = context != context.rstrip() or expects_word(plain(context[-20:]))
    return Typed(context, word, _kind(text), ended, spaced)


def begins_small(context: str) -> bool | None:
    """Return whether a typist begins sentences with a small letter, where the next word is to begin one: True or False
    if all those before agree, None if they do not, if there are none, or in the middle of a sentence."""
    near = context[-HABIT_READ:]
    if not _AT_START.search(near):
        return None
    starts = _STARTS.findall(near if near == context else near[1:])
    small = {letter.islower() for letter in starts if letter.lower() != letter.upper()}
    return small.pop() if len(small) == 1 else None


def _kind(text: str) -> str:
    """The apostrophe that the text used last; the plain one if none."""
    curved = [m.start() for m in _CURVED.finditer(text)]
    straight = [m.start() for m in _STRAIGHT.finditer(text)]
    return "’" if curved and (not straight or curved[-1] > straight[-1]) else "'"


def with_apostrophe(word: str, apostrophe: str) -> str:
    """Return the word with this kind of apostrophe."""
    return word.replace("'", apostrophe)


def match_case(word: str, prefix: str) -> str:
    """Return `word` in the capitals of the letters typed: "Or" makes "order" "Order", "OR" makes it "ORDER"."""
    if prefix.isupper() and len(prefix.replace("'", "")) > 1:
        return word.upper()
    if prefix[:1].isupper() and word[:1].islower():
        return word[:1].upper() + word[1:]
    return word
