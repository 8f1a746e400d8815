"""The autocomplete page: words offered at every key, and whole continuations of a text.

python apps/next_word.py
"""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Protocol

import gradio as gr

from nlp_gru.text import typing
from nlp_gru.tools.registry import TOOLS

from . import common, continuation, endpoints
from .continuation import clean

EXAMPLES = ["I would like to ", "The weather is nice today, it is ", "See you ", "how r u "]
MAX_CHARACTERS, CONTEXT = (
    TOOLS["next_word"].most,
    4_000,
)  # of a text; of it before the caret, for the model
CHIPS, SHOWN = 3, 10
OPENING = "\"'([{<“‘«„*_"  # stays in front of the word that a chip puts in
ENDED = re.compile(r"(?<=[.!?…])[\"'”’)\]]*+(?=\s)|\n")  # where a sentence is over
SCRIPT = Path(__file__).with_name("next_word.js").read_text(encoding="utf-8")
SENT = "(text, learning, session) => [window.nextWord.sent(), learning, session]"  # the text up to the caret
BAR = """<div class="chips" role="group" aria-label="Suggestions">
<button type="button" class="chip" aria-keyshortcuts="Alt+1" disabled><span>&nbsp;</span><kbd>Tab</kbd></button>
<button type="button" class="chip" aria-keyshortcuts="Alt+2" disabled><span>&nbsp;</span><kbd>Alt 2</kbd></button>
<button type="button" class="chip" aria-keyshortcuts="Alt+3" disabled><span>&nbsp;</span><kbd>Alt 3</kbd></button>
</div><p class="hint" id="next-word-keys"><kbd>Tab</kbd> takes the first word if it is likely, <kbd>Alt 1</kbd> to <kbd>3</kbd> any; <kbd>Esc</kbd> <kbd>Tab</kbd> leaves the box.</p>
<p class="saved"><span>A word taken counts as one keystroke.</span> <button type="button" class="reset">Reset</button></p>"""
PANEL = '<div class="heading">What the model is thinking</div>${value}'
STYLE = """
.chips { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .5rem; }
.chip { min-height: 2.9rem; padding: .3rem .6rem; border-radius: .6rem; font-size: 1.05rem; display: flex; align-items: center;
  justify-content: center; gap: .6rem; color: var(--body-text-color); background: var(--background-fill-secondary);
  border: 1px solid var(--border-color-primary); }
.chip span { overflow: hidden; text-overflow: ellipsis; white-space: pre; }
.chip.first { font-weight: 600; }
.chip.first, .chip:hover:enabled { border-color: var(--primary-600); }
.chip:disabled span { opacity: .45; } .chip:disabled kbd { visibility: hidden; }
:focus-visible { outline: 2px solid var(--primary-600); outline-offset: 2px; }
kbd { font: inherit; font-size: .75rem; font-weight: 400; color: var(--body-text-color-subdued); white-space: nowrap;
  border: 1px solid var(--border-color-primary); border-radius: .3rem; padding: 0 .3rem; background: none; box-shadow: none; }
p { margin: .6rem 0 0; font-size: .85rem; color: var(--body-text-color-subdued); }
.saved { display: flex; align-items: center; justify-content: space-between; gap: .75rem; }
.saved b { color: var(--body-text-color); font-size: 1.05rem; }
.reset { min-height: 2rem; padding: 0 .6rem; border-radius: .4rem; border: 1px solid var(--border-color-primary); }
@media (hover: none), (max-width: 480px) { .chip kbd, .hint { display: none; } }
"""


class Suggestion(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def score(self) -> float: ...


class Keyboard(Protocol):
    @property
    def learned(self) -> int: ...
    def suggest(self, context: str = "", prefix: str = "", k: int = 3) -> Sequence[Suggestion]: ...
    def generate(self, prompt: str = "", max_words: int = 60, *, temperature: float = 0.7, top_p: float = 0.9,
                 seed: int | None = None, stream: Literal[True]) -> Iterator[str]: ...  # fmt: skip
    def learn(self, text: str) -> None: ...
    def forget(self) -> None: ...
    def fork(self) -> Keyboard: ...


@dataclass
class Session:
    """One browser tab's keyboard, which learns each sentence once."""

    keyboard: Keyboard
    known: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)  # requests of one tab may overlap

    def learn(self, sentences: list[str]) -> None:
        for sentence in map(str.strip, sentences):
            if sentence and sentence not in self.known:
                self.known.add(sentence)
                self.keyboard.learn(sentence)


def build(model: Keyboard, card: str = "") -> gr.Blocks:
    """The page over any object that answers like `nlp_gru.Keyboard`. Each browser tab gets a fork of it."""
    with gr.Blocks(title="Autocomplete · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown("# Autocomplete\nWhich word comes next? A small GRU guesses at every key, on this machine; nothing leaves it.",
                    elem_classes="page-title")  # fmt: skip
        with gr.Tab("Write"):
            write_tab(model)
        with gr.Tab("Continue a text"):
            continuation.tab(model)
        common.about(card)
        endpoints.next_word(model)
    return page


def write_tab(model: Keyboard) -> None:
    def suggest(text: str, learning: bool, session: Session | None) -> tuple[dict[str, Any], str, str, Session]:
        session = session or Session(model.fork())
        context, prefix = split(text)
        with session.lock:
            if learning:
                ended = sentences(context)[:-1]
                session.learn(ended[1:] if len(text) >= CONTEXT else ended)  # the first one may have lost its beginning
            start = time.perf_counter()
            found = session.keyboard.suggest(context.rstrip(OPENING), prefix, SHOWN)
            milliseconds = 1000 * (time.perf_counter() - start)
            count = session.keyboard.learned
        words = [{"text": s.text, "score": s.score} for s in found[:CHIPS]]
        answer = {"context": context, "prefix": prefix, "words": words}
        return answer, bars([(s.text, s.score) for s in found], milliseconds), memory(count), session

    def learn(text: str, session: Session | None) -> tuple[str, Session]:
        session = session or Session(model.fork())
        with session.lock:
            session.learn(sentences(clean(text)[:MAX_CHARACTERS]))
            return memory(session.keyboard.learned), session

    def forget(session: Session | None) -> tuple[str, Session]:
        session = session or Session(model.fork())
        with session.lock:
            session.known.clear()
            session.keyboard.forget()
            return memory(session.keyboard.learned), session

    session = gr.State()
    with gr.Row():
        with gr.Column(scale=3):
            text = gr.Textbox(label="Text", lines=9, max_lines=9, max_length=MAX_CHARACTERS, autofocus=True,
                              elem_id="next-word-text", placeholder="Write something …",
                              html_attributes=gr.InputHTMLAttributes(autocomplete="off"))  # fmt: skip
            bar = gr.HTML(html_template=BAR, css_template=STYLE, js_on_load=SCRIPT, apply_default_css=False)
            gr.Examples(EXAMPLES, text, label="Try one")
        with gr.Column(scale=2):
            thoughts = gr.HTML(bars([]), html_template=PANEL, container=True, padding=True)
            learning = gr.Checkbox(label="Learn while I write", info="Each sentence is learned as it ends.")
            with gr.Row():
                learn_now = gr.Button("Learn from my text", size="md", min_width=190)
                forget_all = gr.Button("Forget", size="md", min_width=120)
            learned = gr.HTML(memory(0))
    # The script decides when to ask: at a key, at a move of the caret. It drops what comes too late.
    bar.ask(suggest, [text, learning, session], [bar, thoughts, learned, session], js=SENT, api_name="next_word", api_visibility="undocumented",
            queue=False, trigger_mode="always_last", show_progress="hidden")  # fmt: skip
    text.change(None, js="() => window.nextWord?.changed()", api_visibility="private")
    for step in (
        learn_now.click(
            learn,
            [text, session],
            [learned, session],
            api_name="next_word_learn",
            api_visibility="undocumented",
            queue=False,
        ),
        forget_all.click(
            forget, session, [learned, session], api_name="next_word_forget", api_visibility="undocumented", queue=False
        ),
    ):
        step.then(None, js="() => window.nextWord.ask(true)", api_visibility="private")


def split(text: str) -> tuple[str, str]:
    """What stands before the word being typed, and its letters so far; together the last `CONTEXT` characters of the text."""
    text = clean(text)[-CONTEXT:]
    last = re.split(r"\s", text)[-1].lstrip(OPENING)
    start = len(text) - min(len(typing.split(text).word), len(last))  # behind a slash or a bracket, another word begins
    return text[:start], text[start:]


def sentences(text: str) -> list[str]:
    """The sentences that have ended, then the rest, which may be empty."""
    return [text[i:j] for i, j in pairwise([0, *(m.end() for m in ENDED.finditer(text)), len(text)])]


def bars(words: list[tuple[str, float]], milliseconds: float = 0) -> str:
    """The candidates and their probabilities, as HTML."""
    if not words:
        return '<div class="note">No word in mind.</div>'
    top = max(p for _, p in words) or 1.0
    rows = "".join(
        f'<span class="word">{html.escape(word)}</span><span class="track"><span class="fill" style="width:{100 * p / top:.1f}%;'
        f'background:#0d9488"></span></span><span class="number">{100 * p:.1f} %</span>'
        for word, p in words
    )
    note = f'<div class="note" style="margin-top:.6rem">Bars are relative to the first. {milliseconds:.1f} ms on this machine.'
    return f'<div class="bars">{rows}</div>{note}</div>'


def memory(count: int) -> str:
    learned = f"<b>{count:,}</b> word{'' if count == 1 else 's'} learned" if count else "Nothing learned yet"
    note = "What is learned stays in this process's memory, for this tab alone: never saved, never sent anywhere"
    return f'<div class="note">{learned}. {note}, dropped within an hour of closing the tab.</div>'


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    model = common.chosen(name, "next_word", models)
    return common.load_at_visit(build(model, model.card), model)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
