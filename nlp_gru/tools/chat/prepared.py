"""What the chat bot would else compute at its first reply: the vectors of the ready questions, and the network that
sees danger.

Both stand in pretrained/chat/danger.safetensors (written by data/danger.py) with the sum of the encoder that they
belong to, and are used with no other one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from safetensors import safe_open

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.model_folder.weights import SCALE, widened

FILE = PRETRAINED / "chat" / "danger.safetensors"


@dataclass(frozen=True)
class Danger:
    """A network of one hidden layer. hidden (H, D), hidden_bias (H,), output (K, H), output_bias (K,); threshold: of
    the log-odds of danger."""

    hidden: Array
    hidden_bias: Array
    output: Array
    output_bias: Array
    threshold: float

    def logits(self, vectors: Array) -> Array:
        """Vectors (N, D) -> (N, K)."""
        inner = np.maximum(vectors @ self.hidden.T + self.hidden_bias, 0)  # (N, H)
        return np.asarray(inner @ self.output.T + self.output_bias)


def danger(encoder: str) -> Danger | None:
    """The network, if it was trained on the vectors of the encoder whose sum this is."""
    stored, about = _file()
    if about.get("encoder") != encoder:
        return None
    return Danger(
        widened(stored["hidden"], stored["hidden" + SCALE]),
        stored["hidden_bias"],
        widened(stored["output"], stored["output" + SCALE]),
        stored["output_bias"],
        float(stored["threshold"][0]),
    )


def ready(questions: Sequence[str], encoder: str) -> Array | None:
    """The vectors (N, D) of the ready questions, if the file has those of exactly these by this encoder."""
    stored, about = _file()
    if about.get("encoder") != encoder or about.get("questions") != checksum(questions):
        return None
    return unit_rows(widened(stored["questions"], stored["questions" + SCALE]))


def checksum(texts: Sequence[str]) -> str:
    """One sum of a list of texts."""
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()


@cache
def _file() -> tuple[dict[str, Array], dict[str, str]]:
    if not FILE.is_file():
        return {}, {}
    with safe_open(FILE, "numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
