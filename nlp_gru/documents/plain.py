"""Plain text and Markdown. A sentence that runs over several lines is translated in one go, and set in lines of like
width again."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import partial

from nlp_gru.documents.document import Document, Parts

FULL = 50  # characters of a line that may have been broken for its length
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
_ITEM = re.compile(r"(?:[-*+•–—]|\d{1,3}[.)]|\(?[a-z]\))\s")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BEGIN = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*(?:#{1,6}[ \t]+|(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?")
_KEPT_LINE = re.compile(r"[ \t]*(?:\[[^\]]+\]:\s|<!--.*-->\s*$|</?[A-Za-z][^<>]*>\s*$)|(?: {4}|\t)")
_BLOCK = re.compile(r"[ \t]*(?:#{1,6}\s|[-*+]\s|\d{1,3}[.)]\s|>|\||<|```|~~~|(?:[-*_=]\s*){3,}$)")


def lines_of(text: str) -> list[tuple[str, str]]:
    """Return each line and its end."""
    return [(m[1], m[2]) for m in _LINE.finditer(text) if m[0]]


def text(content: str) -> Document:
    """Return the texts of plain text: its lines, those of one sentence together."""
    parts, lines = Parts(), lines_of(content)
    at = 0
    while at < len(lines):
        count = 1
        while at + count < len(lines) and _goes_on(lines[at + count - 1][0], lines[at + count][0]):
            count += 1
        _add(parts, lines[at : at + count])
        at += count
    return parts.document()


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence goes on in the line that follows: the one is full and has no end, the other begins no item."""
    line, following = line.rstrip(), following.strip()
    return (
        len(line) >= FULL
        and (line[-1].isalnum() or line[-1] in ",’'–-—")
        and following[:1].isalpha()
        and not _ITEM.match(following)
    )


def _add(parts: Parts, lines: list[tuple[str, str]], prefix: str = "") -> None:
    """Add lines as one text. prefix: what the first begins with and is kept; further lines begin in the same column."""
    first = lines[0][0][len(prefix) :]
    indent = prefix + first[: len(first) - len(first.lstrip())]
    tail = lines[-1][0]
    trailing = tail[len(tail.rstrip()) :]
    body = " ".join([first.strip(), *(line.strip() for line, _ in lines[1:])])
    second = lines[1][0] if len(lines) > 1 else ""
    hanging = second[: len(second) - len(second.lstrip())]
    width = max(len(line) for line, _ in lines) if len(lines) > 1 else 0
    parts.keep(indent)
    parts.translate(body, partial(_set, indent=indent, hanging=hanging, width=width, end=lines[0][1]))
    parts.keep(trailing + lines[-1][1])


def _set(body: str, indent: str, hanging: str, width: int, end: str) -> str:
    if not width:
        return body
    found = textwrap.wrap(
        body, width, initial_indent=indent, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )
    return end.join(found)[len(indent) :] if found else body


def markdown(content: str) -> Document:
    """Return the texts of Markdown: paragraphs, headings, items and cells; code, front matter and link targets are
    kept."""
    parts, lines = Parts(), lines_of(content)
    for kind, some in _markdown_blocks(lines):
        if kind == "kept":
            parts.keep("".join(line + end for line, end in some))
        else:
            prefix = _BEGIN.match(some[0][0])
            _add(parts, some, prefix[0] if prefix else "")
    return parts.document()


def _markdown_blocks(lines: list[tuple[str, str]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    at = _front_matter(lines)
    if at:
        yield "kept", lines[:at]
    while at < len(lines):
        line = lines[at][0]
        count, kind = 1, "kept"
        if fence := _FENCE.match(line):
            closing = re.compile(rf" {{0,3}}{re.escape(fence[1][0])}{{{len(fence[1])},}}\s*$")
            while at + count < len(lines) and not closing.match(lines[at + count - 1][0] if count > 1 else ""):
                count += 1
        elif line.strip() and not _KEPT_LINE.match(line):
            kind = "text"
            while at + count < len(lines) and _is_same_paragraph(lines[at + count - 1][0], lines[at + count][0]):
                count += 1
        yield kind, lines[at : at + count]
        at += count


def _front_matter(lines: list[tuple[str, str]]) -> int:
    if lines and lines[0][0].rstrip() in ("---", "+++"):
        for i, (line, _) in enumerate(lines[1:], 1):
            if line.rstrip() == lines[0][0].rstrip():
                return i + 1
    return 0


def _is_same_paragraph(line: str, following: str) -> bool:
    broken = line.endswith(("  ", "\\"))  # a line break of the writer's own
    heading = re.match(r"[ \t]*(?:#{1,6}\s|\|)", line)
    begins = _BEGIN.match(line)
    is_empty = begins is not None and not line[begins.end() :].strip()
    return not (broken or heading or is_empty or not following.strip() or _BLOCK.match(following))
