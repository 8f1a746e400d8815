"""A bot of questions and answers as a model folder: config.json, questions.jsonl, model.safetensors; the encoder is the
package's.

What was fitted is stored too, so that a large bot opens at once. It is used where it is of the same settings as the
package's; else, and in folders of earlier versions, which have none, it is fitted again from the questions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field
from safetensors.numpy import save as to_bytes

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.errors import MAX_CONFIG_BYTES, UserError
from nlp_gru.model_folder import files
from nlp_gru.model_folder.options import FaqOptions, Strict
from nlp_gru.model_folder.weights import SCALE, Weights, narrowed, widened
from nlp_gru.tools.faq import decide, fits, regression, words
from nlp_gru.tools.faq.background import WORDS
from nlp_gru.tools.faq.regression import Fit
from nlp_gru.tools.similarity.encoder import bundled_encoder

AGAIN = "train it again from its questions: nlp-gru train chat --data faq.csv --out my-bot"
MAX_BYTES = 100_000_000  # of questions.jsonl
ROWS, WEIGHTS = "questions.jsonl", "model.safetensors"
FIT = "fit"  # the tensor's name
VERSION = 1  # of how a fit is computed, beside the constants


class Row(Strict):
    question: str
    answer: str


class Fitted(Strict):
    """settings: see `settings`; shift: see `decide.adjusted`."""

    settings: str
    shift: float = Field(ge=-decide.SHIFT, le=decide.SHIFT)


class Config(Strict):
    """config.json. encoder: SHA-256 of the weights that made the vectors; sha256: of the files beside it; fitted: of
    the tensor of that name and of the decision, None in folders of earlier versions."""

    format: Literal[2] = 2
    head: Literal["faq"] = "faq"
    encoder: str
    options: FaqOptions
    fitted: Fitted | None = None
    sha256: dict[Literal["questions.jsonl", "model.safetensors"], str]


@dataclass(frozen=True)
class Learned:
    """What follows from a bot's rows alone, and takes time. fit: None where every answer has one question; shift: see
    `decide.adjusted`."""

    fit: Fit | None
    shift: float


@dataclass(frozen=True)
class Stored:
    """What a bot is made of: its rows (question, answer), the vectors of the questions (N, 384) and of the answers (C,
    384), and what was learned from them, None where that is to be done again."""

    rows: Sequence[tuple[str, str]]
    options: FaqOptions
    vectors: Array
    answer_vectors: Array
    learned: Learned | None


@cache
def settings() -> str:
    """A sum of all constants that a fit and the decision by it depend on."""
    named = {
        f"{module.__name__}.{name}": repr(value)
        for module in (decide, fits, regression, words)
        for name, value in vars(module).items()
        if name.isupper()
    }
    content = json.dumps([VERSION, named], sort_keys=True).encode() + WORDS.read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]


def save(bot: Stored, folder: Path) -> None:
    """Write the folder; vectors and the fit are stored as int8 rows."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, Array] = {}
    for name, value in (("questions", bot.vectors), ("answers", bot.answer_vectors)):
        tensors[name], tensors[name + SCALE] = narrowed(value)
    if bot.learned and bot.learned.fit:
        tensors[FIT], tensors[FIT + SCALE] = narrowed(np.ascontiguousarray(bot.learned.fit.weights.T))
    lines = [json.dumps({"question": q, "answer": a}, ensure_ascii=False) for q, a in bot.rows]
    content = {ROWS: ("\n".join(lines) + "\n").encode(), WEIGHTS: to_bytes(tensors)}
    sums: Any = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    fitted = Fitted(settings=settings(), shift=bot.learned.shift) if bot.learned else None
    config = Config(encoder=bundled_encoder().sha256, options=bot.options, fitted=fitted, sha256=sums)
    try:
        for name, data in content.items():
            (folder / name).write_bytes(data)
        (folder / "config.json").write_text(config.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror})") from None


def load(folder: Path) -> Stored:
    """Read the folder. Raise `UserError` as `FaqBot.load`."""
    path = folder / "config.json"
    try:
        old = json.loads(files.read_bytes(path, MAX_CONFIG_BYTES))
    except (ValueError, RecursionError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"{path}: not a model folder's config") from None
    if isinstance(old, dict) and old.get("format") == 1:
        raise UserError(f"{folder}: this bot is of an earlier version, whose models are no longer read; {AGAIN}")
    config = files.read(Config, path, MAX_CONFIG_BYTES, "bot's config")
    if config.encoder != bundled_encoder().sha256:
        raise UserError(f"{folder}: its vectors are of another encoder than the one that is installed; {AGAIN}")
    text = files.read_bytes(folder / ROWS, MAX_BYTES)
    files.size(folder / WEIGHTS)
    for name in (ROWS, WEIGHTS):
        data = text if name == ROWS else (folder / name).read_bytes()
        if config.sha256.get(name) != hashlib.sha256(data).hexdigest():  # type: ignore[call-overload]
            raise UserError(
                f"{folder / name}: it is damaged, or not of this bot (its SHA-256 is another than in config.json)"
            )
    try:
        rows = [Row.model_validate_json(line) for line in text.splitlines()]
    except ValueError:
        raise UserError(f"{folder / ROWS}: not a bot's questions") from None
    weights = Weights(folder / WEIGHTS)
    answers = len({row.answer for row in rows})
    vectors, spoken = (
        _vectors(weights, name, count) for name, count in (("questions", len(rows)), ("answers", answers))
    )
    fit = _fit(weights, answers) if config.fitted and answers < len(rows) else None
    weights.done()
    learned = Learned(fit, config.fitted.shift) if config.fitted and config.fitted.settings == settings() else None
    return Stored([(row.question, row.answer) for row in rows], config.options, vectors, spoken, learned)


def _fit(weights: Weights, answers: int) -> Fit:
    size = (weights.kind(FIT)[1] or (0, 0))[-1]
    value, scale = weights.stored(FIT, "F32", (answers, size))
    if size != fits.FEATURES:
        raise UserError(f"{weights.path}: it does not fit config.json or is damaged ('{FIT}' has rows of {size})")
    return Fit(np.ascontiguousarray(widened(value, scale).T))


def _vectors(weights: Weights, name: str, count: int) -> Array:
    size = (weights.kind(name)[1] or (0, 0))[-1]
    value = widened(*weights.stored(name, "F32", (count, size)))
    return unit_rows(value)
