"""Everyday dialogues for the chat head: what people say to each other, turn by turn.

    python data/chat.py --source DIR      # DIR holds the files named below; what is missing is left out

Writes data/prepared/chat/{train,valid}.parquet (turns: list of texts, source) and test/dialogues.parquet, the valid
files of the same sets. A dialogue ends before a turn with an address, a telephone number or coarse language, and goes
on as another one after it. What the bot says of itself comes from data/persona.csv, at the end of some dialogue's first
turns.

The bot's manner is learned from data/dialogues.txt, written for it with language models: dialogues of a person (U) and
the bot (B), in which {a|b} stands for either. They stand in manner.parquet, with some of the others, lest those be
forgotten, and, to choose by, in manner-valid.parquet.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from common import arguments, clean, filled, fold, read

SETS = ("self_dialogue", "chitchat", "topical_chat", "taskmaster4_coffee", "casino", "persuasion_for_good")
PERSONA = Path(__file__).parent / "persona.csv"
PERSONA_TIMES = 20  # each question's number of appearances in a pass; a fifth of that among written dialogues
WRITTEN = Path(__file__).parent / "dialogues.txt"
FILLINGS = 8  # of a written dialogue, at most
HELD_OUT = 4  # of 100 written dialogues, to choose by
REHEARSED = 2000  # dialogues of the other sets that stand beside the written ones
CARELESS = 0.3  # of a person's turns: small letters, no mark at the end
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


def persona(train: pd.DataFrame, draw: random.Random, times: int) -> pd.DataFrame:
    """Each question of data/persona.csv and its answer, by themselves or after the first turns of some dialogue."""
    rows = []
    starts = [turns for turns in train.turns if len(turns) > 2] or [[]]
    for question, answer in pd.read_csv(PERSONA).itertuples(index=False):
        for i in range(times):
            before = draw.choice(starts)[:2] if i % 2 else []  # two: the answer is a second speaker's
            rows.append(("persona", [*before, question, answer], 99))
    return pd.DataFrame(rows, columns=["source", "turns", "fold"])


def written_dialogues() -> Iterator[list[str]]:
    """The turns of each dialogue in data/dialogues.txt, the person's first. Raises `SystemExit` for a line that is out
    of place."""
    for dialogue in WRITTEN.read_text(encoding="utf-8").split("\n\n"):
        lines = dialogue.strip().splitlines()
        if [line[:3] for line in lines] != ["U: ", "B: "] * (len(lines) // 2):
            raise SystemExit(f"{WRITTEN}: turns of U and B in turn, each with a text: {lines[:4]}")
        yield [line[3:].strip() for line in lines]


def is_kept_out(turns: list[str]) -> bool:
    """Whether a written dialogue is one of those to choose by."""
    return fold(" ".join(turns)) < HELD_OUT


def written(draw: random.Random) -> pd.DataFrame:
    """Each dialogue, filled in several ways; a person's turns are typed carelessly now and then."""
    rows = []
    for turns in written_dialogues():
        fillings = {tuple(typed(turns, draw)) for _ in range(1 if is_kept_out(turns) else FILLINGS)}
        rows += [("written", list(found), fold(" ".join(turns))) for found in sorted(fillings)]
    return pd.DataFrame(rows, columns=["source", "turns", "fold"])


def typed(turns: list[str], draw: random.Random) -> Iterator[str]:
    """A filling of a dialogue, in which the person may be careless."""
    careless = draw.random() < CARELESS
    for i, pattern in enumerate(turns):
        turn = filled(pattern, draw)
        yield turn.lower().rstrip(".!") or turn if careless and i % 2 == 0 else turn


def main() -> None:
    args = arguments(__doc__, "chat").parse_args()
    (args.out / "test").mkdir(parents=True, exist_ok=True)
    rows = dialogues(args.source, "train")
    train = rows[rows.fold > 0]
    draw = random.Random(0)
    made = written(draw)
    some = train.sample(min(REHEARSED, len(train)), random_state=0)
    parts = {
        "train": pd.concat([train, persona(train, draw, PERSONA_TIMES)]),
        "manner": pd.concat([made[made.fold >= HELD_OUT], some, persona(some, draw, PERSONA_TIMES // 5)]),
        "manner-valid": made[made.fold < HELD_OUT],
        "valid": rows[rows.fold == 0],
        "test/dialogues": dialogues(args.source, "valid"),
    }
    for name, part in parts.items():
        part[["turns", "source"]].to_parquet(args.out / f"{name}.parquet", index=False)
        print(name, part.groupby("source").turns.agg(["size", lambda t: int(t.map(len).sum())]).to_string(), sep="\n")


if __name__ == "__main__":
    main()
