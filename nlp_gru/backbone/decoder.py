"""The shared decoder: forward-only GRU layers whose state goes in and out, and an output layer tied to the
embedding."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.attention import Attention, Memory
from nlp_gru.backbone.embedding import Embedding, variational_dropout
from nlp_gru.backbone.recurrence import is_trained_on_cpu, recurrence
from nlp_gru.model_folder.options import ModelConfig


@dataclass(frozen=True)
class State:
    """What the decoder knows of the tokens read so far: hidden (L, B, H)."""

    hidden: Tensor

    def select(self, rows: Tensor) -> State:
        """The state of some rows of the batch, in the order of `rows` (N,); a row may be taken more than once."""
        return State(self.hidden[:, rows])


class Decoder(nn.Module):
    """Token ids -> what stands before the output layer, one vector per token.

    Every position sees the tokens up to itself and nothing later. Reading a text at once gives the same as reading it
    token by token with the state handed on. The output layer is the embedding itself (Press & Wolf 2017,
    https://arxiv.org/abs/1608.05859), behind a projection H -> E.

    memory_size M: the decoder attends to an encoder's states of that size. It looks with the states of its first layer,
    and what it finds is added to them: the layers above read what was looked at so far (as in Wu et al. 2016,
    https://arxiv.org/abs/1609.08144), while a whole target is still one call of each layer.
    """

    def __init__(self, config: ModelConfig, vocab_size: int, memory_size: int = 0):
        super().__init__()
        self.config = config
        self.embedding = Embedding(vocab_size, config.embedding, config.embedding_dropout, config.word_dropout)
        inputs = [config.embedding] + [config.hidden] * (config.layers - 1)
        self.layers = nn.ModuleList(nn.GRU(i, config.hidden, batch_first=True) for i in inputs)
        self.attention = Attention(config.hidden, memory_size) if memory_size else None
        self.output = nn.Linear(config.hidden, config.embedding)
        self.bias = nn.Parameter(torch.zeros(vocab_size))

    def start(self, batch: int = 1) -> State:
        """The state before the first token: zeros."""
        return State(self.bias.new_zeros(self.config.layers, batch, self.config.hidden))

    def forward(self, ids: Tensor, state: State | None = None, memory: Memory | None = None) -> tuple[Tensor, State]:
        """ids (B, T) int64 -> (B, T, E) and the state after the last token."""
        x, state, _ = self.states(ids, state, memory)
        return self.output(x), state

    def states(
        self, ids: Tensor, state: State | None = None, memory: Memory | None = None
    ) -> tuple[Tensor, State, Tensor | None]:
        """ids (B, T) -> what the output layer's projection reads at every token (B, T, H), the state after the last,
        and the attention weights (B, T, S) where there is a memory."""
        before = self.start(len(ids)) if state is None else state
        x = self.embedding(ids)  # (B, T, E)
        after, weights = [], None
        for i, layer in enumerate(self.layers):
            h = before.hidden[i].to(x.dtype)  # (B, H)
            y, h = _layer(layer, x, h)  # (B, T, H), (B, H)
            y = variational_dropout(y, self.config.dropout, self.training)
            x = y if i == 0 else x + y
            after.append(h)
            if i == 0 and self.attention is not None and memory is not None:
                looked, weights = self.attention(x, memory)
                x = x + variational_dropout(looked, self.config.dropout, self.training)
        return x, State(torch.stack(after)), weights

    def logits(self, context: Tensor) -> Tensor:
        """context (..., E) -> (..., V), by the weights of the embedding."""
        return F.linear(context, self.embedding.weight) + self.bias


def _layer(gru: nn.Module, x: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """x (B, T, I), h (B, H) -> the layer's hidden states (B, T, H) and the last of them (B, H)."""
    assert isinstance(gru, nn.GRU)
    if is_trained_on_cpu(x):
        return recurrence(gru, x, h)
    y, last = gru(x, h[None].contiguous())
    return y, last[0]
