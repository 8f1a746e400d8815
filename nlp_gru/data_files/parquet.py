"""Parquet as a `Table`, read in this process or, where a stranger gave it, in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from pydantic_core import from_json

from nlp_gru.data_files import parquet_rows
from nlp_gru.data_files.table import Bounds, Collector, Table, named, places
from nlp_gru.errors import MAX_PARQUET_MEMORY, MAX_PARQUET_SECONDS, UserError, missing_package, optional

WAITING = 6  # times as long as its computing may take: for a machine that has other work
_readers = threading.BoundedSemaphore(2)  # at once: each may take its memory
Choose = Callable[[list[str]], list[int]]


def column_names(path: str, bounds: Bounds) -> list[str]:
    """The columns with a name, found in this process. Raises `UserError` for a file that is damaged."""
    with optional():
        import pyarrow  # noqa: F401
    try:
        return named(list(parquet_rows.open_file(path, bounds.columns, bounds.rows).schema_arrow.names))
    except Exception as error:
        raise complaint(path, bounds, error) from None


def read(path: str, wanted: Mapping[str, str], bounds: Bounds) -> Table:
    """The wanted columns. Raises `UserError` for a file that is damaged or beyond its bounds."""
    names: list[str] = []

    def choose(found: list[str]) -> list[int]:
        names.extend(found)
        return list(places(path, found, wanted).values())

    collector = Collector(path, wanted, bounds)
    for number, row in enumerate((_isolated if bounds.isolated else _here)(path, bounds, choose), 1):
        collector.add(number, row)
    return collector.table(named(names))


def _request(path: str, bounds: Bounds) -> dict[str, Any]:
    return {
        "path": os.path.abspath(path),
        "columns": bounds.columns,
        "most": bounds.rows,
        "cell": bounds.cell,
        "characters": bounds.characters,
    }


def _here(path: str, bounds: Bounds, choose: Choose) -> Iterator[list[Any]]:
    with optional():
        import pyarrow  # noqa: F401
    try:
        yield from parquet_rows.rows(choose=choose, **_request(path, bounds))
    except UserError:
        raise
    except Exception as error:
        raise complaint(path, bounds, error) from None


def complaint(path: str, bounds: Bounds, error: Exception) -> UserError:
    """What is said of whatever pyarrow raised."""
    if isinstance(error, parquet_rows.Refused):
        return UserError(f"{path}: {error}{bounds.remedy}")
    return UserError(f"{path}: damaged, so that it cannot be read as Parquet ({parquet_rows.damage(error)})")


def _isolated(path: str, bounds: Bounds, choose: Choose) -> Iterator[list[Any]]:
    with _readers:
        yield from _of_child(path, bounds, choose)


def _of_child(path: str, bounds: Bounds, choose: Choose) -> Iterator[list[Any]]:
    # -P: the program's own folder is no place to import from. Neither threads nor arenas of memory that nobody uses.
    one = {
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "PYTHONIOENCODING": "utf-8",
    }
    child = subprocess.Popen(
        [sys.executable, "-P", parquet_rows.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **one},
    )
    assert child.stdin is not None and child.stdout is not None
    timer = threading.Timer(WAITING * MAX_PARQUET_SECONDS, child.kill)
    timer.daemon = True
    timer.start()
    try:
        _send(child, {**_request(path, bounds), "memory": MAX_PARQUET_MEMORY, "seconds": MAX_PARQUET_SECONDS})
        longest = 12 * (parquet_rows.WRITTEN + bounds.characters)  # a character takes up to twelve as JSON
        while True:
            line = child.stdout.readline(longest)
            message: dict[str, Any] = from_json(line) if line.endswith("\n") else {"error": "too much memory or time"}
            if "refused" in message:
                raise UserError(f"{path}: {message['refused']}{bounds.remedy}")
            if "error" in message:
                raise UserError(f"{path}: damaged, so that it cannot be read as Parquet ({message['error']})")
            if "absent" in message:
                raise missing_package(str(message["absent"]))
            if "end" in message:
                return
            if "names" in message:
                _send(child, choose(message["names"]))
            else:
                yield from message["rows"]
    finally:
        timer.cancel()
        child.kill()
        child.wait()
        child.stdout.close()
        with suppress(OSError):
            child.stdin.close()


def _send(child: subprocess.Popen[str], message: Any) -> None:
    assert child.stdin is not None
    with suppress(OSError):  # it has ended, as will be found when its answer is read
        child.stdin.write(json.dumps(message) + "\n")
        child.stdin.flush()
