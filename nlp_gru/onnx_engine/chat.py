"""Chat: see `nlp_gru.heads.chat`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.model_folder.options import ChatOptions, ModelConfig
from nlp_gru.onnx_engine.graph import Graph
from nlp_gru.onnx_engine.seq2seq import OnnxSeq2Seq
from nlp_gru.onnx_engine.session import padded
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.tokenizer import BOS, EOS, SPECIAL, Tokenizer

TURN = SPECIAL.index("<turn>")


class OnnxChat(OnnxSeq2Seq):
    options: ChatOptions
    fine = ()  # it would change no more replies, and reading the ready questions would take longer

    def __init__(self, config: ModelConfig, options: ChatOptions, tokenizer: Tokenizer, weights: Weights, threads: int):
        super().__init__(config, options, tokenizer, weights, threads)
        size, match = 2 * config.hidden, options.match_size
        weights.load("sharpness", "F32", ())  # of training, as frequency
        self._context = _Map(weights, "bridge.0", match, size)
        self._reply = _Map(weights, "reply_map", match, size)

    def tables(self) -> dict[str, Array]:
        maps = {"context": self._context, "reply": self._reply}
        return {name: value for key, m in maps.items() for name, value in ((key, m.weight), (f"{key}.bias", m.bias))}

    def _bridge(self, graph: Graph, mean: str, size: int) -> str:
        match = self.options.match_size
        return graph.linear(graph.linear(mean, "bridge.0", match, size), "bridge.1", self.config.layers * size, match)

    def join(self, turns: Sequence[Sequence[int]]) -> list[int]:
        """The last turns' tokens as one source that ends with EOS; of what is too long, the end is kept."""
        return join(turns, self.options)

    def _means(self, sequences: Sequence[Sequence[int]]) -> Array:
        ids, mask = padded(sequences)
        return self._encode(ids=ids, mask=mask)[3]

    def places(self, contexts: Sequence[Sequence[int]]) -> Array:
        """Contexts (`join`) -> where they lie among each other and among replies (N, match_size), on the unit
        sphere."""
        return self._context(self._means(contexts))

    def match(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> Array:
        """How well each reply (ids) follows a context (`join`): cosines (N,)."""
        found = self._reply(self._means([[*reply, EOS] for reply in replies])) @ self.places([context])[0]
        return np.asarray(found)

    def log_p(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> Array:
        """The log-probability of each reply (ids) and its end after a context (`join`): (N,)."""
        ids, _ = padded([[BOS, *reply] for reply in replies])
        targets, mask = padded([[*reply, EOS] for reply in replies])
        found, _ = self.whole(self.read([context], len(replies)), ids, targets)
        return np.asarray(np.where(mask, found, 0).sum(1))


def join(turns: Sequence[Sequence[int]], options: ChatOptions) -> list[int]:
    ids: list[int] = []
    for turn in turns[-options.context_turns :]:
        ids += [*([TURN] if ids else []), *turn]
    return [*ids[-options.context_tokens :], EOS]


class _Map:
    """A linear layer (B, M) -> (B, match_size), onto the unit sphere."""

    def __init__(self, weights: Weights, name: str, outputs: int, inputs: int):
        self.weight = weights.wide(f"{name}.weight", (outputs, inputs))
        self.bias = weights.vector(f"{name}.bias", outputs)

    def __call__(self, means: Array) -> Array:
        return unit_rows(means @ self.weight.T + self.bias)
