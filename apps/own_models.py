"""The tab that lists a visitor's own models: to use, rename, download and delete them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import gradio as gr

from nlp_gru.errors import UserError
from nlp_gru.model_folder.library import Library

from . import common
from . import training_view as view
from .assets import render
from .endpoints import complaint
from .shelf import open_choice, visitor

LINKS = {
    "sentiment": "sentiment",
    "next_word": "autocomplete",
    "translation": "translation",
    "faq": "chat",
    "chat": "chat",
}


def tab(page: gr.Blocks, place: gr.Tab, links: Mapping[str, str]) -> None:
    """links: the address of the page that uses a model, by its head."""

    def refreshed(request: gr.Request) -> tuple[Any, ...]:
        return (*listed(visitor(request), links), None, "")

    def renamed(name: str, new: str, request: gr.Request) -> tuple[Any, ...]:
        library = Library(visitor(request))
        return told(lambda: library.rename(name, new.strip()), request)

    def deleted(name: str, request: gr.Request) -> tuple[Any, ...]:
        library = Library(visitor(request))
        return told(lambda: library.delete(name) if name else None, request)  # empty: not after all

    def told(work: Any, request: gr.Request) -> tuple[Any, ...]:
        try:
            work()
        except (UserError, OSError) as error:
            raise complaint(str(error)) from None
        return refreshed(request)

    def packed(name: str, request: gr.Request) -> Any:
        try:
            kept = Library(visitor(request)).get(name)
        except UserError as error:
            raise complaint(str(error)) from None
        target = common.new_file(kept.name)
        path = shutil.make_archive(str(target), "zip", kept.folder.parent, kept.folder.name)
        return gr.update(value=path, visible=True)

    table = gr.HTML("", css_template=view.STYLE, elem_classes="small-print")
    with gr.Row(visible=False, equal_height=True) as tools:
        name = open_choice(label="Model", filterable=False, min_width=180)
        new = gr.Textbox(label="New name", max_length=60, max_lines=1, min_width=160)
        rename = gr.Button("Rename", min_width=100, scale=0)
        download = gr.Button("Download", min_width=110, scale=0)
        delete = gr.Button("Delete", variant="stop", min_width=100, scale=0)
    file = gr.File(label="Your model as a folder (.zip)", interactive=False, height=100, visible=False)
    shown = [table, tools, name, file, new]
    page.load(refreshed, None, shown, **common.QUIET)
    place.select(refreshed, None, shown, **common.QUIET)
    rename.click(renamed, [name, new], shown, **common.QUIET)
    download.click(packed, name, file, **common.QUIET)
    sure = "(name) => [confirm(`Delete ${name}? It cannot be brought back.`) ? name : '']"
    delete.click(deleted, name, shown, js=sure, **common.QUIET)


def listed(who: str, links: Mapping[str, str]) -> tuple[Any, ...]:
    """The table of the models, whether there is anything to do with them, and their names."""
    library = Library(who)
    models = library.models()
    rows = [
        {
            "name": kept.name,
            "task": view.KINDS[kept.head].name if kept.head in view.KINDS else kept.head,
            "data": kept.data,
            "rows": kept.rows,
            "made": kept.made,
            "figure": figure(kept.head, kept.figures),
            "megabytes": kept.bytes / 1e6,
            "path": f"{links[kept.head]}?model={quote(kept.name)}" if kept.head in links else "",
        }
        for kept in models
    ]
    held = sum(kept.bytes for kept in models) / 1e6
    table = render(
        "models.html", models=rows, folder="" if who else str(library.folder), held=held, most=library.most / 1e6
    )
    names = [kept.name for kept in models]
    return table, gr.update(visible=bool(models)), gr.update(choices=names, value=names[0] if names else None)


def figure(head: str, figures: Mapping[str, float]) -> str:
    """A model's main figure in words, or nothing."""
    kind = view.KINDS.get(head)
    if kind is None or kind.figure.key not in figures:
        return ""
    return (
        f"{kind.figure.name.removesuffix(', %')}"
        f" {kind.figure.factor * figures[kind.figure.key]:.3g}{' %' if kind.figure.name.endswith('%') else ''}"
    )
