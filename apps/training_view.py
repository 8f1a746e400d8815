"""What the training page shows: what is in a file, the curves, and the figures in plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from nlp_gru.data_files import MissingColumn
from nlp_gru.errors import UserError

from . import check_file, columns, curves
from .assets import render, style
from .check_file import NEEDS, Report
from .job import Curve

SHOWN_ROWS, SHOWN_LABELS, SHOWN_PROBLEMS, CELL = 5, 8, 6, 140
ROUGH = 30  # held-out rows, under which figures are rough


@dataclass(frozen=True)
class Figure:
    """The figure of a head that a person would look at: its key in the log, its name, what it is multiplied by, and its
    limits."""

    key: str
    name: str
    factor: float = 1
    limits: tuple[float, float] | None = (0, 100)


@dataclass(frozen=True)
class Kind:
    """A head as the page presents it. name: on its button; needs: what its file holds, in Markdown; sample: its own
    file among the samples."""

    name: str
    needs: str
    figure: Figure
    sample: str = ""


KINDS = {
    "sentiment": Kind(
        "Sentiment or other labels",
        "Texts, each with a label: columns `text` and `label`. Labels may be any words, such as *praise* or *bug"
        " report*.",
        Figure("accuracy", "right answers, %", 100),
        "sentiment.csv",
    ),
    "next_word": Kind(
        "Autocomplete",
        "Your own writing: one message or paragraph a line in a .txt file, or a column `text`.",
        Figure("perplexity", "perplexity", limits=None),
        "next_word.csv",
    ),
    "translation": Kind(
        "Translation",
        "Sentences with their translations: columns `source` and `target`.",
        Figure("bleu", "BLEU"),
        "translation.csv",
    ),
    "faq": Kind(
        "Questions and answers",
        "Questions with their answers: columns `question` and `answer`; several questions may share an answer.",
        Figure("accuracy", "right answers, %", 100),
        "chat.csv",
    ),
    "chat": Kind(
        "Dialogues",
        "Dialogues: a .jsonl or .parquet file with a column `turns`, a list of texts in each row.",
        Figure("hits_at_1", "true reply found, %", 100),
    ),
}
STYLE = style("training")


def look(head: str, path: str | None, *names: str | None) -> tuple[Any, ...]:
    """The report on a file, whether it can be trained on, and the choosers of columns. names: those that were
    chosen."""
    names = names or (None,) * columns.MOST
    if path is None:
        return waiting(), gr.update(interactive=False), *columns.hidden()
    choosers = [gr.update()] * columns.MOST if any(names) else columns.hidden()
    try:
        return (
            report_html(check_file.check(head, path, columns.renamed(head, names))),
            gr.update(interactive=True),
            *choosers,
        )
    except UserError as error:
        if isinstance(error, MissingColumn) and not any(names):
            choosers = columns.offered(head, error, names)
        return complaint(str(error)), gr.update(interactive=False), *choosers


def waiting() -> str:
    return render("note.html", text="What is in your file appears here, and nothing is trained before you start it.")


def complaint(message: str) -> str:
    return render("complaint.html", message=message, role="alert")


def report_html(report: Report) -> str:
    """What stands in a file, what is left out of it, and its first rows."""
    columns = NEEDS[report.head].columns
    spare = [c for c in report.found if c not in columns]
    unused = (
        f"; not used: {', '.join(c[:40] for c in spare[:5])}{' and others' if len(spare) > 5 else ''}" if spare else ""
    )
    good = len(report.numbers)
    rows = [[_cell(report.kept[c][i]) for c in columns] for i in range(min(good, SHOWN_ROWS))]
    return render(
        "report.html",
        name=report.name,
        usable=f"{good:,} rows" if good == report.rows else f"{good:,} of {report.rows:,} rows",
        columns=columns,
        unused=unused,
        notes=[*_problems(report), *report.notes],
        kind="labels" if report.head == "sentiment" else "answers",
        different=len(report.counts),
        counts=_counts(report),
        rows=curves.table(columns, rows),
    )


def _problems(report: Report) -> list[str]:
    problems = [f"Row {row:,}: {reason}; it is left out." for row, reason in report.left_out[:SHOWN_PROBLEMS]]
    if len(report.left_out) > SHOWN_PROBLEMS:
        problems.append(f"{len(report.left_out) - SHOWN_PROBLEMS:,} more rows are left out.")
    return problems


def _counts(report: Report) -> list[tuple[str, str, str, str]]:
    """The most frequent labels or answers: whole and shortened, their bars' widths, and their rows."""
    top = report.counts.most_common(SHOWN_LABELS)
    return [(name, _short(name, 60), f"{100 * n / top[0][1]:.1f}", f"{n:,}") for name, n in top]


def _cell(value: Any) -> str:
    return _short(" / ".join(value) if isinstance(value, list) else str(value), CELL)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def charts(head: str, curve: Curve) -> str:
    """The losses, and the head's own figure, over the updates; nothing for questions and answers, which are learned in
    one go."""
    if head == "faq":
        return ""
    figure = KINDS[head].figure
    logged = {u: f["loss"] for u, f in curve.valid.items() if "loss" in f}
    first, last = min(curve.loss, default=math.inf), max(curve.loss, default=0)
    loss = {u: v for u, v in logged.items() if not first <= u <= last} | curve.loss  # what was not printed was logged
    nll = {u: f["nll"] for u, f in curve.valid.items() if "nll" in f}
    own = {u: figure.factor * f[figure.key] for u, f in curve.valid.items() if figure.key in f}
    losses = [curves.Series("training", loss), curves.Series("validation", nll, "amber", dots=True)]
    left = curves.chart("Loss: lower is better", "loss", losses, curve.total)
    better = "lower" if figure.key == "perplexity" else "higher"
    right = curves.chart(
        f"In validation: {better} is better",
        figure.name,
        [curves.Series(figure.name, own, "amber", dots=True)],
        curve.total,
        figure.limits,
    )
    return render("charts.html", left=left, right=right)


def in_words(head: str, figures: Mapping[str, float], held: int) -> list[str]:
    """Validation figures as sentences. held: so many rows were held out; 0 where the head does that by itself."""
    found: list[str] = []
    if head == "faq":
        found.append(_asked_again(figures))
    elif "accuracy" in figures:
        right = round(figures["accuracy"] * held)
        found.append(f"{right:,} of {held:,} held-out texts got their label ({100 * figures['accuracy']:.0f} %).")
        if "macro_f1" in figures:
            found.append(
                f"With every label counted alike, however rare: {100 * figures['macro_f1']:.0f} of 100 points"
                " (macro-F1)."
            )
    elif "bleu" in figures:
        found.append(
            f"On {held:,} held-out pairs its translations score BLEU {figures['bleu']:.0f} and chrF"
            f" {figures.get('chrf', 0):.0f}, of 100 each, which say how much of your wording they share."
        )
    elif "hits_at_1" in figures:
        found.append(
            f"In held-out dialogues it finds the true reply among 20 in {100 * figures['hits_at_1']:.0f} of 100 cases."
        )
    elif "perplexity" in figures:
        n = figures["perplexity"]
        found.append(
            f"On {held:,} held-out texts it is as unsure of the next token of a word as if it chose among"
            f" {curves.number(n)} (perplexity; lower is better)."
        )
    if found and 0 < held < ROUGH:
        found.append(f"{held:,} held-out rows are few: take this for a rough figure.")
    return found


def _asked_again(figures: Mapping[str, float]) -> str:
    if "accuracy" not in figures:
        return (
            "Every answer has only one question, so that nothing can be measured here: write down what else people may"
            " ask, with the answers, and run `nlp-gru eval my-model --data paraphrases.csv`."
        )
    return (
        f"Asked {figures.get('held_out', 0):,.0f} of your questions as if it had not learned them, it found the right"
        f" answer first for {100 * figures['accuracy']:.0f} %."
    )


def validations(curve: Curve) -> str:
    """All validations as a table, or nothing where there was none."""
    if not curve.valid:
        return ""
    names = list(dict.fromkeys(k for f in curve.valid.values() for k in f))
    rows = [[f"{u:,}", *(curves.number(f[k]) if k in f else "" for k in names)] for u, f in sorted(curve.valid.items())]
    titles = ["update", *(f"training {n}" if n == "loss" else n.replace("_", " ") for n in names)]
    return render("validations.html", table=curves.table(titles, rows))


def card(head: str, report: Report, settings: Mapping[str, Any], sentences: list[str]) -> str:
    """The README.md of a trained model's folder."""
    chosen = "\n".join(f"- `{key}` = `{value}`" for key, value in settings.items())
    return (
        f"# A model of your own: {KINDS[head].name}\n\nTrained on {len(report.numbers):,} rows of `{report.name}` from"
        f" a bundled model of nlp-gru.\n\n{chr(10).join(sentences)}\n\nSettings:\n\n{chosen}\n\nUse:"
        ' `nlp_gru.load("my-model")`, or `nlp-gru predict my-model "text"`.\n'
    )
