"""The chat page: small talk with what else could have been said, and a bot of one's own questions and answers.

python apps/chat.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from . import common, conversation, endpoints, snippets
from .assets import render
from .conversation import Bot, Talker
from .shelf import Shelf

OPENERS = [
    "Hi!",
    "I'm tired today.",
    "Have you seen any good movies?",
    "I just got a new puppy.",
    "What do you do for fun?",
]
TITLE = (
    "# Chat\nA small program for small talk. Many of its replies were written beforehand; it knows no facts, and all"
    " that is said stays on this machine."
)
FAQ_TITLE = (
    "# Chat\nA small program that answers the questions it was trained on; all that is said stays on this machine."
)


def build(bot: Bot | Talker, card: str = "", trainer: str = "") -> gr.Blocks:
    """The page over any object that answers like `nlp_gru.ChatBot` or `nlp_gru.FaqBot`. trainer: the address of the
    page that makes a bot of one's own, if there is one."""
    talks = isinstance(bot, Talker)
    shelf = Shelf(bot, ("faq", "chat"))

    with gr.Blocks(title="Chat · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(TITLE if talks else FAQ_TITLE, elem_classes="page-title")
        with gr.Tab("Chat"):
            picker = shelf.picker(page, "chat", "small talk" if talks else "this model")
            conversation.show(page, shelf, picker, talks, OPENERS if talks else [], "chat")
        with gr.Tab("Your own bot"):
            gr.HTML(render("own_bot.html", trainer=trainer), elem_classes="small-print")
        common.about(card)
        snippets.tab("chat")
        endpoints.chat(bot, conversation.turns, conversation.respond)
    return page


@dataclass
class SmallTalk:
    """The bundled bot, loaded when something is first said to it."""

    model: common.Model

    def reply(self, history: Sequence[str], *, candidates: int, temperature: float, seed: int | None = None) -> Any:
        return self.model.load().reply(history, candidates=candidates, temperature=temperature, seed=seed)

    def score(self, history: Sequence[str], candidates: Sequence[str]) -> list[float]:
        return list(self.model.load().score(history, candidates))


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    model = common.chosen(name, "chat", models, "faq")
    trainer = "train-your-own?head=faq" if models else ""
    return common.load_at_visit(build(model.load() if name else SmallTalk(model), model.card, trainer), model)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
