"""What the pages share: one look, and models that are loaded when they are needed."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")  # of calls that were answered, kept in memory,
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")  # and summed up in a table after so many of them
os.environ.setdefault("GRADIO_RUN_HISTORY", "False")  # which would keep all texts in the visitor's browser
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# With two threads, torch's would wait for each other, spinning, at every step of a GRU.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import gradio as gr
from markdown_it import MarkdownIt

from nlp_gru.errors import UserError
from nlp_gru.model_folder.bundled import card, find_model
from nlp_gru.tools.registry import TOOLS, tool_of

from . import temporary
from .bodies import MAX_UPLOAD as MAX_UPLOAD

temporary.claim()  # before gradio's components ask where to keep their files

# System fonts: the default theme would ask a font server.
THEME = gr.themes.Soft(
    primary_hue="teal",
    neutral_hue="slate",
    radius_size="md",
    font=["ui-sans-serif", "system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
).set(  # contrasts of 4.5 to 1 and more
    body_text_color_subdued="*neutral_600",
    body_text_color_subdued_dark="*neutral_300",
    block_label_text_color="*primary_800",
    block_title_text_color="*primary_800",
    color_accent="*primary_700",
    button_primary_background_fill="*primary_700",
    button_primary_background_fill_hover="*primary_800",
    button_primary_background_fill_dark="*primary_700",
    button_primary_background_fill_hover_dark="*primary_800",
    body_background_fill="*neutral_50",
    checkbox_label_background_fill_selected="*primary_700",
    checkbox_label_background_fill_selected_dark="*primary_700",
    block_border_width="1px",
    block_border_color="*neutral_200",
    block_label_background_fill_dark="*primary_800",
    block_title_background_fill_dark="*primary_800",
    input_border_width="1px",
    input_border_color="*neutral_300",
    link_text_color="*primary_700",
    link_text_color_hover="*primary_800",
    link_text_color_visited="*primary_700",
    link_text_color_active="*primary_700",
    link_text_color_dark="*primary_300",
    link_text_color_hover_dark="*primary_200",
    link_text_color_visited_dark="*primary_300",
    link_text_color_active_dark="*primary_300",
)
CSS = """
.gradio-container { max-width: 1080px !important; width: 100%; margin: 0 auto !important; }
footer { display: none !important; }
.nav-holder nav { justify-content: flex-start !important; padding: 0 1.5rem !important; }
.page-title p { color: var(--body-text-color-subdued); margin-top: -.5rem; }
.words { font-size: 1.05rem; line-height: 1.9; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow-y: auto; }
.words span.w { border-radius: .3rem; padding: .1rem .15rem; }
.prose table { display: block; overflow-x: auto; border: 0 !important; }
.prose td, .prose th { word-break: normal !important; overflow-wrap: normal !important; }
.prose table :is(td, th) { border-color: var(--border-color-primary) !important; }
.prose :not(pre) > code { overflow-wrap: anywhere; }
.note { color: var(--body-text-color-subdued); font-size: .85rem; }
.bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: .45rem .75rem; align-items: center; }
.bars .track { background: var(--border-color-primary); border-radius: .4rem; height: .8rem; overflow: hidden; }
.bars .fill { display: block; height: 100%; border-radius: .4rem; }
.heading { font-weight: 600; margin-bottom: .6rem; }
.bars .word { max-width: 10rem; overflow: hidden; text-overflow: ellipsis; white-space: pre; }
.bars .number { text-align: right; font-variant-numeric: tabular-nums; }
.words .new { background: rgba(13,148,136,.18); border-radius: .3rem; padding: .1rem 0; box-decoration-break: clone; }
.ghost { position: absolute; z-index: 2; pointer-events: none; overflow: hidden; box-sizing: border-box; white-space: pre-wrap;
  border: 0 solid transparent; color: transparent; }
.ghost span { color: var(--neutral-500); }
.dark .ghost span { color: var(--neutral-400); }
.gradio-container input:is([type=checkbox], [type=radio]):not(:checked) { border-color: var(--neutral-500); }
.dark button[role=tab][aria-selected=true] { color: var(--primary-400); }
@media (max-width: 480px) { .tab-container button { padding: 0 .5rem; } }
@media (max-width: 760px) { .translation-boxes { flex-direction: column; } .translation-boxes > :not(button) { width: 100%; } #translation-swap { rotate: 90deg; } }
.card { padding: 1rem !important; background: var(--background-fill-primary) !important; border: 1px solid var(--border-color-primary); }
.small-print .html-container { padding: 0 !important; }
#translation-swap { align-self: center; width: 2.75rem !important; min-height: 2.75rem; padding: 0; font-size: 0; }
#translation-swap::before { content: "⇄"; content: "⇄" / ""; font-size: 1.25rem; }
#translation-target textarea { opacity: 1; color: var(--body-text-color); -webkit-text-fill-color: currentColor; }
.hint { color: var(--body-text-color); font-weight: 600; font-size: .9rem; margin-bottom: .2rem; }
#translation-target.waiting textarea { opacity: .55; }
.chat-messages .top-panel { display: none; }
.chat-messages .bot [aria-label$=": No answer fits"] .md { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .85rem;
  font-weight: 600; background: #fef3c7; color: #78350f; }
.verdict { font-size: 1.6rem; font-weight: 650; margin-bottom: .6rem; text-transform: capitalize; }
"""


class Model:
    """A model by name or folder that is loaded when something of it is first needed, once, whoever asks."""

    def __init__(self, name: str):
        self.name, self._lock = name, threading.Lock()
        self._tool: Any = None

    @property
    def card(self) -> str:
        return card(find_model(self.name))

    def load(self) -> Any:
        with self._lock:
            if self._tool is None:
                self._tool = load(self.name)
        return self._tool

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.load(), attribute)

    def __call__(self, *arguments: Any, **settings: Any) -> Any:
        return self.load()(*arguments, **settings)


Models = Mapping[str, Model]  # bundled ones by name, which several pages share


def load(name: str) -> Any:
    """A tool by its model's name or folder, which has answered once: its next answers do not wait for anything."""
    import nlp_gru

    held: Any = nlp_gru.load(name)
    tool = tool_of(held)
    next(iter(tool.answers(held, ["Warm up."])))
    return held


def chosen(name: str | None, usual: str, models: Models | None, *others: str) -> Model:
    """The model of a page: the `usual` bundled one, loaded later, or the one of that name or folder, loaded at once.

    usual: also the name of the page's tool; others: of tools that the page shows as well. Raises `UserError` for a model of
    another one.
    """
    if name is None:
        return (models or {}).get(usual) or Model(usual)
    model = Model(name)
    tool, wanted = tool_of(model.load()), usual.partition("-")[0]
    if tool.name not in (wanted, *others):
        raise UserError(f"{name}: this is a model for {tool.title}, not for {TOOLS[wanted].title}")
    return model


def to_html(card: str) -> str:
    """A model's card, Markdown, as HTML; comments are left out, and whatever HTML stands in it is shown, not run."""
    text = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .render(re.sub(r"<!--.*?-->", "", card, flags=re.DOTALL))
    )
    for tag in ("<table>", "<pre>"):  # those that may be too wide, and then scroll by keyboard, too
        text = text.replace(tag, f'{tag[:-1]} tabindex="0">')
    return text


def about(card: str) -> None:
    """A tab with a model's card, if it has one."""
    if card:
        with gr.Tab("About the model"):
            gr.HTML(to_html(card), elem_classes="small-print")


def load_at_visit(page: gr.Blocks, model: Model) -> gr.Blocks:
    """Begin to load as soon as someone opens the page, while they still read it."""
    with page:
        page.load(lambda: model.load() and None, api_visibility="private", show_progress="hidden")
    return page


def new_file(name: str) -> Path:
    """A file in a fresh folder that is removed after an hour."""
    folder = temporary.claim() / "results"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=folder)) / name
