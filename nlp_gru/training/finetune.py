"""From a recipe and files to a trained model folder: what `nlp-gru train` and the training page both call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from nlp_gru.data_files import rows as dataset
from nlp_gru.errors import UserError
from nlp_gru.heads import HEADS
from nlp_gru.heads.checkpoint import load_model, start_from
from nlp_gru.heads.head import Head
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER
from nlp_gru.text.tokenizer import Tokenizer
from nlp_gru.training.examples import make_examples
from nlp_gru.training.loop import train
from nlp_gru.training.progress import Progress
from nlp_gru.training.recipe import Recipe


def run(recipe: Recipe, out: str | Path, resume: bool = False, progress: Progress | None = None) -> dict[str, float]:
    """Read the recipe's files, build its head, train it and leave the model folder at `out`.

    Returns the validation figures of the weights that were kept. Raises `UserError` for anything wrong with the files.
    """
    kind = HEADS[recipe.head]
    rows = read(recipe, recipe.data.train)
    files, warning = rows.files, kind.warning(rows)
    if recipe.data.valid:
        rows, valid_rows = kind.alike(rows, read(recipe, recipe.data.valid))
    else:
        rows, valid_rows = kind.train_valid_split(rows, recipe.seed)
    head, started = build(recipe, rows)
    if warning:
        dataset.LOG.warning("%s: %s", files, warning)
    length = recipe.data.max_length
    examples = make_examples(head, rows, length)
    valid_examples = make_examples(head, valid_rows, head.valid_length(length))
    return train(head, recipe, examples, valid_examples, out, started, resume, progress)


def read(recipe: Recipe, files: Sequence[str]) -> dataset.Rows:
    """The rows of files with the columns of the recipe's head, under the names that its [data] gives them."""
    for column in recipe.data.columns:
        if column not in HEADS[recipe.head].columns:
            known = ", ".join(HEADS[recipe.head].columns)
            raise UserError(f"--column {column}={recipe.data.columns[column]}: {recipe.head} has the columns {known}")
    return dataset.read(files, HEADS[recipe.head].columns, recipe.data.columns, recipe.data.encoding)


def build(recipe: Recipe, rows: dataset.Rows) -> tuple[Head, Sequence[str]]:
    """The head before training, and the names of the parameters that came from the recipe's start model.

    Settings of [model] that the recipe leaves out are the start model's.
    """
    kind = HEADS[recipe.head]
    torch.manual_seed(recipe.seed)
    if not recipe.start:
        options = kind.resolve_options(recipe.options, rows)
        tokenizer = kind.vocabulary(recipe.options, rows, Tokenizer.load(SHARED_TOKENIZER))
        return kind.build(recipe.model, options, tokenizer), ()
    start = load_model(recipe.start)
    chosen = {k: getattr(recipe.model, k) for k in recipe.model.model_fields_set}
    tokenizer = kind.vocabulary(recipe.options, rows, start.tokenizer)
    head = kind.build(start.config.model_copy(update=chosen), kind.resolve_options(recipe.options, rows), tokenizer)
    return head, start_from(head, start, same_vocabulary=tokenizer is start.tokenizer)
