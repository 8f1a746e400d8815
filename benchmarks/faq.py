"""A bot of questions and answers from few questions an answer and from all, on requests with intents: how often the
right answer is first, how often it is given, and how often what lies outside is refused.

    python benchmarks/faq.py --source DIR [--set banking77] [--questions 1 3] [--draws 5]

DIR holds {clinc150,banking77}_intents_{train,valid}.parquet. The intent stands for the answer, whose text says nothing
("Answer 17."), unless --named shows the intent's name. Each draw takes other training questions; all valid rows are
asked. No out-of-scope row is learned from, and the threshold is the bot's own. In scope, an answer counts when it is
given and right.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import numpy as np
import pandas as pd
from saving import add_save, save

from nlp_gru.tools.faq.bot import FaqBot

SETS = ("clinc150", "banking77")
OUTSIDE = "oos"
ASKED = 2000  # at once


def rows(source: Path, name: str) -> pd.DataFrame:
    (path,) = source.rglob(f"{name}.parquet")
    table = pd.read_parquet(path)
    return pd.DataFrame({"question": table.text, "answer": table.intent.astype(str)})


def measure(train: pd.DataFrame, valid: pd.DataFrame, questions: int, seed: int, named: bool) -> dict[str, float]:
    """Shares of right answers and refusals of a bot from so many questions for each answer; 0: all."""
    inside = train[train.answer != OUTSIDE]
    if questions:
        inside = inside.sample(frac=1, random_state=seed).groupby("answer").head(questions)
    names = sorted(inside.answer.unique())
    random.Random(seed).shuffle(names)
    shown = {name: name.replace("_", " ") if named else f"Answer {i}." for i, name in enumerate(names)}
    start = time.perf_counter()
    bot = FaqBot([(q, shown[a]) for q, a in zip(inside.question, inside.answer, strict=True)])
    seconds = time.perf_counter() - start
    replies = [r for i in range(0, len(valid), ASKED) for r in bot.replies(valid.question[i : i + ASKED].tolist())]
    wanted = [shown.get(a) for a in valid.answer]
    known = np.array([w is not None for w in wanted])
    places = [[a for a, _ in r.candidates] for r in replies]
    first = np.array([p[0] == w for p, w in zip(places, wanted, strict=True)])
    three = np.array([w in p[:3] for p, w in zip(places, wanted, strict=True)])
    given = np.array([r.answered and r.text == w for r, w in zip(replies, wanted, strict=True)])
    refused = np.array([not r.answered for r in replies])
    return {
        "training, s": seconds,
        "right first, %": 100 * first[known].mean(),
        "right among three, %": 100 * three[known].mean(),
        "answered and right, %": 100 * given[known].mean(),
        "outside refused, %": 100 * refused[~known].mean() if (~known).any() else float("nan"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, action="append", help="one set alone; repeatable")
    parser.add_argument("--questions", type=int, nargs="+", default=[1, 3, 10, 0], help="for each answer; 0: all")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--named", action="store_true", help="answers whose text is the intent's name")
    add_save(parser)
    args = parser.parse_args()
    header = None
    means: dict[str, dict[str, dict[str, float]]] = {}
    for name in args.set or SETS:
        train, valid = rows(args.source, f"{name}_intents_train"), rows(args.source, f"{name}_intents_valid")
        for questions in args.questions:
            found = [
                measure(train, valid, questions, seed, args.named) for seed in range(args.draws if questions else 1)
            ]
            if header is None:
                header = list(found[0])
                print(f"| set | questions an answer | {' | '.join(header)} |\n|---|---:|{'---:|' * len(header)}")
            cells = [f"{np.mean([f[k] for f in found]):.1f} ± {np.std([f[k] for f in found]):.1f}" for k in header]
            print(f"| {name} | {questions or 'all'} | {' | '.join(cells)} |", flush=True)
            quality = {k: float(np.mean([f[k] for f in found])) for k in header if not k.startswith("training")}
            means.setdefault(name, {})[str(questions or "all")] = {k: round(v, 2) for k, v in quality.items() if v == v}
    if args.save:
        save("faq", means)


if __name__ == "__main__":
    main()
