"""Whether the best answer is right: a probability from what tells it, and what to say by it.

The weights are a logistic regression over thousands of draws of bots from the training rows of HWU64, with 8 to 45 answers of 1
to 80 questions, asked their own intents, others of HWU64, requests of SNIPS and questions of everyday talk (data/faq_weights.py).
"""

from __future__ import annotations

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.tools.faq.fits import SIGNALS, Fits, Index

WEIGHTS = {"margin": 2.05, "nearest": 5.65, "stranger": -2.5, "covered": 1.48}
BY_QUESTIONS, BY_ANSWERS, CONSTANT = -0.61, -0.57, -0.14  # of the logarithms of their numbers
ODDS = 2.0  # of what a bot is asked, so many belong to it for each that does not; among the draws it was one
STEEP = 6.0  # by what each other answer fits less than the best: logits for each point of its total
OFFERED = 0.5  # of the threshold: from there on the nearest questions are offered


LARGEST = 80.0, 45.0  # questions an answer, and answers, among the draws: beyond them nothing is known
LEFT_OUT, LEAST = 400, 30  # questions asked as if they were not known, at most, and at least to adjust by them
REFUSED = 0.02, 0.08  # share of those with the right answer found that may be refused, at best and at most
STRANGE = 0.7  # share of those without their answer that are to be refused before fewer of the right ones are
SHIFT = 2.0  # logits that this may move the decision


def probabilities(fits: Fits, counts: Array, shift: float = 0.0) -> Array:
    """(B, C) from 0 to 1, comparable between questions: the best answer's probability of being right, and less for the others.

    counts (C,): each answer's questions; shift: see `adjusted`.
    """
    best = logits(fits, counts) + shift
    below = fits.totals.max(1, keepdims=True) - fits.totals
    return np.asarray(1 / (1 + np.exp(np.clip(STEEP * below - best[:, None], -30, 30))))


def logits(fits: Fits, counts: Array) -> Array:
    """(B,): of the best answer's being right."""
    questions, answers = min(float(counts.mean()), LARGEST[0]), min(len(counts), LARGEST[1])
    constant = CONSTANT + np.log(ODDS) + BY_QUESTIONS * np.log(questions) + BY_ANSWERS * np.log(answers)
    signals = dict(zip(SIGNALS, fits.signals.T, strict=True))
    return np.asarray(constant + sum(weight * signals[name] for name, weight in WEIGHTS.items()))


def adjusted(index: Index) -> float:
    """What is added to the logits so that of the bot's own questions, left out one at a time, few are refused that find their
    answer, the fewer the better it refuses them without their answers; 0 where too few answers have several questions."""
    if sum(len(rows) for rows, _ in index.held_out) < LEAST:
        return 0.0
    rows, fits, strange = index.left_out(LEFT_OUT)
    right = logits(fits, index.counts)[fits.totals.argmax(1) == index.target[rows]]
    if len(right) < LEAST:
        return 0.0
    fewest, most = np.quantile(right, REFUSED)
    limit = min(most, max(fewest, np.quantile(logits(strange, index.counts), STRANGE)))
    return float(np.clip(-limit, -SHIFT, SHIFT))
