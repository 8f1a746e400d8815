"""Which page shows which tool."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import gradio as gr

from nlp_gru.tools.registry import TOOLS

from . import chat, generic, inside, next_word, search, sentiment, training, translation

Maker = Callable[..., gr.Blocks]  # (model folder or None, models=...) -> the page
# The pages that were made for one tool, by its name, and those that are of no tool.
PAGES: dict[str, Maker] = {
    "sentiment": sentiment.page,
    "next_word": next_word.page,
    "translation": translation.page,
    "chat": chat.page,
    "faq": chat.page,
    "similarity": search.page,
    "inside": inside.page,
    "training": training.page,
}


def page_names() -> list[str]:
    """Return what can be opened alone: every tool, and the pages that are of no tool."""
    return [*TOOLS, *(name for name in PAGES if name not in TOOLS)]


def make_page(name: str) -> Maker:
    """Return what makes the page of that name, one of `page_names`."""
    return PAGES[name] if name in PAGES else partial(generic.page, TOOLS[name])
