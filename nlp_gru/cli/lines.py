"""The texts that `nlp-gru predict` answers: the lines of standard input, or a column of a file."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterator, Mapping

import typer

from nlp_gru.data_files import FORMATS, MissingColumn, column_names, encoding, problem, read_table
from nlp_gru.errors import UserError

INPUT = "standard input"


def check_no_file(text: str, model: str) -> None:
    """Raises `UserError` for a text that is a file's name: it was the file that was meant."""
    if os.path.isfile(text):
        known = text.lower().endswith(FORMATS)
        meant = f"--data {text}" if known else f"nlp-gru predict {model} < {text}"
        raise UserError(f"{text}: there is a file of that name: did you mean {meant}?")


def of_input(given: str) -> Iterator[str]:
    """The lines of standard input, blank ones too. given: its encoding, if it is not UTF-8. Raises `UserError`."""
    if sys.stdin.isatty():
        typer.echo("one text a line; end with Ctrl-D", err=True)
    for line in _decoded(encoding.checked(given)) if given else _utf8():
        yield line.rstrip("\r\n")


def _utf8() -> Iterator[str]:
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if number == 1:
            if mark := encoding.marked(raw):
                raise UserError(f"{INPUT}: {mark.upper()} text; add --encoding {mark}")
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            seems = encoding.is_windows(raw)
            remedy = (
                "it seems to be Windows-1252: add --encoding cp1252" if seems else "name its encoding with --encoding"
            )
            byte = error.object[error.start]
            raise UserError(f"{INPUT}, line {number}: not UTF-8 text (byte {byte:#x}); {remedy}") from None


def _decoded(name: str) -> Iterator[str]:
    try:
        yield from io.TextIOWrapper(sys.stdin.buffer, name, newline="\n")
    except UnicodeError as error:
        raise UserError(f"{INPUT}: not {name} text ({error})") from None


def of_file(path: str, own: str, renamed: Mapping[str, str], given: str) -> list[str]:
    """The texts of a file's rows, empty where a row has none.

    own: the column that the tool's training files have, which is taken where there is one; else it is "text".
    """
    for column in renamed:
        if column not in (own, "text"):
            raise UserError(f"--column {column}={renamed[column]}: the column to answer is {own}")
    found = () if renamed else {name.casefold() for name in column_names(path, (own, "text"), given)}
    column = next(iter(renamed), own if own in found else "text")
    try:
        table = read_table(path, [column], renamed, given)
    except MissingColumn as error:
        raise UserError(f"{error}; where another column holds it, add --column {column}=NAME") from None
    for number, text in zip(table.numbers, table.columns[column], strict=True):
        if text is not None and (wrong := problem("text", text)):
            raise UserError(f"{path}, row {number}: {wrong}")
    return [text or "" for text in table.columns[column]]
