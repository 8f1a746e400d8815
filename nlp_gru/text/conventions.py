"""How English and French write numbers, sums, hours and titles: what is kept out of the model's hands is rewritten here."""

from __future__ import annotations

import re

NARROW = "\u202f"  # the blank within French numbers
_TITLES = {
    "en": {"Mr": "M.", "Mrs": "Mme", "Ms": "Mme", "Miss": "Mlle", "Dr": "Dr", "Prof": "Pr", "and": "et"},
    "fr": {"M": "Mr", "Mr": "Mr", "Mme": "Mrs", "Mlle": "Miss", "Dr": "Dr", "Pr": "Prof.", "et": "and"},
}
# Places whose names differ, where one is unknown to the model and would be kept as it is.
PLACES = {
    english: french
    for pair in [
        "Geneva Genève",
        "Brussels Bruxelles",
        "Antwerp Anvers",
        "Bruges Bruges",
        "Ghent Gand",
        "London Londres",
        "Dover Douvres",
        "Edinburgh Édimbourg",
        "Lisbon Lisbonne",
        "Barcelona Barcelone",
        "Seville Séville",
        "Valencia Valence",
        "Naples Naples",
        "Venice Venise",
        "Milan Milan",
        "Turin Turin",
        "Florence Florence",
        "Genoa Gênes",
        "Rome Rome",
        "Vienna Vienne",
        "Salzburg Salzbourg",
        "Munich Munich",
        "Cologne Cologne",
        "Nuremberg Nuremberg",
        "Hamburg Hambourg",
        "Dresden Dresde",
        "Frankfurt Francfort",
        "Regensburg Ratisbonne",
        "Mainz Mayence",
        "Aachen Aix-la-Chapelle",
        "Basel Bâle",
        "Lucerne Lucerne",
        "Lugano Lugano",
        "Warsaw Varsovie",
        "Krakow Cracovie",
        "Kraków Cracovie",
        "Prague Prague",
        "Bucharest Bucarest",
        "Copenhagen Copenhague",
        "Moscow Moscou",
        "Athens Athènes",
        "Thessaloniki Thessalonique",
        "Cairo Caire",
        "Alexandria Alexandrie",
        "Algiers Alger",
        "Tangier Tanger",
        "Damascus Damas",
        "Beirut Beyrouth",
        "Jerusalem Jérusalem",
        "Mecca Mecque",
        "Beijing Pékin",
        "Singapore Singapour",
        "Havana Havane",
        "Montreal Montréal",
        "Corsica Corse",
        "Sicily Sicile",
        "Sardinia Sardaigne",
        "Crete Crète",
        "Cyprus Chypre",
        "Malta Malte",
        "Scotland Écosse",
        "Wales Galles",
        "Brittany Bretagne",
        "Normandy Normandie",
        "Burgundy Bourgogne",
        "Savoy Savoie",
        "Flanders Flandre",
        "Bavaria Bavière",
        "Saxony Saxe",
        "Tuscany Toscane",
        "Lombardy Lombardie",
        "Piedmont Piémont",
        "Andalusia Andalousie",
        "Catalonia Catalogne",
        "Bohemia Bohême",
        "Moravia Moravie",
        "Silesia Silésie",
    ]
    for english, french in [pair.split(" ")]
    if english != french
}
_PLACES = {"en": PLACES, "fr": {french: english for english, french in PLACES.items()}}
_TITLE = re.compile(r"(?:Mrs?|Ms|Miss|Dr|Prof|M|Mme|Mlle|Pr)\b")
_ENGLISH = re.compile(r"(?P<sign>[$€£]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<end> ?[%€]?)")
_FRENCH = re.compile(
    r"(?P<whole>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,(?P<part>\d+))?(?P<end>[ \u00a0\u202f]?[€$£%]?)"
)
_ENGLISH_HOUR = re.compile(r"(\d{1,2})(?::(\d\d))? ?([ap])\.?m\.?", re.I)
_FRENCH_HOUR = re.compile(r"(\d{1,2}) ?h(?: ?(\d\d))?")


def rewritten(string: str, source: str, target: str) -> str:
    """A kept string as the target language writes it; what is no number, hour or titled name stays as it is."""
    if {source, target} != {"en", "fr"}:
        return string
    if string in _PLACES[source]:
        return _PLACES[source][string]
    if _TITLE.match(string):
        return " ".join(_TITLES[source].get(word.rstrip("."), word) for word in string.split(" "))
    return _to_french(string) if target == "fr" else _to_english(string)


_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DATE = re.compile(rf"(\b(?:de|d') ?)?(?<!\d)(\d{{1,2}}(?:er)?) ({_MONTHS})\b", re.I)
_DASHES = re.compile(r"(?<=\s)[–—](?=\s)")


def polished(source: str, target: str, language: str) -> str:
    """A translation with what its language's conventions ask for: French months in small letters and behind "du", and the dashes
    of the source, which the model knows as hyphens alone. language: of the translation."""
    if language == "fr":
        target = _DATE.sub(lambda m: f"{'du ' if m[1] else ''}{m[2]} {m[3].lower()}", target)
    dashes = _DASHES.findall(source)
    if dashes and " - " not in source and target.count(" - ") == len(dashes):
        for dash in dashes:
            target = target.replace(" - ", f" {dash} ", 1)
    return target


def _to_french(string: str) -> str:
    if hour := _ENGLISH_HOUR.fullmatch(string):
        h = int(hour[1]) % 12 + (12 if hour[3] in "pP" else 0)
        return f"{h} h" if hour[2] in (None, "00") else f"{h} h {hour[2]}"
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
