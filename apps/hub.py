"""All pages under one address: a start page, and a bar to go from one to the other.

python apps/hub.py
"""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from nlp_gru.tools.registry import TOOLS

from . import common, inside, start, training
from .pages import make_page


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


def page() -> gr.Blocks:
    """Every page over the bundled models, each of which is loaded once, when it is first needed."""
    models = {name: common.Model(name) for name in (*TOOLS, *inside.MODELS)}
    tools = {tool.title: make_page(tool.name)(models=models) for tool in TOOLS.values() if not tool.beside}
    return build(
        {
            "Start": start.page(models),
            **tools,
            "Look inside": inside.page(models=models),
            "Train your own": training.page(models=models),
        }
    )


if __name__ == "__main__":
    from .serving import launch

    launch(page())
