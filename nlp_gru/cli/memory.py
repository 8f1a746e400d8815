"""nlp-gru memory: what the keyboard has learned from its user, in one file on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_gru.cli.app import Overwrite, app, check_new
from nlp_gru.errors import UserError

if TYPE_CHECKING:
    from nlp_gru.tools.keyboard.memory import Memory

memory_app = typer.Typer(
    no_args_is_help=True, help="What the keyboard has learned from you: a file on this machine alone."
)
app.add_typer(memory_app, name="memory")
MOST_READ = 100_000_000  # characters of a file that is learned


@memory_app.command("list")
def list_words(most: Annotated[int, typer.Option(min=1, help="words at most")] = 1000) -> None:
    """List the learned words with how often each was used, the most frequent first, and where they are kept."""
    memory, path = _opened()
    for word, count in memory.learned_words()[:most]:
        typer.echo(f"{word}\t{count}")
    typer.echo(f"{memory.learned:,} words learned in all, kept in {path}", err=True)


@memory_app.command()
def learn(file: Annotated[str, typer.Argument(help="a text file; - is standard input")]) -> None:
    """Learn from a text: passwords and card numbers in it are left out."""
    memory, path = _opened()
    try:
        text = sys.stdin.read(MOST_READ) if file == "-" else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{file}: not UTF-8 text") from None
    before = memory.learned
    memory.learn(text)
    _keep(memory, path)
    typer.echo(f"{memory.learned - before:,} words learned", err=True)


@memory_app.command()
def delete(word: str) -> None:
    """Forget one word, wherever it was learned."""
    memory, path = _opened()
    if not memory.delete(word):
        raise UserError(f"{word}: it was not learned; nlp-gru memory list shows what was")
    _keep(memory, path)


@memory_app.command()
def forget(sure: Annotated[bool, typer.Option("--yes", help="do not ask")] = False) -> None:
    """Forget everything: the file is deleted."""
    path = _place()
    if path.exists() and (sure or typer.confirm(f"delete {path}?")):
        path.unlink()


@memory_app.command("export")
def export_file(file: Path, overwrite: Overwrite = False) -> None:
    """Copy what was learned to a file, for another machine."""
    path = _place()
    if not path.exists():
        raise UserError("nothing has been learned yet")
    check_new(file.parent, [file.name], overwrite)
    shutil.copyfile(path, file)


@memory_app.command("import")
def import_file(file: Path, overwrite: Overwrite = False) -> None:
    """Take what was exported in the place of what is known here."""
    from nlp_gru.tools.keyboard.memory import Memory

    memory, path = Memory(), _place()
    memory.load(file)
    check_new(path.parent, [path.name], overwrite)
    _keep(memory, path)


def _place() -> Path:
    from nlp_gru.tools.keyboard.place import memory_file

    return memory_file()


def _opened() -> tuple[Memory, Path]:
    """The memory, empty if there is no file yet, and its file."""
    from nlp_gru.tools.keyboard.memory import Memory

    memory, path = Memory(), _place()
    if path.exists():
        memory.load(path)
    return memory, path


def _keep(memory: Memory, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    memory.save(path)
    os.chmod(path, 0o600)  # nobody else's business
