"""One's own training as the page asks for it: a checked file and settings become a command, and it is known what comes
of it."""

from __future__ import annotations

import math
import re
import shutil
from dataclasses import dataclass, field
from typing import Any

from nlp_gru.errors import UserError
from nlp_gru.tools.registry import TOOLS

from . import check_file, common, job, trial
from .check_file import Report

MAX_EPOCHS, TRIALS, NAME = 200, 4, "my-model"
command = job.command


@dataclass
class Task:
    """A training with what the page must know of it."""

    training: job.Training
    report: Report
    settings: dict[str, Any]
    held: list[int]
    languages: tuple[str, str] = ("en", "fr")
    seconds: float = 0.0
    model: Any = field(default=None, repr=False)

    @property
    def head(self) -> str:
        return self.report.head


def default_refusal() -> str:
    from nlp_gru.model_folder.options import FaqOptions

    return str(FaqOptions.model_fields["refusal"].default)


def defaults(head: str) -> dict[str, Any]:
    """The recipe's own settings, of those that the page offers."""
    from nlp_gru.training.recipe import load_recipe

    recipe = load_recipe("faq" if head == "faq" else f"{head}-finetune")
    return {"train.epochs": recipe.train.epochs, "train.lr": recipe.train.lr}


def chosen(
    head: str, epochs: float | None, rate: float | None, refusal: str, languages: tuple[str, str]
) -> dict[str, Any]:
    """The settings of a training, checked. Raises `UserError`."""
    if head == "faq":  # learned in one go
        return {"faq.refusal": refusal.strip() or default_refusal()}
    if epochs is None or not math.isfinite(epochs) or not 0 < epochs <= MAX_EPOCHS:
        raise UserError(f"Epochs are a number above 0, at most {MAX_EPOCHS}.")
    if rate is None or not math.isfinite(rate) or not 0 < rate <= 0.1:
        raise UserError("The learning rate is a number above 0, at most 0.1.")
    settings: dict[str, Any] = {"train.epochs": epochs, "train.lr": rate}
    if head == "translation":
        if not all(re.fullmatch("[a-z]{2,3}", code) for code in languages) or languages[0] == languages[1]:
            raise UserError("The languages are two different codes of ISO 639, such as en and fr.")
        settings |= {"translation.source": languages[0], "translation.target": languages[1]}
        settings["start"] = trial.TRANSLATORS.get(languages, "translation")
    return settings


def begin(report: Report, settings: dict[str, Any], share: float, languages: tuple[str, str]) -> Task:
    """Start a training of the rows that were found good."""
    folder = common.new_file(NAME)
    try:
        train, valid, held = check_file.write(report, folder.parent, share)
        arguments = command("faq" if report.head == "faq" else report.head, train, folder, settings, valid)
    except BaseException:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise
    names = {str(file): report.name for file in (train, valid) if file}
    return Task(job.Training(arguments, folder, names), report, settings, held, languages)


def trials(report: Report, held: list[int]) -> list[str]:
    """A few texts of the file to begin with, of those it did not learn from where there are any."""
    cells = report.kept[TOOLS[report.head].columns[0]]
    texts = [
        cells[i][0] if report.head == "chat" else cells[i]
        for i in (held or range(0, len(cells), max(len(cells) // TRIALS, 1)))
    ]
    if report.head == "next_word":
        texts = [" ".join(t.split()[: max(len(t.split()) // 2, 1)]) + " " for t in texts]
    return list(dict.fromkeys(t for t in texts if len(t) <= 200))[:TRIALS]
