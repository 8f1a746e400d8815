"""Many users at once over HTTP: waiting times, errors and memory of the demo, which it starts itself.

    python benchmarks/load.py [--users 16] [--seconds 300] [--warm-up 60]

Each user asks again as soon as the answer is there, without a pause: one call in four goes to each of sentiment, next word
(four of five suggest, the fifth generates), translation (either direction) and chat (four of five reply, the fifth scores ten
answers). Texts are rows of `data/samples/`, one to three of them together. Half of the users call `/run`, the others
`/call` and its stream of events. Exits with 1 for an error, a 95th percentile of 1.5 s or more, or 30 MB more memory after
the warm-up.
"""

from __future__ import annotations

import asyncio
import csv
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import httpx
import numpy as np
import typer
from fuzz_http import verdict

P95, GROWTH = 1.5, 30  # seconds, megabytes
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


def megabytes(process: int) -> float:
    """Resident memory."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(process)])) / 1024


async def crowd(url: str, users: int, seconds: float, seed: int, process: int) -> tuple[dict[str, list[float]], int]:
    """The waiting times by endpoint, and the number of errors."""
    times: dict[str, list[float]] = {}
    errors: Counter[str] = Counter()
    until = time.monotonic() + seconds
    everyone = asyncio.gather(*(user(url, seed * 1000 + i, until, times, errors) for i in range(users)))
    while not everyone.done():
        await asyncio.wait([everyone], timeout=30)
        print(f"{megabytes(process):,.0f} MB, {sum(map(len, times.values())):,} answers", file=sys.stderr, flush=True)
    await everyone  # raises what ended a user
    for error, count in errors.most_common(10):
        print(f"{count} × {error}", file=sys.stderr)
    return times, errors.total()


def main(
    users: Annotated[int, typer.Option(min=1)] = 16,
    seconds: Annotated[float, typer.Option(min=1)] = 300,
    warm_up: Annotated[float, typer.Option(min=1)] = 60,
) -> None:
    command = [sys.executable, "-m", "nlp_gru", "demo", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            found = re.search(r"http://\S+", demo.stdout.readline())
            if found is None:
                sys.exit("the demo did not start")
            url = found[0]
            asyncio.run(crowd(url, users, warm_up, 1, demo.pid))
            before = megabytes(demo.pid)
            times, errors = asyncio.run(crowd(url, users, seconds, 2, demo.pid))
            growth = megabytes(demo.pid) - before
        finally:
            demo.terminate()
    print("| endpoint | answers | p50 s | p95 s | worst s |\n|---|---:|---:|---:|---:|")
    whole = [t for each in times.values() for t in each]
    for name, each in [*sorted(times.items()), ("all", whole)]:
        p50, p95 = np.percentile(each, [50, 95])
        print(f"| {name} | {len(each):,} | {p50:.2f} | {p95:.2f} | {max(each):.2f} |")
    print(
        f"{users} users, {seconds:.0f} s, {len(whole) / seconds:.1f} answers/s, {errors} errors; "
        f"memory {before:,.0f} MB after the warm-up, {growth:+.0f} MB at the end"
    )
    sys.exit(bool(errors or p95 >= P95 or growth >= GROWTH))  # p95: of all, the last row


if __name__ == "__main__":
    typer.run(main)
