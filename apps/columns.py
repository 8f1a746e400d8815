"""The choice of a column, where a file has the needed ones under other names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from nlp_gru.data_files import MissingColumn

from . import check_file

MOST = 2  # columns that a head needs
SHOWN = 200  # names to choose from


def choosers() -> list[gr.Dropdown]:
    """One for each column that may be needed, hidden."""
    return [gr.Dropdown([], label="Column", visible=False, interactive=True, min_width=140) for _ in range(MOST)]


def hidden() -> list[dict[str, Any]]:
    return [gr.update(choices=[], value=None, visible=False) for _ in range(MOST)]


def renamed(head: str, chosen: Sequence[str | None]) -> dict[str, str]:
    """The file's name of each column for which one was chosen."""
    return {column: name for column, name in zip(check_file.NEEDS[head].columns, chosen, strict=False) if name}


def offered(head: str, error: MissingColumn, chosen: Sequence[str | None]) -> list[dict[str, Any]]:
    """The choosers of the columns that the file does not name; hidden where it has no other column."""
    lacking, columns = check_file.lacking(head, error), check_file.NEEDS[head].columns
    updates = hidden()
    for i, column in enumerate(columns):
        if column in lacking:
            names = list(dict.fromkeys(name for name in error.found if name.casefold() not in columns))[:SHOWN]
            value = chosen[i] if chosen[i] in names else None
            updates[i] = gr.update(choices=names, value=value, visible=True, label=f"Column to read as {column}")
    return updates
