"""The words that the keyboard knows, with their counts: nlp_gru/pretrained/next_word/words.bin, from the next-word
training text.

    python data/next_word.py --source DIR && python data/words.py

A word counts where it is seen often enough in edited text, or oftener in several sources of what people type. What is
mostly a slip of a far more frequent word ("tommorow"), or a contraction without its apostrophe, is left out, and so is
what is on the blocklist. Each word is written as it stands most often inside of a sentence.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from nlp_gru.decoding.correction import distance, letter_number
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.text.slips import key, slips
from nlp_gru.text.word_list import Blocklist, WordList

OUT = PRETRAINED / "next_word"
EDITED = (
    "tatoeba_english",
    "us_speeches",
    "news_commentary",
    "europarl",
    "cds_blog",
    "tico19",
    "web_guides",
    "common_voice",
)
EDITED_LEAST, TYPED_LEAST, SOURCES_LEAST = 2, 6, 2
ONE_SOURCE_LEAST = 60  # of a word that a single source has
SURE = 20  # a word seen so often in edited text is no slip
SLIP_RATIO = 20  # a typed word so much rarer than one that is a single slip away is that slip
EDITED_SLIP_RATIO = 100  # the same for one seen in edited text a few times, and for likely slips alone
SHORT, LONG = 4, 7  # letters
LIKELY = 6e-3  # the price from which a slip is a likely one
TOLD_BY_APOSTROPHE = 0.05  # "dont" for each "don't" in edited text, at most, for it to be a slip
WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’-][A-Za-zÀ-ÖØ-öø-ÿ]+)*")
SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")


def count(rows: pd.DataFrame) -> tuple[Counter[str], Counter[str], dict[str, set[str]], dict[str, Counter[str]]]:
    """Counts in all text and in edited text, sources by word, and spellings inside of sentences by word."""
    everywhere, edited = Counter[str](), Counter[str]()
    sources: dict[str, set[str]] = {}
    spellings: dict[str, Counter[str]] = {}
    for source, texts in rows.groupby("source").text:
        own, inside = _of_one(texts)
        is_edited = str(source).startswith(EDITED)
        everywhere.update(own)
        if is_edited:
            edited.update(own)
        for word in own:
            sources.setdefault(word, set()).add(str(source))
        for word, found in inside.items():
            weight = 5 if is_edited else 1
            total = spellings.setdefault(word, Counter())
            for spelling, n in found.items():
                total[spelling] += weight * n
    return everywhere, edited, sources, spellings


def _of_one(texts: Iterable[str]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Counts in one source's texts, and spellings inside of its sentences by word."""
    own = Counter[str]()
    inside: dict[str, Counter[str]] = {}
    for text in texts:
        for sentence in SENTENCE.split(text.replace("’", "'")):
            if sentence.isupper() or sentence.istitle():
                continue  # says nothing of its words' capitals
            for i, word in enumerate(WORD.findall(sentence)):
                folded = word.casefold()
                own[folded] += 1
                if i and not (len(word) > 1 and word.isupper() and len(word) > 5):
                    inside.setdefault(folded, Counter())[word] += 1
    return own, inside


def is_slip(word: str, everywhere: Counter[str], edited: Counter[str]) -> bool:
    """Whether a word is mostly a slip of another one."""
    if len(word) < 3 or edited[word] >= SURE:
        return False
    seen = edited[word] >= EDITED_LEAST
    if seen and len(word) <= SHORT:
        return False  # everything short is beside something
    for meant, price in slips(word):
        if price >= LIKELY or not (seen or len(word) <= SHORT):
            ratio = EDITED_SLIP_RATIO if seen else SLIP_RATIO
            if everywhere[meant] > ratio * everywhere[word]:
                return True
    return False


def two_slips(kept: dict[str, tuple[str, int]], edited: Counter[str]) -> set[str]:
    """Words of chats that are two slips away from one far more frequent: "restaraunt". Endings are no slips."""
    frequent = WordList({spelling: n for spelling, n in kept.values() if n >= SLIP_RATIO * TYPED_LEAST})
    found = set()
    for word, (_, n) in kept.items():
        if len(word) < LONG or edited[word] >= EDITED_LEAST or "'" in word or "-" in word:
            continue
        letters = np.bincount([letter_number(c) for c in word], minlength=27)
        near = np.abs(frequent.letters - letters).sum(1) <= 4
        for i in np.flatnonzero(near & (frequent.counts > SLIP_RATIO * n)).tolist():
            other = frequent.keys[i]
            if word[: len(word) - 3] != other[: len(word) - 3] and distance(word, other, 2) <= 2:
                found.add(word)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, default=Path(__file__).parent / "prepared/next_word/train.parquet")
    parser.add_argument("--out", type=Path, default=OUT / "words.bin")
    args = parser.parse_args()
    rows = pd.read_parquet(args.train).drop_duplicates("text")
    everywhere, edited, sources, spellings = count(rows)
    blocklist = Blocklist.bundled()
    bare = {}  # contraction without its apostrophe -> how often edited text has it with one
    for word, n in edited.items():
        if "'" in word:
            bare[key(word)] = max(bare.get(key(word), 0), n)
    kept: dict[str, tuple[str, int]] = {}
    for word, n in everywhere.items():
        enough = edited[word] >= EDITED_LEAST or n >= ONE_SOURCE_LEAST
        enough = enough or (n >= TYPED_LEAST and len(sources[word]) >= SOURCES_LEAST)
        if not enough or len(word) > 30 or word in blocklist or re.search(r"(.)\1\1", word):
            continue
        if word.endswith("'s") and not (everywhere[word] >= 50 and edited[word] >= 10):
            continue  # the possessive of anything
        if len(word) == 1 and n < ONE_SOURCE_LEAST:
            continue
        if "'" not in word and word in bare and edited[word] < TOLD_BY_APOSTROPHE * bare[word]:
            continue
        if is_slip(word, everywhere, edited):
            continue
        spelling = spellings[word].most_common(1)[0][0] if word in spellings else word.capitalize()
        kept[word] = (spelling, n)
    slipped = two_slips(kept, edited)
    words = WordList(dict(value for word, value in kept.items() if word not in slipped))
    args.out.write_bytes(words.packed())
    print(f"{len(words):,} words of {len(everywhere):,}, {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
