"""What heads share that learn from a teacher where a text's meaning lies: an encoder, attention over its states, and a
map.

Where the teacher puts a sentence the encoder is to put it, too (Hinton et al. 2015, https://arxiv.org/abs/1503.02531),
and a French sentence where the teacher puts its English side (Reimers & Gurevych 2020,
https://arxiv.org/abs/2004.09813). The states are averaged by several attention heads, each over a part of their
features (after Lin et al. 2017,
https://arxiv.org/abs/1703.03130).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.arrays import Array
from nlp_gru.backbone.batch import Batch, bucket, collate, frame, length_mask
from nlp_gru.backbone.encoder import Encoder
from nlp_gru.errors import UserError
from nlp_gru.heads.head import Head
from nlp_gru.model_folder.options import ModelConfig, SimilarityOptions

BATCH_TOKENS = 8192  # read at once, with padding
CHOICES = 1000  # vectors among which the right one is to be found, in validation


class Example(NamedTuple):
    """ids: framed, int32. row: of the teacher's vectors, or below 0 for a text that has none."""

    ids: Array
    row: int

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Vectors:
    """The teacher's vectors (N, D), in shards that stay on the disk until they are read."""

    shards: tuple[Array, ...]

    @classmethod
    def open(cls, folders: Sequence[str]) -> Vectors:
        """Raises `UserError` for a folder without shards."""
        shards: list[Array] = []
        for folder in folders:
            found = sorted(Path(folder).glob("[0-9]*.npy"))
            if not found:
                raise UserError(f"{folder}: there are no vectors in it; make them with data/meaning.py --teacher")
            shards += [np.load(path, mmap_mode="r", allow_pickle=False) for path in found if ".part" not in path.name]
        return cls(tuple(shards))

    @cached_property
    def _starts(self) -> Array:
        return np.cumsum([0, *(len(shard) for shard in self.shards)])

    def __len__(self) -> int:
        return int(self._starts[-1])

    def take(self, rows: Sequence[int]) -> Tensor:
        """Rows (N,) -> (N, D) float32."""
        wanted = np.asarray(rows)
        where = np.searchsorted(self._starts, wanted, side="right") - 1
        found = np.empty((len(wanted), self.shards[0].shape[1]), np.float32)
        for shard in np.unique(where):
            here = where == shard
            found[here] = self.shards[shard][wanted[here] - self._starts[shard]]
        return torch.from_numpy(found)

    def __deepcopy__(self, memo: object) -> Vectors:
        return self  # a copy would read gigabytes into memory


@dataclass(frozen=True)
class SentenceBatch(Batch):
    """vectors (N, D): the teacher's, of the N rows that have one, which come first."""

    vectors: Tensor | None = None


class Distilled(Head):
    """`query` and `meaning` stand above the encoder; a subclass says where its embedding is."""

    columns = ("text", "row")
    options: SimilarityOptions
    encoder: Encoder
    query: nn.Linear | None
    meaning: nn.Linear
    _teacher: Vectors | None = None

    @abstractmethod
    def embed(self, ids: Tensor) -> Tensor:
        """(B, S) -> (B, S, E)."""

    @classmethod
    def check(cls, config: ModelConfig, options: SimilarityOptions) -> None:
        """Raises `UserError` for an encoder that does not read both ways, or that cannot be read in so many parts."""
        if not config.bidirectional or config.cell != "gru":
            raise UserError("what a text means is read in both directions: bidirectional = true, cell = 'gru'")
        if options.attention_heads and 2 * config.hidden % options.attention_heads:
            raise UserError(
                f"attention_heads = {options.attention_heads} does not divide the encoder's width, {2 * config.hidden}"
            )

    @property
    def teacher(self) -> Vectors | None:
        if self._teacher is None and self.options.vectors:
            self._teacher = Vectors.open(self.options.vectors)
        return self._teacher

    def collate(self, examples: Sequence[Any]) -> SentenceBatch:
        ordered = sorted(examples, key=lambda e: e.row < 0)
        batch = collate([example.ids for example in ordered])
        rows = [example.row for example in ordered if example.row >= 0]
        vectors = self.teacher.take(rows) if rows and self.teacher is not None else None
        return SentenceBatch(batch.ids, batch.lengths, vectors=vectors)

    def encode(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """ids (B, S), lengths (B,) -> what the texts mean, unit vectors (B, D)."""
        states = self.encoder.encode(self.embed(ids), lengths)  # (B, S, M), zeros at padding
        if self.query is None:
            return F.normalize(self.meaning(states.sum(1) / lengths.to(states)[:, None]).float(), dim=-1)
        real = length_mask(lengths, ids.shape[1]).to(ids.device)[..., None]  # (B, S, 1)
        weights = self.query(states).float().masked_fill(~real, -torch.inf).softmax(1)  # (B, S, heads)
        read = states.unflatten(-1, (self.options.attention_heads, -1)) * weights[..., None]  # (B, S, heads, M / heads)
        return F.normalize(self.meaning(read.sum(1).flatten(1)).float(), dim=-1)

    @torch.inference_mode()
    def vectors(self, texts: Sequence[str], max_length: int) -> Array:
        """What texts mean, unit vectors (N, D) float32. Of a text beyond `max_length` tokens, start and end are
        read."""
        framed = [frame(ids, max_length) for ids in self.tokenizer.encode_batch(texts)]
        found = np.empty((len(framed), self.options.dimensions), np.float32)
        for indices in bucket([(len(f),) for f in framed], BATCH_TOKENS):
            batch = collate([framed[i] for i in indices])
            found[indices] = self.encode(batch.ids, batch.lengths).numpy()
        return found

    def distance(self, batch: SentenceBatch) -> Tensor:
        """How far each sentence lies from the teacher's vector, and how likely that one is found among the batch's:
        summed."""
        assert batch.vectors is not None
        found, wanted = self.encode(batch.ids, batch.lengths), batch.vectors  # (N, D) both
        far = (1 - (found * wanted).sum(-1)).sum()
        scores = found @ wanted.T / self.options.temperature  # (N, N)
        same = wanted @ wanted.T > 0.999  # the same sentence twice
        same.fill_diagonal_(False)
        right = torch.arange(len(found), device=found.device)
        ranked = F.cross_entropy(scores.masked_fill(same, -torch.inf), right, reduction="sum")
        return far + self.options.rank_weight * ranked

    @torch.no_grad()
    def likeness(self, batches: Sequence[SentenceBatch]) -> dict[str, float]:
        """The mean cosine with the teacher's vectors, and how often the right one of 1,000 is the nearest."""
        ours = torch.cat([self.encode(b.ids, b.lengths) for b in batches])
        theirs = torch.cat([b.vectors for b in batches if b.vectors is not None])
        order = torch.randperm(len(ours), generator=torch.Generator().manual_seed(0))[:CHOICES].to(ours.device)
        nearest = (ours[order] @ theirs[order].T).argmax(-1)
        first = (nearest == torch.arange(len(order), device=nearest.device)).float().mean()
        return {"cosine": float((ours * theirs).sum(-1).mean()), "found_first": float(first)}


def pooling_layers(encoder: Encoder, options: SimilarityOptions) -> tuple[nn.Linear | None, nn.Linear]:
    """`query` and `meaning` of a `Distilled` head."""
    query = nn.Linear(encoder.output_size, options.attention_heads) if options.attention_heads else None
    return query, nn.Linear(encoder.output_size, options.dimensions)
