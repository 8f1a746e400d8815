"""A text with its slips mended: only what is no word is changed, and only where it is clear what was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp_gru.decoding.correction import RARE, Corrector, Meant
from nlp_gru.decoding.word_search import WordSearch
from nlp_gru.text.slips import one_apostrophe
from nlp_gru.text.typing import match_case, split, with_apostrophe
from nlp_gru.tools.keyboard.known_words import KnownWords

CLEAR = 0.6  # the share of the best word in all that may have been meant, from which it is written
LITERAL = 2e-8  # the probability of a word that is not on the list: a name, say
SHORTEST = 3  # letters; shorter ones are abbreviations as often as slips
CANDIDATES = 8
_WORD = re.compile(r"[^\W\d_]+(?:['’‘`´ʼ‛′][^\W\d_]+)*")
_ADDRESS = re.compile(r"[@/\\_#&+=~<>\d]|\w[.:]\w|\.\w{2,}|^-|--")
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?…\n])[\s\"'“”‘’()\[\]]*$")
_DRAWN_OUT = re.compile(r"(.)\1\1")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "april", "june", "july", "august", "september", "october", "november", "december")
ALWAYS_CAPITAL = {word: word.capitalize() for word in (*_DAYS, *_MONTHS)}
ALWAYS_CAPITAL |= {"i": "I", "i'm": "I'm", "i've": "I've", "i'll": "I'll", "i'd": "I'd"}


@dataclass(frozen=True)
class Change:
    """text[start:end] of the text as it was, which read `before`, now reads `after`."""

    start: int
    end: int
    before: str
    after: str


def mend(text: str, corrector: Corrector, known: KnownWords, search: WordSearch) -> tuple[str, list[Change]]:
    """Return the mended text and the changes, in order."""
    parts: list[str] = []
    changes: list[Change] = []
    end = 0
    for chunk in re.finditer(r"\S+", text):
        if _ADDRESS.search(chunk[0].rstrip(".,:;!?…\"')")):
            continue
        for match in _WORD.finditer(text, chunk.start(), chunk.end()):
            parts.append(text[end : match.start()])
            end = match.end()
            after = _mended(match[0], parts, corrector, known, search)
            parts.append(after)
            if after != match[0]:
                changes.append(Change(match.start(), end, match[0], after))
    return "".join([*parts, text[end:]]), changes


def _mended(word: str, before: list[str], corrector: Corrector, known: KnownWords, search: WordSearch) -> str:
    """The word, or what was meant by it. before: the parts of the text before it."""
    plain = one_apostrophe(word)
    folded = plain.casefold()
    if plain == folded and folded in ALWAYS_CAPITAL and not known.taught(folded):
        return with_apostrophe(ALWAYS_CAPITAL[folded], "’" if "’" in word else "'")
    if known.knows(folded) or folded in known.blocklist or len(folded) < 2:
        return word
    context = "".join(before)[-2000:]
    if any(c.isupper() for c in plain[1:]) or (plain[0].isupper() and not _SENTENCE_ENDS.search(context[-10:])):
        return word  # a name
    typed = split(context + plain)
    if not typed.spaced:
        return word
    p, _ = search.known_words(typed.context, corrector.words)
    found = corrector.meant(plain, p + RARE * corrector.words.shares, CANDIDATES, whole=True)
    meant = _clear(found, corrector, plain, search.spelled(typed.context, plain)) if found else None
    if meant is None or not known.may_offer(corrector.words.folded[meant.place]):
        return word
    return with_apostrophe(
        match_case(corrector.words.words[meant.place], plain), "’" if typed.apostrophe == "’" else "'"
    )


def _clear(found: list[Meant], corrector: Corrector, typed: str, literal: float) -> Meant | None:
    """The best candidate where no other, nor the word as it stands, may well have been meant. literal: the model's
    probability of the word as it stands."""
    best = found[0]
    if corrector.words.keys[best.place] == typed.casefold():
        literal = 0.0  # the model has read as many who leave out the apostrophe
    elif len(typed) < SHORTEST or _DRAWN_OUT.search(typed):
        return None
    return best if best.p > CLEAR * (sum(m.p for m in found) + literal + LITERAL) else None
