"""Language-model pre-training of the shared encoder: each direction predicts the word that it reads next.

The forward GRU reads tokens 0..t and predicts t+1; the backward GRU reads t..end and predicts t-1. Neither sees what it
predicts. Both share the embedding, which is also the output layer (Press & Wolf 2017, https://arxiv.org/abs/1608.05859).
Sentiment models gain most of their accuracy from this start (Dai & Le 2015, https://arxiv.org/abs/1511.01432).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.encoder import Encoder
from nlp_gru.batch import Batch, collate
from nlp_gru.dataset import Rows
from nlp_gru.errors import UserError
from nlp_gru.heads.head import Head
from nlp_gru.heads.language_model import SampledSoftmax, count_pieces, pieces
from nlp_gru.recipe import ModelConfig, PretrainOptions
from nlp_gru.tokenizer import Tokenizer


class Pretrain(Head):
    Options = PretrainOptions
    columns = ("text",)
    options: PretrainOptions
    frequency: Tensor

    def __init__(self, config: ModelConfig, options: PretrainOptions, tokenizer: Tokenizer):
        super().__init__()
        if config.layers != 1 and config.bidirectional:
            raise UserError("pretrain: with more than one bidirectional layer a word would see itself; set layers = 1")
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.encoder = Encoder(config, len(tokenizer))
        directions = 2 if config.bidirectional else 1
        self.outputs = nn.ModuleList(nn.Linear(config.hidden, config.embedding) for _ in range(directions))
        self.bias = nn.Parameter(torch.zeros(len(tokenizer)))
        # How often each piece occurs: its chance to be among a batch's candidates.
        self.register_buffer("frequency", torch.ones(len(tokenizer)))

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> Pretrain:
        return cls(config, options, tokenizer)

    def examples(self, rows: Rows, max_length: int) -> list[Any]:
        """Framed texts, cut into stretches of at most `max_length` tokens that overlap by one."""
        return pieces(self.tokenizer, rows["text"], max_length)

    def prepare(self, examples: Sequence[Any]) -> None:
        """Learn the pieces' frequencies from the training examples."""
        self.frequency.copy_(count_pieces(examples, len(self.tokenizer)))

    def collate(self, examples: Sequence[Any]) -> Batch:
        return collate(examples)

    def _contexts(self, batch: Batch, pieces: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Per direction: what stands before the output layer (N, E), and the `pieces` (B, S) to predict, as (N,)."""
        states = self.encoder(batch.ids, batch.lengths)  # (B, S, D*H)
        both = batch.mask[:, 1:]  # (B, S-1): the later token of each neighbouring pair is real
        contexts = [(self.outputs[0](states[:, :-1, : self.config.hidden][both]), pieces[:, 1:][both])]
        if self.config.bidirectional:
            contexts.append((self.outputs[1](states[:, 1:, self.config.hidden :][both]), pieces[:, :-1][both]))
        return contexts

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Sampled softmax over what each direction predicts."""
        softmax = SampledSoftmax(batch, self.frequency, self.options.negatives)
        contexts = self._contexts(batch, softmax.columns)
        weight = self.encoder.embedding.weight
        total = torch.stack([softmax.nll(context, target, weight, self.bias) for context, target in contexts]).sum()
        return total, torch.tensor(sum(len(target) for _, target in contexts))

    @torch.no_grad()
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Cross-entropy and perplexity per piece over the whole vocabulary, both directions."""
        nll, n = 0.0, 0
        for batch in batches:
            for context, target in self._contexts(batch, batch.ids):
                logits = F.linear(context, self.encoder.embedding.weight) + self.bias  # (N, V)
                nll += F.cross_entropy(logits.float(), target, reduction="sum").item()
                n += len(target)
        return {"nll": nll / n, "perplexity": math.exp(nll / n)}
