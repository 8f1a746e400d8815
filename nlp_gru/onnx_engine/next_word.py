"""The next-word model: see `nlp_gru.heads.next_word`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.options import ModelConfig, NextWordOptions
from nlp_gru.onnx_engine.graph import FLOAT, INT64, Graph
from nlp_gru.onnx_engine.model import OnnxModel
from nlp_gru.onnx_engine.session import Session
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.tokenizer import Tokenizer


class OnnxNextWord(OnnxModel):
    """A state is the hidden vectors of all layers, (L, 1, H)."""

    def __init__(
        self, config: ModelConfig, options: NextWordOptions, tokenizer: Tokenizer, weights: Weights, threads: int
    ):
        super().__init__(config, options, tokenizer, weights, threads)
        weights.vector("frequency", len(tokenizer))  # of training alone, but if it is unsound, so is the file
        self.graphs = {"decoder": _decoder(config, len(tokenizer), weights)}

    @cached_property
    def _session(self) -> Session:
        return self.open("decoder")

    def read(self, ids: Sequence[int], state: Array | None) -> tuple[Array, Array]:
        if state is None:
            state = np.zeros((self.config.layers, 1, self.config.hidden), np.float32)
        p, after = self._session(ids=np.array([ids], np.int64), hidden=state)
        return p[0], after

    def step_many(self, ids: Sequence[int], states: Sequence[Array]) -> tuple[Array, list[Array]]:
        p, after = self._session(ids=np.array(ids, np.int64)[:, None], hidden=np.concatenate(states, axis=1))
        return p, [after[:, i : i + 1] for i in range(len(ids))]


def _decoder(config: ModelConfig, vocabulary: int, weights: Weights) -> Graph:
    """ids (N, T), hidden (L, N, H) -> the probabilities (N, V) of what follows the last of them, and the state
    there."""
    graph, size = Graph(weights), config.hidden
    ids = graph.input("ids", INT64, ("N", "T"))
    hidden = graph.input("hidden", FLOAT, (config.layers, "N", size))
    x, after = decoder_layers(graph, ids, hidden, config, size, vocabulary)
    last = graph.add("Gather", x, graph.constant("last", np.int64(-1)), axis=1)  # (N, H)
    logits = graph.logits(last, "decoder.embedding.weight", (vocabulary, config.embedding), size)
    graph.output("p", graph.add("Softmax", logits, axis=-1), FLOAT, ("N", vocabulary))
    graph.output("after", after, FLOAT, (config.layers, "N", size))
    return graph


def decoder_layers(
    graph: Graph, ids: str, hidden: str, config: ModelConfig, size: int, vocabulary: int, look: object = None
) -> tuple[str, str]:
    """The decoder up to its output layer: ids (N, T), hidden (L, N, H) -> (N, T, H) and the state after (L, N, H).

    look: what is added to the states of the first layer, as a function of them."""
    x = graph.embedding(ids, "decoder.embedding.weight", (vocabulary, config.embedding))
    after = []
    for i in range(config.layers):
        h = graph.add("Gather", hidden, graph.constant(f"layer_{i}", np.int64(i)), axis=0)  # (N, H)
        y, last = graph.gru(x, h, f"decoder.layers.{i}", (size if i else config.embedding, size))
        x = graph.add("Add", x, y) if i else y
        after.append(graph.add("Unsqueeze", last, graph.ints(0)))
        if i == 0 and callable(look):
            x = graph.add("Add", x, look(x))
    return x, graph.add("Concat", *after, axis=0) if len(after) > 1 else after[0]
