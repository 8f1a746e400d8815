"""The shared decoder: forward-only GRU layers whose state goes in and out, and an output layer tied to the embedding."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.embedding import Embedding, variational_dropout
from nlp_gru.recipe import ModelConfig


@dataclass(frozen=True)
class State:
    """What the decoder knows of the tokens read so far: hidden (L, B, H)."""

    hidden: Tensor

    def select(self, rows: Tensor) -> State:
        """The state of some rows of the batch, in the order of `rows` (N,); a row may be taken more than once."""
        return State(self.hidden[:, rows])


class Decoder(nn.Module):
    """Token ids -> what stands before the output layer, one vector per token.

    Every position sees the tokens up to itself and nothing later. Reading a text at once gives the same as reading it token
    by token with the state handed on. The output layer is the embedding itself (Press & Wolf 2017,
    https://arxiv.org/abs/1608.05859), behind a projection H -> E.
    """

    def __init__(self, config: ModelConfig, vocab_size: int):
        super().__init__()
        self.config = config
        self.embedding = Embedding(vocab_size, config.embedding, config.embedding_dropout, config.word_dropout)
        inputs = [config.embedding] + [config.hidden] * (config.layers - 1)
        self.layers = nn.ModuleList(nn.GRU(i, config.hidden, batch_first=True) for i in inputs)
        self.output = nn.Linear(config.hidden, config.embedding)
        self.bias = nn.Parameter(torch.zeros(vocab_size))

    def start(self, batch: int = 1) -> State:
        """The state before the first token: zeros."""
        return State(self.bias.new_zeros(self.config.layers, batch, self.config.hidden))

    def forward(self, ids: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """ids (B, T) int64 -> (B, T, E) and the state after the last token."""
        x, state = self.states(ids, state)
        return self.output(x), state

    def states(self, ids: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """ids (B, T) -> the top layer's hidden state at every token (B, T, H), and the state after the last."""
        before = self.start(len(ids)) if state is None else state
        x = self.embedding(ids)  # (B, T, E)
        after = []
        for i, layer in enumerate(self.layers):
            y, h = layer(x, before.hidden[i : i + 1].to(x.dtype).contiguous())  # (B, T, H), (1, B, H)
            y = variational_dropout(y, self.config.dropout, self.training)
            x = y if i == 0 else x + y
            after.append(h)
        return x, State(torch.cat(after))

    def logits(self, context: Tensor) -> Tensor:
        """context (..., E) -> (..., V), by the weights of the embedding."""
        return F.linear(context, self.embedding.weight) + self.bias
