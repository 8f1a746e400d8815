"""All pages under one address: a start page, and a bar to go from one to the other.

python apps/hub.py
"""

from __future__ import annotations

import gradio as gr

from nlp_gru.tools.registry import TOOLS

from . import common, frame, inside, start, training
from .pages import make_page

build = frame.framed


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
