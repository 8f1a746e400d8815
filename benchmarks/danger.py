"""How many messages of people in danger the chat bot tells from harmless ones, and how often it sees danger in ordinary
turns.

    python benchmarks/danger.py [--data data/prepared/chat/test/dialogues.parquet]
        [--typed data/prepared/chat/manner-valid.parquet] [--missed] [--save]

benchmarks/danger_held_out.csv was written before the examples that the bot learned from, by rules of its own (who
writes, to whom, and how: typed in haste, in euphemisms, about somebody else), benchmarks/danger_second.csv before
four fifths of them. None of their messages stands among the examples. `none` are harmless messages that sound alike.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from saving import add_save, save

from nlp_gru.tools.chat import safety
from nlp_gru.tools.similarity.encoder import bundled_encoder

HERE = Path(__file__).parent
HELD_OUT = [HERE / "danger_held_out.csv", HERE / "danger_second.csv"]


def told(alarm: safety.Alarm, rows: pd.DataFrame, missed: bool) -> dict[str, Counter[str]]:
    """Of each kind and of all danger: how many messages, how many raise the alarm, and how many that of their kind."""
    found: dict[str, Counter[str]] = {}
    for kind, text, seen in zip(rows.kind, rows.text, seen_in(alarm, list(rows.text)), strict=True):
        harmless = kind == safety.HARMLESS
        for name in [kind, *([] if harmless else ["all of danger"])]:
            found.setdefault(name, Counter()).update(all=1, alarm=seen is not None, kind=seen == kind)
        if missed and (seen is not None) == harmless:
            print(f"{kind} taken for {seen}: {text}")
    found["all of danger"] = found.pop("all of danger", Counter())  # the last
    return {name: counts for name, counts in found.items() if counts}


def seen_in(alarm: safety.Alarm, turns: Sequence[str]) -> list[str | None]:
    """The kind of danger seen in each turn."""
    parts = [safety.parts(turn) for turn in turns]
    flat = [part for own in parts for part in own]
    vectors = np.concatenate([alarm.encoder.encode(flat[i : i + 5000]) for i in range(0, len(flat), 5000)])
    ends = np.cumsum([len(own) for own in parts])
    return [alarm.of(own, vectors[end - len(own) : end]) for end, own in zip(ends, parts, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", type=Path, nargs="+", default=HELD_OUT, help="CSV files with columns kind, text")
    parser.add_argument("--data", type=Path, help="a Parquet file of ordinary dialogues with the column turns")
    parser.add_argument("--missed", action="store_true", help="print what was missed, and false alarms")
    parser.add_argument("--typed", type=Path, help="the same of dialogues with a bot, of which the person begins")
    add_save(parser)
    args = parser.parse_args()
    alarm = safety.Alarm(bundled_encoder())
    figures: dict[str, dict[str, float]] = {}
    for path in args.held_out:
        print(f"\n{path.name}\n\n| kind | messages | alarm | of the right kind |\n|---|---:|---:|---:|")
        for kind, c in told(alarm, pd.read_csv(path), args.missed).items():
            print(f"| {kind} | {c['all']} | {c['alarm'] / c['all']:.1%} | {c['kind'] / c['all']:.1%} |")
            if kind in ("all of danger", safety.HARMLESS):
                figures[f"{path.stem}: {kind}"] = {k: c[k] / c["all"] for k in ("alarm", "kind")} | {"rows": c["all"]}
    for name, path, step in (("ordinary turns", args.data, 1), ("typed turns", args.typed, 2)):
        if path:
            every = [turn for turns in pd.read_parquet(path).turns for turn in turns[::step]]
            alarms = [(turn, kind) for turn, kind in zip(every, seen_in(alarm, every), strict=True) if kind]
            print(f"\nfalse alarms: {len(alarms)} of {len(every):,} {name}, {len(alarms) / len(every):.2%}")
            figures[name] = {"alarm": len(alarms) / len(every), "rows": len(every)}
            for turn, kind in alarms if args.missed else []:
                print(f"{kind}: {turn}")
    if args.save:
        save("danger", figures)


if __name__ == "__main__":
    main()
