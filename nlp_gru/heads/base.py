"""The shared base, from which the other heads start: one embedding, a decoder that has learned which words follow which, and
a bidirectional encoder that has learned what a sentence means.

The decoder is trained as a language model. The encoder is distilled from a sentence encoder many times its size: the mean of
its states, mapped, is to lie where the teacher puts the sentence (Hinton et al. 2015, https://arxiv.org/abs/1503.02531), and
a French sentence where the teacher puts its English side (Reimers & Gurevych 2020, https://arxiv.org/abs/2004.09813).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.decoder import Decoder
from nlp_gru.backbone.encoder import Encoder
from nlp_gru.batch import Batch, bucket, chunks, collate, frame, length_mask
from nlp_gru.dataset import Rows
from nlp_gru.errors import UserError
from nlp_gru.heads.language_model import LanguageModel
from nlp_gru.recipe import BaseOptions, ModelConfig
from nlp_gru.tokenizer import Tokenizer

Array = np.ndarray[Any, np.dtype[Any]]
TEXT = -1  # the `row` of a text that the decoder learns from, and for which there is no vector
BATCH_TOKENS = 8192  # read at once, with padding
CHOICES = 1000  # vectors among which the right one is to be found, in validation


class Example(NamedTuple):
    """ids: framed, int32. row: of the teacher's vectors, or TEXT."""

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
class BaseBatch(Batch):
    """vectors (N, D): the teacher's, of the N rows that are not TEXT, which come first."""

    vectors: Tensor | None = None


class Base(LanguageModel):
    Options = BaseOptions
    columns = ("text", "row")
    options: BaseOptions

    def __init__(self, config: ModelConfig, options: BaseOptions, tokenizer: Tokenizer):
        super().__init__()
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.decoder = Decoder(config.model_copy(update={"hidden": options.decoder_hidden}), len(tokenizer))
        self.encoder = Encoder(config, 0)
        self.query = nn.Linear(self.encoder.output_size, options.readers) if options.readers else None
        self.meaning = nn.Linear(self.encoder.output_size, options.dimensions)
        self.register_buffer("frequency", torch.ones(len(tokenizer)))
        self._vectors: Vectors | None = None

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> Base:
        """Raises `UserError` for an encoder that does not read both ways."""
        if not config.bidirectional or config.cell != "gru":
            raise UserError("the base reads in both directions: bidirectional = true, cell = 'gru'")
        if options.readers and 2 * config.hidden % options.readers:
            raise UserError(
                f"base.readers = {options.readers} does not divide the encoder's width, {2 * config.hidden}"
            )
        return cls(config, options, tokenizer)

    def examples(self, rows: Rows, max_length: int) -> list[Any]:
        """Texts in stretches of at most `max_length` tokens that overlap by one; sentences with a vector are cut there."""
        if self._vectors is None and self.options.vectors:
            self._vectors = Vectors.open(self.options.vectors)
        texts, places = rows["text"], rows["row"]
        known = len(self._vectors) if self._vectors else 0
        found = []
        for start in range(0, len(texts), 10_000):
            encoded = self.tokenizer.encode_batch(texts[start : start + 10_000])
            for ids, row in zip(encoded, places[start : start + 10_000], strict=True):
                if row >= known:
                    continue  # the teacher has not come so far
                parts = chunks(frame(ids), max_length) if row == TEXT else [frame(ids, max_length)]
                found += [Example(np.asarray(part, dtype=np.int32), row) for part in parts]
        return found

    def prepare(self, examples: Sequence[Any]) -> None:
        super().prepare([example.ids for example in examples])

    def collate(self, examples: Sequence[Any]) -> BaseBatch:
        ordered = sorted(examples, key=lambda e: e.row == TEXT)
        batch = collate([example.ids for example in ordered])
        rows = [example.row for example in ordered if example.row != TEXT]
        vectors = self._vectors.take(rows) if rows and self._vectors is not None else None
        return BaseBatch(batch.ids, batch.lengths, vectors=vectors)

    def contexts(self, batch: Batch, pieces: Tensor) -> list[tuple[Tensor, Tensor]]:
        context, _ = self.decoder(batch.ids[:, :-1])  # (B, S-1, E)
        real = batch.mask[:, 1:]
        return [(context[real], pieces[:, 1:][real])]

    def output_layer(self) -> tuple[Tensor, Tensor]:
        return self.decoder.embedding.weight, self.decoder.bias

    def encode(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """ids (B, S), lengths (B,) -> what the texts mean, unit vectors (B, D)."""
        states = self.encoder.encode(self.decoder.embedding(ids), lengths)  # (B, S, M), zeros at padding
        if self.query is None:
            return F.normalize(self.meaning(states.sum(1) / lengths.to(states)[:, None]).float(), dim=-1)
        real = length_mask(lengths, ids.shape[1]).to(ids.device)[..., None]  # (B, S, 1)
        weights = self.query(states).float().masked_fill(~real, -torch.inf).softmax(1)  # (B, S, readers)
        read = states.unflatten(-1, (self.options.readers, -1)) * weights[..., None]  # (B, S, readers, M / readers)
        return F.normalize(self.meaning(read.sum(1).flatten(1)).float(), dim=-1)

    @torch.inference_mode()
    def vectors(self, texts: Sequence[str], max_length: int) -> Array:
        """What texts mean, unit vectors (N, D) float32. Of a text beyond `max_length` tokens, start and end are read."""
        framed = [frame(ids, max_length) for ids in self.tokenizer.encode_batch(texts)]
        found = np.empty((len(framed), self.options.dimensions), np.float32)
        for indices in bucket([(len(f),) for f in framed], BATCH_TOKENS):
            batch = collate([framed[i] for i in indices])
            found[indices] = self.encode(batch.ids, batch.lengths).numpy()
        return found

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The nll of the texts, and for each sentence, as `meaning_weight` predictions, how far it lies from the teacher's
        vector and how likely that one would be found among the batch's."""
        sentences, texts = _apart(batch)
        total, n = super().loss(texts) if texts else (torch.zeros(()), torch.zeros((), dtype=torch.int64))
        if sentences:
            assert sentences.vectors is not None
            found = self.encode(sentences.ids, sentences.lengths)
            vectors = sentences.vectors
            far = (1 - (found * vectors).sum(-1)).sum()
            scores = found @ vectors.T / self.options.temperature  # (N, N)
            same = vectors @ vectors.T > 0.999  # the same sentence twice
            same.fill_diagonal_(False)
            ranked = F.cross_entropy(
                scores.masked_fill(same, -torch.inf), torch.arange(len(found), device=found.device), reduction="sum"
            )
            total = total + self.options.meaning_weight * (far + self.options.rank_weight * ranked)
            n = n + round(self.options.meaning_weight * len(found))
        return total, n

    @torch.no_grad()
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """nll and perplexity per token of the texts; of the sentences the mean cosine with the teacher's vectors, and how
        often the right one of 1,000 is the nearest."""
        found, wanted = [], []
        texts: list[Batch] = []
        for batch in batches:
            sentences, others = _apart(batch)
            texts += [others] if others else []
            if sentences:
                assert sentences.vectors is not None
                found.append(self.encode(sentences.ids, sentences.lengths))
                wanted.append(sentences.vectors)
        figures = super().metrics(texts) if texts else {"nll": 0.0}
        if not found:
            return figures
        ours, theirs = torch.cat(found), torch.cat(wanted)
        order = torch.randperm(len(ours), generator=torch.Generator().manual_seed(0))[:CHOICES]
        nearest = (ours[order] @ theirs[order].T).argmax(-1)
        cosine, first = (
            float((ours * theirs).sum(-1).mean()),
            float((nearest == torch.arange(len(order), device=nearest.device)).float().mean()),
        )
        return {"total": figures["nll"] + 1 - cosine, **figures, "cosine": cosine, "found_first": first}


def _apart(batch: Batch) -> tuple[BaseBatch | None, Batch | None]:
    """The batch's sentences that have a vector, and its other texts."""
    vectors = batch.vectors if isinstance(batch, BaseBatch) else None
    count = 0 if vectors is None else len(vectors)
    sentences = BaseBatch(batch.ids[:count], batch.lengths[:count], vectors=vectors) if count else None
    return sentences, Batch(batch.ids[count:], batch.lengths[count:]) if count < len(batch.ids) else None
