"""From one vector per token to one vector per text."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Pooling(nn.Module):
    """Mean, maximum, learned attention (one query; Yang et al. 2016) and the mean embedding, side by side.

    forward: states (B, S, M), embedded (B, S, E), mask (B, S) bool with at least one True a row
    -> pooled (B, 3M + E) and attention (B, S), which sums to 1 and is 0 at padding.
    """

    def __init__(self, state_size: int, embedding_size: int):
        super().__init__()
        self.query = nn.Linear(state_size, 1)
        self.output_size = 3 * state_size + embedding_size

    def forward(self, states: Tensor, embedded: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        real = mask[..., None]  # (B, S, 1)
        count = real.sum(1)  # (B, 1)
        mean = (states * real).sum(1) / count
        bag = (embedded * real).sum(1) / count
        peak = states.masked_fill(~real, -torch.inf).amax(1)
        attention = self.query(states).squeeze(-1).float().masked_fill(~mask, -torch.inf).softmax(-1)  # (B, S)
        focus = (states * attention[..., None]).sum(1)
        return torch.cat([mean, peak, focus, bag], dim=-1), attention
