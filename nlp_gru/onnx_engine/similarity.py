"""What a text means, as a vector: see `nlp_gru.heads.similarity`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.model_folder.options import ModelConfig, SimilarityOptions
from nlp_gru.onnx_engine.encoder import encode, mask_input, mean
from nlp_gru.onnx_engine.graph import FLOAT, INT64, Graph
from nlp_gru.onnx_engine.model import OnnxModel
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
        return unit_rows(found)

    def _graph(self, weights: Weights, vocabulary: int) -> Graph:
        """ids, mask (B, S) -> vectors (B, D), not yet of length 1."""
        config, heads, size = self.config, self.options.attention_heads, 2 * self.config.hidden
        graph = Graph(weights)
        ids, mask = graph.input("ids", INT64, ("B", "S")), mask_input(graph)
        x = graph.embedding(ids, "encoder.embedding.weight", (vocabulary, config.embedding))
        states, real = encode(graph, x, mask, config)  # (B, S, M), (B, S, 1)
        if heads:
            scores = graph.linear(states, "query", heads, size)  # (B, S, heads)
            lowest = graph.constant("lowest", np.float32(-1e9))
            padding = graph.add("Sub", graph.constant("one", np.float32(1)), real)
            weight = graph.add("Softmax", graph.add("Add", scores, graph.add("Mul", padding, lowest)), axis=1)
            parts = graph.add("Reshape", states, graph.ints(0, 0, heads, size // heads))
            read = graph.add("Mul", parts, graph.add("Unsqueeze", weight, graph.ints(3)))  # (B, S, heads, M / heads)
            pooled = graph.add(
                "ReduceSum", graph.add("Reshape", read, graph.ints(0, 0, size)), graph.ints(1), keepdims=0
            )
        else:
            pooled = mean(graph, states, real)
        graph.output("vectors", graph.linear(pooled, "meaning", self.dimensions, size), FLOAT, ("B", self.dimensions))
        return graph
