"""Names of people, firms and streets that are made of ordinary words: "Mark called me" is about no mark, "Apple" no
fruit."""

from __future__ import annotations

import re

# First names that are common words as well, and others whose family names are worth keeping.
_WORDS = (
    "art bill bob brook buck chase chip chuck clay cliff crystal daisy dale dawn dean destiny drew duke earl faith"
    " frank gene ginger glen grace grant guy hank harmony harry hazel heath heather holly hope hunter ivy jack jade"
    " jasmine jewel joy lance lily logan marina mark max melody miles misty nick norm olive opal pat patience pearl"
    " penny piper poppy pierce rob robin rocky rose ruby rusty sage sandy savannah scarlett skip skye sonny stone sue"
    " trinity troy tucker victor violet ward wade will willow"
)
_GIVEN = (
    "aaron adam alan albert alex alexander alice amanda amy andrew angela anna anne anthony barbara benjamin betty"
    " brian bruce carl carol caroline catherine charles charlotte chris christopher clara daniel david diana donald"
    " dorothy edward elizabeth ellen emily emma eric ernest eva evelyn florence fred george gloria gordon hannah harold"
    " helen henry howard hugh isaac isabel jacob james jane janet jason jeff jennifer jessica jim joan joe john"
    " jonathan joseph julia julie karen kate keith kelly ken kevin larry laura lauren leo leonard linda lisa louis"
    " louise lucy luke margaret maria martha martin mary matthew megan michael michelle mike nancy natalie nathan"
    " nicole nora oliver oscar pamela patricia paul peter philip rachel ralph ray rebecca richard robert roger ronald"
    " rosa roy russell ruth ryan samuel sandra sara sarah scott sean sharon simon sophia stephen steve steven stuart"
    " susan teresa thomas timothy tom tony tyler vanessa walter wendy william winston zoe"
)
WORD_NAMES = frozenset(_WORDS.split())
GIVEN_NAMES = frozenset(_GIVEN.split()) | WORD_NAMES
# Firms and programs whose names mean something: with a capital inside a sentence they are kept.
_FIRMS = (
    "amazon apple chrome discord edge excel orange oracle outlook safari shell signal skype slack spotify starbucks"
    " subway target visa zoom"
)
FIRMS = frozenset(_FIRMS.split())
# Of which a word like "Will" is the subject.
_VERB = (
    r"(?= (?:is|isn't|was|wasn't|has|had|and|or|can|can't|could|will|won't|would|said|told|came|went|gave|got|made|"
    r"took|saw|knew|thought|left|"
    r"met|ran|won|lost|bought|wrote|never|always|often|doesn't|didn't|\w+(?!s)\ws|\w+ed)\b)"
)
_BEGINNING = re.compile(rf"(?<![\w'’] )(?<![\w'’])({'|'.join(sorted(n.capitalize() for n in WORD_NAMES))})\b{_VERB}")
_CAPITAL = r"[A-ZÀ-Þ][\w'’\-]*\w"
# A first name and what is written large behind it, with initials and particles between.
_FULL = re.compile(
    rf"\b({_CAPITAL})((?: [A-Z]\.)*(?: (?:van|von|de|da|di|la|le|der|den|Mc|St\.))*(?: {_CAPITAL})+(?: (?:Jr|Sr)\.)?)"
)
_INSIDE = re.compile(rf"(?<=[\w,] ){_CAPITAL}")
_STREET = {
    "en": re.compile(
        rf"\b(?:\d+[A-Za-z]? )?(?:{_CAPITAL}"
        r" )+(?:Street|St\b\.?|Avenue|Ave\b\.?|Road|Rd\b\.?|Lane|Drive|Boulevard|Square|Terrace)(?!\w)"
    ),
    "fr": re.compile(
        r"\b(?:\d+(?: (?:bis|ter))?,?"
        r" )?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Qq]uai|[Cc]hemin|[Aa]llée|[Ii]mpasse)"
        rf" (?:de la |de l['’]|du |des |de |d['’])?(?:{_CAPITAL})(?: (?:{_CAPITAL}))*"
    ),
}
_STOPS_NAME = re.compile(
    r" (?:Mondays?|Tuesdays?|Wednesdays?|Thursdays?|Fridays?|Saturdays?|Sundays?|January|February|March|April|May|"
    r"June|July|August|September|"
    r"October|November|December|Christmas|English|French|German|Spanish|Italian|Japanese|Chinese|American|British|"
    r"I)\b.*"
)


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return where names stand in a sentence of English ("en") or French ("fr") that would be translated but for
    this."""
    found = [m.span() for m in _STREET[language].finditer(text)] if language in _STREET else []
    if language != "en":
        return found
    found += [m.span() for m in _INSIDE.finditer(text) if m[0].casefold() in WORD_NAMES | FIRMS]
    found += [m.span(1) for m in _BEGINNING.finditer(text)]
    for match in _FULL.finditer(text):
        if match[1].casefold() in GIVEN_NAMES:
            rest = _STOPS_NAME.sub("", match[2])
            if rest:
                found.append((match.start(), match.start(2) + len(rest)))
    return found
