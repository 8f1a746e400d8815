"""The softmax over a large vocabulary, made cheap for training."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from nlp_gru.backbone.batch import Batch


class SampledSoftmax:
    """Softmax over the batch's own tokens and some others (Jean et al. 2015, https://arxiv.org/abs/1412.2007).

    Every candidate's logit is lowered by the logarithm of its chance to be a candidate, so that the expectation is that
    of the whole vocabulary. frequency: (V,) how often each token occurs; negatives: random tokens beside the batch's
    own.
    """

    def __init__(self, batch: Batch, frequency: Tensor, negatives: int):
        size = len(frequency)
        extra = torch.randint(size, (negatives,), device=batch.ids.device)
        n = int(batch.lengths.sum())
        self.candidates, columns = torch.cat([batch.ids.flatten(), extra]).unique(return_inverse=True)  # (K,)
        # (B, S): each token's place among the candidates
        self.columns = columns[: batch.ids.numel()].view_as(batch.ids)
        q = (frequency / frequency.sum())[self.candidates]
        missed = (1 - q).pow(n) * (1 - 1 / size) ** negatives
        self.correction = (1 - missed).log()  # (K,)

    def nll(self, contexts: Tensor, columns: Tensor, weight: Tensor, bias: Tensor, smoothing: float = 0.0) -> Tensor:
        """contexts (N, E), the right candidates (N,), output weights (V, E) and bias (V,) -> summed nll, a scalar.

        smoothing: the share of the target's probability that is spread evenly over the candidates (Szegedy et al. 2016,
        https://arxiv.org/abs/1512.00567), which are the more often candidates the more frequent they are.
        """
        chosen = F.embedding(self.candidates, weight)  # (K, E)
        logits = F.linear(contexts, chosen, bias[self.candidates] - self.correction)  # (N, K)
        return F.cross_entropy(logits, columns, reduction="sum", label_smoothing=smoothing)
