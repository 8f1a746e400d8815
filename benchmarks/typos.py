"""How well the keyboard corrects slips, and how seldom it touches or offers what it should not. One thread.

python benchmarks/typos.py --source DIR [--slips 10000] [--model MODEL]      # DIR holds everyday_valid

Slips: one in a word of four letters or more, a quarter each swapped, from a neighbouring key, missing and doubled; the
right word is looked for among the suggestions once the word is typed, behind the text before it. Where the slip makes
another word, it counts all the same. Typing: keystrokes saved by a person whose every letter is a slip of the four
kinds with a probability of 5 %, who mends none by hand but takes a suggestion as soon as it is right, also once a wrong
word is finished; what is never offered stays wrong in the text. Correct words: `correct` on the rows as they are; the
edited sentences among them (Tatoeba) are free of slips, the chats are not. Words: every suggestion at 5,000 places
within words, looked up in `wordfreq` where that is installed.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from saving import add_save, save

import nlp_gru
from nlp_gru.text.slips import neighbours
from nlp_gru.tools.keyboard.keyboard import Keyboard
from nlp_gru.training.keystrokes import parted

KINDS = ("swapped", "neighbour", "missing", "doubled")
SEED = 7
COMMON = 1.5  # the Zipf frequency from which wordfreq's string counts as a word


def slip(word: str, kind: str, draw: random.Random) -> str:
    """The word with a slip, which may come out as the word itself."""
    i = draw.randrange(len(word) - (kind == "swapped"))
    if kind == "swapped":
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind == "missing":
        return word[:i] + word[i + 1 :]
    if kind == "doubled":
        return word[: i + 1] + word[i:]
    near = neighbours("qwerty").get(word[i].lower())
    return word[:i] + draw.choice(near) + word[i + 1 :] if near else word


def slips(texts: Sequence[str], count: int) -> Iterator[tuple[str, str, str, str]]:
    """(context, word, as it was typed, kind)."""
    draw = random.Random(SEED)
    words = [(t, m.start(), m[0]) for t in texts for m in re.finditer(r"(?<!\S)[A-Za-z]{4,}(?![\w'’-])", t)]
    while count:
        text, start, word = draw.choice(words)
        kind = KINDS[count % len(KINDS)]
        typed = slip(word, kind, draw)
        if typed.lower() != word.lower():
            count -= 1
            yield text[:start], word, typed, kind


def slipped(keyboard: Keyboard, texts: Sequence[str], count: int, show: int) -> dict[str, float]:
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    seconds = []
    for context, word, typed, kind in slips(texts, count):
        start = time.process_time()
        offered = [s.text.lower() for s in keyboard.suggest(context, typed, 3)]
        seconds.append(time.process_time() - start)
        wanted = word.lower()
        tallies[kind].update(all=1, first=offered[:1] == [wanted], three=wanted in offered)
        if wanted not in offered and show:
            show -= 1
            print(f"  {context[-25:]!r} {word} -> {typed}: {offered}")
    tallies["all"] = sum(tallies.values(), Counter())
    for kind, tally in tallies.items():
        first, three = (100 * tally[name] / tally["all"] for name in ("first", "three"))
        print(f"slips, {kind}: {tally['all']:,}, first {first:.1f} %, among three {three:.1f} %")
    seconds.sort()
    p50, p95 = (1000 * seconds[int(q * (len(seconds) - 1))] for q in (0.5, 0.95))
    print(f"a suggestion for a slip, its context read: p50 {p50:.1f} ms  p95 {p95:.1f} ms")
    return {"slips": count, "first": first, "among three": three, "ms_p50": p50, "ms_p95": p95}


def keys(word: str, rate: float, draw: random.Random) -> list[str]:
    """What stands there after each key of somebody who types the word, at first nothing."""
    states, i = [""], 0
    while i < len(word):
        before, letter, width = states[-1], word[i], 1
        if word[i].isalpha() and draw.random() < rate:
            kind = draw.choice(KINDS)
            if kind == "swapped":
                width = min(2, len(word) - i)
                letter = word[i : i + width][::-1]
            elif kind == "doubled":
                letter = 2 * letter
            elif kind == "missing":
                letter = ""
            elif near := neighbours("qwerty").get(letter.lower()):
                letter = draw.choice(near)
        states += [before + letter[: n + 1] for n in range(len(letter))]
        i += width
    return states


def typing(keyboard: Keyboard, texts: Sequence[str], rate: float) -> dict[str, float]:
    """Keystrokes saved over whole texts, and the words that stay wrong."""
    draw, tally, start = random.Random(SEED), Counter[str](), time.perf_counter()
    for text in texts:
        context = ""
        for token in text.split():
            lead, core, trail = parted(token)
            tally["characters"] += len(token) + 1
            written = core
            if core:
                tally["words"] += 1
                pressed, written = type_word(keyboard, context + lead, core, keys(core, rate, draw))
                tally["wrong"] += written.casefold() != core.casefold()
                taken = pressed < 0
                tally["keys"] += abs(pressed) + len(lead) + (len(trail) + 1 if trail else 0 if taken else 1)
            else:
                tally["keys"] += len(token) + 1
            context += lead + written + trail + " "
    saved = 100 * (1 - tally["keys"] / tally["characters"])
    wrong = 100 * tally["wrong"] / max(tally["words"], 1)
    print(
        f"typing, {100 * rate:.0f} % of letters a slip: {saved:.1f} % of keystrokes saved, {wrong:.2f} % of"
        f" {tally['words']:,} words wrong in the end, {time.perf_counter() - start:.0f} s"
    )
    return {"rows": len(texts), "saved": saved, "wrong": wrong}


def type_word(keyboard: Keyboard, context: str, core: str, states: Sequence[str]) -> tuple[int, str]:
    """(keys, what was written); the keys are negative where a suggestion was taken, which writes its blank."""
    wanted = core.casefold()
    for pressed, typed in enumerate(states):
        if typed.casefold() == wanted:
            return pressed, typed
        if wanted in (s.text.casefold() for s in keyboard.suggest(context, typed, 3)):
            return -(pressed + 1), core
    return len(states) - 1, states[-1]


def untouched(keyboard: Keyboard, rows: pd.DataFrame, show: bool) -> dict[str, dict[str, int]]:
    found = {}
    for name, part in (("Tatoeba", rows[rows.source == "tatoeba"]), ("all rows", rows)):
        words = sum(len(re.findall(r"[^\W\d_]+", text)) for text in part.text)
        changes = [change for text in part.text for change in keyboard.correct(text)[1]]
        other = [c for c in changes if c.before.casefold() != c.after.casefold()]
        print(
            f"words changed, {name}: {len(other)} of {words:,}, {100 * len(other) / words:.2f} %, "
            f"and the capitals of {len(changes) - len(other)}"
        )
        found[name] = {"words": words, "changed": len(other)}
        if show:
            print("  ", [(c.before, c.after) for c in other][:60])
    return found


def words_alone(keyboard: Keyboard, texts: Sequence[str], count: int) -> dict[str, int]:
    try:
        from wordfreq import zipf_frequency
    except ImportError:
        print("no wordfreq: suggestions are not looked up")
        return {}
    draw = random.Random(SEED)
    odd, offered, empty = Counter[str](), 0, 0
    for _ in range(count):
        text = draw.choice(texts)
        words = [m for m in re.finditer(r"(?<!\S)[A-Za-z]{2,}", text)]
        if not words:
            continue
        match = draw.choice(words)
        found = keyboard.suggest(text[: match.start()], match[0][: draw.randrange(1, len(match[0]) + 1)], 3)
        empty += not found
        for s in found:
            offered += 1
            parts = re.sub(r"'s?$", "", s.text.lower().replace("’", "'")).split("-")
            if not all(zipf_frequency(part, "en") >= COMMON for part in parts):
                odd[s.text] += 1
    print(
        f"suggestions that are no words: {odd.total()} of {offered:,}, {100 * odd.total() / offered:.2f} %; none at"
        f" {empty} places; {odd.most_common(12)}"
    )
    return {"suggestions": offered, "no words": odd.total(), "places": count}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--slips", type=int, default=1000)
    parser.add_argument("--typed", type=int, default=300, help="rows typed with and without slips")
    parser.add_argument("--rows", type=int, default=3000, help="of the file, for all but the slips")
    parser.add_argument("--places", type=int, default=5000, help="at which suggestions are looked up")
    parser.add_argument("--model", default="next_word")
    parser.add_argument("--show", type=int, default=0, help="print so many failures")
    add_save(parser)
    args = parser.parse_args()
    keyboard = nlp_gru.load(args.model)
    rows = pd.read_parquet(next(args.source.rglob("everyday_valid.parquet")))
    texts = rows.text.tolist()
    figures = {
        "slips": slipped(keyboard, texts, args.slips, args.show),
        "typing": {str(rate): typing(keyboard, texts[: args.typed], rate) for rate in (0.0, 0.05)},
        "untouched": untouched(keyboard, rows[: args.rows], bool(args.show)),
        "words": words_alone(keyboard, texts, args.places),
    }
    if args.save:
        save("typos", figures)


if __name__ == "__main__":
    main()
