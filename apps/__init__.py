"""The web demos, one file a page. `PAGES` maps a page's name to the function that serves it; `hub` serves all."""

from nlp_gru.apps import chat, hub, next_word, sentiment, translation

PAGES = {
    "sentiment": sentiment.serve,
    "next_word": next_word.serve,
    "translation": translation.serve,
    "chat": chat.serve,
}

__all__ = ["PAGES", "hub"]
