"""How well a reply follows a dialogue, by what its sentences mean: a dual encoder (Henderson et al. 2017,
https://arxiv.org/abs/1705.00652) on top of the shared sentence encoder.

It also holds replies of common words that fit much ("Oh no! How did that happen?"), which are found by it. It stands in
a model's folder (`ranking.safetensors`, written by data/chat_ranking.py), with the sum of the encoder that it was
trained on, for it is used with no other one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nlp_gru.arrays import Array, softmax, unit_rows
from nlp_gru.errors import UserError
from nlp_gru.model_folder.tensors import load_tensors
from nlp_gru.tools.similarity.encoder import TextEncoder

FILE = "ranking.safetensors"
TURNS = 3  # of a dialogue that are looked at: its last ones
# Of general replies: what fits nearly all of a mood, what fits much, and what fits most questions about the bot and
# others.
KINDS = ("safe", "usual", "own", "open")
CONTEXT, REPLY = "context", "reply"
PARTS = ("hidden", "hidden_bias", "output", "direct", "bias")  # of a side


@dataclass(frozen=True)
class Side:
    """A network of one hidden layer beside a map. hidden (H, D), hidden_bias (H,); output (M, H); direct (M, E), of the
    first E values; bias (M,)."""

    hidden: Array
    hidden_bias: Array
    output: Array
    direct: Array
    bias: Array

    def places(self, values: Array) -> Array:
        """(N, D) -> (N, M), on the unit sphere."""
        inner = np.maximum(values @ self.hidden.T + self.hidden_bias, 0)  # (N, H)
        return unit_rows(inner @ self.output.T + values[:, : self.direct.shape[1]] @ self.direct.T + self.bias)


class Place(NamedTuple):
    """Where a dialogue lies (M,), and the mood (3,) of its last turn."""

    vector: Array
    mood: Array


@dataclass(frozen=True)
class Ranking:
    """Where contexts and replies lie among each other. general (G): replies that fit much, in the order of `KINDS`,
    with the sizes of those; rows (G, R): where they lie, in fewer dimensions; onto (R, M): the map to those; mood
    (3, D), mood_bias (3,): of a regression that tells bad news, neither, and good news; encoder: the sum of the
    sentence encoder."""

    context: Side
    reply: Side
    general: Sequence[str]
    sizes: Sequence[int]
    rows: Array
    onto: Array
    mood: Array
    mood_bias: Array
    encoder: str

    def read(self, vectors: Array) -> Place:
        """vectors (N, D): of a dialogue's turns, the last first."""
        vectors = vectors[:TURNS]
        said = np.zeros((1, TURNS * vectors.shape[1]), np.float32)
        said[0, : vectors.size] = vectors.ravel()
        return Place(self.context.places(said)[0], self.moods(vectors[:1])[0])

    def moods(self, vectors: Array) -> Array:
        """(N, D) -> the probabilities (N, 3) of bad news, neither, and good news."""
        return softmax(vectors @ self.mood.T + self.mood_bias)

    def scores(self, encoder: TextEncoder, place: Place, replies: Sequence[str]) -> tuple[Array, Array]:
        """The cosines (N,) of a dialogue with replies to its last turn, and how badly the moods agree, 0 to 1: a happy
        reply to bad news, a sad one to good news, either to what is neither."""
        vectors = encoder.encode(replies)
        bad, _, good = self.moods(vectors).T
        told_bad, neither, told_good = place.mood
        clash = told_bad * good + told_good * bad + neither * abs(good - bad)
        return np.asarray(self.reply.places(vectors) @ place.vector), clash

    def nearest(self, place: Place, kind: str, n: int) -> list[str]:
        """The n general replies of a kind that follow a dialogue best."""
        cosines = self.rows @ (self.onto @ place.vector)
        end = sum(self.sizes[: KINDS.index(kind) + 1])
        start = end - self.sizes[KINDS.index(kind)]
        found = start + np.argsort(-cosines[start:end], kind="stable")[:n]
        return [self.general[i] for i in found]


def load_ranking(folder: Path) -> Ranking | None:
    """The ranking of a model folder; None where there is none. Raises `UserError` where it is damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    tensors, about = load_tensors(path)
    try:
        context, reply = (Side(**{part: tensors[f"{side}.{part}"] for part in PARTS}) for side in (CONTEXT, REPLY))
        rows, onto, mood, mood_bias = (tensors[name] for name in ("rows", "onto", "mood", "mood_bias"))
        general, sizes, encoder = json.loads(about["general"]), json.loads(about["sizes"]), about["encoder"]
    except (KeyError, ValueError) as error:
        raise UserError(f"{path}: it is damaged: {type(error).__name__}") from None
    if not len(general) == len(rows) == sum(sizes) or len(sizes) != len(KINDS) or rows.shape[1:] != onto.shape[:1]:
        raise UserError(f"{path}: it is damaged: its parts do not belong together")
    return Ranking(context, reply, general, sizes, rows, onto, mood, mood_bias, encoder)
