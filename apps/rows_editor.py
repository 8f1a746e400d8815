"""Rows typed and edited in the page, as a table: a bot of twelve questions needs no file."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from nlp_gru.errors import UserError

from . import check_file, columns, common
from .endpoints import complaint

MOST = 500  # rows that are edited here; a longer file is edited elsewhere
EDITED = ("sentiment", "next_word", "translation", "faq")  # heads whose rows are texts alone


class Editor:
    """A table of the rows of a head's file."""

    def __init__(self, head: str):
        with gr.Accordion("Type or edit the rows here", open=False) as self.place:
            self.table = gr.Dataframe(
                headers=list(check_file.NEEDS[head].columns),
                datatype="str",
                type="array",
                row_count=3,
                row_limits=None,
                column_count=len(check_file.NEEDS[head].columns),
                interactive=True,
                wrap=True,
                show_label=False,
                label="Rows",
                max_height=420,
            )
            with gr.Row():
                self.fetch = gr.Button("Edit the file's rows", size="sm", min_width=160)
                self.take = gr.Button("Use these rows", size="sm", variant="primary", min_width=160)

    @property
    def outputs(self) -> list[Any]:
        return [self.place, self.table]

    def emptied(self, head: str) -> dict[Any, Any]:
        """For another head: its columns, empty; nothing for one whose rows are no texts."""
        names = list(check_file.NEEDS[head].columns)
        return {
            self.place: gr.update(visible=head in EDITED),
            self.table: gr.update(headers=names, column_count=len(names), value=[[""] * len(names) for _ in range(3)]),
        }

    def attach(self, head: gr.Radio, upload: gr.File, choosers: list[gr.Dropdown]) -> None:
        self.fetch.click(fetched, [head, upload, *choosers], self.table, **common.QUIET)
        self.take.click(taken, [head, self.table], upload, **common.QUIET)


def fetched(head: str, path: str | None, *names: str | None) -> Any:
    """The rows of the chosen file, for the table."""
    if path is None:
        raise complaint("Choose a file first, or type rows into the table.")
    try:
        report = check_file.check(head, path, columns.renamed(head, names))
    except UserError as error:
        raise complaint(str(error)) from None
    if len(report.numbers) > MOST:
        raise complaint(f"{len(report.numbers):,} rows are too many to edit here; the most is {MOST}.")
    return [list(row) for row in zip(*report.kept.values(), strict=True)]


def taken(head: str, rows: list[list[Any]]) -> str:
    """The table's rows as a file, which is then looked through like any other."""
    names = check_file.NEEDS[head].columns
    full = [
        [str(cell or "") for cell in row[: len(names)]] for row in rows if any(str(cell or "").strip() for cell in row)
    ]
    if not full:
        raise complaint("The table is empty: type a row first.")
    path = common.new_file("typed-rows.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in full)
    return str(path)
