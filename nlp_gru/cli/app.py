"""The command line's application, the options that several commands take, and how errors end it."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from nlp_gru.errors import UserError, optional


def _known_models(incomplete: str) -> list[str]:
    """The names that the shell completes."""
    from nlp_gru.model_folder.aliases import ALIASES
    from nlp_gru.model_folder.bundled import bundled_models
    from nlp_gru.model_folder.library import Library

    return [
        n
        for n in (*bundled_models(), *ALIASES, *(kept.name for kept in Library().models()))
        if n.startswith(incomplete)
    ]


app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)
Files = Annotated[list[str], typer.Option(help="CSV, TSV, JSONL, Parquet, TXT or hub:owner/name; repeatable")]
Settings = Annotated[list[str], typer.Option("--set", help="a setting, as train.lr=0.001; repeatable")]
Columns = Annotated[
    list[str], typer.Option("--column", help="a column under another name in the files, as text=review; repeatable")
]
Encoding = Annotated[str, typer.Option(help="of text that is neither UTF-8 nor marked as UTF-16, such as cp1252")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="replace what is there already")]
Json = Annotated[bool, typer.Option("--json", help="one JSON object a line, for machines")]
Model = Annotated[
    str, typer.Argument(help="a bundled model's name, one of your own, or a model folder", autocompletion=_known_models)
]


def _version(wanted: bool) -> None:
    if wanted:
        from nlp_gru import __version__

        typer.echo(f"nlp-gru {__version__}")
        raise typer.Exit


@app.callback()
def cli(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False) -> None:
    """Small GRU language tools: they install in one step, run offline, and can be retrained on your own data."""


def renamed(columns: list[str]) -> dict[str, str]:
    """The files' own names of columns by those that they stand for. Raises `UserError`."""
    found = {}
    for given in columns:
        column, equals, name = (part.strip() for part in given.partition("="))
        if not (equals and column and name):
            raise UserError(f"--column {given}: write it as column=name, for example text=review")
        found[column] = name
    return found


def check_new(folder: Path, files: Iterable[str], overwrite: bool) -> None:
    """Raises `UserError` where one of the files is in the folder already, unless it shall be overwritten."""
    for file in files:
        if not overwrite and (folder / file).exists():
            raise UserError(
                f"{folder / file}: it is there already; add --overwrite to replace it, or name another folder"
            )


def is_first() -> bool:
    """Whether this is the one process, of those that torchrun starts, which writes and speaks for all."""
    return os.environ.get("RANK", "0") == "0"


def main() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("nlp-gru: %(message)s"))
    log = logging.getLogger("nlp_gru")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.WARNING if is_first() else logging.ERROR)
    try:
        with optional():
            app()
    except UserError as error:
        typer.echo(f"nlp-gru: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        remedy = "; free some space and try again" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        typer.echo(f"nlp-gru: {place}{error.strerror or error}{remedy}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
