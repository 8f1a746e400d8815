"""Rows of data files -> training examples of a head."""

from __future__ import annotations

from typing import Any

from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import RowError, UserError
from nlp_gru.heads.head import Head


def make_examples(head: Head, rows: Rows, max_length: int) -> list[Any]:
    """The head's examples; a row that it cannot use raises `UserError` with the row's file and number."""
    try:
        return head.examples(rows, max_length)
    except RowError as error:
        raise UserError(f"{rows.where(error.index)}: {error}") from None
