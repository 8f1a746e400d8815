"""Where a trained classifier goes wrong: its held-out rows by label, and those that it got wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from nlp_gru.data_files.labels import normalize

from .assets import render
from .check_file import Report

ROWS, LABELS, SHOWN, CELL = 2_000, 12, 20, 200  # judged, in the table, listed, characters of each


def shown(head: str, model: Any, report: Report, held: Sequence[int]) -> str:
    """The table of labels, true by found, and the wrong rows, as HTML; nothing for other heads or without held-out
    rows."""
    if head != "sentiment" or not held or not hasattr(model, "stream"):
        return ""
    places = list(held)[:ROWS]
    texts = [report.kept["text"][i] for i in places]
    labels = normalize(report.kept["label"])
    true = [str(labels[i]) for i in places]
    found = [result.label for result in model.stream(iter(texts))]
    names = [name for name, _ in Counter(true).most_common(LABELS)]
    counts = Counter(zip(true, found, strict=True))
    most = max(counts.values())
    rows = [
        (name, [(counts[name, other], counts[name, other] / most, name == other) for other in names]) for name in names
    ]
    wrong = [
        (report.numbers[i], text[:CELL], t, f)
        for i, text, t, f in zip(places, texts, true, found, strict=True)
        if t != f
    ]
    return render("mistakes.html", names=names, rows=rows, wrong=wrong[:SHOWN], more=len(wrong) - SHOWN)
