"""A teacher of sentiment: all-MiniLM-L6-v2 fine-tuned on the labelled rows, which then labels other texts.

    python data/sentiment.py --source DIR             # the labelled rows
    python data/meaning.py --source DIR               # the texts to label, and with --teacher the model's files
    python data/sentiment_teacher.py                  # pip install 'nlp-gru[teacher]'; minutes on a GPU, hours without

Writes data/prepared/sentiment/taught.parquet (text, source, negative, positive: chances; the rest is neutral), from
which data/sentiment.py draws labels when it is run again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from common import PREPARED
from torch import Tensor, nn

LABELS = ("negative", "neutral", "positive")
EPOCHS, LR, HEAD_LR, WARMUP = 4, 2e-4, 2e-3, 0.06
BATCH_TOKENS, MAX_LENGTH = 16_384, 256
# Of a set with two classes, what the loss of telling them apart weighs beside that of all three; and what rows of three
# weigh.
TWO, THREE = 0.7, 1.5


class Teacher(nn.Module):
    """The mean of the encoder's states, and a linear layer: texts -> logits (B, 3)."""

    def __init__(self, folder: Path):
        from transformers import AutoModel, AutoTokenizer

        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.model = AutoModel.from_pretrained(folder, local_files_only=True)
        self.classes = nn.Linear(self.model.config.hidden_size, len(LABELS))

    def forward(self, ids: Sequence[Sequence[int]]) -> Tensor:
        device = self.classes.weight.device
        batch = nn.utils.rnn.pad_sequence([torch.tensor(i) for i in ids], batch_first=True).to(device)  # (B, S)
        mask = nn.utils.rnn.pad_sequence([torch.ones(len(i)) for i in ids], batch_first=True).to(device)
        with torch.autocast(device.type, torch.bfloat16):
            states = self.model(input_ids=batch, attention_mask=mask.long()).last_hidden_state.float()  # (B, S, 384)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        logits: Tensor = self.classes(F.dropout(mean, 0.1, self.training))
        return logits


def batches(ids: Sequence[Sequence[int]], seed: int | None = None) -> Iterator[list[int]]:
    from nlp_gru.text.batching import bucket

    yield from bucket([(len(i),) for i in ids], BATCH_TOKENS, seed, batch_rows=256)


def fit(teacher: Teacher, rows: pd.DataFrame) -> None:
    """Sets with two classes also teach, with less weight, that their rows are not neutral."""
    ids = teacher.tokenizer(rows.text.tolist(), truncation=True, max_length=MAX_LENGTH)["input_ids"]
    labels = torch.tensor([LABELS.index(label) for label in rows.label])
    kinds = rows.groupby("source").label.nunique()
    two = torch.tensor((rows.source.map(kinds) == 2).to_numpy())
    total = EPOCHS * sum(1 for _ in batches(ids))
    groups: list[dict[str, Any]] = [{"params": teacher.model.parameters(), "lr": LR}]
    groups.append({"params": teacher.classes.parameters(), "lr": HEAD_LR})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / (WARMUP * total), max(total - n, 0) / ((1 - WARMUP) * total))
    )
    teacher.train()
    for epoch in range(EPOCHS):
        for chosen in batches(ids, seed=epoch):
            logits = teacher([ids[i] for i in chosen])
            wanted, apart = labels[chosen].to(logits.device), two[chosen].to(logits.device)
            full = F.cross_entropy(logits, wanted, reduction="none")
            halves = F.cross_entropy(logits[:, [0, 2]], wanted // 2, reduction="none")
            torch.where(apart, (1 - TWO) * full + TWO * halves, THREE * full).mean().backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        print(f"pass {epoch + 1} of {EPOCHS}", flush=True)


@torch.inference_mode()
def label(teacher: Teacher, texts: Sequence[str]) -> Any:
    """Chances (N, 3)."""
    teacher.eval()
    found = np.empty((len(texts), len(LABELS)), np.float32)
    for start in range(0, len(texts), 50_000):
        ids = teacher.tokenizer(list(texts[start : start + 50_000]), truncation=True, max_length=MAX_LENGTH)[
            "input_ids"
        ]
        for chosen in batches(ids):
            found[[start + i for i in chosen]] = teacher([ids[i] for i in chosen]).softmax(-1).cpu().numpy()
        print(f"labelled {min(start + 50_000, len(texts)):,} of {len(texts):,}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=PREPARED / "sentiment")
    parser.add_argument("--texts", type=Path, default=PREPARED / "meaning" / "train.parquet")
    parser.add_argument("--teacher", type=Path, default=PREPARED / "meaning" / "teacher")
    args = parser.parse_args()
    torch.manual_seed(0)
    teacher = Teacher(args.teacher).to("cuda" if torch.cuda.is_available() else "cpu")
    rows = pd.read_parquet(args.out / "train.parquet")
    fit(teacher, rows[~rows.source.isin(["made", "taught"])].drop_duplicates("text"))
    texts = pd.read_parquet(args.texts)
    chances = label(teacher, texts.text.tolist())
    texts[["text", "source"]].assign(negative=chances[:, 0], positive=chances[:, 2]).to_parquet(
        args.out / "taught.parquet"
    )


if __name__ == "__main__":
    main()
