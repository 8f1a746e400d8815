"""What a translation must leave as it is - placeholders of programs, addresses, numbers, emoji, names - is kept out of
the model's hands.

While it works, a control character stands there, which no clean text holds: U+0001 for the first kept string of a text,
U+0002 for the second. In training, strings that are equal on both sides of a pair are replaced so, and the model learns
where they go.
"""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from nlp_gru.text import names as known_names

PLACEHOLDERS = "\x01\x02\x03\x04\x05\x06\x07\x08"
_EMOJI = "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
_SUFFIXES = (
    "txt|md|py|js|json|ya?ml|toml|csv|tsv|pdf|docx?|xlsx?|html?|css|png|jpe?g|svg|zip|exe|sh|ini|cfg|"
    "log|xml|srt|vtt|po|mp[34]"
)
UNITS = (
    "km/h|mph|km|cm|mm|m|kg|mg|g|lb|oz|ml|cl|L|l|ft|°[CF]?|[kMG]B|[KkMG]o|kW|W|Hz|[kMG]Hz|V|mi"
    "|kilomet(?:er|re)s?|centimet(?:er|re)s?|millimet(?:er|re)s?|met(?:er|re)s?|kilograms?|grams?|lit(?:er|re)s?"
    "|kilomètres?|centimètres?|millimètres?|mètres?|kilogrammes?|grammes?"
)
# What programs put into texts, and what they are written in.
CODE = (
    r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|\{[^{}\s]*\}"  # {{ user.name }}, ${HOME}, {name}
    r"|%(?:\(\w+\))?(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?[sdifuxgc@](?!\w)"  # %s, %(key)d, %1$s, %.2f
    r"|</?(?:[A-Za-z][^<>]*|\d{1,2}/?)>|&(?:\w+|\#\d+);"  # tags, those by number too, and entities
    r"|`[^`]+`|\*\*|~~|\[(?=[^\[\]]*\]\()|\]\([^()\s]*\)"  # Markdown
    r"|[A-Za-z]:\\[^\s\"']*[\w\\]|(?<![\w/])~?(?:/[\w.\-]*\w){2,}/?"  # paths
    rf"|\b[\w\-]+\.(?:{_SUFFIXES})\b"
    r"|(?<!\S)--?[A-Za-z][\w\-]*|\$[A-Z_][A-Z0-9_]*\b"  # --option, $HOME
    r"|\b[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+\b|\b[a-z]+[A-Z][A-Za-z0-9]+\b|"
    r"\b[A-Z]{1,3}\d{2,}\b"  # snake_case, camelCase, BA2490
)
_EXACT = (
    r"(?:https?://|www\.)[^\s<>\"'«»]*[^\s<>\"'«».,;:!?)\]]"  # web addresses, without the sentence's own stop
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|{CODE}"
)
EXACT = re.compile(_EXACT)  # what is the same in every language, and means nothing if a letter of it changes
KEPT = re.compile(
    rf"{_EXACT}|{_EMOJI}(?:[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]|{_EMOJI})*"
    r"|[#@]\w+"
    r"|[Tt]he \d{3}0s\b|[Ll]es années \d{3}0\b"  # decades
    rf"|\d+(?:[.,]\d+)* ?(?:{UNITS})(?![\w/])"  # what is measured
    r"|\+\d{1,3}(?:[ .\-]\d{1,4}){3,}|\d{1,3}(?:[ .\-]\d{2,4}){3,}"  # telephone numbers
    r"|[$€£]\d+(?:[.,]\d+)*(?: (?:thousand|million|billion|trillion)\b)?"  # sums
    r"|\d{1,2}(?::\d\d)? ?(?:[ap]\.m\.|[ap]m\b|[AP]\.M\.|[AP]M\b)"  # 6 pm, 3:30 p.m.
    r"|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?(?!\d)(?: ?[€$£%](?![\w{(]))?"  # as the French write large numbers
    r"|\d+(?:[.,:/\-]\d+)+(?: ?[%€$£](?![\w{(]))?"  # decimals, hours, dates
    r"|(?:\d{1,2} ?h(?: ?\d\d)?\b|(?<=\bà )\d{1,2} heures\b(?: \d\d\b)?)"  # 18 h 30, à 18 heures
    r"(?: du matin\b| du soir\b| de l['’]après-midi\b)?"
    r"|\d+(?:st|nd|rd|th)\b|\d+(?:ème|e|er|re|ère)\b|\b[IVX]+(?:ème|e)\b(?= siècles?\b)"  # ordinals
    r"|\d+ ?[€%](?![\w{(])|\d{3,}"
)
_TITLED = {
    "en": r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Aunt|Uncle)\b\.?(?: and (?:Mr|Mrs|Ms|Dr)\b\.?)? [A-ZÀ-Þ][\w'’\-]+",
    "fr": (
        r"\b(?:M\.|Mme|Mlle|Mr|Dr|Pr|Monsieur|Madame|Mademoiselle|Tante|Oncle)(?: et (?:M\.|Mme|Mlle|Madame))?"
        r" [A-ZÀ-Þ][\w'’\-]+"
    ),
}
TITLED = {language: re.compile(pattern) for language, pattern in _TITLED.items()}
# Titles and ranks that are translated, and the name behind them (1), which is not.
_RANKS = {
    "en": (
        "[Pp]rofessor|[Dd]octor|[Pp]resident|[Jj]udge|[Cc]aptain|[Cc]olonel|[Gg]eneral|[Ss]ergeant|[Ii]nspector|[Oo]fficer|[Ss]enator|"
        "[Kk]ing|[Qq]ueen|[Pp]rince|[Pp]rincess|[Ss]ir|uncle|aunt|[Gg]randma|[Gg]randpa|[Nn]urse"
    ),
    "fr": (
        "[Pp]rofesseur|[Dd]octeur|[Pp]résidente?|[Jj]uge|[Cc]apitaine|[Cc]olonel|[Gg]énéral|[Ss]ergent|[Ii]nspecteur|[Ss]énateur|[Rr]oi|"
        "[Rr]eine|[Pp]rince|[Pp]rincesse|oncle|tante|[Mm]aître|[Mm]amie|[Pp]apy"
    ),
}
RANKED = {language: re.compile(rf"\b(?:{ranks}) ([A-ZÀ-Þ][\w\-]+)(?! [A-ZÀ-Þ])") for language, ranks in _RANKS.items()}
NAME = re.compile(r"\b[A-ZÀ-Þ][^\W\d_]+(?:-[A-ZÀ-Þ][^\W\d_]+)*")  # a word with a capital, or several joined
# The start of a sentence, but not what follows "Dr. ".
_BEGINS = re.compile(r"(?:^|(?<!\b[A-ZÀ-Þ])(?<!\b[A-ZÀ-Þ]\w)(?<!\b[A-ZÀ-Þ]\w\w)[.!?…\"«:\-]\s*)\W*$")
IsName = Callable[[str, bool], bool]  # (word, whether it begins a sentence, where every word has a capital)


def protect(text: str, is_name: IsName, language: str = "") -> tuple[str, list[str]]:
    """The text with placeholders, and the strings that they stand for, in order. Further ones than there are
    placeholders stay text.

    language: of the text; then a name behind its title ("Mr. White") is kept with it.
    """
    titled: list[tuple[int, int]] = []
    if language in TITLED:
        titled += [m.span() for m in TITLED[language].finditer(text)]
        titled += [m.span(1) for m in RANKED[language].finditer(text)]
        titled += known_names.spans(text, language)
    names = (m.span() for m in NAME.finditer(text) if is_name(m[0], bool(_BEGINS.search(text[: m.start()]))))
    spans = sorted(
        {m.span() for m in KEPT.finditer(text)} | set(names) | set(titled), key=lambda span: (span[0], -span[1])
    )
    kept: list[str] = []
    parts, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        string = text[start:end]
        if string not in kept:
            if len(kept) == len(PLACEHOLDERS):
                continue
            kept.append(string)
        parts += [text[at:start], PLACEHOLDERS[kept.index(string)]]
        at = end
    return "".join(parts) + text[at:], kept


_GLUED = re.compile(rf"[{PLACEHOLDERS}][^\W\d_]|[^\W\d_][{PLACEHOLDERS}]")  # to a word


def restore(text: str, kept: list[str], source: str = "") -> str | None:
    """The text with the kept strings back in place, or None where the placeholders in it are not those of `kept`, or,
    with the `source` that went in, not as often there or glued to a word."""
    if {c for c in text if c in PLACEHOLDERS} != set(PLACEHOLDERS[: len(kept)]):
        return None
    if source and any(text.count(c) != source.count(c) for c in PLACEHOLDERS[: len(kept)]):
        return None
    if source and _GLUED.search(text) and not _GLUED.search(source):
        return None
    return "".join(kept[PLACEHOLDERS.index(c)] if c in PLACEHOLDERS else c for c in text)


def segments(text: str, is_name: IsName, language: str = "") -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is kept as it is: what is left where placeholders do not come through."""
    found: list[tuple[str, bool]] = []
    rest = text
    while rest:
        safe, kept = protect(rest, is_name, language)
        ends = re.split(f"([{PLACEHOLDERS}])", safe)
        for part in ends if len(kept) < len(PLACEHOLDERS) else ends[:-1]:
            found.append((kept[PLACEHOLDERS.index(part)], True) if part and part in PLACEHOLDERS else (part, False))
        rest = "" if len(kept) < len(PLACEHOLDERS) else ends[-1]
    return [part for part in found if part[0]]


def is_intact(source: str, target: str) -> bool:
    """Return whether the placeholders, tags and addresses of a text stand in its translation, each as often, and no
    others."""
    return Counter(EXACT.findall(source)) == Counter(EXACT.findall(target))


def protect_again(text: str, kept: list[str]) -> str:
    """The text with the placeholders of `kept` in the place of its strings: the inverse of `restore`."""
    for placeholder, string in zip(PLACEHOLDERS, kept, strict=False):
        text = text.replace(string, placeholder)
    return text


def without_placeholders(text: str) -> str:
    """The text less the characters that would be taken for placeholders."""
    return text.translate(dict.fromkeys(map(ord, PLACEHOLDERS)))


def protect_pair(source: str, target: str, names: float, draw: random.Random) -> tuple[str, str]:
    """Both texts with placeholders for what is equal in them, drawn at random so that each is learned as well as the
    others.

    names: the share of pairs whose common names are protected. A pair in a hundred ends with a placeholder on both
    sides, as with an emoji or an address, which are rare in text for training.
    """
    with_names = draw.random() < names
    shuffled = draw.sample(PLACEHOLDERS, len(PLACEHOLDERS))

    def is_name(word: str, begins: bool) -> bool:
        return with_names and not begins and re.search(rf"\b{re.escape(word)}\b", target) is not None

    safe, kept = protect(source, is_name)
    result = protect_again(target, kept)
    if any(placeholder not in result for placeholder in PLACEHOLDERS[: len(kept)]):
        safe, result, kept = source, target, []
    if draw.random() < 0.01 and len(kept) < len(PLACEHOLDERS):
        safe, result = f"{safe} {PLACEHOLDERS[len(kept)]}", f"{result} {PLACEHOLDERS[len(kept)]}"
    table = str.maketrans(PLACEHOLDERS, "".join(shuffled))
    return safe.translate(table), result.translate(table)


NOTHING = (1 << 31) - 1  # no word has this key


def word_key(word: str, begins: bool) -> int:
    """A hash of 31 bits, of a word in small letters that begins a sentence or stands inside one."""
    return min(zlib.crc32(f"{word} {begins:d}".encode("utf-8", "replace")) >> 1, NOTHING - 1)


# How English and French words end, and names seldom do: with a capital for no reason but that a sentence begins.
COMMON_END = re.compile(
    r"(?:ed|ing|[ts]ions?|ness|ments?|ables?|ally|ously|ful|ous|ers|ists|ables?|ities|ity|room|eries|ez|ions|ons|iser|"
    r"ifier|euses?|eurs|ités?|ées?)$",
    re.I,
)


def is_unknown(word: str, begins: bool, known: np.ndarray[Any, np.dtype[Any]]) -> bool:
    """Whether no part of a word stands among the keys (K,), which are int32 in ascending order; False where there are
    none.

    begins: it begins a sentence, where it may have its capital from; then it must not end as common words do either.
    """
    if not len(known) or known[0] == NOTHING or (begins and len(word) > 5 and COMMON_END.search(word)):
        return False
    parts = np.array([word_key(part, begins) for part in word.casefold().split("-")], dtype=np.int32)
    return not (known[np.searchsorted(known, parts).clip(max=len(known) - 1)] == parts).any()
