"""Whole tables, every column of them: read for a tab that answers files, and written again with more columns."""

from __future__ import annotations

import csv
import itertools
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nlp_gru.data_files import PAGE, Bounds, column_names, read_table
from nlp_gru.data_files.delimited import for_spreadsheet
from nlp_gru.errors import UserError, optional

EXCEL = ".xlsx"
FORMATS = (".csv", ".tsv", ".jsonl", ".parquet", EXCEL)
READ = (".txt", *FORMATS)
MAX_UNPACKED = 200_000_000  # bytes of an Excel file's parts
ROWS = 100_000
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML has no place for


@dataclass
class Sheet:
    """A table. columns: every one by its name, texts or, from JSONL and Parquet, other values, None where empty;
    numbers: each row's in the file."""

    name: str
    columns: dict[str, list[Any]]
    numbers: list[int]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.numbers)


def bounds(rows: int = ROWS) -> Bounds:
    return replace(PAGE, rows=rows)


def names(path: str) -> list[str]:
    """Return the columns that a file names. Raises `UserError` as `read`."""
    if path.lower().endswith(EXCEL):
        return _named(next(iter(_excel_rows(path)), []))
    return [name for name in column_names(path, (), "", PAGE) if name]


def read(path: str, wanted: Sequence[str] = (), rows: int = ROWS) -> Sheet:
    """Return all columns of a file. wanted: those by which the delimiter of a CSV file is found. Raises `UserError`."""
    if path.lower().endswith(EXCEL):
        return _excel(path, rows)
    found = [name for name in column_names(path, wanted, "", PAGE) if name]
    table = read_table(path, list(dict.fromkeys(found)), bounds=bounds(rows))
    made = Sheet(Path(path).name, table.columns, table.numbers, list(table.notes))
    if path.lower().endswith(".txt"):  # where an empty line only parts two texts
        full = [i for i, text in enumerate(made.columns["text"]) if text is not None]
        made.columns["text"], made.numbers = [made.columns["text"][i] for i in full], [made.numbers[i] for i in full]
    return made


def _excel_rows(path: str) -> Iterable[list[str]]:
    """The rows of the first sheet as texts. Raises `UserError` for what is no Excel file, or unpacks to too much."""
    with optional():
        import openpyxl
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_UNPACKED:
            raise UserError(f"{path}: {size / 1e6:,.0f} MB unpacked are too many; save it as CSV")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in row[: PAGE.columns]]
        book.close()
    except UserError:
        raise
    except Exception:  # whatever openpyxl, its XML parser or zipfile find wrong
        raise UserError(f"{path}: not an Excel file that can be read; save it as CSV") from None


def _excel(path: str, most: int) -> Sheet:
    rows = iter(_excel_rows(path))
    header = [name.strip() for name in next(rows, [])]
    found = _named(header)
    if not found or len(set(found)) < len(found):
        raise UserError(f"{path}: the first row must name the columns, each by a name of its own")
    columns: dict[str, list[Any]] = {name: [] for name in found}
    characters = 0
    for count, row in enumerate(itertools.islice(rows, most + 1), 1):
        characters += sum(map(len, row))
        if count > most or characters > PAGE.characters:
            raise UserError(
                f"{path}: more than {most:,} rows, or {PAGE.characters:,} characters, are too many{PAGE.remedy}"
            )
        cells = dict(zip(header, row, strict=False))
        for name in found:
            columns[name].append(cells.get(name) or None)
    return Sheet(Path(path).name, columns, list(range(1, len(columns[found[0]]) + 1)))


def _named(header: Sequence[str]) -> list[str]:
    return [name.strip() for name in header if name.strip()]


def guess(sheet_names: Sequence[str], own: str) -> str:
    """Return the column that is likely meant: the tool's own name for it, or `text`, or the first of all."""
    by_name = {name.casefold(): name for name in reversed(sheet_names)}
    return by_name.get(own) or by_name.get("text") or (sheet_names[0] if sheet_names else "")


def write(path: Path, columns: dict[str, list[Any]]) -> None:
    """Write a table in the format of the file's name. Raises `UserError` where a package for it is missing."""
    kind, header = path.suffix.lower(), list(columns)
    rows = zip(*columns.values(), strict=True)
    if kind == ".jsonl":
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)
    elif kind == ".parquet":
        with optional():
            import pyarrow as pa
            import pyarrow.parquet as pq
        pq.write_table(pa.table({name: _even(cells) for name, cells in columns.items()}), path)
    elif kind == EXCEL:
        with optional():
            import openpyxl
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in itertools.chain([header], rows):
            sheet.append([_excel_cell(cell) for cell in row])
        book.save(path)
    else:
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter="\t" if kind == ".tsv" else ",")
            writer.writerows([_cell(cell) for cell in row] for row in itertools.chain([header], rows))


def _cell(cell: Any) -> Any:
    """A cell for CSV, which a spreadsheet takes for what it is."""
    if isinstance(cell, str):
        return for_spreadsheet(cell)
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list | bool) else cell


def _excel_cell(cell: Any) -> Any:
    shown = cell if isinstance(cell, bool) else _cell(cell)
    return ILLEGAL.sub("", shown) if isinstance(shown, str) else shown


def _even(cells: list[Any]) -> list[Any]:
    """Cells of one type, as Parquet wants them."""
    kinds = {type(cell) for cell in cells if cell is not None}
    return cells if len(kinds) <= 1 or kinds == {int, float} else [None if c is None else str(_cell(c)) for c in cells]
