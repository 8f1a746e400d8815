"""What comes with the package for every bot of questions and answers: ordinary questions that belong to none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.weights import Weights, widened

FOLDER = Path(__file__).parent / "data"
WORDS = FOLDER / "words.json"
DIMENSIONS = 128  # first values of a vector that are kept


@dataclass(frozen=True)
class Background:
    """mean (384,): of their vectors; vectors (N, DIMENSIONS): of length 1, without it; words: in how many of `rows`
    each is."""

    mean: Array
    vectors: Array
    words: dict[str, int]
    rows: int
    encoder: str


@cache
def background() -> Background:
    """See data/faq_background.py, which writes it."""
    content = json.loads(WORDS.read_text(encoding="utf-8"))
    weights = Weights(FOLDER / "background.safetensors")
    mean = weights.load("mean", "F32", weights.kind("mean")[1])
    vectors = widened(*weights.stored("vectors", "F32", weights.kind("vectors")[1])).astype(np.float32)
    weights.done()
    return Background(mean, vectors, content["words"], content["rows"], content["encoder"])
