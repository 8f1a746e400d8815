"""What comes with the package for every bot of questions and answers: ordinary questions that belong to none, and the encoder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from nlp_gru.bundled import find_model
from nlp_gru.similarity import TextEncoder
from nlp_gru.weights import Array, Weights, widened

FOLDER = Path(__file__).parent / "faq_data"
DIMENSIONS = 128  # first values of a vector that are kept
ENCODER = "similarity"


@dataclass(frozen=True)
class Background:
    """mean (384,): of their vectors; vectors (N, DIMENSIONS): of length 1, without it; words: in how many of `rows` each is."""

    mean: Array
    vectors: Array
    words: dict[str, int]
    rows: int
    encoder: str


@cache
def background() -> Background:
    """See data/faq_background.py, which writes it."""
    content = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
    weights = Weights(FOLDER / "background.safetensors")
    mean = weights.load("mean", "F32", weights.kind("mean")[1])
    vectors = widened(*weights.stored("vectors", "F32", weights.kind("vectors")[1])).astype(np.float32)
    weights.done()
    return Background(mean, vectors, content["words"], content["rows"], content["encoder"])


@cache
def encoder_sum() -> str:
    """SHA-256 of the bundled encoder's weights, in hexadecimal: vectors of another one mean something else."""
    return hashlib.sha256((find_model(ENCODER) / "model.safetensors").read_bytes()).hexdigest()


@cache
def encoder() -> TextEncoder:
    """The bundled encoder, loaded once for all bots of a process."""
    from nlp_gru.api import load

    return load("similarity")
