"""Classes of texts: see `nlp_gru.heads.sentiment`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from nlp_gru.arrays import Array, softmax
from nlp_gru.model_folder.options import ModelConfig, SentimentOptions
from nlp_gru.onnx_engine.encoder import encode, mask_input
from nlp_gru.onnx_engine.graph import FLOAT, INT64, Graph
from nlp_gru.onnx_engine.model import OnnxModel
from nlp_gru.onnx_engine.ngrams import Ngrams
from nlp_gru.onnx_engine.session import Session, padded
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.batching import bucket, clip, frame
from nlp_gru.text.tokenizer import Tokenizer


class OnnxSentiment(OnnxModel):
    """What `nlp_gru.heads.sentiment.SentimentHead` computes of a text, uncertainties of int8 apart."""

    options: SentimentOptions

    def __init__(
        self, config: ModelConfig, options: SentimentOptions, tokenizer: Tokenizer, weights: Weights, threads: int
    ):
        super().__init__(config, options, tokenizer, weights, threads)
        self.graphs = {"encoder": _encoder(config, len(tokenizer), weights)}
        self.size = config.hidden * (2 if config.bidirectional else 1)
        classes, pooled = len(options.labels), 3 * self.size + config.embedding
        self._query = weights.wide("pooling.query.weight", (1, self.size))[0], weights.vector("pooling.query.bias", 1)
        self._dense = weights.wide("dense.weight", (options.dense, pooled)), weights.vector("dense.bias", options.dense)
        self._classes = (
            weights.wide("classifier.weight", (classes, options.dense)),
            weights.vector("classifier.bias", classes),
        )
        self._ngrams = Ngrams(weights, tokenizer, classes, options.ngrams) if options.ngrams else None

    @cached_property
    def _session(self) -> Session:
        return self.open("encoder")

    def tables(self) -> dict[str, Array]:
        found = {}
        for name in ("query", "dense", "classes"):
            found[name], found[f"{name}.bias"] = getattr(self, f"_{name}")
        return found | (self._ngrams.tables() if self._ngrams else {})

    def blended(self, sequences: Sequence[Sequence[int]]) -> Array:
        """Framed ids of B texts -> (B, C): calibrated logits of GRU and n-grams together."""
        rows, mask, states, embedded = self._read(sequences)
        pooled = [
            self._pooled(states[rows == r][mask[rows == r]], embedded[rows == r][mask[rows == r]])
            for r in range(len(sequences))
        ]
        return self._blend(np.stack(pooled), sequences)

    def _read(self, sequences: Sequence[Sequence[int]]) -> tuple[Array, Array, Array, Array]:
        """The text of each window (N,), mask (N, W), states (N, W, M) and embedded (N, W, E)."""
        window = self.config.window or max(map(len, sequences))
        parts = [(row, s[i : i + window]) for row, s in enumerate(sequences) for i in range(0, len(s), window)]
        ids, mask = padded([part for _, part in parts])
        states, embedded = self._session(ids=ids, mask=mask)
        return np.array([row for row, _ in parts]), mask, states, embedded

    def _blend(self, pooled: Array, sequences: Sequence[Sequence[int]]) -> Array:
        """What was read of B texts, pooled (B, 3M + E) -> logits (B, C)."""
        dense = (pooled @ self._dense[0].T + self._dense[1]).clip(0)
        a, b, c, d = self.options.blend
        x = np.log(np.array([len(s) for s in sequences]) / 32)[:, None]
        logits = np.exp(a + b * x) * (dense @ self._classes[0].T + self._classes[1])
        if self._ngrams is not None and any(self.options.blend[2:]):
            logits = logits + (c + d * x).clip(0) * self._ngrams(padded(sequences)[0])
        return np.asarray(logits)

    def _pooled(self, states: Array, embedded: Array) -> Array:
        """states (S, M), embedded (S, E) -> (3M + E,)."""
        scores = states @ self._query[0] + self._query[1]
        focus = softmax(scores)
        return np.concatenate([states.mean(0), states.max(0), focus @ states, embedded.mean(0)])

    def probabilities(self, texts: Sequence[str], batch_tokens: int = 4096) -> Array:
        """Return the calibrated probabilities (N, C). Of a text beyond `max_length` tokens, start and end are read."""
        framed = [frame(ids, self.options.max_length) for ids in self.tokenizer.encode_batch(map(clip, texts))]
        logits = np.zeros((len(framed), len(self.options.labels)))
        for indices in bucket([(len(f),) for f in framed], batch_tokens):
            logits[indices] = self.blended([framed[i] for i in indices])
        return softmax(logits)


def _encoder(config: ModelConfig, vocabulary: int, weights: Weights) -> Graph:
    """ids, mask (B, S) -> states (B, S, M) and embedded (B, S, E)."""
    graph = Graph(weights)
    ids, mask = graph.input("ids", INT64, ("B", "S")), mask_input(graph)
    x = graph.embedding(ids, "encoder.embedding.weight", (vocabulary, config.embedding))
    states, _ = encode(graph, x, mask, config)
    graph.output("states", states, FLOAT, ("B", "S", config.hidden * (2 if config.bidirectional else 1)))
    graph.output("embedded", x, FLOAT, ("B", "S", config.embedding))
    return graph
