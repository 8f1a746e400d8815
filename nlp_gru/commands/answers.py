"""nlp-gru predict | generate: answers for texts."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from nlp_gru.commands.app import Json, Model, app
from nlp_gru.errors import UserError


@app.command()
def predict(
    model: Model,
    text: Annotated[str | None, typer.Argument(help="one text; without it, every line of standard input")] = None,
    as_json: Json = False,
) -> None:
    """Answer for a text, or for every line of standard input: its sentiment, its translation, a reply, or the words that may come next."""
    import nlp_gru

    tool = nlp_gru.load(model)
    texts = [text] if text is not None else _lines()
    size = 1 if sys.stdin.isatty() else 256  # a person at the keyboard wants each answer at once, a file large batches
    if isinstance(tool, nlp_gru.Keyboard):
        for line in texts:
            words = tool.suggest(line)
            shown = "\t".join(f"{w.text} {w.score:.3f}" for w in words)
            typer.echo(json.dumps([asdict(w) for w in words]) if as_json else shown)
        return
    if isinstance(tool, nlp_gru.ChatBot | nlp_gru.FaqBot):
        for line in texts:
            if line.strip():
                reply = tool.reply([line], seed=0)
                typer.echo(json.dumps(asdict(reply)) if as_json else reply.text)
                sys.stdout.flush()
        return
    for result in tool.stream(texts, size=size):
        shown = result.text if isinstance(result, nlp_gru.Translation) else f"{result.label}\t{result.score:.3f}"
        typer.echo(json.dumps(asdict(result)) if as_json else shown)


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


def _lines() -> Any:
    if sys.stdin.isatty():
        typer.echo("one text a line; end with Ctrl-D", err=True)
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")
