"""How English and French write numbers, sums, hours and titles: what is kept out of the model's hands is rewritten here."""

from __future__ import annotations

import re

NARROW = "\u202f"  # the blank within French numbers
_TITLES = {
    "en": {"Mr": "M.", "Mrs": "Mme", "Ms": "Mme", "Miss": "Mlle", "Dr": "Dr", "Prof": "Pr", "and": "et"},
    "fr": {"M": "Mr", "Mr": "Mr", "Mme": "Mrs", "Mlle": "Miss", "Dr": "Dr", "Pr": "Prof.", "et": "and"},
}
_TITLE = re.compile(r"(?:Mrs?|Ms|Miss|Dr|Prof|M|Mme|Mlle|Pr)\b")
_ENGLISH = re.compile(r"(?P<sign>[$€£]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<end> ?[%€]?)")
_FRENCH = re.compile(
    r"(?P<whole>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,(?P<part>\d+))?(?P<end>[ \u00a0\u202f]?[€$£%]?)"
)
_ENGLISH_HOUR = re.compile(r"(\d{1,2})(?::(\d\d))? ?([ap])\.?m\.?")
_FRENCH_HOUR = re.compile(r"(\d{1,2}) ?h(?: ?(\d\d))?")


def rewritten(string: str, source: str, target: str) -> str:
    """A kept string as the target language writes it; what is no number, hour or titled name stays as it is."""
    if {source, target} != {"en", "fr"}:
        return string
    if _TITLE.match(string):
        return " ".join(_TITLES[source].get(word.rstrip("."), word) for word in string.split(" "))
    return _to_french(string) if target == "fr" else _to_english(string)


def _to_french(string: str) -> str:
    if hour := _ENGLISH_HOUR.fullmatch(string):
        h = int(hour[1]) % 12 + (12 if hour[3] == "p" else 0)
        return f"{h} h {hour[2]}" if hour[2] else f"{h} h"
    number = _ENGLISH.fullmatch(string)
    if not number or (number["part"] is None and not (number["sign"] or number["end"] or "," in string)):
        return string
    whole = number["whole"].replace(",", NARROW)
    end = number["sign"] or number["end"].strip()
    return whole + (f",{number['part']}" if number["part"] else "") + (f" {end}" if end else "")


def _to_english(string: str) -> str:
    if hour := _FRENCH_HOUR.fullmatch(string):
        h = int(hour[1])
        minutes = f":{hour[2]}" if hour[2] else ""
        return f"{(h - 1) % 12 + 1}{minutes} {'a.m.' if h % 24 < 12 else 'p.m.'}"
    number = _FRENCH.fullmatch(string)
    if not number or string.isdigit():
        return string
    whole = re.sub(r"\s", ",", number["whole"])
    end = number["end"].strip()
    value = whole + (f".{number['part']}" if number["part"] else "")
    return f"{value}%" if end == "%" else f"{end}{value}"
