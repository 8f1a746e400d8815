"""Translation: see `nlp_gru.heads.translation`."""

from __future__ import annotations

from nlp_gru.recipe import ModelConfig, TranslationOptions
from nlp_gru.runtime.seq2seq import Seq2Seq
from nlp_gru.runtime.weights import Weights
from nlp_gru.text.placeholders import is_unknown
from nlp_gru.tokenizer import Tokenizer
from nlp_gru.weights import Array


class Translation(Seq2Seq):
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
