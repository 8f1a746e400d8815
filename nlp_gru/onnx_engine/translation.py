"""Translation: see `nlp_gru.heads.translation`."""

from __future__ import annotations

from nlp_gru.arrays import Array
from nlp_gru.model_folder.options import ModelConfig, TranslationOptions
from nlp_gru.onnx_engine.seq2seq import OnnxSeq2Seq
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.placeholders import is_unknown
from nlp_gru.text.tokenizer import Tokenizer


class OnnxTranslation(OnnxSeq2Seq):
    options: TranslationOptions

    def __init__(
        self, config: ModelConfig, options: TranslationOptions, tokenizer: Tokenizer, weights: Weights, threads: int
    ):
        super().__init__(config, options, tokenizer, weights, threads)
        self._known = weights.integers("known", options.known_words)

    def tables(self) -> dict[str, Array]:
        return {"known": self._known}

    def is_name(self, word: str, begins: bool) -> bool:
        """Whether a capitalised word is better kept than translated."""
        return is_unknown(word, begins, self._known)
