"""From token ids to tensors: padding and masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import torch
from torch import Tensor

from nlp_gru.arrays import Array
from nlp_gru.text.batching import bucket, chunks, frame
from nlp_gru.text.tokenizer import PAD

__all__ = ["Batch", "bucket", "chunks", "collate", "frame", "length_mask"]


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

    def to(self, device: torch.device | str) -> Self:
        moved = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(
            self, **{k: v.to(device) for k, v in moved.items() if isinstance(v, Tensor) and "lengths" not in k}
        )


def length_mask(lengths: Tensor, size: int) -> Tensor:
    """(B,) int64 lengths -> (B, size) bool, True = real token. The one place where masks are made."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]  # (B, S)


def collate(sequences: Sequence[Sequence[int] | Array], labels: Sequence[int] | None = None) -> Batch:
    """Framed sequences of any lengths -> one padded `Batch`."""
    lengths = torch.tensor([len(s) for s in sequences])  # (B,)
    mask = length_mask(lengths, int(lengths.max()))  # (B, S)
    ids = torch.full(mask.shape, PAD)  # (B, S)
    ids[mask] = torch.from_numpy(np.concatenate(sequences).astype(np.int64))
    return Batch(ids, lengths, None if labels is None else torch.tensor(labels))
