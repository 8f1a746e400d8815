"""What stands in an uploaded file and what is wrong with it, before a training begins; without torch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nlp_gru.data_files import PAGE, MissingColumn, Table, problem, read_table
from nlp_gru.data_files.labels import HELD_OUT, hold_out, normalize, rare
from nlp_gru.errors import UserError
from nlp_gru.text.casing import letters
from nlp_gru.tools.registry import TOOLS


@dataclass(frozen=True)
class Need:
    """What a tool's file must have: its columns and so many rows."""

    columns: tuple[str, ...]
    least: int
    most: int


NEEDS = {
    "sentiment": Need(TOOLS["sentiment"].columns, 10, 20_000),
    "next_word": Need(TOOLS["next_word"].columns, 10, 20_000),
    "translation": Need(TOOLS["translation"].columns, 10, 20_000),
    "faq": Need(TOOLS["faq"].columns, 2, 20_000),
    "chat": Need(TOOLS["chat"].columns, 10, 5_000),
}
LONG = 500  # characters of a side of a pair, over which it may be left out of the training
SEED = 1  # of the recipes, too


@dataclass(frozen=True)
class Report:
    """A file that can be trained on.

    found: all its columns; rows: how many it has; kept: the needed columns of the rows that can be used; numbers: of
    these rows, the first of the file being 1; left_out: (row, reason); notes: what a person should know; counts: rows
    by label or by answer.
    """

    head: str
    name: str
    found: list[str]
    rows: int
    kept: dict[str, list[Any]]
    numbers: list[int]
    left_out: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def check(head: str, path: str, renamed: Mapping[str, str] | None = None) -> Report:
    """Read a file for a head. renamed: the file's own name of a column.

    Raises `MissingColumn` where the file names no such column, `UserError` with one sentence for a file that cannot be
    trained on.
    """
    name, need = Path(path).name, NEEDS[head]
    try:
        table = read_table(path, need.columns, renamed, bounds=replace(PAGE, rows=need.most))
    except MissingColumn as error:
        raise MissingColumn(
            f"{name}: there is no column '{error.missing}'; the first row must name the columns"
            f" {' and '.join(need.columns)}, and it has"
            f" {_listed(error.found) or 'none'}{'; choose which of them to read' if error.found else ''}.",
            error.missing,
            error.found,
        ) from None
    except UserError as error:
        raise UserError(str(error).replace(path, name)) from None
    rows = [dict(zip(need.columns, row, strict=True)) for row in zip(*table.columns.values(), strict=True)]
    places = range(len(rows))
    if name.lower().endswith(".txt"):  # where a blank line only parts two texts
        places = [i for i in places if rows[i]["text"] is not None]  # type: ignore[assignment]
    reasons = {i: _reason(rows[i]) for i in places}
    if head == "faq":
        _second_answers(table, reasons)
    good = [i for i, reason in reasons.items() if not reason]
    kept = {column: [_clean(rows[i][column]) for i in good] for column in need.columns}
    left_out = [(table.numbers[i], reason) for i, reason in reasons.items() if reason]
    report = Report(
        head, name, table.names, len(reasons), kept, [table.numbers[i] for i in good], left_out, list(table.notes)
    )
    _refuse(report)
    _note(report)
    return report


def lacking(head: str, error: MissingColumn) -> list[str]:
    """The needed columns that another column of the file may hold; none where the file has no other."""
    columns, found = NEEDS[head].columns, {name.casefold() for name in error.found}
    return [column for column in columns if column not in found] if found - set(columns) else []


def _listed(names: Sequence[str]) -> str:
    short = [repr(n if len(n) <= 40 else n[:39] + "…") for n in names[:6]]
    return ", ".join(short) + (" and others" if len(names) > 6 else "")


def _clean(cell: Any) -> Any:
    if isinstance(cell, list):
        return [turn.strip() for turn in cell]
    return str(int(cell) if isinstance(cell, float) else cell).strip()


def _reason(row: dict[str, Any]) -> str:
    """Why a row cannot be used, or nothing."""
    found = (f"'{column}' is empty" if cell is None else problem(column, cell) for column, cell in row.items())
    return next(filter(None, found), "")


def _second_answers(table: Table, reasons: dict[int, str]) -> None:
    """A question can have one answer: the first one counts."""
    first: dict[str, int] = {}
    for i, (question, answer) in enumerate(zip(*table.columns.values(), strict=True)):
        if not reasons[i]:
            j = first.setdefault(letters(question), i)
            if table.columns["answer"][j].strip() != answer.strip():
                reasons[i] = f"the same question has another answer in row {table.numbers[j]:,}"


def _refuse(report: Report) -> None:
    """Raises `UserError` where too little is left, or nothing to tell apart; fills `counts`."""
    good, need = len(report.numbers), NEEDS[report.head]
    if good < need.least:
        usable = "rows" if not report.left_out else "usable rows"
        why = "" if not report.left_out else f" (row {report.left_out[0][0]:,}: {report.left_out[0][1]})"
        raise UserError(f"{report.name}: {good:,} {usable} are too few to train on; {need.least} is the least{why}.")
    kind = {"sentiment": "label", "faq": "answer"}.get(report.head)
    if kind:
        report.counts.update(report.kept[kind])
        if len(report.counts) < 2:
            raise UserError(
                f"{report.name}: there is nothing to tell apart, since all rows have the {kind}"
                f" '{next(iter(report.counts))[:80]}'."
            )
        if report.head == "sentiment" and len(report.counts) > good / 2:
            raise UserError(
                f"{report.name}: {len(report.counts):,} labels for {good:,} rows are too many; is 'label' the right"
                " column?"
            )


def _note(report: Report) -> None:
    """What a person should know of the rows, appended to the report's notes."""
    seen: dict[str, int] = {}
    again = []
    for number, row in zip(report.numbers, zip(*report.kept.values(), strict=True), strict=True):
        if seen.setdefault(repr(row), number) != number:
            again.append(number)
    if again:
        repeats = "repeats an earlier one; it is" if len(again) == 1 else "repeat earlier ones; they are"
        report.notes.append(f"{_rows(again)} {repeats} used, but held-out figures may look better than they are.")
    report.notes.extend(_NOTED.get(report.head, lambda _: [])(report))


def _of_labels(report: Report) -> Iterator[str]:
    labels: dict[str, set[str]] = {}
    for text, label in zip(report.kept["text"], report.kept["label"], strict=True):
        labels.setdefault(text, set()).add(label)
    if twice := sum(len(found) > 1 for found in labels.values()):
        yield f"{twice:,} {'text has' if twice == 1 else 'texts have'} more than one label."
    if sentence := rare(report.counts):
        yield f"{sentence[0].upper()}{sentence[1:]}."


def _of_pairs(report: Report) -> Iterator[str]:
    pairs = zip(report.kept["source"], report.kept["target"], strict=True)
    if long := sum(max(len(s), len(t)) > LONG for s, t in pairs):
        yield f"{long:,} {'pair is' if long == 1 else 'pairs are'} very long; what is over 120 tokens is left out."


def _of_answers(report: Report) -> Iterator[str]:
    if one := sum(n == 1 for n in report.counts.values()):
        have = "has" if one == 1 else "have"
        yield f"{one:,} of the answers {have} only one question. Add two or three phrasings of each."


_NOTED: dict[str, Callable[[Report], Iterable[str]]] = {
    "sentiment": _of_labels,
    "translation": _of_pairs,
    "faq": _of_answers,
}


def _rows(numbers: Sequence[int], most: int = 3) -> str:
    shown = ", ".join(f"{n:,}" for n in numbers[:most])
    rest = f" and {len(numbers) - most:,} more" if len(numbers) > most else ""
    return f"Row{'s' if len(numbers) > 1 else ''} {shown}{rest}"


def write(report: Report, folder: Path, share: float = HELD_OUT) -> tuple[Path, Path | None, list[int]]:
    """The kept rows as files to train on and to validate on, and the places of the latter; a bot of questions and
    answers holds out by itself."""
    kept = dict(report.kept)
    groups: Sequence[Any] = [None] * len(report.numbers)
    if report.head == "sentiment":  # each file alone might read 0 and 1 as other names than both together
        groups = kept["label"] = normalize(kept["label"])
    stem = Path(report.name).stem or "rows"
    if report.head == "faq":
        return _jsonl(kept, range(len(report.numbers)), folder / f"{stem}.jsonl"), None, []
    learned, held = hold_out(groups, share, SEED)
    train, valid = folder / f"{stem}.jsonl", folder / f"{stem}-held-out.jsonl"
    return _jsonl(kept, learned, train), _jsonl(kept, held, valid), held


def _jsonl(columns: dict[str, list[Any]], places: Sequence[int], path: Path) -> Path:
    with open(path, "w", encoding="utf-8") as file:
        for i in places:
            file.write(json.dumps({c: values[i] for c, values in columns.items()}, ensure_ascii=False) + "\n")
    return path
