"""nlp-gru predict | generate: answers for texts."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp_gru.cli import lines, parts
from nlp_gru.cli.app import Columns, Encoding, Model, app, renamed
from nlp_gru.cli.settings import Settings, applied
from nlp_gru.data_files.rows import paths
from nlp_gru.errors import UserError

if TYPE_CHECKING:
    from nlp_gru.tools.registry import Tool

BATCH = 256
_LINE_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")  # an answer may have some, a line has none


@app.command()
def predict(
    model: Model,
    text: Annotated[str | None, typer.Argument(help="one text; without it, every line of standard input")] = None,
    data: Annotated[
        list[str],
        typer.Option(help="files whose rows are answered: CSV, TSV, JSONL, Parquet, TXT; repeatable, wildcards"),
    ] = [],  # noqa: B006
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON value a line, null for a blank text")] = False,
    out: Annotated[
        Path | None, typer.Option(help="a folder for the files with their answers in new columns; a killed run goes on")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="with --out: number of processes; default: one per core")
    ] = None,
    ray: Annotated[str, typer.Option(help="with --out: the address of a Ray cluster to run on")] = "",
    part_rows: Annotated[int, typer.Option(help="with --out: rows of a part; 0: some ten seconds of work")] = 0,
    mark_unsure: Annotated[
        bool,
        typer.Option("--mark-unsure", help="[?] behind each translated sentence that is more likely wrong than right"),
    ] = False,
    memory: Annotated[
        bool, typer.Option("--memory", help="of a keyboard: with what it has learned, see nlp-gru memory")
    ] = False,
    k: Annotated[int | None, typer.Option("-k", min=1, help="next_word: how many words")] = None,
    prefix: Annotated[str | None, typer.Option(help="next_word: the letters typed so far")] = None,
    phrase: Annotated[
        bool,
        typer.Option("--phrase", help="next_word: the two to four words ahead, where it is sure of them; else nothing"),
    ] = False,
    beam: Annotated[int | None, typer.Option(min=1, help="translation: hypotheses that are followed")] = None,
    alternatives: Annotated[int | None, typer.Option(min=1, help="translation: other versions, behind tabs")] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="sentiment: 'unsure' where the score is lower; bots: the fit from which they answer"
        ),
    ] = None,
    label_only: Annotated[bool, typer.Option("--label-only", help="sentiment: without the score")] = False,
) -> None:
    """Answer for a text, for every line of standard input, or for every row of a file: its sentiment, its translation,
    a reply, the words that may come next, or what it means as a vector.

    One line comes out for each that goes in, a blank one for a blank one; with --out, files with all their columns.
    """
    import nlp_gru
    from nlp_gru.tools.registry import tool_of

    if text is not None:
        if data:
            raise UserError("name a text or --data, not both")
        lines.check_no_file(text, model)
    settings = Settings(k, prefix, phrase, beam, alternatives, threshold, label_only)
    if out is not None:
        _check_out(settings, bool(data), as_json or memory or mark_unsure)
        parts.answer(model, data, out, parts.one(column), processes, ray, part_rows, encoding)
        return
    if processes is not None or ray or part_rows:
        raise UserError("--processes, --ray and --part-rows go with --out, a folder for the answers")
    if mark_unsure and as_json:
        raise UserError("--mark-unsure goes without --json, which says of each sentence whether it is unsure")
    held = nlp_gru.load(model)
    tool = applied(tool_of(held), settings)
    if memory:
        _remember(held, model)
    if mark_unsure:
        tool = _marking(tool)
    if data:
        texts = _of_files(data, column, encoding, tool)
    else:
        texts = iter([text]) if text is not None else lines.of_input(encoding)
    _print(_answers(tool, held, texts), tool, as_json)


def _check_out(settings: Settings, has_data: bool, is_shown_otherwise: bool) -> None:
    if settings.given:
        raise UserError(f"--{next(iter(settings.given)).replace('_', '-')} goes without --out")
    if is_shown_otherwise or not has_data:
        raise UserError(
            "--out goes with --data, and without --json, --mark-unsure and --memory: the answers come in the format"
            " of the files"
        )


def _of_files(names: Sequence[str], column: Sequence[str], encoding: str, tool: Tool) -> Iterator[str]:
    """The texts of files one after the other, of the column that the tool asks for or the one named instead."""
    other = renamed([name if "=" in name else f"{tool.asked}={name}" for name in column])
    for path in (path for name in names for path in paths(name)):
        yield from lines.of_file(path, tool.asked, other, encoding)


def _print(answers: Iterator[tuple[Any] | None], tool: Tool, as_json: bool) -> None:
    """A line for each, and the first hint, as of a wrong language, on standard error."""
    hinted = False
    for answer in answers:
        typer.echo(json.dumps(answer and tool.value(answer[0])) if as_json else _shown(tool, answer))
        if not hinted and answer and (hint := getattr(answer[0], "hint", "")):
            hinted = True
            typer.echo(f"nlp-gru: {hint}", err=True)
        if not tool.in_batches:
            sys.stdout.flush()


def _marking(tool: Tool) -> Tool:
    """The tool with a mark behind each sentence that is unsure."""
    if tool.name != "translation":
        raise UserError("--mark-unsure: only translations can be marked")
    return replace(tool, line=lambda found: found.marked())


def _remember(held: Any, model: str) -> None:
    """Let a keyboard know what `nlp-gru memory` keeps."""
    import nlp_gru
    from nlp_gru.tools.keyboard.place import memory_file

    if not isinstance(held, nlp_gru.Keyboard):
        raise UserError(f"{model}: it has no memory; next_word has")
    if memory_file().exists():
        held.load_memory(memory_file())


def one_line(text: str) -> str:
    """Return a text with a blank for each line break."""
    return _LINE_BREAKS.sub(" ", text)


def _answers(tool: Tool, held: Any, texts: Iterator[str]) -> Iterator[tuple[Any] | None]:
    """The answer to each text, None to a blank one."""
    # A person at the keyboard wants each answer at once, a file large batches.
    size = BATCH if tool.in_batches and not sys.stdin.isatty() else 1
    while part := list(islice(texts, size)):
        found = iter(tool.answers(held, [text for text in part if text.strip()]))
        for text in part:
            yield (next(found),) if text.strip() else None


def _shown(tool: Tool, answer: tuple[Any] | None) -> str:
    return "" if answer is None else one_line(tool.line(answer[0]))


@app.command()
def generate(
    model: Annotated[str, typer.Argument(help="next_word, or a model folder of that kind")],
    prompt: Annotated[str, typer.Argument(help="the text to go on with")] = "",
    words: Annotated[int, typer.Option(help="most words of new text")] = 60,
    temperature: Annotated[float, typer.Option(help="0: always the likeliest token; 1: the model's own odds")] = 0.7,
    top_p: Annotated[float, typer.Option(help="only the likeliest tokens that together have this probability")] = 0.9,
    seed: Annotated[int | None, typer.Option(help="the same seed gives the same text")] = None,
) -> None:
    """Go on with a text, token by token."""
    import nlp_gru

    tool = nlp_gru.load(model)
    if not isinstance(tool, nlp_gru.Keyboard):
        raise UserError(f"{model}: it goes on with no text; next_word does")
    parts = tool.generate(prompt, words, temperature=temperature, top_p=top_p, seed=seed, stream=True)
    typer.echo(prompt, nl=False)
    for part in parts:
        typer.echo(part, nl=False)
        sys.stdout.flush()
    typer.echo()
