"""The similarity head: what a text means, as a vector; the encoder of the base, trained on without the decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nlp_gru.backbone.batch import Batch, frame
from nlp_gru.backbone.encoder import Encoder
from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import RowError, UserError
from nlp_gru.heads.base import Base
from nlp_gru.heads.distilled import Distilled, Example, SentenceBatch, pooling_layers
from nlp_gru.heads.head import Head
from nlp_gru.model_folder.options import ModelConfig, SimilarityOptions
from nlp_gru.text.tokenizer import Tokenizer


class SimilarityHead(Distilled):
    Options = SimilarityOptions

    def __init__(self, config: ModelConfig, options: SimilarityOptions, tokenizer: Tokenizer):
        super().__init__()
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.encoder = Encoder(config, len(tokenizer))
        self.query, self.meaning = pooling_layers(self.encoder, options)

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> SimilarityHead:
        cls.check(config, options)
        return cls(config, options, tokenizer)

    def init_from(self, other: Head) -> list[str]:
        """Take over the base's embedding."""
        if not isinstance(other, Base) or other.config.embedding != self.config.embedding:
            return []
        self.encoder.embedding.load_state_dict(other.decoder.embedding.state_dict())
        return ["encoder.embedding.weight"]

    def embed(self, ids: Tensor) -> Tensor:
        embedded: Tensor = self.encoder.embedding(ids)
        return embedded

    def examples(self, rows: Rows, max_length: int) -> list[Any]:
        """Sentences with the row of their vector. Raises `RowError` for a row that the teacher's vectors do not
        have."""
        if self.teacher is None:
            raise UserError("there is nothing to learn from: name the teacher's vectors in similarity.vectors")
        for i, row in enumerate(rows["row"]):
            if not 0 <= row < len(self.teacher):
                raise RowError(i, f"there is no vector {row}; the teacher made {len(self.teacher):,}")
        encoded = self.tokenizer.encode_batch(rows["text"])
        framed = (np.asarray(frame(ids, max_length), dtype=np.int32) for ids in encoded)
        return [Example(ids, row) for ids, row in zip(framed, rows["row"], strict=True)]

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        assert isinstance(batch, SentenceBatch)
        return self.distance(batch), torch.tensor(len(batch.ids))

    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """1 less the mean cosine with the teacher's vectors, that cosine, and how often the right one of 1,000 is
        nearest."""
        figures = self.likeness([b for b in batches if isinstance(b, SentenceBatch)])
        return {"distance": 1 - figures["cosine"], **figures}
