"""From token ids to tensors: framing, padding, masks, and batches of like length by token budget."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nlp_gru.tokenizer import BOS, EOS, PAD

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Batch:
    """Framed sequences, padded on the right.

    ids:     (B, S) int64, PAD beyond a sequence's end.
    lengths: (B,) int64 on the CPU, counting BOS and EOS, so never 0.
    labels:  (B,) int64, for heads that classify.
    source, source_lengths: (B, S') and (B,), for heads that write `ids` after reading another sequence.
    """

    ids: Tensor
    lengths: Tensor
    labels: Tensor | None = None
    source: Tensor | None = None
    source_lengths: Tensor | None = None

    @property
    def mask(self) -> Tensor:
        """(B, S) bool, True = real token."""
        return length_mask(self.lengths, self.ids.shape[1]).to(self.ids.device)

    def to(self, device: torch.device | str) -> Batch:
        moved = {f.name: getattr(self, f.name) for f in fields(self)}
        return Batch(
            **{k: v.to(device) if isinstance(v, Tensor) and "lengths" not in k else v for k, v in moved.items()}
        )


def frame(ids: Sequence[int], max_length: int | None = None) -> list[int]:
    """BOS + ids + EOS; beyond `max_length` tokens the middle is left out, since a text's start and end say most."""
    ids = list(ids)
    if max_length is not None and len(ids) + 2 > max_length:
        keep = max(max_length - 2, 0)
        ids = ids[: keep - keep // 2] + ids[len(ids) - keep // 2 :]
    return [BOS, *ids, EOS]


def length_mask(lengths: Tensor, size: int) -> Tensor:
    """(B,) int64 lengths -> (B, size) bool, True = real token. The one place where masks are made."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]  # (B, S)


def collate(sequences: Sequence[Sequence[int] | Array], labels: Sequence[int] | None = None) -> Batch:
    """Framed sequences of any lengths -> one padded `Batch`."""
    lengths = torch.tensor([len(s) for s in sequences])  # (B,)
    ids = torch.full((len(sequences), int(lengths.max())), PAD)  # (B, S)
    for row, sequence in zip(ids, sequences, strict=True):
        row[: len(sequence)] = torch.as_tensor(sequence)
    return Batch(ids, lengths, None if labels is None else torch.tensor(labels))


def bucket(
    sizes: Sequence[tuple[int, ...]], batch_tokens: int, seed: int | None = None, batch_rows: int = 0
) -> list[list[int]]:
    """Indices grouped into batches of like size, at most `batch_tokens` tokens with padding (one row at least).

    sizes: the lengths of an example's sequences; the first counts most, and the tokens are those of the longest.
    batch_rows: most rows of a batch; 0: any number.

    With a seed, rows of one size are in random order, and so are the batches; without, longest first.
    """
    order = list(range(len(sizes)))
    if seed is not None:
        shuffle = random.Random(seed)
        shuffle.shuffle(order)
    order.sort(key=lambda i: sizes[i], reverse=True)
    batches: list[list[int]] = []
    rows = 0
    for i in order:
        if not rows:
            batches.append([])
            rows = min(max(batch_tokens // max(sizes[i]), 1), batch_rows or len(sizes))
        batches[-1].append(i)
        rows -= 1
    if seed is not None:
        shuffle.shuffle(batches)
    return batches


def chunks(sequence: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Pieces of at most `size` tokens; each starts with the last token of the one before, so every token is predicted."""
    for start in range(0, max(len(sequence) - 1, 1), size - 1):
        yield sequence[start : start + size]
