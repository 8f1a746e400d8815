"""The shared embedding, with the regularisers that act on whole words and whole features."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.text.tokenizer import PAD


def variational_dropout(x: Tensor, p: float, training: bool) -> Tensor:
    """Dropout with one mask for all time steps (Gal & Ghahramani 2016, https://arxiv.org/abs/1512.05287).

    x: (B, S, D) -> (B, S, D); a dropped feature is dropped at every step of its sequence.
    """
    if not training or p == 0:
        return x
    keep = x.new_empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - p)  # (B, 1, D)
    return x * keep / (1 - p)


class Embedding(nn.Module):
    """(B, S) int64 -> (B, S, E). PAD is the zero vector and has no gradient."""

    def __init__(self, vocab_size: int, size: int, dropout: float = 0.0, word_dropout: float = 0.0):
        super().__init__()
        self.dropout, self.word_dropout = dropout, word_dropout
        self.weight = nn.Parameter(torch.empty(vocab_size, size))
        if not self.weight.is_meta:  # there, normal_ alone would import 70 MB of torch
            nn.init.normal_(self.weight, std=size**-0.5)
        with torch.no_grad():
            self.weight[PAD] = 0

    def forward(self, ids: Tensor) -> Tensor:
        x = F.embedding(ids, self.weight, padding_idx=PAD)  # (B, S, E)
        if self.training and self.word_dropout:
            x = x * torch.empty_like(x[..., :1]).bernoulli_(1 - self.word_dropout)
        return variational_dropout(x, self.dropout, self.training)
