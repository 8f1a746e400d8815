"""What stands in an uploaded file and what is wrong with it, before a training begins; without torch."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp_gru.errors import UserError
from nlp_gru.forms import letters


@dataclass(frozen=True)
class Need:
    """What a head's file must have: its columns and so many rows."""

    columns: tuple[str, ...]
    least: int
    most: int


NEEDS = {
    "sentiment": Need(("text", "label"), 10, 20_000),
    "next_word": Need(("text",), 10, 20_000),
    "translation": Need(("source", "target"), 10, 20_000),
    "faq": Need(("question", "answer"), 2, 20_000),
    "chat": Need(("turns",), 10, 5_000),
}
FEW = 5  # rows of a label, under which it is hardly learned
LONG = 500  # characters of a side of a pair, over which it may be left out of the training
HELD_OUT = 0.1


@dataclass(frozen=True)
class Report:
    """A file that can be trained on.

    found: all its columns; rows: how many it has; kept: the needed columns of the rows that can be used; numbers: of these
    rows, the first of the file being 1; left_out: (row, reason); notes: what a person should know; counts: rows by label or
    by answer.
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


def check(head: str, path: str) -> Report:
    """Read a file for a head. Raises `UserError` with one sentence for a file that cannot be trained on."""
    from nlp_gru.dataset import cells

    name, need = Path(path).name, NEEDS[head]
    try:
        found = cells(path)
    except UserError as error:
        raise UserError(str(error).replace(path, name)) from None
    missing = [column for column in need.columns if column not in found]
    if missing:
        raise UserError(
            f"{name}: there is no column '{missing[0]}'; the first row must name the columns {' and '.join(need.columns)}, "
            f"and it has {_listed(list(found)) or 'none'}{_hint(list(found))}."
        )
    columns = {column: found[column] for column in need.columns}
    rows = len(columns[need.columns[0]])
    if rows > need.most:
        raise UserError(
            f"{name}: {rows:,} rows are too many for this page; the most is {need.most:,} (nlp-gru train takes any number)."
        )
    reasons = [_reason(head, dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]
    if head == "faq":
        _second_answers(columns, reasons)
    good = [i for i, reason in enumerate(reasons) if not reason]
    kept = {column: [_clean(values[i]) for i in good] for column, values in columns.items()}
    report = Report(
        head, name, list(found), rows, kept, [i + 1 for i in good],
        [(i + 1, reason) for i, reason in enumerate(reasons) if reason],
    )  # fmt: skip
    _refuse(report)
    _note(report)
    return report


def _hint(names: Sequence[str]) -> str:
    """What a spreadsheet in another country writes."""
    for mark, kind in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            return f", which looks like {kind} between the cells: save it as CSV with commas" + (
                " or name it .tsv" if mark == "\t" else ""
            )
    return ""


def _listed(names: Sequence[str]) -> str:
    short = [repr(n if len(n) <= 40 else n[:39] + "…") for n in names[:6]]
    return ", ".join(short) + (" and others" if len(names) > 6 else "")


def _clean(cell: Any) -> Any:
    return [turn.strip() for turn in cell] if isinstance(cell, list) else str(cell).strip()


def _reason(head: str, row: dict[str, Any]) -> str:
    """Why a row cannot be used, or nothing."""
    if head == "chat":
        turns = row["turns"]
        if not isinstance(turns, list) or not all(isinstance(t, str) and t.strip() for t in turns):
            return "'turns' is not a list of texts"
        return "" if len(turns) > 1 else "a dialogue has two turns at least"
    for column, cell in row.items():
        if cell is None or not str(cell).strip():
            return f"'{column}' is empty"
        if not isinstance(cell, str) and column != "label":
            return f"'{column}' is not a text"
        if isinstance(cell, float | list | dict) and not (isinstance(cell, float) and cell.is_integer()):
            return f"'{column}' is not a label"
    return ""


def _second_answers(columns: dict[str, list[Any]], reasons: list[str]) -> None:
    """A question can have one answer: the first one counts."""
    first: dict[str, int] = {}
    for i, (question, answer) in enumerate(zip(columns["question"], columns["answer"], strict=True)):
        if not reasons[i]:
            j = first.setdefault(letters(question), i)
            if columns["answer"][j].strip() != answer.strip():
                reasons[i] = f"the same question has another answer in row {j + 1:,}"


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
                f"{report.name}: there is nothing to tell apart, since all rows have the {kind} '{next(iter(report.counts))[:80]}'."
            )
        if report.head == "sentiment" and len(report.counts) > good / 2:
            raise UserError(
                f"{report.name}: {len(report.counts):,} labels for {good:,} rows are too many; is 'label' the right column?"
            )


def _note(report: Report) -> None:
    kept, notes = report.kept, report.notes
    seen: dict[str, int] = {}
    again = []
    for number, row in zip(report.numbers, zip(*kept.values(), strict=True), strict=True):
        if seen.setdefault(repr(row), number) != number:
            again.append(number)
    if again:
        repeats = "repeats an earlier one; it is" if len(again) == 1 else "repeat earlier ones; they are"
        notes.append(f"{_rows(again)} {repeats} used, but held-out figures may look better than they are.")
    if report.head == "sentiment":
        labels: dict[str, set[str]] = {}
        for text, label in zip(kept["text"], kept["label"], strict=True):
            labels.setdefault(text, set()).add(label)
        if twice := sum(len(found) > 1 for found in labels.values()):
            notes.append(f"{twice:,} {'text has' if twice == 1 else 'texts have'} more than one label.")
        few = [label for label, n in report.counts.items() if n < FEW]
        if few:
            notes.append(f"{_listed(few)}: fewer than {FEW} rows; give such a label more, or it is hardly learned.")
    if report.head == "translation":
        pairs = zip(kept["source"], kept["target"], strict=True)
        if long := sum(max(len(s), len(t)) > LONG for s, t in pairs):
            notes.append(
                f"{long:,} {'pair is' if long == 1 else 'pairs are'} very long; what is over 120 pieces is left out."
            )
    if report.head == "faq" and (one := sum(n == 1 for n in report.counts.values())):
        notes.append(f"{one:,} of the answers {'has' if one == 1 else 'have'} one question alone; several wordings make it surer.")  # fmt: skip


def _rows(numbers: Sequence[int], most: int = 3) -> str:
    shown = ", ".join(f"{n:,}" for n in numbers[:most])
    rest = f" and {len(numbers) - most:,} more" if len(numbers) > most else ""
    return f"Row{'s' if len(numbers) > 1 else ''} {shown}{rest}"


def split(report: Report, share: float) -> tuple[list[int], list[int]]:
    """The places of the rows to learn from and of those held out; every label keeps some of its rows to learn from."""
    draw = random.Random(1)
    groups: dict[str, list[int]] = {}
    for i in range(len(report.numbers)):
        groups.setdefault(report.kept["label"][i] if report.head == "sentiment" else "", []).append(i)
    held: list[int] = []
    for places in groups.values():
        held += draw.sample(places, min(round(share * len(places)), len(places) - 1))
    if not held:
        held = [draw.choice(max(groups.values(), key=len))]
    out = set(held)
    return [i for i in range(len(report.numbers)) if i not in out], sorted(held)


def write(report: Report, folder: Path, share: float = HELD_OUT) -> tuple[Path, Path | None, list[int]]:
    """The kept rows as files to train on and to validate on, and the places of the latter; a bot of questions and answers
    holds out by itself."""
    kept = dict(report.kept)
    if report.head == "sentiment":  # each file alone might read 0 and 1 as other names than both together
        from nlp_gru.heads.classification import normalize

        kept["label"] = normalize(kept["label"])
    stem = Path(report.name).stem or "rows"
    if report.head == "faq":
        return _jsonl(kept, range(len(report.numbers)), folder / f"{stem}.jsonl"), None, []
    learned, held = split(report, share)
    train, valid = folder / f"{stem}.jsonl", folder / f"{stem}-held-out.jsonl"
    return _jsonl(kept, learned, train), _jsonl(kept, held, valid), held


def _jsonl(columns: dict[str, list[Any]], places: Sequence[int], path: Path) -> Path:
    with open(path, "w", encoding="utf-8") as file:
        for i in places:
            file.write(json.dumps({c: values[i] for c, values in columns.items()}, ensure_ascii=False) + "\n")
    return path
