"""Everyday dialogues for the chat head: what people say to each other, turn by turn.

    python data/chat.py --source DIR      # DIR holds the files named below; what is missing is left out

Writes data/prepared/chat/{train,valid}.parquet (turns: list of texts, source) and test/dialogues.parquet, the valid
files of the same sets. A dialogue ends before a turn with an address, a telephone number or coarse language, and goes
on as another one after it. What the bot says of itself comes from data/persona.csv, at the end of some dialogue's first
turns.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from common import arguments, clean, fold, read

SETS = ("self_dialogue", "chitchat", "topical_chat", "taskmaster4_coffee", "casino", "persuasion_for_good")
PERSONA = Path(__file__).parent / "persona.csv"
PERSONA_TIMES = 20  # each question's number of appearances in a pass
LONGEST = 400  # characters of a turn
PRIVATE = re.compile(
    r"https?:|www\.|\S@\S|\d[\d\s().-]{6,}\d|\b\d{1,5}\s+\w+\s+(?:street|road|avenue|lane|drive)\b", re.I
)
# Coarse and sexual words by their stems, and slurs: a turn that holds one is not learned from.
COARSE = re.compile(
    r"\b(?:fuck|motherf|shit|bitch|cunt|whore|slut|nigg|fagg|retard|porn|dick\b|cock\b|pussy|penis|vagina|blowjob|orgasm|masturbat|"
    r"boob|tits\b|horny|sexual|sexy|sex\b|rape|nazi|hitler|kill yourself|suicid|bastard|asshole|damn)\w*",
    re.I,
)


def usable(turn: str) -> bool:
    return (
        bool(re.search(r"\w", turn)) and len(turn) <= LONGEST and not PRIVATE.search(turn) and not COARSE.search(turn)
    )


def stretches(turns: list[str]) -> Iterator[list[str]]:
    """The longest runs of usable turns; a run of one is no dialogue."""
    run: list[str] = []
    for turn in [*map(clean, turns), ""]:
        if turn and usable(turn):
            run.append(turn)
            continue
        if len(run) > 1:
            yield run
        run = []


def dialogues(source: Path, part: str) -> pd.DataFrame:
    rows = [
        (name, run, fold(" ".join(turns)))
        for name in SETS
        for turns in read(source, f"{name}_{part}").get("turns", ())
        for run in (stretches(list(turns)) if part == "train" else [[clean(t) for t in turns]])
    ]
    return pd.DataFrame(rows, columns=["source", "turns", "fold"])


def persona(train: pd.DataFrame, draw: random.Random) -> pd.DataFrame:
    """Each question of data/persona.csv and its answer, by themselves or after the first turns of some dialogue."""
    rows = []
    starts = [turns for turns in train.turns if len(turns) > 2] or [[]]
    for question, answer in pd.read_csv(PERSONA).itertuples(index=False):
        for i in range(PERSONA_TIMES):
            before = draw.choice(starts)[: draw.choice((1, 2, 2))] if i % 2 else []
            rows.append(("persona", [*before, question, answer], 99))
    return pd.DataFrame(rows, columns=["source", "turns", "fold"])


def main() -> None:
    args = arguments(__doc__, "chat").parse_args()
    (args.out / "test").mkdir(parents=True, exist_ok=True)
    rows = dialogues(args.source, "train")
    train = rows[rows.fold > 0]
    parts = {
        "train": pd.concat([train, persona(train, random.Random(0))]),
        "valid": rows[rows.fold == 0],
        "test/dialogues": dialogues(args.source, "valid"),
    }
    for name, part in parts.items():
        part[["turns", "source"]].to_parquet(args.out / f"{name}.parquet", index=False)
        print(name, part.groupby("source").turns.agg(["size", lambda t: int(t.map(len).sum())]).to_string(), sep="\n")


if __name__ == "__main__":
    main()
