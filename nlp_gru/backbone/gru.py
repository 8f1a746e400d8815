"""The gated recurrent unit: its equations, a slow runner that shows every gate, and the fused path.

Notation: B batch, S length, I input size, H hidden size. Gates stand in PyTorch's order r, z, n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from nlp_gru.backbone.batch import length_mask
from nlp_gru.backbone.recurrence import is_trained_on_cpu, recurrence


@dataclass(frozen=True)
class Gates:
    """One step (or, with a leading S, all steps) of a GRU; every tensor is (B, H) or (B, S, H)."""

    reset: Tensor
    update: Tensor
    candidate: Tensor
    hidden: Tensor


def gru_step(x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor) -> Gates:
    """One step of the GRU (Cho et al. 2014, https://arxiv.org/abs/1406.1078, eq. 5-8), as PyTorch computes it:

        r  = sigmoid(W_ir x + b_ir + W_hr h + b_hr)         reset: how much of the past enters the candidate
        z  = sigmoid(W_iz x + b_iz + W_hz h + b_hz)         update: near 1 keeps the past
        n  = tanh   (W_in x + b_in + r * (W_hn h + b_hn))   candidate
        h' = (1 - z) * n + z * h

    Two conventions differ between papers: Cho et al. apply r to h before the product with W_hn (PyTorch after it, which
    lets the three products be one), and Chung et al. 2014 (https://arxiv.org/abs/1412.3555) swap z and 1 - z.

    x: (B, I), h: (B, H), w_ih: (3H, I), w_hh: (3H, H), biases: (3H,), rows in the order r, z, n.
    """
    x_r, x_z, x_n = (x @ w_ih.T + b_ih).chunk(3, dim=-1)  # (B, H) each
    h_r, h_z, h_n = (h @ w_hh.T + b_hh).chunk(3, dim=-1)
    r = torch.sigmoid(x_r + h_r)
    z = torch.sigmoid(x_z + h_z)
    n = torch.tanh(x_n + r * h_n)
    return Gates(reset=r, update=z, candidate=n, hidden=(1 - z) * n + z * h)


def run_slowly(gru: nn.GRU, x: Tensor, reverse: bool = False, start: Tensor | None = None) -> Gates:
    """Layer 0 of `gru` over x (B, S, I), one readable step at a time; returns all gates as (B, S, H).

    `reverse` runs the second direction of a bidirectional GRU, from the last step to the first. start (B, H): the state
    before the first step read, zeros by default. No padding: every row of x is S real steps. Meant for looking inside
    and for checking the fused path, not for speed.
    """
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    weights = [getattr(gru, name + ("_reverse" if reverse else "")) for name in names]
    h = x.new_zeros(x.shape[0], gru.hidden_size) if start is None else start  # (B, H)
    steps = []
    for t in reversed(range(x.shape[1])) if reverse else range(x.shape[1]):
        steps.append(gru_step(x[:, t], h, *weights))
        h = steps[-1].hidden
    if reverse:
        steps.reverse()
    return Gates(*(torch.stack([getattr(s, f) for s in steps], dim=1) for f in Gates.__dataclass_fields__))


class Recurrent(nn.Module):
    """One recurrent layer, fused, in which padding is invisible.

    forward: x (B, S, I), lengths (B,) int64 on the CPU -> (B, S, D*H) with zeros at padding; D = 2 if bidirectional.
    Only a reverse direction over mixed lengths pays for packing: naively padded, it would start in the padding and
    change the values at real positions. A forward direction meets the padding last, where its states are set to 0.
    """

    def __init__(self, input_size: int, hidden_size: int, cell: Literal["gru", "lstm", "rnn"], bidirectional: bool):
        super().__init__()
        kind = {"gru": nn.GRU, "lstm": nn.LSTM, "rnn": nn.RNN}[cell]
        self.rnn = kind(input_size, hidden_size, batch_first=True, bidirectional=bidirectional)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        size = x.shape[1]
        if isinstance(self.rnn, nn.GRU) and is_trained_on_cpu(x):
            return self._train(self.rnn, x, lengths)
        if bool((lengths == size).all()) or not self.rnn.bidirectional:
            y, _ = self.rnn(x)  # (B, S, D*H)
            return y * length_mask(lengths, size).to(x.device)[..., None]
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, _ = pad_packed_sequence(self.rnn(packed)[0], batch_first=True, total_length=size)
        return y

    def _train(self, gru: nn.GRU, x: Tensor, lengths: Tensor) -> Tensor:
        """The same by the recurrence that trains faster: each row is turned round within its own length."""
        mask = length_mask(lengths, x.shape[1])[..., None]  # (B, S, 1)
        y, _ = recurrence(gru, x)
        if gru.bidirectional:
            order = reversed_order(lengths, x.shape[1])[..., None]  # (B, S, 1)
            backward, _ = recurrence(gru, x.gather(1, order.expand_as(x)), reverse=True)
            y = torch.cat([y, backward.gather(1, order.expand_as(backward))], dim=-1)
        return y * mask


def reversed_order(lengths: Tensor, size: int) -> Tensor:
    """(B,) -> (B, size): the position from which each one comes when a row's tokens, not its padding, are turned
    round."""
    position = torch.arange(size)
    return torch.where(position < lengths[:, None], lengths[:, None] - 1 - position, position)
