"""nlp-gru predict --out: the rows of many files answered into a folder, by all cores or by a cluster."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import typer

from nlp_gru.data_files.rows import paths
from nlp_gru.errors import UserError, whole_number

MAX_PROCESSES, MAX_PART_ROWS = 1024, 1_000_000


def one(columns: Sequence[str]) -> str:
    """Return the column that --column names, as NAME or as text=NAME; empty where it names none. Raise `UserError` for
    several."""
    if len(columns) > 1:
        raise UserError("--column: one column is answered; all the others are kept as they are")
    return columns[0].partition("=")[2].strip() or columns[0].strip() if columns else ""


def answer(
    model: str,
    data: Sequence[str],
    out: Path,
    column: str,
    processes: int | None,
    ray: str,
    part_rows: int,
    encoding: str,
) -> None:
    """Answer the files; what is finished already stays as it is. Raise `UserError`."""
    from nlp_gru.model_folder.bundled import find_model
    from nlp_gru.scale import workers
    from nlp_gru.scale.job import Job, run
    from nlp_gru.scale.progress import Progress

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    processes = whole_number("--processes", cores if processes is None else processes, 1, MAX_PROCESSES)
    rows = whole_number("--part-rows", part_rows, 0, MAX_PART_ROWS)
    folder = find_model(model)
    job = Job(folder, [path for name in data for path in paths(name)], out, column, rows, encoding)
    start = partial(workers.on_ray, folder, ray) if ray else partial(workers.local, folder, processes)
    progress = Progress()
    found = run(job, start, progress)
    rows, count = sum(file.rows or 0 for file in found.files), sum(file.parts or 0 for file in found.files)
    typer.echo(f"{out}: {rows:,} rows in {count:,} parts, {progress.rows:,} of them answered now")
