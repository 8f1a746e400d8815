"""What the keyboard's memory gains, how fast and how loop-free the model writes, and what a process costs. One thread.

python benchmarks/next_word.py --source DIR [--model MODEL]      # DIR holds everyday_valid and the files for the memory

Phrases: the same typist also takes a phrase of `Keyboard.phrase` as soon as all of its words are right, with one key;
no phrase begins with a word that was offered at the letters before. One that goes on being shown while its letters are
typed counts once. Memory: with and without what the same typist wrote before. Of every person in `chitchat_valid` who
writes 2,400 words or more, and of the clerk in `taskmaster4_coffee_valid`, the first 2,000 words are learned and the
next 1,000 typed; of three long texts in `brown_nc_train` (nothing of it is in the training text) 1,000 and 333.
Keystrokes saved: over the first 1,000 rows of `everyday_valid`, as in `nlp-gru eval next_word`, but with the default
engine.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pandas as pd
import torch
from saving import add_save, save

import nlp_gru
from nlp_gru.errors import MAX_SKIPPED
from nlp_gru.tools.keyboard.keyboard import Keyboard
from nlp_gru.training.keystrokes import Suggest, Tally, parted, type_texts
from nlp_gru.training.usage import KEYSTROKE_ROWS

LEARNED, TYPED = 2000, 1000
PHRASE_ROWS = 500


def read(source: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(next(iter(source.rglob(f"{name}.parquet"))))


def take(turns: list[str], words: int) -> tuple[list[str], list[str]]:
    """The first turns, of at least so many words together, and the rest."""
    count = 0
    for i, turn in enumerate(turns):
        count += len(turn.split())
        if count >= words:
            return turns[: i + 1], turns[i + 1 :]
    return turns, []


def people(dialogues: pd.DataFrame) -> list[tuple[list[str], list[str]]]:
    """(turns to learn, turns to type) of everyone who writes enough."""
    found = []
    for turns, speakers in zip(dialogues.turns, dialogues.speakers, strict=True):
        for person in sorted(set(speakers)):
            own = [t for t, s in zip(turns, speakers, strict=True) if s == person]
            if sum(len(t.split()) for t in own) >= LEARNED + 400:
                first, rest = take(own, LEARNED)
                found.append((first, take(rest, TYPED)[0]))
    return found


def words_of(keyboard: Keyboard) -> Suggest:
    return lambda context, prefix, k: [s.text for s in keyboard.suggest(context, prefix, k)]


def clerks(dialogues: pd.DataFrame) -> list[tuple[list[str], list[str]]]:
    """The same of somebody who answers at a counter all day: the second speaker's turns of all dialogues."""
    turns = [turn for one in dialogues.turns for turn in one[1::2]]
    first, rest = take(turns, LEARNED)
    return [(first, take(rest, TYPED)[0])]


def writers(paragraphs: pd.DataFrame, places: int = 3) -> list[tuple[list[str], list[str]]]:
    """The same of long texts, at some places of a file that has their paragraphs in order."""
    texts = paragraphs.text.tolist()
    found = []
    for place in range(places):
        first, rest = take(texts[(2 * place + 1) * len(texts) // (2 * places) :], LEARNED // 2)
        found.append((first, take(rest, TYPED // places)[0]))
    return found


def memory(keyboard: Keyboard, name: str, writing: list[tuple[list[str], list[str]]]) -> float:
    """Points of keystrokes saved that the memory adds."""
    saved = {"without": Counter[str](), "with": Counter[str]()}
    for learned, typed in writing:
        for which, count in saved.items():
            typist = keyboard.fork()
            if which == "with":
                typist.learn("\n".join(learned))
            tally = type_texts(words_of(typist), typed)
            count.update(keys=tally.keystrokes, characters=tally.characters)
    without, with_ = (100 * (1 - c["keys"] / c["characters"]) for c in saved.values())
    print(
        f"memory, {name} ({len(writing)}): keystrokes saved {without:.1f} % without, {with_:.1f} % with, "
        f"{with_ - without:+.1f} points"
    )
    return with_ - without


def typing(keyboard: Keyboard, rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """All rows and the text messages among them; then both again, where no word is offered twice while a word is
    typed."""
    is_message = rows.source == "sms"
    parts = [rows[chosen].text.tolist() for chosen in (is_message, ~is_message)]

    def typed(suggest: Suggest) -> dict[str, Tally]:
        messages, others = (type_texts(suggest, part) for part in parts)
        both = Tally(*(getattr(messages, f.name) + getattr(others, f.name) for f in fields(Tally)))
        return {"all": both, "text messages": messages}

    found = {name: tally.figures() for name, tally in typed(words_of(keyboard)).items()}
    for name, figures in found.items():
        print(
            f"{name}: {100 * figures['keystrokes_saved']:.1f} % of keystrokes saved, next word first "
            f"{100 * figures['next_word_first']:.1f} %, among three {100 * figures['next_word_among_3']:.1f} %"
        )
    times = found["text messages"]
    print(f"a suggestion at a key: p50 {times['ms_p50']:.1f} ms  p95 {times['ms_p95']:.1f} ms")
    offered: set[str] = set()

    def suggest(context: str, prefix: str, k: int) -> list[str]:
        if not prefix:
            offered.clear()
        words = [s.text for s in keyboard.suggest(context, prefix, k, skip=offered)]
        offered.update(words)
        return words

    shares = {name: f"{100 * tally.figures()['keystrokes_saved']:.1f} %" for name, tally in typed(suggest).items()}
    print(f"no word offered twice, for who reads every suggestion: {shares} of keystrokes saved")
    return found


def is_next(tokens: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the tokens begin with the words, whatever their capitals, with no marks between."""
    parts = [parted(token) for token in tokens[: len(words)]]
    same = [core.casefold() for _, core, _ in parts] == [word.casefold() for word in words]
    return same and not any(trail for *_, trail in parts[:-1]) and not any(lead for lead, *_ in parts[1:])


def next_keys(
    keyboard: Keyboard, context: str, tokens: Sequence[str], phrases: bool, count: Counter[str]
) -> tuple[int, int]:
    """(tokens written, keys for them) of the texts' next token with a word."""
    lead, core, trail = parted(tokens[0])
    offered: list[str] = []
    shown = ""
    for typed in range(len(core)):
        keys = len(lead) + typed + 1
        found = keyboard.phrase(context + lead + core[:typed], skip=offered[:MAX_SKIPPED]) if phrases else None
        if found is not None:
            words = found.text.split()
            right = is_next(tokens, words)
            if found.text != shown:
                count.update(shown=1, taken=right)
            shown = found.text
            if right:
                *_, end = parted(tokens[len(words) - 1])
                return len(words), keys + (len(end) + 1 if end else 0)
        now = [s.text for s in keyboard.suggest(context + lead, core[:typed], 3)]
        if core.casefold() in map(str.casefold, now):
            return 1, keys + (len(trail) + 1 if trail else 0)
        offered += now
    return 1, len(tokens[0]) + 1


def ahead(keyboard: Keyboard, texts: Sequence[str]) -> dict[str, float]:
    saved = []
    for phrases in (False, True):
        count = Counter[str]()
        for text in texts:
            tokens, context = text.split(), ""
            while tokens:
                written, keys = 1, len(tokens[0]) + 1
                if re.search(r"\w", tokens[0]):
                    written, keys = next_keys(keyboard, context, tokens, phrases, count)
                count.update(keys=keys, characters=sum(len(token) + 1 for token in tokens[:written]))
                context += " ".join(tokens[:written]) + " "
                tokens = tokens[written:]
        saved.append(100 * (1 - count["keys"] / count["characters"]))
    right = 100 * count["taken"] / max(count["shown"], 1)
    print(
        f"phrases, {len(texts)} rows: {count['shown']} shown, {right:.0f} % right; {saved[0]:.1f} % of keystrokes saved"
        f" without, {saved[1]:.1f} % with"
    )
    return {"shown": count["shown"], "right": right, "without": saved[0], "with": saved[1]}


def generation(keyboard: Keyboard, texts: list[str]) -> None:
    prompts = [" ".join(t.split()[:4]) for t in texts if len(t.split()) >= 4][:200]
    looping = words = 0
    start = time.perf_counter()
    for i, prompt in enumerate(prompts):
        new = keyboard.generate(prompt, 60, seed=i).split()
        words += len(new)
        trigrams = Counter(zip(new, new[1:], new[2:], strict=False))
        looping += max(trigrams.values(), default=0) >= 3
    seconds = time.perf_counter() - start
    print(
        f"generation: {len(prompts)} prompts, {words / seconds:.0f} words/s, {looping} texts with a trigram three times"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--model", default="next_word")
    parser.add_argument("--rows", type=int, default=KEYSTROKE_ROWS, help="that are typed")
    add_save(parser)
    args = parser.parse_args()
    torch.set_num_threads(1)
    # Before pandas' files take memory: what a keyboard adds to a process that has imported everything.
    import onnxruntime  # noqa: F401

    from nlp_gru import loading as api  # noqa: F401
    from nlp_gru.onnx_engine import folder  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    keyboard = nlp_gru.load(args.model)
    for context in ("", "I would like to ", "See you tomorrow at the st"):
        keyboard.suggest(context)
    unit = 1024 if sys.platform == "linux" else 1
    memory_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit / 1e6
    print(f"process memory beyond the imports: {memory_mb:.0f} MB")
    rows = read(args.source, "everyday_valid")
    texts = rows.text.tolist()
    typed = typing(keyboard, rows.head(args.rows))
    phrases = ahead(keyboard, texts[: min(args.rows, PHRASE_ROWS)])
    generation(keyboard, texts)
    writing = {
        "people who chat": people(read(args.source, "chitchat_valid")),
        "a clerk in a coffee shop": clerks(read(args.source, "taskmaster4_coffee_valid")),
        "long texts": writers(read(args.source, "brown_nc_train")),
    }
    added = {name: memory(keyboard, name, texts) for name, texts in writing.items()}
    if args.save:
        save("next_word", {"typing": typed, "phrases": phrases, "memory": added, "memory, MB": memory_mb})


if __name__ == "__main__":
    main()
