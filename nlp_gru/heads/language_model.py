"""What heads that predict tokens share: examples, loss and perplexity, and a start from a smaller model."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.batch import Batch, chunks, collate, frame
from nlp_gru.backbone.softmax import SampledSoftmax
from nlp_gru.data_files.rows import Rows
from nlp_gru.heads.head import Head
from nlp_gru.model_folder.options import BaseOptions, ChatOptions, NextWordOptions, TranslationOptions


class LanguageModel(Head):
    """A head whose output layer is its embedding; a subclass says what it predicts from what."""

    columns: ClassVar[tuple[str, ...]] = ("text",)
    options: BaseOptions | NextWordOptions | TranslationOptions | ChatOptions
    label_smoothing = 0.0
    frequency: Tensor  # (V,) how often each token occurs: its chance to be among a batch's candidates

    @abstractmethod
    def contexts(self, batch: Batch, tokens: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Per direction: what stands before the output layer (N, E), and the `tokens` (B, S) to predict, as (N,)."""

    @abstractmethod
    def output_layer(self) -> tuple[Tensor, Tensor]:
        """Weights (V, E) and bias (V,)."""

    def examples(self, rows: Rows, max_length: int) -> list[Any]:
        """Framed texts, cut into stretches of at most `max_length` tokens that overlap by one."""
        texts = rows["text"]
        return [
            np.asarray(chunk, dtype=np.int32)  # a tenth of the memory of a list
            for start in range(0, len(texts), 10_000)
            for ids in self.tokenizer.encode_batch(texts[start : start + 10_000])
            for chunk in chunks(frame(ids), max_length)
        ]

    def fit_statistics(self, examples: Sequence[Any]) -> None:
        """Learn the tokens' frequencies from the training examples."""
        counts = np.bincount(np.concatenate(examples), minlength=len(self.tokenizer))
        self.frequency.copy_(torch.from_numpy(counts) + 1)

    def collate(self, examples: Sequence[Any]) -> Batch:
        return collate(examples)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Sampled softmax over what each direction predicts."""
        softmax = SampledSoftmax(batch, self.frequency, self.options.negatives)
        return self.nll(softmax, self.contexts(batch, softmax.columns))

    def nll(self, softmax: SampledSoftmax, contexts: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        """(summed negative log-likelihood, number of predictions) of `contexts`, whose tokens are `softmax.columns`."""
        layer = self.output_layer()
        nll = [softmax.nll(context, target, *layer, self.label_smoothing) for context, target in contexts]
        total = torch.stack(nll).sum()
        return total, torch.tensor(sum(len(target) for _, target in contexts))

    @torch.no_grad()
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Cross-entropy and perplexity per token over the whole vocabulary, all directions; EOS counts as a token."""
        weight, bias = self.output_layer()
        nll, n = 0.0, 0
        for batch in batches:
            for context, target in self.contexts(batch, batch.ids):
                logits = F.linear(context, weight) + bias  # (N, V)
                nll += F.cross_entropy(logits.float(), target, reduction="sum").item()
                n += len(target)
        return {"nll": nll / n, "perplexity": math.exp(nll / n)}


@torch.no_grad()
def grow(own: nn.GRU, output: nn.Linear, other: nn.GRU, other_output: nn.Linear) -> None:
    """Start a wider GRU layer and the projection behind it from a narrower pair (after Chen et al. 2016, Net2Net,
    https://arxiv.org/abs/1511.05641): the first units are the old ones and see nothing of the new, which the projection
    ignores at first, so that the outputs agree. The widths of input and projection must be equal.
    """
    old, new = other.hidden_size, own.hidden_size
    for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        target = getattr(own, name).unflatten(0, (3, new))[:, :old]  # rows of each gate
        source = getattr(other, name).unflatten(0, (3, old))
        if name == "weight_hh_l0":
            target[..., old:] = 0
            target = target[..., :old]
        target.copy_(source)
    output.weight[:, old:] = 0
    output.weight[:, :old] = other_output.weight
    output.bias.copy_(other_output.bias)
