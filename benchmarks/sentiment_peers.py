"""What small known tools reach on the test rows of sentiment: VADER, TextBlob, MiniLM's vectors with a linear layer.

python data/sentiment.py --source DIR
pip install vaderSentiment textblob scikit-learn 'nlp-gru[teacher]'
python benchmarks/sentiment_peers.py [--save] [--only vader]

VADER and TextBlob judge by word lists; how near to zero their score counts as neutral is chosen on the validation rows.
MiniLM (all-MiniLM-L6-v2) is not fine-tuned: a logistic regression is fitted to the vectors of a draw of the rows that
the bundled model learned from, as many of each set and class. Where a set has two classes, neutral is left out. The
slow one judges a draw of each test set alone; --save writes the rows judged, too.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from faq_peers import teacher
from saving import add_save, save, saved
from sentiment_baseline import DATA, SETS, figures, test_rows
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score

LABELS = ("negative", "neutral", "positive")
BANDS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4)
LEARNED = 500  # rows of each set and class
JUDGED = 500  # rows of each test set, for MiniLM
LENGTH = 192  # tokens that MiniLM reads
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


def by_vectors(train: pd.DataFrame) -> Judge:
    def vectors(texts: Sequence[str]) -> Array:
        return np.asarray(teacher().encode(list(texts), longest=LENGTH), np.float64)

    groups = train.drop_duplicates("text").groupby(["source", "label"])
    rows = pd.concat([group.sample(min(LEARNED, len(group)), random_state=0) for _, group in groups])
    linear = LogisticRegression(C=10, max_iter=500).fit(vectors(rows.text.tolist()), rows.label)
    print(f"learned from {len(rows):,} rows")
    order = [list(linear.classes_).index(label) for label in LABELS]
    return lambda texts: np.asarray(linear.predict_log_proba(vectors(texts))[:, order])


def judged(scores: Array, labels: Sequence[str]) -> dict[str, float]:
    """scores (N, 3) -> the number of rows and `figures`, over the classes that occur."""
    present = [i for i, label in enumerate(LABELS) if label in set(labels)]
    guess = [LABELS[present[i]] for i in scores[:, present].argmax(1)]
    return {"rows": len(guess), **figures(labels, guess)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("vader", "textblob", "minilm"))
    add_save(parser)
    args = parser.parse_args()
    valid = pd.read_parquet(DATA / "valid.parquet")
    three = valid[valid.source.str.contains("3way")]
    judges: dict[str, tuple[Callable[[], Judge], int]] = {
        "vader": (lambda: by_words(vader(), three), 1_000_000),
        "textblob": (lambda: by_words(textblob(), three), 1_000_000),
        "minilm": (lambda: by_vectors(pd.read_parquet(DATA / "train.parquet")), JUDGED),
    }
    found = saved("sentiment_peers")
    for name, (make, most) in judges.items():
        if args.only not in (None, name):
            continue
        judge = make()
        found[name] = {}
        for test in SETS:
            rows = test_rows(test)
            rows = rows.sample(min(most, len(rows)), random_state=0)
            found[name][test] = judged(judge(rows.text.tolist()), rows.label.tolist())
            print(f"{name:<9} {test:<10} {found[name][test]}", flush=True)
        if args.save:
            save("sentiment_peers", found)


if __name__ == "__main__":
    main()
