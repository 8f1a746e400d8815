"""gettext's .po: messages without a translation, or with a fuzzy one, are filled in; those with one stay."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp_gru.documents.document import Document, Languages, Texts, Translated
from nlp_gru.errors import UserError

PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}
WIDTH = 76
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s*(\".*\")\s*$")
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_KEY = re.compile(r"(?<![&\w])([&_])(?=[^\W\d_])(?!\w+;)")  # &File, _File: the letter that chooses it


@dataclass
class Entry:
    """One message: the lines above its first string, its strings by keyword, and the lines that it is written in."""

    lines: list[str] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)

    @property
    def is_fuzzy(self) -> bool:
        return any(line.startswith("#,") and "fuzzy" in line for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a translation."""
        filled = [value for key, value in self.strings.items() if key.startswith("msgstr")]
        return bool(self.strings.get("msgid")) and (self.is_fuzzy or not all(filled))


def document(content: str) -> Document:
    """Return the messages that wait for a translation."""
    entries = _entries(content)
    asked = [
        (entry, key) for entry in entries if entry.is_open for key in ("msgid", "msgid_plural") if key in entry.strings
    ]
    texts = [_without_key(entry.strings[key])[0].strip("\n") for entry, key in asked]
    end = "\r\n" if "\r\n" in content else "\n"

    def rebuilt(found: Texts, languages: Languages) -> str:
        answers: dict[int, list[Translated]] = {}
        for (entry, _), answer in zip(asked, found, strict=True):
            answers.setdefault(id(entry), []).append(answer)
        return end.join(
            line
            for entry in entries
            for line in (
                _filled(entry, answers[id(entry)])
                if id(entry) in answers
                else _header(entry, languages)
                if entry.strings.get("msgid") == ""
                else entry.lines
            )
        )

    return Document(texts, rebuilt)


def _entries(content: str) -> list[Entry]:
    entries, entry, keyword = [], Entry(), ""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", content), 1):
        found = _KEYWORD.match(line)
        begins = (
            found is not None
            and found[1] in ("msgctxt", "msgid")
            and any(k.startswith("msgstr") for k in entry.strings)
        )
        if entry.strings and (not line.strip() or line.startswith("#") or begins):
            entries.append(entry)
            entry = Entry()
        entry.lines.append(line)
        if found:
            keyword = found[1]
            entry.strings[keyword] = _unquoted(found[3])
        elif line.startswith('"') and keyword and entry.strings:
            entry.strings[keyword] += _unquoted(line)
        elif line.strip() and not line.startswith("#"):
            raise UserError(f"line {number}: neither a comment nor a string of a message: {line.strip()[:40]}")
    return [*entries, entry]


def _unquoted(text: str) -> str:
    strings = "".join(part[1:-1] for part in _STRING.findall(text))
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), strings)


def _quoted(keyword: str, value: str) -> list[str]:
    """A string in lines as gettext's own tools write it."""
    escaped = re.sub(r"[\\\"\t\r\n]", lambda m: {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(m[0], f"\\{m[0]}"), value)
    if len(keyword) + len(escaped) + 3 <= WIDTH and "\\n" not in escaped[:-2]:
        return [f'{keyword} "{escaped}"']
    lines: list[str] = []
    for part in re.findall(r".*?\\n|.+$", escaped):
        rest = part
        while len(rest) > WIDTH:
            cut = rest.rfind(" ", 0, WIDTH) + 1 or (rest.find(" ") + 1 or len(rest))
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines += [rest] if rest else []
    return [f'{keyword} ""', *(f'"{line}"' for line in lines)]


def _without_key(text: str) -> tuple[str, str]:
    """A label without the sign before the letter that chooses it, and sign and letter; "" if it has none."""
    keys = list(_KEY.finditer(text))
    if len(keys) != 1 or len(text) > 60:
        return text, ""
    at = keys[0].start()
    return text[:at] + text[at + 1 :], text[at : at + 2]


def _with_key(text: str, key: str) -> str:
    if not key:
        return text
    at = text.casefold().find(key[1].casefold())
    at = at if at >= 0 else next((i for i, c in enumerate(text) if c.isalpha()), 0)
    return text[:at] + key[0] + text[at:]


def _filled(entry: Entry, found: list[Translated]) -> list[str]:
    sources = [entry.strings[key] for key in ("msgid", "msgid_plural") if key in entry.strings]
    values = []
    for source, answer in zip(sources, found, strict=True):
        start, end = source[: len(source) - len(source.lstrip("\n"))], source[len(source.rstrip("\n")) :]
        values.append(start + _with_key(answer.text, _without_key(source)[1]) + end)
    lines = _with_flag(
        [line for line in entry.lines if not line.startswith("#|")], any(answer.unsure for answer in found)
    )
    kept: list[str] = []
    for line in lines:  # up to the first msgstr
        if line.startswith("msgstr"):
            break
        kept.append(line)
    if len(values) == 1:
        return [*kept, *_quoted("msgstr", values[0])]
    return [*kept, *(line for i, value in enumerate(values) for line in _quoted(f"msgstr[{i}]", value))]


def _with_flag(lines: list[str], fuzzy: bool) -> list[str]:
    """The lines with the flag "fuzzy", or without it."""
    flags = [flag.strip() for line in lines if line.startswith("#,") for flag in line[2:].split(",")]
    flags = [flag for flag in flags if flag and flag != "fuzzy"]
    flags = ["fuzzy", *flags] if fuzzy else flags
    others = [line for line in lines if not line.startswith("#,")]
    at = next((i for i, line in enumerate(others) if line.startswith("msg")), 0)
    return [*others[:at], *([f"#, {', '.join(flags)}"] if flags else []), *others[at:]]


def _header(entry: Entry, languages: Languages) -> list[str]:
    fields = entry.strings.get("msgstr", "")
    fields = re.sub(r"(?m)^Language:.*$", f"Language: {languages.target}", fields)
    if plural := PLURALS.get(languages.target):
        fields = re.sub(r"(?m)^Plural-Forms:.*$", f"Plural-Forms: {plural}", fields)
    kept = [line for line in entry.lines if not line.startswith(("msgstr", '"'))]
    lines = [f'"{line}\\n"' for line in fields.replace("\\", "\\\\").replace('"', '\\"').rstrip("\n").split("\n")]
    return [*_with_flag(kept, False), 'msgstr ""', *lines]
