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
from .endpoints import complaint
from .shelf import Shelf

MAX_CHARACTERS, TRIES = TOOLS["chat"].most, 4
CANDIDATES, TEMPERATURE = 8, 0.8
NO_ANSWER = (  # stands above a reply to a question without an answer; static/style.css shows it as a badge
    "No answer fits"
)
MARK = "mark"  # by which page.js knows it, too
PANEL = '<div class="heading">{}</div>${{value}}'
STYLE = """
.bars { grid-template-columns: 1fr max-content; gap: .15rem .75rem; max-height: 36rem; overflow-y: auto; }
.bars .word { grid-column: 1 / -1; max-width: none; white-space: normal; overflow-wrap: anywhere; line-height: 1.35;
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; margin-top: .45rem; }
.bars .word:first-child { margin-top: 0; }
.bars .said { font-weight: 600; }
.bars button.word { text-align: left; color: var(--body-text-color); min-height: 1.75rem; cursor: pointer; }
.bars button.word:hover { text-decoration: underline; }
.bars .number { font-size: .85rem; color: var(--body-text-color-subdued); min-width: 3rem; }
.bars .track { height: .45rem; }
.note { margin-top: .75rem; }
.badge { display: inline-block; padding: .15rem .6rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; margin-bottom: .6rem;
  background: #fef3c7; color: #78350f; }
.badge.fits { background: #ccfbf1; color: #134e4a; }
"""
PICK = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button.word");
  if (!button) return;
  window.nlpGru.picked = button.textContent;
  trigger("pick");
});"""
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

    def answer(
        messages: list[Message], chosen: Any, settings: Sequence[float], but: str = ""
    ) -> Iterator[tuple[Any, ...]]:
        """The messages with the growing reply, and the panel. A reply that is asked for again is another one if it can
        be."""
        start = time.perf_counter()
        for _ in range(TRIES if but else 1):
            reply = respond(chosen, unescaped(messages), *settings)
            if reply.text != but:
                break
        panel = considered(reply, 1000 * (time.perf_counter() - start), isinstance(chosen, Talker))
        mark = [] if reply.answered else [said("assistant", NO_ANSWER, metadata={"id": MARK})]
        words = re.findall(r"\s*\S+", reply.text) or ["…"]
        for end in range(1, len(words) + 1):
            yield gr.skip(), [*messages, *mark, said("assistant", "".join(words[:end]))], panel

    def send(
        request: gr.Request, text: str, history: list[Message], which: str, *settings: float
    ) -> Iterator[tuple[Any, ...]]:
        text = clean(text)
        if not text:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        messages = [*history, said("user", text)]
        yield "", messages, gr.skip()
        yield from answer(messages, shelf.asked(which, request), settings)

    def chip_sent(
        request: gr.Request, chip: list[str], history: list[Message], which: str, *settings: float
    ) -> Iterator[tuple[Any, ...]]:
        yield from send(request, chip[0], history, which, *settings)

    def again(request: gr.Request, history: list[Message], which: str, *settings: float) -> Iterator[tuple[Any, ...]]:
        asked = up_to_user(history)
        if not asked:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        yield from answer(asked, shelf.asked(which, request), settings, but=" ".join(unescaped(history[len(asked) :])))

    def taken(history: list[Message], candidate: str) -> Any:
        """Another candidate in place of the last reply."""
        asked = up_to_user(history)
        return [*asked, said("assistant", clean(candidate))] if asked and clean(candidate) else gr.skip()

    def undo(history: list[Message]) -> tuple[Any, ...]:
        asked = up_to_user(history)
        return (*unescaped(asked[-1:]), asked[:-1], considered()) if asked else (gr.skip(), gr.skip(), gr.skip())

    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            kept = chats.listed(name)
            chatbot = gr.Chatbot(
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
                go = gr.Button("Send", variant="primary", scale=0, min_width=90)
            with gr.Row(elem_classes="tight"):
                buttons = [
                    gr.Button(label, size="sm", min_width=70) for label in ("Regenerate", "Undo", "Clear", "Export")
                ]
            chips = gr.Dataset(
                components=["textbox"], samples=[[o] for o in openers], label="Try one", visible=bool(openers)
            )
        with gr.Column(scale=2, min_width=320):
            heading = "What else it considered" if talks else "The likeliest answers"
            panel = gr.HTML(
                considered(),
                html_template=PANEL.format(heading),
                css_template=STYLE,
                js_on_load=PICK,
                apply_default_css=False,
                container=True,
                padding=True,
            )
            settings: list[Any] = []
            if talks:
                with gr.Accordion("Settings", open=False):
                    settings = [
                        gr.Slider(
                            1, 32, CANDIDATES, step=1, label="Candidates", info="Replies to choose the best from"
                        ),
                        gr.Slider(
                            0,
                            2,
                            TEMPERATURE,
                            step=0.1,
                            label="Temperature",
                            info="0: always the same reply; more: bolder ones",
                        ),
                    ]
    shown, candidate = [box, chatbot, panel], gr.Textbox(visible=False)
    rest = [chatbot, picker, *settings]
    gr.on([box.submit, go.click], send, [box, *rest], shown, **common.QUIET)
    chips.click(chip_sent, [chips, *rest], shown, **common.QUIET)
    buttons[0].click(again, rest, shown, **common.QUIET)
    buttons[1].click(undo, chatbot, shown, **common.QUIET)
    buttons[2].click(lambda: ("", [], considered()), None, shown, **common.QUIET)
    buttons[3].click(
        None,
        chatbot,
        None,
        js="(messages) => window.nlpGru.exportChat(messages, window.chats.name())",
        api_visibility="private",
    )
    panel.pick(
        taken, [chatbot, candidate], chatbot, js="(messages, _) => [messages, window.nlpGru.picked]", **common.QUIET
    )
    chats.wire(kept, chatbot, panel, considered())
    frame.remember(page, name, draft=box, **{f"setting{i}": one for i, one in enumerate(settings)})


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
    if reply is None:
        return '<div class="note">The candidates for the last reply appear here.</div>'
    if talks and not reply.candidates:
        return f'<div class="note">Nothing else: this reply was ready. {milliseconds:,.0f} ms on this machine.</div>'
    badge = "" if talks else '<div class="badge fits">An answer fits</div>'
    if not reply.answered:
        badge = f'<div class="badge">{NO_ANSWER}</div>'

    def was_said(i: int) -> bool:
        return reply.answered and i == 0

    rows = "".join(
        f'<button type="button" class="word{" said" if was_said(i) else ""}" title="Say this'
        f' instead">{html.escape(text)}</button><span class="track"><span class="fill"'
        f' style="width:{100 * p:.1f}%;background:{"#0d9488" if was_said(i) else "#8b8d98"}"></span></span><span'
        f' class="number">{100 * p:.1f} %</span>'
        for i, (text, p) in enumerate(reply.candidates)
    )
    why = (
        "The first was said; press another to say it instead. A share is how well each follows the chat."
        if talks
        else "A share says how well an answer fits, from 0 to 100 %; press one to say it instead."
    )
    return (
        f'{badge}<div class="bars" tabindex="0" role="group" aria-label="Candidates">{rows}</div>'
        f'<div class="note">{why} {milliseconds:,.0f} ms on this machine.</div>'
    )
