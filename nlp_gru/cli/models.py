"""nlp-gru models | doctor: what is there, and what is missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from nlp_gru.cli.app import Json, app
from nlp_gru.errors import EXTRAS, UserError


@app.command()
def models(
    as_json: Json = False,
    delete: Annotated[str | None, typer.Option(help="remove one of your own from the library")] = None,
    rename: Annotated[tuple[str, str] | None, typer.Option(help="an old name and a new one, of your own")] = None,
) -> None:
    """List the models: the bundled ones and those of your own, with task, size and the main figure of each data set."""
    from nlp_gru.model_folder.library import Library

    if delete is not None:
        Library().delete(delete)
        return
    if rename is not None:
        Library().rename(*rename)
        return
    rows = [*_bundled(), *_own()]
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row))
        return
    table = Table("name", "task", "MB", "figures", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[2].justify = "right"
    table.columns[0].no_wrap = True
    for row in rows:
        figures = ", ".join(f"{data} {value:.3g}" for data, value in _figures(row).items())
        table.add_row(row["name"], row["task"], f"{row['megabytes']:.1f}", figures)
    Console(markup=False, highlight=False).print(table)
    typer.echo(f"Your own models: {Library().folder}")


def _bundled() -> list[dict[str, Any]]:
    from nlp_gru.model_folder import bundled

    found = []
    for name in bundled.bundled_models():
        folder = bundled.PRETRAINED / name
        head = json.loads((folder / "config.json").read_text(encoding="utf-8"))["head"]
        found.append(
            {
                "name": name,
                "task": _task(head),
                "megabytes": round(bundled.megabytes(folder), 2),
                "card": str(folder / "README.md"),
                "scores": bundled.scores(folder),
            }
        )
    return found


def _own() -> list[dict[str, Any]]:
    from nlp_gru.model_folder.library import Library

    return [
        {
            "name": kept.name,
            "task": _task(kept.head),
            "megabytes": round(kept.bytes / 1e6, 2),
            "made": kept.made,
            "data": kept.data,
            "folder": str(kept.folder),
            "scores": {"validation": dict(kept.figures)},
        }
        for kept in Library().models()
    ]


def _task(head: str) -> str:
    from nlp_gru.tools.registry import TOOLS

    return TOOLS[head].title if head in TOOLS else head


def _figures(row: dict[str, Any]) -> dict[str, float]:
    """The main figure of each data set."""
    from nlp_gru.tools.registry import TOOLS

    names = {tool.figure[1] for tool in TOOLS.values()} | {"perplexity"}
    found = {data: next((v[k] for k in v if k in names), None) for data, v in row["scores"].items()}
    return {data: value for data, value in found.items() if value is not None}


@app.command()
def doctor() -> None:
    """Check what is installed, what is missing and whether the bundled models load; exit with 1 if something is
    wrong."""
    from nlp_gru import __version__
    from nlp_gru.model_folder.library import Library

    typer.echo(f"nlp-gru {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    wrong = 0
    for package, needed_for in {"numpy": "", "onnxruntime": "", "tokenizers": "", **_extras()}.items():
        installed = importlib.util.find_spec(package) is not None
        what = _version(package) if installed else f"missing: pip install 'nlp-gru[{needed_for}]'"
        typer.echo(f"  {package:<16} {what}")
        wrong += not installed and not needed_for
    wrong += sum(not _loads(row["name"]) for row in _bundled())
    own, folder = Library().models(), Library().folder
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    writable = os.access(existing, os.W_OK)
    state = "" if writable else ", which cannot be written to: set NLP_GRU_HOME to a folder that can"
    typer.echo(f"  {'own models':<16} {len(own)} in {folder}{state}")
    if wrong or not writable:
        raise typer.Exit(1)


def _extras() -> dict[str, str]:
    """Packages that an extra brings, with its name."""
    return {
        "torch": "train",
        "pyarrow": "train",
        **{p: extra for p, extra in EXTRAS.items() if p in ("gradio", "jinja2", "mcp", "openpyxl")},
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "installed"


def _loads(name: str) -> bool:
    import nlp_gru

    try:
        nlp_gru.load(name)
    except (UserError, OSError) as error:
        typer.echo(f"  {name:<16} does not load: {error}")
        return False
    typer.echo(f"  {name:<16} loads")
    return True
