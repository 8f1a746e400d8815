"""The autocomplete page: words offered at every key, and whole continuations of a text.

python apps/next_word.py
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, Protocol

import gradio as gr

from nlp_gru.text import typing
from nlp_gru.tools.registry import TOOLS

from . import common, continuation, endpoints, frame, snippets
from .assets import render, script, style
from .continuation import clean
from .shelf import Shelf, open_choice

EXAMPLES = ["I would like to ", "The weather is nice today, it is ", "See you ", "how r u "]
MAX_CHARACTERS, CONTEXT = (
    TOOLS["next_word"].most,
    4_000,
)  # of a text; of it before the caret, for the model
CHIPS, SHOWN = 3, 10
OPENING = "\"'([{<“‘«„*_"  # stays in front of the word that a chip puts in
ENDED = re.compile(r"(?<=[.!?…])[\"'”’)\]]*+(?=\s)|\n")  # where a sentence is over
SCRIPT = script("next_word")
SENT = (  # the text up to the caret
    "(text, learning, session, which) => [window.nextWord.sent(), learning, session, which]"
)
MOST_KEPT_OFFERED = 100  # words
MOST_KEPT = 500  # sentences that the browser keeps of what was learned
BAR = render("suggestions.html")
PANEL = '<div class="heading">What the model is thinking</div>${value}'
STYLE = style("next_word")


class Suggestion(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def score(self) -> float: ...


class Keyboard(Protocol):
    @property
    def learned(self) -> int: ...
    def suggest(self, context: str = "", prefix: str = "", k: int = 3) -> Sequence[Suggestion]: ...
    def phrase(self, text: str, skip: Collection[str] = ()) -> Suggestion | None: ...
    def generate(
        self,
        prompt: str = "",
        max_words: int = 60,
        *,
        temperature: float = 0.7,
        top_p: float = 0.9,
        seed: int | None = None,
        stream: Literal[True],
    ) -> Iterator[str]: ...
    def learn(self, text: str) -> None: ...
    def forget(self) -> None: ...
    def fork(self) -> Keyboard: ...


@dataclass
class Session:
    """One browser tab's keyboard, which learns each sentence once. name: of the model that was picked; known: the
    sentences that it has learned, in order."""

    keyboard: Keyboard
    name: str = ""
    known: dict[str, None] = field(default_factory=dict)
    context: str = ""
    offered: set[str] = field(default_factory=set)  # behind that context, so far
    lock: threading.Lock = field(default_factory=threading.Lock)  # requests of one tab may overlap

    def learn(self, sentences: list[str]) -> None:
        for sentence in map(str.strip, sentences):
            if sentence and sentence not in self.known:
                self.known[sentence] = None
                self.keyboard.learn(sentence)

    def keep_only(self, sentences: Sequence[str]) -> None:
        """Have learned these and nothing else."""
        if list(self.known) != list(sentences):
            self.known.clear()
            self.keyboard.forget()
            self.learn(list(sentences))

    def suggest(self, context: str, prefix: str) -> tuple[Sequence[Suggestion], Suggestion | None]:
        """The words that are offered, and a phrase; none begins with a word that was offered at the letters before and
        not taken."""
        if context != self.context or not prefix:
            self.context = context
            self.offered.clear()
        bare = context.rstrip(OPENING)
        found = self.keyboard.suggest(bare, prefix, SHOWN)
        phrase = self.keyboard.phrase(bare + prefix, skip=list(self.offered)[:MOST_KEPT_OFFERED])
        self.offered.update(s.text for s in found[:CHIPS])
        return found, phrase

    def listed(self) -> tuple[str, Any, str]:
        """What is known in words, the choice of one sentence, and all of them for the browser to keep."""
        kept = list(self.known)[-MOST_KEPT:]
        choice = gr.update(choices=kept[::-1], value=None, visible=bool(kept))
        return memory(self.keyboard.learned), choice, json.dumps(kept, ensure_ascii=False)


def build(model: Keyboard, card: str = "") -> gr.Blocks:
    """The page over any object that answers like `nlp_gru.Keyboard`. Each browser tab gets a fork of it."""
    shelf = Shelf(model, ("next_word",))
    with gr.Blocks(title="Autocomplete · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(
            "# Autocomplete\nWhich word comes next? A small GRU guesses at every key, on this machine; nothing"
            " leaves it.",
            elem_classes="page-title",
        )
        with gr.Tab("Write"):
            picker = shelf.picker(page, "autocomplete")
            write_tab(page, shelf, picker)
        with gr.Tab("Continue a text"):
            continuation.tab(model)
        common.about(card)
        snippets.tab("next_word")
        endpoints.next_word(model)
    return page


@dataclass(frozen=True)
class Writer:
    """What the page does with the text that is written. which: a kept model's name, or nothing for the page's own."""

    shelf: Shelf

    def own(self, session: Session | None, which: str, request: gr.Request | None) -> Session:
        """The tab's keyboard; for another model a new one, which learns what the old one had learned."""
        if session is not None and session.name == which:
            return session
        new = Session(self.shelf.asked(which, request).fork(), which)
        new.learn(list(session.known) if session else [])
        return new

    def suggest(
        self, text: str, learning: bool, session: Session | None, which: str = "", request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        session = self.own(session, which, request)
        context, prefix = split(text)
        with session.lock:
            count = len(session.known)
            if learning:
                ended = sentences(context)[:-1]
                session.learn(ended[1:] if len(text) >= CONTEXT else ended)  # the first one may have lost its beginning
            start = time.perf_counter()
            found, phrase = session.suggest(context, prefix)
            milliseconds = 1000 * (time.perf_counter() - start)
            learned = (
                session.listed()
                if len(session.known) != count
                else (memory(session.keyboard.learned), gr.skip(), gr.skip())
            )
        words = [{"text": s.text, "score": s.score} for s in found[:CHIPS]]
        ahead = phrase and {"text": phrase.text, "score": phrase.score}
        answer = {"context": context, "prefix": prefix, "words": words, "phrase": ahead}
        return answer, bars([(s.text, s.score) for s in found], milliseconds), learned[0], session, *learned[1:]

    def learn(
        self, text: str, session: Session | None, which: str = "", request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        session = self.own(session, which, request)
        with session.lock:
            session.learn(sentences(clean(text)[:MAX_CHARACTERS]))
            return *session.listed(), session

    def forget(self, session: Session | None, which: str = "", request: gr.Request | None = None) -> tuple[Any, ...]:
        session = self.own(session, which, request)
        with session.lock:
            session.keep_only([])
            return *session.listed(), session

    def delete(
        self, sentence: str, session: Session | None, which: str = "", request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        session = self.own(session, which, request)
        with session.lock:
            session.keep_only([known for known in session.known if known != sentence])
            return *session.listed(), session

    def recall(
        self, kept: str, session: Session | None, which: str = "", request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        """What the browser has kept of an earlier visit is learned again."""
        session = self.own(session, which, request)
        with session.lock:
            session.learn(_sentences_of(kept))
            return *session.listed()[:2], session


def write_tab(page: gr.Blocks, shelf: Shelf, picker: gr.Dropdown) -> None:
    writer = Writer(shelf)
    session = gr.State()
    with gr.Row():
        with gr.Column(scale=3):
            text = gr.Textbox(
                label="Text",
                lines=9,
                max_lines=9,
                max_length=MAX_CHARACTERS,
                autofocus=True,
                elem_id="next-word-text",
                placeholder="Write something …",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            bar = gr.HTML(html_template=BAR, css_template=STYLE, js_on_load=SCRIPT, apply_default_css=False)
            gr.Examples(EXAMPLES, text, label="Try one")
        with gr.Column(scale=2):
            thoughts = gr.HTML(bars([]), html_template=PANEL, container=True, padding=True)
            learning = gr.Checkbox(label="Learn while I write", info="Each sentence is learned as it ends.")
            with gr.Row():
                learn_now = gr.Button("Learn from my text", size="md", min_width=190)
                forget_all = gr.Button("Forget", size="md", min_width=120)
            learned = gr.HTML(memory(0))
            with gr.Row():
                one = open_choice(label="What was learned", visible=False, filterable=True, scale=1, min_width=180)
                drop = gr.Button("Delete this one", size="sm", scale=0, min_width=130, visible=False)
            kept = gr.Textbox("[]", label="Kept by the browser", visible="hidden")
    # The script decides when to ask: at a key, at a move of the caret. It drops what comes too late.
    bar.ask(
        writer.suggest,
        [text, learning, session, picker],
        [bar, thoughts, learned, session, one, kept],
        js=SENT,
        api_name="next_word",
        api_visibility="undocumented",
        queue=False,
        trigger_mode="always_last",
        show_progress="hidden",
    )
    text.change(None, js="() => window.nextWord?.changed()", api_visibility="private")
    memory_of = [learned, one, kept, session]
    quiet: dict[str, Any] = {"api_visibility": "undocumented", "queue": False}
    for step in (
        learn_now.click(writer.learn, [text, session, picker], memory_of, api_name="next_word_learn", **quiet),
        forget_all.click(writer.forget, [session, picker], memory_of, api_name="next_word_forget", **quiet),
        drop.click(writer.delete, [one, session, picker], memory_of, api_visibility="private", queue=False),
        picker.change(None, api_visibility="private"),
    ):
        step.then(None, js="() => window.nextWord.ask(true)", api_visibility="private")
    one.change(
        lambda chosen: gr.update(visible=bool(chosen)),
        one,
        drop,
        api_visibility="private",
        queue=False,
        show_progress="hidden",
    )
    restored = frame.remember(page, "autocomplete", text=text, learning=learning, learned=kept)
    restored.then(
        writer.recall,
        [kept, session, picker],
        [learned, one, session],
        api_visibility="private",
        queue=False,
        show_progress="hidden",
    )


def _sentences_of(kept: str) -> list[str]:
    """The sentences that a browser has kept; none where it is not what this page wrote."""
    try:
        found = json.loads(kept[:300_000])
    except (ValueError, RecursionError):
        return []
    return (
        [clean(s)[:MAX_CHARACTERS] for s in found if isinstance(s, str)][-MOST_KEPT:] if isinstance(found, list) else []
    )


def split(text: str) -> tuple[str, str]:
    """What stands before the word being typed, and its letters so far; together the last `CONTEXT` characters of the
    text."""
    text = clean(text)[-CONTEXT:]
    last = re.split(r"\s", text)[-1].lstrip(OPENING)
    start = len(text) - min(len(typing.split(text).word), len(last))  # behind a slash or a bracket, another word begins
    return text[:start], text[start:]


def sentences(text: str) -> list[str]:
    """The sentences that have ended, then the rest, which may be empty."""
    return [text[i:j] for i, j in pairwise([0, *(m.end() for m in ENDED.finditer(text)), len(text)])]


def bars(words: list[tuple[str, float]], milliseconds: float = 0) -> str:
    """The candidates and their probabilities, as HTML."""
    top = max((p for _, p in words), default=0.0) or 1.0
    shown = [(word, f"{100 * p / top:.1f}", f"{100 * p:.1f}") for word, p in words]
    return render("thoughts.html", words=shown, milliseconds=milliseconds)


def memory(count: int) -> str:
    return render("memory.html", count=count)


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    model = common.chosen(name, "next_word", models)
    return common.load_at_visit(build(model, model.card), model)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
