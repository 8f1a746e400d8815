"""All pages under one address, with a bar to go from one to the other.

python apps/hub.py
"""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr
from nlp_gru.apps import chat, common, next_word, sentiment, translation


def build(pages: Mapping[str, gr.Blocks]) -> gr.Blocks:
    """The pages by the name in the bar; the first one opens."""
    (first, opening), *others = pages.items()
    with gr.Blocks(title="nlp-gru", analytics_enabled=False) as hub:
        opening.render()
    hub.pages[0] = (hub.pages[0][0], first, True)  # gradio would call it Home
    for name, page in others:
        with hub.route(name):
            page.render()
    return hub


def serve(port: int = 7860, browser: bool = True) -> None:
    pages = {
        "Sentiment": sentiment.page(),
        "Autocomplete": next_word.page(),
        "Translation": translation.page(),
        "Chat": chat.page(),
    }
    common.launch(build(pages), port, browser)


if __name__ == "__main__":
    serve()
