"""Translation: quality and sentences a second over a test file, milliseconds for one sentence. One thread.

    python benchmarks/translation.py [MODEL] --data data/prepared/translation/test/tatoeba.parquet [--lowercase]

BLEU and chrF2 are sacreBLEU's over detokenised texts, cased unless --lowercase is given; their signatures are printed.
"""

from __future__ import annotations

import argparse
import statistics
import time

import pandas as pd
import sacrebleu
import torch

import nlp_gru

ONE = {
    "en": "I would like to know where the next train to Paris leaves.",
    "fr": "Je voudrais bien savoir d'où part le prochain train pour la ville.",
}


def quality(translate: nlp_gru.Translator, rows: pd.DataFrame, lowercase: bool) -> None:
    bleu, chrf = sacrebleu.BLEU(lowercase=lowercase), sacrebleu.CHRF(lowercase=lowercase)
    for beam in (1, 5):
        start = time.perf_counter()
        texts = [t.text for t in translate(list(rows.source), beam=beam)]
        seconds = time.perf_counter() - start
        figures = [m.corpus_score(texts, [list(rows.target)]).score for m in (bleu, chrf)]
        print(f"beam {beam}: BLEU {figures[0]:.1f}  chrF2 {figures[1]:.1f}  {len(rows) / seconds:.0f} sentences/s")
    print(bleu.get_signature(), chrf.get_signature(), sep="\n")


def speed(translate: nlp_gru.Translator) -> None:
    text = ONE.get(translate.source, ONE["en"])
    for beam in (1, 5):
        times = []
        for _ in range(40):
            fresh = nlp_gru.Translator(translate.model)  # one that does not remember its last answer
            start = time.perf_counter()
            result = fresh(text, beam=beam)
            times.append(1000 * (time.perf_counter() - start))
        times = sorted(times[5:])
        print(f"12 words, beam {beam}: p50 {statistics.median(times):.1f} ms  p95 {times[32]:.1f} ms  {result.text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="translation")
    parser.add_argument("--data", help="a Parquet file with the columns source and target")
    parser.add_argument("--lowercase", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    translate = nlp_gru.load(args.model)
    speed(translate)
    if args.data:
        quality(translate, pd.read_parquet(args.data), args.lowercase)


if __name__ == "__main__":
    main()
