"""The encoder, of which every layer reads in one direction or both: see `nlp_gru.backbone.encoder`."""

from __future__ import annotations

import numpy as np

from nlp_gru.recipe import ModelConfig
from nlp_gru.runtime.graph import BOOL, FLOAT, INT32, Graph


def runs(config: ModelConfig) -> bool:
    """Whether the runtime knows such an encoder; torch knows them all."""
    return config.cell == "gru" and not config.conv_width and not config.layer_norm


def encode(graph: Graph, x: str, mask: str, config: ModelConfig) -> tuple[str, str]:
    """x (B, S, E), mask (B, S) bool -> states (B, S, M), zero at padding, and the mask (B, S, 1) as 0 and 1."""
    real = graph.add("Unsqueeze", graph.add("Cast", mask, to=FLOAT), graph.ints(2))  # (B, S, 1)
    batch = graph.add("Shape", mask, end=1)
    shape = graph.add("Concat", batch, graph.ints(config.hidden), axis=0)
    zeros = graph.add("Expand", graph.constant("zero", np.float32(0)), shape)  # (B, H)
    directions = ("", "_reverse") if config.bidirectional else ("",)
    size = config.hidden * len(directions)
    for i in range(config.layers):
        name, sizes = f"encoder.layers.{i}.rnn", (size if i else config.embedding, config.hidden)
        if name.startswith(graph.fine):
            lengths = graph.add("ReduceSum", graph.add("Cast", mask, to=INT32), graph.ints(1), keepdims=0)
            y = graph.fine_gru(x, lengths, name, sizes, directions)
        else:
            found = [graph.gru(x, zeros, name, sizes, real, direction)[0] for direction in directions]
            y = graph.add("Concat", *found, axis=2) if len(found) > 1 else found[0]
        x = graph.add("Add", x, y) if i else y
    return x, real


def mask_input(graph: Graph) -> str:
    return graph.input("mask", BOOL, ("B", "S"))


def mean(graph: Graph, states: str, real: str) -> str:
    """states (B, S, M), zero at padding -> their mean (B, M)."""
    axis = graph.ints(1)
    total = graph.add("ReduceSum", states, axis, keepdims=0)
    return str(graph.add("Div", total, graph.add("ReduceSum", real, axis, keepdims=0)))
