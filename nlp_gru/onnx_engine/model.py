"""What all models of the runtime have."""

from __future__ import annotations

from typing import Any

from nlp_gru.arrays import Array
from nlp_gru.model_folder.options import ModelConfig
from nlp_gru.onnx_engine.graph import Graph
from nlp_gru.onnx_engine.session import Session
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.tokenizer import Tokenizer


class OnnxModel:
    """graphs: those of ONNX by name, each until it is opened. options: those of the head."""

    graphs: dict[str, Graph]

    def __init__(self, config: ModelConfig, options: Any, tokenizer: Tokenizer, weights: Weights, threads: int):
        self.config, self.options, self.tokenizer, self.threads = config, options, tokenizer, threads
        self.folder = weights.path.parent

    def open(self, name: str) -> Session:
        # Widened by ONNX Runtime itself: the file would take three times the memory while it is read.
        return Session(self.graphs.pop(name).model(narrow=True), self.threads)

    def tables(self) -> dict[str, Array]:
        """What is computed with outside of the graphs, by name."""
        return {}
