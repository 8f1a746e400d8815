"""JSONL, an object a line, and JSON, a list of objects, by a parser that refuses what is nested deeply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import from_json

from nlp_gru.data_files.table import Bounds, Collector, Table, fold, missing_column, named
from nlp_gru.errors import UserError

SEEN = 100  # rows whose names are those of the file


def column_names(path: str, encoding: str, bounds: Bounds) -> list[str]:
    names: dict[str, None] = {}
    for (_, row, _), _ in zip(rows(path, encoding, bounds), range(SEEN), strict=False):
        names |= dict.fromkeys(row)
    return named(list(names))


def read(path: str, encoding: str, wanted: Mapping[str, str], bounds: Bounds) -> Table:
    """The wanted columns. Raises `UserError`, which names a wrong row; rows are counted by lines in JSONL."""
    collector = Collector(path, wanted, bounds)
    column_of = {fold(name): column for column, name in wanted.items()}
    known: dict[str, str | None] = {}  # the wanted column of each name that occurs
    seen: set[str] = set()
    for number, row, _ in rows(path, encoding, bounds):
        cells = dict.fromkeys(wanted)
        for name, value in row.items():
            if name not in known:
                if len(known) >= bounds.columns:
                    raise UserError(f"{path}, row {number}: more than {bounds.columns:,} columns are too many")
                known[name] = column_of.get(fold(name))
            if column := known[name]:
                cells[column] = value
                seen.add(column)
        collector.add(number, cells.values())
    names = named(list(known))
    for column, name in wanted.items():
        if collector.numbers and column not in seen:
            raise missing_column(path, name, wanted, names)
    return collector.table(names)


def rows(path: str, encoding: str, bounds: Bounds) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Yield each row's number, the row, and in JSONL the line as it stands in the file. Raise `UserError` for a wrong
    one."""
    with open(path, encoding=encoding) as file:
        if path.lower().endswith(".json"):
            text = file.read(bounds.json_bytes + 1)
            if text.lstrip()[:1] == "[":
                if len(text) > bounds.json_bytes:
                    raise UserError(
                        f"{path}: longer than {bounds.json_bytes:,} characters; write JSONL, an object a line"
                    )
                for number, row in enumerate(_objects(path, text), 1):
                    yield number, row, ""
                return
            file.seek(0)
        number = 0
        while line := file.readline(bounds.json_bytes + 1):
            number += 1
            if len(line) > bounds.json_bytes:
                raise UserError(f"{path}, row {number}: longer than {bounds.json_bytes:,} characters")
            if not line.isspace():
                row = _object(path, number, _parsed(line.rstrip("\n"), f"{path}, row {number}"))
                yield number, row, line


def _objects(path: str, text: str) -> Iterator[dict[str, Any]]:
    values = _parsed(text, path)
    for number, value in enumerate(values, 1):
        yield _object(path, number, value)


def _object(path: str, number: int, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UserError(f'{path}, row {number}: not an object such as {{"text": "Good."}}')
    return value


def _parsed(text: str, where: str) -> Any:
    try:
        return from_json(text, cache_strings="keys")
    except ValueError as error:
        reason = str(error).replace(" at line 1 column", " at character")
        if "recursion limit" in reason:
            reason = "it is nested too deeply"
        raise UserError(f"{where}: cannot be read as JSON ({reason}); write an object a line") from None
