"""Milliseconds for one text, one thread: a review of 230 words and a short sentence, bundled model.

python benchmarks/sentiment_speed.py [MODEL]
"""

from __future__ import annotations

import statistics
import sys
import time

import torch

import nlp_gru

SENTENCE = "The film is long, but the cast is so good that you hardly notice it, and the ending is worth the wait. "


def main() -> None:
    torch.set_num_threads(1)
    analyse = nlp_gru.load(sys.argv[1] if len(sys.argv) > 1 else "sentiment")
    for words in (10, 230, 1000):
        text = " ".join((SENTENCE * 60).split()[:words])
        times = []
        for _ in range(40):
            start = time.perf_counter()
            analyse(text)
            times.append(1000 * (time.perf_counter() - start))
        times = sorted(times[5:])
        tokens = len(analyse.model.tokenizer.encode(text))
        print(f"{words:>5} words, {tokens:>4} tokens: p50 {statistics.median(times):6.1f} ms  p95 {times[32]:6.1f} ms")


if __name__ == "__main__":
    main()
