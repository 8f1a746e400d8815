"""How likely a sentence's translation is right, from the model's own probability and the length."""

from __future__ import annotations

import math
from collections.abc import Sequence

UNSURE = 0.5  # a confidence below which it is rather wrong than right
SHORTEST = 20  # characters; a shorter translation counts as so long, since there were few in fitting
LEAST_SCORE = 1e-6


def features(score: float, text: str) -> tuple[float, float]:
    """Return what the confidence depends on: the log of the mean probability of the tokens, and of the length in
    characters."""
    return math.log(max(score, LEAST_SCORE)), math.log(max(len(text), SHORTEST))


def confidence(score: float, text: str, weights: Sequence[float]) -> float:
    """Return the chance that a translation comes close to one that a person made: that its chrF2 with that is 50 or
    more.

    score: the mean probability of its tokens; weights: constant, then one for each of `features`, fitted by logistic
    regression on pairs that the model has not learned from (`benchmarks/translation_confidence.py`).
    """
    constant, *others = weights
    value = constant + sum(w * x for w, x in zip(others, features(score, text), strict=True))
    return 1 / (1 + math.exp(-max(min(value, 50.0), -50.0)))
