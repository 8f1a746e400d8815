"""Groups of texts that say the same, as a CSV file that a spreadsheet opens."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nlp_gru.data_files.delimited import for_spreadsheet

if TYPE_CHECKING:
    from nlp_gru.tools.similarity.encoder import DuplicateGroup


def write_groups(path: Path, groups: Sequence[DuplicateGroup], sources: Sequence[str]) -> None:
    """Write a row for each text of each group. sources: where each text of the list comes from.

    The columns are group (from 1), score (the cosine with the group's first text), source and text.
    """
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["group", "score", "source", "text"])
        for number, group in enumerate(groups, 1):
            for i, text, score in zip(group.indices, group.texts, group.scores, strict=True):
                writer.writerow([number, f"{score:.4f}", for_spreadsheet(sources[i]), for_spreadsheet(text)])
