"""The convex fit of the bot of questions and answers: multinomial logistic regression, by L-BFGS in NumPy.

Features are first turned to their principal axes and each is scaled by the curvature along it, after which a few dozen
steps reach the minimum (Nocedal and Wright, Numerical Optimization, chapter 7).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nlp_gru.arrays import Array

PENALTY = 1 / 36  # on squared weights; features are vectors of a length near 1
AXES = 900  # most principal axes
STEPS, MEMORY, ENOUGH = 40, 8, 2e-4  # ENOUGH: a step that lowers the loss by a smaller share is the last one
HALVINGS = 20
FOLDS, SMALL = 5, 30_000  # rows times answers from which one fold is left out in place of all
SHARE = 0.1  # of the rows in that one


@dataclass(frozen=True)
class Fit:
    """weights (D, C): features @ weights are logits."""

    weights: Array


class Fitter:
    """Fits of one set of rows, and of parts of it."""

    def __init__(self, features: Array, target: Array, classes: int):
        """features (N, D) float32, target (N,) in range(classes)."""
        self.target, self.classes = target, classes
        self.axes, variance = _axes(features)
        self.scale = np.sqrt(variance / classes + PENALTY).astype(np.float32)
        self.rotated = (features @ self.axes) / self.scale
        self._last = np.zeros((len(self.scale), classes), np.float32)

    def fit(self, rows: Array | None = None) -> Fit:
        """Logistic regression on all rows, or on some, from where the last fit ended."""
        x, y = (self.rotated, self.target) if rows is None else (self.rotated[rows], self.target[rows])
        penalty = (PENALTY / self.scale**2)[:, None]
        places = np.arange(len(y)), y

        def loss(weights: Array) -> tuple[float, Array]:
            logits = x @ weights
            logits -= logits.max(1, keepdims=True)
            shares = np.exp(logits)
            total = shares.sum(1, keepdims=True)
            value = np.log(total).sum(dtype=np.float64) - logits[places].sum(dtype=np.float64)
            shares /= total
            shares[places] -= 1
            return float(value + 0.5 * (penalty * weights**2).sum(dtype=np.float64)), x.T @ shares + penalty * weights

        found = _lbfgs(loss, self._last)
        if rows is None:
            self._last = found
        return Fit(self.axes @ (found / self.scale[:, None]))

    def held_out(self, features: Array) -> list[tuple[Array, Array]]:
        """Rows that were left out of a fit with their logits (rows, C), each (rows, logits): all questions of answers
        with several in a small set, else a share of them. Every answer keeps at least half of its questions."""
        draw = np.random.default_rng(0)
        counts = np.bincount(self.target, minlength=self.classes)
        order = draw.permutation(len(self.target))
        order = order[np.argsort(self.target[order], kind="stable")]
        rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)  # of a row in its answer
        size = counts[self.target[order]]
        several = len(self.target) * self.classes <= SMALL
        folds = FOLDS if several else round(1 / SHARE)
        offset = self.target[order] if not several else 0
        fold = (rank + offset) % np.minimum(folds, size).clip(2)
        found = []
        for k in range(FOLDS if several else 1):
            out = np.sort(order[(fold == k) & (size > 1)])
            if len(out):
                kept = np.setdiff1d(np.arange(len(self.target)), out)
                found.append((out, features[out] @ self.fit(kept).weights))
        return found


def _axes(features: Array) -> tuple[Array, Array]:
    """(D, K) orthonormal, (K,) the squared length of the features along each: those along which they vary most."""
    dual = len(features) < features.shape[1]
    product = features @ features.T if dual else features.T @ features
    values, vectors = np.linalg.eigh(product)
    kept = np.flatnonzero(values > 1e-5 * values[-1])[-AXES:]
    values, vectors = values[kept], vectors[:, kept]
    return (features.T @ (vectors / np.sqrt(values)) if dual else vectors).astype(np.float32), values


def _lbfgs(loss: Callable[[Array], tuple[float, Array]], start: Array) -> Array:
    point, (value, slope) = start, loss(start)
    memory: deque[tuple[Array, Array, float]] = deque(maxlen=MEMORY)
    for _ in range(STEPS):
        direction = -_downhill(slope, memory)
        along = float((direction * slope).sum(dtype=np.float64))
        length = 1.0 if memory else min(1.0, 1 / max(float(np.abs(slope).sum()) ** 0.5, 1e-9))
        for _ in range(HALVINGS):
            new = point + np.float32(length) * direction
            after, turned = loss(new)
            if after <= value + 1e-4 * length * along:
                break
            length /= 2
        else:
            return point
        step, change = new - point, turned - slope
        curvature = float((step * change).sum(dtype=np.float64))
        if curvature > 1e-10:
            memory.append((step, change, curvature))
        gain, point, value, slope = value - after, new, after, turned
        if gain < ENOUGH * abs(value):
            break
    return point


def _downhill(slope: Array, memory: Sequence[tuple[Array, Array, float]]) -> Array:
    """The slope times the inverse curvature that the last steps have shown."""
    found, shares = slope.copy(), []
    for step, change, curvature in reversed(memory):
        shares.append(float((step * found).sum(dtype=np.float64)) / curvature)
        found -= np.float32(shares[-1]) * change
    if memory:
        step, change, curvature = memory[-1]
        found *= np.float32(curvature / float((change * change).sum(dtype=np.float64)))
    for (step, change, curvature), share in zip(memory, reversed(shares), strict=True):
        found += np.float32(share - float((change * found).sum(dtype=np.float64)) / curvature) * step
    return found


def best_of(scores: Array, target: Array, classes: int) -> Array:
    """scores (B, N) of questions -> (B, classes): the best question of each answer. Every class has a question."""
    order = np.argsort(target, kind="stable")
    starts = np.searchsorted(target[order], np.arange(classes))
    return np.asarray(np.maximum.reduceat(scores[:, order], starts, axis=1))
