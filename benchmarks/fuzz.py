"""Inputs that nobody means, through the Python API or a running demo: each must give an answer or one clear sentence,
in time.

    python benchmarks/fuzz.py [--count 100000] [--seed 1]
    nlp-gru demo --no-browser & python benchmarks/fuzz.py --url http://127.0.0.1:7860 [--count 5000]

Of 100 inputs 62 go to sentiment, in lists of 32, 20 to suggest, 6 to learn, 3 to explain, 3 to a bot of questions and
answers, and 6 to what costs most: translations in lists of 4, alignments, generation, replies and scores. Texts have up
to 2,000 characters; settings are mostly sensible and else anything. Exits with 1 for an answer of the wrong kind, an
error other than `UserError` and `TypeError`, or a call of more than 2 s (a slow one is tried twice).
"""

from __future__ import annotations

import math
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import torch
import typer
from fuzz_inputs import anything, setting, text

import nlp_gru
from nlp_gru.tools import registry

SECONDS = 2.0
LISTS = {"sentiment": 32, "translate": 4}  # texts of one call
CHECKS = ("check_text", "check_texts", "whole_number", "number", "check_flag", "read_turns")
UNIT = 1024 if sys.platform == "linux" else 1024**2  # of ru_maxrss, in a megabyte
Call = Callable[[], Any]


@dataclass
class Tool:
    """share: of all inputs, in parts of a hundred; make: a call of what is drawn; sound: whether that is an answer."""

    share: float
    make: Callable[[random.Random], Call]
    sound: Callable[[Any], bool]
    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    worst: float = 0.0
    failures: list[str] = field(default_factory=list)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.encode("utf-8") or True)  # a lone surrogate raises


def is_share(value: Any) -> bool:
    return isinstance(value, float) and 0 <= value <= 1.000001


class Calls:
    """A call of each kind, drawn at random."""

    def __init__(self) -> None:
        from nlp_gru.model_folder.options import FaqOptions

        self.sentiment, self.keyboard = nlp_gru.load("sentiment"), nlp_gru.load("next_word")
        self.translate, self.bot = nlp_gru.load("translation"), nlp_gru.load("chat")
        self.options = FaqOptions(small_talk=True)
        rows = [("When do you open?", "At nine."), ("Where are you?", "In Rome."), ("Dogs?", "No.")]
        self.faq = nlp_gru.FaqBot(rows, self.options)
        self.learner = self.keyboard.fork()

    def history(self, draw: random.Random) -> Any:
        if draw.random() < 0.02:
            return anything(draw)
        return [anything(draw) if draw.random() < 0.05 else text(draw) for _ in range(draw.choice([0, 1, 1, 1, 3, 12]))]

    def one_or_several(self, draw: random.Random, name: str) -> Any:
        return anything(draw) if draw.random() < 0.3 else [text(draw) for _ in range(LISTS[name])]

    def analyse(self, draw: random.Random) -> Call:
        texts = self.one_or_several(draw, "sentiment")
        return lambda: self.sentiment(texts)

    def explain(self, draw: random.Random) -> Call:
        value, label = anything(draw), setting(draw, None, None, "positive", "no such label")
        return lambda: self.sentiment.explain(value, label)

    def suggest(self, draw: random.Random) -> Call:
        who = draw.choice([self.keyboard, self.learner])
        context, prefix, k = (
            anything(draw),
            draw.choice(["", "", anything(draw, 20), anything(draw)]),
            setting(draw, 3, 3, 1, 50),
        )
        return lambda: who.suggest(context, prefix, k)

    def learn(self, draw: random.Random) -> Call:
        value = anything(draw)
        return lambda: self.learner.learn(value)

    def generate(self, draw: random.Random) -> Call:
        prompt, words = anything(draw, 1000), setting(draw, 5, 20)
        settings = {
            "temperature": setting(draw, 0, 0.7, 10),
            "top_p": setting(draw, 0.9, 1),
            "top_k": setting(draw, 0, 1, 40),
            "seed": setting(draw, 1, None),
            "no_repeat_ngram_size": setting(draw, 0, 1, 4),
            "stop_at_sentence": draw.random() < 0.2,
        }
        return lambda: self.keyboard.generate(prompt, words, **settings)

    def translation(self, draw: random.Random) -> Call:
        beam, alternatives = setting(draw, 5, 5, 1), setting(draw, 0, 0, 2)
        texts = anything(draw) if draw.random() < 0.3 else [text(draw, 400) for _ in range(LISTS["translate"])]
        if draw.random() < 0.02:
            beam, texts = 50, text(draw, 200)
        return lambda: self.translate(texts, beam=beam, alternatives=alternatives)

    def align(self, draw: random.Random) -> Call:
        source, target = anything(draw, 400), anything(draw, 400)
        return lambda: self.translate.align(source, target)

    def reply(self, draw: random.Random) -> Call:
        turns = self.history(draw)
        settings = {
            "candidates": setting(draw, 8, 1, 16),
            "temperature": setting(draw, 0.8, 0, 10),
            "top_p": setting(draw, 0.9, 1),
            "seed": setting(draw, 1, None),
            "max_words": setting(draw, 40, 5),
        }
        return lambda: self.bot.reply(turns, **settings)

    def score(self, draw: random.Random) -> Call:
        turns, replies = self.history(draw), draw.choice([self.history, anything])(draw)
        return lambda: self.bot.score(turns, replies)

    def ask(self, draw: random.Random) -> Call:
        value, seed = draw.choice([self.history, anything])(draw), setting(draw, 1, None)
        self.faq.options = self.options.model_copy(update={"small_talk": draw.random() < 0.05})
        return lambda: self.faq.reply(value, seed=seed)


def sounds(kind: type) -> Callable[[Any], bool]:
    return lambda found: all(
        isinstance(f, kind) and is_share(getattr(f, "score", None))
        for f in (found if isinstance(found, list) else [found])
    )


def replied(found: Any) -> bool:
    return isinstance(found, nlp_gru.Reply) and is_text(found.text) and found.text != "" and is_share(found.score)


def any_tool(entry: registry.Tool) -> Tool:
    held = nlp_gru.load(entry.name)

    def ask(draw: random.Random) -> Call:
        value = anything(draw)
        return lambda: [(entry.line(found), entry.value(found)) for found in entry.answers(held, [value])]

    return Tool(2, ask, lambda found: all(is_text(line) for line, _ in found))


def tools() -> dict[str, Tool]:
    from nlp_gru.tools.translation.alignment import Alignment

    calls = Calls()
    return {
        **{f"{e.name}, one text": any_tool(e) for e in registry.TOOLS.values() if not e.beside},
        "sentiment": Tool(62, calls.analyse, sounds(nlp_gru.Sentiment)),
        "explain": Tool(3, calls.explain, lambda found: all(is_finite(w) for _, w in found)),
        "suggest": Tool(20, calls.suggest, lambda found: all(is_text(f.text) and is_share(f.score) for f in found)),
        "learn": Tool(6, calls.learn, lambda found: found is None),
        "generate": Tool(1, calls.generate, is_text),
        "translate": Tool(2, calls.translation, sounds(nlp_gru.Translation)),
        "align": Tool(1, calls.align, lambda found: isinstance(found, Alignment)),
        "reply": Tool(1, calls.reply, replied),
        "score": Tool(1, calls.score, lambda found: all(is_finite(s) and abs(s) < 1.01 for s in found)),
        "questions": Tool(3, calls.ask, replied),
    }


def is_finite(value: Any) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def is_clear(error: Exception) -> bool:
    """One line of ours: a `TypeError` that Python raises by itself, somewhere inside, is an accident."""
    frame = [f for f, _ in traceback.walk_tb(error.__traceback__)][-1]
    ours = isinstance(error, nlp_gru.UserError) or frame.f_code.co_name in CHECKS
    return ours and len(str(error)) < 400 and "\n" not in str(error)


def tried(call: Call, sound: Callable[[Any], bool]) -> tuple[bool, str, float]:
    """Whether it was refused, what is wrong with the answer, and the seconds it took."""
    start = time.perf_counter()
    try:
        found = call()
    except (nlp_gru.UserError, TypeError) as error:
        return (
            True,
            "" if is_clear(error) else f"unclear {type(error).__name__}: {str(error)[:200]}",
            time.perf_counter() - start,
        )
    except BaseException as error:  # a panic of a library written in Rust, too
        if isinstance(error, KeyboardInterrupt):
            raise
        return False, f"{type(error).__name__}: {str(error)[:200]}", time.perf_counter() - start
    seconds = time.perf_counter() - start
    try:
        wrong = "" if sound(found) else f"not an answer: {str(found)[:200]}"
    except Exception as error:
        wrong = f"not an answer ({error}): {str(found)[:200]!a}"
    return False, wrong, seconds


def python(count: int, seed: int) -> bool:
    torch.set_num_threads(1)
    every = tools()
    peak = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
    done = 0
    while done < count:
        # The tool that is furthest behind its share comes next.
        name, tool = min(every.items(), key=lambda item: item[1].inputs / item[1].share)
        draw = random.Random(f"{seed}-{name}-{tool.inputs}")
        call = tool.make(draw)
        refused, wrong, seconds = tried(call, tool.sound)
        if seconds > SECONDS:
            seconds = min(seconds, tried(call, tool.sound)[2])
        inputs = LISTS.get(name, 1)
        tool.inputs, done = tool.inputs + inputs, done + inputs
        tool.refused += refused * inputs
        tool.seconds, tool.worst = tool.seconds + seconds, max(tool.worst, seconds)
        if wrong or seconds > SECONDS:
            tool.failures.append(
                f"{name}, draw '{seed}-{name}-{tool.inputs - inputs}', {seconds:.1f} s: {wrong or 'too slow'}"
            )
        if done * 2 >= count and len(peak) == 1:
            peak.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    peak.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    print("| call | inputs | refused | failed | mean ms an input | worst s a call |\n|---|---:|---:|---:|---:|---:|")
    for name, tool in every.items():
        print(
            f"| {name} | {tool.inputs:,} | {tool.refused:,} | {len(tool.failures)} |"
            f" {1000 * tool.seconds / max(tool.inputs, 1):.1f} | {tool.worst:.2f} |"
        )
    print(
        f"{done:,} inputs in {sum(t.seconds for t in every.values()):.0f} s; peak memory {peak[0] / UNIT:.0f} MB with"
        f" the models loaded, {peak[1] / UNIT:.0f} MB half-way, {peak[-1] / UNIT:.0f} MB at the end"
    )
    for failure in [f for tool in every.values() for f in tool.failures[:5]]:
        print(failure.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
    return not any(tool.failures for tool in every.values())


def main(
    count: Annotated[int | None, typer.Option(min=1, help="100,000; 5,000 with --url")] = None,
    seed: int = 1,
    url: Annotated[str, typer.Option(help="a running demo to ask instead")] = "",
) -> None:
    if url:
        import fuzz_http

        sys.exit(not fuzz_http.run(url, count or 5000, seed))
    sys.exit(not python(count or 100_000, seed))


if __name__ == "__main__":
    typer.run(main)
