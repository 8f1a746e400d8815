"""The web demos, one file a page. `PAGES` maps a page's name to what makes it, over a model folder if one is named; `hub` has all."""

from . import chat, hub, inside, next_word, search, sentiment, training, translation

PAGES = {
    "sentiment": sentiment.page,
    "next_word": next_word.page,
    "translation": translation.page,
    "chat": chat.page,
    "search": search.page,
    "inside": inside.page,
    "training": training.page,
}

__all__ = ["PAGES", "hub"]
