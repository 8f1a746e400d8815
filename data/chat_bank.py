"""The replies of data/dialogues.txt, as the bank of nlp_gru/tools/chat/bank.py.

python data/chat_bank.py        # writes nlp_gru/pretrained/chat/bank.safetensors, for the bundled sentence encoder
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from chat import FILLINGS, is_kept_out, written_dialogues
from common import filled

from nlp_gru.arrays import unit_rows
from nlp_gru.model_folder.bundled import PRETRAINED, find_model
from nlp_gru.text.word_list import bundled_words
from nlp_gru.tools.chat.bank import EARLIER, FILE, Bank, Written, stems
from nlp_gru.tools.chat.faults import is_sound
from nlp_gru.tools.chat.honesty import is_claim
from nlp_gru.tools.similarity.encoder import TextEncoder, bundled_encoder

ROWS = 40  # dimensions kept
MOST = 2  # replies to a turn
LONGEST = 12  # words of a turn: what is longer is hardly said again
ALIKE, MOST_ALIKE = 0.9, 2  # the cosine from which turns are alike, and how many of those are kept
USUAL = 500  # words, most used first, that tell of nothing


def answers() -> Iterator[tuple[str, str, list[Written]]]:
    """A filling of each turn of the person, of the turn before it, if any, and replies to it; without the dialogues
    that are chosen by."""
    draw, usual = random.Random(0), usual_stems()
    for turns in written_dialogues():
        if is_kept_out(turns):
            continue
        for i in range(0, len(turns), 2):
            replies = {filled(turns[i + 1], draw) for _ in range(FILLINGS)}
            before = stems(" ".join(turns[: i + 1])) - usual
            fit = [text for text in sorted(replies) if is_sound(text, []) and not is_claim(text) and "|" not in text]
            if fit and turns[i].count(" ") < LONGEST:
                chosen = draw.sample(fit, min(MOST, len(fit)))
                earlier = filled(turns[i - 1], draw) if i else ""
                yield (
                    filled(turns[i], draw),
                    earlier,
                    [Written(text, frozenset(stems(text) & before)) for text in chosen],
                )


def usual_stems() -> set[str]:
    words = bundled_words(find_model("next_word"))
    assert words is not None
    return {stem for i in np.argsort(-words.counts)[:USUAL] for stem in stems(words.words[i])}


def bank(encoder: TextEncoder) -> Bank:
    told, earlier, replies = zip(*answers(), strict=True)
    before = np.array([[bool(text)] for text in earlier])
    vectors = unit_rows(encoder.encode(told) + EARLIER * before * encoder.encode(earlier))
    kept: list[int] = []
    for i, vector in enumerate(vectors):
        if np.count_nonzero(vectors[kept] @ vector > ALIKE) < MOST_ALIKE:
            kept.append(i)
    onto = np.linalg.svd(vectors[kept], full_matrices=False)[2][:ROWS]
    return Bank([replies[i] for i in kept], vectors[kept] @ onto.T, onto, encoder.sha256)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=PRETRAINED / "chat" / FILE)
    args = parser.parse_args()
    found = bank(bundled_encoder())
    found.save(args.out)
    count = sum(map(len, found.replies))
    print(f"{args.out}: {count:,} replies to {len(found.replies):,} turns, {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
