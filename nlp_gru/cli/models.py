"""nlp-gru models: what is bundled."""

from __future__ import annotations

import json

import typer

from nlp_gru.cli.app import Json, app


@app.command()
def models(as_json: Json = False) -> None:
    """List the bundled models: size, task, scores."""
    from nlp_gru.model_folder import bundled

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
            shown = ", ".join(f"{k} {_main_figure(v):.3f}" for k, v in scores.items())
            typer.echo(f"{name:<18} {megabytes:5.1f} MB  {shown}  ({folder / 'README.md'})")


def _main_figure(figures: dict[str, float]) -> float:
    return next(
        (figures[k] for k in ("accuracy", "keystrokes_saved", "bleu", "hits_at_1", "perplexity") if k in figures), 0.0
    )
