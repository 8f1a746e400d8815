"""How English and French write numbers, sums, hours and titles: what is kept out of the model's hands is rewritten
here."""

from __future__ import annotations

import re

from nlp_gru.text.placeholders import UNITS

NARROW = "\u202f"  # the blank within French numbers
_TITLES = {
    "en": {
        "Mr": "M.",
        "Mrs": "Mme",
        "Ms": "Mme",
        "Miss": "Mlle",
        "Dr": "Dr",
        "Prof": "Pr",
        "Aunt": "Tante",
        "Uncle": "Oncle",
        "and": "et",
    },
    "fr": {
        "M": "Mr",
        "Mr": "Mr",
        "Monsieur": "Mr",
        "Mme": "Mrs",
        "Madame": "Mrs",
        "Mlle": "Miss",
        "Mademoiselle": "Miss",
        "Dr": "Dr",
        "Pr": "Prof.",
        "Tante": "Aunt",
        "Oncle": "Uncle",
        "et": "and",
    },
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
_TITLE = re.compile(r"(?:Mrs?|Ms|Miss|Dr|Prof|M|Mme|Mlle|Pr|Monsieur|Madame|Mademoiselle|Aunt|Uncle|Tante|Oncle)\b")
_ENGLISH = re.compile(r"(?P<sign>[$€£]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<end> ?[%€]?)")
_FRENCH = re.compile(
    r"(?P<whole>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:,(?P<part>\d+))?(?P<end>[ \u00a0\u202f]?[€$£%]?)"
)
_ENGLISH_HOUR = re.compile(r"(\d{1,2})(?::(\d\d))? ?([ap])\.?m\.?", re.I)
_FRENCH_HOUR = re.compile(r"(\d{1,2}) ?h(?:eures)?(?: ?(\d\d))?(?: (du matin|du soir|de l['’]après-midi))?")
_LARGE = re.compile(r"([$€£])(\S+) (thousand|million|billion|trillion)")
_LARGE_WORDS = {"thousand": "mille", "million": "million", "billion": "milliard", "trillion": "billion"}
_CURRENCIES = {"$": ("dollars", "de dollars"), "€": ("euros", "d'euros"), "£": ("livres", "de livres")}
_ENGLISH_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_FRENCH_ORDINAL = re.compile(r"(\d+|[IVX]+)(?:ème|ère|er|re|e)")


def rewritten(string: str, source: str, target: str) -> str:
    """A kept string as the target language writes it; what is no number, hour or titled name stays as it is."""
    if {source, target} != {"en", "fr"}:
        return string
    if string in _PLACES[source]:
        return _PLACES[source][string]
    if _TITLE.match(string):
        return " ".join(_TITLES[source].get(word.rstrip("."), word) for word in string.split(" "))
    if measured := _measured(string, source):
        return measured
    return _to_french(string) if target == "fr" else _to_english(string)


_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DATE = re.compile(rf"(\b(?:de|d') ?)?(?<!\d)(\d{{1,2}}(?:er)?) ({_MONTHS})\b", re.I)
_IN_YEAR = re.compile(r"\b[Ii]n (1\d{3}|20\d\d)\b(?!s|-|/|,\d)")
# Towns; countries and provinces, in which French has "en", are another matter.
_IN_TOWN = re.compile(r"\bin (?!France|Iran|Ukraine|Israel|Provence|Ontario|\w+(?:land|stan|ia)\b)([A-ZÀ-Þ]\w+)")
_TWO_STOPS = re.compile(r"\b([ap]\.m\.)\.(?!\.)")
_DASHES = re.compile(r"(?<=\s)[–—](?=\s)")


def polished(source: str, target: str, language: str) -> str:
    """A translation with what its language's conventions ask for: French months in small letters and behind "du", and
    the dashes of the source, which the model knows as hyphens alone. language: of the translation."""
    if language == "fr":
        target = _DATE.sub(lambda m: f"{'du ' if m[1] else ''}{'1er' if m[2] == '1' else m[2]} {m[3].lower()}", target)
        if source.endswith("m.") and target[-1:].isalnum():
            target += "."
        for year in _IN_YEAR.findall(source):
            target = re.sub(rf"\b(?:à|au|dans|sur|de) {year}\b", f"en {year}", target)
        for name in _IN_TOWN.findall(source):
            target = re.sub(rf"\ben {name}\b", f"à {name}", target)
        target = target.replace("en les années", "dans les années")
    else:
        target = _TWO_STOPS.sub(r"\1", target)
    dashes = _DASHES.findall(source)
    if dashes and " - " not in source and target.count(" - ") == len(dashes):
        for dash in dashes:
            target = target.replace(" - ", f" {dash} ", 1)
    return target


_MEASURED = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)(?P<blank> ?)(?P<unit>{UNITS})")
_MEASURES = {
    english: french
    for line in (
        "kilometer kilometre kilomètre",
        "centimeter centimetre centimètre",
        "millimeter millimetre millimètre",
        "meter metre mètre",
        "kilogram kilogram kilogramme",
        "gram gram gramme",
        "liter litre litre",
    )
    for one, other, french_one in [line.split(" ")]
    for english, french in (
        (one, french_one),
        (other, french_one),
        (f"{one}s", f"{french_one}s"),
        (f"{other}s", f"{french_one}s"),
    )
}
_UNITS = {
    "en": _MEASURES | {"MB": "Mo", "GB": "Go", "kB": "ko"},
    "fr": {french: english for english, french in reversed(_MEASURES.items())}
    | {"Mo": "MB", "Go": "GB", "ko": "kB", "Ko": "KB"},
}


def _measured(string: str, source: str) -> str | None:
    """A number with its unit as the other language writes it; None for what is none."""
    found = _MEASURED.fullmatch(string)
    if found is None:
        return None
    number, unit = found["number"], found["unit"]
    blank = found["blank"] or (" " if source == "en" else "")
    number = number.replace(",", NARROW).replace(".", ",") if source == "en" else number.replace(",", ".")
    return f"{number}{blank}{_UNITS[source].get(unit, unit)}"


_DECADE = {"en": re.compile(r"(The|the) (\d{3}0)s"), "fr": re.compile(r"(Les|les) années (\d{3}0)")}


def _to_french(string: str) -> str:
    if decade := _DECADE["en"].fullmatch(string):
        return f"{'Les' if decade[1] == 'The' else 'les'} années {decade[2]}"
    if ordinal := _ENGLISH_ORDINAL.fullmatch(string):
        return ordinal[1] + ("er" if ordinal[1] == "1" else "e")
    if large := _LARGE.fullmatch(string):
        return _large_sum(large[1], _to_french(large[2]), _LARGE_WORDS[large[3]])
    if hour := _ENGLISH_HOUR.fullmatch(string):
        h = int(hour[1]) % 12 + (12 if hour[3] in "pP" else 0)
        return f"{h} h" if hour[2] in (None, "00") else f"{h} h {hour[2]}"
    number = _ENGLISH.fullmatch(string)
    if not number or (number["part"] is None and not (number["sign"] or number["end"] or "," in string)):
        return string
    end = number["sign"] or number["end"].strip()
    part = f",{number['part']}" if number["part"] else ""
    return number["whole"].replace(",", NARROW) + part + (f" {end}" if end else "")


def _large_sum(sign: str, number: str, word: str) -> str:
    alone, behind_noun = _CURRENCIES[sign]
    if word == "mille":
        return f"{number} mille {alone}"
    is_one = re.match(r"[01](?!\d)", number) is not None
    return f"{number} {word}{'' if is_one else 's'} {behind_noun}"


def _to_english(string: str) -> str:
    if decade := _DECADE["fr"].fullmatch(string):
        return f"{'The' if decade[1] == 'Les' else 'the'} {decade[2]}s"
    if hour := _FRENCH_HOUR.fullmatch(string):
        h = int(hour[1])
        minutes = f":{hour[2]}" if hour[2] else ""
        late = h % 24 >= 12 or hour[3] not in (None, "du matin")
        return f"{(h - 1) % 12 + 1}{minutes} {'p.m.' if late else 'a.m.'}"
    if ordinal := _FRENCH_ORDINAL.fullmatch(string):
        n = int(ordinal[1]) if ordinal[1].isdigit() else _roman(ordinal[1])
        return f"{n}{'th' if n % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
    number = _FRENCH.fullmatch(string)
    if not number or string.isdigit():
        return string
    whole = re.sub(r"\s", ",", number["whole"])
    end = number["end"].strip()
    value = whole + (f".{number['part']}" if number["part"] else "")
    return f"{value}%" if end == "%" else f"{end}{value}"


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[sign] for sign in numeral]
    return sum(-v if v < later else v for v, later in zip(values, [*values[1:], 0], strict=True))


_ENGLISH_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY_FIRST = re.compile(rf"\b(?:the )?(\d{{1,2}})(?:st|nd|rd|th) (?:of )?({_ENGLISH_MONTHS})\b")
_DAY_LAST = re.compile(rf"\b({_ENGLISH_MONTHS}) (\d{{1,2}})(?:st|nd|rd|th)\b")
# Abbreviations, which the model has hardly seen, and what it knows instead.
_WRITTEN_OUT = {
    language: [(re.compile(rf"(?<![\w.])(?:{short})"), word) for short, word in pairs]
    for language, pairs in {
        "en": [
            (r"[Nn]o\.(?= ?\d)", "number"),
            (r"Nr\.(?= ?\d)", "number"),
            (r"approx\.", "approximately"),
            (r"U\.S\.A\.|U\.S\.", "USA"),
            (r"U\.K\.", "UK"),
            (r"Ph\.D\.", "doctorate"),
            (r"Lt\.", "Lieutenant"),
            (r"Sgt\.", "Sergeant"),
            (r"Capt\.", "Captain"),
            (r"Gen\.", "General"),
            (r"Col\.", "Colonel"),
            (r"Sen\.", "Senator"),
            (r"Gov\.", "Governor"),
            (r"Pres\.", "President"),
            (r"[Aa]pt\.(?= ?\d)", "apartment"),
            (r"[Aa]ppt\.", "appointment"),
            (r"[Dd]ept\.", "department"),
            (r"tel\.", "telephone"),
            (r"Tel\.", "Telephone"),
            (r"(?<=\d )min\.", "minutes"),
            (r"(?<=\d )sec\.", "seconds"),
            (r"(?<=\d )hrs?\b\.?", "hours"),
            (r"max\.", "maximum"),
            (r"incl\.", "including"),
            (r"(?:asap|ASAP)\b", "as soon as possible"),
            (r"FYI\b", "for your information"),
            (r"i\.e\.", "that is"),
            (r"Jan\.(?= \d)", "January"),
            (r"Feb\.(?= \d)", "February"),
            (r"Apr\.(?= \d)", "April"),
            (r"Aug\.(?= \d)", "August"),
            (r"Sept?\.(?= \d)", "September"),
            (r"Oct\.(?= \d)", "October"),
            (r"Nov\.(?= \d)", "November"),
            (r"Dec\.(?= \d)", "December"),
            (r"Mon\.(?=,)", "Monday"),
            (r"Tues?\.(?=,)", "Tuesday"),
            (r"Fri\.(?=,)", "Friday"),
        ],
        "fr": [
            (r"n° ?(?=\d)|N° ?(?=\d)", "numéro "),
            (r"env\.", "environ"),
            (r"p\. ?ex\.", "par exemple"),
            (r"c\.-à-d\.", "c'est-à-dire"),
            (r"tél\.", "téléphone"),
            (r"Tél\.", "Téléphone"),
            (r"s\.v\.p\.|(?:svp|SVP|stp)\b", "s'il vous plaît"),
            (r"(?:rdv|RDV|RV)\b", "rendez-vous"),
            (r"max\.", "maximum"),
            (r"appt\.", "appartement"),
            (r"janv\.", "janvier"),
            (r"févr?\.", "février"),
            (r"juil\.", "juillet"),
            (r"sept\.(?! \w+ures)", "septembre"),
            (r"oct\.", "octobre"),
            (r"nov\.", "novembre"),
            (r"déc\.", "décembre"),
            (r"qqn\b", "quelqu'un"),
            (r"qqch\b", "quelque chose"),
            (r"pb\b", "problème"),
            (r"ASAP\b", "dès que possible"),
        ],
    }.items()
}
_FIRST_DAY = re.compile(rf"\b1er ({_MONTHS})\b")
# Up to the tenth, the model knows them in words; for one alone, "3e étage", it would not see that it counts floors.
_SMALL_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth",
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième",
}
_SMALL_ORDINAL = {
    "en": re.compile(r"\b([1-9]|10)(?:st|nd|rd|th)\b"),
    "fr": re.compile(r"\b([1-9]|10)(?:ème|er|e)\b"),
}


_CLOCK = "one two three four five six seven eight nine ten eleven twelve"
_QUARTER = re.compile(rf"\b(?:a )?quarter (to|past) ({_CLOCK.replace(' ', '|')}|\d{{1,2}})\b")


def _quarter(match: re.Match[str]) -> str:
    """ "9:45" for "a quarter to ten"."""
    hour = int(match[2]) if match[2].isdigit() else _CLOCK.split().index(match[2]) + 1
    return f"{(hour - 2) % 12 + 1}:45" if match[1] == "to" else f"{hour}:15"


def prepared(text: str, source: str, target: str) -> str:
    """Return a text with its dates and small ordinals as the model learned them: "July 4" for "the 4th of July",
    "third" for "3rd"."""
    if {source, target} != {"en", "fr"}:
        return text
    if source == "en":
        text = _QUARTER.sub(_quarter, text)
    for pattern, word in _WRITTEN_OUT[source]:
        text = pattern.sub(word, text)
    dated = _DAY_LAST.sub(r"\1 \2", _DAY_FIRST.sub(r"\2 \1", text)) if source == "en" else _FIRST_DAY.sub(r"1 \1", text)
    words = _SMALL_ORDINALS[source].split()
    return _SMALL_ORDINAL[source].sub(lambda m: words[int(m[1]) - 1], dated)
