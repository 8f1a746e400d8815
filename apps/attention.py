"""What the translation page draws: each sentence's translations, and where the model looked while it wrote one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .assets import render, style

WORDS = 40  # of each side, shown in the table
LIST_STYLE = style("translations")
HEAT_STYLE = style("attention")


def options(sentences: Sequence[Any]) -> str:
    """Every sentence with its translations, best first, as HTML; each translation is a button."""
    return render("translations.html", sentences=sentences)


def heat_map(alignment: Any) -> str:
    """How far the model looked at each source word while it wrote each word, as an HTML table."""
    if alignment is None:
        return render("attention.html", rows=[])
    source = list(alignment.source[:WORDS])
    rows = [
        (word, list(zip(source, weights, strict=False)))
        for word, weights in zip(alignment.target[:WORDS], alignment.weights, strict=False)
    ]
    is_cut = max(len(alignment.source), len(alignment.target)) > WORDS
    return render("attention.html", source=source, rows=rows, most=WORDS if is_cut else 0)
