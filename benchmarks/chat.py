"""Small talk over 2,000 real contexts: how varied, whole and quick the replies are, beside people's own; and how well
the true next turn is found. One thread.

    python benchmarks/chat.py [MODEL] --data data/prepared/chat/test/dialogues.parquet

Distinct-2 (Li et al. 2016, https://arxiv.org/abs/1510.03055) is the share of different pairs of neighbouring words
among all pairs, over all replies together; it falls as the number of replies grows. Words and punctuation marks count
alike, in small letters.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from saving import add_save, save

import nlp_gru
from nlp_gru.training.evaluate import evaluate

CHATS = ("self_dialogue", "chitchat", "topical_chat", "taskmaster4_coffee")  # without persuasion and bargaining


def contexts(dialogues: Sequence[Sequence[str]], n: int) -> list[tuple[list[str], str]]:
    """(the turns before, what a person said next), drawn evenly from all turns but the first."""
    places = [(d, i) for d, turns in enumerate(dialogues) for i in range(1, len(turns))]
    chosen = random.Random(0).sample(places, min(n, len(places)))
    return [(list(dialogues[d][:i]), dialogues[d][i]) for d, i in chosen]


def measure(replies: Sequence[str]) -> dict[str, float]:
    words = [re.findall(r"\w+(?:'\w+)*|[^\w\s]", reply.casefold()) for reply in replies]
    pairs = Counter(pair for w in words for pair in pairwise(w))
    trigrams = [Counter(zip(w, w[1:], w[2:], strict=False)) for w in words]
    common = Counter("".join(c for c in r.casefold() if c.isalnum()) for r in replies).most_common(10)
    n = len(replies)
    return {
        "repeated trigram inside": sum(max(t.values(), default=0) > 1 for t in trigrams) / n,
        "<unk> or broken text": sum("\ufffd" in r or "<unk>" in r for r in replies) / n,
        "empty": sum(not r.strip() or r == "..." for r in replies) / n,
        "ten most frequent replies": sum(count for _, count in common) / n,
        "distinct-2": len(pairs) / max(sum(pairs.values()), 1),
        "words": sum(map(len, words)) / n,
    }


def ranked(model: str, dialogues: pd.DataFrame) -> float:
    """How often the true next turn is first among 20, in the dialogues of `CHATS` alone."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chats.parquet"
        dialogues[dialogues.source.isin(CHATS)].to_parquet(file, index=False)
        (figures,) = evaluate(model, [str(file)]).values()
    return figures["hits_at_1"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="chat")
    parser.add_argument("--data", required=True, help="a Parquet file with the columns turns, source")
    parser.add_argument("--replies", type=int, default=2000)
    add_save(parser)
    args = parser.parse_args()
    torch.set_num_threads(1)
    bot = nlp_gru.load(args.model)
    dialogues = pd.read_parquet(args.data)
    hits = ranked(args.model, dialogues)
    print(f"the true next turn first among 20, in {', '.join(CHATS)}: {hits:.1%}")
    chosen = contexts(dialogues.turns.tolist(), args.replies)
    replies, times = [], []
    for i, (turns, _) in enumerate(chosen):
        start = time.process_time()
        replies.append(bot.reply(turns, seed=i).text)
        times.append(1000 * (time.process_time() - start))
    columns = {"bot": measure(replies), "people": measure([reply for _, reply in chosen])}
    print(f"| {len(chosen):,} replies | bot | people |\n|---|---:|---:|")
    for name, value in columns["bot"].items():
        shown = "{:.1f}" if name == "words" else "{:.1%}"
        print(f"| {name} | {shown.format(value)} | {shown.format(columns['people'][name])} |")
    p50, p95 = np.percentile(times[5:], [50, 95])
    print(f"a whole reply, the best of 8, computing time: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    if args.save:
        times_ms = {"ms_p50": float(p50), "ms_p95": float(p95)}
        save("chat", {"replies": len(chosen), "chats_hits_at_1": hits, **columns, **times_ms})
    for reply, count in Counter(replies).most_common(5):
        print(f"{count:5}  {reply}")


if __name__ == "__main__":
    main()
