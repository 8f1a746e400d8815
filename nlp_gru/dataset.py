"""Data files -> columns: CSV, TSV, JSONL, Parquet, plain text or a hub id, read by `datasets`."""

from __future__ import annotations

import csv
import glob
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp_gru.errors import RowError, UserError, optional

if TYPE_CHECKING:
    import datasets

    from nlp_gru.heads.head import Head

FORMATS = {".csv": "csv", ".tsv": "csv", ".jsonl": "json", ".json": "json", ".parquet": "parquet", ".txt": "text"}


class Rows(dict[str, list[Any]]):
    """Columns of equal length that remember from which file and row each row came."""

    def __init__(self, columns: dict[str, list[Any]], origin: list[tuple[str, int]]):
        super().__init__(columns)
        self.origin = origin

    def __len__(self) -> int:
        """Rows, not columns."""
        return len(self.origin)

    @property
    def files(self) -> str:
        return ", ".join(dict.fromkeys(name for name, _ in self.origin))

    def where(self, i: int) -> str:
        name, row = self.origin[i]
        return f"{name}, row {row}"

    def take(self, indices: Sequence[int]) -> Rows:
        return Rows({c: [v[i] for i in indices] for c, v in self.items()}, [self.origin[i] for i in indices])


def examples(head: Head, rows: Rows, max_length: int) -> list[Any]:
    """The head's examples; a row that it cannot use raises `UserError` with the row's file and number."""
    try:
        return head.examples(rows, max_length)
    except RowError as error:
        raise UserError(f"{rows.where(error.index)}: {error}") from None


def read(names: Sequence[str], columns: Sequence[str]) -> Rows:
    """The wanted columns of all files, one after the other; a name may hold wildcards.

    Raises `UserError` naming the file and, where one row is at fault, its number (the first after a header is 1).
    """
    if not names:
        raise UserError("there is no data: name a file with --data, or train files in the recipe's [data]")
    result: dict[str, list[Any]] = {c: [] for c in columns}
    origin: list[tuple[str, int]] = []
    for name in names:
        for path in _paths(name):
            values = _read_one(path, columns)
            for column in columns:
                result[column] += values[column]
            origin += [(path, i + 1) for i in range(len(values[columns[0]]))]
    return Rows(result, origin)


def cells(name: str) -> dict[str, list[Any]]:
    """All columns of one file as they are, None where a cell is empty. Raises `UserError` for a file that cannot be read."""
    rows = _open(name)
    return {column: list(rows[column]) for column in rows.column_names}


def chat_recipe(name: str) -> str:
    """Which of the two recipes learns from a chat file: "faq" from questions and answers, "chat" from turns.

    Raises `UserError` when it has the columns of neither.
    """
    path = _paths(name)[0]
    columns = _open(path).column_names
    if {"question", "answer"} <= set(columns):
        return "faq"
    if "turns" not in columns:
        found = ", ".join(columns) or "none"
        raise UserError(
            f"{path}: chat needs the columns question and answer, or turns (lists of texts); it has {found}"
        )
    return "chat"


def _read_one(name: str, columns: Sequence[str]) -> dict[str, list[Any]]:
    rows = _open(name)
    missing = [c for c in columns if c not in rows.column_names]
    if missing:
        found = ", ".join(rows.column_names) or "none"
        raise UserError(f"{name}: there is no column '{missing[0]}'; it needs {', '.join(columns)} and has {found}")
    if not len(rows):
        raise UserError(f"{name}: there are no rows in it")
    values = {c: list(rows[c]) for c in columns}
    for column, cells in values.items():
        for i, cell in enumerate(cells):
            if cell is None:
                raise UserError(f"{name}: row {i + 1} has nothing in column '{column}'; fill it in or remove the row")
    return values


def _paths(name: str) -> list[str]:
    """The files that a name with wildcards stands for; any other name is its own."""
    if name.startswith("hub:") or not glob.has_magic(name):
        return [name]
    paths = sorted(glob.glob(name))
    if not paths:
        raise UserError(f"{name}: no file matches")
    return paths


def _open(name: str) -> datasets.Dataset:
    return _hub(name) if name.startswith("hub:") else _file(Path(name))


def _file(path: Path) -> datasets.Dataset:
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise UserError(f"{path}: cannot read '{path.suffix}' files; use {', '.join(FORMATS)}")
    if not path.is_file():
        raise UserError(f"{path}: there is no such file")
    if path.stat().st_size == 0:
        raise UserError(f"{path}: the file is empty")
    if kind != "parquet":
        _check_utf8(path)
    with optional():
        import datasets

    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(logging.CRITICAL)  # what is wrong is said below, once

    options: dict[str, Any] = {"sample_by": "line"} if kind == "text" else {}
    if kind == "csv":
        separator = "\t" if path.suffix.lower() == ".tsv" else ","
        with open(path, encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file, delimiter=separator), [])
        # Cells stay text: labels 0 and 1 must not become numbers, nor the text "null" nothing.
        features = datasets.Features({name: datasets.Value("string") for name in header})
        options = {
            "sep": separator,
            "features": features,
            "keep_default_na": False,
            "na_values": [""],
            "encoding": "utf-8-sig",
        }
    try:
        with tempfile.TemporaryDirectory() as cache:  # no copy of a private file stays behind
            return datasets.load_dataset(
                kind, data_files=str(path.resolve()), split="train", cache_dir=cache, keep_in_memory=True, **options
            )
    except Exception as error:  # DatasetGenerationError hides the reason in its cause
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        if "corresponds to no data" in reason:
            reason = "there are no rows in it"
        raise UserError(f"{path}: cannot be read as {kind}: {reason}") from None


def _check_utf8(path: Path) -> None:
    line = 0
    with open(path, "rb") as file:
        for line, raw in enumerate(file, 1):
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError as error:
                raise UserError(
                    f"{path}, line {line}: not UTF-8 text (byte {error.object[error.start]:#x}); save the file as UTF-8"
                ) from None


def _hub(name: str) -> datasets.Dataset:
    with optional():
        import datasets

    owner_name, _, split = name.removeprefix("hub:").partition("@")
    try:
        return datasets.load_dataset(owner_name, split=split or "train")
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(
            f"{name}: cannot be fetched ({reason}); name a local CSV, TSV, JSONL or Parquet file instead"
        ) from None
