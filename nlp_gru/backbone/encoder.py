"""The shared encoder: embedding, optional convolution, then a stack of (bidirectional) recurrent layers."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.batch import length_mask
from nlp_gru.backbone.embedding import Embedding, variational_dropout
from nlp_gru.backbone.gru import Recurrent
from nlp_gru.model_folder.options import ModelConfig


class Encoder(nn.Module):
    """Token ids -> one vector per token.

    forward: ids (B, S) int64, lengths (B,) int64 -> (B, S, M), zeros at padding; M = 2H, or H if not bidirectional.
    vocab_size 0: it has no embedding of its own, and `encode` reads what another's gives.
    """

    def __init__(self, config: ModelConfig, vocab_size: int):
        super().__init__()
        self.config = config
        self.output_size = config.hidden * (2 if config.bidirectional else 1)
        if vocab_size:
            self.embedding = Embedding(vocab_size, config.embedding, config.embedding_dropout, config.word_dropout)
        self.conv = Convolution(config.embedding, config.conv_width) if config.conv_width else None
        inputs = [config.embedding] + [self.output_size] * (config.layers - 1)
        self.layers = nn.ModuleList(Recurrent(i, config.hidden, config.cell, config.bidirectional) for i in inputs)
        self.norms = nn.ModuleList(nn.LayerNorm(self.output_size) for _ in inputs if config.layer_norm)

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        return self.encode(self.embedding(ids), lengths)

    def encode(self, x: Tensor, lengths: Tensor) -> Tensor:
        """The layers above the embedding: x (B, S, E) -> (B, S, M).

        With `window` W, each W tokens are read from a fresh state, side by side: a text of n tokens costs W steps
        instead of n (Johnson & Zhang 2016, https://arxiv.org/abs/1602.02373, chop documents likewise). Its cost in
        accuracy here has not been measured.
        """
        size, width = x.shape[1], self.config.window
        if not width or size <= width:
            return self._read(x, lengths)
        count = -(-size // width)
        x = F.pad(x, (0, 0, 0, count * width - size)).reshape(-1, width, x.shape[2])  # (B*count, W, E)
        starts = torch.arange(count) * width
        lengths = (lengths[:, None] - starts).clamp(0, width).flatten()  # (B*count,)
        real = lengths > 0
        rows = real.nonzero()[:, 0].to(x.device)
        y = self._read(x[rows], lengths[real])
        states = y.new_zeros(len(x), width, self.output_size).index_copy(0, rows, y)
        return states.reshape(-1, count * width, self.output_size)[:, :size]

    def _read(self, x: Tensor, lengths: Tensor) -> Tensor:
        mask = length_mask(lengths, x.shape[1]).to(x.device)[..., None]  # (B, S, 1)
        if self.conv is not None:
            x = self.conv(x * mask)
        for i, layer in enumerate(self.layers):
            y = layer(x, lengths)  # (B, S, M)
            if self.config.layer_norm:
                y = self.norms[i](y) * mask
            y = variational_dropout(y, self.config.dropout, self.training)
            x = y if i == 0 else x + y  # residual: deeper stacks stay trainable
        return x


class Convolution(nn.Module):
    """n-gram features before the recurrence, added to the embedding: (B, S, E) -> (B, S, E). Padding must come in as
    0."""

    def __init__(self, size: int, width: int):
        super().__init__()
        self.conv = nn.Conv1d(size, size, width, padding=width // 2)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv(x.transpose(1, 2)).relu().transpose(1, 2)
