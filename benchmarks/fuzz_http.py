"""Inputs that nobody means, through the HTTP endpoints of a running demo: see `benchmarks/fuzz.py --url`."""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter
from typing import Any

import httpx
from fuzz_inputs import KINDS, ODD, setting, text

SECONDS = 10.0  # with the way there and back, behind whoever else asks
# What tells of the server's inside. The inputs hold none of these.
INSIDE = re.compile(r"Traceback|site-packages|\.py\b|line \d+, in |/(?:home|usr|root|work|tmp|Users)/")
CHEAP = {"suggest": 4, "sentiment": 4}  # drawn so often as the others together would be


def is_json(value: Any) -> bool:
    try:
        return bool(json.dumps(value))
    except TypeError:
        return False


def value(draw: random.Random, parameter: dict[str, Any]) -> Any:
    """Mostly what a parameter of this type may be."""
    luck = draw.random()
    if luck < 0.05:
        return draw.choice([v for v in ODD if is_json(v)])
    if luck < 0.051:
        return "a " * 600_000
    kind = json.dumps(parameter["type"])
    name = parameter["parameter_name"]
    if name == "direction":
        return draw.choice(["en-fr", "fr-en", "en-de", ""])
    if name in ("history", "candidates") or '"array"' in kind:
        texts = [text(draw, 300) for _ in range(draw.choice([0, 1, 3, 150 if draw.random() < 0.05 else 5]))]
        if name == "history" and draw.random() < 0.9:
            return [{"role": draw.choice(["user", "assistant"]), "content": t} for t in texts]
        return texts
    if any(f'"{t}"' in kind for t in ("number", "integer", "boolean")):
        default = parameter.get("parameter_default")
        found = setting(draw, default, default, 1, 3)
        return found if found is None or type(found) in (int, float, str, bool, list) else default
    return text(draw, draw.choice([100, 600, 2000]))


def body(data: list[Any]) -> bytes:
    """JSON in which a lone surrogate stays an escape, and numbers that are none are what Python makes of them."""
    return json.dumps({"data": data}).encode()


def verdict(stream: str) -> str:
    """ "answer", "error" or "failed": how a call's stream of events ended."""
    kinds = re.findall(r"^event: (\w+)$", stream, re.M)
    return "answer" if kinds[-1:] == ["complete"] else "error" if kinds[-1:] == ["error"] else "failed"


def ask(client: httpx.Client, name: str, data: list[Any]) -> tuple[str, str]:
    """ "answer", "error" or "failed", and what came back."""
    begun = client.post(f"/gradio_api/call/{name}", content=body(data), headers={"content-type": "application/json"})
    if begun.status_code != 200:
        return ("error" if begun.status_code < 500 else "failed"), begun.text
    event = begun.json()["event_id"]
    ended = client.get(f"/gradio_api/call/{name}/{event}")
    return verdict(ended.text), ended.text


def run(url: str, count: int, seed: int) -> bool:
    """Prints a table; returns whether all went well."""
    with httpx.Client(base_url=url, timeout=60) as client:
        info = client.get("/gradio_api/info").raise_for_status().json()["named_endpoints"]
        names = {n.lstrip("/"): e["parameters"] for n, e in info.items() if not n.lstrip("/").startswith("_")}
        draws = [n for n in names for _ in range(CHEAP.get(n, 1))]
        tally: Counter[tuple[str, str]] = Counter()
        worst: Counter[str] = Counter()
        failures: list[str] = []
        for i in range(count):
            draw = random.Random(f"{seed}-http-{i}")
            name = draw.choice(draws)
            data = [value(draw, p) for p in names[name]][: draw.choice([99, 99, 99, 99, 99, 99, 99, 0])]
            start = time.perf_counter()
            try:
                outcome, said = ask(client, name, data)
            except (httpx.HTTPError, ValueError) as error:
                outcome, said = "failed", f"{type(error).__name__}: {error}"
            seconds = time.perf_counter() - start
            worst[name] = max(worst[name], seconds)  # type: ignore[assignment]
            wrong = "failed" if outcome == "failed" else "too slow" if seconds > SECONDS else ""
            if INSIDE.search(said) and not any(INSIDE.search(str(d)) for d in data):
                wrong = "it tells of its inside"
            tally[name, "failed" if wrong else outcome] += 1
            if wrong:
                failures.append(f"input {i}, {name}, {seconds:.1f} s, {wrong}: {said[:300]!a} for {str(data)[:200]!a}")
        alive = client.get("/").status_code == 200 and client.get("/gradio_api/info").status_code == 200
    print("| endpoint | answers | errors | failed | worst s |\n|---|---:|---:|---:|---:|")
    for name in names:
        print(
            f"| {name} | {tally[name, 'answer']:,} | {tally[name, 'error']:,} | {tally[name, 'failed']:,} |"
            f" {worst[name]:.2f} |"
        )
    print(f"{count:,} inputs of {len(KINDS)} kinds; at the end the server {'is there' if alive else 'is gone'}")
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    return alive and not failures
