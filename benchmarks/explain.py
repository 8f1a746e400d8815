"""Which word an explanation puts first, of sentences whose telling words were marked by hand
(benchmarks/explained.csv).

python benchmarks/explain.py [MODEL]        # also: how long a text of 230 words takes
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pandas as pd

import nlp_gru

MARKED = Path(__file__).parent / "explained.csv"


def main(name: str) -> None:
    analyse = nlp_gru.load(name)
    marked = pd.read_csv(MARKED)
    found = [0, 0]
    for text, label, words in marked.itertuples(index=False):
        ranked = sorted(analyse.explain(text, label), key=lambda part: -part[1])
        hits = [word.lower() in words.split("|") for word, _ in ranked[:2]]
        found = [found[0] + hits[0], found[1] + any(hits)]
        if not hits[0]:
            print(f"{ranked[0][0]!r} first, not {words}: {text}")
    print(f"a telling word first: {found[0]} of {len(marked)}; among the first two: {found[1]}")
    long = " ".join(" ".join(marked.text).split()[:230])
    took = []
    for _ in range(5):
        start = time.perf_counter()
        analyse.explain(long)
        took.append(1000 * (time.perf_counter() - start))
    print(f"230 words: {min(took):.0f} ms")


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["sentiment"]))
