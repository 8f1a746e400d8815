"""The next-word head: a forward-only GRU language model that reads a text once and predicts what comes next.

It never sees the bidirectional encoder, which would show it the future. `nlp_gru.decoding.word_search` makes words of
its tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from nlp_gru.arrays import Array
from nlp_gru.backbone.batch import Batch
from nlp_gru.backbone.decoder import Decoder, State
from nlp_gru.errors import UserError
from nlp_gru.heads.base import Base
from nlp_gru.heads.head import Head
from nlp_gru.heads.language_model import LanguageModel, grow
from nlp_gru.model_folder.options import ModelConfig, NextWordOptions
from nlp_gru.text.tokenizer import Tokenizer


class NextWord(LanguageModel):
    Options = NextWordOptions
    options: NextWordOptions

    def __init__(self, config: ModelConfig, options: NextWordOptions, tokenizer: Tokenizer):
        super().__init__()
        if config.bidirectional or config.cell != "gru" or config.conv_width or config.window or config.layer_norm:
            raise UserError(
                "next_word reads forward, word by word: bidirectional = false, cell = 'gru', and neither "
                "conv_width nor window nor layer_norm"
            )
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.decoder = Decoder(config, len(tokenizer))
        self.register_buffer("frequency", torch.ones(len(tokenizer)))

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> NextWord:
        return cls(config, options, tokenizer)

    def init_from(self, other: Head) -> list[str]:
        """Start from the decoder of the base or of a next-word model, which may be narrower."""
        if not isinstance(other, Base | NextWord) or other.config.embedding != self.config.embedding:
            return []
        if other.decoder.config.hidden > self.config.hidden:
            return []
        with torch.no_grad():
            self.decoder.embedding.load_state_dict(other.decoder.embedding.state_dict())
            self.decoder.bias.copy_(other.decoder.bias)
        grow(self.decoder.layers[0], self.decoder.output, other.decoder.layers[0], other.decoder.output)  # type: ignore[arg-type]
        return [n for n, _ in self.named_parameters() if not n.startswith("decoder.layers.")] + [
            n for n, _ in self.named_parameters() if n.startswith("decoder.layers.0.")
        ]

    def contexts(self, batch: Batch, tokens: Tensor) -> list[tuple[Tensor, Tensor]]:
        context, _ = self.decoder(batch.ids[:, :-1])  # (B, S-1, E): every token but the first, from those before it
        real = batch.mask[:, 1:]  # (B, S-1)
        return [(context[real], tokens[:, 1:][real])]

    def output_layer(self) -> tuple[Tensor, Tensor]:
        return self.decoder.embedding.weight, self.decoder.bias

    @torch.inference_mode()
    def read(self, ids: Sequence[int], state: State | None) -> tuple[Array, State]:
        """Probabilities (V,) of the token after `ids`, which go on from `state`, and the state there."""
        hidden, state, _ = self.decoder.states(torch.tensor([ids]), state)  # (1, T, H)
        logits = self.decoder.logits(self.decoder.output(hidden[0, -1]))
        return logits.softmax(-1).numpy(), state

    @torch.inference_mode()
    def step_many(self, ids: Sequence[int], states: Sequence[State]) -> tuple[Array, list[State]]:
        """The same after one more token each, for N states at once: (N, V), and N states."""
        joined = State(torch.cat([s.hidden for s in states], dim=1))
        context, after = self.decoder(torch.tensor(ids)[:, None], joined)  # (N, 1, E)
        probabilities = self.decoder.logits(context[:, 0]).softmax(-1).numpy()
        return probabilities, [after.select(torch.tensor([i])) for i in range(len(ids))]
