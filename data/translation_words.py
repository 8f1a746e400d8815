"""English words and their French ones, found in sentence pairs by word alignment: what a word alone is translated with.

    python data/translation_words.py [--data data/prepared/translation/train.parquet]

Writes nlp_gru/pretrained/words_en_fr.json. Kept are words that are each other's likeliest translation, and not so
frequent that the translator knows them well itself.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from nlp_gru.training.word_alignment import Lexicon, lexicon

OUT = Path(__file__).parents[1] / "nlp_gru/pretrained/words_en_fr.json"
LONGEST = 150  # characters of a sentence
LEAST = 0.08  # of the product of both chances
SURE = 0.15  # of a word that stands there but twice
MOST = 400  # times; more frequent words the model knows
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ELIDED = re.compile(r"\b([ldjmnstc]|qu|jusqu|lorsqu|puisqu)['’]", re.I)


class Side:
    """One language's words, numbered from 1, and how often each occurs."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.counts: Counter[str] = Counter()

    def read(self, text: str) -> np.ndarray:
        words = [word.lower().replace("’", "'") for word in WORD.findall(ELIDED.sub(r"\1 ", text))]
        self.counts.update(words)
        return np.array([self.ids.setdefault(word, len(self.ids) + 1) for word in words], np.int64)


def chances(found: Lexicon) -> dict[tuple[int, int], float]:
    kept = (found.p > LEAST) & (found.source > 0)
    return dict(
        zip(
            zip(found.source[kept].tolist(), found.target[kept].tolist(), strict=True),
            found.p[kept].tolist(),
            strict=True,
        )
    )


def words(rows: pd.DataFrame) -> dict[str, str]:
    english, french = Side(), Side()
    short = rows[rows.source.str.len() < LONGEST]
    pairs = [
        (english.read(source), french.read(target)) for source, target in zip(short.source, short.target, strict=True)
    ]
    pairs = [pair for pair in pairs if all(map(len, pair))]
    there = chances(lexicon(pairs))
    back = chances(lexicon([(target, source) for source, target in pairs]))
    names = [{i: word for word, i in side.ids.items()} for side in (english, french)]
    best: list[dict[str, tuple[float, str]]] = [{}, {}]
    for (source, target), p in there.items():
        value, word, other = p * back.get((target, source), 0.0), names[0][source], names[1][target]
        for table, own, its in ((best[0], word, other), (best[1], other, word)):
            if value > table.get(own, (0.0, ""))[0]:
                table[own] = value, its
    found = {}
    for word, (value, other) in best[0].items():
        times = english.counts[word], french.counts[other]
        is_long = min(len(word), len(other)) > 2 and "'" not in word + other
        is_likely = best[1][other][1] == word and value > (LEAST if min(times) > 2 else SURE)
        if is_long and is_likely and max(times) <= MOST:
            found[word] = other
    return dict(sorted(found.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("data/prepared/translation/train.parquet"))
    args = parser.parse_args()
    found = words(pd.read_parquet(args.data))
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(found):,} words, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
