"""The tab that shows how programs of one's own get the same answers: in Python, with curl, in JavaScript."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from .assets import render


@dataclass(frozen=True)
class Snippet:
    """How a tool is called. python: of the package, without a server; endpoint: its name over HTTP; data: its arguments
    there."""

    python: str
    endpoint: str
    data: tuple[Any, ...]


SNIPPETS = {
    "sentiment": Snippet(
        'judge = nlp_gru.load("sentiment")\nprint(judge("I loved every minute of it"))',
        "sentiment",
        ("I loved every minute of it",),
    ),
    "next_word": Snippet(
        'keyboard = nlp_gru.load("next_word")\nprint(keyboard.suggest("I would like to ", prefix="o"))',
        "suggest",
        ("I would like to ", "o"),
    ),
    "translation": Snippet(
        'translate = nlp_gru.load("translation")\nprint(translate("Where is the station?").text)',
        "translate",
        ("Where is the station?", "en-fr"),
    ),
    "chat": Snippet('bot = nlp_gru.load("chat")\nprint(bot.reply(["Hi!"]).text)', "chat", ("Hi!", [])),
    "similarity": Snippet(
        'encoder = nlp_gru.load("similarity")\nprint(encoder.search("When do you open?", ["Parking is free.", "We open'
        ' at nine."]))',
        "search",
        ("When do you open?", ["Parking is free.", "We open at nine."]),
    ),
}


def tab(tool: str) -> None:
    """Add the tab for a tool."""
    snippet = SNIPPETS[tool]
    body = json.dumps({"data": snippet.data}, ensure_ascii=False)
    with gr.Tab("In your programs"):
        gr.HTML(
            render("snippets.html", python=snippet.python, endpoint=snippet.endpoint, body=body),
            elem_classes="small-print",
            js_on_load="window.nlpGru.snippets(element)",
        )
