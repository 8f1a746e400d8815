"""What int8 costs: each bundled model's main figure with both engines, over the same rows of test and valid files.

    python benchmarks/runtime_quality.py --source DIR [--rows 1000]      # DIR: the data sets

Accuracy on film reviews, keystrokes saved (a tenth of the rows), BLEU (beam of 5), the true next turn first among 20.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import sacrebleu
import typer

import nlp_gru
from nlp_gru.training.keystrokes import type_texts

CHOICES = 20


def accuracy(analyse: Any, rows: pd.DataFrame) -> float:
    named = ("negative", "positive")
    found = [max(named, key=r.scores.__getitem__) for r in analyse(list(rows.text))]
    return float(np.mean([f == named[label] for f, label in zip(found, rows.label, strict=True)]))


def keystrokes(keyboard: Any, rows: pd.DataFrame) -> float:
    def suggest(context: str, prefix: str, k: int) -> Sequence[str]:
        return [s.text for s in keyboard.suggest(context, prefix, k)]

    return type_texts(suggest, rows.text[: len(rows) // 10]).figures()["keystrokes_saved"]


def bleu(source: str, target: str) -> Callable[[Any, pd.DataFrame], float]:
    def of(translate: Any, rows: pd.DataFrame) -> float:
        found = [t.text for t in translate.stream(list(rows[source]), beam=5)]
        return float(sacrebleu.corpus_bleu(found, [list(rows[target])]).score) / 100

    return of


def hits(bot: Any, rows: pd.DataFrame) -> float:
    """Among the next turns of other dialogues, drawn anew but alike for both engines."""
    draw = random.Random(1)
    dialogues = [list(turns) for turns in rows.turns if len(turns) > 1]
    right = []
    for turns in dialogues:
        others = [d[-1] for d in draw.sample(dialogues, CHOICES) if d[-1] != turns[-1]][: CHOICES - 1]
        scores = bot.score(turns[:-1][-6:], [turns[-1], *others])
        right.append(scores[0] > max(scores[1:]))
    return float(np.mean(right))


TASKS: dict[str, tuple[str, Callable[[Any, pd.DataFrame], float]]] = {
    "sentiment": ("sentiment/imdb_test_a.parquet", accuracy),
    "next_word": ("autocomplete/everyday_valid.parquet", keystrokes),
    "translation": ("translation/tatoeba_en_fr_test_a.parquet", bleu("en", "fr")),
    "translation-fr-en": ("translation/tatoeba_en_fr_test_a.parquet", bleu("fr", "en")),
    "chat": ("chat/chitchat_valid.parquet", hits),
}


def main(source: Annotated[Path, typer.Option()], rows: Annotated[int, typer.Option(min=10)] = 1000) -> None:
    import torch

    torch.set_num_threads(1)
    print(f"{'model':20} {'torch':>7} {'onnx':>7} {'points':>7}")
    for name, (file, figure) in TASKS.items():
        table = pd.read_parquet(source / file)[:rows]
        a, b = (100 * figure(nlp_gru.load(name, engine=engine), table) for engine in ("torch", "onnx"))
        print(f"{name:20} {a:7.2f} {b:7.2f} {b - a:+7.2f}", flush=True)


if __name__ == "__main__":
    typer.run(main)
