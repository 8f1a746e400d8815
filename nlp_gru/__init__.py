"""Five small language tools on gated recurrent units: sentiment, autocomplete, translation, chat, search by meaning.

    >>> import nlp_gru
    >>> analyse = nlp_gru.load("sentiment")
    >>> analyse("I loved every minute of it").label
    'positive'

Notation in shapes: B batch, S source length, T target length, E embedding, H hidden size of one direction, M encoder
output (2H, or H if not bidirectional), V vocabulary, C classes, L layers. Batch comes first; masks are bool, True =
real token.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from nlp_gru.errors import UserError

if TYPE_CHECKING:
    from nlp_gru.loading import load
    from nlp_gru.tools.chat.chatbot import ChatBot, Reply
    from nlp_gru.tools.faq.bot import FaqBot
    from nlp_gru.tools.keyboard.keyboard import Keyboard, Suggestion
    from nlp_gru.tools.keyboard.mending import Change
    from nlp_gru.tools.sentiment import Sentiment, SentimentAnalyser
    from nlp_gru.tools.similarity.encoder import DuplicateGroup, Hit, TextEncoder
    from nlp_gru.tools.similarity.index import Index
    from nlp_gru.tools.translation.translator import Translation, Translator

__version__ = "0.2.0"
__all__ = [
    "Change",
    "ChatBot",
    "DuplicateGroup",
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


_PLACES = {
    "load": "loading",
    "ChatBot": "tools.chat.chatbot",
    "Reply": "tools.chat.chatbot",
    "FaqBot": "tools.faq.bot",
    "Index": "tools.similarity.index",
    "Keyboard": "tools.keyboard.keyboard",
    "Suggestion": "tools.keyboard.keyboard",
    "Change": "tools.keyboard.mending",
    "Sentiment": "tools.sentiment",
    "SentimentAnalyser": "tools.sentiment",
    "DuplicateGroup": "tools.similarity.encoder",
    "Hit": "tools.similarity.encoder",
    "TextEncoder": "tools.similarity.encoder",
    "Translation": "tools.translation.translator",
    "Translator": "tools.translation.translator",
}


def __getattr__(name: str) -> object:
    """Nothing is imported before it is wanted; torch, which takes a second, only where a model needs it."""
    if name not in _PLACES:
        raise AttributeError(f"module 'nlp_gru' has no attribute '{name}'")
    return getattr(importlib.import_module(f"nlp_gru.{_PLACES[name]}"), name)
