"""What a look inside a model found: the gates of its layers at every word, and the same in plain words. Knows no torch.

Notation: S tokens that a layer read, W words made of them, H hidden size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.errors import UserError

GATES = ("update", "reset", "candidate", "hidden")
AGREES = 1e-4  # the fused path in float32 is further from the equations only where something is wrong


@dataclass(frozen=True)
class Word:
    """text: as a person reads it; tokens: what the model reads of it; places: theirs in the sequence, ascending;
    special: it marks where the text begins or ends."""

    text: str
    tokens: tuple[str, ...]
    places: tuple[int, ...]
    special: bool = False


@dataclass(frozen=True)
class Step:
    """What happened at one word, as shares from 0 to 1.

    kept: how much of each unit's state before the word is still in its state after it, mean over the units: the update
    gate z, and where a word has several tokens the product of theirs, since h' = (1 - z) n + z h multiplies what was
    there by z at each of them. reset: mean over units and tokens. moved: how far the state moved, mean over the units,
    each of which lies between -1 and 1. fresh: the state before was empty (or was emptied within the word), so there
    was nothing to keep.
    """

    word: Word
    kept: float
    reset: float
    moved: float
    fresh: bool
    sentence: str


@dataclass(frozen=True)
class Unit:
    """One unit of the state at one token: hidden = (1 - update) * candidate + update * before."""

    number: int
    reset: float
    update: float
    candidate: float
    before: float
    hidden: float


@dataclass(frozen=True, eq=False)
class Layer:
    """One direction of one recurrent layer over a sequence.

    reset, update, candidate, hidden, before: (S, H) float32; `before` is the state that each step started from.
    reverse: it reads from the last token to the first. difference: the largest one between `hidden` and what the fused
    path gave.
    """

    name: str
    words: tuple[Word, ...]
    reverse: bool
    reset: Array
    update: Array
    candidate: Array
    hidden: Array
    before: Array
    difference: float

    def by_word(self, gate: str) -> Array:
        """(W, H): the update gate as what is kept over a word's tokens (see `Step`), the mean of reset gate or
        candidate, the hidden state after a word, or ("before") the one before it."""
        return np.stack([self._at(word, gate) for word in self.words])

    def _order(self, word: Word) -> list[int]:
        return list(reversed(word.places)) if self.reverse else list(word.places)

    def _at(self, word: Word, gate: str) -> Array:
        first, *others = order = self._order(word)
        values: Array = getattr(self, gate)
        if gate == "hidden":
            return values[order[-1]]
        if gate == "before":
            return values[first]
        if gate != "update":
            return np.asarray(values[order].mean(0))
        lost = any(self._is_fresh(i) for i in others)
        return np.zeros_like(values[first]) if lost else np.asarray(values[order].prod(0))

    def _is_fresh(self, place: int) -> bool:
        return not self.before[place].any()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """One for each word, in the order of the text."""
        kept, reset = self.by_word("update").mean(1), self.by_word("reset").mean(1)
        moved = np.abs(self.by_word("hidden") - self.by_word("before")).mean(1)
        found = []
        for i, word in enumerate(self.words):
            figures = (float(kept[i]), float(reset[i]), float(moved[i]))
            fresh = any(self._is_fresh(place) for place in word.places)
            found.append(Step(word, *figures, fresh, _sentence(word, *figures, fresh)))
        return tuple(found)

    @property
    def most_kept(self) -> int:
        """The place among `words` of the one at which most was kept; -1 where no word was read with something to
        keep."""
        return max(self._ranked, key=lambda i: self.steps[i].kept, default=-1)

    @property
    def least_kept(self) -> int:
        return min(self._ranked, key=lambda i: self.steps[i].kept, default=-1)

    @property
    def _ranked(self) -> list[int]:
        return [i for i, s in enumerate(self.steps) if not (s.fresh or s.word.special)]

    @property
    def summary(self) -> str:
        """Where the layer kept most and where it let go most, in one sentence."""
        most, least = self.most_kept, self.least_kept
        if most < 0:
            return "There is no word at which it had something to keep."
        if len(self._ranked) == 1:
            return self.steps[most].sentence
        high, low = self.steps[most], self.steps[least]
        return (
            f"The model kept most at “{high.word.text}” ({percent(high.kept)}) and let go most at “{low.word.text}” "
            f"({percent(low.kept)} kept)."
        )

    def liveliest(self, i: int) -> Unit:
        """The unit that moves most at the last token read of word i, with its values: the equations in numbers."""
        place = self._order(self.words[i])[-1]
        unit = int(np.abs(self.hidden[place] - self.before[place]).argmax())
        names = ("reset", "update", "candidate", "before", "hidden")
        return Unit(unit, *(float(getattr(self, name)[place, unit]) for name in names))

    def telling_units(self, count: int) -> Array:
        """The `count` units whose state varies most from word to word, ordered by the word at which each moves most in
        the order of the text: (count,) int, or fewer where the layer has fewer."""
        hidden = self.by_word("hidden")  # (W, H)
        chosen = np.argsort(-hidden.var(0), kind="stable")[:count]
        moves = np.abs(hidden - self.by_word("before"))[:, chosen]
        return np.asarray(chosen[np.lexsort((-moves.max(0), moves.argmax(0)))])


@dataclass(frozen=True, eq=False)
class Look:
    """text: what was looked at; written: what the model itself wrote to it, where it writes; layers: in the order in
    which they read; difference: the largest one of any layer between the equations and the fused path."""

    text: str
    written: str
    layers: tuple[Layer, ...]

    @property
    def difference(self) -> float:
        return max(layer.difference for layer in self.layers)

    @property
    def agreement(self) -> str:
        how = "agree to" if self.difference <= AGREES else "DISAGREE by"
        return f"The equations and the fused path {how} {self.difference:.0e}."

    def layer(self, name: str) -> Layer:
        """A layer by its number, from 1, or by its name or words of it ("decoder", "layer 2, backward").

        Raises `UserError` where none or several fit.
        """
        names = [layer.name for layer in self.layers]
        if name.isdecimal() and 1 <= int(name) <= len(names):
            return self.layers[int(name) - 1]
        fitting = [i for i, n in enumerate(names) if n == name] or [
            i for i, n in enumerate(names) if all(part in n for part in name.lower().split())
        ]
        if len(fitting) != 1 or not name.strip():
            known = "; ".join(f"{i} {n}" for i, n in enumerate(names, 1))
            raise UserError(
                f"{'several layers fit' if len(fitting) > 1 else 'no layer fits'} '{name}'; there is {known}"
            )
        return self.layers[fitting[0]]

    def as_dict(self, layers: Sequence[Layer] | None = None) -> dict[str, Any]:
        """For JSON: every word's shares in the given layers (all by default), without the values of single units."""
        return {
            "text": self.text,
            "written": self.written,
            "difference": self.difference,
            "layers": [_layer_as_dict(layer) for layer in (self.layers if layers is None else layers)],
        }


def _layer_as_dict(layer: Layer) -> dict[str, Any]:
    words = [
        {
            "word": s.word.text,
            "tokens": list(s.word.tokens),
            "kept": round(s.kept, 4),
            "reset": round(s.reset, 4),
            "moved": round(s.moved, 4),
            "sentence": s.sentence,
        }
        for s in layer.steps
    ]
    return {"name": layer.name, "units": layer.hidden.shape[1], "summary": layer.summary, "words": words}


def _sentence(word: Word, kept: float, reset: float, moved: float, fresh: bool) -> str:
    if fresh:
        said = f"At “{word.text}” the model starts from an empty state: there is nothing to keep yet."
    else:
        said = (
            f"At “{word.text}” the model keeps {percent(kept)} of what it knew and lets {percent(1 - kept)} of"
            f" something new in; {percent(reset)} of the past has a say in what is new."
        )
    if len(word.tokens) > 1:
        said += f" It reads the word in {len(word.tokens)} tokens: {', '.join(p.strip() for p in word.tokens)}."
    return said


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"
