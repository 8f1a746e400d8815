"""From one vector per token to one per text: see `nlp_gru.backbone.pooling` and `nlp_gru.heads.distilled`."""

from __future__ import annotations

import numpy as np

from nlp_gru.onnx_engine.graph import BOOL, INT32, INT64, Graph

LOWEST = np.float32(-1e9)  # a score that softmax makes 0


class Texts:
    """The inputs ids and mask (B, S) of a graph, cut into windows of at most W tokens: see `nlp_gru.backbone.encoder`.

    ids, mask: (N, W), the windows that hold a token, those of one text one after the other; with size 0 they are the
    inputs, and N is B. real: the mask as (N, W, 1) float32; lengths: (B, 1) float32.
    """

    def __init__(self, graph: Graph, size: int):
        self.graph = graph
        self.all_ids, self.all_mask = graph.input("ids", INT64, ("B", "S")), graph.input("mask", BOOL, ("B", "S"))
        self.ids, self.mask, self._places, self._count = self.all_ids, self.all_mask, "", ""
        if size:
            self._cut(size)
        self.real = graph.add("Unsqueeze", graph.as_float(self.mask), graph.ints(2))
        self.lengths = graph.add("ReduceSum", graph.as_float(self.all_mask), graph.ints(1))  # (B, 1)

    def _cut(self, size: int) -> None:
        add, ints = self.graph.add, self.graph.ints
        length = add("Shape", self.all_ids, start=1)  # (1,)
        width = add("Max", add("Min", length, ints(size)), ints(1))
        self._count = add("Div", add("Add", length, add("Sub", width, ints(1))), width)  # windows of the longest text
        beyond = add("Concat", ints(0, 0, 0), add("Sub", add("Mul", self._count, width), length), axis=0)
        shape = add("Concat", ints(-1), width, axis=0)
        ids, mask = (add("Reshape", add("Pad", v, beyond), shape) for v in (self.all_ids, self.all_mask))
        begun = add("ReduceMax", add("Cast", mask, to=INT32), ints(1), keepdims=0)
        self._places = add("Squeeze", add("NonZero", begun), ints(0))  # (N,)
        self.ids, self.mask = (add("Gather", v, self._places, axis=0) for v in (ids, mask))

    def _joined(self, values: str, absent: np.float32) -> str:
        """values (N, ...) -> (B, windows of the longest text, ...), `absent` where a text has no such window."""
        add, ints = self.graph.add, self.graph.ints
        rows = add("Shape", self.all_ids, end=1)
        of_one = add("Shape", values, start=1)
        empty = self.graph.constant(f"absent_{absent}", absent)
        whole = add("Expand", empty, add("Concat", add("Mul", rows, self._count), of_one, axis=0))
        found = add("ScatterND", whole, add("Unsqueeze", self._places, ints(1)), values)
        return str(add("Reshape", found, add("Concat", rows, self._count, of_one, axis=0)))

    def added(self, values: str) -> str:
        """values (N, ...) of the windows -> their sums (B, ...) over each text's."""
        if not self._places:
            return values
        joined = self._joined(values, np.float32(0))
        return str(self.graph.add("ReduceSum", joined, self.graph.ints(1), keepdims=0))

    def highest(self, states: str) -> str:
        """states (N, W, M), low at padding -> the highest (B, M) over each text's tokens."""
        add, axis = self.graph.add, self.graph.ints(1)
        peak = add("ReduceMax", states, axis, keepdims=0)
        if not self._places:
            return str(peak)
        return str(add("ReduceMax", self._joined(peak, LOWEST), axis, keepdims=0))

    def attention(self, scores: str, heads: int) -> str:
        """scores (N, W, heads) -> weights (N, W, heads): 1 together over each text's tokens, 0 at padding."""
        add, ints = self.graph.add, self.graph.ints
        real = add("Unsqueeze", self.mask, ints(2))
        scores = add("Where", real, scores, self.graph.constant("lowest", LOWEST))
        if not self._places:
            return str(add("Softmax", scores, axis=1))
        rows = add("Shape", self.all_ids, end=1)
        whole = add("Concat", rows, ints(-1, heads), axis=0)
        weights = add("Softmax", add("Reshape", self._joined(scores, LOWEST), whole), axis=1)
        windows = add("Concat", ints(-1), add("Shape", self.mask, start=1), ints(heads), axis=0)
        return str(add("Gather", add("Reshape", weights, windows), self._places, axis=0))


def pooled(texts: Texts, states: str, embedded: str, size: int) -> str:
    """states (N, W, M = size), low at padding, and embedded (N, W, E) -> (B, 3M + E): mean, maximum, learned attention
    (one query), and the mean embedding."""
    graph = texts.graph
    add, ints = graph.add, graph.ints
    attention = texts.attention(graph.linear(states, "pooling.query", 1, size), 1)
    weights = add("Concat", texts.real, attention, axis=2)  # (N, W, 2)
    total, focus = add("Split", _weighed(texts, weights, states), count=2, axis=1, num_outputs=2)  # (B, 1, M) each
    bag = _weighed(texts, texts.real, embedded)
    mean, focus, bag = (add("Squeeze", v, ints(1)) for v in (total, focus, bag))
    mean, bag = (add("Div", v, texts.lengths) for v in (mean, bag))
    return str(add("Concat", mean, texts.highest(states), focus, bag, axis=1))


def _weighed(texts: Texts, weights: str, values: str) -> str:
    """weights (N, W, K), values (N, W, M) -> the sums (B, K, M) over each text's tokens."""
    graph = texts.graph
    return texts.added(graph.add("MatMul", graph.add("Transpose", weights, perm=[0, 2, 1]), values))
