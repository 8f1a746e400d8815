"""How well and how fast meaning is found: one thread, the bundled encoder, beside TF-IDF of letters where that applies.

    python benchmarks/similarity.py --source DIR [--rows 1000000]    # DIR: the data sets, none trained on

STS benchmark: Spearman's correlation of the cosines with what people said (its dev file). Paraphrase: the pairs that
people gave 4 points or more of 5; the second sentence is to be the nearest to the first, among 1,000 of the file.
English from French: Tatoeba's pairs, the English side to be the nearest among all. TF-IDF has seen all the sentences
that it compares. Stored rows: random ones in an index on the disk; memory is what one search allocates, beside the
mapped files.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("RAYON_NUM_THREADS", "1")  # of the tokenizer

import numpy as np
import pandas as pd
from saving import add_save, save
from sklearn.feature_extraction.text import TfidfVectorizer

import nlp_gru
from nlp_gru.tools.similarity import index_files, index_rows

AMONG, LEAST, TIMED, BLOCK = 1000, 4.0, 200, 20_000


def spearman(a: Any, b: Any) -> float:
    return float(pd.Series(a).corr(pd.Series(b), method="spearman"))


def letters(texts: Sequence[str]) -> Any:
    """The vectors of TF-IDF over 2 to 5 letters of these texts, dense rows of length 1."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit_transform(texts)


def halves(encoded: Any, n: int) -> tuple[Any, Any]:
    return encoded[:n], encoded[n:]


def found_first(queries: Any, choices: Any) -> float:
    """The share of queries (N, D) whose own row of the choices (M, D) is the nearest."""
    scores = queries @ choices.T
    scores = scores.toarray() if hasattr(scores, "toarray") else scores
    return float((scores.argmax(1) == np.arange(len(scores))).mean())


def quality(encoder: Any, source: Path) -> dict[str, dict[str, float]]:
    sts = pd.read_parquet(source / "similarity/sts_benchmark_valid.parquet")
    pairs = pd.read_parquet(source / "translation/tatoeba_en_fr_valid.parquet")
    alike = sts[sts.score >= LEAST].drop_duplicates("first").drop_duplicates("second")
    others = [
        text for text in dict.fromkeys([*sts["first"], *sts.second]) if text not in {*alike["first"], *alike.second}
    ]
    alike = alike[alike["first"] != alike.second].sample(frac=1, random_state=0)[:AMONG]
    choices = [*alike.second, *np.random.default_rng(0).permutation(others)][:AMONG]
    sets = {
        f"STS benchmark dev, {len(sts):,} pairs, Spearman": ([*sts["first"]], [*sts.second]),
        f"paraphrase first among {len(choices):,}, {len(alike)} pairs": ([*alike["first"]], choices),
        f"English from French, first among {len(pairs):,}": ([*pairs.fr], [*pairs.en]),
    }
    sizes = [size for size in (encoder.dimensions, 256, 128) if size <= encoder.dimensions]
    titles = [*(f"{size} values" for size in sizes), "TF-IDF of letters"]
    print(f"| figure | {' | '.join(titles)} |\n|---|" + "---:|" * len(titles))
    figures: dict[str, dict[str, float]] = {}
    for name, (first, second) in sets.items():
        ways = [(encoder.encode(first, size), encoder.encode(second, size)) for size in sizes]
        ways.append(halves(letters([*first, *second]), len(first)))
        measure = spearman_of(sts.score) if "Spearman" in name else found_first
        figures[name] = {title: measure(a, b) for title, (a, b) in zip(titles, ways, strict=True)}
        print(f"| {name} | {' | '.join(f'{100 * figure:.1f}' for figure in figures[name].values())} |", flush=True)
    return figures


def spearman_of(scores: Any) -> Callable[[Any, Any], float]:
    def measure(a: Any, b: Any) -> float:
        cosines = np.asarray(a.multiply(b).sum(1)).ravel() if hasattr(a, "multiply") else (a * b).sum(1)
        return spearman(cosines, scores)

    return measure


def speed(encoder: Any, source: Path) -> None:
    texts = pd.read_parquet(source / "translation/tatoeba_en_fr_valid.parquet").en.tolist()
    encoder.encode(texts[:100])
    start = time.perf_counter()
    encoder.encode(texts)
    print(f"{len(texts) / (time.perf_counter() - start):,.0f} sentences a second")
    times = []
    for text in texts[:TIMED]:
        start = time.perf_counter()
        encoder.encode(text)
        times.append(1000 * (time.perf_counter() - start))
    print(f"one sentence after the other: p50 {statistics.median(times):.2f} ms  p95 {np.percentile(times, 95):.2f} ms")


def random_index(folder: Path, encoder: Any, rows: int, dimensions: int) -> None:
    """Write an index of so many texts of one passage each, whose vectors are random."""
    lines = [index_rows.line(f"text {i}", "") for i in range(rows)]
    numbers = np.arange(rows)
    starts = np.cumsum([0, *map(len, lines)])[:-1]
    spans = np.stack([numbers, 0 * numbers, [len(line) - 13 for line in lines]], 1).astype(np.int64)
    random = np.random.default_rng(0)

    def array(values: Any) -> Iterator[bytes]:
        yield index_files.header(values.dtype, values.shape)
        yield values.tobytes()

    def vectors() -> Iterator[bytes]:
        yield index_files.header(np.int8, (rows, dimensions))
        for at in range(0, rows, BLOCK):
            yield random.integers(-127, 128, (min(BLOCK, rows - at), dimensions), dtype=np.int8).tobytes()

    config = index_files.IndexConfig(
        encoder=encoder.sha256, dimensions=dimensions, texts=rows, passages=rows, next=rows, sha256={}
    )
    length = np.full(rows, 1 / (73.6 * np.sqrt(dimensions)), np.float32)
    index_files.save(
        folder,
        config,
        {
            "vectors.npy": vectors(),
            "scales.npy": array(length),
            "passages.npy": array(spans),
            "texts.npy": array(np.stack([numbers, starts], 1).astype(np.int64)),
            "texts.jsonl": lines,
        },
    )


def stored(encoder: Any, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        random_index(Path(folder), encoder, rows, 256)
        for check in (True, False):
            start = time.perf_counter()
            index = nlp_gru.Index.open(folder, encoder, check)
            print(
                f"open {rows:,} rows of 256, sums {'compared' if check else 'not compared'}:"
                f" {1000 * (time.perf_counter() - start):.0f} ms"
            )
        times = []
        for i in range(12):
            start = time.perf_counter()
            index.search(f"Where is number {i}?", k=10)
            times.append(1000 * (time.perf_counter() - start))
        print(
            f"search {rows:,} rows: first {times[0]:.0f} ms, then p50 {statistics.median(times[2:]):.0f} ms  most"
            f" {max(times[2:]):.0f} ms"
        )
        sixteen = [f"Where is number {i}?" for i in range(16)]
        start = time.perf_counter()
        index.search(sixteen, k=10)
        print(f"16 queries in one call: {1000 * (time.perf_counter() - start) / 16:.0f} ms a query")
        tracemalloc.start()
        nlp_gru.Index.open(folder, encoder, check=False).search("Where?", k=10)
        print(
            "memory of opening and one search, beside the mapped files:"
            f" {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB"
        )
        tracemalloc.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--model", default="similarity")
    parser.add_argument("--rows", type=int, default=1_000_000)
    add_save(parser)
    args = parser.parse_args()
    encoder = nlp_gru.load(args.model)
    figures = quality(encoder, args.source)
    if args.save:
        save("similarity", figures)
    speed(encoder, args.source)
    stored(encoder, args.rows)


if __name__ == "__main__":
    main()
