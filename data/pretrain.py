"""Plain English and French text for the shared base: what the tokenizer is learned from, and the decoder as a language
model.

    python data/pretrain.py --source DIR      # DIR holds the files named below; what is missing is left out

Writes data/prepared/pretrain/{train,valid}.parquet (text, source, row: -1, for a text without a vector) and
vocabulary.parquet, the sample that the shared tokenizer learns from. Nothing that any head holds out for valid or test
is in it. Files whose licence forbids use in a model that may be sold are not named here, nor CLINC150 and BANKING77:
bots from few questions are measured on them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from common import DIALOGUES, LABELLED, PAIRS, arguments, clean, fold, imdb_train, read, runs

TEXTS = (
    "imdb_unlabelled_reviews_train",
    "nus_sms_research_train",
    "tatoeba_english_train",
    "us_speeches_train",
    "hwu64_intents_train",
    "snips_intents_train",
    "common_voice_english_train",
    "xed_subtitles_3way_train",
    "goemotions_3way_train",
    "emobank_3way_train",
    "vader_research_3way_train",
    "common_voice_french_train",
    "xed_subtitles_french_train",
)
FRENCH = ("tatoeba_en_fr_train",)  # its English side is in tatoeba_english_train
# Characters kept of what would outweigh the rest: reviews, dialogues of clerks and manuals.
MOST = {
    "imdb_train": 8_000_000,
    "imdb_unlabelled_reviews_train": 24_000_000,
    "schema_guided_train": 6_000_000,
    "django_docs_en_fr_train": 1_000_000,
    "python_docs_en_fr_train": 1_000_000,
    "web_guides_en_fr_train": 1_000_000,
    "self_dialogue_train": 20_000_000,
}
MOST_IN_VOCABULARY = {
    "imdb_train": 1_500_000,
    "imdb_unlabelled_reviews_train": 2_500_000,
    "schema_guided_train": 1_500_000,
    "self_dialogue_train": 8_000_000,
    "chitchat_train": 5_000_000,
    "topical_chat_train": 2_000_000,
    "clothing_reviews_train": 1_000_000,
    "common_voice_french_train": 3_500_000,
    "us_speeches_train": 500_000,
    "europarl_sample_en_fr_train": 500_000,
    "news_commentary_sample_en_fr_train": 700_000,
    "django_docs_en_fr_train": 300_000,
    "python_docs_en_fr_train": 300_000,
    "web_guides_en_fr_train": 300_000,
    "gnome_help_en_fr_train": 300_000,
    "rust_book_en_fr_train": 100_000,
    "cds_blog_en_fr_train": 800_000,
}
RUN_LENGTHS = (1, 2, 4, 30)  # turns of a dialogue that stand together, drawn evenly
VALID_ROWS = 800


def texts(source: Path) -> Iterator[tuple[str, str]]:
    """(source name, text) of everything that may be learned from."""
    draw = random.Random(0)
    reviews = imdb_train()
    yield from (("imdb_train", t) for t in reviews.text if fold(t) >= 10)  # below 10: sentiment's valid rows
    for name in TEXTS:
        yield from ((name, t) for t in read(source, name).get("text", ()))
    for name in LABELLED:
        yield from ((name, t) for t in read(source, name).get("text", ()) if fold(t) >= 20)
    for name in DIALOGUES:
        for turns in read(source, name).get("turns", ()):
            yield from ((name, run) for run in runs(list(turns), RUN_LENGTHS, draw))
    for name in PAIRS + FRENCH:
        pairs = read(source, name)
        columns = ("fr",) if name in FRENCH else ("en", "fr")
        for column in columns:
            yield from ((name, t) for t in pairs.get(column, ()))


def at_most(rows: pd.DataFrame, most: dict[str, int]) -> pd.DataFrame:
    """The rows, in their order, without those beyond a source's number of characters."""
    characters = rows.text.str.len().groupby(rows.source).cumsum()
    return rows[characters <= rows.source.map(most).fillna(float("inf"))]


def main() -> None:
    args = arguments(__doc__, "pretrain").parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    rows = pd.DataFrame(texts(args.source), columns=["source", "text"])
    rows["text"] = rows.text.map(clean)
    rows = rows[rows.text.str.len() > 1].drop_duplicates("text").sample(frac=1, random_state=0)
    rows = at_most(rows, MOST)
    folds = rows.text.map(fold)
    parts = {"train": rows[folds < 99], "valid": rows[folds == 99][:VALID_ROWS]}
    parts["vocabulary"] = at_most(parts["train"], MOST_IN_VOCABULARY)
    for name, part in parts.items():
        part.assign(row=-1).to_parquet(args.out / f"{name}.parquet", index=False)
        print(name, part.groupby("source").text.agg(["size", lambda t: int(t.str.len().sum())]).to_string(), sep="\n")
        print(f"{len(part):,} texts, {part.text.str.len().sum():,} characters")


if __name__ == "__main__":
    main()
