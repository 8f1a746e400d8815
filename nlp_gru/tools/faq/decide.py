"""Whether the best answer is right: a probability from what tells it, and what to say by it.

The weights are a logistic regression over draws of bots (data/faq_weights.py): of HWU64, with 12 to 48 answers of 1 to
80 questions, asked their own intents, others of HWU64 and questions out of dialogues; and of the small FAQs in
data/faq_made.
"""

from __future__ import annotations

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.tools.faq.fits import SIGNALS, Fits, Index, Traits

CONSTANTS = ("answers", "constant")
# name: (weight, what each logarithm of the questions an answer has adds, what telling answers add)
WEIGHTS = {
    "margin": (1.23, -0.12, 1.42),
    "nearest": (4.70, -0.54, -0.37),
    "said": (-2.08, 1.55, 8.40),
    "covered": (0.75, 0.54, 0.81),
    "stranger": (-0.29, -0.81, -3.40),
    "sure": (0.00, 0.39, 0.00),
    "answers": (-0.39, 0.04, 0.32),
    "constant": (-0.71, 0.02, -1.23),
}
# Of what a bot is asked, so many belong to it for each that does not; data/faq_weights.py tells what others do.
ODDS = 3.0
STEEP = 6.0  # by what each other answer fits less than the best: logits for each point of its total
OFFERED = 0.5  # of the threshold: from there on the nearest questions are offered
LARGEST = 80.0, 48.0  # questions an answer, and answers, among the draws: beyond them nothing is known
LEFT_OUT, LEAST = 400, 30  # questions asked as if they were not known, at most, and at least to adjust by them
FEWEST = 0.02  # share of those with the right answer found that may be refused in any case
MISTRUST = 0.5  # share of them that may be refused at most, for each share that finds a wrong answer
STRANGE = 0.7  # share of those without their answer that are to be refused before fewer of the right ones are
SHIFT = 2.0  # logits that this may move the decision


def probabilities(fits: Fits, traits: Traits, shift: float = 0.0) -> Array:
    """(B, C) from 0 to 1, comparable between questions: the best answer's probability of being right, and less for the
    others.

    traits: of the bot; shift: see `adjusted`.
    """
    best = logits(fits, traits) + shift
    below = fits.totals.max(1, keepdims=True) - fits.totals
    return np.asarray(1 / (1 + np.exp(np.clip(STEEP * below - best[:, None], -30, 30))))


def columns(signals: Array, traits: Traits) -> Array:
    """(B, signals) -> (B, 3, signals + 2), as WEIGHTS stand: the signals, the logarithm of the number of answers and 1;
    the same times the logarithm of the questions an answer has; the same times what the answers tell."""
    questions, answers = min(traits.questions, LARGEST[0]), min(traits.answers, LARGEST[1])
    row = np.hstack([signals, np.tile([np.log(answers), 1.0], (len(signals), 1))])
    return np.stack([row, np.log(questions) * row, traits.telling * row], axis=1)


def logits(fits: Fits, traits: Traits) -> Array:
    """(B,): of the best answer's being right."""
    table = np.array([WEIGHTS[name] for name in (*SIGNALS, *CONSTANTS)]).T  # (3, signals + 2)
    return np.asarray(np.log(ODDS) + (columns(fits.signals, traits) * table).sum((1, 2)))


def adjusted(index: Index) -> float:
    """What is added to the logits so that of the bot's own questions, left out one at a time, few are refused that find
    their answer: the fewer, the more of all find theirs and the better it refuses them without their answers. 0 where
    too few answers have several questions."""
    if sum(len(rows) for rows, _ in index.held_out) < LEAST:
        return 0.0
    rows, fits, strange = index.left_out(LEFT_OUT)
    found = fits.totals.argmax(1) == index.target[rows]
    right = logits(fits, index.traits)[found]
    if len(right) < LEAST:
        return 0.0
    fewest, most = np.quantile(right, (FEWEST, max(FEWEST, MISTRUST * (1 - found.mean()))))
    limit = min(most, max(fewest, np.quantile(logits(strange, index.traits), STRANGE)))
    return float(np.clip(-limit, -SHIFT, SHIFT))
