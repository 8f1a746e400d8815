"""One door to files of all formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nlp_gru.data_files import delimited, encoding, json_rows, parquet
from nlp_gru.data_files.table import COMMAND_LINE, Bounds, Collector, Table, missing_column
from nlp_gru.errors import UserError
from nlp_gru.model_folder.files import size

FORMATS = (".csv", ".tsv", ".jsonl", ".json", ".parquet", ".txt")
TEXT = "text"  # the column of a text file, whose lines are its rows


def read_table(
    path: str,
    columns: Sequence[str],
    renamed: Mapping[str, str] | None = None,
    encoded: str = "",
    bounds: Bounds = COMMAND_LINE,
) -> Table:
    """The wanted columns of a file.

    renamed: the file's own name of a column; encoded: the encoding of a text file where it is neither UTF-8 nor marked
    as UTF-16. Raises `MissingColumn` for a column that is not there, `UserError` with one sentence for anything else
    that is wrong.
    """
    kind = _checked(path, bounds)
    wanted = {column: (renamed or {}).get(column, column) for column in columns}
    if kind == ".parquet":
        return parquet.read(path, wanted, bounds)
    name, note = encoding.detect(path, encoded, bounds.guess_encoding)
    if kind in (".jsonl", ".json"):
        table = json_rows.read(path, name, wanted, bounds)
    elif kind == ".txt":
        table = _lines(path, name, wanted, bounds)
    else:
        table = delimited.read(path, name, wanted, kind == ".tsv", bounds)
    table.notes.extend([note] if note else [])
    return table


def column_names(path: str, wanted: Sequence[str] = (), encoded: str = "", bounds: Bounds = COMMAND_LINE) -> list[str]:
    """The columns that a file names. wanted: those that it may have, by which its delimiter is found."""
    kind = _checked(path, bounds)
    if kind == ".parquet":
        return parquet.column_names(path, bounds)
    if kind == ".txt":
        return [TEXT]
    name, _ = encoding.detect(path, encoded, bounds.guess_encoding)
    if kind in (".jsonl", ".json"):
        return json_rows.column_names(path, name, bounds)
    return delimited.column_names(path, name, {c: c for c in wanted}, kind == ".tsv")


def _checked(path: str, bounds: Bounds) -> str:
    """The format of a file that may be opened."""
    kind = Path(path).suffix.lower()
    if kind not in FORMATS:
        raise UserError(f"{path}: cannot read '{kind}' files; use {', '.join(FORMATS)}")
    if not Path(path).exists():
        raise UserError(f"{path}: there is no such file")
    if not (length := size(Path(path))):
        raise UserError(f"{path}: the file is empty")
    if length > bounds.bytes:
        raise UserError(f"{path}: {length:,} bytes are too many; the most is {bounds.bytes:,}{bounds.remedy}")
    return kind


def _lines(path: str, name: str, wanted: Mapping[str, str], bounds: Bounds) -> Table:
    for source in wanted.values():
        if source != TEXT:
            raise missing_column(path, source, wanted, [TEXT])
    collector = Collector(path, wanted, bounds)
    number = 0
    with open(path, encoding=name) as file:
        while line := file.readline(bounds.cell + 2):  # whatever is longer is refused by the collector
            number += 1
            collector.add(number, [line.rstrip("\n")] * len(wanted))
    return collector.table([TEXT])
