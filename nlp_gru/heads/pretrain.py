"""Language-model pre-training of the shared encoder: each direction predicts the word that it reads next.

The forward GRU reads tokens 0..t and predicts t+1; the backward GRU reads t..end and predicts t-1. Neither sees what it
predicts. Both share the embedding, which is also the output layer (Press & Wolf 2017, https://arxiv.org/abs/1608.05859).
Sentiment models gain most of their accuracy from this start (Dai & Le 2015, https://arxiv.org/abs/1511.01432).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from nlp_gru.backbone.encoder import Encoder
from nlp_gru.batch import Batch
from nlp_gru.errors import UserError
from nlp_gru.heads.language_model import LanguageModel
from nlp_gru.recipe import ModelConfig, PretrainOptions
from nlp_gru.tokenizer import Tokenizer


class Pretrain(LanguageModel):
    Options = PretrainOptions
    options: PretrainOptions

    def __init__(self, config: ModelConfig, options: PretrainOptions, tokenizer: Tokenizer):
        super().__init__()
        if config.layers != 1 and config.bidirectional:
            raise UserError("pretrain: with more than one bidirectional layer a word would see itself; set layers = 1")
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.encoder = Encoder(config, len(tokenizer))
        directions = 2 if config.bidirectional else 1
        self.outputs = nn.ModuleList(nn.Linear(config.hidden, config.embedding) for _ in range(directions))
        self.bias = nn.Parameter(torch.zeros(len(tokenizer)))
        self.register_buffer("frequency", torch.ones(len(tokenizer)))

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> Pretrain:
        return cls(config, options, tokenizer)

    def contexts(self, batch: Batch, pieces: Tensor) -> list[tuple[Tensor, Tensor]]:
        states = self.encoder(batch.ids, batch.lengths)  # (B, S, D*H)
        both = batch.mask[:, 1:]  # (B, S-1): the later token of each neighbouring pair is real
        contexts = [(self.outputs[0](states[:, :-1, : self.config.hidden][both]), pieces[:, 1:][both])]
        if self.config.bidirectional:
            contexts.append((self.outputs[1](states[:, 1:, self.config.hidden :][both]), pieces[:, :-1][both]))
        return contexts

    def output_layer(self) -> tuple[Tensor, Tensor]:
        return self.encoder.embedding.weight, self.bias
