"""The tables of docs/results.md, from the figures that evaluations and benchmarks wrote down: no figure is copied by
hand.

python benchmarks/tables.py            # writes the tables anew

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`. Figures come from the models' metrics.json
(`nlp-gru eval --save`) and from benchmarks/results/*.json (`--save` of the benchmark of that name).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs/results.md"
NONE = "-"


def metrics(model: str) -> dict[str, dict[str, float]]:
    return dict(json.loads((ROOT / f"nlp_gru/pretrained/{model}/metrics.json").read_text(encoding="utf-8")))


def measured(benchmark: str) -> dict[str, Any]:
    path = Path(__file__).parent / f"results/{benchmark}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def percent(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.1f} %"


SENTIMENT = {  # test set: how it is called, and the figure that is given
    "imdb": ("IMDB, half of the published test, accuracy", "accuracy"),
    "sst2": ("SST-2 dev, accuracy", "accuracy"),
    "clothing": ("clothing reviews, accuracy", "accuracy"),
    "pros_cons": ("pros and cons, accuracy", "accuracy"),
    "uci": ("UCI sentences (128), accuracy", "accuracy"),
    "semeval": ("SemEval tweets, three classes", "macro_recall"),
    "goemotions": ("GoEmotions comments, three classes", "macro_recall"),
    "emobank": ("EmoBank: news, letters, fiction, three classes", "macro_recall"),
    "vader": ("VADER's rated tweets, reviews and editorials, three classes", "macro_recall"),
    "xed": ("XED subtitle lines, three classes", "macro_recall"),
}
TRANSLATION = {
    "tatoeba": "Tatoeba",
    "diabla": "DiaBLa, chat",
    "cds_blog": "Canadian Digital Service, blog",
    "ui_text": "web sites and apps",
}


def sentiment() -> list[list[str]]:
    own, linear = metrics("sentiment"), measured("sentiment_baseline")
    rows = [["test set", "nlp-gru", "calibration error, 15 bins", "TF-IDF + logistic regression"]]
    for name, (title, figure) in SENTIMENT.items():
        peer = linear.get(name, {}).get(figure)
        rows.append([title, percent(own[name][figure]), percent(own[name]["ece"]), percent(peer)])
    return rows


def translation() -> list[list[str]]:
    rows = [["test set", "English to French, BLEU", "chrF2", "French to English, BLEU", "chrF2"]]
    models = [metrics("translation"), metrics("translation-fr-en")]
    for name, title in TRANSLATION.items():
        cells = [f"{m[name][f]:.1f} ({m[name][f + '_greedy']:.1f})" for m in models for f in ("bleu", "chrf")]
        rows.append([title, *cells])
    return rows


def similarity() -> list[list[str]]:
    found = measured("similarity")
    titles = list(next(iter(found.values())))
    return [["figure", *titles], *([name, *(f"{100 * own[t]:.1f}" for t in titles)] for name, own in found.items())]


TABLES: dict[str, Callable[[], list[list[str]]]] = {
    "sentiment": sentiment,
    "translation": translation,
    "similarity": similarity,
}


def markdown(rows: list[list[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" + "|---:" * (len(rows[0]) - 1) + "|", *body])


def rendered(text: str) -> str:
    """Return a document with its tables made anew."""

    def table(match: re.Match[str]) -> str:
        return f"{match[1]}\n\n{markdown(TABLES[match[2]]())}\n\n{match[3]}"

    return re.sub(r"(<!-- table: (\w+) -->).*?(<!-- end of table -->)", table, text, flags=re.S)


if __name__ == "__main__":
    RESULTS.write_text(rendered(RESULTS.read_text(encoding="utf-8")), encoding="utf-8")
