"""The shared base, from which the other heads start: one embedding, a decoder that has learned which words follow
which, and a bidirectional encoder that has learned what a sentence means (see `nlp_gru.heads.distilled`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nlp_gru.backbone.batch import Batch, chunks, frame
from nlp_gru.backbone.decoder import Decoder
from nlp_gru.backbone.encoder import Encoder
from nlp_gru.data_files.rows import Rows
from nlp_gru.heads.distilled import Distilled, Example, SentenceBatch, pooling_layers
from nlp_gru.heads.language_model import LanguageModel
from nlp_gru.model_folder.options import BaseOptions, ModelConfig
from nlp_gru.text.tokenizer import Tokenizer

TEXT = -1  # the `row` of a text that the decoder learns from, and for which there is no vector


class Base(Distilled, LanguageModel):
    Options = BaseOptions
    columns = ("text", "row")
    options: BaseOptions

    def __init__(self, config: ModelConfig, options: BaseOptions, tokenizer: Tokenizer):
        super().__init__()
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.decoder = Decoder(config.model_copy(update={"hidden": options.decoder_hidden}), len(tokenizer))
        self.encoder = Encoder(config, 0)
        self.query, self.meaning = pooling_layers(self.encoder, options)
        self.register_buffer("frequency", torch.ones(len(tokenizer)))

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> Base:
        cls.check(config, options)
        return cls(config, options, tokenizer)

    def embed(self, ids: Tensor) -> Tensor:
        embedded: Tensor = self.decoder.embedding(ids)
        return embedded

    def examples(self, rows: Rows, max_length: int) -> list[Any]:
        """Texts in stretches of at most `max_length` tokens that overlap by one; sentences with a vector are cut
        there."""
        texts, places = rows["text"], rows["row"]
        known = len(self.teacher) if self.teacher else 0
        found = []
        for start in range(0, len(texts), 10_000):
            encoded = self.tokenizer.encode_batch(texts[start : start + 10_000])
            for ids, row in zip(encoded, places[start : start + 10_000], strict=True):
                if row >= known:
                    continue  # the teacher has not come so far
                parts = chunks(frame(ids), max_length) if row == TEXT else [frame(ids, max_length)]
                found += [Example(np.asarray(part, dtype=np.int32), row) for part in parts]
        return found

    def fit_statistics(self, examples: Sequence[Any]) -> None:
        super().fit_statistics([example.ids for example in examples])

    def contexts(self, batch: Batch, tokens: Tensor) -> list[tuple[Tensor, Tensor]]:
        context, _ = self.decoder(batch.ids[:, :-1])  # (B, S-1, E)
        real = batch.mask[:, 1:]
        return [(context[real], tokens[:, 1:][real])]

    def output_layer(self) -> tuple[Tensor, Tensor]:
        return self.decoder.embedding.weight, self.decoder.bias

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The nll of the texts, and the `distance` of each sentence, which counts as `meaning_weight` predictions."""
        sentences, texts = _apart(batch)
        total, n = LanguageModel.loss(self, texts) if texts else (torch.zeros(()), torch.zeros((), dtype=torch.int64))
        if sentences:
            total = total + self.options.meaning_weight * self.distance(sentences)
            n = n + round(self.options.meaning_weight * len(sentences.ids))
        return total, n

    @torch.no_grad()
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """nll and perplexity per token of the texts, and the sentences' `likeness`."""
        parts = [_apart(batch) for batch in batches]
        texts, sentences = [t for _, t in parts if t], [s for s, _ in parts if s]
        figures = LanguageModel.metrics(self, texts) if texts else {"nll": 0.0}
        if not sentences:
            return figures
        likeness = self.likeness(sentences)
        return {"total": figures["nll"] + 1 - likeness["cosine"], **figures, **likeness}


def _apart(batch: Batch) -> tuple[SentenceBatch | None, Batch | None]:
    """The batch's sentences that have a vector, and its other texts."""
    vectors = batch.vectors if isinstance(batch, SentenceBatch) else None
    count = 0 if vectors is None else len(vectors)
    sentences = SentenceBatch(batch.ids[:count], batch.lengths[:count], vectors=vectors) if count else None
    return sentences, Batch(batch.ids[count:], batch.lengths[count:]) if count < len(batch.ids) else None
