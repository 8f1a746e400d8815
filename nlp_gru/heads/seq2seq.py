"""What heads share that read one sequence and write another: bidirectional encoder, attention, decoder
(Bahdanau et al. 2015, https://arxiv.org/abs/1409.0473)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from nlp_gru.arrays import Array
from nlp_gru.backbone.attention import Memory
from nlp_gru.backbone.batch import Batch, collate, length_mask
from nlp_gru.backbone.decoder import Decoder, State
from nlp_gru.backbone.encoder import Encoder
from nlp_gru.decoding.beam import Hypothesis, beam_search, coverage
from nlp_gru.errors import UserError
from nlp_gru.heads.language_model import LanguageModel
from nlp_gru.model_folder.options import ModelConfig
from nlp_gru.text.tokenizer import BOS, EOS, SPECIAL, Tokenizer

NEVER_WRITTEN = [i for i in range(len(SPECIAL)) if i != EOS]


@dataclass(frozen=True)
class Reading:
    """Where a search stands: the memory of B sources, a decoder state of B * width rows, and how far each source token
    was looked at (N, S)."""

    memory: Memory
    state: State
    looked: Tensor

    def select(self, rows: Array) -> Reading:
        chosen = torch.from_numpy(rows)
        return Reading(self.memory, self.state.select(chosen), self.looked[chosen])

    def keep(self, sources: Array) -> Reading:
        width = self.state.hidden.shape[1] // len(self.memory.keys)
        rows = (sources[:, None] * width + np.arange(width)).reshape(-1)
        chosen = torch.from_numpy(rows)
        return Reading(self.memory.select(torch.from_numpy(sources)), self.state.select(chosen), self.looked[chosen])

    def coverage(self) -> Array:
        return coverage(self.looked.float().cpu().numpy(), self.memory.mask.cpu().numpy())


@dataclass(frozen=True)
class Pair:
    """source: ids + EOS; target: BOS + ids + EOS; int32."""

    source: Array
    target: Array

    def __len__(self) -> int:
        return max(len(self.source), len(self.target))


class Seq2Seq(LanguageModel):
    """A language model of the target, given the source. Both sides share one embedding, and the output layer is the
    same.

    The decoder is as wide as the encoder's output (M = 2H); one layer of H = 384 starts as encoder and decoder of the
    base.
    """

    def __init__(self, config: ModelConfig, options: Any, tokenizer: Tokenizer):
        super().__init__()
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.encoder = Encoder(config, 0)
        size = self.encoder.output_size
        self.decoder = Decoder(config.model_copy(update={"hidden": size}), len(tokenizer), memory_size=size)
        self.bridge = nn.Linear(size, config.layers * size)
        self.register_buffer("frequency", torch.ones(len(tokenizer)))

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> Self:
        """Raises `UserError` for an encoder that would not fit the decoder."""
        if not config.bidirectional or config.cell != "gru":
            raise UserError("this head reads its source in both directions: bidirectional = true, cell = 'gru'")
        return cls(config, options, tokenizer)

    def size(self, example: Pair) -> tuple[int, ...]:
        return len(example.target), len(example.source)

    def fit_statistics(self, examples: Sequence[Pair]) -> None:
        super().fit_statistics([e.target for e in examples])

    def collate(self, examples: Sequence[Pair]) -> Batch:
        source, target = collate([e.source for e in examples]), collate([e.target for e in examples])
        return Batch(target.ids, target.lengths, None, source.ids, source.lengths)

    def encode(self, ids: Tensor, lengths: Tensor) -> tuple[Memory, State]:
        """ids (B, S), lengths (B,) -> what the decoder looks at, and its first state."""
        return self.begin(self.states(ids, lengths), lengths)

    def states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """ids (B, S), lengths (B,) -> the encoder's states (B, S, M), zeros at padding."""
        return self.encoder.encode(self.decoder.embedding(ids), lengths)

    def begin(self, states: Tensor, lengths: Tensor) -> tuple[Memory, State]:
        """The encoder's states (B, S, M), lengths (B,) -> the memory, and the decoder's first state, made of their
        mean."""
        mask = length_mask(lengths, states.shape[1]).to(states.device)
        hidden = self.bridge(mean(states, lengths)).tanh().unflatten(-1, (self.config.layers, -1)).transpose(0, 1)
        assert self.decoder.attention is not None
        return self.decoder.attention.memory(states, mask), State(hidden.contiguous())  # (L, B, M)

    def contexts(self, batch: Batch, tokens: Tensor) -> list[tuple[Tensor, Tensor]]:
        assert batch.source is not None and batch.source_lengths is not None
        return self.decoded(batch, tokens, *self.encode(batch.source, batch.source_lengths))

    def decoded(self, batch: Batch, tokens: Tensor, memory: Memory, state: State) -> list[tuple[Tensor, Tensor]]:
        """What stands before the output layer at every token of the batch's targets, and those tokens: see
        `contexts`."""
        context, _ = self.decoder(batch.ids[:, :-1], state, memory)  # (B, T-1, E)
        real = batch.mask[:, 1:]
        return [(context[real], tokens[:, 1:][real])]

    def output_layer(self) -> tuple[Tensor, Tensor]:
        return self.decoder.embedding.weight, self.decoder.bias

    @torch.inference_mode()
    def read(self, sources: Sequence[Sequence[int]], width: int = 1) -> Reading:
        """Sources (ids + EOS) -> the state before the first token, `width` rows for each."""
        batch = collate(sources).to(self.decoder.bias.device)
        memory, state = self.encode(batch.ids, batch.lengths)
        looked = torch.zeros(len(sources) * width, batch.ids.shape[1], device=batch.ids.device)
        return Reading(memory, state.select(torch.arange(len(sources)).repeat_interleave(width)), looked)

    @torch.inference_mode()
    def step(self, tokens: Array, reading: Reading, k: int) -> tuple[Array, Array, Reading]:
        """One more token for each row: see `nlp_gru.decoding.beam.Step`. Control tokens but EOS are never
        candidates."""
        ids = torch.from_numpy(tokens)[:, None].to(self.decoder.bias.device)
        x, state, looks = self.decoder.states(ids, reading.state, reading.memory)
        assert looks is not None
        logits = self.decoder.logits(self.decoder.output(x[:, 0]))  # (N, V)
        logits[:, NEVER_WRITTEN] = -torch.inf
        best, candidates = logits.topk(min(k, logits.shape[1]))
        log_p = best - logits.logsumexp(-1, keepdim=True)
        return (
            log_p.float().cpu().numpy(),
            candidates.cpu().numpy(),
            Reading(reading.memory, state, reading.looked + looks[:, 0]),
        )

    def search(self, sources: Sequence[Sequence[int]], width: int, best: int = 1) -> list[list[Hypothesis]]:
        """The `best` targets of each source (ids + EOS) by beam search, none much longer than its source can mean."""
        limits = [2 * len(source) + 10 for source in sources]
        return beam_search(self.step, self.read(sources, width), limits, width, best=best)

    @torch.inference_mode()
    def attention(self, source: Sequence[int], target: Sequence[int]) -> Array:
        """The weights (T + 1, S) with which each token of `target` and its EOS was written; source: ids + EOS."""
        reading = self.read([source])
        _, _, weights = self.decoder.states(torch.tensor([[BOS, *target]]), reading.state, reading.memory)
        assert weights is not None
        return weights[0].numpy()


def mean(states: Tensor, lengths: Tensor) -> Tensor:
    """states (B, S, M), zeros at padding, and lengths (B,) -> their mean (B, M)."""
    return states.sum(1) / lengths.to(states)[:, None]
