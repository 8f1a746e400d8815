"""nlp-gru export: a model's graphs as ONNX files, for other programs and devices; or a page that runs models in the
browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from nlp_gru.cli.app import Overwrite, app, check_new

PAGE_FILES = (
    *sorted(p.name for p in (Path(__file__).parents[1] / "web/page").iterdir()),
    "lib",
    "models.json",
    "onnxruntime",
    "models",
)
TEXTS = [
    "I loved every minute of it.",
    "Where is the nearest station?",
    "The food was not good, but we will come again.",
]


@app.command()
def export(
    models: Annotated[list[str] | None, typer.Argument(help="bundled names or model folders; --out takes one")] = None,
    out: Annotated[Path | None, typer.Option(help="the folder to write ONNX files to")] = None,
    web: Annotated[
        Path | None, typer.Option(help="the folder to write a page to, with these models or all bundled ones")
    ] = None,
    check: Annotated[bool, typer.Option(help="--out: compare the answers with torch's, where it is installed")] = True,
    runtime: Annotated[
        Path | None, typer.Option(help="--web: the archive onnxruntime-web of npm, if not fetched")
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="--web: get that archive from npm's registry, if it is not kept here yet")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page/--no-page", help="--web: with the page, or the JavaScript library and models alone")
    ] = True,
    overwrite: Overwrite = False,
) -> None:
    """Write a model as int8 ONNX files with its settings and tokenizer, or a page without a server and its JavaScript
    library."""
    from nlp_gru.errors import UserError

    if (out is None) == (web is None):
        raise UserError("name the folder to write: --out DIR for ONNX files, --web DIR for a page")
    if web is not None:
        ours = ("models.json", "sw.js" if page else "lib/index.js")
        if not all((web / name).is_file() for name in ours):  # an older one of ours is renewed
            check_new(web, PAGE_FILES, overwrite)
        _page(web, models or [], runtime, fetch, page)
    elif out is not None and models and len(models) == 1:
        _files(models[0], out, check, overwrite)
    else:
        raise UserError("--out takes one model: a bundled name or a model folder")


def _page(web: Path, models: list[str], archive: Path | None, fetch: bool, page: bool) -> None:
    from nlp_gru.web import names, runtime, write

    chosen = names(models)
    for model in write(web, chosen, runtime.load(archive, fetch), page):
        size = sum(file["bytes"] for file in model["files"].values())
        typer.echo(f"{web / model['folder']}  {size / 1e6:.1f} MB")
    if not page:
        typer.echo(f"{web}: in JavaScript, load(task, {{ from: ... }}) of lib/index.js, see docs/javascript.md")
        return
    typer.echo(
        f"{web}: any web server can hand it out; to look at it here: python -m http.server --bind 127.0.0.1 -d {web}"
    )


def _files(model: str, out: Path, check: bool, overwrite: bool) -> None:
    import nlp_gru
    from nlp_gru.errors import UserError
    from nlp_gru.model_folder.folder import ModelFolder

    tool: Any = nlp_gru.load(model, engine="onnx")
    folder = ModelFolder(model)
    check_new(out, [*(f"{name}.onnx" for name in tool.model.graphs), "config.json", "tokenizer.json"], overwrite)
    out.mkdir(parents=True, exist_ok=True)
    for name, graph in tool.model.graphs.items():
        size = (out / f"{name}.onnx").write_bytes(graph.model(narrow=True))
        typer.echo(f"{out / name}.onnx  {size / 1e6:.1f} MB")
    shutil.copyfile(folder.path / "config.json", out / "config.json")
    shutil.copyfile(folder.tokenizer, out / "tokenizer.json")
    typer.echo(f"{out / 'tokenizer.json'}  the same tokens as everywhere; config.json has the model's settings")
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
        found = {s.text: s.score for word in words for s in tool.suggest(text + " ", word[:1], 10)}
        return [found.get(word, 0.0) for word in words]
    if isinstance(tool, nlp_gru.Translator):
        weights = tool.align(text, TEXTS[0]).weights
        return [float(w) for row in weights for w in row]
    if isinstance(tool, nlp_gru.TextEncoder):
        return [float(value) for value in tool.encode(text)]
    if isinstance(tool, nlp_gru.ChatBot):
        return list(tool.score([text], TEXTS))
    return sorted(share for _, share in tool.reply(text).candidates)
