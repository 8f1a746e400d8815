"""Subtitles, .srt and .vtt: numbers and times stay; a sentence that runs over several cues is translated in one go and
shared out again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp_gru.documents.document import Document, Languages, Texts
from nlp_gru.documents.plain import lines_of

WIDTH = 42  # characters of a line, as broadcasters have it
_BLOCK = re.compile(r"((?:[^\r\n]+(?:\r\n|\r|\n|$))+)|((?:\r\n|\r|\n)+)")
_END = re.compile(r"""[.!?…♪][\s"'»”’)\]]*$""")
_TAGS = re.compile(r"<[^<>]*>|\{[^{}]*\}")
_DASH = re.compile(r"\s*[-–—]\s*(?=\S)")


@dataclass
class Cue:
    """One subtitle: where its text stands among the file's parts, its lines, and what ends a line."""

    place: int
    lines: list[str]
    end: str

    @property
    def is_dialogue(self) -> bool:
        return len(self.lines) > 1 and all(_DASH.match(line) for line in self.lines)


def subtitles(content: str) -> Document:
    """Return the texts of subtitles: one for each sentence's cues, and for each speaker of a cue with several."""
    parts, cues = _cues(content)
    groups: list[list[Cue]] = []
    for cue in cues:
        before = groups[-1][-1] if groups else None
        if before and _goes_on(before, cue):
            groups[-1].append(cue)
        else:
            groups.append([cue])
    texts: list[str] = []
    for group in groups:
        texts += (
            group[0].lines if group[0].is_dialogue else [" ".join(line.strip() for cue in group for line in cue.lines)]
        )

    def rebuilt(found: Texts, languages: Languages) -> str:
        result, rest = list(parts), iter(found)
        for group in groups:
            if group[0].is_dialogue:
                result[group[0].place] = group[0].end.join(next(rest).text for _ in group[0].lines)
                continue
            shares = share(next(rest).text, [sum(map(len, cue.lines)) for cue in group])
            for cue, text in zip(group, shares, strict=True):
                result[cue.place] = cue.end.join(in_lines(text))
        return "".join(result)

    return Document(texts, rebuilt)


def _cues(content: str) -> tuple[list[str], list[Cue]]:
    parts: list[str] = []
    cues: list[Cue] = []
    for block in _BLOCK.finditer(content):
        lines = [line + end for line, end in lines_of(block[0])]
        timing = next((i for i, line in enumerate(lines) if "-->" in line), None)
        shown = [] if timing is None else lines[timing + 1 :]
        if timing is None or not any(c.isalpha() for line in shown for c in _TAGS.sub("", line)):
            parts.append(block[0])
            continue
        last = shown[-1]
        end = re.search(r"[\r\n]*$", lines[timing])
        parts += ["".join(lines[: timing + 1]), "", last[len(last.rstrip("\r\n")) :]]
        cues.append(Cue(len(parts) - 2, [line.rstrip("\r\n") for line in shown], end[0] if end else "\n"))
    return parts, cues


def _goes_on(before: Cue, cue: Cue) -> bool:
    if before.is_dialogue or cue.is_dialogue or _END.search(_TAGS.sub("", before.lines[-1])):
        return False
    return _TAGS.sub("", cue.lines[0]).lstrip(" …")[:1].islower()


def share(text: str, weights: Sequence[int]) -> list[str]:
    """Return a text cut at blanks into as many parts as there are weights, about as long as those."""
    words = text.split()
    if len(weights) == 1 or len(words) < len(weights):
        return [text, *("" for _ in weights[1:])]
    ends: list[int] = []
    at = 0.0
    lengths, total = list(itertools.accumulate(len(w) + 1 for w in words)), sum(weights)
    for i, weight in enumerate(weights[:-1]):
        at += weight / total * lengths[-1]
        least, most = (ends[-1] if ends else 0) + 1, len(words) - (len(weights) - 1 - i)
        # A comma is a good place, even if it is some letters away.
        ends.append(
            min(range(least, most + 1), key=lambda k: abs(lengths[k - 1] - at) - 6 * (words[k - 1][-1] in ",;:.!?"))
        )
    return [" ".join(words[a:b]) for a, b in zip([0, *ends], [*ends, len(words)], strict=True)]


def in_lines(text: str) -> list[str]:
    """Return a cue's text in lines: one that is too long becomes two of like length."""
    if len(_TAGS.sub("", text)) <= WIDTH:
        return [text]
    half = len(text) / 2
    tags = [m.span() for m in _TAGS.finditer(text)]
    blanks = [m.start() for m in re.finditer(r"(?<=\S) (?=[^\s!?:;»])", text)]
    outside = [at for at in blanks if not any(start < at < end for start, end in tags)]
    if not outside:
        return [text]
    cut = min(outside, key=lambda at: abs(at - half) - 5 * (text[at - 1] in ",;:.!?"))
    return [text[:cut], text[cut + 1 :]]
