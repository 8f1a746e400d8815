"""Numbers written in words, 20 to 99, which a translation easily gets wrong: "quatre-vingts" holds a four."""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNITS = {
    "en": "one two three four five six seven eight nine",
    "fr": (
        "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
        " dix-neuf"
    ),
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "vingt trente quarante cinquante soixante",
}


def spelled(value: int, language: str) -> str:
    """Return a number from 20 to 99 in words of English ("en") or French ("fr")."""
    units, tens = _UNITS[language].split(), _TENS[language].split()
    ten, unit = divmod(value, 10)
    if language == "en":
        return tens[ten - 2] + (f"-{units[unit - 1]}" if unit else "")
    if value >= 80:
        return f"quatre-vingt-{units[value - 81]}" if value > 80 else "quatre-vingts"
    ten, unit = (6, value - 60) if value >= 60 else (ten, unit)
    joined = " et " if unit in (1, 11) else "-"
    return tens[ten - 2] + (f"{joined}{units[unit - 1]}" if unit else "")


VALUES = {language: {spelled(n, language): n for n in range(20, 100)} for language in ("en", "fr")}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """What finds them alone, with "une" for "un", and hyphens or blanks between their parts."""
    written = []
    for word in sorted(words, key=len, reverse=True):
        own = word.replace(" et ", "-et-").replace("-", "[- ]")
        written.append(own + "e" * word.endswith("un") + "?" * word.endswith(("un", "quatre-vingts")))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(written)})(?![\w-])", re.I)


FOUND = {language: _pattern(words) for language, words in VALUES.items()}
# Behind a number, it is a part of a larger one.
LARGE = re.compile(r"[- ](?:and )?(?:hundred|thousand|million|billion|cent|mille|milliard)", re.I)
LARGE_BEFORE = re.compile(r"\b(?:hundred|thousand|million|cents?|mille|millions?)(?: and)?[- ]$", re.I)


def value(word: str, language: str) -> int | None:
    """Return what a number in words that `FOUND` found says; None for any other."""
    plain = word.casefold().replace(" ", "-").replace("-et-", " et ")
    plain = re.sub(r"une$", "un", plain)
    return VALUES[language].get("quatre-vingts" if plain == "quatre-vingt" else plain)


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return where numbers in words stand in a text, those alone that are not a part of a larger one."""
    if language not in FOUND:
        return []
    return [
        m.span()
        for m in FOUND[language].finditer(text)
        if not LARGE.match(text, m.end()) and not LARGE_BEFORE.search(text[: m.start()])
    ]


def in_digits(text: str, language: str) -> str:
    """Return a text with digits for its numbers in words."""
    for start, end in reversed(spans(text, language)):
        text = f"{text[:start]}{value(text[start:end], language)}{text[end:]}"
    return text


def lost(source: str, target: str, languages: tuple[str, str]) -> int:
    """Return how many of the numbers in words of a text its translation lacks, in words and in digits. languages: of
    both."""
    wanted = [value(source[start:end], languages[0]) for start, end in spans(source, languages[0])]
    if not wanted or languages[1] not in FOUND:
        return 0
    held = [value(m[0], languages[1]) for m in FOUND[languages[1]].finditer(target)]
    held += [int(digits) for digits in re.findall(r"(?<!\d)\d\d(?!\d)", target)]
    missing = 0
    for number in wanted:
        if number in held:
            held.remove(number)
        else:
            missing += 1
    return missing
