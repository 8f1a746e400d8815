"""Data files -> the rows of a training or an evaluation: those of several files, or of the hub, one after the other."""

from __future__ import annotations

import glob
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nlp_gru.data_files import COMMAND_LINE, Bounds, MissingColumn, Table, column_names, empty_rows, problem, read_table
from nlp_gru.errors import UserError, optional

if TYPE_CHECKING:
    import datasets

LOG = logging.getLogger("nlp_gru")


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


def read(
    names: Sequence[str],
    columns: Sequence[str],
    renamed: Mapping[str, str] | None = None,
    encoding: str = "",
    bounds: Bounds = COMMAND_LINE,
) -> Rows:
    """The wanted columns of all files, one after the other; a name may hold wildcards. Rows with an empty cell are left
    out, which is logged as a warning.

    renamed: the files' own name of a column; encoding: of text files that are not UTF-8. Raises `UserError` naming the
    file and, where one row is at fault, its number (the first after a header is 1).
    """
    if not names:
        raise UserError("there is no data: name a file with --data, or train files in the recipe's [data]")
    result: dict[str, list[Any]] = {c: [] for c in columns}
    origin: list[tuple[str, int]] = []
    for name in names:
        for path in paths(name):
            try:
                local = not path.startswith("hub:")
                table = read_table(path, columns, renamed, encoding, bounds) if local else _hub(path, columns, renamed)
            except MissingColumn as error:
                remedy = f"; where another column holds it, add --column {error.missing}=NAME" if error.found else ""
                raise MissingColumn(f"{error}{remedy}", error.missing, error.found) from None
            full = _full(path, table)
            for column, cells in table.columns.items():
                result[column] += [cells[i] for i in full]
            origin += [(path, table.numbers[i]) for i in full]
    return Rows(result, origin)


def chat_recipe(name: str, renamed: Mapping[str, str] | None = None, encoding: str = "") -> str:
    """Which of the two recipes learns from a chat file: "faq" from questions and answers, "chat" from turns.

    Raises `UserError` when it has the columns of neither.
    """
    path, wanted = paths(name)[0], ("question", "answer", "turns")
    names = _hub_columns(path) if path.startswith("hub:") else column_names(path, wanted, encoding)
    found = {column.casefold() for column in names} | set(renamed or {})
    if {"question", "answer"} <= found:
        return "faq"
    if "turns" not in found:
        has = ", ".join(names) or "none"
        raise UserError(f"{path}: chat needs the columns question and answer, or turns (lists of texts); it has {has}")
    return "chat"


def _full(path: str, table: Table) -> list[int]:
    """The places of the rows without an empty cell. Raises `UserError` for a cell that is of no use, or where all are
    empty."""
    if not len(table):
        raise UserError(f"{path}: there are no rows in it")
    full, empty = [], []
    for i, row in enumerate(zip(*table.columns.values(), strict=True)):
        if any(cell is None for cell in row):
            empty.append(table.numbers[i])
            continue
        for column, cell in zip(table.columns, row, strict=True):
            if wrong := problem(column, cell):
                raise UserError(f"{path}, row {table.numbers[i]}: {wrong}")
        full.append(i)
    if not full:
        raise UserError(f"{path}: every row has an empty cell in {' or '.join(table.columns)}")
    if empty and not path.lower().endswith(".txt"):  # where a blank line only parts two texts
        LOG.warning("%s: %s", path, empty_rows(empty))
    return full


def paths(name: str) -> list[str]:
    """The files that a name with wildcards stands for; any other name is its own."""
    if name.startswith("hub:") or not glob.has_magic(name):
        return [name]
    paths = sorted(glob.glob(name))
    if not paths:
        raise UserError(f"{name}: no file matches")
    return paths


def _hub(name: str, columns: Sequence[str], renamed: Mapping[str, str] | None) -> Table:
    rows = _hub_rows(name)
    wanted = {column: (renamed or {}).get(column, column) for column in columns}
    for column, source in wanted.items():
        if source not in rows.column_names:
            has = ", ".join(rows.column_names) or "none"
            raise MissingColumn(f"{name}: there is no column '{source}'; it has {has}", column, rows.column_names)
    rows = rows.select_columns(list(wanted.values()))
    cells = {column: list(rows[source]) for column, source in wanted.items()}
    return Table(list(rows.column_names), cells, list(range(1, len(rows) + 1)))


def _hub_columns(name: str) -> list[str]:
    return list(_hub_rows(name).column_names)


def _hub_rows(name: str) -> datasets.Dataset:
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
