"""Whether the best answer is right: a probability from what tells it, and what to say by it.

The weights are a logistic regression over thousands of draws of bots from the training rows of HWU64, with 8 to 45 answers of 1
to 80 questions, asked their own intents, others of HWU64, requests of SNIPS and questions of everyday talk (data/faq_weights.py).
"""

from __future__ import annotations

import numpy as np

from nlp_gru.faq_index import SIGNALS, Fits
from nlp_gru.weights import Array

WEIGHTS = {"margin": 1.98, "nearest": 5.66, "stranger": -2.5, "covered": 1.55}
BY_QUESTIONS, BY_ANSWERS, CONSTANT = -0.58, -0.51, -0.32  # of the logarithms of their numbers
ODDS = 3.0  # of what a bot is asked, so many belong to it for each that does not; among the draws it was one
STEEP = 6.0  # by what each other answer fits less than the best: logits for each point of its total
OFFERED = 0.5  # of the threshold: from there on the nearest questions are offered


def probabilities(fits: Fits, questions: float, answers: int) -> Array:
    """(B, C) from 0 to 1, comparable between questions: the best answer's probability of being right, and less for the others.

    questions: mean number for each answer.
    """
    signals = dict(zip(SIGNALS, fits.signals.T, strict=True))
    logit = CONSTANT + np.log(ODDS) + BY_QUESTIONS * np.log(questions) + BY_ANSWERS * np.log(answers)
    best = logit + sum(weight * signals[name] for name, weight in WEIGHTS.items())  # (B,)
    below = fits.totals.max(1, keepdims=True) - fits.totals
    return np.asarray(1 / (1 + np.exp(np.clip(STEEP * below - best[:, None], -30, 30))))
