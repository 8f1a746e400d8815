"""Self-made dialogues: the bot talks with itself, and what is wrong with its replies is counted.

    python benchmarks/chat_dialogues.py --data data/prepared/chat/test/dialogues.parquet [--turn 8] [--show 20]

Each dialogue begins with the first turn of another test dialogue. Counted are the replies at one turn, and those of all
turns:

  repeats a turn     the same letters as an earlier turn, or four fifths of its words (of turns of four words or more)
  repeats itself     three words twice, or one word three times on end, within one reply
  no words           a word that neither the keyboard's list of words nor the opening has, and that is no name
  broken             ends in a word that asks for another ("of", "the"), or leaves a bracket or quotation open
  odd capitals       capitals inside a word or a whole word of them that nobody wrote before

The measure is on its own: it shares no code with what the bot drops.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Sequence

import pandas as pd
from saving import add_save, save

import nlp_gru
from nlp_gru.model_folder.bundled import find_model
from nlp_gru.text.word_list import WordList, bundled_words

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Words that ask for another.
OPEN_ENDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "and",
        "or",
        "but",
        "with",
        "for",
        "from",
        "my",
        "your",
        "his",
        "her",
        "their",
        "our",
        "very",
        "because",
        "than",
        "as",
    ]
)
ABBREVIATIONS = frozenset(
    [
        "TV",
        "USA",
        "US",
        "UK",
        "DVD",
        "CD",
        "NBA",
        "NFL",
        "MLB",
        "NHL",
        "LOL",
        "OMG",
        "AI",
        "DJ",
        "UFC",
        "PC",
        "ESPN",
        "NYC",
        "LA",
        "MVP",
        "HBO",
        "VR",
        "CGI",
        "FBI",
        "OK",
    ]
)
FAULTS = ("repeats a turn", "repeats itself", "no words", "broken", "odd capitals", "any")


def faults(reply: str, before: Sequence[str], known: WordList) -> list[str]:
    words = words_of(reply)
    small = [word.casefold() for word in words]
    told = " ".join(before).casefold()
    threes = list(zip(small, small[1:], small[2:], strict=False))
    checks = {
        "repeats a turn": any(alike(small, [w.casefold() for w in words_of(turn)]) for turn in before),
        "repeats itself": len(set(threes)) < len(threes) or any(len(set(three)) == 1 for three in threes),
        "no words": any(
            w.islower() and w not in known and w.removesuffix("'s") not in known and w not in told for w in words
        ),
        "broken": (bool(small) and small[-1] in OPEN_ENDS)
        or reply.count('"') % 2 == 1
        or reply.count("(") != reply.count(")"),
        "odd capitals": any(is_odd(w, known) and w.casefold() not in told for w in words),
    }
    return [name for name, wrong in checks.items() if wrong]


def words_of(text: str) -> list[str]:
    return [word.replace("’", "'") for word in WORD.findall(text)]


def alike(reply: Sequence[str], turn: Sequence[str]) -> bool:
    mine, theirs = Counter(reply), Counter(turn)
    shared = sum((mine & theirs).values())
    return bool(reply) and (mine == theirs or (len(reply) >= 4 and shared >= 0.8 * max(len(reply), len(turn))))


def is_odd(word: str, known: WordList) -> bool:
    """Whether a word has capitals behind its first letter, and is not written so."""
    usual = known.place.get(word.casefold())
    listed = usual is not None and known.words[usual] == word
    return (
        len(word) > 1 and word[1:] != word[1:].lower() and not listed and word.removesuffix("'s") not in ABBREVIATIONS
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="chat")
    parser.add_argument("--data", required=True, help="a Parquet file with the column turns")
    parser.add_argument("--dialogues", type=int, default=2000)
    parser.add_argument("--turn", type=int, default=8, help="whose replies are counted; the opening is turn 0")
    parser.add_argument("--show", type=int, default=0, help="whole dialogues to print")
    add_save(parser)
    args = parser.parse_args()
    bot = nlp_gru.load(args.model)
    known = bundled_words(find_model("next_word"))
    assert known is not None
    written = " ".join(answer for _, answer in bot.model.options.ready)  # by hand: no fault of the model
    openings = list(dict.fromkeys(turns[0] for turns in pd.read_parquet(args.data).turns))
    draw = random.Random(0)
    openings = draw.sample(openings, min(args.dialogues, len(openings)))
    last, every, replies = Counter[str](), Counter[str](), 0
    for i, opening in enumerate(openings):
        turns = [opening]
        for turn in range(1, args.turn + 1):
            reply = bot.reply(turns, seed=1000 * i + turn).text
            wrong = faults(reply, turns, known) if reply not in written else []
            every.update([*wrong, *(["any"] if wrong else [])])
            if turn == args.turn:
                last.update([*wrong, *(["any"] if wrong else [])])
            if wrong and args.show:
                print(f"{', '.join(wrong)} (dialogue {i}, turn {turn}): {reply}")
            turns.append(reply)
            replies += 1
        if i < args.show:
            print("\n".join(f"  {'ba'[n % 2]}: {turn}" for n, turn in enumerate(turns)), end="\n\n")
    print(f"| {len(openings):,} dialogues, {replies:,} replies | turn {args.turn} | all turns |\n|---|---:|---:|")
    found = {name: {"turn": last[name] / len(openings), "all": every[name] / replies} for name in FAULTS}
    for name, shares in found.items():
        print(f"| {name} | {shares['turn']:.2%} | {shares['all']:.2%} |")
    if args.save:
        save("chat_dialogues", {"dialogues": len(openings), "replies": replies, "turn": args.turn, "faults": found})


if __name__ == "__main__":
    main()
