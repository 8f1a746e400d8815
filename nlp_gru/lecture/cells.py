"""The recurrent layers that are compared, each x (B, S, I) -> (B, S, H)."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.recurrence import recurrence

PER_UNIT = {"rnn": 1, "gru": 3, "lstm": 4}  # rows of the weights for each hidden unit


class Torch(nn.Module):
    """PyTorch's own layer: "rnn" (tanh), "gru" or "lstm"."""

    def __init__(self, cell: str, inputs: int, hidden: int):
        super().__init__()
        self.layer = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](inputs, hidden, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(x)[0]
        return y


class FastGRU(Torch):
    """The same GRU by `nlp_gru.backbone.recurrence`, with which this package trains on a CPU."""

    def __init__(self, inputs: int, hidden: int):
        super().__init__("gru", inputs, hidden)

    def forward(self, x: Tensor) -> Tensor:
        assert isinstance(self.layer, nn.GRU)
        return recurrence(self.layer, x)[0]


class MinGRU(nn.Module):
    """A GRU whose gate and candidate see the input alone (Feng et al. 2024, https://arxiv.org/abs/2410.01201, appendix
    B):

        z = sigmoid(W_z x)    n = g(W_n x)    h' = (1 - z) * h + z * n

    so that all steps are one scan, here in logarithms (Heinsen 2023, https://arxiv.org/abs/2311.06281); g is above 0.
    Its z near 1 takes the new value, the other convention than in `gru_step`.
    """

    def __init__(self, inputs: int, hidden: int):
        super().__init__()
        self.both = nn.Linear(inputs, 2 * hidden)

    def forward(self, x: Tensor) -> Tensor:
        gate, candidate = self.both(x).float().chunk(2, dim=-1)  # (B, S, H) each
        log_keep, log_take = -F.softplus(gate), -F.softplus(-gate)
        log_candidate = torch.where(candidate >= 0, (candidate.clamp_min(0) + 0.5).log(), -F.softplus(-candidate))
        decay = log_keep.cumsum(1)
        return (decay + (log_take + log_candidate - decay).logcumsumexp(1)).exp()


LAYERS: dict[str, Callable[[int, int], nn.Module]] = {
    "rnn": lambda i, h: Torch("rnn", i, h),
    "lstm": lambda i, h: Torch("lstm", i, h),
    "gru": lambda i, h: Torch("gru", i, h),
    "gru, ours": FastGRU,
    "mingru": MinGRU,
}


def parameters(cell: str, inputs: int, hidden: int) -> int:
    """Weights and biases of one torch layer: a gate or candidate has I + H weights a unit, and two biases."""
    return PER_UNIT[cell] * hidden * (inputs + hidden + 2)


def equal_width(cell: str, inputs: int, target: int) -> int:
    """The width at which a layer has the most parameters that are not more than `target`."""
    half = (inputs + 2) / 2
    return max(int(math.sqrt(half * half + target / PER_UNIT[cell]) - half), 1)


def width_beside(cell: str, inputs: int, gru: int) -> int:
    """The width at which a layer has as many parameters as a GRU of width `gru`."""
    return equal_width(cell, inputs, parameters("gru", inputs, gru))


def fast(cell: str) -> str:
    """The name in LAYERS to train with; a GRU is the same by our recurrence, in less time."""
    return "gru, ours" if cell == "gru" else cell
