"""nlp-gru train | eval: from files to a model, and its figures."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp_gru.cli.app import (
    Columns,
    Encoding,
    Files,
    Json,
    Model,
    Overwrite,
    Settings,
    app,
    check_new,
    is_first,
    renamed,
)
from nlp_gru.errors import UserError
from nlp_gru.model_folder.aliases import by_alias

if TYPE_CHECKING:
    from nlp_gru.training.recipe import Recipe


MODEL = (
    "config.json",
    "model.safetensors",
    "training/state.pt",
)  # what tells that a folder holds a model, or a training


@app.command()
def train(
    recipe: Annotated[
        str,
        typer.Argument(
            help="a bundled recipe's name (sentiment, next_word, translation, chat, similarity, base) or a .toml file"
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="the model folder to write")] = None,
    keep: Annotated[
        str | None,
        typer.Option(help="keep it under this name among your own models: nlp-gru predict NAME and the pages find it"),
    ] = None,
    data: Files = [],  # noqa: B006
    valid: Files = [],  # noqa: B006
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    settings: Settings = [],  # noqa: B006
    resume: Annotated[
        bool,
        typer.Option(
            help=(
                "go on from the training state in --out, or of --keep; with --overwrite, begin anew where there is none"
            )
        ),
    ] = False,
    overwrite: Overwrite = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="print every update, validation and the result as JSON lines, for programs")
    ] = False,
) -> None:
    """Train a recipe, or with --data fine-tune the bundled model of that name on your own file."""
    first = is_first()
    folder = _folder(out, keep, overwrite)
    if resume and overwrite:  # what torchrun starts again and again
        resume = (folder / "training/state.pt").exists()
    if first and not resume:
        check_new(folder, MODEL, overwrite)
    chosen = chosen_recipe(by_alias(recipe), data, valid, settings, renamed(column), encoding)
    figures = _learned(chosen, folder, resume, as_json)
    if not first:
        return
    place = str(folder)
    if keep is not None:
        place = _kept(folder, keep, data, figures, overwrite)
        if out is None:
            shutil.rmtree(folder)
    _report(place, figures, as_json)


def _folder(out: Path | None, keep: str | None, overwrite: bool) -> Path:
    """Where a training is to lie. Raises `UserError` where nobody could find its model, or another one has its name."""
    from nlp_gru.model_folder.library import Library, check_name

    if keep is None:
        if out is None:
            raise UserError(
                "say where the model is to go: --out FOLDER, or --keep NAME to have it among your own models"
            )
        return out
    (check_name if overwrite else Library().check_free)(keep)
    return out or Library().unfinished(keep)


def _kept(folder: Path, name: str, data: Sequence[str], figures: Mapping[str, float], overwrite: bool) -> str:
    """Keep the model, and return its name. Raises `UserError` with the folder, in which it stays, where there is no
    room."""
    from nlp_gru.model_folder.library import Library

    library, source = Library(), ", ".join(Path(file).name for file in data)
    try:
        if overwrite and library.find(name):
            library.delete(name)
        return library.keep(folder, name, source, figures=figures).name
    except (UserError, OSError) as error:
        raise UserError(f"{folder}: the model is here, and could not be kept as {name}: {error}") from None


def _learned(chosen: Recipe, out: Path, resume: bool, as_json: bool) -> dict[str, float]:
    """Train, and return the figures."""
    if chosen.head == "faq":
        from nlp_gru.training.faq import train as learn

        if resume:
            raise UserError("a bot of questions and answers is learned in one go: train it again without --resume")
        return learn(chosen, out).figures

    from nlp_gru.training.finetune import run
    from nlp_gru.training.loop import prepare_process
    from nlp_gru.training.progress import Progress

    prepare_process()
    new = not out.exists()
    try:
        return run(chosen, out, resume, Progress(quiet=as_json, listen=_event if as_json else None))
    except BaseException:
        if is_first() and new and not any((out / file).exists() for file in MODEL):
            shutil.rmtree(out, ignore_errors=True)  # nothing was saved yet: nothing half-written stays
        raise


def _report(out: str, figures: dict[str, float], as_json: bool) -> None:
    if as_json:
        _event({"out": out, "figures": figures})
    else:
        typer.echo(f"{out}: " + "  ".join(f"{k} {v:.4f}" for k, v in figures.items()))


def _event(event: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(event))


def chosen_recipe(
    recipe: str, data: list[str], valid: list[str], settings: list[str], columns: dict[str, str], encoding: str
) -> Recipe:
    """The recipe of that name or file, or the one that fine-tunes on `data`, with its settings changed. Raises
    `UserError`."""
    from nlp_gru.data_files.rows import chat_recipe
    from nlp_gru.training.recipe import RECIPES, load_recipe

    overrides = dict(_setting(s) for s in settings)
    overrides |= {"data.columns": columns} if columns else {}
    overrides |= {"data.encoding": encoding} if encoding else {}
    if data:
        overrides |= {"data.train": data, "data.valid": valid}
        if recipe == "chat":
            recipe = chat_recipe(data[0], columns, encoding)
        if (RECIPES / f"{recipe}-finetune.toml").exists():
            recipe = f"{recipe}-finetune"
    return load_recipe(recipe, overrides)


@app.command()
def average(
    first: Model,
    second: Model,
    out: Annotated[Path, typer.Option(help="the model folder to write")],
    share: Annotated[float, typer.Option(min=0, max=1, help="of the second model")] = 0.5,
    overwrite: Overwrite = False,
) -> None:
    """Average the weights of two models, of which the one went on from the other: often better than either."""
    from nlp_gru.heads.checkpoint import load_model, save_model
    from nlp_gru.training.average import average

    check_new(out, MODEL, overwrite)
    save_model(average(load_model(first), load_model(second), share), out)
    typer.echo(f"{out}: {1 - share:g} of {first}, {share:g} of {second}")


@app.command("eval")
def evaluate(
    model: Model,
    data: Files,
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    as_json: Json = False,
    save: Annotated[bool, typer.Option(help="also write the figures into the model folder and its card")] = False,
    confusions: Annotated[bool, typer.Option(help="also print which label is taken for which")] = False,
    wrong: Annotated[Path | None, typer.Option(help="a CSV file to write, with the rows that it gets wrong")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Measure a model on labelled files. With two of a model's three classes in a file, the third is left out."""
    from nlp_gru.training import evaluate as evaluation
    from nlp_gru.training import mistakes

    if wrong:
        check_new(wrong.parent, [wrong.name], overwrite)
    if wrong or confusions:
        mistakes.labelling(model)  # before the long part
    figures = evaluation.evaluate(model, data, renamed=renamed(column), encoding=encoding)
    if save:
        evaluation.save(model, figures)
    typer.echo(json.dumps(figures) if as_json else evaluation.table(figures))
    if confusions or wrong:
        found = mistakes.mistakes(model, data, renamed(column), encoding)
        if confusions:
            typer.echo(f"\n{mistakes.table(found)}", err=as_json)
        if wrong:
            mistakes.write(found, wrong)
            typer.echo(f"{wrong}: {len(found.wrong):,} rows", err=True)


def _setting(text: str) -> tuple[str, Any]:
    import tomllib

    key, equals, value = text.partition("=")
    if not equals:
        raise UserError(f"--set {text}: write it as key=value, for example train.lr=0.001")
    try:
        return key.strip(), tomllib.loads(f"v = {value}")["v"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value  # a bare word is text
    except (RecursionError, ValueError):
        raise UserError(f"--set {key}: its value is not valid TOML") from None
