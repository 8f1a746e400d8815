"""What classifying heads share: class weights, figures, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from nlp_gru.data_files.labels import normalize
from nlp_gru.model_folder.options import MAX_BLEND

__all__ = ["blend", "calibration_error", "class_weights", "figures", "fit_blend", "normalize", "occurring"]

MOST_WEIGHT = 10.0  # of a row in training, beside one of a frequent class


def occurring(logits: Tensor, labels: Tensor) -> Tensor:
    """logits (N, C) with -inf for the classes that none of the labels (N,) names; as they are where all labels are
    one."""
    present = labels.unique()
    if len(present) < 2:
        return logits
    masked = torch.full_like(logits, -torch.inf)
    masked[:, present] = logits[:, present]
    return masked


def class_weights(labels: Sequence[int], classes: int, rare_share: float) -> Tensor:
    """(classes,): what a row of each class counts in training. A class with less than `rare_share` of the rows, or than
    half an equal share, counts as if it had so many; the others count 1.
    """
    counts = torch.bincount(torch.tensor(labels), minlength=classes).float()
    least = min(rare_share, 0.5 / classes) * len(labels)
    return (least / counts.clamp_min(1)).clamp(1, MOST_WEIGHT)


def figures(logits: Tensor, labels: Tensor, bins: int = 15) -> dict[str, float]:
    """logits (N, C), labels (N,) -> nll, accuracy, macro_recall, macro_f1, ece over the classes that occur."""
    from sklearn.metrics import accuracy_score, f1_score, recall_score

    log_p = occurring(logits, labels).log_softmax(-1)
    confidence, guess = log_p.exp().max(-1)
    gold, predicted, present = labels.numpy(), guess.numpy(), labels.unique().numpy()
    return {
        "nll": F.nll_loss(log_p, labels).item(),
        "accuracy": float(accuracy_score(gold, predicted)),
        "macro_recall": float(recall_score(gold, predicted, labels=present, average="macro", zero_division=0)),
        "macro_f1": float(f1_score(gold, predicted, labels=present, average="macro", zero_division=0)),
        "ece": calibration_error(confidence, guess == labels, bins),
    }


def calibration_error(confidence: Tensor, right: Tensor, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017, eq. 3): bins of equal width, |accuracy - confidence| by share."""
    which = (confidence * bins).long().clamp_max(bins - 1)  # (N,)
    gap = torch.zeros(bins).index_add_(0, which, right.float() - confidence.float())
    return (gap.abs().sum() / len(confidence)).item()


def blend(gru: Tensor, ngrams: Tensor | None, lengths: Tensor, weights: Sequence[float]) -> Tensor:
    """gru (N, C) and ngrams (N, C) logits, lengths (N,) in tokens -> calibrated logits (N, C).

    With weights a, b, c, d and x = ln(length / 32): exp(a + b x) gru + max(c + d x, 0) ngrams. A text's length decides
    both how sure one may be and which of the two knows better; 0, 0, 0, 0 leaves the GRU's logits as they are.
    """
    a, b, c, d = weights
    x = (lengths / 32).log()[:, None].to(gru.device)  # (N, 1)
    scaled = (a + b * x).exp() * gru
    return scaled if ngrams is None else scaled + (c + d * x).clamp_min(0) * ngrams


def fit_blend(gru: Tensor, ngrams: Tensor | None, lengths: Tensor, labels: Tensor) -> tuple[float, float, float, float]:
    """The weights of `blend` under which held-out labels are likeliest: temperature scaling (Guo et al. 2017,
    https://arxiv.org/abs/1706.04599) with a slope. A weak pull towards the GRU alone keeps few rows from deciding much.
    """
    from scipy.optimize import minimize

    def cost(weights: Any) -> float:
        logits = occurring(blend(gru, ngrams, lengths, weights), labels)
        return F.cross_entropy(logits, labels).item() + 0.3 * float((weights**2).sum()) / len(labels)

    start = np.array([0.0, 0.0, 0.0 if ngrams is None else 0.2, 0.0])
    around = np.vstack([start, start + 0.1 * np.eye(4)])  # steps that can be seen, also from 0
    options = {"initial_simplex": around, "maxiter": 800, "xatol": 1e-3, "fatol": 1e-6}
    a, b, c, d = (round(float(v), 4) for v in minimize(cost, start, method="Nelder-Mead", options=options).x)
    a, b, c, d = (max(-MAX_BLEND, min(w, MAX_BLEND)) for w in (a, b, c, d))
    return (a, b, 0.0, 0.0) if ngrams is None else (a, b, c, d)
