"""Chat: see `nlp_gru.heads.chat`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.options import ChatOptions, ModelConfig
from nlp_gru.onnx_engine.graph import FLOAT, Graph
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
        weights.load("sharpness", "F32", ())  # of training, as frequency

    def _bridge(self, graph: Graph, mean: str, size: int) -> str:
        match = self.options.match_size
        return graph.linear(graph.linear(mean, "bridge.0", match, size), "bridge.1", self.config.layers * size, match)

    def _beside(self, graph: Graph, mean: str, size: int) -> None:
        """Where the sources lie on the unit sphere as contexts and as replies, (B, match_size) each."""
        match = self.options.match_size
        for name, layer in (("context", "bridge.0"), ("reply", "reply_map")):
            place = graph.unit(graph.linear(mean, layer, match, size, fine=True))
            graph.output(name, place, FLOAT, ("B", match))

    def join(self, turns: Sequence[Sequence[int]]) -> list[int]:
        """The last turns' tokens as one source that ends with EOS; of what is too long, the end is kept."""
        return join(turns, self.options)

    def _places(self, which: str, sequences: Sequence[Sequence[int]]) -> Array:
        ids, mask = padded(sequences)
        (found,) = self._encode([which], ids=ids, mask=mask)
        return found

    def places(self, contexts: Sequence[Sequence[int]]) -> Array:
        """Contexts (`join`) -> where they lie among each other and replies (N, match_size), on the unit sphere."""
        return self._places("context", contexts)

    def match(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> Array:
        """How well each reply (ids) follows a context (`join`): cosines (N,)."""
        found = self._places("reply", [[*reply, EOS] for reply in replies]) @ self.places([context])[0]
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
