"""The encoder, of which every layer reads in one direction or both: see `nlp_gru.backbone.encoder`."""

from __future__ import annotations

import numpy as np

from nlp_gru.model_folder.options import ModelConfig
from nlp_gru.onnx_engine.graph import BOOL, INT32, Graph

FAR = np.float32(1e9)


def runs(config: ModelConfig) -> bool:
    """Whether the runtime knows such an encoder; torch knows them all."""
    return config.cell == "gru" and not config.conv_width and not config.layer_norm


def encode(graph: Graph, x: str, mask: str, config: ModelConfig, low: bool = False) -> tuple[str, str]:
    """x (B, S, E), mask (B, S) bool -> states (B, S, M), zero at padding, and the mask (B, S, 1) as 0 and 1.

    low: they are lower at padding than any state, which spares a search for the highest a copy of all."""
    real = graph.add("Unsqueeze", graph.as_float(mask), graph.ints(2))  # (B, S, 1)
    below = graph.add("Mul", graph.add("Sub", real, graph.constant("one", np.float32(1))), graph.constant("far", FAR))
    directions = ("", "_reverse") if config.bidirectional else ("",)
    size = config.hidden * len(directions)
    fine = "encoder.layers.".startswith(graph.fine)
    # What one operator needs beside x, and what a loop over the steps starts from.
    begins = _lengths(graph, mask) if fine else _zeros(graph, mask, config.hidden)
    for i in range(config.layers):
        name, sizes = f"encoder.layers.{i}.rnn", (size if i else config.embedding, config.hidden)
        if fine:
            y = graph.fine_gru(x, begins, name, sizes, directions)
        else:
            padding = below if low and i == config.layers - 1 else ""
            found = [graph.gru(x, begins, name, sizes, real, direction, padding)[0] for direction in directions]
            y = graph.add("Concat", *found, axis=2) if len(found) > 1 else found[0]
        x = graph.add("Add", x, y) if i else y
    return x, real


def _lengths(graph: Graph, mask: str) -> str:
    return str(graph.add("ReduceSum", graph.add("Cast", mask, to=INT32), graph.ints(1), keepdims=0))  # (B,)


def _zeros(graph: Graph, mask: str, hidden: int) -> str:
    shape = graph.add("Concat", graph.add("Shape", mask, end=1), graph.ints(hidden), axis=0)
    return str(graph.add("Expand", graph.constant("zero", np.float32(0)), shape))  # (B, H)


def mask_input(graph: Graph) -> str:
    return graph.input("mask", BOOL, ("B", "S"))


def mean(graph: Graph, states: str, real: str) -> str:
    """states (B, S, M), zero at padding -> their mean (B, M)."""
    axis = graph.ints(1)
    total = graph.add("ReduceSum", states, axis, keepdims=0)
    return str(graph.add("Div", total, graph.add("ReduceSum", real, axis, keepdims=0)))
