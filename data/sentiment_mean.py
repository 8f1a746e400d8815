"""The mean of two sentiment models, its calibration, and how each share does on the validation rows.

    python data/sentiment_mean.py FIRST SECOND                               # shares of the second: a table, by set
    python data/sentiment_mean.py FIRST SECOND --share 0.6 --out runs/mean   # that one, as a model folder

Floating-point weights are averaged; the n-grams are the second's. The four numbers that say how far the GRU and the
n-grams count, and how sure one may be, are fitted on texts that people wrote and labelled, every set alike: fitted on
all rows as they come, the largest sets alone would decide how sure the model is of a tweet.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from common import PREPARED
from torch import Tensor

from nlp_gru.backbone.batch import bucket, collate, frame
from nlp_gru.heads.checkpoint import load_model, save_model
from nlp_gru.heads.classification import blend, figures, fit_blend
from nlp_gru.heads.sentiment import SentimentHead
from nlp_gru.training.loop import prepare_process

ROWS = 500  # of each set
DRAWN = ("taught", "made")  # not labelled by people
SHARES = (0.0, 0.5, 0.7, 1.0)


def mean(first: Path, second: Path, share: float) -> SentimentHead:
    head, other = load_model(first), load_model(second)
    assert isinstance(head, SentimentHead)
    theirs = other.state_dict()
    with torch.no_grad():
        for name, value in head.state_dict().items():
            if name.startswith("ngrams."):
                value.copy_(theirs[name])
            elif value.is_floating_point():
                value.lerp_(theirs[name], share)
    return head.eval()


@torch.inference_mode()
def read(head: SentimentHead, rows: pd.DataFrame) -> tuple[Tensor, Tensor, Tensor]:
    """Logits of the GRU (N, C) and of the n-grams (N, C), and lengths (N,)."""
    assert head.ngrams is not None
    ids = [frame(i, head.options.max_length) for i in head.tokenizer.encode_batch(rows.text.tolist())]
    gru, ngrams = torch.zeros(len(ids), 3), torch.zeros(len(ids), 3)
    for indices in bucket([(len(i),) for i in ids], 8192):
        batch = collate([ids[i] for i in indices])
        with torch.autocast("cpu", torch.bfloat16):
            gru[indices] = head.logits(head.encoder.embedding(batch.ids), batch).float()
        ngrams[indices] = head.ngrams(batch.ids)
    return gru, ngrams, torch.tensor([len(i) for i in ids])


def fitted(head: SentimentHead, rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Calibrate `head`; returns the figures of each set."""
    labels = torch.tensor([head.options.labels.index(label) for label in rows.label])
    gru, ngrams, lengths = read(head, rows)
    people = torch.from_numpy(np.flatnonzero(~rows.source.isin(DRAWN)))
    weights = fit_blend(gru[people], ngrams[people], lengths[people], labels[people])
    head.options = head.options.model_copy(update={"blend": weights})
    logits = blend(gru, ngrams, lengths, weights)
    places = rows.reset_index(drop=True).groupby("source").groups
    return {name: figures(logits[list(at)], labels[list(at)]) for name, at in places.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, help="of the second")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    prepare_process()
    rows = pd.read_parquet(PREPARED / "sentiment/valid.parquet")
    rows = pd.concat([s.sample(min(ROWS, len(s)), random_state=0) for _, s in rows.groupby("source")])
    for share in SHARES if args.share is None else (args.share,):
        head = mean(args.first, args.second, share)
        found = pd.DataFrame(fitted(head, rows)).T
        found.index = found.index.str.replace(r"(_3way)?_train$", "", regex=True)
        print(f"share {share}, blend {head.options.blend}, means {found.mean().round(4).to_dict()}")
        print((100 * found[["accuracy", "macro_recall", "ece"]]).round(1).T.to_string(), flush=True)
        if args.out:
            save_model(head, args.out)


if __name__ == "__main__":
    main()
