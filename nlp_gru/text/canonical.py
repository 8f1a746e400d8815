"""The canonical form of a text, in which a word is spelled alike wherever it stands: what the tokenizer splits into
tokens.

    Dogs bark. "DOGS," he said: don't!   ->   ⇧▁dogs▁bark.▁"⇑▁dogs,"▁he▁said:▁don't!

- `▁` stands for a blank, and is also put before a word without a blank before it that begins a text, a line, a
quotation or
  brackets, or follows an elision (l'▁homme), a hyphen or a slash.
- A capitalised word is written in small letters behind `TITLE`, one in capitals behind `UPPER` (inline casing, Bérard
et al.
  2019, https://arxiv.org/abs/1910.14589). "I" stays what it is, and so do "iPhone" and other mixtures.
- Unicode NFC; the signs of `TYPOGRAPHY` are read as their plain forms, so that "don’t" is the word the models know.

`Reader` turns it back, character by character.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

BLANK, TITLE, UPPER, ESCAPE = "▁", "\ue000", "\ue001", "\ue002"
RESERVED = {BLANK: "!", TITLE: "%", UPPER: "&", ESCAPE: "~"}  # typed, each becomes ESCAPE and its sign
TYPOGRAPHY = {"‘’‛ʼ": "'", "“”„‟": '"', "‐‑–—―": "-", "\u00a0\u2009\u202f": " "}
# Latin, Greek and Cyrillic letters: scripts with capitals. Ranges, so that JavaScript has the same ones.
LETTERS = "A-Za-zÀ-ÖØ-öø-ɏͰ-ͳͶͷͻ-ͽΆΈ-ώϘ-ҁҊ-ԯ"
ELISIONS = ("l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "quelqu")
OPENING = "([{¿¡«\n"
OPENING_AFTER_BLANK = "\"'*_#@"  # behind a blank or one of OPENING; a quotation mark elsewhere closes
JOINING = "-/"  # between letters and digits
_ALPHABET = set(re.findall(f"[{LETTERS}]", "".join(map(chr, range(0x530)))))
# Capitals with a way back from their small letter, which is not so for "İ".
CAPITALS = {c: c.lower() for c in sorted(_ALPHABET) if c != c.lower() in _ALPHABET and c.lower().upper() == c}
SMALL = {small: capital for capital, small in CAPITALS.items()}

_PLAIN = str.maketrans({sign: form for signs, form in TYPOGRAPHY.items() for sign in signs})
_TO_SMALL = str.maketrans(CAPITALS)
_IS_LETTER = re.compile(f"[{LETTERS}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_RESERVED = re.compile("[" + "".join(RESERVED) + "]")
_LITERAL = {sign: character for character, sign in RESERVED.items()}
_LAST = re.compile(f"[{re.escape(OPENING + OPENING_AFTER_BLANK + JOINING)}](?=[{LETTERS} ])")
_ELIDED = re.compile(rf"(?:^|[^{LETTERS}'])(?:{'|'.join(ELISIONS)})$", re.ASCII | re.I)
_CONTEXT = 1 + max(map(len, ELISIONS)) + 1  # characters that decide whether a word may follow
_RUN = re.compile(f"[{(_capital := ''.join(CAPITALS))}](?<![{LETTERS}][{_capital}])[{LETTERS}]*(?:'[{LETTERS}]+)*")


def plain(text: str) -> str:
    """Return the text in NFC, with the plain forms of typographic signs; lone surrogates become U+FFFD."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text)).translate(_PLAIN)


def canonical(text: str) -> str:
    """Return the canonical form; `read` gives `plain(text)` back."""
    text = _RESERVED.sub(lambda m: ESCAPE + RESERVED[m[0]], plain(text))
    first = BLANK if text and (text[0] == " " or _IS_LETTER.match(text)) else ""
    text = first + _LAST.sub(_before_word, text).replace(" ", BLANK)
    text = _RUN.sub(lambda m: _cased(m[0]), text)
    return text.replace(BLANK + TITLE, TITLE + BLANK).replace(BLANK + UPPER, UPPER + BLANK)


def read(form: str) -> str:
    """Return the text of a canonical form."""
    reader = Reader()
    return "".join(map(reader.step, form))


class Reader:
    """The text of a canonical form that comes one character at a time. Any sequence of characters has a text.

    before: the text that it goes on with.
    """

    def __init__(self, before: str = "") -> None:
        self._tail = plain(before[-_CONTEXT:])  # the last characters of the text
        self._silent = False  # the `▁` at this place was not a blank
        self._case = ""  # TITLE or UPPER, of the word that comes or, for UPPER, goes on
        self._inside = False  # the word has begun
        self._escaped = False

    def step(self, character: str) -> str:
        """Return what the character adds to the text: itself, another one, or nothing."""
        if self._escaped:
            self._escaped, self._case = False, ""
            return self._emit(_LITERAL.get(character, character))
        if character == ESCAPE:
            self._escaped = True
            return ""
        if character in (TITLE, UPPER):
            self._case, self._inside = character, False
            return ""
        if character == BLANK:
            if self._inside:
                self._case = ""
            if not self._silent and expects_word(self._tail):
                self._silent = True
                return ""
            return self._emit(" ")
        return self._emit(self._in_case(character) if self._case else character)

    def _in_case(self, character: str) -> str:
        """A character of a word in capitals, or the first one of a word that begins with one."""
        if _IS_LETTER.match(character):
            self._inside = True
            if self._case == TITLE:
                self._case = ""
            return SMALL.get(character, character)
        if character != "'" or not self._inside or self._tail[-1:] == "'":
            self._case = ""
        return character

    def _emit(self, character: str) -> str:
        self._tail = (self._tail + character)[-_CONTEXT:]
        self._silent = False
        return character


def expects_word(before: str) -> bool:
    """Whether a word that follows `before` directly is written with `▁` all the same: at the start of a text, say."""
    if not before or before[-1] in OPENING:
        return True
    last, rest = before[-1], before[:-1]
    if last in JOINING:
        return bool(rest) and ((rest[-1].isascii() and rest[-1].isdigit()) or bool(_IS_LETTER.match(rest[-1])))
    if last == "'" and _ELIDED.search(rest):
        return True
    return last in OPENING_AFTER_BLANK and (not rest or rest[-1] in OPENING or rest[-1] in " \t")


def _before_word(match: re.Match[str]) -> str:
    end = match.end()
    return match[0] + BLANK if expects_word(match.string[max(end - _CONTEXT, 0) : end]) else match[0]


@lru_cache(maxsize=1 << 14)
def _cased(word: str) -> str:
    rest = word[1:].replace("'", "")
    small = word.translate(_TO_SMALL)
    if word == "I" or (word.startswith("I'") and word[1:] == small[1:]):
        return word
    if rest and all(c in CAPITALS for c in rest):
        return UPPER + small
    return word if any(c in CAPITALS for c in rest) else TITLE + small
