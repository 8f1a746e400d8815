"""What a keyboard never learns: passwords, card and account numbers, keys; by how they look and by what stands before
them.

Rather a harmless word too many is left out than a secret learned.
"""

from __future__ import annotations

import re

LONG_NUMBER = 9  # digits from which a number is left out whatever it is: accounts, cards, insurance
PASSWORD = 7  # characters from which a mixture looks like one
CONSONANTS = 7  # letters without a vowel from which they are no word
KEY = 25  # letters and digits on end: no word is so long
_NUMBER = re.compile(r"(?<![\w.])(?:[A-Z]{2})?(?:\d[ .\-/]?){8,}\d(?!\w)")
_ANNOUNCED = re.compile(
    r"\b(?:password|passwort|passcode|passphrase|pin|pin code|cvv|cvc|iban|api key|token|secret|mot de"
    r" passe)\b(?:\s*(?:is|=|:|ist|est))?\s+(?:is\s+)?(\S+)",
    re.I,
)
_LIKE_ONE = re.compile(r"\d|[^\w\s]|\w[A-Z]")  # of what is announced: "the password is long" tells none
_MARK = re.compile(r"[^\w\s'’\-.,:;/]|_")
_MIXED = re.compile(r"[^\W\d_]\d+[^\W\d_]|\d[^\W\d_]+\d")
_ADDRESS = re.compile(r"^[\w.+-]+@[\w-]+\.[\w.-]+$")


def without_secrets(text: str) -> str:
    """Return the text with a line break for everything that looks like a secret."""
    text = _ANNOUNCED.sub(
        lambda m: m[0][: m.start(1) - m.start()] + ("\n" if _LIKE_ONE.search(m[1].rstrip(".,:;!?")) else m[1]), text
    )
    text = _NUMBER.sub(lambda m: "\n" if is_account(m[0]) else m[0], text)
    return re.sub(r"\S+", lambda m: "\n" if is_password(m[0].strip(".,:;!?\"'()")) else m[0], text)


def is_account(number: str) -> bool:
    """Whether digits, with blanks or marks between them, may be a card or an account."""
    return sum(c.isdigit() for c in number) >= LONG_NUMBER


def is_password(word: str) -> bool:
    """Whether a word mixes what words do not mix: "xK7#mQ2p", "a1b2c3d4", "qwrtzpsd"."""
    if len(word) < PASSWORD or _ADDRESS.match(word):
        return False
    letters = [c for c in word if c.isalpha()]
    kinds = [
        any(c.islower() for c in word),
        any(c.isupper() for c in word[1:]) and not word.isupper(),
        any(c.isdigit() for c in word),
        _MARK.search(word) is not None,
    ]
    if sum(kinds) >= 3 or (_MIXED.search(word) is not None and sum(c.isdigit() for c in word) >= 3):
        return True
    if word.isascii() and word.isalnum() and len(word) >= KEY and not word.isalpha():
        return True
    bare = "".join(letters).casefold()
    return bare == word.casefold() and bare.isascii() and len(bare) >= CONSONANTS and not re.search("[aeiouy]", bare)
