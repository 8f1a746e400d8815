"""What a linear model reaches on the same rows and tests: TF-IDF over words and word pairs, logistic regression.

python data/sentiment.py --source DIR
python benchmarks/sentiment_baseline.py            # the table that the README compares with
python benchmarks/sentiment_baseline.py --finetune # 1,000 clothing reviews, against a fine-tuned bundled model
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from saving import add_save, save
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, recall_score
from sklearn.pipeline import Pipeline, make_pipeline

DATA = Path(__file__).parents[1] / "data/prepared/sentiment"
SETS = ("imdb", "sst2", "clothing", "pros_cons", "uci", "semeval", "goemotions", "emobank", "vader", "xed")


def linear() -> Pipeline:
    features = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b|[!?]")
    return make_pipeline(features, LogisticRegression(C=10, max_iter=300))


def test_rows(name: str) -> pd.DataFrame:
    return pd.read_parquet(DATA / "test" / f"{name}.parquet")


def figures(labels: Sequence[str], guess: Sequence[str]) -> dict[str, float]:
    macro: dict[str, Any] = {"average": "macro", "zero_division": 0}
    return {
        "accuracy": float(accuracy_score(labels, guess)),
        "macro_recall": float(recall_score(labels, guess, **macro)),
        "macro_f1": float(f1_score(labels, guess, **macro)),
    }


def shown(found: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.4f}" for name, value in found.items())


def all_sets() -> dict[str, dict[str, float]]:
    """One model for the sets of two classes, learned from all rows but the neutral ones; for each set of three, one
    learned from its own rows, with balanced classes, since the figure is a mean over them."""
    train = pd.read_parquet(DATA / "train.parquet")
    two = train[train.label != "neutral"]
    together = linear().fit(two.text, two.label)
    found = {}
    for name in SETS:
        model = together
        rows = train[train.source.str.startswith(name) & train.source.str.contains("3way")]
        if len(rows):
            model = linear().set_params(logisticregression__class_weight="balanced").fit(rows.text, rows.label)
        test = test_rows(name)
        found[name] = figures(test.label, model.predict(test.text))
        print(f"{name:<10} {shown(found[name])}", flush=True)
    return found


def fine_tuning(rows: int) -> None:
    """The bundled model has seen clothing reviews, so this one starts from the sentence encoder, too."""
    train = pd.read_parquet(DATA / "train.parquet")
    train = train[train.source == "clothing_reviews_train"].sample(rows, random_state=0)
    test = test_rows("clothing")
    guess = linear().fit(train.text, train.label).predict(test.text)
    print(f"TF-IDF, {rows} rows   {shown(figures(test.label, guess))}")
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder) / "mine.csv"
        train[["text", "label"]].to_csv(mine, index=False)
        for start in ("similarity", "sentiment"):
            out = f"{folder}/{start}"
            began = time.perf_counter()
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "nlp_gru",
                    "train",
                    "sentiment",
                    "--data",
                    str(mine),
                    "--out",
                    out,
                    "--set",
                    f"start={start}",
                ],
                check=True,
                capture_output=True,
            )
            seconds = time.perf_counter() - began
            print(f"from {start}, {rows} rows, {seconds:.0f} s of training:", flush=True)
            subprocess.run(
                [sys.executable, "-m", "nlp_gru", "eval", out, "--data", str(DATA / "test/clothing.parquet")],
                check=True,
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--finetune", action="store_true")
    add_save(parser)
    parser.add_argument("--rows", type=int, default=1000)
    args = parser.parse_args()
    if args.finetune:
        fine_tuning(args.rows)
    else:
        found = all_sets()
        if args.save:
            save("sentiment_baseline", found)
