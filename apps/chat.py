"""The chat page: small talk with what else could have been said, and a bot of one's own questions and answers.

python apps/chat.py
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.events import api
from nlp_gru.apps import chat_train, common, conversation
from nlp_gru.apps.conversation import Bot, Talker

from nlp_gru.errors import UserError

OPENERS = [
    "Hi!",
    "I'm tired today.",
    "Have you seen any good movies?",
    "I just got a new puppy.",
    "What do you do for fun?",
]
TITLE = (
    "# Chat\nA small program trained on everyday chats. It knows no facts, and all that is said stays on this machine."
)
FAQ_TITLE = (
    "# Chat\nA small program that answers the questions it was trained on; all that is said stays on this machine."
)


def build(bot: Bot | Talker, card: str = "") -> gr.Blocks:
    """The page over any object that answers like `nlp_gru.ChatBot` or `nlp_gru.FaqBot`."""
    talks = isinstance(bot, Talker)

    def chat(message: str, history: list[dict[str, Any]] = []) -> str:  # noqa: B006
        """Reply to a message. history: the messages before it, each as {"role": "user" or "assistant", "content": text}."""
        return str(conversation.respond(bot, [*conversation.turns(history), message]).text)

    with gr.Blocks(title="Chat · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(TITLE if talks else FAQ_TITLE, elem_classes="page-title")
        with gr.Tab("Small talk" if talks else "Questions"):
            conversation.show(gr.State(), bot, OPENERS if talks else [], "chat")
        with gr.Tab("Your own bot"):
            chat_train.tab(bot)
        if card:
            with gr.Tab("About the model"):
                gr.Markdown(card)
        api(chat, api_name="chat")
    return page


def page(name: str | None = None) -> gr.Blocks:
    bot, card = common.load(name or "chat")
    if not hasattr(bot, "reply"):
        raise UserError(f"{name}: this model does not chat")
    bot.reply(["Hello."])
    return build(bot, card)


def serve(name: str | None = None, port: int = 7860, browser: bool = True) -> None:
    common.launch(page(name), port, browser)


if __name__ == "__main__":
    serve()
