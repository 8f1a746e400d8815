"""What the preparation scripts share: finding the source files, cleaning, and splits that never move."""

from __future__ import annotations

import argparse
import itertools
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from nlp_gru.data_files import imdb
from nlp_gru.errors import UserError

clean = imdb.clean
PREPARED = Path(__file__).parent / "prepared"

# What the base and the sentence encoder both learn from, beside texts of their own.
LABELLED = (
    "clothing_reviews_train",
    "pros_cons_train",
    "uci_sentences_train",
    "rt_train_no_sst_eval",
    "sst2_train",
    "semeval_tweets_3way_train",
)  # sentiment keeps their folds below 20
DIALOGUES = (
    "chitchat_train",
    "self_dialogue_train",
    "taskmaster4_coffee_train",
    "topical_chat_train",
    "schema_guided_train",
    "casino_train",
    "persuasion_for_good_train",
    "multiwoz_train",
)
PAIRS = (
    "europarl_sample_en_fr_train",
    "gnome_help_en_fr_train",
    "news_commentary_sample_en_fr_train",
    "cds_blog_en_fr_train",
    "diabla_en_fr_train",
    "django_docs_en_fr_train",
    "mozilla_web_en_fr_train",
    "python_docs_en_fr_train",
    "rust_book_en_fr_train",
    "tico19_en_fr_train",
    "ui_text_en_fr_train",
    "web_guides_en_fr_train",
)


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
    """Columns text, label: the training reviews of IMDB."""
    try:
        return imdb.imdb_train()
    except UserError as error:
        raise SystemExit(str(error)) from None


def fold(text: str) -> int:
    """0 to 99, from the letters and digits of the text alone: a row keeps its split when others come or go."""
    return zlib.crc32("".join(c for c in text.casefold() if c.isalnum()).encode()) % 100


def runs(turns: list[str], lengths: Sequence[int], draw: random.Random) -> Iterator[str]:
    """Consecutive turns, joined by line breaks, of lengths drawn evenly; every turn is in one run."""
    at = 0
    while at < len(turns):
        size = draw.choice(lengths)
        yield "\n".join(turns[at : at + size])
        at += size


ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


def fillings(pattern: str) -> Iterator[str]:
    """A pattern with each choice of its parts."""
    parts = [
        part.split("|") if i % 2 else [part] for i, part in enumerate(ALTERNATIVES.split(" ".join(pattern.split())))
    ]
    yield from ("".join(choice) for choice in itertools.product(*parts))


def filled(pattern: str, draw: random.Random) -> str:
    """A pattern with one of each {a|b}, drawn."""
    return " ".join(ALTERNATIVES.sub(lambda match: draw.choice(match[1].split("|")), pattern).split())
