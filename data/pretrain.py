"""Plain English and French text for pre-training the shared embedding and GRU.

    python data/pretrain.py --source DIR      # DIR holds the files named below; what is missing is left out

Writes data/prepared/pretrain/{train,valid}.parquet (column: text) and vocabulary.txt, the sample that the shared tokenizer
learns from. Nothing that any head holds out for valid or test is in it. Files whose licence forbids use in a model that
may be sold are not named here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from common import arguments, clean, fold, imdb_train, read

TEXTS = ("imdb_unlabelled_reviews_train", "nus_sms_research_train", "tatoeba_english_train", "us_speeches_train",
         "banking77_intents_train", "clinc150_intents_train")  # fmt: skip
LABELLED = ("clothing_reviews_train", "pros_cons_train", "uci_sentences_train", "rt_train_no_sst_eval", "sst2_train",
            "semeval_tweets_3way_train")  # fmt: skip
DIALOGUES = ("chitchat_train", "self_dialogue_train", "taskmaster4_coffee_train", "topical_chat_train")
PAIRS = ("europarl_sample_en_fr_train", "gnome_help_en_fr_train", "news_commentary_sample_en_fr_train")
FRENCH = ("tatoeba_en_fr_train",)  # its English side is in tatoeba_english_train


def texts(source: Path) -> Iterator[tuple[str, str]]:
    """(source name, text) of everything that may be learned from."""
    reviews = imdb_train()
    yield from (("imdb_train", t) for t in reviews.text if fold(t) >= 10)  # below 10: sentiment's valid rows
    for name in TEXTS:
        yield from ((name, t) for t in read(source, name).get("text", ()))
    for name in LABELLED:
        yield from ((name, t) for t in read(source, name).get("text", ()) if fold(t) >= 20)
    for name in DIALOGUES:
        yield from ((name, "\n".join(turns)) for turns in read(source, name).get("turns", ()))
    for name in PAIRS + FRENCH:
        pairs = read(source, name)
        columns = ("fr",) if name in FRENCH else ("en", "fr")
        for column in columns:
            yield from ((name, t) for t in pairs.get(column, ()))


def main() -> None:
    args = arguments(__doc__, "pretrain").parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    rows = pd.DataFrame(texts(args.source), columns=["source", "text"]).drop_duplicates("text")
    rows["text"] = rows.text.map(clean)
    rows = rows[rows.text.str.len() > 1]
    print(rows.groupby("source").text.agg(["size", lambda t: int(t.str.len().sum())]).to_string())
    order = random.Random(0).sample(range(len(rows)), len(rows))
    folds = rows.text.map(fold)
    valid = pd.Series(False, rows.index)
    valid.iloc[[i for i in order if folds.iloc[i] == 99][:600]] = True
    rows[~valid][["text"]].to_parquet(args.out / "train.parquet")
    rows[valid][["text"]].to_parquet(args.out / "valid.parquet")
    # Reviews are most of the text; a vocabulary for everyday English and French wants the rest in full.
    budget = {"imdb_train": 8_000_000, "imdb_unlabelled_reviews_train": 8_000_000}
    with open(args.out / "vocabulary.txt", "w", encoding="utf-8") as file:
        for i in order:
            name, text = rows.source.iloc[i], rows.text.iloc[i]
            if not valid.iloc[i] and budget.get(name, 1) > 0:
                budget[name] = budget.get(name, 1 << 60) - len(text)
                file.write(text + "\n")


if __name__ == "__main__":
    main()
