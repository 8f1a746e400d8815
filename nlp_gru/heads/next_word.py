"""The next-word head: a forward-only GRU language model that reads a text once and predicts what comes next.

It never sees the bidirectional encoder, which would show it the future. `nlp_gru.suggest` makes words of its pieces.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from nlp_gru.backbone.decoder import Decoder, State
from nlp_gru.batch import Batch, bucket, collate
from nlp_gru.dataset import Rows
from nlp_gru.errors import UserError
from nlp_gru.heads.head import Head
from nlp_gru.heads.language_model import SampledSoftmax, count_pieces, grow, pieces
from nlp_gru.heads.pretrain import Pretrain
from nlp_gru.recipe import ModelConfig, NextWordOptions
from nlp_gru.tokenizer import Tokenizer

KEYSTROKE_ROWS = 1000
Array = np.ndarray[Any, np.dtype[Any]]


class NextWord(Head):
    Options = NextWordOptions
    columns = ("text",)
    options: NextWordOptions
    frequency: Tensor

    def __init__(self, config: ModelConfig, options: NextWordOptions, tokenizer: Tokenizer):
        super().__init__()
        if config.bidirectional or config.cell != "gru" or config.conv_width or config.window or config.layer_norm:
            raise UserError("next_word reads forward, word by word: bidirectional = false, cell = 'gru', and neither "
                            "conv_width nor window nor layer_norm")  # fmt: skip
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.decoder = Decoder(config, len(tokenizer))
        self.register_buffer("frequency", torch.ones(len(tokenizer)))

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> NextWord:
        return cls(config, options, tokenizer)

    def adopt(self, other: Head) -> list[str]:
        """Start from the pre-trained forward GRU, which may be narrower."""
        if not isinstance(other, Pretrain) or other.config.bidirectional:
            return []
        if other.config.embedding != self.config.embedding or other.config.hidden > self.config.hidden:
            return []
        with torch.no_grad():
            self.decoder.embedding.weight.copy_(other.encoder.embedding.weight)
            self.decoder.bias.copy_(other.bias)
        grow(self.decoder.layers[0], self.decoder.output, other.encoder.layers[0].rnn, other.outputs[0])  # type: ignore[arg-type]
        return [n for n, _ in self.named_parameters() if not n.startswith("decoder.layers.")] + [
            n for n, _ in self.named_parameters() if n.startswith("decoder.layers.0.")
        ]

    def examples(self, rows: Rows, max_length: int) -> list[Any]:
        """Framed texts, cut into stretches of at most `max_length` tokens that overlap by one."""
        return pieces(self.tokenizer, rows["text"], max_length)

    def prepare(self, examples: Sequence[Any]) -> None:
        """Learn the pieces' frequencies from the training examples."""
        self.frequency.copy_(count_pieces(examples, len(self.tokenizer)))

    def collate(self, examples: Sequence[Any]) -> Batch:
        return collate(examples)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Every token but the first is predicted from those before it, by a sampled softmax."""
        softmax = SampledSoftmax(batch, self.frequency, self.options.negatives)
        context, _ = self.decoder(batch.ids[:, :-1])  # (B, S-1, E)
        real = batch.mask[:, 1:]  # (B, S-1)
        columns = softmax.columns[:, 1:][real]  # (N,)
        nll = softmax.nll(context[real], columns, self.decoder.embedding.weight, self.decoder.bias)
        return nll, torch.tensor(len(columns))

    @torch.no_grad()
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Cross-entropy and perplexity per piece, over the whole vocabulary; EOS counts as a piece."""
        nll, n = 0.0, 0
        for batch in batches:
            context, _ = self.decoder(batch.ids[:, :-1])
            real = batch.mask[:, 1:]
            target = batch.ids[:, 1:][real]
            logits = self.decoder.logits(context[real]).float()  # (N, V)
            nll += F.cross_entropy(logits, target, reduction="sum").item()
            n += len(target)
        return {"nll": nll / n, "perplexity": math.exp(nll / n)}

    def usage(self, rows: Rows) -> dict[str, float]:
        """Perplexity per word over all rows, and the keystrokes that three suggestions save over the first 1,000.

        Words are what blanks separate; the end of a row counts as one. No word is unknown: rare ones are spelled out.
        """
        from nlp_gru.keyboard import Keyboard
        from nlp_gru.keystrokes import type_texts

        examples = self.examples(rows, 1_000_000)
        batches = [self.collate([examples[i] for i in b]) for b in bucket([len(e) for e in examples], 8192)]
        nll = self.metrics(batches)["nll"] * sum(len(e) - 1 for e in examples)
        words = sum(len(text.split()) + 1 for text in rows["text"])
        keyboard = Keyboard(self)
        tally = type_texts(lambda c, p, k: [s.text for s in keyboard.suggest(c, p, k)], rows["text"][:KEYSTROKE_ROWS])
        return {"perplexity_per_word": math.exp(nll / words), **tally.figures()}

    @torch.inference_mode()
    def step(self, ids: Tensor, state: State) -> tuple[Tensor, State]:
        """One more token a row: ids (B,) int64 -> log-probabilities of the next (B, V), and the state after `ids`."""
        context, state = self.decoder(ids[:, None], state)
        return self.decoder.logits(context[:, 0]).log_softmax(-1), state

    @torch.inference_mode()
    def read(self, ids: Sequence[int], state: State | None) -> tuple[Array, State]:
        """Probabilities (V,) of the piece after `ids`, which go on from `state`, and the state there."""
        hidden, state = self.decoder.states(torch.tensor([ids]), state)  # (1, T, H)
        logits = self.decoder.logits(self.decoder.output(hidden[0, -1]))
        return logits.softmax(-1).numpy(), state

    def step_many(self, ids: Sequence[int], states: Sequence[State]) -> tuple[Array, list[State]]:
        """The same after one more piece each, for N states at once: (N, V), and N states."""
        joined = State(torch.cat([s.hidden for s in states], dim=1))
        log_p, after = self.step(torch.tensor(ids), joined)
        return log_p.exp().numpy(), [after.select(torch.tensor([i])) for i in range(len(ids))]
