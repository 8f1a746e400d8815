"""Data files that anybody may give: CSV, TSV, JSONL, JSON, Parquet and text, read within bounds.

The command line, the pages and training all read through `read_table`. Whatever is in a file, what comes of it is a
`Table` or a `UserError` of one sentence, the work grows with the file's size alone, and only the wanted columns are
kept.
"""

from nlp_gru.data_files.reading import FORMATS, column_names, read_table
from nlp_gru.data_files.table import COMMAND_LINE, PAGE, Bounds, MissingColumn, Table, empty_rows, problem

__all__ = [
    "COMMAND_LINE",
    "FORMATS",
    "PAGE",
    "Bounds",
    "MissingColumn",
    "Table",
    "column_names",
    "empty_rows",
    "problem",
    "read_table",
]
