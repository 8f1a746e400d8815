"""nlp-gru search | index | duplicates: texts by what they mean."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp_gru.cli.app import Columns, Encoding, Files, Json, Overwrite, app, check_new, renamed
from nlp_gru.errors import UserError

if TYPE_CHECKING:
    from nlp_gru.data_files.rows import Rows
    from nlp_gru.tools.similarity.encoder import TextEncoder
    from nlp_gru.tools.similarity.index import Index

Encoder = Annotated[str, typer.Option("--model", help="the encoder: a bundled name or a model folder")]


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="what is searched, in English or French")],
    data: Files = [],  # noqa: B006
    index: Annotated[Path | None, typer.Option(help="a folder that nlp-gru index wrote, instead of --data")] = None,
    k: Annotated[int, typer.Option("-k", help="how many texts")] = 5,
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    model: Encoder = "similarity",
    as_json: Json = False,
) -> None:
    """Find the rows of files, or of an index, that come closest to what is asked, in whatever words.

    A line a row: how close it is, from -1 to 1, where it stands, and the passage.
    """
    import nlp_gru

    if bool(data) == (index is not None):
        raise UserError("name the texts to search: --data FILE, or --index FOLDER of an index")
    if not query.strip():
        raise UserError("the query is empty; say what is searched")  # before all rows are read
    encoder = _encoder(model)
    found = _read(encoder, data, column, encoding) if index is None else nlp_gru.Index.open(index, encoder)
    for hit in found.search(query, k):
        if as_json:
            typer.echo(json.dumps(asdict(hit)))
        else:
            typer.echo(f"{hit.score:.3f}\t{hit.source or hit.index}\t{_line(hit.passage)}")


@app.command("index")
def make_index(
    out: Annotated[Path, typer.Option(help="the folder to write")],
    data: Files = [],  # noqa: B006
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    model: Encoder = "similarity",
    overwrite: Overwrite = False,
) -> None:
    """Read files once, for searches without delay: nlp-gru search "..." --index FOLDER."""

    check_new(out, ["config.json"], overwrite)
    made = _read(_encoder(model), data, column, encoding)
    made.save(out)
    size = sum(file.stat().st_size for file in out.iterdir() if file.is_file())
    typer.echo(f"{out}: {len(made):,} texts, {size / 1e6:.1f} MB")


@app.command()
def duplicates(
    data: Files = [],  # noqa: B006
    threshold: Annotated[float, typer.Option(help="the least cosine of a duplicate with the first of its group")] = 0.9,
    out: Annotated[Path | None, typer.Option(help="a CSV file to write the groups to")] = None,
    column: Columns = [],  # noqa: B006
    encoding: Encoding = "",
    model: Encoder = "similarity",
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Find rows that say the same, in the same words or others, as groups: the first row of each, then its duplicates.

    A blank line parts two groups; with --json, each is a list in a line of its own.
    """
    from nlp_gru.tools.similarity.group_files import write_groups

    if out is not None:
        if out.suffix.lower() != ".csv":
            raise UserError(f"{out}: the groups are written as CSV; name a file that ends in .csv")
        check_new(out.parent, [out.name], overwrite)
    encoder = _encoder(model)
    rows = _rows(data, column, encoding)
    groups = encoder.duplicates(rows["text"], threshold)
    sources = [rows.where(i) for i in range(len(rows))]
    if out is not None:
        write_groups(out, groups, sources)
        repeats = sum(len(group.indices) - 1 for group in groups)
        typer.echo(
            f"{out}: {len(groups):,} {'group' if len(groups) == 1 else 'groups'}, {repeats:,} duplicates of"
            f" {len(rows):,} texts"
        )
        return
    for n, group in enumerate(groups):
        members = list(zip(group.scores, group.indices, group.texts, strict=True))
        if as_json:
            typer.echo(
                json.dumps(
                    [{"text": text, "score": score, "index": i, "source": sources[i]} for score, i, text in members]
                )
            )
            continue
        typer.echo("\n" * (n > 0), nl=False)
        for score, i, text in members:
            typer.echo(f"{score:.3f}\t{sources[i]}\t{_line(text)}")


def _encoder(model: str) -> TextEncoder:
    import nlp_gru

    tool = nlp_gru.load(model)
    if not isinstance(tool, nlp_gru.TextEncoder):
        raise UserError(f"{model}: it turns no texts into vectors; similarity does")
    return tool


def _rows(data: list[str], column: list[str], encoding: str) -> Rows:
    from nlp_gru.data_files import rows as dataset

    names = renamed(column)
    for name in names:
        if name != "text":
            raise UserError(f"--column {name}={names[name]}: the column to read is text")
    if not data:
        raise UserError("there is no data: name a file with --data")
    return dataset.read(data, ["text"], names, encoding)


def _read(encoder: TextEncoder, data: list[str], column: list[str], encoding: str) -> Index:
    from nlp_gru.tools.similarity.index import Index

    rows = _rows(data, column, encoding)
    index = Index(encoder)
    index.add(rows["text"], [rows.where(i) for i in range(len(rows))])
    return index


def _line(text: str) -> str:
    return " ".join(text.split())
