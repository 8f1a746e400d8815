"""From a file of questions and answers to a bot, with what is known of it: how often it is right, and what is wrong
with the rows."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp_gru.data_files import rows as dataset
from nlp_gru.errors import UserError
from nlp_gru.tools.faq.bot import FaqBot
from nlp_gru.training.recipe import Recipe

LOG = logging.getLogger("nlp_gru")
COLUMNS = ("question", "answer")
ALIKE = 0.92  # the cosine of two answers' questions from which they are nearly the same
CHECKED = 3000  # questions compared with each other
ASKED = 1000  # questions asked as if they were not known
NAMED = 3  # examples in a warning


@dataclass(frozen=True)
class Findings:
    """What training found. figures: accuracy over `held_out` questions, each answered without having been learned from,
    or none where every answer has a single question; warnings: sentences without their full stop."""

    figures: dict[str, float]
    warnings: tuple[str, ...]


def train(recipe: Recipe, out: str | Path) -> Findings:
    """Read the recipe's files, learn their questions and leave the bot at `out`. Raise `UserError` for anything wrong
    with them."""
    rows = read(recipe)
    bot = FaqBot.from_rows(rows, recipe.faq)
    found = findings(bot)
    if recipe.data.valid:
        figures = evaluate(bot, read(recipe, valid=True))
        found = Findings(
            {**found.figures, **{f"valid_{name}": value for name, value in figures.items()}}, found.warnings
        )
    for warning in found.warnings:
        LOG.warning("%s: %s", rows.files, warning)
    bot.save(out)
    return found


def read(recipe: Recipe, valid: bool = False) -> dataset.Rows:
    """The rows of the recipe's files to learn from, or to measure on."""
    for column in recipe.data.columns:
        if column not in COLUMNS:
            raise UserError(
                f"--column {column}={recipe.data.columns[column]}: faq has the columns {', '.join(COLUMNS)}"
            )
    files = recipe.data.valid if valid else recipe.data.train
    return dataset.read(files, COLUMNS, recipe.data.columns, recipe.data.encoding)


def findings(bot: FaqBot) -> Findings:
    """Answer each question as if it were not known, where its answer has others, and look for what is easily
    confused."""
    several = int((bot.index.counts > 1).sum())
    figures: dict[str, float] = {}
    warnings = []
    alone = len(bot.answers) - several
    if several:
        rows, fits, _ = bot.index.left_out(ASKED)
        found, wanted = fits.totals.argmax(1), bot.target[rows]
        figures = {"accuracy": float((found == wanted).mean()), "held_out": float(len(rows))}
        mixed = Counter((int(a), int(b)) for a, b in zip(wanted, found, strict=True) if a != b)
        common = [
            f"{_short(bot.answers[a])} with {_short(bot.answers[b])} ({n} times)"
            for (a, b), n in mixed.most_common(NAMED)
            if n > 1
        ]
        if common:
            warnings.append(f"most often confused: {'; '.join(common)}")
    if alone:
        who = f"{alone:,} of {len(bot.answers):,} answers" if several else "all answers"
        verb = "has" if several and alone == 1 else "have"
        rest = (
            ""
            if several
            else (
                ", so that nothing can be measured here; ask it questions in other words with `nlp-gru eval my-bot"
                " --data paraphrases.csv`"
            )
        )
        warnings.append(
            f"{who} {verb} only one question; add two or three phrasings of each to make the bot surer{rest}"
        )
    warnings += _near(bot)
    return Findings(figures, tuple(warnings))


def evaluate(bot: FaqBot, rows: dataset.Rows) -> dict[str, float]:
    """Figures over other questions; an answer that the bot does not have counts as outside, where refusing is right."""
    replies = bot.replies([str(q) for q in rows["question"]])
    wanted = [str(a).strip() for a in rows["answer"]]
    known = set(bot.answers)
    inside = [(r, w) for r, w in zip(replies, wanted, strict=True) if w in known]
    outside = [r for r, w in zip(replies, wanted, strict=True) if w not in known]
    figures: dict[str, float] = {}
    if inside:
        figures["accuracy"] = float(np.mean([r.candidates[0][0] == w for r, w in inside]))
        figures["among_three"] = float(np.mean([w in [a for a, _ in r.candidates[:3]] for r, w in inside]))
        figures["answered_and_right"] = float(np.mean([r.answered and r.text == w for r, w in inside]))
    if outside:
        figures["outside_refused"] = float(np.mean([not r.answered for r in outside]))
    return figures


def _near(bot: FaqBot) -> list[str]:
    """Questions of two answers that say nearly the same."""
    vectors, target = bot.vectors[:CHECKED], bot.target[:CHECKED]
    cosines = np.triu(vectors @ vectors.T, 1) * (target[:, None] != target)
    places = np.argwhere(cosines >= ALIKE)
    if not len(places):
        return []
    order = np.argsort(-cosines[tuple(places.T)])[:NAMED]
    shown = "; ".join(" and ".join(repr(_short(bot.rows[i][0])) for i in places[k]) for k in order)
    return [
        f"{len(places):,} {'pair' if len(places) == 1 else 'pairs'} of questions nearly say the same but have different"
        f" answers: {shown}"
    ]


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
