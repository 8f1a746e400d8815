"""What a text means, as a vector: see `nlp_gru.heads.similarity`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.options import ModelConfig, SimilarityOptions
from nlp_gru.onnx_engine.encoder import encode
from nlp_gru.onnx_engine.graph import FLOAT, Graph
from nlp_gru.onnx_engine.model import OnnxModel
from nlp_gru.onnx_engine.pooling import Texts
from nlp_gru.onnx_engine.session import Session, padded
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.batching import bucket, frame
from nlp_gru.text.tokenizer import Tokenizer

BATCH_TOKENS = 2048  # read at once, with padding


class OnnxSimilarity(OnnxModel):
    """What `nlp_gru.heads.similarity.SimilarityHead.vectors` computes of a text."""

    options: SimilarityOptions

    def __init__(
        self, config: ModelConfig, options: SimilarityOptions, tokenizer: Tokenizer, weights: Weights, threads: int
    ):
        super().__init__(config, options, tokenizer, weights, threads)
        self.graphs = {"encoder": self._graph(weights, len(tokenizer))}

    @property
    def dimensions(self) -> int:
        return self.options.dimensions

    @cached_property
    def _session(self) -> Session:
        return self.open("encoder")

    def vectors(self, texts: Sequence[str], max_length: int) -> Array:
        """(N, D) float32, unit vectors. Of a text beyond `max_length` tokens, start and end are read."""
        framed = [frame(ids, max_length) for ids in self.tokenizer.encode_batch(texts)]
        found = np.empty((len(framed), self.dimensions), np.float32)
        for indices in bucket([(len(f),) for f in framed], BATCH_TOKENS):
            ids, mask = padded([framed[i] for i in indices])
            (found[indices],) = self._session(ids=ids, mask=mask)
        return found

    def _graph(self, weights: Weights, vocabulary: int) -> Graph:
        """ids, mask (B, S) -> unit vectors (B, D)."""
        config, size = self.config, 2 * self.config.hidden
        graph = Graph(weights)
        texts = Texts(graph, config.window)
        x = graph.embedding(texts.ids, "encoder.embedding.weight", (vocabulary, config.embedding), tied=False)
        states = encode(graph, x, texts.mask, config)[0]  # (N, W, M), zero at padding
        vectors = graph.linear(self._pooled(texts, states, size), "meaning", self.dimensions, size)
        graph.output("vectors", graph.unit(vectors), FLOAT, ("B", self.dimensions))
        return graph

    def _pooled(self, texts: Texts, states: str, size: int) -> str:
        """states (N, W, M = size) -> (B, M): each head's part of them by its weights, or without heads the mean."""
        graph, heads = texts.graph, self.options.attention_heads
        if not heads:
            total = texts.added(graph.add("ReduceSum", states, graph.ints(1), keepdims=0))
            return str(graph.add("Div", total, texts.lengths))
        weights = texts.attention(graph.linear(states, "query", heads, size), heads)  # (N, W, heads)
        parts = graph.add("Reshape", states, graph.ints(0, 0, heads, size // heads))
        read = graph.add("Mul", parts, graph.add("Unsqueeze", weights, graph.ints(3)))  # (N, W, heads, M / heads)
        flat = graph.add("Reshape", read, graph.ints(0, 0, size))
        return texts.added(graph.add("ReduceSum", flat, graph.ints(1), keepdims=0))
