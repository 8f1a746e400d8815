"""The encoder's recurrent layers in numpy, forward and backward, for what needs gradients: the equations of
`nlp_gru.backbone.gru.gru_step`, and their derivatives. Slow beside a session, quick beside loading torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.options import ModelConfig
from nlp_gru.model_folder.weights import widened
from nlp_gru.onnx_engine.weights import Weights

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


@dataclass(frozen=True)
class _Trace:
    """What one direction keeps of its reading, each (W, N, H), the state before each step among it."""

    r: Array
    z: Array
    n: Array
    inner: Array  # W_hn h + b_hn
    before: Array


class Layers:
    """x (N, W, E) and mask (N, W) bool -> `forward`: states (N, W, M), zero at padding; then `backward`: the gradient at x."""

    def __init__(self, weights: Weights, config: ModelConfig):
        self.config = config
        self.suffixes = ("", "_reverse") if config.bidirectional else ("",)
        size, hidden = config.hidden * len(self.suffixes), config.hidden
        self._stored = {}
        self._traces: dict[tuple[int, str], _Trace] = {}
        for i in range(config.layers):
            for suffix in self.suffixes:
                shapes = [
                    (3 * hidden, size if i else config.embedding),
                    (3 * hidden, hidden),
                    (3 * hidden,),
                    (3 * hidden,),
                ]
                self._stored[i, suffix] = [
                    weights.stored(f"encoder.layers.{i}.rnn.{name}_l0{suffix}", "F32", shape)
                    for name, shape in zip(NAMES, shapes, strict=True)
                ]

    def _weights(self, layer: int, suffix: str) -> list[Array]:
        return [widened(*stored) for stored in self._stored[layer, suffix]]

    def forward(self, x: Array, mask: Array) -> Array:
        """Also keeps what `backward` needs; so one thread at a time."""
        self._mask = mask.T[:, :, None]  # (W, N, 1)
        for i in range(self.config.layers):
            y = np.concatenate([self._read(x, i, suffix) for suffix in self.suffixes], axis=2)
            x = x + y if i else y
        return x

    def backward(self, dy: Array) -> Array:
        """dy (N, W, M): the gradient at the states."""
        hidden = self.config.hidden
        for i in reversed(range(self.config.layers)):
            parts = [self._unread(dy[:, :, j * hidden : (j + 1) * hidden], i, s) for j, s in enumerate(self.suffixes)]
            dy = np.sum(parts, axis=0) + (dy if i else 0)
        return dy

    def _read(self, x: Array, layer: int, suffix: str) -> Array:
        w_ih, w_hh, b_ih, b_hh = self._weights(layer, suffix)
        hidden, width = self.config.hidden, x.shape[1]
        given = (x @ w_ih.T + b_ih).transpose(1, 0, 2)  # (W, N, 3H)
        r, z, n, inner, before, out = (np.zeros((width, len(x), hidden), np.float32) for _ in range(6))
        h = np.zeros((len(x), hidden), np.float32)
        for t in reversed(range(width)) if suffix else range(width):
            of_h = h @ w_hh.T + b_hh
            r[t], z[t] = (
                _sigmoid(given[t, :, :hidden] + of_h[:, :hidden]),
                _sigmoid(given[t, :, hidden : 2 * hidden] + of_h[:, hidden : 2 * hidden]),
            )
            inner[t], before[t] = of_h[:, 2 * hidden :], h
            n[t] = np.tanh(given[t, :, 2 * hidden :] + r[t] * inner[t])
            h = np.where(self._mask[t], (1 - z[t]) * n[t] + z[t] * h, h)
            out[t] = h * self._mask[t]
        self._traces[layer, suffix] = _Trace(r, z, n, inner, before)
        return out.transpose(1, 0, 2)

    def _unread(self, dy: Array, layer: int, suffix: str) -> Array:
        w_ih, w_hh, *_ = self._weights(layer, suffix)
        trace = self._traces[layer, suffix]
        width, size = len(trace.r), self.config.hidden
        at_inputs = np.zeros((width, len(dy), 3 * size), np.float32)
        dh = np.zeros((len(dy), size), np.float32)
        for t in range(width) if suffix else reversed(range(width)):
            r, z, n, inner, before = trace.r[t], trace.z[t], trace.n[t], trace.inner[t], trace.before[t]
            dh = dh + dy[:, t] * self._mask[t]
            real = dh * self._mask[t]
            dn = real * (1 - z) * (1 - n * n)
            dz = real * (before - n) * z * (1 - z)
            dr = dn * inner * r * (1 - r)
            at_inputs[t] = np.concatenate([dr, dz, dn], axis=1)
            dh = dh - real + real * z + np.concatenate([dr, dz, dn * r], axis=1) @ w_hh
        return np.asarray((at_inputs @ w_ih).transpose(1, 0, 2))


def _sigmoid(x: Array) -> Array:
    return np.asarray(0.5 * np.tanh(0.5 * x) + 0.5)
