"""Attention: how a decoder looks back at what an encoder has read."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Memory:
    """What the encoder hands to the decoder: keys and values (B, S, H), mask (B, S) bool with a True in each row."""

    keys: Tensor
    values: Tensor
    mask: Tensor

    def select(self, rows: Tensor) -> Memory:
        """The memories of some rows of the batch, in the order of `rows` (N,)."""
        return Memory(self.keys[rows], self.values[rows], self.mask[rows])


class Attention(nn.Module):
    """The "general" attention of Luong et al. 2015 (https://arxiv.org/abs/1508.04025, eq. 8), with one head, so that
    its weights can be read as an alignment. Not scaled: scores that begin small begin flat, and learn later (tried).

    forward: states (N, T, H), memory of B rows -> what was looked at (N, T, H) and the weights (N, T, S), which sum to
    1 and are 0 at padding. N is a multiple of B: rows i*N/B to (i+1)*N/B-1 share row i of the memory, as the hypotheses
    of a beam do.
    """

    def __init__(self, hidden: int, memory: int):
        super().__init__()
        self.key = nn.Linear(memory, hidden)
        self.value = nn.Linear(memory, hidden, bias=False)

    def memory(self, states: Tensor, mask: Tensor) -> Memory:
        """Encoder states (B, S, M) and their mask -> the memory, projected once for all steps of the decoder."""
        return Memory(self.key(states), self.value(states), mask)

    def forward(self, states: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        grouped = states.reshape(len(memory.keys), -1, states.shape[-1])  # (B, N/B * T, H)
        scores = grouped @ memory.keys.transpose(1, 2)  # (B, N/B * T, S)
        weights = scores.float().masked_fill(~memory.mask[:, None], -torch.inf).softmax(-1)
        looked = weights.to(memory.values.dtype) @ memory.values  # (B, N/B * T, H)
        return looked.reshape(states.shape), weights.reshape(*states.shape[:2], -1)
