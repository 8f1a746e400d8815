"""Parquet, within bounds. As a program it reads for another process, and must start fast: it imports nothing of this
package.

A Parquet file says itself how long its pages are, and C++ believes it: damaged ones have ended the process that read
them, and a few bytes may stand for gigabytes. What a stranger uploads is therefore read in a process of its own, whose
memory and time are limited by the system (memory only where it can: not on macOS and Windows), and only plain rows come
back from it, as JSON. The command line reads by itself: what a file of one's own ends there is nothing but that
command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

BATCH, BATCH_OF_LISTS = 1024, 64  # rows decoded at a time
WRITTEN = 200_000  # characters in a line to the other process, or one row
THRIFT = 20_000_000  # bytes of a text in the file's own description


class Refused(Exception):
    """A sound file with more than the bounds allow, or with something else than texts and labels: a sentence without
    the name."""


def open_file(path: str, columns: int, rows: int, dictionaries: Sequence[str] = (), buffer: int = 0) -> Any:
    """The file, whose description was held against the bounds. Raises `Refused`.

    dictionaries: columns to be read as such; buffer: bytes of a column read at a time, 0: all those of a row group.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(
        path,
        memory_map=False,
        read_dictionary=list(dictionaries),
        thrift_string_size_limit=THRIFT,
        buffer_size=buffer,
        thrift_container_size_limit=max(1_000_000, 100 * columns),
        page_checksum_verification=True,
    )
    if len(file.schema_arrow.names) > columns:
        raise Refused(f"{len(file.schema_arrow.names):,} columns are too many; the most is {columns:,}")
    if file.metadata.num_rows > rows:
        raise Refused(f"{file.metadata.num_rows:,} rows are too many; the most is {rows:,}")
    return file


def rows(
    path: str, columns: int, most: int, cell: int, characters: int, choose: Callable[[list[str]], list[int]]
) -> Iterator[list[Any]]:
    """Rows of the columns whose places `choose` finds among the names. Raises `Refused` for a file beyond its bounds,
    and anything for a damaged one.

    columns, most: of the file, at most; cell, characters: of a text and of all together, at most.
    """
    import pyarrow as pa

    file = open_file(path, columns, most)
    schema = file.schema_arrow
    wanted = [schema.field(i) for i in choose(list(schema.names))]
    for field in wanted:
        _check_type(field)
    lists = {field.name for field in wanted if pa.types.is_list(field.type) or pa.types.is_large_list(field.type)}
    paths = [file.metadata.schema.column(i).path for i in range(file.metadata.num_columns)]
    names = [field.name for field in wanted]
    leaves = [i for i, p in enumerate(paths) if p in names or p.split(".")[0] in lists]
    groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
    size = sum(group.column(i).total_uncompressed_size for group in groups for i in leaves)
    if size > 4 * characters:
        raise Refused(f"{size:,} bytes are too many when decompressed; the most is {4 * characters:,}")
    # As dictionaries: a text that is repeated is decoded once.
    file = open_file(path, columns, most, [name for name in names if name not in lists])
    found = total = 0
    for batch in file.iter_batches(BATCH_OF_LISTS if lists else BATCH, columns=names, use_threads=False):
        total += batch.num_rows
        if total > most:
            raise Refused(f"more than {most:,} rows are too many")
        decoded = {name: _decoded(batch.column(batch.schema.get_field_index(name))) for name in names}
        for row in zip(*(decoded[name] for name in names), strict=True):
            for name, value in zip(names, row, strict=True):
                length = _length(value)
                if length > (cell if isinstance(value, str) else characters):
                    raise Refused(f"'{name}' has a cell of {length:,} characters; the most is {cell:,}")
                found += length
            if found > characters:
                raise Refused(f"its cells have more than {characters:,} characters in all")
            yield list(row)


def _check_type(field: Any) -> None:
    import pyarrow as pa

    def plain(kind: Any) -> bool:
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        return any(
            test(kind)
            for test in (
                pa.types.is_string,
                pa.types.is_large_string,
                pa.types.is_integer,
                pa.types.is_floating,
                pa.types.is_boolean,
                pa.types.is_null,
            )
        )

    kind = field.type
    if not plain(kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else kind):
        raise Refused(f"'{field.name}' holds {str(kind)[:60]}, no texts, labels or lists of texts")


def _decoded(column: Any) -> list[Any]:
    import pyarrow as pa

    column.validate(full=True)
    if not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    used = column.indices.unique()  # a batch may come with a dictionary far larger than itself
    values = dict(zip(used.to_pylist(), column.dictionary.take(used).to_pylist(), strict=True))
    return [values[i] for i in column.indices.to_pylist()]


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(len(part) + 1 if isinstance(part, str) else 1 for part in value)
    return 1


def main() -> None:
    """Reads for another process: its request is a line of JSON; names, rows and an end or an error go back."""
    request = json.loads(sys.stdin.readline())
    out = sys.stdout

    def say(**message: Any) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    def choose(names: list[str]) -> list[int]:
        say(names=names)
        return list(json.loads(sys.stdin.readline()))

    try:
        import pyarrow.parquet  # noqa: F401  # before its memory is measured
    except ModuleNotFoundError as error:
        say(absent=error.name)
        return
    _limit(request.pop("memory"), request.pop("seconds"))
    try:
        part: list[list[Any]] = []
        size = 0
        for row in rows(choose=choose, **request):
            part.append(row)
            size += sum(map(_length, row))
            if size > WRITTEN:
                say(rows=part)
                part, size = [], 0
        say(rows=part)
        say(end=True)
    except Refused as error:
        say(refused=str(error))
    except Exception as error:  # whatever pyarrow finds in a damaged file
        say(error=damage(error))
    out.flush()
    os._exit(0)  # nothing of pyarrow's own end, which a damaged file may have upset


def damage(error: Exception) -> str:
    """What is wrong with a damaged file, in one line."""
    return " ".join(str(error).split())[:300] if isinstance(error, ValueError) else f"{type(error).__name__}"


def _limit(memory: int, seconds: int) -> None:
    """Limits this process: so many more bytes than now, so many seconds of a core, and not a byte on disk."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(kind, (most, most))
        with open("/proc/self/statm") as file:  # Linux: elsewhere the address space says nothing of the memory
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))


if __name__ == "__main__":
    main()
