"""A data file of any size as parts: rows that follow each other with all their columns, read one part at a time, and
each written in the file's own format with more columns behind its own."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from nlp_gru.data_files import delimited, encoding, json_rows, parquet, parquet_rows
from nlp_gru.data_files.table import COMMAND_LINE, fold, places, problem
from nlp_gru.errors import MAX_TEXT, UserError
from nlp_gru.model_folder.files import size
from nlp_gru.text.tokenizer import valid_unicode

FORMATS = (".csv", ".tsv", ".jsonl", ".parquet")
CHARACTERS = 20_000_000  # of a part: rows of long texts are fewer
PARQUET_BYTES = 40_000_000  # of a part as Arrow holds it, by the mean of the file's rows
READ_AHEAD = 1 << 20  # bytes of a Parquet column
ANY_SIZE = replace(COMMAND_LINE, bytes=sys.maxsize, rows=sys.maxsize, characters=sys.maxsize)

Kind = Literal["text", "number", "flag", "numbers", "texts"]
Columns = Mapping[str, tuple[Kind, Sequence[Any]]]  # name -> a value for each row, None where there is none


@dataclass(frozen=True)
class Part:
    """texts: those of the column that is answered, empty where a row has none; share: how much of its file it is, 0 to
    1."""

    texts: list[str]
    share: float

    def written(self, columns: Columns) -> bytes:
        """Return a whole file: the rows with `columns` behind their own."""
        raise NotImplementedError


@dataclass(frozen=True)
class DelimitedPart(Part):
    delimiter: str
    header: list[str]
    rows: list[list[str]]

    def written(self, columns: Columns) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator="\n")
        width = len(self.header)
        writer.writerow([*self.header, *columns])
        for row, *values in zip(self.rows, *(_shown(*column) for column in columns.values()), strict=True):
            writer.writerow([*row[:width], *[""] * (width - len(row)), *values])
        return out.getvalue().encode()


@dataclass(frozen=True)
class JsonPart(Part):
    lines: list[str]  # as they stand in the file, so that nothing of them changes

    def written(self, columns: Columns) -> bytes:
        out = []
        for line, *values in zip(self.lines, *(values for _, values in columns.values()), strict=True):
            more = json.dumps({n: _plain(v) for n, v in zip(columns, values, strict=True)}, ensure_ascii=False)
            start = line.rstrip()[:-1].rstrip()
            out.append(f"{start}{', ' if start != '{' else ''}{more[1:]}\n")
        return "".join(out).encode()


@dataclass(frozen=True)
class ParquetPart(Part):
    data: bytes  # an Arrow stream: it holds these rows alone, where a pickled slice would bring its whole batch along

    def written(self, columns: Columns) -> bytes:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = {
            "text": pa.string(),
            "number": pa.float32(),
            "flag": pa.bool_(),
            "numbers": pa.list_(pa.float32()),
            "texts": pa.list_(pa.string()),
        }
        table = pa.ipc.open_stream(self.data).read_all()
        for name, (kind, values) in columns.items():
            table = table.append_column(pa.field(name, kinds[kind]), pa.array(values, kinds[kind]))
        out = io.BytesIO()
        pq.write_table(table, out, write_page_checksum=True)
        return out.getvalue()


def check(path: str, column: str, encoded: str, added: Sequence[str]) -> None:
    """Look at the head of a file only. Raise `UserError` where it cannot be read in parts, `column` is not there or one
    of those that will be added is."""
    names = column_names(path, column, encoded)
    places(path, names, {column: column})
    taken = {fold(name) for name in names}
    for name in added:
        if fold(name) in taken:
            raise UserError(f"{path}: it has a column '{name}' already, which the answers need; rename that column")


def column_names(path: str, column: str, encoded: str) -> list[str]:
    """Return the names that a file gives to its columns. Raise `UserError` where it cannot be read in parts."""
    kind = Path(path).suffix.lower()
    if kind not in FORMATS:
        raise UserError(f"{path}: of '{kind}' files no parts are made; use {', '.join(FORMATS)}")
    if not size(Path(path)):
        raise UserError(f"{path}: the file is empty")
    if kind == ".parquet":
        return parquet.column_names(path, ANY_SIZE)
    name = encoding.checked(encoded) if encoded else encoding.by_mark(path)
    try:
        if kind == ".jsonl":
            return json_rows.column_names(path, name, ANY_SIZE)
        return delimited.column_names(path, name, {column: column}, kind == ".tsv")
    except UnicodeError:
        encoding.detect(path, encoded, guess=False)  # it raises, and says where
        raise


def read(path: str, column: str, encoded: str, rows: int) -> Iterator[Part]:
    """Yield the parts of a file, of `rows` rows at most; the same file always gives the same parts.

    Raise `UserError` naming file and row for what cannot be read, and for what is no text.
    """
    if Path(path).suffix.lower() == ".parquet":
        return _parquet(path, column, rows)
    name, _ = encoding.detect(path, encoded, guess=False)
    return (_jsonl if path.lower().endswith(".jsonl") else _delimited)(path, column, name, rows)


def _delimited(path: str, column: str, encoded: str, most: int) -> Iterator[Part]:
    tabs = path.lower().endswith(".tsv")
    found = delimited.rows(path, encoded, {column: column}, tabs, ANY_SIZE)
    _, header = next(found)
    at = places(path, header, {column: column})[column]
    sizes = ((number, row, sum(map(len, row)) + len(header)) for number, row in found)
    for rows, share in _grouped(path, sizes, most):
        texts = [_text(path, number, row[at] if row else "") for number, row in rows]
        yield DelimitedPart(texts, share, "\t" if tabs else ",", header, [row for _, row in rows])


def _jsonl(path: str, column: str, encoded: str, most: int) -> Iterator[Part]:
    wanted = fold(column)
    sizes = ((number, (row, line), len(line)) for number, row, line in json_rows.rows(path, encoded, ANY_SIZE))
    for rows, share in _grouped(path, sizes, most):
        texts = [
            _text(path, number, next((cell for name, cell in row.items() if fold(name) == wanted), None))
            for number, (row, _) in rows
        ]
        yield JsonPart(texts, share, [line for _, (_, line) in rows])


def _grouped(
    path: str, rows: Iterator[tuple[int, Any, int]], most: int
) -> Iterator[tuple[list[tuple[int, Any]], float]]:
    """Rows, each with its number and its characters, in groups with their share of the file."""
    whole = size(Path(path))
    group: list[tuple[int, Any]] = []
    characters = 0
    for number, row, length in rows:
        group.append((number, row))
        characters += length
        if len(group) == most or characters >= CHARACTERS:
            yield group, characters / whole
            group, characters = [], 0
    if group:
        yield group, characters / whole


def _parquet(path: str, column: str, most: int) -> Iterator[Part]:
    import pyarrow as pa

    try:
        file = parquet_rows.open_file(path, ANY_SIZE.columns, ANY_SIZE.rows, buffer=READ_AHEAD)
        field = file.schema_arrow.field(places(path, file.schema_arrow.names, {column: column})[column])
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if not any(test(kind) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_null)):
            raise UserError(f"{path}: '{field.name}' holds {str(kind)[:60]}, no texts")
        groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
        decoded, whole = sum(group.total_byte_size for group in groups), max(file.metadata.num_rows, 1)
        most = max(min(most, PARQUET_BYTES * whole // max(decoded, 1)), 1)
        first = 1
        for table in _tables(file, most):
            table.validate(full=True)
            cells = table.column(field.name).to_pylist()
            texts = [_text(path, number, cell) for number, cell in enumerate(cells, first)]
            first += len(texts)
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as stream:
                stream.write_table(table)
            yield ParquetPart(texts, len(texts) / whole, sink.getvalue().to_pybytes())
    except UserError:
        raise
    except Exception as error:  # whatever pyarrow finds in a damaged file
        raise parquet.complaint(path, ANY_SIZE, error) from None


def _tables(file: Any, most: int) -> Iterator[Any]:
    """The file's rows in tables of `most` each, whatever its row groups are."""
    import pyarrow as pa

    held: list[Any] = []
    count = 0
    for batch in file.iter_batches(min(most, parquet_rows.BATCH), use_threads=False):
        while batch.num_rows:
            some = batch.slice(0, most - count)
            batch = batch.slice(some.num_rows)
            held.append(some)
            count += some.num_rows
            if count == most:
                yield pa.Table.from_batches(held).unify_dictionaries()
                held, count = [], 0
    if held:
        yield pa.Table.from_batches(held).unify_dictionaries()


def _text(path: str, number: int, cell: Any) -> str:
    if cell is None:
        return ""
    if wrong := problem("text", cell):
        raise UserError(f"{path}, row {number}: {wrong}")
    if len(cell) > MAX_TEXT:
        raise UserError(f"{path}, row {number}: a text of {len(cell):,} characters; the most is {MAX_TEXT:,}")
    return valid_unicode(cell)


def _shown(kind: Kind, values: Sequence[Any]) -> list[Any]:
    """Cells for a delimited file: lists and flags as JSON."""
    lists = kind in ("flag", "numbers", "texts")
    plain = [_plain(value) for value in values]
    return [json.dumps(v, ensure_ascii=False) if lists and v is not None else v for v in plain]


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return [round(number, 6) for number in value.tolist()]
    return round(value, 6) if isinstance(value, float) else value
