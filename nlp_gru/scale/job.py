"""A job: files answered part by part into a folder, which can be killed at any moment and goes on where it was.

A part is finished when a file of its name is there: it is written beside that and renamed. manifest.json says what the
job is, so that only the same one goes on, and at the end how many parts and rows came of each file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from pydantic import BaseModel

from nlp_gru.data_files import parts
from nlp_gru.data_files.parts import Part
from nlp_gru.data_files.table import MissingColumn, fold
from nlp_gru.errors import MAX_CONFIG_BYTES, UserError
from nlp_gru.model_folder.files import read, size, write_whole
from nlp_gru.scale.answers import as_files, tool_in
from nlp_gru.scale.progress import Progress
from nlp_gru.scale.workers import Workers

MANIFEST = "manifest.json"


class File(BaseModel):
    """A data file. modified: in nanoseconds since 1970; out: its parts without their numbers; parts, rows: once all are
    done."""

    path: str
    bytes: int
    modified: int
    out: str
    parts: int | None = None
    rows: int | None = None

    def part(self, number: int) -> str:
        stem, suffix = os.path.splitext(self.out)
        return f"{stem}-{number:05d}{suffix}"


class Manifest(BaseModel):
    """What a job is. model: the digest of its files; rows: of a part, at most."""

    model: str
    column: str
    rows: int
    encoding: str
    files: list[File]
    finished: bool = False


@dataclass(frozen=True)
class Job:
    """folder: of the model; column: of the files, the one that the model's tool answers if it is not named; rows: of a
    part, 0: as many as the tool answers in some ten seconds; encoding: of text files that are neither UTF-8 nor
    marked."""

    folder: Path
    files: Sequence[str]
    out: Path
    column: str = ""
    rows: int = 0
    encoding: str = ""


def run(job: Job, workers: Callable[[], AbstractContextManager[Workers]], progress: Progress) -> Manifest:
    """Answer what is not answered yet. Raise `UserError`, or an `OSError` that names a file, and keep the finished
    parts."""
    manifest = plan(job)
    job.out.mkdir(parents=True, exist_ok=True)
    with _alone(job.out):
        known = _same(job.out, manifest)
        missing = [file for file in known.files if not _is_done(job.out, file)]
        if missing:
            known.finished = False
            progress.start(sum(file.bytes for file in missing))
            with workers() as those:
                _answer(_missing(known, missing, job.out, progress), those, progress)
            progress.end()
        known.finished = True
        write_whole(job.out / MANIFEST, known.model_dump_json(indent=1).encode())
    return known


def plan(job: Job) -> Manifest:
    """Return what is to be done. Raise `UserError` for what can be seen to be wrong before anything is done."""
    tool = tool_in(job.folder)
    if not job.files:
        raise UserError("there is no data: name a file with --data")
    column = job.column or tool.asked
    if not job.column and tool.asked != "text":
        names = {fold(name) for name in parts.column_names(job.files[0], column, job.encoding)}
        column = tool.asked if tool.asked in names else "text"
    for path in job.files:
        try:
            parts.check(path, column, job.encoding, list(tool.fields))
        except MissingColumn as error:
            raise UserError(f"{error}; where another column holds it, add --column NAME") from None
    return Manifest(
        model=as_files(job.folder).digest,
        column=column,
        rows=job.rows or tool.part,
        encoding=job.encoding,
        files=_files(job.files, job.out),
    )


def _files(paths: Sequence[str], out: Path) -> list[File]:
    """The files, whose parts lie in `out` as they lie under the folder that they have in common."""
    whole = [Path(path).resolve() for path in dict.fromkeys(paths)]
    if any(path.is_relative_to(out.resolve()) for path in whole):
        raise UserError(f"{out}: the data lies there; name a folder of its own for the answers")
    common = os.path.commonpath([path.parent for path in whole])
    return [
        File(
            path=str(path), bytes=size(path), modified=path.stat().st_mtime_ns, out=path.relative_to(common).as_posix()
        )
        for path in whole
    ]


def _same(out: Path, manifest: Manifest) -> Manifest:
    """The manifest in the folder, which must be of the same job, or the one given, which is put there."""
    path = out / MANIFEST
    if not path.exists():
        if any(file.suffix != ".part" for file in out.iterdir()):
            raise UserError(f"{out}: there are other files in it; name a new folder")
        write_whole(path, manifest.model_dump_json(indent=1).encode())
        return manifest
    found = read(Manifest, path, MAX_CONFIG_BYTES * 10, "list of finished parts")
    what = {"model": "model", "column": "column", "rows": "--part-rows", "encoding": "--encoding"}
    for name, shown in what.items():
        if getattr(found, name) != getattr(manifest, name):
            raise UserError(f"{out}: its parts were made with another {shown}; repeat that, or name a new folder")
    before, now = ([(f.path, f.bytes, f.modified, f.out) for f in m.files] for m in (found, manifest))
    if before != now:
        other = next(n or b for b, n in zip_longest(before, now) if b != n)
        raise UserError(
            f"{out}: its parts were made from other data, {other[0]} is new, gone or changed; name a new folder"
        )
    return found


def _is_done(out: Path, file: File) -> bool:
    return file.parts is not None and all((out / file.part(n)).exists() for n in range(file.parts))


def _missing(
    manifest: Manifest, files: Iterable[File], out: Path, progress: Progress
) -> Iterator[tuple[Path, int, Part]]:
    """Where each part goes that is not finished, its share of the data in bytes, and the part. Notes in the manifest
    what came of a file that has been read."""
    for file in files:
        count = rows = 0
        for part in parts.read(file.path, manifest.column, manifest.encoding, manifest.rows):
            target, share = out / file.part(count), round(part.share * file.bytes)
            if target.exists():
                progress.skip(share)
            else:
                yield target, share, part
            count, rows = count + 1, rows + len(part.texts)
        file.parts, file.rows = count, rows
        write_whole(out / MANIFEST, manifest.model_dump_json(indent=1).encode())


def _answer(missing: Iterator[tuple[Path, int, Part]], workers: Workers, progress: Progress) -> None:
    away: dict[Future[bytes], tuple[Path, int, int]] = {}

    def take(most: int) -> None:
        """Write what has come back until no more than `most` parts are away."""
        while len(away) > most:
            for future in wait(away, return_when=FIRST_COMPLETED).done:
                target, rows, share = away.pop(future)
                data = future.result()
                target.parent.mkdir(parents=True, exist_ok=True)
                write_whole(target, data)
                progress.advance(rows, share)

    try:
        for target, share, part in missing:
            take(workers.most() - 1)
            away[workers.submit(part)] = target, len(part.texts), share
        take(0)
    except Exception:
        with suppress(Exception):
            take(0)  # what is away may well be sound
        raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps a second job out of the folder, where the system can."""
    try:
        import fcntl
    except ModuleNotFoundError:
        yield
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UserError(f"{folder}: another job is writing there") from None
    finally:
        os.close(place)
