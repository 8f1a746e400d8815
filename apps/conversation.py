"""A chat with a bot, and beside it what the bot considered."""

from __future__ import annotations

import html
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import gradio as gr

from nlp_gru.errors import UserError
from nlp_gru.tools.registry import TOOLS

from . import chats, common, frame
from .assets import render, script, style
from .endpoints import complaint
from .shelf import Shelf

MAX_CHARACTERS, TRIES = TOOLS["chat"].most, 4
CANDIDATES, TEMPERATURE = 8, 0.8
NO_ANSWER = "No answer fits"  # above a reply to a question without an answer; static/style.css shows it as a badge
MARK = "mark"  # by which page.js knows it, too
PANEL = '<div class="heading">{}</div>${{value}}'
Message = dict[str, Any]


class Bot(Protocol):
    def reply(self, history: Sequence[str], *, seed: int | None = None) -> Any: ...


@runtime_checkable
class Talker(Protocol):
    """A bot of small talk, unlike one of questions and answers, chooses among candidates."""

    def reply(self, history: Sequence[str], *, candidates: int, temperature: float, seed: int | None = None) -> Any: ...
    def score(self, history: Sequence[str], candidates: Sequence[str]) -> list[float]: ...


def show(page: gr.Blocks, shelf: Shelf, picker: gr.Dropdown, talks: bool, openers: Sequence[str], name: str) -> None:
    """A chat with the bot that is picked. talks: the page's own bot is one of small talk."""
    moves = Moves(shelf)
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            kept = chats.listed(name)
            chatbot = messages_box(name)
            box, go = message_box(name)
            with gr.Row(elem_classes="tight"):
                labels = ("Regenerate", "Undo", "Clear", "Export")
                regenerate, undo, clear, export = (gr.Button(label, size="sm", min_width=70) for label in labels)
            chips = gr.Dataset(
                components=["textbox"], samples=[[o] for o in openers], label="Try one", visible=bool(openers)
            )
        with gr.Column(scale=2, min_width=320):
            panel: Any = candidates_panel(talks)
            settings = choices() if talks else []
    shown, candidate = [box, chatbot, panel], gr.Textbox(visible=False)
    rest = [chatbot, picker, *settings]
    gr.on([box.submit, go.click], moves.send, [box, *rest], shown, **common.QUIET)
    chips.click(moves.send_chip, [chips, *rest], shown, **common.QUIET)
    regenerate.click(moves.again, rest, shown, **common.QUIET)
    undo.click(moves.undo, chatbot, shown, **common.QUIET)
    clear.click(lambda: ("", [], considered()), None, shown, **common.QUIET)
    exported = "(messages) => window.nlpGru.exportChat(messages, window.chats.name())"
    export.click(None, chatbot, None, js=exported, api_visibility="private")
    picked = "(messages, _) => [messages, window.nlpGru.picked]"
    panel.pick(moves.take, [chatbot, candidate], chatbot, js=picked, **common.QUIET)
    chats.wire(kept, chatbot, panel, considered())
    frame.remember(page, name, draft=box, **{f"setting{i}": one for i, one in enumerate(settings)})


class Moves:
    """What a visitor can do in a chat: each gives what the message box, the messages and the panel show then."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def send(
        self, request: gr.Request, text: str, history: list[Message], which: str, *settings: float
    ) -> Iterator[tuple[Any, ...]]:
        text = clean(text)
        if not text:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        messages = [*history, said("user", text)]
        yield "", messages, gr.skip()
        yield from answer(messages, self.shelf.asked(which, request), settings)

    def send_chip(
        self, request: gr.Request, chip: list[str], history: list[Message], which: str, *settings: float
    ) -> Iterator[tuple[Any, ...]]:
        yield from self.send(request, chip[0], history, which, *settings)

    def again(
        self, request: gr.Request, history: list[Message], which: str, *settings: float
    ) -> Iterator[tuple[Any, ...]]:
        asked = up_to_user(history)
        if not asked:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        before = " ".join(unescaped(history[len(asked) :]))
        yield from answer(asked, self.shelf.asked(which, request), settings, but=before)

    def take(self, history: list[Message], candidate: str) -> Any:
        """Another candidate in place of the last reply."""
        asked = up_to_user(history)
        return [*asked, said("assistant", clean(candidate))] if asked and clean(candidate) else gr.skip()

    def undo(self, history: list[Message]) -> tuple[Any, ...]:
        asked = up_to_user(history)
        return (*unescaped(asked[-1:]), asked[:-1], considered()) if asked else (gr.skip(), gr.skip(), gr.skip())


def answer(messages: list[Message], bot: Any, settings: Sequence[float], but: str = "") -> Iterator[tuple[Any, ...]]:
    """The messages with the growing reply, and the panel. but: another reply than this, if there is one."""
    start = time.perf_counter()
    for _ in range(TRIES if but else 1):
        reply = respond(bot, unescaped(messages), *settings)
        if reply.text != but:
            break
    panel = considered(reply, 1000 * (time.perf_counter() - start), isinstance(bot, Talker))
    mark = [] if reply.answered else [said("assistant", NO_ANSWER, metadata={"id": MARK})]
    words = re.findall(r"\s*\S+", reply.text) or ["…"]
    for end in range(1, len(words) + 1):
        yield gr.skip(), [*messages, *mark, said("assistant", "".join(words[:end]))], panel


def messages_box(name: str) -> gr.Chatbot:
    return gr.Chatbot(
        label="Chat",
        show_label=False,
        height=400,
        render_markdown=False,
        latex_delimiters=[],
        buttons=["copy"],
        elem_classes="chat-messages",
        elem_id=f"{name}-messages",
        placeholder="Say something, or pick an opener below.",
    )


def message_box(name: str) -> tuple[gr.Textbox, gr.Button]:
    with gr.Row():
        box = gr.Textbox(
            label="Message",
            show_label=False,
            placeholder="Your message",
            max_length=MAX_CHARACTERS,
            max_lines=4,
            container=False,
            elem_id=f"{name}-message",
            autofocus=name == "chat",
            scale=1,
            min_width=180,
        )
        return box, gr.Button("Send", variant="primary", scale=0, min_width=90)


def candidates_panel(talks: bool) -> gr.HTML:
    return gr.HTML(
        considered(),
        html_template=PANEL.format("What else it considered" if talks else "The likeliest answers"),
        css_template=style("conversation"),
        js_on_load=script("conversation"),
        apply_default_css=False,
        container=True,
        padding=True,
    )


def choices() -> list[gr.Slider]:
    """The settings of a bot of small talk."""
    bolder = "0: always the same reply; more: bolder ones"
    with gr.Accordion("Settings", open=False):
        return [
            gr.Slider(1, 32, CANDIDATES, step=1, label="Candidates", info="Replies to choose the best from"),
            gr.Slider(0, 2, TEMPERATURE, step=0.1, label="Temperature", info=bolder),
        ]


def respond(
    bot: Bot | Talker, turns: Sequence[str], candidates: float = CANDIDATES, temperature: float = TEMPERATURE
) -> Any:
    seed = random.randrange(2**31)
    try:
        if isinstance(bot, Talker):
            return bot.reply(turns, candidates=int(candidates), temperature=temperature, seed=seed)
        return bot.reply(turns, seed=seed)
    except UserError as error:
        raise complaint(str(error)) from None


def clean(text: str) -> str:
    """Without halves of surrogate pairs, which cannot be sent, and cut to what a bot reads."""
    return text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8").strip()


def said(role: str, text: str, **more: Any) -> Message:
    """A message to show: gradio takes its text for HTML, even where it is not rendered as Markdown."""
    return {"role": role, "content": html.escape(text, quote=False), **more}


def text_of(message: Mapping[str, Any] | str) -> str:
    """A message's text: gradio sends it whole or in parts."""
    content = message if isinstance(message, str) else message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part if isinstance(part, str) else str(part.get("text") or "") for part in content)


def turns(messages: Sequence[Mapping[str, Any] | str]) -> list[str]:
    """What was said, without the page's own marks."""
    return [text_of(m) for m in messages if isinstance(m, str) or (m.get("metadata") or {}).get("id") != MARK]


def unescaped(messages: Sequence[Message]) -> list[str]:
    """The turns of messages that were made by `said`."""
    return [html.unescape(turn) for turn in turns(messages)]


def up_to_user(messages: Sequence[Message]) -> list[Message]:
    """The messages up to the user's last one; none if there is none."""
    last = max((i for i, m in enumerate(messages) if m["role"] == "user"), default=-1)
    return list(messages[: last + 1])


def considered(reply: Any = None, milliseconds: float = 0, talks: bool = True) -> str:
    """The candidates of a reply and their shares, as HTML."""
    return render("considered.html", reply=reply, milliseconds=milliseconds, talks=talks, no_answer=NO_ANSWER)
