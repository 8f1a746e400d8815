"""nlp-gru models: what is bundled."""

from __future__ import annotations

import json

import typer

from nlp_gru.cli.app import Json, app


@app.command()
def models(as_json: Json = False) -> None:
    """List the bundled models: size, task, scores."""
    from nlp_gru.model_folder import bundled
    from nlp_gru.tools.registry import TOOLS

    names = {tool.figure[1] for tool in TOOLS.values()}

    for name in bundled.bundled_models():
        folder = bundled.PRETRAINED / name
        megabytes, scores = bundled.megabytes(folder), bundled.scores(folder)
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
            shown = ", ".join(f"{k} {_main_figure(v, names):.3f}" for k, v in scores.items())
            typer.echo(f"{name:<18} {megabytes:5.1f} MB  {shown}  ({folder / 'README.md'})")


def _main_figure(figures: dict[str, float], names: set[str]) -> float:
    return next((value for name, value in figures.items() if name in names), 0.0)
