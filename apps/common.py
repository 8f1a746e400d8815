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
    block_label_text_color="*neutral_600",
    block_label_text_color_dark="*neutral_300",
    block_title_text_color="*neutral_600",
    block_title_text_color_dark="*neutral_300",
    block_label_background_fill="transparent",
    block_label_background_fill_dark="transparent",
    block_title_background_fill="transparent",
    block_title_background_fill_dark="transparent",
    block_label_border_width="0px",
    block_label_shadow="none",
    block_title_padding="0",
    block_title_text_weight="600",
    input_placeholder_color="*neutral_600",
    input_placeholder_color_dark="*neutral_300",
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


# Of an event that shows no progress of its own and is no endpoint.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


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

    usual: also the name of the page's tool; others: of tools that the page shows as well. Raises `UserError` for a
    model of another one.
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
