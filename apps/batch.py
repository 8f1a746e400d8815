"""A tab that answers a whole file: choose the column, and every column comes back with the answers beside it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from nlp_gru.data_files import empty_rows, problem
from nlp_gru.errors import UserError

from . import common, sheet, stoppable
from .endpoints import complaint
from .shelf import open_choice

PART, SHOWN_ROWS, CELL = 64, 100, 200  # rows between two looks at the Stop button, shown, characters of a shown cell
Answerer = Callable[..., Iterator[dict[str, Any]]]  # (texts, who asks, values of the tab's own inputs) -> new columns


@dataclass(frozen=True)
class Work:
    """What a tab does with a file. own: the tool's name for the column; shown: those of the new columns that are shown;
    counted: the one whose values are counted in the summary, or none; ending: of the new file's name."""

    answer: Answerer
    own: str
    shown: tuple[str, ...]
    button: str
    api_name: str
    ending: str
    counted: str = ""


def tab(work: Work, inputs: Sequence[Any]) -> None:
    """inputs: the components whose values the answerer gets, such as the choice of a model."""

    def look(path: str | None) -> Any:
        if path is None:
            return gr.update(visible=False, choices=[], value=None)
        try:
            found = sheet.names(path)
        except UserError as error:
            raise complaint(str(error).replace(path, Path(path).name)) from None
        return gr.update(visible=len(found) > 1, choices=found[:200], value=sheet.guess(found, work.own))

    def process(
        request: gr.Request | None = None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
        path: str | None = None,
        *given: Any,
    ) -> Iterator[tuple[Any, ...]]:
        *values, column, kind = given
        if path is None:
            raise complaint("Choose a file first.")
        name, start = Path(path).name, time.perf_counter()
        try:
            rows = sheet.read(path, [column or work.own])
            chosen = _column(rows, column, work.own, path)
            texts, places = _full(rows, chosen, path)
            answers = work.answer(iter(texts), request, *values)
            done: list[dict[str, Any]] = []
            for answer in answers:
                done.append(answer)
                if len(done) % PART == 0:
                    progress((len(done), len(texts)), unit="rows")
                    yield f"{len(done):,} of {len(texts):,} rows so far.", gr.skip(), None
            new = _beside(rows, places, done)
            target = common.new_file(f"{Path(path).stem}.{work.ending}{kind or _kind(path)}")
            sheet.write(target, {**rows.columns, **new})
        except (UserError, OSError) as error:
            raise complaint(str(error).replace(path, name)) from None
        summary = summed_up(rows, places, new, work, time.perf_counter() - start)
        yield summary, _table(rows, chosen, places, new, work.shown), str(target)

    gr.Markdown(
        "A .txt file with one text a line, or CSV, TSV, JSONL, Parquet or Excel with any columns, which all come back;"
        f" at most {sheet.ROWS:,} rows and {common.MAX_UPLOAD // 1_000_000} MB."
    )
    with gr.Row():
        upload = gr.File(label="File", file_types=list(sheet.READ), height=140, scale=3, min_width=280)
        with gr.Column(scale=2, min_width=280):
            column = open_choice(label="Column to read", visible=False, interactive=True)
            kind = gr.Dropdown(
                [
                    ("as it came", ""),
                    *((k.lstrip(".").upper() if k != sheet.EXCEL else "Excel", k) for k in sheet.FORMATS),
                ],
                value="",
                label="Written as",
                filterable=False,
            )
    pressed = stoppable.buttons(work.button)
    summary = gr.Markdown(min_height=60)
    table = gr.Dataframe(
        headers=[work.own, *work.shown], label=f"The first {SHOWN_ROWS} rows", wrap=True, interactive=False
    )
    download = gr.File(label="All rows with all their columns", interactive=False, visible=False, height=100)
    upload.change(look, upload, column, **common.QUIET)
    stoppable.wire(pressed, process, [upload, *inputs, column, kind], (summary, table, download), work.api_name)


def _column(rows: sheet.Sheet, wanted: str | None, own: str, path: str) -> str:
    """The column to answer. Raises `UserError` where it is not there."""
    by_name = {name.casefold(): name for name in reversed(rows.columns)}
    if wanted and wanted in rows.columns:
        return wanted
    if found := by_name.get((wanted or own).casefold()) or ("" if wanted else by_name.get("text", "")):
        return found
    listed = ", ".join(map(repr, list(rows.columns)[:8]))
    raise UserError(f"{path}: no column '{wanted or own}' (found {listed}); choose the column to read")


def _full(rows: sheet.Sheet, column: str, path: str) -> tuple[list[str], list[int]]:
    """The texts, and the place of each among the rows. Raises `UserError` for a cell that is no text, and where all are
    empty."""
    texts, places = [], []
    for i, cell in enumerate(rows.columns[column]):
        text = "" if cell is None else cell
        if isinstance(text, int | float) and not isinstance(text, bool):
            text = str(text)
        if wrong := problem(column, text) if text != "" else "":
            raise UserError(f"{path}, row {rows.numbers[i]}: {wrong}")
        if str(text).strip():
            texts.append(str(text))
            places.append(i)
    if not texts:
        raise UserError(f"{path}: there is no text in its column '{column}'")
    return texts, places


def _beside(rows: sheet.Sheet, places: Sequence[int], done: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """The new columns, under names that the file does not have; None in rows without a text."""
    found: dict[str, list[Any]] = {}
    for name in done[0]:
        free = name
        while free in rows.columns or free in found:
            free += "_"
        cells: list[Any] = [None] * len(rows)
        for place, answer in zip(places, done, strict=True):
            cells[place] = answer[name]
        found[free] = cells
    return found


def _kind(path: str) -> str:
    kind = Path(path).suffix.lower()
    return ".csv" if kind in (".txt", ".json") else kind


def summed_up(rows: sheet.Sheet, places: Sequence[int], new: dict[str, list[Any]], work: Work, seconds: float) -> str:
    """How many texts were answered, how, and which rows were empty, as Markdown."""
    count = f"{len(places):,} {'text' if len(places) == 1 else 'texts'}"
    shown = f"**{count}** in {seconds:.1f} seconds"
    if work.counted:
        cells = next(cells for name, cells in new.items() if name.rstrip("_") == work.counted)
        counts = Counter(cells[i] for i in places).most_common(20)
        shown = f"**{count}:** " + ", ".join(f"{n:,} {value}" for value, n in counts)
    full = set(places)
    empty = [rows.numbers[i] for i in range(len(rows)) if i not in full]
    said = [shown, *([f"{empty_rows(empty)}."] if empty else []), *rows.notes]
    return "\n\n".join(said)


def _table(
    rows: sheet.Sheet, column: str, places: Sequence[int], new: dict[str, list[Any]], wanted: Sequence[str]
) -> Any:
    shown = [name for name in new if name.rstrip("_") in wanted]
    cells = [[_short(rows.columns[column][i]), *(_short(new[name][i]) for name in shown)] for i in places[:SHOWN_ROWS]]
    return {"headers": [column, *shown], "data": cells}


def _short(cell: Any) -> str:
    text = f"{cell:.2f}" if isinstance(cell, float) else str(cell)
    return text if len(text) < CELL else text[: CELL - 1] + "…"
