"""Everyday English for the next-word head: what people say and type to each other, a sentence or a few at a time.

    python data/next_word.py --source DIR      # DIR holds the files named below; what is missing is left out

Writes data/prepared/next_word/{train,valid}.parquet (text), test/everyday.parquet (text, source) and test/sms.parquet,
the text messages among the rows that keystrokes are counted on. A dialogue is cut into
runs of one to four turns, so that the model learns both to begin a message and to go on with one. What people write to
each other is seen twice a pass. Nothing of `everyday_valid`, which is the test here, is in the train files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from common import arguments, clean, fold, read, runs

# file: how often each of its rows is seen in a pass
TEXTS = {
    "nus_sms_research_train": 2,
    "tatoeba_english_train": 1,
    "us_speeches_train": 1,
    "imdb_unlabelled_reviews_train": 1,
    "common_voice_english_train": 1,
    "goemotions_3way_train": 1,
    "xed_subtitles_3way_train": 1,
    "emobank_3way_train": 2,
    "vader_research_3way_train": 1,
    "hwu64_intents_train": 1,
    "snips_intents_train": 1,
    "clothing_reviews_train": 1,
}
ROWS = {"imdb_unlabelled_reviews_train": 8000, "schema_guided_train": 3000}  # of what would outweigh the rest
DIALOGUES = {
    "chitchat_train": 2,
    "self_dialogue_train": 1,
    "taskmaster4_coffee_train": 1,
    "topical_chat_train": 2,
    "casino_train": 1,
    "persuasion_for_good_train": 1,
    "multiwoz_train": 1,
    "schema_guided_train": 1,
}
# Edited prose, which nobody else here writes: the English sides of translations.
PROSE = {
    "news_commentary_sample_en_fr_train": 2,
    "europarl_sample_en_fr_train": 1,
    "cds_blog_en_fr_train": 2,
    "diabla_en_fr_train": 2,
    "tico19_en_fr_train": 1,
    "web_guides_en_fr_train": 1,
}
RUN_LENGTHS = (1, 1, 1, 2, 4)  # turns of a run, drawn evenly
TEST = "everyday_valid"
KEYSTROKE_ROWS = 1000  # as in nlp_gru.heads.next_word


def texts(source: Path) -> Iterator[tuple[str, str, int]]:
    """(source name, text, fold); all runs of a dialogue share its fold."""
    draw = random.Random(0)
    for name in TEXTS:
        rows = read(source, name)
        if name in ROWS and len(rows):
            rows = rows.sample(min(ROWS[name], len(rows)), random_state=0)
        yield from ((name, t, fold(t)) for t in rows.get("text", ()))
    for name in PROSE:
        yield from ((name, t, fold(t)) for t in read(source, name).get("en", ()))
    for name in DIALOGUES:
        rows = read(source, name)
        for turns in rows[: ROWS.get(name, len(rows))].get("turns", ()):
            place = fold(" ".join(turns))
            yield from ((name, run, place) for run in runs(list(turns), RUN_LENGTHS, draw))


def main() -> None:
    args = arguments(__doc__, "next_word").parse_args()
    (args.out / "test").mkdir(parents=True, exist_ok=True)

    rows = pd.DataFrame(texts(args.source), columns=["source", "text", "fold"])
    rows["text"] = rows.text.map(clean)
    rows = rows[rows.text.str.len() > 1].drop_duplicates("text")
    everyday = read(args.source, TEST)
    if len(everyday):
        everyday.to_parquet(args.out / "test" / "everyday.parquet")
        counted = everyday[:KEYSTROKE_ROWS]
        counted[counted.source == "sms"].to_parquet(args.out / "test" / "sms.parquet")
        rows = rows[~rows.text.isin(everyday.text)]
    valid, train = rows[rows.fold == 99], rows[rows.fold != 99]
    train = train.loc[train.index.repeat(train.source.map(TEXTS | DIALOGUES | PROSE))]
    for name, part in (("train", train), ("valid", valid.sample(min(4000, len(valid)), random_state=0))):
        part[["text", "source"]].to_parquet(args.out / f"{name}.parquet")
        print(name, part.groupby("source").text.agg(["size", lambda t: int(t.str.len().sum())]).to_string(), sep="\n")


if __name__ == "__main__":
    main()
