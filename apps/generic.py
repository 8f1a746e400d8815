"""The page of a tool that has none of its own: a text, an answer, and an endpoint of the tool's name."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nlp_gru.tools.registry import Tool

from . import common, endpoints


def build(tool: Tool, model: Any, card: str = "") -> gr.Blocks:
    """The page over what `load` gives for the tool."""

    def answer(text: str) -> str:
        endpoints.checked(tool.name, text)
        return tool.line(next(iter(tool.answers(model, [text])))) if text.strip() else ""

    with gr.Blocks(title=f"{tool.title} · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(f"# {tool.title}\n{tool.does}", elem_classes="page-title")
        text = gr.Textbox(tool.example, label="Text", lines=3, max_length=tool.most, autofocus=True)
        go = gr.Button("Answer", variant="primary")
        found = gr.Textbox(label="Answer", lines=3, interactive=False)
        gr.on([go.click, text.submit], answer, text, found, trigger_mode="always_last", api_visibility="private")
        common.about(card)
        endpoints.one_text(tool, model)
    return page


def page(tool: Tool, name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    model = common.chosen(name, tool.name, models)
    return common.load_at_visit(build(tool, model.load() if name else model, model.card), model)
