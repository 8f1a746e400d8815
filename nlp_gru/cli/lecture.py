"""nlp-gru lecture | lr-find: the lecture's claims measured, and the range of learning rates that a recipe stands."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_gru.cli.app import Columns, Encoding, Files, Json, Settings, app, renamed
from nlp_gru.errors import UserError, optional

if TYPE_CHECKING:
    from nlp_gru.lecture.study import Unit


@app.command()
def lecture(
    out: Annotated[Path, typer.Option(help="the folder of the report; a study that was begun there goes on")] = Path(
        "runs/lecture"
    ),
    quick: Annotated[
        bool, typer.Option("--quick", help="one seed and the smallest sizes: 3 minutes instead of 40")
    ] = False,
    source: Annotated[
        str, typer.Option(help="a folder with tatoeba_en_fr_train.parquet, for the part on translation")
    ] = "",
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="measurements side by side, but for those of time")
    ] = min(os.cpu_count() or 1, 2),
    only: Annotated[
        str,
        typer.Option(
            help=(
                "a chapter alone: 'words', or 'beyond-words' (speech, movement, forecasts, anomalies: 5 minutes of one"
                " core)"
            )
        ),
    ] = "",
) -> None:
    """Measure what the lecture on GRUs claims, against LSTMs and plain RNNs, and write a report with pictures."""
    with optional():
        import matplotlib  # noqa: F401  # now rather than when all is measured
    from nlp_gru.lecture import series, study

    if only and only not in study.CHAPTERS:
        raise UserError(f"--only names one of {' and '.join(study.CHAPTERS)}, not '{only}'")
    chapters = [only] if only else list(study.CHAPTERS)
    if "beyond-words" in chapters:
        try:
            series.path("Airline/Airline.csv")
        except UserError as error:
            if only:
                raise
            typer.echo(f"The chapter beyond-words is left out: {error}")
            chapters.remove("beyond-words")

    def tell(done: int, total: int, unit: Unit) -> None:
        shown = " ".join(f"{k}={v}" for k, v in unit.arguments.items() if v)
        typer.echo(f"{done}/{total} {unit.function} {shown}"[:150])

    results = study.run(out, quick, processes, tell, source, chapters)
    from nlp_gru.lecture.report import write

    write(results, out, _machine())
    typer.echo(f"{out / 'report.html'}: {len(results)} measurements")


@app.command("lr-find")
def lr_find(
    recipe: Annotated[str, typer.Argument(help="a bundled recipe's name or a .toml file")],
    data: Files = [],  # noqa: B006
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    settings: Settings = [],  # noqa: B006
    updates: Annotated[int, typer.Option(min=20, max=10_000)] = 100,
    as_json: Json = False,
) -> None:
    """Find the range of learning rates of a recipe, with --data of its fine-tuning on your own file, in a short
    training."""
    from nlp_gru.cli.training import chosen_recipe

    chosen = chosen_recipe(recipe, data, [], settings, renamed(column), encoding)

    from nlp_gru.training.loop import prepare_process
    from nlp_gru.training.lr_find import find

    prepare_process()
    found = find(chosen, updates=updates)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    for i in range(0, len(found.rates), max(len(found.rates) // 12, 1)):
        typer.echo(f"lr {found.rates[i]:.1e}  loss {found.losses[i]:.3f}")
    typer.echo(
        f"steepest at {found.suggestion:.1e}, rising beyond {found.highest:.1e}; the recipe has {chosen.train.lr:.1e}"
    )
    typer.echo(f"try --set train.lr={found.suggestion:.1e}")


def _machine() -> str:
    import torch

    cpu = next(
        (line.split(":")[1].strip() for line in _cpu_lines() if line.startswith("model name")), platform.machine()
    )
    return f"{os.cpu_count()} cores ({cpu}), Python {platform.python_version()}, PyTorch {torch.__version__}"


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
