"""Does the JavaScript library answer as Python does, and how soon? Both are asked the same texts, 200 a tool.

    python benchmarks/javascript.py --source DIR      # DIR holds the files of `SETS`

Prints a line a tool: the share of equal answers, the largest difference of scores, and the median time of an answer in
Python and in Node, one thread each; then the size of the library, compressed. Needs Node, and ONNX Runtime Web as
`nlp-gru export --web` does.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

import nlp_gru
from nlp_gru import web
from nlp_gru.text.slips import slips
from nlp_gru.web import runtime

SETS = {
    "sentiment": "rt_valid",
    "typing": "everyday_valid",
    "pairs": "tatoeba_en_fr_valid",
    "meaning": "sts_benchmark_valid",
    "dialogues": "dailydialog_nc_valid",
    "questions": "hwu64_intents_train",
    "asked": "hwu64_intents_valid",
}
SLIPS = 0.3  # share of the words of a text to be mended that have one
INTENTS, QUESTIONS = 20, 10  # of the bot


@dataclass(frozen=True)
class Task:
    """inputs: the arguments of each call in JavaScript; ask: the same in Python; same: whether two answers are equal;
    score: what is compared of them in numbers."""

    model: str
    method: str
    inputs: Sequence[Sequence[Any]]
    ask: Callable[..., Any]
    same: Callable[[Any, Any], bool]
    score: Callable[[Any, Any], float] = lambda there, here: 0.0


def read(source: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(next(source.rglob(f"{SETS[name]}.parquet")))


def mistyped(text: str, draw: random.Random) -> str:
    """The text with slips in some of its longer words."""
    words = text.split(" ")
    for i, word in enumerate(words):
        if len(word) > 3 and word.isalpha() and word.islower() and draw.random() < SLIPS:
            words[i] = draw.choice(list(slips(word)))[0]
    return " ".join(words)


def begun(text: str, draw: random.Random) -> str:
    """The text up to somewhere."""
    return text[: draw.randint(1, len(text))]


def tasks(source: Path, count: int, bot: Path) -> dict[str, Task]:
    draw = random.Random(0)

    def some(name: str, column: str) -> list[str]:
        rows = read(source, name)[column].astype(str).tolist()
        return draw.sample(rows, min(count, len(rows)))

    analyse, keyboard, encoder = nlp_gru.load("sentiment"), nlp_gru.load("next_word"), nlp_gru.load("similarity")
    english, french = nlp_gru.load("translation"), nlp_gru.load("translation-fr-en")
    chat, faq = nlp_gru.load("chat"), nlp_gru.load(bot)
    typed = [begun(text, draw) for text in some("typing", "text")]
    slipped = [mistyped(text, draw) for text in some("typing", "text")]
    meaning = some("meaning", "first")
    turns = [list(turns)[:3] for turns in draw.sample(read(source, "dialogues")["turns"].tolist(), min(count, 200))]
    scores = lambda there, here: max(abs(there["scores"][label] - p) for label, p in here.scores.items())  # noqa: E731
    return {
        "sentiment: label": Task(
            "sentiment",
            "",
            [[t] for t in some("sentiment", "text")],
            analyse,
            lambda there, here: there["label"] == here.label,
            scores,
        ),
        "autocomplete: three words": Task(
            "next_word",
            "suggest",
            [[t] for t in typed],
            keyboard.suggest,
            lambda there, here: [w["text"] for w in there] == [w.text for w in here],
            lambda there, here: abs(there[0]["score"] - here[0].score) if there and here else 0.0,
        ),
        "autocomplete: the first word": Task(
            "next_word",
            "suggest",
            [[t] for t in typed],
            keyboard.suggest,
            lambda there, here: [w["text"] for w in there[:1]] == [w.text for w in here[:1]],
        ),
        "autocomplete: mended text": Task(
            "next_word",
            "correct",
            [[t] for t in slipped],
            keyboard.correct,
            lambda there, here: there["text"] == here[0],
        ),
        "autocomplete: 20 words, seed": Task(
            "next_word",
            "generate",
            [[t, {"maxWords": 20, "seed": 1}] for t in typed[: count // 4]],
            lambda t, _: keyboard.generate(t, 20, seed=1),
            lambda there, here: there == here,
        ),
        "translation en-fr": Task(
            "translation",
            "",
            [[t] for t in some("pairs", "en")],
            english,
            lambda there, here: there["text"] == here.text,
        ),
        "translation fr-en": Task(
            "translation-fr-en",
            "",
            [[t] for t in some("pairs", "fr")],
            french,
            lambda there, here: there["text"] == here.text,
        ),
        "similarity: cosine above 0.99": Task(
            "similarity",
            "encode",
            [[t] for t in meaning],
            encoder.encode,
            lambda there, here: float(np.array(there) @ here) > 0.99,
            lambda there, here: 1 - float(np.array(there) @ here),
        ),
        "similarity: first of 50": Task(
            "similarity",
            "search",
            [[t, meaning[:50]] for t in some("meaning", "second")],
            encoder.search,
            lambda there, here: there[0]["text"] == here[0].text,
        ),
        "chat: likeliest reply": Task(
            "chat",
            "reply",
            [[t, {"temperature": 0}] for t in turns],
            lambda t, _: chat.reply(t, temperature=0),
            lambda there, here: there["text"] == here.text,
        ),
        "FAQ bot: reply": Task(
            bot.name,
            "reply",
            [[t] for t in some("asked", "text")],
            faq.reply,
            lambda there, here: there["text"] == here.text,
            lambda there, here: abs(there["score"] - here.score),
        ),
    }


def make_bot(source: Path, folder: Path) -> None:
    rows = read(source, "questions")
    intents = sorted(rows["intent"].unique())[:INTENTS]
    pairs = [
        (text, intent) for intent in intents for text in rows[rows["intent"] == intent]["text"].unique()[:QUESTIONS]
    ]
    nlp_gru.FaqBot(list(dict(pairs).items())).save(folder)


def fetched(file: str) -> set[str]:
    """The files of the library that a page fetches with this one."""
    found, waiting = set[str](), {file}
    while waiting:
        found |= waiting
        texts = [(web.LIB / name).read_text(encoding="utf-8") for name in waiting]
        waiting = {other for text in texts for other in re.findall(r'from "\./([\w.]+)"', text)} - found
    return found


def main(
    source: Annotated[Path, typer.Option(help="a folder with the files of SETS, at any depth")], count: int = 200
) -> None:
    node = shutil.which("node")
    if node is None:
        raise typer.BadParameter("Node is needed")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_bot(source, folder / "bot")
        site = folder / "site"
        web.write(site, web.names([*web.names([]), str(folder / "bot")]), runtime.load(), page=False)
        chosen = tasks(source, count, folder / "bot")
        calls = {name: {"model": t.model, "method": t.method, "inputs": t.inputs} for name, t in chosen.items()}
        (folder / "calls.json").write_text(json.dumps(calls), encoding="utf-8")
        script = Path(__file__).with_suffix(".mjs")
        subprocess.run(
            [node, script, site / "lib/index.js", site, folder / "calls.json", folder / "answers.json"], check=True
        )
        answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    print(f"{'':32} {'texts':>5} {'equal':>7} {'apart':>7} {'Python':>9} {'Node':>9}")
    for name, task in chosen.items():
        task.ask(*task.inputs[0])
        equal, apart, times, there = [], [], [], answers[name]["found"]
        for answer, arguments in zip(there, task.inputs, strict=True):
            start = time.perf_counter()
            here = task.ask(*arguments)
            times.append(1000 * (time.perf_counter() - start))
            equal.append(task.same(answer, here))
            apart.append(task.score(answer, here))
        milliseconds = [statistics.median(times), statistics.median(answers[name]["times"])]
        print(
            f"{name:32} {len(equal):5} {statistics.mean(equal):7.1%} {max(apart):7.3f} {milliseconds[0]:6.1f} ms"
            f" {milliseconds[1]:6.1f} ms"
        )
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in web.LIB.glob("*.js")}
    print(f"the library: {len(sizes)} files, {sum(sizes.values()) / 1000:.1f} KB with gzip, file by file")
    for file in ("sentiment.js", "similarity.js", "keyboard.js", "translator.js", "chatbot.js", "faq.js"):
        wanted = fetched("index.js") | fetched("worker.js") | fetched(file)
        print(f"  a page with {file[:-3]:10}: {len(wanted)} files, {sum(sizes[f] for f in wanted) / 1000:.1f} KB")


if __name__ == "__main__":
    typer.run(main)
