"""The Python API for inference: `load` and one class for each tool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal, overload

from nlp_gru.chatbot import ChatBot, FaqBot
from nlp_gru.checkpoint import load_model
from nlp_gru.errors import UserError, check_text, check_texts, whole_number
from nlp_gru.heads.chat import ChatHead
from nlp_gru.heads.faq import FaqHead
from nlp_gru.heads.next_word import NextWord
from nlp_gru.heads.sentiment import Sentiment, SentimentHead
from nlp_gru.heads.translation import TranslationHead
from nlp_gru.keyboard import Keyboard
from nlp_gru.limits import MAX_BATCH
from nlp_gru.translator import Translator


class SentimentAnalyser:
    """Judges texts: `analyse(text)` gives a `Sentiment`, `analyse(texts)` a list of them in the same order.

    Every string has an answer, the empty one too. Raises `TypeError` for what is not text, `UserError` for a text of more than a
    million characters.
    """

    def __init__(self, head: SentimentHead):
        self.head = head

    @property
    def labels(self) -> list[str]:
        return self.head.options.labels

    @overload
    def __call__(self, texts: str) -> Sentiment: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, texts: Iterable[str]) -> list[Sentiment]: ...
    def __call__(self, texts: str | Iterable[str]) -> Sentiment | list[Sentiment]:
        if isinstance(texts, str):
            check_text(texts)
            return self.head.predict([texts])[0]
        return list(self.stream(texts))

    def stream(self, texts: Iterable[str], size: int = 256) -> Iterator[Sentiment]:
        """The same, one after the other, reading `size` texts at a time: for files that do not fit into memory."""
        check_texts(texts)
        size = whole_number("size", size, 1, MAX_BATCH)
        return self._stream(iter(texts), size)

    def _stream(self, texts: Iterator[str], size: int) -> Iterator[Sentiment]:
        while part := list(islice(texts, size)):
            check_text(*part)
            yield from self.head.predict(part)

    def explain(self, text: str, label: str | None = None) -> list[tuple[str, float]]:
        """The text's words and gaps, each with its weight for `label` (gradient times input, in logits).

        Raises as a call does, and `UserError` for a label that the model does not have.
        """
        check_text(text, *(() if label is None else (label,)))
        return self.head.explain(text, label)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(labels={self.labels})"


@overload
def load(name: Literal["sentiment"]) -> SentimentAnalyser: ...
@overload
def load(name: Literal["next_word"]) -> Keyboard: ...
@overload
def load(name: Literal["translation", "translation-fr-en"]) -> Translator: ...
@overload
def load(name: Literal["chat"]) -> ChatBot: ...
@overload
def load(name: str | Path) -> Any: ...
def load(name: str | Path) -> SentimentAnalyser | Keyboard | Translator | ChatBot | FaqBot:
    """A bundled model by name ("sentiment", "next_word", "translation", "translation-fr-en", "chat") or a model folder, ready to be called. Never reaches the network.

    Raises `UserError` when there is no such model, or its folder is damaged or not one of ours.
    """
    head = load_model(name)
    if isinstance(head, FaqHead):
        return FaqBot(head)
    if isinstance(head, SentimentHead):
        return SentimentAnalyser(head)
    if isinstance(head, NextWord):
        return Keyboard(head)
    if isinstance(head, TranslationHead):
        return Translator(head)
    if isinstance(head, ChatHead):
        return ChatBot(head)
    raise UserError(f"{name}: it is a base to start training from, not a tool to call")
