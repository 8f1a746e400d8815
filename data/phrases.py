"""How sure the keyboard may be of set phrases: nlp_gru/tools/keyboard/set_phrases.py, from data/phrases.txt and the
training text.

    python data/next_word.py --source DIR && python data/phrases.py

For the words that begin a phrase it counts how often its further words follow them. The text has few letters in it, so
each phrase is counted as if it had been seen `ADDED` times more.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import pandas as pd

from nlp_gru.tools.keyboard.memory import sentences
from nlp_gru.tools.keyboard.phrases import MOST_WORDS, SET_BEGUN

HERE = Path(__file__).parent
OUT = HERE.parent / "nlp_gru/tools/keyboard/set_phrases.py"
HEAD = '''"""Set phrases of letters, e-mails and messages: written by data/phrases.py from data/phrases.txt."""

# The words that stand there, in small letters; those that go on; the probability, in per cent, of the first of them,
# of the first two ...
SET_PHRASES = """
'''
ADDED, OTHERS = 10, 3  # occurrences added to each phrase, and to whatever else follows its beginning
# A phrase is kept if its second word has so many per cent, or such a share of its first word's.
LEAST, LEAST_OF_FIRST = 20, 0.3


def counted(phrases: list[list[str]], texts: list[str]) -> Counter[str]:
    """How often each beginning of a phrase, of `SET_BEGUN` words or more, stands in the texts."""
    beginnings = {" ".join(words[:n]) for words in phrases for n in range(SET_BEGUN, len(words) + 1)}
    longest = max(map(len, phrases))
    found = Counter[str]()
    for text in texts:
        for sentence in sentences(text.replace("’", "'")):
            words = [word.casefold() for word in sentence]
            for i in range(len(words) - SET_BEGUN + 1):
                for n in range(SET_BEGUN, longest + 1):
                    start = " ".join(words[i : i + n])
                    if i + n > len(words) or start not in beginnings:
                        break
                    found[start] += 1
    return found


def rows(phrases: list[str], texts: list[str]) -> list[str]:
    """The lines of the table."""
    split = [phrase.casefold().split() for phrase in phrases]
    counts = counted(split, texts)
    for words in split:
        for n in range(SET_BEGUN, len(words) + 1):
            counts[" ".join(words[:n])] += ADDED
    found = {}
    for phrase, words in zip(phrases, split, strict=True):
        for n in range(SET_BEGUN, len(words) - 1):
            begun, rest = " ".join(words[:n]), phrase.split()[n : n + MOST_WORDS]
            shares = [
                round(100 * counts[" ".join(words[: n + i + 1])] / (counts[begun] + OTHERS)) for i in range(len(rest))
            ]
            while len(shares) > 1 and shares[-1] < min(LEAST, LEAST_OF_FIRST * shares[0]):
                shares.pop()
            if shares[0] and len(shares) > 1:
                found[f"{begun}|{' '.join(rest[: len(shares)])}"] = " ".join(map(str, shares))
    longest = (row for row in found if not any(other.startswith(row + " ") for other in found))
    return sorted(f"{row}|{found[row]}" for row in longest)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, default=HERE / "prepared/next_word/train.parquet")
    args = parser.parse_args()
    phrases = [line for line in (HERE / "phrases.txt").read_text().splitlines() if line]
    lines = rows(phrases, pd.read_parquet(args.train).text.drop_duplicates().tolist())
    OUT.write_text(HEAD + "\n".join(lines) + '\n"""\n')
    print(f"{len(phrases)} phrases, {len(lines):,} beginnings, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
