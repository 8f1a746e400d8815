"""The constants that Python and JavaScript share, as lib/constants.js and lib/phrases.js: `python -m
nlp_gru.web.constants` writes them anew."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from nlp_gru import errors
from nlp_gru.decoding import beam, correction, sampling, word_search
from nlp_gru.model_folder.aliases import ALIASES
from nlp_gru.text import (
    canonical,
    casing,
    conventions,
    labels,
    letters,
    names,
    number_words,
    passages,
    placeholders,
    sentences,
    slips,
    typing,
    word_list,
)
from nlp_gru.tools import sentiment
from nlp_gru.tools.chat import bank, chatbot, faults, honesty, prepared, ranking, recall, safety
from nlp_gru.tools.faq import bot, decide, fits, manners
from nlp_gru.tools.faq import words as faq_words
from nlp_gru.tools.keyboard import keyboard, known_words, memory, mending, phrases, private, set_phrases
from nlp_gru.tools.similarity import encoder
from nlp_gru.tools.translation import alignment, confidence, dictionary, language, translator

LIB = Path(__file__).parent / "lib"
CANONICAL = (
    "BLANK",
    "TITLE",
    "UPPER",
    "ESCAPE",
    "RESERVED",
    "TYPOGRAPHY",
    "LETTERS",
    "ELISIONS",
    "OPENING",
    "OPENING_AFTER_BLANK",
    "JOINING",
    "CAPITALS",
)
PHRASES = ("PHRASES", "GREETINGS", "TITLES", "CLOSINGS", "WORDS", "NAME", "STAND_INS")
# What the module of the same name in lib/ takes over; a leading underscore is left out.
SHARED: Mapping[str, tuple[ModuleType, str]] = {
    "limits": (
        errors,
        (
            "MAX_TEXT MAX_ENCODED MAX_HITS MAX_SUGGESTIONS MAX_SKIPPED MAX_WORDS MAX_NGRAM MAX_TOP_K MAX_TEMPERATURE"
            " MAX_BEAM MAX_ALIGNED MAX_ALIGNED_TOKENS MAX_SAMPLES MAX_REPLY_WORDS MAX_SAMPLED_WORDS MAX_TURNS"
            " MAX_CANDIDATES MAX_MEMORY_BYTES"
        ),
    ),
    "sentiment": (
        sentiment,
        (
            "NEUTRAL UNSURE_SPREAD SPELLED_SHARE SPELLING_READ CASE _WORD _ADDRESS _NO_ANSWER _PICTURES "
            "MAX_EXPLAINED READ_TOGETHER READ_CHARACTERS _PART _SENTENCE_ENDS"
        ),
    ),
    "beam": (beam, "LOOP EXTRA LEAST_LOOK"),
    "search": (sampling, "REMEMBERED"),
    "segment": (sentences, "MAX_CHARACTERS _LONG _LEAD _ITEMS _DASH _COMMA _ITEM MOST_WORDS _BREAKS"),
    "forms": (casing, "ADDED _ADDED_END"),
    "letters": (letters, "GREETED"),
    "placeholders": (placeholders, "PLACEHOLDERS EXACT KEPT TITLED RANKED _GLUED NAME _BEGINS NOTHING COMMON_END"),
    "alignment": (alignment, "_WORD PLACEHOLDERS END"),
    "translator": (translator, "_WRAPPED RECENT FAR_BELOW _FACT"),
    "language": (language, "NAMES OTHER CERTAIN READ LEAST_LETTERS LEAST_WORDS FOREIGN _WORD"),
    "confidence": (confidence, "UNSURE SHORTEST LEAST_SCORE"),
    "slips": (slips, "LAYOUTS LETTERS APOSTROPHES _VOWELS PRICES"),
    "typing": (typing, "MOST_READ HABIT_READ LONGEST _CURVED _STRAIGHT _OPENING _MARKS _STARTS _AT_START _ENDED"),
    "words": (word_list, "STEPS SUM_BYTES"),
    "knownWords": (known_words, "TAUGHT"),
    "correction": (correction, "UNFINISHED RARE SHORTEST SHORTEST_FOR_TWO COMPARED UNLIKELY SECOND"),
    "mending": (mending, "CLEAR LITERAL SHORTEST CANDIDATES _WORD _ADDRESS _SENTENCE_ENDS _DRAWN_OUT ALWAYS_CAPITAL"),
    "suggest": (word_search, "CONTEXT BLOCK LEAST_CASE"),
    "keyboard": (keyboard, "TOKENS_A_WORD SPARE_TOKENS ROUNDS ROUNDS_BESIDE_LIST UNKNOWN_LEAST UNKNOWN_ALONE LEAST"),
    "ahead": (phrases, "MOST_WORDS SURE SET_SURE SET_BEGUN SET_LONGEST LETTER MOST_LETTERS LOOKED_AT ROUNDS _WORD"),
    "memory": (memory, "START LONGEST ROW VOCABULARY UNSEEN _WORD"),
    "secrets": (private, "LONG_NUMBER PASSWORD CONSONANTS KEY _NUMBER _ANNOUNCED _LIKE_ONE _MARK _MIXED _ADDRESS"),
    "similarity": (encoder, "MAX_TOKENS MAX_TEXT MAX_EXPLAINED _WORD"),
    "passages": (passages, "MAX_BYTES"),
    "faqDecide": (decide, "WEIGHTS ODDS STEEP OFFERED LARGEST"),
    "faqIndex": (fits, "WORDS_IN_FIT FITTED LETTERS ANSWER COVERED ORDINARY MARGIN"),
    "faqWords": (
        faq_words,
        "SIZE LONGEST_WORD MOST_WORDS ALIKE MIN_CORRECTED MIN_USUAL MIN_SWAPPED MIN_TWO_SLIPS CLOSE OWN_ROWS SHORTHAND",
    ),
    "faqManners": (manners, "SAME LONGEST"),
    "faq": (bot, "SHOWN CLOSEST"),
    "chatbot": (
        chatbot,
        (
            "MAX_TURN READY_MIN_COSINE PERSONAL_MIN_COSINE READY_SPREAD SHARP REPLY_TOKENS TOKENS_A_WORD UNEXPECTED"
            " MATCH MEANT CLASH AGAIN NEAR BANK_NEAREST BANK_MIN_COSINE"
            " FINALISTS GREETING QUESTION OPINION GENERAL SAFE_COSINE GENERAL_COSINE"
        ),
    ),
    "bank": (bank, "EARLIER SHORTEST STEM _WORD"),
    "ranking": (ranking, "TURNS CONTEXT REPLY KINDS"),
    "faults": (
        faults,
        (
            "ALIKE SHORTEST_ALIKE MOST_TIMES WEIGHTY RECENT FIXED _WORD _UNIT _RUN_ON _OPEN_END _SHOUTED"
            " _HE _SHE _MAN _WOMAN"
        ),
    ),
    "danger": (prepared, "_WORD"),
    "safety": (safety, "HARMLESS KINDS MIN_COSINE MOST_SENTENCES HELP REPLIES"),
    "recall": (
        recall,
        "MIN_COSINE LEAST_LETTERS _OWN _ASKED _REMEMBERED _ABOUT_ME _GOES_ON _TURNED _WORD _OPENING _CLOSING",
    ),
    "honesty": (honesty, "CLAIM FALSE _YOU _SAID_OF_YOU _PROGRAM INSTEAD CHANGE"),
}
# What translation alone needs, in a file of its own.
OF_TRANSLATION: Mapping[str, tuple[ModuleType, str]] = {
    "conventions": (
        conventions,
        (
            "PLACES _DATE _DASHES _IN_YEAR _IN_TOWN _TWO_STOPS _CLOCK _QUARTER _MEASURED _UNITS _DAY_FIRST _DAY_LAST"
            " _FIRST_DAY _WRITTEN_OUT _SMALL_ORDINALS _SMALL_ORDINAL"
        ),
    ),
    "labels": (
        labels,
        (
            "LABELS CALENDAR _SENTENCE MOST_WORDS _END VERBS _PRONOUN _NOT_A_NOUN _VERB_FRAME _NOUN_FRAME _ARTICLE"
            " _WITH_ARTICLE _INFINITIVE ADDED_BY_VERB ADDED_BY_NOUN INFINITIVE_GAIN"
        ),
    ),
    "names": (names, "WORD_NAMES GIVEN_NAMES FIRMS _BEGINNING _FULL _INSIDE _STREET _STOPS_NAME"),
    "numberWords": (number_words, "VALUES FOUND LARGE LARGE_BEFORE"),
    "dictionary": (dictionary, "WORD"),
}
WORD, DIGIT, LETTER = r"\p{L}\p{N}_", r"\p{Nd}", r"\p{L}\p{Nl}\p{No}"
_BOUNDARY = f"(?:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))"
_SYNTAX = set(r"^$\.*+?()[]{}|/")
_CLASSES = {"w": WORD, "d": DIGIT, "s": r"\s", "S": r"\S", "n": r"\n", "r": r"\r", "t": r"\t"}

_CODES = {"x": 2, "u": 4, "U": 8}  # hexadecimal digits of a character's code


def sources() -> dict[Path, str]:
    """Return the texts of the JavaScript modules by their files."""
    lines = [f"export const {name} = {_literal(getattr(canonical, name))};" for name in CANONICAL]
    lines += [f"export const ALIASES = {_literal(ALIASES)};", *_groups(SHARED)]
    of_letters = [f"export const {name} = {_literal(getattr(letters, name))};" for name in PHRASES]
    of_letters += [f"export const {name} = {_literal(sorted(getattr(letters, name)))};" for name in ("FEMALE", "MALE")]
    of_letters.append(f"export const FEMALE_END = {_literal(letters.FEMALE_END.pattern)};")
    of_letters += _groups(OF_TRANSLATION)
    of_keyboard = [f"export const SET_PHRASES = {_literal(set_phrases.SET_PHRASES)};"]
    head = "// Written by nlp_gru/web/constants.py from the constants of the Python modules.\n\n"
    return {
        LIB / name: head + "\n".join(some) + "\n"
        for name, some in (("constants.js", lines), ("phrases.js", of_letters), ("set_phrases.js", of_keyboard))
    }


def _groups(shared: Mapping[str, tuple[ModuleType, str]]) -> Iterator[str]:
    for group, (module, wanted) in shared.items():
        values = {name.lstrip("_"): getattr(module, name) for name in wanted.split()}
        if module is memory:
            values["TRUST"] = memory.Memory.TRUST
        if module is sentences:
            values["BREAKS"] = [re.compile(pattern) for pattern in values["BREAKS"]]
        yield f"export const {group} = {_literal(values)};"


def _literal(value: Any) -> str:
    if isinstance(value, re.Pattern):
        return regular_expression(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _literal(dataclasses.asdict(value))
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{json.dumps(key)}: {_literal(item)}' for key, item in value.items())}}}"
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value)


def regular_expression(pattern: re.Pattern[str]) -> str:
    """Return the expression in JavaScript that matches what `pattern` does. Raise `ValueError` for what it has no word
    for."""
    flags = "u" + "i" * bool(pattern.flags & re.I) + "s" * bool(pattern.flags & re.S)
    text = _spelled_out(pattern.pattern).replace(r"[^\W\d_]", f"[{LETTER}]").replace("(?P<", "(?<")
    return f"new RegExp({json.dumps(''.join(_translated(text)))}, {json.dumps(flags)})"


def _spelled_out(pattern: str) -> str:
    """The pattern with "[aA]" for a letter "a" in a group "(?i:...)", which not all browsers know. Raise `ValueError`
    for a class in one."""
    parts = re.split(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?i:|\(\?(?:P?<\w+>|<?[=!]|:)|[()])", pattern)
    groups, found = [False], ""
    for part in parts:
        if part.startswith("("):
            groups.append(groups[-1] or part == "(?i:")
        elif part == ")":
            groups.pop()
        elif groups[-1] and part.startswith("["):
            raise ValueError("a class in a group (?i:...) is not translated to JavaScript")
        elif groups[-1] and not part.startswith("\\"):
            part = re.sub(r"[A-Za-z]", lambda m: f"[{m[0].lower()}{m[0].upper()}]", part)
        found += part.replace("(?i:", "(?:")
    return found


def _translated(pattern: str) -> Iterator[str]:
    inside, at = False, 0
    while at < len(pattern):
        sign = pattern[at]
        following, digits = pattern[at + 1 : at + 2], 0
        at += 1
        if sign == "\\":
            at += 1
            if following == "p":  # of LETTER
                digits = pattern.index("}", at) + 1 - at
                yield rf"\p{pattern[at : at + digits]}"
            elif digits := _CODES.get(following, 0):
                yield rf"\u{{{pattern[at : at + digits]}}}"
            else:
                yield _escape(following, inside)
            at += digits
            continue
        if sign == "[" and not inside:
            inside = True
            if following == "^":
                yield "[^"
                at += 1
                continue
        elif sign == "]":
            inside = False
        yield sign


def _escape(sign: str, inside: bool) -> str:
    if sign in _CLASSES:
        return _CLASSES[sign] if inside or sign not in "wd" else f"[{_CLASSES[sign]}]"
    if sign == "b" and not inside:
        return _BOUNDARY
    if sign == "W":
        if inside:
            raise ValueError("a class of a pattern cannot hold \\W in JavaScript")
        return f"[^{WORD}]"
    if sign.isdigit() and not inside:
        return f"\\{sign}"
    if sign.isalnum():
        raise ValueError(f"\\{sign} is not translated to JavaScript")
    return f"\\{sign}" if sign in _SYNTAX or (inside and sign == "-") else sign


if __name__ == "__main__":
    for path, text in sources().items():
        path.write_text(text, encoding="utf-8")
