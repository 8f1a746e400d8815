"""The sentiment head: a text's class, from the encoder's states pooled over all words."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.arrays import Array
from nlp_gru.backbone.batch import Batch, bucket, collate, frame
from nlp_gru.backbone.encoder import Encoder
from nlp_gru.backbone.pooling import Pooling
from nlp_gru.data_files.labels import rare_of
from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import RowError, UserError
from nlp_gru.heads import classification
from nlp_gru.heads.head import Head
from nlp_gru.heads.ngrams import NgramClassifier
from nlp_gru.model_folder.options import ModelConfig, SentimentOptions
from nlp_gru.text.batching import clip
from nlp_gru.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class Example:
    ids: np.ndarray  # framed token ids
    label: int

    def __len__(self) -> int:
        return len(self.ids)


class SentimentHead(Head):
    Options = SentimentOptions
    columns = ("text", "label")
    options: SentimentOptions

    def __init__(self, config: ModelConfig, options: SentimentOptions, tokenizer: Tokenizer):
        super().__init__()
        if len(options.labels) < 2:
            raise UserError(f"two labels at least are needed to tell apart, not {options.labels}")
        self.config, self.options, self.tokenizer = config, options, tokenizer
        self.encoder = Encoder(config, len(tokenizer))
        self.pooling = Pooling(self.encoder.output_size, config.embedding)
        self.dense = nn.Linear(self.pooling.output_size, options.dense)
        self.classifier = nn.Linear(options.dense, len(options.labels))
        self.class_weights = torch.ones(len(options.labels))
        size = options.ngrams
        self.ngrams = NgramClassifier(tokenizer, len(options.labels), size) if size else None

    @classmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> SentimentHead:
        return cls(config, options, tokenizer)

    @classmethod
    def resolve_options(cls, options: Any, rows: Rows) -> SentimentOptions:
        """Options whose empty `labels` are those of the training rows, in alphabetical order."""
        labels = options.labels or sorted(set(classification.normalize(rows["label"])))
        if len(labels) < 2:
            raise UserError(f"{rows.files}: nothing to tell apart, since the only label is '{labels[0]}'")
        return SentimentOptions(**{**options.model_dump(), "labels": labels})

    @classmethod
    def alike(cls, *parts: Rows) -> tuple[Rows, ...]:
        """Numbered labels by the names that those of all parts together have."""
        names = iter(classification.normalize([label for rows in parts for label in rows["label"]]))
        return tuple(Rows({**rows, "label": list(islice(names, len(rows)))}, rows.origin) for rows in parts)

    @classmethod
    def groups(cls, rows: Rows) -> Sequence[Hashable]:
        return rows["label"]

    @classmethod
    def warning(cls, rows: Rows) -> str:
        return rare_of(rows["label"])

    def init_from(self, other: Head) -> list[str]:
        """Take over the classifier's rows of labels that `other` knows too."""
        if not isinstance(other, SentimentHead) or other.options.dense != self.options.dense:
            return []
        with torch.no_grad():
            for i, label in enumerate(self.options.labels):
                if label in other.options.labels:
                    j = other.options.labels.index(label)
                    self.classifier.weight[i] = other.classifier.weight[j]
                    self.classifier.bias[i] = other.classifier.bias[j]
        return []  # its other rows are new

    def examples(self, rows: Rows, max_length: int) -> list[Example]:
        labels = classification.normalize(rows["label"], self.options.labels)
        for i, label in enumerate(labels):
            if label not in self.options.labels:
                raise RowError(i, f"unknown label '{label}'; the model has {', '.join(self.options.labels)}")
        ids = [np.asarray(frame(i, max_length), dtype=np.int32) for i in self.tokenizer.encode_batch(rows["text"])]
        return [Example(i, self.options.labels.index(label)) for i, label in zip(ids, labels, strict=True)]

    def valid_length(self, max_length: int) -> int:
        """What is calibrated is what predicts: a text is read as far as `predict` reads it."""
        return self.options.max_length

    def fit_statistics(self, examples: Sequence[Any]) -> None:
        """Weigh the classes, and fit the n-gram weights; the GRU's training then leaves both alone."""
        labels = [e.label for e in examples]
        self.class_weights = classification.class_weights(labels, len(self.options.labels), self.options.rare_share)
        if self.ngrams is not None:
            if len(set(labels)) < 2:
                raise UserError("all rows to learn from have one label; at least two are needed to tell apart")
            self.ngrams.fit([e.ids for e in examples], labels, self.options.ngram_strength)

    def collate(self, examples: Sequence[Any]) -> Batch:
        return collate([e.ids for e in examples], [e.label for e in examples])

    def logits(self, embedded: Tensor, batch: Batch) -> Tensor:
        """embedded (B, S, E) -> (B, C), C classes: what the GRU says, not yet calibrated."""
        states = self.encoder.encode(embedded, batch.lengths)  # (B, S, M)
        pooled, _ = self.pooling(states, embedded, batch.mask)  # (B, 3M + E)
        pooled = F.dropout(pooled, self.options.dropout, self.training)
        dense = F.dropout(self.dense(pooled).relu(), self.options.dropout, self.training)
        return cast(Tensor, self.classifier(dense))

    def blended(self, embedded: Tensor, batch: Batch) -> Tensor:
        """embedded (B, S, E) -> (B, C): calibrated logits of GRU and n-grams together."""
        ngrams = None if self.ngrams is None or not any(self.options.blend[2:]) else self.ngrams(batch.ids)
        return classification.blend(self.logits(embedded, batch).float(), ngrams, batch.lengths, self.options.blend)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Cross-entropy; with `adversarial`, its mean with that of the worst small step in the embedding.

        The step follows the gradient (Miyato et al. 2017, https://arxiv.org/abs/1605.07725, eq. 3-5); its norm over a
        text is `adversarial` times the norm of the text's embeddings, so that lengths and scales do not matter.
        """
        assert batch.labels is not None
        x = self.encoder.embedding(batch.ids)  # (B, S, E)
        nll = self._cross_entropy(x, batch)
        if self.training and self.options.adversarial:
            (gradient,) = torch.autograd.grad(nll, x, retain_graph=True)
            size = x.detach().flatten(1).norm(dim=1) / gradient.flatten(1).norm(dim=1).clamp_min(1e-12)  # (B,)
            step = self.options.adversarial * size[:, None, None] * gradient
            nll = (nll + self._cross_entropy(x + step, batch)) / 2
        return nll, torch.tensor(len(batch.labels))

    def _cross_entropy(self, embedded: Tensor, batch: Batch) -> Tensor:
        logits = self.logits(embedded, batch).float()
        smoothing = self.options.label_smoothing if self.training else 0.0
        assert batch.labels is not None
        weights = self.class_weights.to(logits.device) if self.training else None
        return F.cross_entropy(logits, batch.labels, weights, label_smoothing=smoothing, reduction="sum")

    @torch.no_grad()
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """nll, accuracy, macro_recall, macro_f1 and ece over the classes that occur in the data.

        A file with two of three classes so gets the two-class reading: the others' probability is left out.
        """
        logits = torch.cat([self.blended(self.encoder.embedding(b.ids), b) for b in batches])
        return classification.figures(logits, _labels(batches))

    @torch.no_grad()
    def calibrate(self, batches: Sequence[Batch]) -> None:
        """Fit the blend of GRU and n-grams, and with it the calibration, on held-out batches."""
        gru = torch.cat([self.logits(self.encoder.embedding(b.ids), b).float() for b in batches])
        ngrams = None if self.ngrams is None else torch.cat([self.ngrams(b.ids) for b in batches])
        lengths = torch.cat([b.lengths for b in batches])
        weights = classification.fit_blend(gru, ngrams, lengths, _labels(batches))
        self.options = self.options.model_copy(update={"blend": weights})

    @torch.inference_mode()
    def probabilities(self, texts: Sequence[str], batch_tokens: int = 8192) -> Array:
        """Return the calibrated probabilities (N, C). Of a text beyond `max_length` tokens, start and end are read."""
        framed = [frame(ids, self.options.max_length) for ids in self.tokenizer.encode_batch(map(clip, texts))]
        found = np.zeros((len(framed), len(self.options.labels)))
        for indices in bucket([(len(f),) for f in framed], batch_tokens):
            batch = collate([framed[i] for i in indices])
            found[indices] = self.blended(self.encoder.embedding(batch.ids), batch).softmax(-1).numpy()
        return found


def _labels(batches: Sequence[Batch]) -> Tensor:
    return torch.cat([b.labels for b in batches if b.labels is not None])
