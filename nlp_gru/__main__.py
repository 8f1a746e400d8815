"""The command line: nlp-gru train | eval | predict | generate | demo | models. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from nlp_gru.errors import UserError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Files = Annotated[list[str], typer.Option(help="CSV, TSV, JSONL, Parquet, TXT or hub:owner/name; repeatable")]
Json = Annotated[bool, typer.Option("--json", help="one JSON object a line, for machines")]


def _version(wanted: bool) -> None:
    if wanted:
        from nlp_gru import __version__

        typer.echo(f"nlp-gru {__version__}")
        raise typer.Exit


@app.callback()
def cli(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False) -> None:
    """Small GRU language tools: they install in one step, run offline, and can be retrained on your own data."""


@app.command()
def predict(
    model: Annotated[str, typer.Argument(help="a bundled model's name or a model folder")],
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


@app.command()
def train(
    recipe: Annotated[
        str,
        typer.Argument(
            help="a bundled recipe's name (sentiment, next_word, translation, chat, pretrain) or a .toml file"
        ),
    ],
    out: Annotated[Path, typer.Option(help="the model folder to write")],
    data: Files = [],  # noqa: B006
    valid: Files = [],  # noqa: B006
    settings: Annotated[list[str], typer.Option("--set", help="a setting, as train.lr=0.001; repeatable")] = [],  # noqa: B006
    resume: Annotated[bool, typer.Option(help="go on from the training state in --out")] = False,
) -> None:
    """Train a recipe, or with --data fine-tune the bundled model of that name on your own file."""
    from nlp_gru.dataset import chat_recipe
    from nlp_gru.recipe import RECIPES, load_recipe

    overrides = dict(_setting(s) for s in settings)
    if data:
        overrides |= {"data.train": data, "data.valid": valid}
        if recipe == "chat":
            recipe = chat_recipe(data[0])
        if (RECIPES / f"{recipe}-finetune.toml").exists():
            recipe = f"{recipe}-finetune"
    chosen = load_recipe(recipe, overrides)

    from nlp_gru.finetune import run
    from nlp_gru.progress import Progress
    from nlp_gru.train import prepare_process

    prepare_process()
    figures = run(chosen, out, resume, Progress())
    if int(os.environ.get("RANK", "0")) == 0:
        typer.echo(f"{out}: " + "  ".join(f"{k} {v:.4f}" for k, v in figures.items()))


@app.command("eval")
def evaluate(
    model: Annotated[str, typer.Argument(help="a bundled model's name or a model folder")],
    data: Files,
    as_json: Json = False,
    save: Annotated[bool, typer.Option(help="also write the figures into the model folder and its card")] = False,
) -> None:
    """Measure a model on labelled files. With two of a model's three classes in a file, the third is left out."""
    from nlp_gru import evaluate as evaluation

    figures = evaluation.evaluate(model, data)
    if save:
        evaluation.save(model, figures)
    typer.echo(json.dumps(figures) if as_json else evaluation.table(figures))


@app.command()
def models(as_json: Json = False) -> None:
    """List the bundled models: size, task, scores."""
    from nlp_gru.checkpoint import PRETRAINED, bundled_models

    for name in bundled_models():
        folder = PRETRAINED / name
        megabytes = sum(f.stat().st_size for f in folder.iterdir()) / 1e6
        path = folder / "metrics.json"
        scores = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if as_json:
            typer.echo(
                json.dumps(
                    {
                        "name": name,
                        "megabytes": round(megabytes, 2),
                        "card": str(folder / "README.md"),
                        "scores": scores,
                    }
                )
            )
        else:
            shown = ", ".join(f"{k} {_main_figure(v):.3f}" for k, v in scores.items())
            typer.echo(f"{name:<18} {megabytes:5.1f} MB  {shown}  ({folder / 'README.md'})")


def _main_figure(figures: dict[str, float]) -> float:
    return next(
        (figures[k] for k in ("accuracy", "keystrokes_saved", "bleu", "hits_at_1", "perplexity") if k in figures), 0.0
    )


@app.command()
def demo(
    page: Annotated[
        str, typer.Argument(help="one page alone: sentiment, next_word, translation, chat; empty: all")
    ] = "",
    model: Annotated[str | None, typer.Option(help="a model folder instead of the page's bundled model")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port")] = 7860,
    browser: Annotated[bool, typer.Option(help="open a browser window")] = True,
) -> None:
    """Serve the web demo on 127.0.0.1."""
    try:
        from nlp_gru.apps import PAGES, hub
    except ModuleNotFoundError as error:
        raise UserError(f"the demo needs the package '{error.name}': pip install 'nlp-gru[demo]'") from None
    if page and page not in PAGES:
        raise UserError(f"{page}: no such page; there is {', '.join(PAGES)}")
    if model and not page:
        raise UserError(f"--model needs a page to show it on: nlp-gru demo {next(iter(PAGES))} --model {model}")
    if page:
        PAGES[page](model, port, browser)
    else:
        hub.serve(port, browser)


def _lines() -> Any:
    if sys.stdin.isatty():
        typer.echo("one text a line; end with Ctrl-D", err=True)
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def _setting(text: str) -> tuple[str, Any]:
    import tomllib

    key, equals, value = text.partition("=")
    if not equals:
        raise UserError(f"--set {text}: write it as key=value, for example train.lr=0.001")
    try:
        return key.strip(), tomllib.loads(f"v = {value}")["v"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value  # a bare word is text


def main() -> None:
    try:
        app()
    except UserError as error:
        typer.echo(f"nlp-gru: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        typer.echo(f"nlp-gru: {place}{error.strerror or error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
