"""nlp-gru predict | generate: answers for texts."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import typer

from nlp_gru.cli import lines
from nlp_gru.cli.app import Columns, Encoding, Model, app, renamed
from nlp_gru.errors import UserError

BATCH = 256
_LINE_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")  # an answer may have some, a line has none


@app.command()
def predict(
    model: Model,
    text: Annotated[str | None, typer.Argument(help="one text; without it, every line of standard input")] = None,
    data: Annotated[
        str | None, typer.Option(help="a file whose rows are answered: CSV, TSV, JSONL, Parquet, TXT")
    ] = None,
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    as_json: Annotated[bool, typer.Option("--json", help="one JSON value a line, null for a blank text")] = False,
) -> None:
    """Answer for a text, for every line of standard input, or for every row of a file: its sentiment, its translation, a reply, the words that may come next, or what it means as a vector.

    One line comes out for each that goes in, a blank one for a blank one.
    """
    import nlp_gru

    if text is not None:
        if data:
            raise UserError("name a text or --data, not both")
        lines.check_no_file(text, model)
    tool = nlp_gru.load(model)
    if data:
        texts = iter(lines.of_file(data, _column(tool), renamed(column), encoding))
    else:
        texts = iter([text]) if text is not None else lines.of_input(encoding)
    for answer in _answers(tool, texts):
        shown = json.dumps(_plain(answer)) if as_json else _LINE_BREAKS.sub(" ", _shown(answer))
        typer.echo(shown)
        if not hasattr(tool, "stream"):
            sys.stdout.flush()


def _answers(tool: Any, texts: Iterator[str]) -> Iterator[Any]:
    """The tool's answer to each text, None to a blank one."""
    many = hasattr(tool, "stream")
    # A person at the keyboard wants each answer at once, a file large batches.
    size = BATCH if many and not sys.stdin.isatty() else 1
    while part := list(islice(texts, size)):
        asked = [text for text in part if text.strip()]
        found = tool.stream(asked, size=size) if many else (_one(tool, text) for text in asked)
        for text in part:
            yield next(found) if text.strip() else None


def _one(tool: Any, text: str) -> Any:
    return tool.suggest(text) if hasattr(tool, "suggest") else tool.reply([text], seed=0)


def _column(tool: Any) -> str:
    """The column that the tool answers in a file like those that it is trained on."""
    import nlp_gru

    if isinstance(tool, nlp_gru.Translator):
        return "source"
    return "question" if isinstance(tool, nlp_gru.FaqBot) else "text"


def _shown(answer: Any) -> str:
    import nlp_gru

    if isinstance(answer, list):
        return "\t".join(f"{word.text} {word.score:.3f}" for word in answer)
    if hasattr(answer, "tolist"):
        return " ".join(f"{value:.4f}" for value in answer)
    if isinstance(answer, nlp_gru.Sentiment):
        return f"{answer.label}\t{answer.score:.3f}"
    return "" if answer is None else str(answer.text)


def _plain(answer: Any) -> Any:
    if isinstance(answer, list):
        return [asdict(word) for word in answer]
    if hasattr(answer, "tolist"):
        return [round(value, 6) for value in answer.tolist()]
    return None if answer is None else asdict(answer)


@app.command()
def generate(
    model: Annotated[str, typer.Argument(help="next_word, or a model folder of that kind")],
    prompt: Annotated[str, typer.Argument(help="the text to go on with")] = "",
    words: Annotated[int, typer.Option(help="most words of new text")] = 60,
    temperature: Annotated[float, typer.Option(help="0: always the likeliest piece; 1: the model's own odds")] = 0.7,
    top_p: Annotated[float, typer.Option(help="only the likeliest pieces that together have this probability")] = 0.9,
    seed: Annotated[int | None, typer.Option(help="the same seed gives the same text")] = None,
) -> None:
    """Go on with a text, piece by piece."""
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
