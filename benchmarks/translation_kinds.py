"""How many labels, items in a line, names, titles and numbers are translated rightly: `translation_kinds.txt`, 50 of
each, both ways.

    python benchmarks/translation_kinds.py [--show] [--kind labels]

The file says what a right answer is; besides, a label that ends with a colon or is in capitals must be so in
translation, what parts items must stand there as often, and a translation must be about as long as its source.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from saving import add_save, save

import nlp_gru

FILE = Path(__file__).with_name("translation_kinds.txt")
MODELS = {"en-fr": "translation", "fr-en": "translation-fr-en"}
_SIGNS = str.maketrans("’\u00a0\u202f−", "'  -")
_SEPARATORS = ";|/\t"


class Row(NamedTuple):
    """whole: the right answers; or else holds: groups, of each of which one must be there, and lacks: what must not."""

    kind: str
    direction: str
    source: str
    whole: tuple[str, ...]
    holds: tuple[tuple[str, ...], ...]
    lacks: tuple[str, ...]


def rows(path: Path = FILE) -> Iterator[Row]:
    kind = direction = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind, direction = line[3:].split()
        elif " => " in line and not line.startswith("#"):
            source, right = line.split(" => ")
            yield Row(kind, direction, source, tuple(right.split(" | ")), (), ())
        elif " -> " in line and not line.startswith("#"):
            source, right = line.split(" -> ")
            held, _, lacking = right.partition(" ! ")
            groups = tuple(tuple(group.split("|")) for group in held.split(" & "))
            yield Row(kind, direction, source, (), groups, tuple(lacking.split("|")) if lacking else ())


def plain(text: str) -> str:
    return text.translate(_SIGNS).lower()


def says(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text, not as a part of a word or a number."""
    phrase = plain(phrase)
    before = r"(?<!\w)(?<!\d[.,])" if phrase[0].isdigit() else r"(?<!\w)" if phrase[0].isalnum() else ""
    after = r"(?![.,]?\d)" if phrase[-1].isdigit() else r"(?!\w)" if phrase[-1].isalnum() else ""
    return re.search(before + re.escape(phrase) + after, plain(text)) is not None


def fault(row: Row, text: str) -> str:
    """What is wrong with a translation; "" if nothing is."""
    if row.whole:
        bare = [re.sub(r"[\s.!?:…]+$", "", plain(t)) for t in (text, *row.whole)]
        if bare[0] not in bare[1:]:
            return "not " + " / ".join(row.whole[:3])
        if row.source.endswith(":") != text.endswith(":"):
            return "the colon"
        if row.source.isupper() != text.isupper():
            return "the capitals"
        return ""
    for group in row.holds:
        if not any(says(text, phrase) for phrase in group):
            return "lacks " + " / ".join(group)
    for phrase in row.lacks:
        if says(text, phrase):
            return "has " + phrase
    if row.kind == "items" and any(row.source.count(sign) != text.count(sign) for sign in _SEPARATORS):
        return "not as many items"
    return "" if 0.4 < len(text) / len(row.source) < 2.4 else "too long or too short"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", help="this kind alone")
    parser.add_argument("--show", action="store_true", help="what was wrong")
    add_save(parser)
    args = parser.parse_args()
    counts: dict[str, dict[str, list[bool]]] = {}
    for direction, model in MODELS.items():
        some = [row for row in rows() if row.direction == direction and args.kind in (None, row.kind)]
        for row, found in zip(some, nlp_gru.load(model)([row.source for row in some]), strict=True):
            wrong = fault(row, found.text)
            counts.setdefault(row.kind, {}).setdefault(direction, []).append(not wrong)
            if args.show and wrong:
                print(f"{row.kind} {direction}: {row.source} -> {found.text}   ({wrong})")
    if args.save:
        save(
            "translation_kinds", {k: {d: [sum(found), len(found)] for d, found in c.items()} for k, c in counts.items()}
        )
    print("| kind | " + " | ".join(MODELS) + " |\n|---|" + "---:|" * len(MODELS))
    for kind, right in counts.items():
        print(f"| {kind} | " + " | ".join(f"{sum(right[d])} of {len(right[d])}" for d in MODELS) + " |")


if __name__ == "__main__":
    main()
