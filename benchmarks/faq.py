"""A bot of questions and answers, trained by its recipe on requests with intents: how often it is right, and how often it
refuses what lies outside.

    python benchmarks/faq.py --source DIR [--set banking77]     # DIR holds {clinc150,banking77}_intents_{train,valid}.parquet

The intent stands for the answer. Training sees no out-of-scope row; the threshold comes from training rows held out, by the
recipe. In scope, an answer counts when it is given and right.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import pandas as pd

import nlp_gru
from nlp_gru import finetune
from nlp_gru.progress import Progress
from nlp_gru.recipe import load_recipe
from nlp_gru.train import prepare_process

SETS = ("clinc150", "banking77")
OUTSIDE = "oos"


def rows(source: Path, name: str) -> pd.DataFrame:
    (path,) = source.rglob(f"{name}.parquet")
    table = pd.read_parquet(path)
    return pd.DataFrame({"question": table.text, "answer": table.intent.astype(str)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, action="append", help="one set alone; repeatable")
    args = parser.parse_args()
    prepare_process()
    print("| set | training, s | accuracy, all answered | in scope: answered and right | out of scope: refused |")
    print("|---|---:|---:|---:|---:|")
    for name in args.set or SETS:
        train, valid = rows(args.source, f"{name}_intents_train"), rows(args.source, f"{name}_intents_valid")
        with tempfile.TemporaryDirectory() as folder:
            file, out = Path(folder) / "faq.csv", Path(folder) / "bot"
            train[train.answer != OUTSIDE].to_csv(file, index=False)
            start = time.perf_counter()
            finetune.run(load_recipe("faq", {"data.train": [str(file)]}), out, progress=Progress(quiet=True))
            seconds = time.perf_counter() - start
            found = nlp_gru.load(out).head.answers(valid.question.tolist())
        inside = valid.answer != OUTSIDE
        fits = pd.Series([fit for fit, _ in found], index=valid.index)
        right = pd.Series([max(shares, key=shares.get) for _, shares in found], index=valid.index) == valid.answer
        outside = f"{1 - fits[~inside].mean():.1%} of {(~inside).sum()}" if (~inside).any() else ""
        print(f"| {name} | {seconds:.0f} | {right[inside].mean():.1%} of {inside.sum():,} | {(right & fits)[inside].mean():.1%} | {outside} |")  # fmt: skip


if __name__ == "__main__":
    main()
