"""Five small language tools on gated recurrent units: sentiment, autocomplete, translation, chat, search by meaning.

    >>> import nlp_gru
    >>> analyse = nlp_gru.load("sentiment")
    >>> analyse("I loved every minute of it").label
    'positive'

Notation in shapes: B batch, S source length, T target length, E embedding, H hidden size of one direction, M encoder output
(2H, or H if not bidirectional), V vocabulary, C classes, L layers. Batch comes first; masks are bool, True = real token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp_gru.errors import UserError

if TYPE_CHECKING:
    from nlp_gru.api import load
    from nlp_gru.chatbot import ChatBot, Reply
    from nlp_gru.faq import FaqBot
    from nlp_gru.index import Index
    from nlp_gru.keyboard import Keyboard, Suggestion
    from nlp_gru.mending import Change
    from nlp_gru.sentiment import Sentiment, SentimentAnalyser
    from nlp_gru.similarity import Doubles, Hit, TextEncoder
    from nlp_gru.translator import Translation, Translator

__version__ = "0.1.0"
__all__ = [
    "Change",
    "ChatBot",
    "Doubles",
    "FaqBot",
    "Hit",
    "Index",
    "Keyboard",
    "Reply",
    "Sentiment",
    "SentimentAnalyser",
    "Suggestion",
    "TextEncoder",
    "Translation",
    "Translator",
    "UserError",
    "load",
]


def __getattr__(name: str) -> object:
    """Nothing is imported before it is wanted; torch, which takes a second, only where a model needs it."""
    if name == "load":
        from nlp_gru.api import load

        return load
    if name in ("Sentiment", "SentimentAnalyser"):
        from nlp_gru import sentiment

        return getattr(sentiment, name)
    if name == "FaqBot":
        from nlp_gru.faq import FaqBot

        return FaqBot
    if name in ("ChatBot", "Reply"):
        from nlp_gru import chatbot

        return getattr(chatbot, name)
    if name == "Change":
        from nlp_gru.mending import Change

        return Change
    if name in ("Keyboard", "Suggestion"):
        from nlp_gru import keyboard

        return getattr(keyboard, name)
    if name in ("Translation", "Translator"):
        from nlp_gru import translator

        return getattr(translator, name)
    if name in ("Doubles", "Hit", "TextEncoder"):
        from nlp_gru import similarity

        return getattr(similarity, name)
    if name == "Index":
        from nlp_gru.index import Index

        return Index
    raise AttributeError(f"module 'nlp_gru' has no attribute '{name}'")
