"""The chats of a page: a list with names, kept in the visitor's browser, of which one is shown."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from .assets import render, script, style

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}


def listed(page: str) -> gr.HTML:
    """The list, to be wired once what it opens is there. page: the name under which the browser keeps the chats."""
    return gr.HTML(
        html_template=render("chats.html", page=page),
        css_template=style("chats"),
        js_on_load=script("chats"),
        apply_default_css=False,
        elem_classes="small-print",
    )


def wire(chats: Any, chatbot: gr.Chatbot, panel: gr.HTML, empty: str) -> None:
    """Show the chat that is opened and keep the one that is shown. empty: what the panel beside it says at first."""
    opened = f"() => [window.chats.opened(), {json.dumps(empty)}]"
    chats.open(None, None, [chatbot, panel], js=opened, **QUIET)
    chatbot.change(None, chatbot, None, js="(messages) => window.chats?.keep(messages) ?? []", **QUIET)
