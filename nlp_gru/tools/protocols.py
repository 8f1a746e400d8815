"""What each tool needs of its model. The heads in PyTorch and the classes of the ONNX engine both have it.

Shapes: N sequences or texts, S source length, T target length, V vocabulary, C classes, D values of a vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from nlp_gru.arrays import Array
from nlp_gru.decoding.beam import Hypothesis
from nlp_gru.decoding.word_search import StepModel
from nlp_gru.model_folder.options import ChatOptions, SentimentOptions, SimilarityOptions, TranslationOptions
from nlp_gru.text.tokenizer import Tokenizer


class SentimentModel(Protocol):
    tokenizer: Tokenizer
    options: SentimentOptions

    def probabilities(self, texts: Sequence[str]) -> Array:
        """Return the calibrated probabilities (N, C) of the classes, in the order of `options.labels`."""
        ...


class SimilarityModel(Protocol):
    options: SimilarityOptions

    def vectors(self, texts: Sequence[str], max_length: int) -> Array:
        """Return unit vectors (N, D) float32."""
        ...


NextWordModel = StepModel


class TranslationModel(Protocol):
    tokenizer: Tokenizer
    options: TranslationOptions

    def is_name(self, word: str, begins: bool) -> bool:
        """Return whether a capitalised word is better kept than translated; begins: it is a sentence's first."""
        ...

    def search(self, sources: Sequence[Sequence[int]], width: int, best: int = 1) -> list[list[Hypothesis]]:
        """Return the `best` translations of each source (ids and EOS), found with a beam of `width`."""
        ...

    def attention(self, source: Sequence[int], target: Sequence[int]) -> Array:
        """Return the attention weights (T + 1, S) of each target token and EOS over the source (ids and EOS)."""
        ...


class ChatModel(Protocol):
    """Its contexts are token ids made by `join`."""

    tokenizer: Tokenizer
    options: ChatOptions

    def join(self, turns: Sequence[Sequence[int]]) -> list[int]:
        """Return the last turns' ids as one source that ends with EOS."""
        ...

    def read(self, sources: Sequence[Sequence[int]], width: int = 1) -> Any:
        """Return the decoder's state before the first token, `width` rows for each source."""
        ...

    def step(self, tokens: Array, state: Any, k: int) -> tuple[Array, Array, Any]:
        """Return log-probabilities and ids (N, k) of the likeliest next tokens, and the state there."""
        ...

    def match(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> Array:
        """Return the cosines (N,) of a context with each reply."""
        ...

    def log_p(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> Array:
        """Return the log-probability (N,) of each reply, with its end, after a context."""
        ...
