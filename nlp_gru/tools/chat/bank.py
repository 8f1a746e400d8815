"""Replies written for the bot's training dialogues, found by what was said before them: they compete with what is
sampled.

A bank stands in a model's folder (`bank.safetensors`, written by data/chat_bank.py): for each turn that has replies,
those, and the turn's vector in fewer dimensions than the sentence encoder's; the map from its dimensions to those; and
the sum of that encoder, for it is used with no other one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.errors import UserError
from nlp_gru.model_folder.tensors import load_tensors, save_tensors

FILE = "bank.safetensors"
MOST_BYTES = 16_000_000  # of the replies' text
EARLIER = 0.4  # what the turn before the last one counts beside it
SHORTEST, STEM = 4, 4  # letters of a word that tells what a reply is about, and those by which it is known
_WORD = re.compile(r"[^\W\d_]+|\d+")


def stems(text: str) -> set[str]:
    """The beginnings of the longer words and the numbers of a text."""
    return {word[:STEM] for word in _WORD.findall(text.casefold()) if len(word) >= SHORTEST or word.isdecimal()}


def turn_vector(vectors: Array) -> Array:
    """The vectors (N, D) of a dialogue's turns, the last first -> that of the last (D,), drawn a little towards the one
    before it."""
    weights = np.array([1, EARLIER], np.float32)[: len(vectors)]
    return np.asarray(unit_rows(weights[None] @ vectors[:2])[0])


@dataclass(frozen=True)
class Written:
    """A reply; about: the stems that it takes up from the dialogue it was written for, without which it is of no
    use."""

    text: str
    about: frozenset[str]


@dataclass(frozen=True)
class Bank:
    """replies (N): to each turn, one or several; rows (N, R): the turns; onto (R, D): from a sentence's vector to
    theirs; encoder: the sum of the sentence encoder."""

    replies: Sequence[Sequence[Written]]
    rows: Array
    onto: Array
    encoder: str

    def nearest(self, vector: Array, n: int) -> list[tuple[int, float]]:
        """The n turns most like one whose vector (`turn_vector`) is (D,), each with about its cosine: the nearest
        first."""
        cosines = self.rows @ (self.onto @ vector)  # (N,)
        n = min(n, len(cosines))
        found = np.argpartition(-cosines, n - 1)[:n]
        return [(int(i), float(cosines[i])) for i in found[np.argsort(-cosines[found], kind="stable")]]

    def save(self, path: Path) -> None:
        lines = ["\t".join(f"{reply.text}|{' '.join(sorted(reply.about))}" for reply in own) for own in self.replies]
        text = zlib.compress("\n".join(lines).encode(), 9)
        tensors = {"replies": np.frombuffer(text, np.uint8), "rows": self.rows, "onto": self.onto}
        save_tensors(path, tensors, {"encoder": self.encoder})


def _read(stored: str) -> Written:
    text, about = stored.split("|")
    return Written(text, frozenset(about.split()))


def load_bank(folder: Path) -> Bank | None:
    """The bank of a model folder; None where there is none. Raises `UserError` where it is damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    tensors, about = load_tensors(path)
    try:
        rows, onto, encoder = tensors["rows"], tensors["onto"], about["encoder"]
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(tensors["replies"].tobytes(), MOST_BYTES).decode()
        replies = [[_read(reply) for reply in line.split("\t")] for line in text.split("\n")]
    except (KeyError, ValueError, zlib.error) as error:
        raise UserError(f"{path}: it is damaged: {type(error).__name__}") from None
    if len(replies) != len(rows) or rows.shape[1:] != onto.shape[:1] or not unpacker.eof:
        raise UserError(f"{path}: it is damaged: its parts do not belong together")
    return Bank(replies, rows, onto, encoder)
