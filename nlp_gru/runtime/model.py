"""What all models of the runtime have."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from nlp_gru.errors import optional
from nlp_gru.recipe import ModelConfig
from nlp_gru.runtime.graph import Graph
from nlp_gru.runtime.session import Session
from nlp_gru.runtime.weights import Weights
from nlp_gru.tokenizer import Tokenizer
from nlp_gru.weights import Array

if TYPE_CHECKING:
    from nlp_gru.heads.head import Head


class Model:
    """graphs: those of ONNX by name, each until it is opened. options: those of the head."""

    graphs: dict[str, Graph]

    def __init__(self, config: ModelConfig, options: Any, tokenizer: Tokenizer, weights: Weights, threads: int):
        self.config, self.options, self.tokenizer, self.threads = config, options, tokenizer, threads
        self._folder = weights.path.parent

    def open(self, name: str) -> Session:
        return Session(self.graphs.pop(name).model(), self.threads)

    def tables(self) -> dict[str, Array]:
        """What is computed with outside of the graphs, by name."""
        return {}

    @cached_property
    def reference(self) -> Head:
        """The same model in torch, for what needs gradients or every gate. Raises `UserError` where torch is missing."""
        with optional():
            from nlp_gru.checkpoint import load_model
        return load_model(self._folder)
