"""nlp-gru inspect: what a model keeps and lets go at each word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_gru.cli.app import app

if TYPE_CHECKING:
    from rich.table import Table

    from nlp_gru.inspection.gates import Layer

BAR = 20  # characters of a bar that stands for 100 %


@app.command()
def inspect(
    text: Annotated[str, typer.Argument(help="the text to read")],
    model: Annotated[
        str, typer.Option(help="a bundled model's name, a model folder, or 'heartbeat', which reads numbers")
    ] = "sentiment",
    layer: Annotated[
        str, typer.Option(help="a layer's number or words of its name, as 'decoder, layer 2'; first: 1, all: all")
    ] = "",
    tokens: Annotated[bool, typer.Option("--tokens", help="a row for each token instead of each word")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object, for machines")] = False,
) -> None:
    """Look inside a model: its update and reset gate at every word, by the readable equations."""
    import torch

    from nlp_gru.heads.checkpoint import load_model
    from nlp_gru.inspection.heartbeat import NAME, bundled
    from nlp_gru.inspection.inside import look

    torch.set_num_threads(1)
    found = look(bundled() if model == NAME else load_model(model), text, tokens=tokens)
    every = layer == "all" or (as_json and not layer)
    chosen = list(found.layers) if every else [found.layer(layer or "1")]
    if as_json:
        typer.echo(json.dumps(found.as_dict(chosen)))
        return

    from rich.console import Console

    console = Console(highlight=False, markup=False)
    if found.written:
        console.print(f"It writes: {found.written}\n")
    for one in chosen:
        console.print(_table(one), one.summary, "", sep="\n")
    console.print(found.agreement)
    others = [f"{i} {one.name}" for i, one in enumerate(found.layers, 1) if one not in chosen]
    if others:
        console.print(f"Other layers, by --layer: {'; '.join(others)}.")


def _table(layer: Layer) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from nlp_gru.inspection.gates import percent

    units = layer.hidden.shape[1]
    table = Table(box=box.SIMPLE_HEAD, title=f"{layer.name} ({units} units)", title_justify="left")
    for name in ("word", "keeps of what it knew", "", "reset", "moves"):
        table.add_column(name, justify="right" if name in ("", "reset", "moves") else "left", overflow="fold")
    for i, step in enumerate(layer.steps):
        style = "bold" if i in (layer.most_kept, layer.least_kept) else "dim" if step.word.special else ""
        filled = round(BAR * step.kept)
        bar = Text("█" * filled, "cyan") + Text("░" * (BAR - filled), "bright_black")
        kept = "" if step.fresh else percent(step.kept)
        table.add_row(
            Text(step.word.text, style),
            Text("nothing to keep yet", "dim") if step.fresh else bar,
            kept,
            percent(step.reset),
            f"{step.moved:.2f}",
        )
    return table
