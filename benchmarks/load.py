"""Many users at once over HTTP: waiting times, errors and memory of the demo, which it starts itself.

    python benchmarks/load.py [--users 16] [--seconds 300] [--warm-up 60] [--attack]

Each user asks again as soon as the answer is there, without a pause: one call in four goes to each of sentiment, next
word (four of five suggest, the fifth generates), translation (either direction) and chat (four of five reply, the fifth
scores ten answers). Texts are rows of `data/samples/`, one to three of them together. Half of the users call `/run`,
the others `/call` and its stream of events. With `--attack`, one more sends the requests of `benchmarks/fuzz_routes.py`
and odd files all the while, in the warm-up too. Exits with 1 for an error, a 95th percentile of 1.5 s or more (2 s
beside an attacker), or 30 MB more memory after the warm-up.
"""

from __future__ import annotations

import asyncio
import csv
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import httpx
import numpy as np
import typer
from demo_process import Demo, demo
from fuzz_client import HTTP_ERRORS, Fuzzer, Tally
from fuzz_http import verdict

P95, P95_ATTACKED, GROWTH = 1.5, 2.0, 30  # seconds, seconds, megabytes
SAMPLES = Path(__file__).resolve().parents[1] / "data/samples"


def column(file: str, name: str) -> list[str]:
    with (SAMPLES / file).open(encoding="utf-8", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines)]


TEXTS = {
    "sentiment": column("sentiment.csv", "text"),
    "next_word": column("next_word.csv", "text"),
    "en-fr": column("translation.csv", "source"),
    "fr-en": column("translation.csv", "target"),
    "chat": column("chat.csv", "question"),
    "answers": sorted(set(column("chat.csv", "answer"))),
}


def request(draw: random.Random) -> tuple[str, list[Any]]:
    """An endpoint's name, and what it is asked."""
    head = draw.choice(["sentiment", "next_word", "translation", "chat"])
    direction = draw.choice(["en-fr", "fr-en"])
    text = " ".join(draw.choices(TEXTS[direction if head == "translation" else head], k=draw.randint(1, 3)))
    if head == "sentiment":
        return "sentiment", [text]
    if head == "translation":
        return "translate", [text, direction]
    if head == "chat":
        return ("score", [text, draw.sample(TEXTS["answers"], 10), []]) if draw.random() < 0.2 else ("chat", [text, []])
    words = text.split()
    written = " ".join(words[: draw.randint(0, len(words) - 1)])
    if draw.random() < 0.2:
        return "generate", [written, 20, 0.7, 0.9, None]
    word = words[min(len(written.split()), len(words) - 1)]
    return "suggest", [written + " " * bool(written), word[: draw.randint(0, 3)], 3]


async def ask(client: httpx.AsyncClient, name: str, data: list[Any], streamed: bool) -> str:
    """What went wrong, or nothing."""
    body = {"data": data}
    if not streamed:
        answer = await client.post(f"/gradio_api/run/{name}", json=body)
        return "" if answer.status_code == 200 and "data" in answer.json() else answer.text
    begun = await client.post(f"/gradio_api/call/{name}", json=body)
    if begun.status_code != 200:
        return begun.text
    answer = await client.get(f"/gradio_api/call/{name}/{begun.json()['event_id']}")
    return "" if verdict(answer.text) == "answer" else answer.text


async def user(url: str, seed: int, until: float, times: dict[str, list[float]], errors: Counter[str]) -> None:
    draw = random.Random(seed)
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        while time.monotonic() < until:
            name, data = request(draw)
            start = time.perf_counter()
            try:
                wrong = await ask(client, name, data, streamed=seed % 2 == 1)
            except (httpx.HTTPError, ValueError, KeyError) as error:
                wrong = f"{type(error).__name__}: {error}"
            times.setdefault(name, []).append(time.perf_counter() - start)
            if wrong:
                errors[f"{name}: {wrong[:200]}"] += 1


class Attacker(threading.Thread):
    """Sends odd requests and files without a pause, until it is told to stop."""

    def __init__(self, running: Demo, seed: int):
        super().__init__(daemon=True)
        self.fuzzer, self.seed, self.sent, self.stopped = Fuzzer(running, False, Tally()), seed, 0, threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            self.sent += 1
            try:
                self.fuzzer.send(random.Random(f"{self.seed}-attack-{self.sent}"))
            except HTTP_ERRORS:
                continue


async def crowd(running: Demo, users: int, seconds: float, seed: int) -> tuple[dict[str, list[float]], int]:
    """The waiting times by endpoint, and the number of errors."""
    times: dict[str, list[float]] = {}
    errors: Counter[str] = Counter()
    until = time.monotonic() + seconds
    everyone = asyncio.gather(*(user(running.url, seed * 1000 + i, until, times, errors) for i in range(users)))
    while not everyone.done():
        await asyncio.wait([everyone], timeout=30)
        print(f"{running.megabytes():,.0f} MB, {sum(map(len, times.values())):,} answers", file=sys.stderr, flush=True)
    await everyone  # raises what ended a user
    for error, count in errors.most_common(10):
        print(f"{count} × {error}", file=sys.stderr)
    return times, errors.total()


def main(
    users: Annotated[int, typer.Option(min=1)] = 16,
    seconds: Annotated[float, typer.Option(min=1)] = 300,
    warm_up: Annotated[float, typer.Option(min=1)] = 60,
    attack: Annotated[bool, typer.Option("--attack", help="beside someone who sends odd requests and files")] = False,
) -> None:
    with tempfile.TemporaryDirectory() as temporary, demo(temporary=Path(temporary)) as running:
        attacker = Attacker(running, 1)
        if attack:
            attacker.start()
        asyncio.run(crowd(running, users, warm_up, 1))
        before = running.megabytes()
        times, errors = asyncio.run(crowd(running, users, seconds, 2))
        growth = running.megabytes() - before
        attacker.stopped.set()
    print("| endpoint | answers | p50 s | p95 s | worst s |\n|---|---:|---:|---:|---:|")
    whole = [t for each in times.values() for t in each]
    for name, each in [*sorted(times.items()), ("all", whole)]:
        p50, p95 = np.percentile(each, [50, 95])
        print(f"| {name} | {len(each):,} | {p50:.2f} | {p95:.2f} | {max(each):.2f} |")
    print(
        f"{users} users, {seconds:.0f} s, {len(whole) / seconds:.1f} answers/s, {errors} errors; "
        f"memory {before:,.0f} MB after the warm-up, {growth:+.0f} MB at the end"
        + (f"; beside {attacker.sent:,} odd requests" if attack else "")
    )
    sys.exit(bool(errors or p95 >= (P95_ATTACKED if attack else P95) or growth >= GROWTH))  # p95: of all, the last row


if __name__ == "__main__":
    typer.run(main)
