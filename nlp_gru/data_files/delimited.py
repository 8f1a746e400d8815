"""CSV and its kin: cells between commas, semicolons, tabs or bars, whichever the file uses."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from nlp_gru.data_files.table import Bounds, Collector, Table, fold, named, places
from nlp_gru.errors import MAX_CELL, UserError, shortened

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
NONE = "\x1f"  # the delimiter where there is one column: its texts need no quotes around a comma
SAMPLE, SAMPLE_ROWS = 1 << 16, 20
SHOWN_CELLS = 4
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EXCEL = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\n|\r)', re.IGNORECASE)

csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))  # for the whole process: the module has no other way


def for_spreadsheet(cell: str) -> str:
    """A text as it may stand in a CSV file for download: no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def delimiter_of(content: str, column: str, tabs: bool) -> tuple[str, int]:
    """Return what parts the cells of a table in which a column is wanted, `NONE` where there is one column, and where
    its header begins, behind a line in which Excel names the delimiter. tabs: whether tabs are likelier than commas."""
    delimiter, _ = _sniff(content[:SAMPLE], {column: column}, tabs)
    excel = _EXCEL.match(content)
    return delimiter, excel.end() if excel else 0


def column_names(path: str, encoding: str, wanted: Mapping[str, str], tabs: bool) -> list[str]:
    with open(path, encoding=encoding, newline="") as file:
        delimiter, _ = _sniff(file.read(SAMPLE), wanted, tabs)
        file.seek(0)
        return named(_header(file, delimiter))


def read(path: str, encoding: str, wanted: Mapping[str, str], tabs: bool, bounds: Bounds) -> Table:
    """The wanted columns. tabs: whether tabs are likelier than commas. Raises `UserError`, which names a wrong row."""
    found = rows(path, encoding, wanted, tabs, bounds)
    _, header = next(found)
    where = places(path, header, wanted)
    collector = Collector(path, wanted, bounds)
    for number, row in found:
        collector.add(number, [row[at] for at in where.values()] if row else [None] * len(where))
    return collector.table(named(header))


def rows(
    path: str, encoding: str, wanted: Mapping[str, str], tabs: bool, bounds: Bounds
) -> Iterator[tuple[int, list[str]]]:
    """Yield the header, with number 0, and each row with its number; a row without anything in it is empty, and counts
    where others follow. Raise `UserError` for a row of another length than the header's."""
    with open(path, encoding=encoding, newline="") as file:
        delimiter, excel = _sniff(file.read(SAMPLE), wanted, tabs)
        file.seek(0)
        if excel:
            file.readline()
        found = _rows(path, csv.reader(file, delimiter=delimiter, strict=True))
        _, header = next(found, (0, []))
        if len(header) > bounds.columns:
            raise UserError(f"{path}: {len(header):,} columns are too many; the most is {bounds.columns:,}")
        yield 0, header
        blank = 0
        for number, row in found:
            if not any(row):
                blank += 1
                continue
            yield from ((number - blank + i, []) for i in range(blank))
            blank = 0
            if len(row) != len(header):
                _check_length(path, number, row, header, delimiter)
            yield number, row


def _header(file: io.TextIOBase, delimiter: str) -> list[str]:
    first = next(iter(file), "")
    lines = file if _EXCEL.fullmatch(first) else _again(first, file)
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []


def _again(first: str, rest: io.TextIOBase) -> Iterator[str]:
    yield first
    yield from rest


def _rows(path: str, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number; the header's is 0."""
    number = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            place = f"row {number}" if number else "the header"
            if "field larger" in str(error):
                reason = f"a cell of more than {MAX_CELL:,} characters, or a double quote that is never closed"
            elif "unexpected end" in str(error):
                reason = "a double quote opens a cell and is never closed"
            else:
                reason = "a cell goes on behind its closing double quote"
            raise UserError(
                f'{path}, {place}: {reason}; write a quote within a quoted cell twice: "so ""called"""'
            ) from None
        if row is None:
            return
        if number or any(row):  # blank lines may stand above the header
            yield number, row
            number += 1


def _check_length(path: str, number: int, row: Sequence[str], header: Sequence[str], delimiter: str) -> None:
    """Raises `UserError` for a row of another length than the header's, unless what is too much or too little has
    neither name nor content."""
    extra, lacking = row[len(header) :], header[len(row) :]
    if not any(cell.strip() for cell in extra) and not any(name.strip() for name in lacking):
        return
    cells = ", ".join(shortened(cell, 40) for cell in row[:SHOWN_CELLS]) + (", …" if len(row) > SHOWN_CELLS else "")
    names = ", ".join(shortened(name, 40) for name in header[:SHOWN_CELLS])
    names += ", …" if len(header) > SHOWN_CELLS else ""
    what = DELIMITERS.get(delimiter, repr(delimiter))
    raise UserError(
        f"{path}, row {number}: it has {len(row):,} cells ({cells}), but the header has {len(header):,} ({names}); "
        f'put double quotes around a text that holds {what}: "Good{delimiter} cheap"'
    )


def _sniff(sample: str, wanted: Mapping[str, str], tabs: bool) -> tuple[str, bool]:
    """The delimiter, and whether there is a first line as Excel writes it, which names it.

    It is the one under which most wanted columns have a name; then one that separates anything, and in most of the
    first rows as many cells as in the header; then the one that was named or is usual.
    """
    excel = _EXCEL.match(sample)
    names = {fold(name) for name in wanted.values()}
    usual = excel[1] if excel else "\t" if tabs else ","
    whole = len(sample) < SAMPLE
    sample = sample[excel.end() :] if excel else sample
    ranked = []
    for delimiter in sorted(DELIMITERS, key=lambda d: d != usual):
        try:
            rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), SAMPLE_ROWS + 1))
        except csv.Error:
            continue
        if not whole and 1 < len(rows) <= SAMPLE_ROWS:
            rows.pop()  # cut off
        header, *others = [row for row in rows if any(row)] or [[]]
        fitting = sum(len(row) == len(header) for row in others) / max(len(others), 1)
        found_names = len(names & {fold(name) for name in header})
        ranked.append((found_names, len(header) > 1, fitting, len(header), delimiter))
    if not ranked:
        return usual, bool(excel)
    best = max(ranked, key=lambda score: score[:4])  # the usual one where they draw: it comes first
    return (best[-1] if best[1] else NONE), bool(excel)
