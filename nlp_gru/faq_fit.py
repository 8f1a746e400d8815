"""The convex fit of the bot of questions and answers: ridge regression from a question's features to its answer.

Least squares has its leave-one-out predictions in closed form (the residual divided by 1 - leverage), so that a bot of
thousands of rows knows how it does on questions that it has not seen, without a second training.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlp_gru.weights import Array

RIDGE = 1.0  # the penalty on squared weights; features are vectors of a length near 1


@dataclass(frozen=True)
class Fit:
    """weights (D, C): features @ weights is near 1 for a question's own answer and near 0 for the others; leverage (N,): how
    much each row decides its own prediction."""

    weights: Array
    leverage: Array

    def left_out(self, features: Array, target: Array, first: int, last: int) -> Array:
        """The predictions (rows, C) of rows first to last, each as if that row had not been learned from."""
        own = features[first:last] @ self.weights
        leverage = self.leverage[first:last, None]
        rows = np.arange(last - first)
        own[rows, target[first:last]] -= leverage[:, 0]
        return np.asarray(own / (1 - leverage).clip(1e-6))


def fit(features: Array, target: Array, classes: int) -> Fit:
    """features (N, D), target (N,) in range(classes) -> the ridge regression on one-hot targets."""
    size = features.shape[1]
    if len(features) < size:  # the dual form: the smaller system
        kernel = features @ features.T
        inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(features)))
        coefficients = _sums(inverse.T, target, classes)  # inverse @ one-hot, (N, C)
        leverage = np.einsum("ij,ji->i", kernel, inverse)
        return Fit(np.asarray(features.T @ coefficients, np.float32), leverage)
    inverse = np.linalg.inv((features.T @ features).astype(np.float64) + RIDGE * np.eye(size))
    weights = inverse @ _sums(features, target, classes)
    leverage = np.einsum("ij,ij->i", features @ inverse, features)
    return Fit(np.asarray(weights, np.float32), leverage)


def _sums(rows: Array, target: Array, classes: int) -> Array:
    """rows (N, D) -> (D, classes): the sum of each class's rows, which is rows.T @ one-hot without the one-hot matrix."""
    order = np.argsort(target, kind="stable")
    kept, starts = np.unique(target[order], return_index=True)
    result = np.zeros((rows.shape[1], classes))
    result[:, kept] = np.add.reduceat(rows[order], starts, axis=0).T
    return result


def best_of(scores: Array, target: Array, classes: int) -> Array:
    """scores (B, N) of questions -> (B, classes): the best question of each answer. Every class has a question."""
    order = np.argsort(target, kind="stable")
    starts = np.searchsorted(target[order], np.arange(classes))
    return np.asarray(np.maximum.reduceat(scores[:, order], starts, axis=1))
