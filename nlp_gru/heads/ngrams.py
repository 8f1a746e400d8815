"""A linear classifier over n-grams of tokens, which a classifying head may blend with what the GRU says.

Short sequences of words carry much of a text's class by themselves (Wang & Manning 2012,
https://aclanthology.org/P12-2018). The GRU knows what they mean in context; together they are right more often than
either (after Cheng et al. 2016, wide and deep, https://arxiv.org/abs/1606.07792, but fitted apart, so that the GRU
learns as if it were alone).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nlp_gru.arrays import Array
from nlp_gru.backbone.batch import bucket, collate
from nlp_gru.text.tokenizer import BOS, CASE, EOS, PAD, SPECIAL, Tokenizer

LONGEST = 3
NONE = (1 << 31) - 1  # no n-gram has this key
_MULTIPLIERS = (0x2545F4914F6CDD1D, 0x1B873593CC9E2D51, 0x5851F42D4C957F2D)  # odd; products wrap around


class NgramClassifier(nn.Module):
    """ids (B, S) -> logits (B, C): the summed weights of the text's distinct known n-grams over the root of their
    number.

    keys: (K,) int32 in ascending order, hashes of 31 bits; weight: (C, K); bias: (C,). All are buffers: `fit` sets
    them, gradients never do. Case is ignored.
    """

    keys: Tensor
    weight: Tensor
    bias: Tensor

    def __init__(self, tokenizer: Tokenizer, classes: int, size: int):
        super().__init__()
        self.register_buffer("keys", torch.full((size,), NONE, dtype=torch.int32))
        self.register_buffer("weight", torch.zeros(classes, size))
        self.register_buffer("bias", torch.zeros(classes))
        self._tokenizer = tokenizer
        self._folded: Tensor | None = None

    def forward(self, ids: Tensor) -> Tensor:
        hashed, real = self._hashed(ids)
        features, first = distinct(hashed.flatten(1), real.flatten(1))  # (B, N) each
        place, known = self._find(features)
        known &= first
        weights = self.weight[:, place] * known  # (C, B, N)
        return (weights.sum(-1) / known.sum(-1).clamp_min(1).sqrt()).T + self.bias

    def _without_case(self, ids: Tensor) -> Tensor:
        """ids (B, S) -> the folded tokens (B, S) without tokens of case, which leave padding at the end."""
        tokens = self._fold()[ids]
        order = (tokens == PAD).byte().argsort(dim=1, stable=True)
        return tokens.gather(1, order)

    def _find(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Each hash's place among the keys, and whether it is one."""
        place = torch.searchsorted(self.keys, features).clamp_max(len(self.keys) - 1)
        return place, self.keys[place] == features

    def _hashed(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """ids (B, S) -> (B, 3, S): the hashed n-grams of 1 to 3 tokens that begin at each token, and which are real."""
        tokens = self._without_case(ids)
        size = ids.shape[1]
        rolling = torch.zeros_like(tokens)
        hashed, real = [], []
        for n in range(LONGEST):
            ahead = torch.full_like(tokens, PAD)
            ahead[:, : max(size - n, 0)] = tokens[:, n:]
            rolling = (rolling + ahead + n + 1) * _MULTIPLIERS[n]
            mixed = (rolling ^ (rolling >> 29)) * _MULTIPLIERS[0]
            hashed.append(((mixed >> 20) & NONE).clamp_max(NONE - 1))
            real.append((ahead != PAD) & (tokens != PAD) if n else (tokens != PAD) & (tokens != BOS) & (tokens != EOS))
        return torch.stack(hashed, 1).int(), torch.stack(real, 1)

    def _fold(self) -> Tensor:
        """(V,) each token's lower-case form, where that is a token too."""
        if self._folded is None:
            vocabulary = self._tokenizer.backend.get_vocab()
            folded = torch.arange(len(self._tokenizer))
            for token, i in vocabulary.items():
                if i >= len(SPECIAL) and not token.startswith("<0x"):
                    folded[i] = PAD if token in CASE else vocabulary.get(token.lower(), i)
            self._folded = folded
        return self._folded

    def fit(self, sequences: Sequence[Any], labels: Sequence[int], strength: float) -> None:
        """Multinomial logistic regression on framed id sequences, twice: the second time on the n-grams that weighed
        most in the first. strength: inverse of the L2 penalty.
        """
        rows: list[Any] = [None] * len(sequences)
        for indices in bucket([(len(s),) for s in sequences], 65536):
            hashed, real = self._hashed(collate([sequences[i] for i in indices]).ids)
            features, first = distinct(hashed.flatten(1), real.flatten(1))
            for i, feature, mask in zip(indices, features.numpy(), first.numpy(), strict=True):
                rows[i] = feature[mask]
        every = np.concatenate(rows)
        keys, count = np.unique(every, return_counts=True)
        if len(keys) > len(self.keys):  # what occurs once teaches nothing about another text
            keys, count = keys[count > 1], count[count > 1]
        weights, bias = _regress(rows, keys, count, labels, strength)
        if len(keys) > len(self.keys):
            spread = (weights - weights.mean(0)) / _idf(count, len(rows))
            worth = np.abs(spread).max(0) * np.sqrt(count)
            kept = np.sort(np.argpartition(-worth, len(self.keys))[: len(self.keys)])
            keys, count = keys[kept], count[kept]
            weights, bias = _regress(rows, keys, count, labels, strength)
        self.keys.fill_(NONE)
        self.weight.zero_()
        classes = sorted(set(labels))
        self.bias.fill_(float(bias.min()))  # for a class that no row has
        self.bias[classes] = torch.from_numpy(bias).float()
        self.keys[: len(keys)] = torch.from_numpy(keys)
        self.weight[classes, : len(keys)] = torch.from_numpy(weights).float()


def distinct(hashed: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """(B, N) hashes and which are real -> each row in ascending order, and where one of its kind comes first."""
    features = torch.where(real, hashed, NONE).sort(1).values
    first = features < NONE
    first[:, 1:] &= features[:, 1:] != features[:, :-1]
    return features, first


def _idf(count: Array, rows: int) -> Array:
    return np.asarray(np.log((1 + rows) / (1 + count)) + 1, dtype=np.float32)


def _regress(
    rows: Sequence[Array], keys: Array, count: Array, labels: Sequence[int], strength: float
) -> tuple[Array, Array]:
    """(classes, K) weights of the known n-grams, each scaled by its inverse document frequency, and (classes,)
    biases."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    every = np.concatenate(rows)
    place = np.searchsorted(keys, every).clip(max=len(keys) - 1)
    known = keys[place] == every
    row = np.repeat(np.arange(len(rows)), [len(r) for r in rows])[known]
    place = place[known]
    number = np.bincount(row, minlength=len(rows)).clip(min=1)
    idf = _idf(count, len(rows))
    values = idf[place] / np.sqrt(number[row]).astype(np.float32)
    matrix = csr_matrix((values, (row, place)), shape=(len(rows), len(keys)))
    model = LogisticRegression(C=strength, max_iter=100).fit(matrix, labels)
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:  # two classes: one row, for the second against the first
        weights, bias = np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return np.asarray(weights * idf), np.asarray(bias)
