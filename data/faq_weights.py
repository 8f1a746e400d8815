"""The weights of `nlp_gru.tools.faq.decide`: by which signals a bot's best answer is right, over many draws of bots.

    python data/faq_weights.py --source DIR        # DIR holds hwu64, snips, schema_guided, self_dialogue and tatoeba, as named below

Each draw makes a bot of some intents of HWU64 and asks it other rows of them, and what lies outside: other intents, requests of
SNIPS, and questions that the background does not hold. Prints the weights; CLINC150 and BANKING77 are not looked at.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from common import arguments, read
from faq_background import DIALOGUES, TEXTS, questions

from nlp_gru.tools.faq.background import background
from nlp_gru.tools.faq.decide import WEIGHTS
from nlp_gru.tools.faq.fits import SIGNALS, Index
from nlp_gru.tools.similarity.encoder import bundled_encoder

DRAWS, QUESTIONS, ANSWERS = 5, (1, 1, 2, 3, 5, 10, 80), (8, 16, 45)
INSIDE, NEAR, STRANGE = 200, 60, 140  # questions asked in a draw
STRANGER = WEIGHTS["stranger"]  # set by hand: what is outside here comes from the background's own sources
SPARE = 8  # rows of an intent beside those that are learned


def draw(table: pd.DataFrame, vectors: np.ndarray, strange: tuple[list[str], np.ndarray], many: int, answers: int,
         named: bool, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(B, signals) with the logarithms of both numbers and 1, and whether the best answer was right, (B,)."""
    sizes = table.intent.value_counts()
    usable = sorted(sizes.index[sizes >= many + SPARE])
    chosen = list(random.permutation(usable)[:answers])
    learned = np.concatenate([random.choice(np.flatnonzero(table.intent == y), many, replace=False) for y in chosen])
    spoken = [y.replace("_", " ") if named else f"Answer {i}." for i, y in enumerate(chosen)]
    target = np.repeat(np.arange(len(chosen)), many)
    texts = table.text.to_numpy(object)
    index = Index(
        list(texts[learned]), target, spoken, vectors[learned], bundled_encoder().encode(spoken), background()
    )
    inside = np.setdiff1d(np.flatnonzero(table.intent.isin(chosen)), learned)
    inside = random.choice(inside, min(INSIDE, len(inside)), replace=False)
    near = random.choice(np.flatnonzero(~table.intent.isin(chosen)), NEAR)
    far = random.choice(len(strange[0]), STRANGE)
    asked = [*texts[inside], *texts[near], *(strange[0][i] for i in far)]
    fits = index(asked, np.concatenate([vectors[inside], vectors[near], strange[1][far]]))
    place = {y: i for i, y in enumerate(chosen)}
    wanted = np.array([*(place[y] for y in table.intent.iloc[inside]), *[-1] * (NEAR + STRANGE)])
    logs = np.tile([np.log(many), np.log(len(chosen)), 1.0], (len(asked), 1))
    return np.hstack([fits.signals, logs]), fits.totals.argmax(1) == wanted


def logistic(x: np.ndarray, right: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method."""
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(x @ weights + offset)))
        weights -= np.linalg.solve((x.T * (p * (1 - p))) @ x + 1e-3 * np.eye(len(weights)), x.T @ (p - right))
    return weights


def strangers(source: Path) -> tuple[list[str], np.ndarray]:
    most = {**DIALOGUES, **TEXTS}
    texts = [text for name, some in questions(source) for text in some[most[name] : most[name] + 700]]
    return texts, bundled_encoder().encode(texts)


def main() -> None:
    source = arguments(__doc__, "faq_weights").parse_args().source
    table = read(source, "hwu64_intents_train")
    vectors, strange, random = (
        bundled_encoder().encode(table.text.tolist()),
        strangers(source),
        np.random.default_rng(1),
    )
    parts = [draw(table, vectors, strange, many, answers, k % 3 == 0, random)
             for k in range(DRAWS) for many in QUESTIONS for answers in ANSWERS]  # fmt: skip
    x, right = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    fixed = SIGNALS.index("stranger")
    found = logistic(np.delete(x, fixed, 1), right, STRANGER * x[:, fixed])
    names = [*(s for s in SIGNALS if s != "stranger"), "BY_QUESTIONS", "BY_ANSWERS", "CONSTANT"]
    print("  ".join(f"{name} {value:.2f}" for name, value in zip(names, found, strict=True)))


if __name__ == "__main__":
    main()
