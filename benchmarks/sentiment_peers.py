"""What small known tools reach on the test rows of sentiment: VADER, TextBlob, MiniLM's vectors with a linear layer.

python data/sentiment.py --source DIR
python data/meaning.py --source DIR --teacher                  # MiniLM's files
pip install vaderSentiment textblob transformers torch scikit-learn
python benchmarks/sentiment_peers.py --minilm data/prepared/meaning/teacher [--save] [--only vader]

VADER and TextBlob judge by word lists; how near to zero their score counts as neutral is chosen on the validation rows.
MiniLM (all-MiniLM-L6-v2) is not fine-tuned: a logistic regression is fitted to the vectors of a draw of the rows that
the bundled model learned from, as many of each set and class. Where a set has two classes, neutral is left out. The
slow one judges a draw of each test set alone; --save writes the rows judged, too.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, recall_score

DATA = Path(__file__).parents[1] / "data/prepared/sentiment"
SAVED = Path(__file__).parent / "results/sentiment_peers.json"
SETS = ("imdb", "sst2", "clothing", "pros_cons", "uci", "semeval", "goemotions", "emobank", "vader", "xed")
LABELS = ("negative", "neutral", "positive")
BANDS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
LEARNED = 500  # rows of each set and class
JUDGED = 500  # rows of each test set, for MiniLM
BATCH, LENGTH = 32, 192
Array = npt.NDArray[np.float64]
Judge = Callable[[Sequence[str]], Array]  # texts -> (N, 3), the higher the likelier


def vader() -> Callable[[str], float]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    found = SentimentIntensityAnalyzer()
    return lambda text: float(found.polarity_scores(text)["compound"])


def textblob() -> Callable[[str], float]:
    from textblob import TextBlob

    return lambda text: float(TextBlob(text).sentiment.polarity)


def by_words(score: Callable[[str], float], valid: pd.DataFrame) -> Judge:
    """A judge that calls neutral what lies in a band around zero, the one best on the validation rows."""
    known = np.array([score(text) for text in valid.text])

    def right(band: float) -> float:
        guess = np.where(known > band, "positive", np.where(known < -band, "negative", "neutral"))
        return float(recall_score(valid.label, guess, average="macro", zero_division=0))

    band = max(BANDS, key=right)
    print(f"neutral: up to {band} from zero")

    def judge(texts: Sequence[str]) -> Array:
        found = np.array([score(text) for text in texts])
        return np.stack([-found, np.where(np.abs(found) <= band, 2.0, -2.0), found + 1e-9], 1)

    return judge


def by_vectors(folder: Path, train: pd.DataFrame) -> Judge:
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True).eval()

    def vectors(texts: Sequence[str]) -> Array:
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.zeros((len(texts), model.config.hidden_size))
        for at in range(0, len(order), BATCH):
            some = order[at : at + BATCH]
            batch = tokenizer(
                [texts[i] for i in some], padding=True, truncation=True, max_length=LENGTH, return_tensors="pt"
            )
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                states = model(**batch).last_hidden_state.float()  # (B, S, 384)
            mask = batch["attention_mask"][..., None]
            out[some] = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1).numpy()
        return out

    groups = train.drop_duplicates("text").groupby(["source", "label"])
    rows = pd.concat([group.sample(min(LEARNED, len(group)), random_state=0) for _, group in groups])
    linear = LogisticRegression(C=10, max_iter=500).fit(vectors(rows.text.tolist()), rows.label)
    print(f"learned from {len(rows):,} rows")
    order = [list(linear.classes_).index(label) for label in LABELS]
    return lambda texts: np.asarray(linear.predict_log_proba(vectors(texts))[:, order])


def figures(scores: Array, labels: Sequence[str]) -> dict[str, float]:
    """scores (N, 3) -> accuracy and macro_recall, over the classes that occur."""
    present = [i for i, label in enumerate(LABELS) if label in set(labels)]
    guess = [LABELS[present[i]] for i in scores[:, present].argmax(1)]
    return {
        "rows": len(guess),
        "accuracy": float(accuracy_score(labels, guess)),
        "macro_recall": float(recall_score(labels, guess, average="macro", zero_division=0)),
    }


def test_rows(name: str, most: int) -> pd.DataFrame:
    rows = pd.read_parquet(DATA / "test" / f"{name}.parquet")
    return rows.sample(min(most, len(rows)), random_state=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm", type=Path, help="folder with the files of all-MiniLM-L6-v2")
    parser.add_argument("--only", choices=("vader", "textblob", "minilm"))
    parser.add_argument("--save", action="store_true", help="write the figures down for docs/results.md")
    args = parser.parse_args()
    valid = pd.read_parquet(DATA / "valid.parquet")
    three = valid[valid.source.str.contains("3way")]
    judges: dict[str, tuple[Callable[[], Judge], int]] = {
        "vader": (lambda: by_words(vader(), three), 1_000_000),
        "textblob": (lambda: by_words(textblob(), three), 1_000_000),
    }
    if args.minilm:
        judges["minilm"] = (lambda: by_vectors(args.minilm, pd.read_parquet(DATA / "train.parquet")), JUDGED)
    found: dict[str, Any] = json.loads(SAVED.read_text(encoding="utf-8")) if SAVED.exists() else {}
    for name, (make, most) in judges.items():
        if args.only not in (None, name):
            continue
        judge = make()
        found[name] = {}
        for test in SETS:
            rows = test_rows(test, most)
            found[name][test] = figures(judge(rows.text.tolist()), rows.label.tolist())
            print(f"{name:<9} {test:<10} {found[name][test]}", flush=True)
        if args.save:
            SAVED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
