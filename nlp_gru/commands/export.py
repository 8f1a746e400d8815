"""nlp-gru export: a model's graphs as ONNX files, for other programs and devices."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from nlp_gru.commands.app import Model, app

TEXTS = [
    "I loved every minute of it.",
    "Where is the nearest station?",
    "The food was not good, but we will come again.",
]


@app.command()
def export(
    model: Model,
    out: Annotated[Path, typer.Option(help="the folder to write")],
    check: Annotated[bool, typer.Option(help="compare the answers with torch's, where it is installed")] = True,
) -> None:
    """Write a model as int8 ONNX files with its settings and tokenizer. They use operators that ONNX Runtime adds."""
    import nlp_gru
    from nlp_gru.bundled import find_model
    from nlp_gru.errors import UserError
    from nlp_gru.folder import tokenizer_file

    tool: Any = nlp_gru.load(model, engine="onnx")
    folder = find_model(model)
    out.mkdir(parents=True, exist_ok=True)
    for name, graph in tool.head.graphs.items():
        (out / f"{name}.onnx").write_bytes(graph)
        typer.echo(f"{out / name}.onnx  {len(graph) / 1e6:.1f} MB")
    shutil.copyfile(folder / "config.json", out / "config.json")
    shutil.copyfile(tokenizer_file(folder), out / "tokenizer.json")
    typer.echo(f"{out / 'tokenizer.json'}  the same pieces as everywhere; config.json has the model's settings")
    if not check:
        return
    try:
        reference: Any = nlp_gru.load(model, engine="torch")
    except UserError as error:
        typer.echo(f"not compared with torch: {error}")
        return
    gaps = [abs(a - b) for text in TEXTS for a, b in zip(scores(tool, text), scores(reference, text), strict=True)]
    typer.echo(f"largest difference from torch in float32, over {len(gaps)} scores: {max(gaps):.4f}")


def scores(tool: Any, text: str) -> list[float]:
    """What can be compared of a tool's answer: probabilities, or how well given replies or translations fit."""
    import nlp_gru

    if isinstance(tool, nlp_gru.SentimentAnalyser):
        return list(tool(text).scores.values())
    if isinstance(tool, nlp_gru.Keyboard):
        words = ["the", "to", "and", "is", "station", "again"]
        found = {s.text: s.score for word in words for s in tool.suggest(text + " ", word, 5)}
        return [found.get(word, 0.0) for word in words]
    if isinstance(tool, nlp_gru.Translator):
        weights = tool.align(text, TEXTS[0]).weights
        return [float(w) for row in weights for w in row]
    if isinstance(tool, nlp_gru.ChatBot):
        return list(tool.score([text], TEXTS))
    return sorted(share for _, share in tool.reply(text).candidates)
