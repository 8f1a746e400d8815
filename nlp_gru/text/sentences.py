"""A text of any length -> the sentences to translate and what stands between them, which together are the text
again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp_gru.text.letters import greeting
from nlp_gru.text.placeholders import EXACT

MAX_CHARACTERS = 400  # of a part that is translated in one go
_LONG = re.compile(r"\S{200}")  # no address, and slow to search for one
_BLANKS = re.compile(r"\s+")
_INITIAL = re.compile(r"\W*[^\W\d_]\.\s*")  # "M. ", which is no sentence
# Nor does "Ask Mr. " or "about approx. " end one.
_TITLE_ENDS = re.compile(
    r"\b(?:Mrs?|Ms|Dr|Prof|St|MM?|Mme|Mlle|Pr|Lt|Sgt|Capt|Gen|Col|Sen|Gov|Pres|Rev|[Nn]o|[Aa]pt|[Aa]ppt|[Dd]ept|approx|Ph|U\.S|U\.K|e\.g|i\.e|"
    r"vs|[Tt]el|[Tt]él|env|p\. ?ex|av|incl|max)\.\s*$"
)
# Bullets, numbers of a list, quotation marks of mail.
_LEAD = re.compile(r"(?:[-*+•–—>#]+|\d{1,3}[.)]|\(?[a-z]\))\s+|[\s-]+")
_ITEMS = re.compile(r"\s*[;\t|]\s*|\s+/\s+")  # what parts the items of a list in a line
_DASH = re.compile(r"\s+[-–—]\s+")
MOST_WORDS = 4  # of an item between dashes; longer ones are a sentence's own
_COMMA = re.compile(r",\s+")
_ITEM = re.compile(
    r"(?!(?:and|or|et|ou)\b)[^\W\d_][\w'’\-]*(?: [\w'’\-]+){0,2}"
)  # of a list of three or more without an end mark
_BREAKS = (r"[.!?…;:]\s+", r",\s+", r"\s+")  # where a part that is too long is cut, best first


class Part(NamedTuple):
    """`text` is to be translated if `is_sentence`; otherwise it stays as it is."""

    text: str
    is_sentence: bool


def segment(text: str, language: str) -> list[Part]:
    """The parts of a text, in order; joined, they are the text. Line ends, list marks and blanks are parts of their
    own.

    language: an ISO 639-1 code, whose abbreviations do not end a sentence.
    """
    parts = []
    for line in _lines(text):
        lead = _LEAD.match(line)
        if lead and lead.end() < len(line):
            parts.append(Part(lead[0], False))
            line = line[lead.end() :]
        if greeted := greeting(line, language):
            parts += [Part(line[: greeted.end(1)], True), Part(greeted[2], False)]
            line = line[greeted.end() :]
        at = 0
        for sentence in _sentences(_covered(line), language):
            for cut in (part for item in _items(sentence) for part in _cut(item)):
                piece, at = line[at : at + len(cut)], at + len(cut)
                core = piece.strip()
                if not any(c.isalpha() for c in core):
                    parts.append(Part(piece, False))
                    continue
                before, after = piece.split(core, 1)
                parts += [Part(before, False), Part(core, True), Part(after, False)]
    return [part for part in parts if part.text]


def _covered(line: str) -> str:
    """The line with letters in the place of the signs in addresses, tags and the like: "&amp;" and "a.b/c?d" end
    nothing."""
    if _LONG.search(line):
        return line
    return EXACT.sub(lambda match: re.sub(r"\W", "X", match[0]), line)


def _lines(text: str) -> Iterator[str]:
    """The lines and, between them, the breaks with the blanks around them."""
    at = 0
    for blanks in _BLANKS.finditer(text):
        if "\n" in blanks[0] or "\r" in blanks[0]:
            yield text[at : blanks.start()]
            yield blanks[0]
            at = blanks.end()
    yield text[at:]


def _sentences(line: str, language: str) -> Iterator[str]:
    import sentencex

    held = ""
    for sentence in sentencex.segment(language, line):
        held += sentence
        if not _INITIAL.fullmatch(sentence) and not _TITLE_ENDS.search(sentence):
            yield held
            held = ""
    if held:
        yield held


def _items(sentence: str) -> Iterator[str]:
    """The items of a list in a line and, between them, what parts them."""
    dashed, listed = _DASH.split(sentence), _COMMA.split(sentence.strip())
    pattern = _DASH if len(dashed) > 2 and all(len(item.split()) <= MOST_WORDS for item in dashed) else _ITEMS
    if len(listed) > 2 and all(_ITEM.fullmatch(item) for item in listed):
        pattern = _COMMA
    at = 0
    for between in pattern.finditer(sentence):
        yield sentence[at : between.start()]
        yield between[0]
        at = between.end()
    yield sentence[at:]


def _cut(sentence: str) -> Iterator[str]:
    at = 0
    while len(sentence) - at > MAX_CHARACTERS:
        for pattern in _BREAKS:
            ends = [m.end() for m in re.finditer(pattern, sentence[at : at + MAX_CHARACTERS])]
            if ends and ends[-1] > MAX_CHARACTERS // 4:
                break
        else:
            ends = [MAX_CHARACTERS]
        yield sentence[at : at + ends[-1]]
        at += ends[-1]
    yield sentence[at:]
