"""How many messages of people in danger the chat bot tells from harmless ones, and how often it sees danger in ordinary
turns.

    python benchmarks/danger.py [--data data/prepared/chat/test/dialogues.parquet] [--missed]

benchmarks/danger_held_out.csv was written before the examples that the bot compares with, by rules of its own (who
writes, to whom, and how: typed in haste, in euphemisms, about somebody else), and none of its messages stands among
them. `none` are harmless messages that sound alike.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import pandas as pd

from nlp_gru.tools.chat import safety
from nlp_gru.tools.similarity.encoder import bundled_encoder

HELD_OUT = Path(__file__).parent / "danger_held_out.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", type=Path, default=HELD_OUT, help="a CSV file with the columns kind and text")
    parser.add_argument("--data", type=Path, help="a Parquet file of ordinary dialogues with the column turns")
    parser.add_argument("--missed", action="store_true", help="print what was missed, and false alarms")
    args = parser.parse_args()
    alarm = safety.Alarm(bundled_encoder())
    rows = pd.read_csv(args.held_out)
    seen = [alarm(text) for text in rows.text]
    right: dict[str, Counter[str]] = {}
    for kind, text, found in zip(rows.kind, rows.text, seen, strict=True):
        harmless = kind == safety.HARMLESS
        right.setdefault(kind, Counter()).update(all=1, alarm=found is not None, kind=found == kind)
        if args.missed and (found is not None) == harmless:
            print(f"{kind} taken for {found}: {text}")
    print("| kind | messages | alarm | of the right kind |\n|---|---:|---:|---:|")
    danger = sum((c for kind, c in right.items() if kind != safety.HARMLESS), Counter[str]())
    for kind, c in [*right.items(), ("all of danger", danger)]:
        print(f"| {kind} | {c['all']} | {c['alarm'] / c['all']:.1%} | {c['kind'] / c['all']:.1%} |")
    if args.data:
        every = [turn for turns in pd.read_parquet(args.data).turns for turn in turns]
        alarms = [(turn, kind) for turn in every if (kind := alarm(turn))]
        print(f"false alarms: {len(alarms)} of {len(every):,} turns, {len(alarms) / len(every):.2%}")
        for turn, kind in alarms if args.missed else []:
            print(f"{kind}: {turn}")


if __name__ == "__main__":
    main()
