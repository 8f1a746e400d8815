"""What comes of a data file, how much of it is taken, and how its columns are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp_gru import errors as limits
from nlp_gru.errors import UserError, did_you_mean, shortened
from nlp_gru.text.tokenizer import valid_unicode

SHOWN_NAMES, SHOWN_ROWS = 8, 10


@dataclass(frozen=True)
class Bounds:
    """How much is taken of a file.

    bytes: of the file; rows, columns; cell: characters of a wanted cell; characters: of all wanted cells together;
    json_bytes: parsed at once; isolated: whether Parquet is read in a process of its own; guess_encoding: whether a
    file that seems to be Windows-1252 is read as such, with a note, instead of being refused; remedy: what to do with a
    file of too many rows.
    """

    bytes: int
    rows: int
    columns: int
    cell: int
    characters: int
    json_bytes: int
    isolated: bool = False
    guess_encoding: bool = False
    remedy: str = ""


COMMAND_LINE = Bounds(
    limits.MAX_DATA_BYTES,
    limits.MAX_DATA_ROWS,
    limits.MAX_DATA_COLUMNS,
    limits.MAX_CELL,
    limits.MAX_DATA_CHARACTERS,
    limits.MAX_JSON_BYTES,
)
PAGE = Bounds(
    limits.MAX_PAGE_DATA_BYTES,
    limits.MAX_PAGE_DATA_ROWS,
    limits.MAX_PAGE_DATA_COLUMNS,
    limits.MAX_PAGE_CELL,
    limits.MAX_PAGE_DATA_CHARACTERS,
    limits.MAX_PAGE_JSON_BYTES,
    isolated=True,
    guess_encoding=True,
    remedy=" (the command line, nlp-gru, takes more)",
)


class MissingColumn(UserError):
    """A file without a wanted column. missing: that column's name; found: those that the file has."""

    def __init__(self, message: str, missing: str, found: Sequence[str]):
        super().__init__(message)
        self.missing, self.found = missing, list(found)


@dataclass(frozen=True)
class Table:
    """The wanted columns of a file, of equal length.

    names: all columns that the file names; columns: the wanted ones, None where a cell is empty; numbers: each row's
    number in the file, where the first after a header is 1; notes: what a person should know of how it was read.
    """

    names: list[str]
    columns: dict[str, list[Any]]
    numbers: list[int]
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Rows, not columns."""
        return len(self.numbers)


class Collector:
    """Takes a file's rows one after the other, and no more of them than the bounds allow."""

    def __init__(self, path: str, columns: Iterable[str], bounds: Bounds):
        self.path, self.bounds = path, bounds
        self.columns: dict[str, list[Any]] = {column: [] for column in columns}
        self.numbers: list[int] = []
        self.characters = 0

    def add(self, number: int, cells: Iterable[Any]) -> None:
        """A row. Raises `UserError` for one that is too much."""
        if len(self.numbers) >= self.bounds.rows:
            raise UserError(f"{self.path}: more than {self.bounds.rows:,} rows are too many{self.bounds.remedy}")
        self.numbers.append(number)
        for (column, values), cell in zip(self.columns.items(), cells, strict=True):
            values.append(self._checked(cell, column, number))
        if self.characters > self.bounds.characters:
            most = self.bounds.characters
            raise UserError(f"{self.path}: its cells have more than {most:,} characters in all{self.bounds.remedy}")

    def _checked(self, cell: Any, column: str, number: int) -> Any:
        if isinstance(cell, str):
            if len(cell) > self.bounds.cell:
                raise UserError(
                    f"{self.path}, row {number}: '{column}' has {len(cell):,} characters; the most is"
                    f" {self.bounds.cell:,}"
                )
            self.characters += len(cell)
            return valid_unicode(cell) if cell and not cell.isspace() else None
        if isinstance(cell, list):
            for part in cell:
                self.characters += len(part) + 1 if isinstance(part, str) else 1
            return [valid_unicode(part) if isinstance(part, str) else part for part in cell]
        return cell

    def table(self, names: Sequence[str], notes: Sequence[str] = ()) -> Table:
        return Table(list(names), self.columns, self.numbers, list(notes))


def fold(name: str) -> str:
    """A column's name as it is compared: without blanks around it and whatever its capitals."""
    return name.strip().strip("\ufeff").casefold()


def named(names: Sequence[str]) -> list[str]:
    """The columns that have a name: an index written by pandas has none, nor has what follows a trailing comma."""
    return [name.strip() for name in names if name.strip() and not name.startswith("Unnamed: ")]


def places(path: str, names: Sequence[str], wanted: Mapping[str, str]) -> dict[str, int]:
    """The place of each wanted column among a file's. wanted: the file's name of each.

    Raises `MissingColumn` for the first that is not there, `UserError` where two have its name.
    """
    where: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        where.setdefault(fold(name), []).append(i)
    found = {}
    for column, name in wanted.items():
        at = where.get(fold(name), [])
        if len(at) > 1:
            raise UserError(f"{path}: {len(at)} columns are named '{name.strip()}'; rename all but one")
        if not at:
            raise missing_column(path, name, wanted, named(names))
        found[column] = at[0]
    return found


def missing_column(path: str, name: str, wanted: Mapping[str, str], found: Sequence[str]) -> MissingColumn:
    has = ", ".join(repr(n)[1:-1] if len(n) <= 40 else shortened(n, 40) for n in found[:SHOWN_NAMES]) or "none"
    more = " and others" if len(found) > SHOWN_NAMES else ""
    column = next((c for c, n in wanted.items() if n == name), name)
    needs = ", ".join(wanted.values())
    return MissingColumn(
        f"{path}: there is no column '{name}'{did_you_mean(name, found)}; it needs {needs} and has {has}{more}",
        column,
        found,
    )


def problem(column: str, cell: Any) -> str:
    """Why a cell that is not empty cannot be used, or nothing."""
    if column == "turns":
        if not isinstance(cell, list) or not all(isinstance(turn, str) and turn.strip() for turn in cell):
            return "'turns' is not a list of texts"
        return "" if len(cell) > 1 else "a dialogue has two turns at least"
    if column == "label":
        whole = isinstance(cell, str | int) or (isinstance(cell, float) and cell.is_integer())
        return "" if whole else "'label' is not a label"
    if column == "row":
        return "" if isinstance(cell, int) and cell >= -1 else "'row' is not the number of a vector, or -1"
    return "" if isinstance(cell, str) else f"'{column}' is not a text"


def empty_rows(numbers: Sequence[int]) -> str:
    """Which rows were empty, as a sentence without its full stop; empty where there are none."""
    if not numbers:
        return ""
    shown = ", ".join(f"{n:,}" for n in numbers[:SHOWN_ROWS])
    more = f" and {len(numbers) - SHOWN_ROWS:,} more" if len(numbers) > SHOWN_ROWS else ""
    return f"{len(numbers):,} {'row was' if len(numbers) == 1 else 'rows were'} empty: {shown}{more}"
