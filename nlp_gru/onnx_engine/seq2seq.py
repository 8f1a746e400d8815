"""Translation, and what chat shares with it: see `nlp_gru.heads.seq2seq`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.decoding.beam import Hypothesis, beam_search, coverage
from nlp_gru.model_folder.options import ModelConfig
from nlp_gru.onnx_engine.encoder import encode, mask_input, mean
from nlp_gru.onnx_engine.graph import FLOAT, INT64, Graph
from nlp_gru.onnx_engine.model import OnnxModel
from nlp_gru.onnx_engine.next_word import decoder_layers
from nlp_gru.onnx_engine.session import Session, padded
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.tokenizer import BOS, EOS, SPECIAL, Tokenizer

NEVER_WRITTEN = [i for i in range(len(SPECIAL)) if i != EOS]


@dataclass(frozen=True)
class Reading:
    """Where a search stands: keys and values (B, S, M), mask (B, S), the decoder's state of B * width rows (L, N, M),
    and how far each source token was looked at (N, S)."""

    keys: Array
    values: Array
    mask: Array
    hidden: Array
    looked: Array

    def select(self, rows: Array) -> Reading:
        return Reading(self.keys, self.values, self.mask, self.hidden[:, rows], self.looked[rows])

    def keep(self, sources: Array) -> Reading:
        width = self.hidden.shape[1] // len(self.keys)
        rows = (sources[:, None] * width + np.arange(width)).reshape(-1)
        return Reading(
            self.keys[sources], self.values[sources], self.mask[sources], self.hidden[:, rows], self.looked[rows]
        )

    def coverage(self) -> Array:
        return coverage(self.looked, self.mask)

    def repeat(self, width: int) -> Reading:
        """`width` equal rows for each source."""
        return self.select(np.arange(self.hidden.shape[1]).repeat(width))


class OnnxSeq2Seq(OnnxModel):
    """Reads one sequence and writes another. `options` are those of the head; fine: see `Graph`, of the encoder."""

    fine: tuple[str, ...] = ("encoder.",)

    def __init__(self, config: ModelConfig, options: Any, tokenizer: Tokenizer, weights: Weights, threads: int):
        super().__init__(config, options, tokenizer, weights, threads)
        size = 2 * config.hidden
        weights.vector("frequency", len(tokenizer))  # of training alone, but if it is unsound, so is the file
        self.graphs = {
            "encoder": self._encoder(weights),
            "decoder": _decoder(config, len(tokenizer), weights, size),
        }

    def _bridge(self, graph: Graph, mean: str, size: int) -> str:
        """The mean of the encoder's states (B, M = size) -> the decoder's first state (B, L * M)."""
        return graph.linear(mean, "bridge", self.config.layers * size, size)

    def _beside(self, graph: Graph, mean: str, size: int) -> None:
        """What else the encoder gives."""

    def _encoder(self, weights: Weights) -> Graph:
        """ids, mask (B, S) -> keys, values (B, S, M) and the decoder's first state (L, B, M)."""
        config, size = self.config, 2 * self.config.hidden
        graph = Graph(weights, self.fine)
        ids, mask = graph.input("ids", INT64, ("B", "S")), mask_input(graph)
        x = graph.embedding(ids, "decoder.embedding.weight", (len(self.tokenizer), config.embedding))
        states, real = encode(graph, x, mask, config)
        average = mean(graph, states, real)
        first = graph.add("Tanh", self._bridge(graph, average, size))
        layered = graph.add("Reshape", first, graph.ints(0, config.layers, size))
        graph.output("keys", graph.linear(states, "decoder.attention.key", size, size), FLOAT, ("B", "S", size))
        values = graph.linear(states, "decoder.attention.value", size, size, bias=False)
        graph.output("values", values, FLOAT, ("B", "S", size))
        graph.output("first", graph.add("Transpose", layered, perm=[1, 0, 2]), FLOAT, (config.layers, "B", size))
        self._beside(graph, average, size)
        return graph

    @cached_property
    def _encode(self) -> Session:
        return self.open("encoder")

    @cached_property
    def _decode(self) -> Session:
        return self.open("decoder")

    def read(self, sources: Sequence[Sequence[int]], width: int = 1) -> Reading:
        """Sources (ids + EOS) -> the state before the first token, `width` rows for each."""
        ids, mask = padded(sources)
        keys, values, hidden, *_ = self._encode(ids=ids, mask=mask)
        return Reading(keys, values, mask, hidden, np.zeros(mask.shape, np.float32)).repeat(width)

    def step(self, tokens: Array, reading: Reading, k: int) -> tuple[Array, Array, Reading]:
        """One more token for each row: see `nlp_gru.decoding.beam.Step`. Control tokens but EOS are never
        candidates."""
        ids = tokens.astype(np.int64)[:, None]
        best, candidates, after, looks = self._decode(
            ["best", "candidates", "after", "looks"],
            ids=ids,
            targets=ids,
            k=np.array([min(k, len(self.tokenizer))]),
            hidden=reading.hidden,
            keys=reading.keys,
            values=reading.values,
            mask=reading.mask,
        )
        looked = reading.looked + looks[:, 0]
        return best, candidates, Reading(reading.keys, reading.values, reading.mask, after, looked)

    def search(self, sources: Sequence[Sequence[int]], width: int, best: int = 1) -> list[list[Hypothesis]]:
        """The `best` targets of each source (ids + EOS) by beam search, none much longer than its source can mean."""
        limits = [2 * len(source) + 10 for source in sources]
        return beam_search(self.step, self.read(sources, width), limits, width, best=best)

    def whole(self, reading: Reading, ids: Array, targets: Array) -> tuple[Array, Array]:
        """ids, targets (N, T) -> the log-probability of each target token after the ids up to there (N, T), and what
        was looked at meanwhile (N, T, S)."""
        found, looked = self._decode(
            ["log_p", "looks"],
            ids=ids,
            targets=targets,
            k=np.array([0]),
            hidden=reading.hidden,
            keys=reading.keys,
            values=reading.values,
            mask=reading.mask,
        )
        return found, looked

    def attention(self, source: Sequence[int], target: Sequence[int]) -> Array:
        """The weights (T + 1, S) with which each token of `target` and its EOS was written; source: ids + EOS."""
        ids = np.array([[BOS, *target]], np.int64)
        _, weights = self.whole(self.read([source]), ids, ids)
        return np.asarray(weights[0])


def _decoder(config: ModelConfig, vocabulary: int, weights: Weights, size: int) -> Graph:
    """ids (N, T) -> for a search, the k likeliest tokens after the last of them and the state there; for a text that is
    given (k = 0), the log-probability of the targets (N, T) and what was looked at. One graph, so that they share the
    weights."""
    graph = Graph(weights, fine=("decoder.output.",))
    ids = graph.input("ids", INT64, ("N", "T"))
    hidden = graph.input("hidden", FLOAT, (config.layers, "N", size))
    keys, values = (graph.input(name, FLOAT, ("B", "S", size)) for name in ("keys", "values"))
    mask = mask_input(graph)
    looks: list[str] = []

    def look(states: str) -> str:
        """states (N, T, M) -> what they look at (N, T, M); the rows of one source stand side by side."""
        shape = graph.add("Concat", graph.add("Shape", keys, end=1), graph.ints(-1, size), axis=0)
        grouped = graph.add("Reshape", states, shape)  # (B, N/B * T, M)
        scores = graph.add("MatMul", grouped, graph.add("Transpose", keys, perm=[0, 2, 1]))
        real = graph.add("Unsqueeze", mask, graph.ints(1))
        scores = graph.add("Where", real, scores, graph.constant("hidden_score", np.float32(-1e9)))
        looks.append(graph.add("Softmax", scores, axis=-1))
        return str(graph.add("Reshape", graph.add("MatMul", looks[0], values), graph.add("Shape", states)))

    x, after = decoder_layers(graph, ids, hidden, config, size, vocabulary, look)
    k = graph.input("k", INT64, (1,))
    never = np.zeros(vocabulary, np.float32)
    never[NEVER_WRITTEN] = -1e9
    searching = graph.add("Cast", graph.add("Min", k, graph.ints(1)), to=FLOAT)
    banned = graph.add("Mul", graph.constant("never_written", never), searching)
    logits = graph.logits(x, "decoder.embedding.weight", (vocabulary, config.embedding), size, banned)  # (N, T, V)
    log_p = graph.add("LogSoftmax", logits, axis=-1)
    last = graph.add("Gather", log_p, graph.constant("last", np.int64(-1)), axis=1)  # (N, V)
    best, candidates = graph.add("TopK", last, k, count=2)
    graph.output("best", best, FLOAT, ("N", "K"))
    graph.output("candidates", candidates, INT64, ("N", "K"))
    graph.output("after", after, FLOAT, (config.layers, "N", size))
    targets = graph.add("Unsqueeze", graph.input("targets", INT64, ("N", "T")), graph.ints(2))
    found = graph.add("Squeeze", graph.add("GatherElements", log_p, targets, axis=2), graph.ints(2))
    graph.output("log_p", found, FLOAT, ("N", "T"))
    shape = graph.add("Concat", graph.add("Shape", ids), graph.ints(-1), axis=0)
    graph.output("looks", graph.add("Reshape", looks[0], shape), FLOAT, ("N", "T", "S"))
    return graph
