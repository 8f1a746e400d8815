"""Which labels a model takes for which, and the rows that it gets wrong."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp_gru.data_files.delimited import for_spreadsheet
from nlp_gru.data_files.labels import normalize
from nlp_gru.data_files.rows import Rows, read
from nlp_gru.errors import UserError
from nlp_gru.loading import load
from nlp_gru.tools.sentiment import SentimentAnalyser

COLUMNS = ("text", "label")


@dataclass(frozen=True)
class Wrong:
    """A row whose label is not the model's: where it stands, its text and label, what the model says and how sure it
    is."""

    place: str
    text: str
    label: str
    found: str
    score: float


@dataclass(frozen=True)
class Mistakes:
    """confusions: (label, what the model says) -> rows; wrong: the surest ones first."""

    labels: tuple[str, ...]
    confusions: Counter[tuple[str, str]]
    wrong: tuple[Wrong, ...]


def mistakes(
    name: str | Path, files: Sequence[str], renamed: Mapping[str, str] | None = None, encoding: str = ""
) -> Mistakes:
    """Judge the labelled rows of files. Raises `UserError` for a model that gives no labels, and for a label that it
    does not have."""
    return judged(labelling(name), read(files, COLUMNS, renamed, encoding))


def labelling(name: str | Path) -> SentimentAnalyser:
    """Return a model that gives labels. Raises `UserError` for another one."""
    model = load(name)
    if not isinstance(model, SentimentAnalyser):
        raise UserError(f"{name}: it gives no labels, so there is none to be wrong")
    return model


def judged(model: SentimentAnalyser, rows: Rows) -> Mistakes:
    """The same of rows that have been read."""
    gold = normalize(rows["label"], model.labels)
    for i, label in enumerate(gold):
        if label not in model.labels:
            raise UserError(f"{rows.where(i)}: the label {label!r} is unknown; the model has {', '.join(model.labels)}")
    confusions: Counter[tuple[str, str]] = Counter()
    wrong = []
    texts = [str(text) for text in rows["text"]]
    for i, (text, label, verdict) in enumerate(zip(texts, gold, model.stream(texts), strict=True)):
        confusions[label, verdict.label] += 1
        if verdict.label != label:
            wrong.append(Wrong(rows.where(i), text, label, verdict.label, verdict.score))
    wrong.sort(key=lambda row: -row.score)
    return Mistakes(tuple(model.labels), confusions, tuple(wrong))


def table(found: Mistakes) -> str:
    """The confusion matrix as Markdown: a row for each label that occurs, a column for what the model says."""
    rows = [label for label in found.labels if any(gold == label for gold, _ in found.confusions)]
    head = f"| label, rows that have it | {' | '.join(found.labels)} |\n|---|{'---:|' * len(found.labels)}"
    lines = (
        f"| {label} | {' | '.join(f'{found.confusions[label, said]:,}' for said in found.labels)} |" for label in rows
    )
    return "\n".join([head, *lines])


def write(found: Mistakes, path: Path) -> None:
    """The wrong rows as a CSV file that a spreadsheet opens, the surest mistakes first."""
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "text", "label", "model says", "how sure"])
        for row in found.wrong:
            cells = map(for_spreadsheet, (row.place, row.text, row.label, row.found))
            writer.writerow([*cells, f"{row.score:.4f}"])
