"""What the chat bot would else compute at its first reply: the vectors of the ready questions, and the network that
sees danger.

Both stand in pretrained/chat/danger.safetensors (written by data/danger.py) with the sum of the encoder that they
belong to, and are used with no other one.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.model_folder.tensors import load_tensors

_WORD = re.compile(r"[\w']+")
FILE = PRETRAINED / "chat" / "danger.safetensors"


@dataclass(frozen=True)
class Danger:
    """A network of one hidden layer. hidden (H, D), hidden_bias (H,), output (K, H), output_bias (K,); threshold: of
    the log-odds of danger."""

    hidden: Array
    hidden_bias: Array
    output: Array
    output_bias: Array
    words: Array
    words_bias: float
    threshold: float

    def logits(self, vectors: Array) -> Array:
        """Vectors (N, D) -> (N, K)."""
        inner = np.maximum(vectors @ self.hidden.T + self.hidden_bias, 0)  # (N, H)
        return np.asarray(inner @ self.output.T + self.output_bias)

    def said(self, texts: Sequence[str]) -> Array:
        """(N,) what the words of texts add to the log-odds of danger."""
        found = (self.words[hashes(text, len(self.words))] for text in texts)
        return np.array([own.sum() / max(len(own), 1) ** 0.5 + self.words_bias for own in found], np.float32)


def hashes(text: str, size: int) -> Array:
    """Where the words of a text, and each two that follow each other, stand among so many weights, each once."""
    own = _WORD.findall(text.casefold().replace("’", "'"))
    grams = [*own, *(" ".join(pair) for pair in pairwise(own))]
    return np.array(sorted({zlib.crc32(gram.encode("utf-8", "replace")) % size for gram in grams}), np.int64)


def danger(encoder: str) -> Danger | None:
    """The network, if it was trained on the vectors of the encoder whose sum this is."""
    stored, about = _file()
    if about.get("encoder") != encoder:
        return None
    return Danger(
        stored["hidden"],
        stored["hidden_bias"],
        stored["output"],
        stored["output_bias"],
        stored["words"][0],
        float(stored["words_bias"][0]),
        float(stored["threshold"][0]),
    )


def ready(questions: Sequence[str], encoder: str) -> Array | None:
    """The vectors (N, D) of the ready questions, if the file has those of exactly these by this encoder."""
    stored, about = _file()
    if about.get("encoder") != encoder or about.get("questions") != checksum(questions):
        return None
    return unit_rows(stored["questions"])


def checksum(texts: Sequence[str]) -> str:
    """One sum of a list of texts."""
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()


@cache
def _file() -> tuple[dict[str, Array], dict[str, str]]:
    return load_tensors(FILE) if FILE.is_file() else ({}, {})
