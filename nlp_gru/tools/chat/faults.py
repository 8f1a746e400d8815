"""What is wrong with a reply that was made up: it says again what was said, or it is no English sentence.

Only the form is looked at. Every rule may hit a good reply now and then: there are others to choose from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from itertools import pairwise

from nlp_gru.text.casing import letters

ALIKE = 0.7  # the share of words in common from which two turns say the same
SHORTEST_ALIKE = 4  # words from which that counts; a shorter turn is repeated if it has the same ones
MOST_TIMES = 2  # that a word of some length may come in one reply
WEIGHTY = 4  # letters from which a word counts for that
LETTERS_A_TOKEN = 2.0  # of a word in tokens: with fewer it is none that the model has read often
RECENT, FIXED = 6, 3  # turns looked at for a word that comes again and again, and how many of them have it
_WORD = re.compile(r"\w+(?:'\w+)*")
_UNIT = re.compile(r"\w+(?:'\w+)*|[^\w\s]")
# A word that begins a sentence in the middle of one: "I have no idea What is it".
_RUN_ON = re.compile(
    r"[a-z,]"
    r" (?:What|Where|Why|How|Who|When|Which|Do|Did|Does|Is|Are|Was|Were|The|That|This|It|It's|They|We|You|He|She|My|"
    r"Your|And|But|So|If|Of|To|In|Have|Has|Can|Not|Yes|Yeah)\b"
)
_OPEN_END = re.compile(
    r"\b(?:a|an|the|of|and|or|but|my|your|his|their|our|very|because|if|than|as|i|i'm|you're|to be)[\s.!,]*$", re.I
)
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b|\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+[A-Z]{2,}")


_HE = re.compile(r"\b(?:he|him|his|himself|he's|he'd|he'll)\b", re.I)
_SHE = re.compile(r"\b(?:she|her|hers|herself|she's|she'd|she'll)\b", re.I)
_MAN = re.compile(
    r"\b(?:dad|daddy|father|brother|son|husband|boyfriend|grandpa|grandad|granddad|grandfather|grandson|uncle|nephew|man|boy|guy|mr|"
    r"king|groom|stepdad|stepfather)s?\b",
    re.I,
)
_WOMAN = re.compile(
    r"\b(?:mum|mummy|mom|mommy|mother|sister|daughter|wife|girlfriend|grandma|gran|granny|nan|grandmother|granddaughter|aunt|auntie|niece|"
    r"woman|girl|lady|mrs|ms|queen|bride|stepmum|stepmom|stepmother)s?\b",
    re.I,
)


def is_sound(text: str, turns: Sequence[str], known: Container[str] | None = None) -> bool:
    """Whether a reply to a dialogue has none of these faults. known: English words in small letters."""
    text = text.replace("’", "'")
    words = [word.casefold() for word in _WORD.findall(text)]
    return not (
        repeats_itself(text)
        or any(_says_the_same(words, turn) for turn in turns)
        or _RUN_ON.search(text)
        or _OPEN_END.search(text)
        or text.count('"') % 2
        or text.count("(") != text.count(")")
        or takes_for_another(text, turns)
        or _is_strange(text, " ".join(turns), known)
    )


def repeats_itself(text: str) -> bool:
    """Whether three words come twice, or longer ones or the same word over and over. The search keeps three tokens from
    it, but words may be spelled in several ways."""
    units = _UNIT.findall(text.casefold().replace("’", "'"))
    threes = list(zip(units, units[1:], units[2:], strict=False))
    if len(set(threes)) < len(threes):
        return True
    pairs = Counter(pair for pair in pairwise(units) if min(map(len, pair)) >= WEIGHTY)
    if any(a == b and a.isalpha() for a, b in pairwise(units)) or max(pairs.values(), default=0) > 1:
        return True
    return any(count > MOST_TIMES for word, count in Counter(units).items() if len(word) >= WEIGHTY)


def takes_for_another(text: str, turns: Sequence[str]) -> bool:
    """Whether a reply speaks of a man where only a woman was spoken of, or of a woman where only a man was."""
    he, she = _HE.search(text) is not None, _SHE.search(text) is not None
    if not he and not she:
        return False
    told = " ".join(turns).replace("’", "'")
    man = (_HE.search(told) or _MAN.search(told)) is not None
    woman = (_SHE.search(told) or _WOMAN.search(told)) is not None
    return (he and woman and not man) or (she and man and not woman)


def said_before(text: str, turns: Sequence[str]) -> float:
    """The share, 0 to 1, of a reply's neighbouring three words that stand in earlier turns."""
    threes = _threes(text)
    before = {three for turn in turns for three in _threes(turn)}
    return sum(three in before for three in threes) / len(threes) if threes else 0.0


def _threes(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text.casefold().replace("’", "'"))
    return list(zip(words, words[1:], words[2:], strict=False))


def _says_the_same(words: Sequence[str], turn: str) -> bool:
    """Whether a reply's words, in small letters, are nearly all those of a turn."""
    mine, theirs = Counter(words), Counter(_WORD.findall(turn.casefold().replace("’", "'")))
    if mine == theirs:
        return bool(mine)
    if len(words) < SHORTEST_ALIKE:
        return letters(" ".join(words)) == letters(turn)
    return (mine & theirs).total() >= ALIKE * max(mine.total(), theirs.total())


def _is_strange(text: str, told: str, known: Container[str] | None) -> bool:
    """Whether there are capitals or words that nobody writes, and that nobody wrote before."""
    folded = told.casefold().replace("’", "'")
    if any(match[0].casefold() not in folded for match in _SHOUTED.finditer(text)):
        return True
    if known is None:
        return False
    small = {word for word in _WORD.findall(text) if word[0].islower() and word.replace("'", "").isalpha()}
    return any(w not in known and w.removesuffix("'s") not in known and w not in folded for w in small)


def stale(text: str, turns: Sequence[str]) -> float:
    """The share, 0 to 1, of a reply's longer words that half of the last turns have, too: it goes round in circles."""
    words = _weighty(text)
    recent = Counter(word for turn in turns[-RECENT:] for word in _weighty(turn))
    return sum(recent[word] >= FIXED for word in words) / len(words) if words else 0.0


def _weighty(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) > WEIGHTY}
