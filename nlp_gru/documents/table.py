"""CSV and its kin: the translation of one column stands in a new one beside it."""

from __future__ import annotations

import csv
import io

from nlp_gru.data_files.delimited import NONE, delimiter_of
from nlp_gru.data_files.table import fold
from nlp_gru.documents.document import Document, Languages, Texts
from nlp_gru.errors import UserError


def document(content: str, column: str, tabs: bool) -> Document:
    """Return the texts of a column. tabs: whether tabs are likelier than commas.

    Raises `UserError` where there is no such column, or rows that cannot be read.
    """
    delimiter, start = delimiter_of(content, column, tabs)
    try:
        rows = list(csv.reader(io.StringIO(content[start:], newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UserError(f"its rows cannot be read: {error}") from None
    header = rows[0] if rows else []
    names = [fold(name) for name in header]
    if fold(column) not in names:
        raise UserError(
            f"there is no column {column} to translate; name one with --column text=NAME (there is"
            f" {', '.join(header[:20])})"
        )
    at = names.index(fold(column))
    asked = [i for i, row in enumerate(rows) if i and len(row) > at and any(c.isalpha() for c in row[at])]
    end = "\r\n" if "\r\n" in content else "\n"

    def rebuilt(texts: Texts, languages: Languages) -> str:
        found = {i: text.text for i, text in zip(asked, texts, strict=True)}
        file = io.StringIO(content[:start], newline="")
        file.seek(start)
        between = ("\t" if tabs else ",") if delimiter == NONE else delimiter
        writer = csv.writer(file, delimiter=between, lineterminator=end)
        for i, row in enumerate(rows):
            if not row:
                file.write(end)
                continue
            cell = (
                f"{header[at].strip()}_{languages.target}" if i == 0 else found.get(i, row[at] if len(row) > at else "")
            )
            writer.writerow([*row, *("" for _ in range(len(header) - len(row))), cell])
        return file.getvalue()

    return Document([rows[i][at] for i in asked], rebuilt)
