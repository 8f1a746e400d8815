"""The linear classifier over n-grams of tokens: see `nlp_gru.heads.ngrams`, whose hashes these are."""

from __future__ import annotations

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.tokenizer import BOS, CASE, EOS, PAD, SPECIAL, Tokenizer

LONGEST = 3
NONE = (1 << 31) - 1
_MULTIPLIERS = tuple(np.int64(m) for m in (0x2545F4914F6CDD1D, 0x1B873593CC9E2D51, 0x5851F42D4C957F2D))


class Ngrams:
    """ids (B, S) -> logits (B, C)."""

    def __init__(self, weights: Weights, tokenizer: Tokenizer, classes: int, size: int):
        self.keys = weights.integers("ngrams.keys", size)
        self.weight, self.scale = weights.matrix("ngrams.weight", (classes, size))
        self.bias = weights.vector("ngrams.bias", classes)
        vocabulary = tokenizer.backend.get_vocab()
        self.folded = np.arange(len(tokenizer))
        for token, i in vocabulary.items():
            if i >= len(SPECIAL) and not token.startswith("<0x"):
                self.folded[i] = PAD if token in CASE else vocabulary.get(token.lower(), i)

    def tables(self) -> dict[str, Array]:
        """All but `folded`, which follows from the tokenizer."""
        return {f"ngrams.{name}": getattr(self, name) for name in ("keys", "weight", "scale", "bias")}

    def __call__(self, ids: Array) -> Array:
        hashed, real = self._hashed(ids)
        found = []
        for features, is_real in zip(hashed, real, strict=True):
            own = np.unique(features[is_real])
            place = np.searchsorted(self.keys, own).clip(max=len(self.keys) - 1)
            place = place[self.keys[place] == own]
            found.append(self.weight[:, place].sum(1, dtype=np.int64) * self.scale / max(len(place), 1) ** 0.5)
        return np.stack(found) + self.bias

    def _without_case(self, ids: Array) -> Array:
        """ids (B, S) -> the folded tokens (B, S) without tokens of case, which leave padding at the end."""
        tokens = self.folded[ids]
        order = np.argsort(tokens == PAD, axis=1, kind="stable")
        return np.take_along_axis(tokens, order, 1)

    def _hashed(self, ids: Array) -> tuple[Array, Array]:
        """ids (B, S) -> (B, 3, S): the hashed n-grams of 1 to 3 tokens that begin at each token, and which are real."""
        tokens = self._without_case(ids)
        size = ids.shape[1]
        rolling = np.zeros_like(tokens)
        hashed, real = [], []
        for n in range(LONGEST):
            ahead = np.full_like(tokens, PAD)
            ahead[:, : max(size - n, 0)] = tokens[:, n:]
            rolling = (rolling + ahead + n + 1) * _MULTIPLIERS[n]
            mixed = (rolling ^ (rolling >> 29)) * _MULTIPLIERS[0]
            hashed.append(((mixed >> 20) & NONE).clip(max=NONE - 1))
            real.append((ahead != PAD) & (tokens != PAD) if n else ~np.isin(tokens, (PAD, BOS, EOS)))
        return np.stack(hashed, 1).astype(np.int32), np.stack(real, 1)
