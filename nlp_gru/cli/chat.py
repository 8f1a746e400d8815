"""nlp-gru chat: a dialogue in the terminal, or of the lines of standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from nlp_gru.cli import lines
from nlp_gru.cli.answers import one_line
from nlp_gru.cli.app import Encoding, app
from nlp_gru.errors import UserError, check_seed

PROMPT = "you> "
HELP = """/undo       take back your last line and its reply
/save FILE  write the dialogue: as text, or as a row of chat data where FILE ends in .jsonl
/reset      start again
/help       this list
/quit       end, as Ctrl-D and Ctrl-C do
//text      a line that begins with a slash"""


class Dialogue:
    """The turns of a person and a bot, and the commands that change them."""

    def __init__(self, bot: Any, seed: int | None = None):
        self.bot, self.seed = bot, seed
        self.turns: list[str] = []
        self.saved: set[Path] = set()

    def answer(self, line: str) -> str:
        """Return the bot's reply to a line, and keep both. Raise `UserError`, keeping neither, where it cannot be
        replied to."""
        reply = str(self.bot.reply([*self.turns, line], seed=self.seed).text)
        self.turns += [line, reply]
        return reply

    def command(self, line: str) -> str:
        """Do what a line beginning with a slash asks for, and return what to say about it. Raise `UserError`."""
        name, _, rest = line[1:].strip().partition(" ")
        does: dict[str, Callable[[str], str]] = {"undo": self._undo, "save": self._save, "reset": self._reset}
        if name in does:
            return does[name](rest.strip())
        if name == "help":
            return HELP
        raise UserError(f"/{name}: no such command; /help lists them, and // begins a line with a slash")

    def _undo(self, rest: str) -> str:
        if not self.turns:
            raise UserError("there is nothing to take back yet")
        taken = self.turns[-2]
        del self.turns[-2:]
        return f"taken back: {taken}"

    def _reset(self, rest: str) -> str:
        self.turns.clear()
        return "starting a new dialogue"

    def _save(self, rest: str) -> str:
        if not rest:
            raise UserError("name the file: /save talk.txt")
        path = Path(rest).expanduser()
        if path.exists() and path.resolve() not in self.saved:
            raise UserError(f"{path}: it is there already; name another file")
        if path.suffix == ".jsonl":
            text = json.dumps({"turns": self.turns}, ensure_ascii=False) + "\n"
        else:
            text = "".join(
                f"{who}: {turn}\n" for who, turn in zip(("you", "bot") * len(self.turns), self.turns, strict=False)
            )
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UserError(f"{path}: cannot be written ({error.strerror})") from None
        self.saved.add(path.resolve())
        return f"{len(self.turns)} turns saved in {path}"


@app.command()
def chat(
    model: Annotated[
        str, typer.Argument(help="chat, or a folder of a chat model or of a bot of questions and answers")
    ] = "chat",
    seed: Annotated[int | None, typer.Option(help="the same seed says the same")] = None,
    encoding: Encoding = "",
) -> None:
    """Talk with a bot: line by line at a prompt, with /undo, /save, /reset and /help.

    Where standard input is a file or a pipe, its lines are one dialogue: a reply comes out for each, and a blank line
    for a blank one.
    """
    import nlp_gru

    check_seed(seed)
    bot = nlp_gru.load(model)
    if not isinstance(bot, nlp_gru.ChatBot | nlp_gru.FaqBot):
        raise UserError(f"{model}: it does not talk; chat does, and so does the folder of a bot")
    dialogue = Dialogue(bot, seed)
    if sys.stdin.isatty():
        _at_the_prompt(dialogue)
    else:
        _of_lines(dialogue, lines.of_input(encoding))


def _at_the_prompt(dialogue: Dialogue) -> None:
    with suppress(ImportError):  # arrow keys and the lines typed before; Windows has its own
        import readline  # noqa: F401
    typer.echo("Ctrl-D ends, /help lists the commands", err=True)
    with suppress(KeyboardInterrupt, EOFError):
        while (line := input(PROMPT).strip()) != "/quit":
            if line:
                _print(*_done(dialogue, line))
        return
    typer.echo()


def _of_lines(dialogue: Dialogue, texts: Iterator[str]) -> None:
    """One line out for each in but for commands, which speak on standard error."""
    for line in map(str.strip, texts):
        if line == "/quit":
            return
        said, is_reply = _done(dialogue, line) if line else ("", True)
        if is_reply or not _is_command(line):
            typer.echo(said if is_reply else "")
            sys.stdout.flush()
        if not is_reply:
            typer.echo(said, err=True)


def _is_command(line: str) -> bool:
    """Whether it begins with one slash; two stand for one that is said."""
    return line.startswith("/") and not line.startswith("//")


def _done(dialogue: Dialogue, line: str) -> tuple[str, bool]:
    """(what to say to a line, whether it is the bot's reply)."""
    try:
        if _is_command(line):
            return dialogue.command(line), False
        return one_line(dialogue.answer(line.removeprefix("/"))), True
    except UserError as error:
        return f"nlp-gru: {error}", False


def _print(said: str, is_reply: bool) -> None:
    typer.echo(said, err=not is_reply)
