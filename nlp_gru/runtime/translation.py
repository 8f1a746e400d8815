"""Translation: see `nlp_gru.heads.translation`."""

from __future__ import annotations

from functools import cached_property

from nlp_gru.marks import is_unknown
from nlp_gru.recipe import TranslationOptions
from nlp_gru.runtime.proto import Array
from nlp_gru.runtime.seq2seq import Seq2Seq


class Translation(Seq2Seq):
    options: TranslationOptions

    @cached_property
    def _known(self) -> Array:
        return self.weights.integers("known", self.options.known_words)

    def is_name(self, word: str, begins: bool) -> bool:
        """Whether a capitalised word is better kept than translated."""
        return is_unknown(word, begins, self._known)
