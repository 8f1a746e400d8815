"""Model folders that are damaged, foreign or made to deceive: each must be refused with one sentence, or still answer.

    python benchmarks/mutate.py [--count 2000] [--seed 1] [--model MODEL ...]      # default: every bundled model

Every folder is loaded and asked in a child process that may neither take longer than 10 s for one nor more than 500 MB
beyond what the intact models took. Exits with 1 if any of them crashes, hangs, takes more or raises anything but
`UserError`.
"""

from __future__ import annotations

import json
import math
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from mutations import KINDS

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER, bundled_models, find_model

SECONDS, MEGABYTES, HEADROOM = 10, 500, 3 << 30
UNIT = 1024 if sys.platform == "linux" else 1024**2  # of ru_maxrss, in a megabyte
Result = dict[str, Any]


def ask(folder: Path) -> None:
    """Loads a folder and uses it. Raises `UserError` where it is refused, `AssertionError` for an answer that is
    none."""
    try:
        tool: Any = nlp_gru.load(folder)
    except UserError as error:
        if "a base to start" not in str(error):
            raise
        head = load_model(folder)
        nll, _ = head.loss(head.collate(head.examples({"text": ["What a day it is."]}, 20)))  # type: ignore[arg-type]
        scores = [float(nll)]
    else:
        scores = _scores(tool)
    assert all(math.isfinite(s) for s in scores), f"the answer's scores are {scores[:5]}"


def _scores(tool: Any) -> list[float]:
    if isinstance(tool, nlp_gru.SentimentAnalyser):
        found = tool("I loved every minute, and it's not bad.")
        return [*found.scores.values(), *(w for _, w in tool.explain("I loved it"))]
    if isinstance(tool, nlp_gru.Keyboard):
        tool.generate("The weather", 4, seed=1)
        return [s.score for s in tool.suggest("See you tom")]
    if isinstance(tool, nlp_gru.Translator):
        return [s.score for s in tool("Anna is tired. See www.example.org").sentences]
    if isinstance(tool, nlp_gru.FaqBot):
        return [tool.reply("When do you open?").score]
    reply = tool.reply(["I went to the sea."], candidates=2, max_words=8, seed=1)
    return [reply.score, *tool.score(["Hi"], ["Hello.", "Blue paint."])]


def sources(models: list[str], where: Path) -> list[Path]:
    """Whole copies of the models, each with a tokenizer of its own."""
    folders = []
    for name in models:
        folder = where / Path(name).name
        shutil.copytree(find_model(name), folder, ignore=shutil.ignore_patterns("training"))
        if not (folder / "tokenizer.json").exists():
            shutil.copy(SHARED_TOKENIZER, folder)
        folders.append(folder)
    return folders


def mutate(folders: list[Path], seed: int, number: int, out: Path) -> tuple[str, str]:
    """Writes mutation `number` of one of the folders to `out`; returns its kind and what was done."""
    draw = random.Random(f"{seed}-{number}")
    kind = list(KINDS)[number % len(KINDS)]
    source = folders[number // len(KINDS) % len(folders)]
    out.mkdir()
    for file in source.iterdir():
        (out / file.name).symlink_to(file)
    return kind, f"{source.name}: {KINDS[kind](draw, out, folders)}"


def judge(kind: str, folder: Path) -> tuple[str, str]:
    """ "refused", "answered" or "failed", and why."""
    try:
        ask(folder)
    except UserError as error:
        clean = "\n" not in str(error) and len(str(error)) < 1000
        return ("refused" if clean and kind != "card" else "failed"), str(error)[:300]
    except (Exception, MemoryError) as error:
        return "failed", f"{type(error).__name__}: {error}"[:300]
    except BaseException as error:  # a panic of a library written in Rust
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return "failed", f"{type(error).__name__}: {error}"[:300]
    return "answered", ""


def work(folders: list[Path], seed: int, first: int, last: int) -> None:
    """The child: mutations `first` to `last`, a JSON line when each begins and when it is done."""
    torch.set_num_threads(1)
    for folder in folders:
        ask(folder)
    peak = base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    statm = Path("/proc/self/statm")
    if statm.exists():
        most = int(statm.read_text().split()[0]) * resource.getpagesize() + HEADROOM
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with tempfile.TemporaryDirectory() as temporary:
        for number in range(first, last):
            out = Path(temporary) / "model"
            kind, what = mutate(folders, seed, number, out)
            print(json.dumps({"number": number, "kind": kind, "what": what}), flush=True)
            signal.alarm(SECONDS)  # its default is to end the process, also inside a library
            start = time.perf_counter()
            verdict, why = judge(kind, out)
            seconds = time.perf_counter() - start
            signal.alarm(0)
            now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            megabytes, peak = (now - base) / UNIT if now > peak else 0.0, max(peak, now)
            done = {"number": number, "verdict": verdict, "why": why, "seconds": seconds, "megabytes": megabytes}
            print(json.dumps(done), flush=True)
            shutil.rmtree(out)


def run(models: list[str], count: int, seed: int) -> list[Result]:
    """One result for each mutation."""
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as temporary:
        folders = sources(models, Path(temporary))
        while len(results) < count:
            command = [sys.executable, __file__, "--count", str(count), "--seed", str(seed)]
            command += [part for folder in folders for part in ("--model", str(folder))]
            child = subprocess.Popen(
                [*command, "--first", str(len(results))], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
            )
            assert child.stdout is not None
            begun: Result = {}
            for line in child.stdout:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                if "verdict" in record:
                    results.append({**begun, **record})
                    begun = {}
                else:
                    begun = record
            code = child.wait()
            if begun:
                why = "hung" if code == -signal.SIGALRM else f"the process ended with {code}"
                results.append({**begun, "verdict": "failed", "why": why, "seconds": SECONDS, "megabytes": 0.0})
            elif len(results) < count:
                raise SystemExit(f"the child ended with {code} before its first mutation")
    return results


def failed(result: Result) -> bool:
    return result["verdict"] == "failed" or result["seconds"] > SECONDS or result["megabytes"] > MEGABYTES


def table(results: list[Result]) -> str:
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_kind[result["kind"]].append(result)
    lines = [
        "| kind | count | refused | answered | failed | worst s | worst MB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kind, some in [*by_kind.items(), ("all", results)]:
        verdicts = [r["verdict"] for r in some]
        worst = [max(r[unit] for r in some) for unit in ("seconds", "megabytes")]
        lines.append(
            f"| {kind} | {len(some):,} | {verdicts.count('refused'):,} | {verdicts.count('answered'):,} | "
            f"{sum(map(failed, some))} | {worst[0]:.2f} | {worst[1]:.0f} |"
        )
    return "\n".join(lines)


def main(
    count: Annotated[int, typer.Option(min=1)] = 2000,
    seed: int = 1,
    model: Annotated[list[str], typer.Option(help="a bundled model's name or a folder; repeatable")] = [],  # noqa: B006
    first: Annotated[int, typer.Option(hidden=True)] = -1,
) -> None:
    if first >= 0:
        work([Path(m) for m in model], seed, first, count)
        return
    start = time.perf_counter()
    results = run(model or bundled_models(), count, seed)
    print(table(results))
    print(f"{time.perf_counter() - start:.0f} s")
    bad = [r for r in results if failed(r)]
    for result in bad[:20]:
        print(
            f"{result['number']} {result['kind']}, {result['what']}: {result['why']} "
            f"({result['seconds']:.1f} s, {result['megabytes']:.0f} MB)",
            file=sys.stderr,
        )
    sys.exit(bool(bad))


if __name__ == "__main__":
    typer.run(main)
