"""Labels of data files: what they are called, which rows are held out, and which labels are rare; without torch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from nlp_gru.errors import shortened

HELD_OUT = 0.1  # share of the rows
FEW = 10  # rows of a label, under which it is hardly learned
NAMED = 3  # labels in a sentence
_NAMES = {"neg": "negative", "neu": "neutral", "pos": "positive"}
_NUMBERED = {
    frozenset("01"): {"0": "negative", "1": "positive"},
    frozenset("012"): {"0": "negative", "1": "neutral", "2": "positive"},
    frozenset({"-1", "1"}): {"-1": "negative", "1": "positive"},
    frozenset({"-1", "0", "1"}): {"-1": "negative", "0": "neutral", "1": "positive"},
}


def normalize(labels: Sequence[Any], known: Sequence[str] = ()) -> list[str]:
    """Label cells as text: neg/neu/pos in full, and 0/1, 0/1/2, -1/1 or -1/0/1 as negative, (neutral,) positive.

    Any other labels, such as 1 to 5 stars or topics, stay as they are. known: the labels of a model, which tell what
    some of these numbers mean where the others do not occur.
    """
    texts = [str(label).strip() for label in labels]
    found = set(texts)
    if known and found <= set(known):
        return texts
    if {t.lower() for t in found} <= {*_NAMES, *_NAMES.values()}:
        return [_NAMES.get(t.lower(), t.lower()) for t in texts]
    numbered = _NUMBERED.get(frozenset(texts)) or _meaning(found, set(known))
    return [numbered[t] for t in texts] if numbered else texts


def _meaning(found: set[str], known: set[str]) -> dict[str, str]:
    """What numbers stand for among the known labels; nothing where they may stand for different ones."""
    fitting = [names for numbers, names in _NUMBERED.items() if found <= numbers and set(names.values()) <= known]
    meanings = [{number: names[number] for number in found} for names in fitting]
    return meanings[0] if meanings and all(meaning == meanings[0] for meaning in meanings) else {}


def hold_out(groups: Sequence[Hashable], share: float, seed: int) -> tuple[list[int], list[int]]:
    """The places of the rows to learn from and of those held out, in order: `share` of each group, by a draw of its
    own.

    Of a group of two rows or more at least one is on each side; a single row is learned from.
    """
    draw = random.Random(seed)
    places: dict[Hashable, list[int]] = {}
    for i, group in enumerate(groups):
        places.setdefault(group, []).append(i)
    held: list[int] = []
    for of_group in places.values():
        if len(of_group) > 1:
            held += draw.sample(of_group, min(max(round(share * len(of_group)), 1), len(of_group) - 1))
    out = set(held)
    return [i for i in range(len(groups)) if i not in out], sorted(held)


def rare(counts: Mapping[str, int]) -> str:
    """A sentence without its full stop about the labels with few rows; empty where there are none."""
    few = sorted((label for label, n in counts.items() if n < FEW), key=lambda label: counts[label])
    if not few:
        return ""
    shown = ", ".join(f"{shortened(label, 40)} {counts[label]}" for label in few[:NAMED])
    more = f" and {len(few) - NAMED:,} more" if len(few) > NAMED else ""
    one = len(few) == 1
    return (
        f"{'a label has' if one else f'{len(few):,} labels have'} only few of the {sum(counts.values()):,} rows"
        f" ({shown}{more}), so the model will often miss {'it' if one else 'them'}; add more examples of"
        f" {'it' if one else 'them'}"
    )


def rare_of(labels: Sequence[Any]) -> str:
    """The same for label cells."""
    return rare(Counter(normalize(labels)))
