"""Files that are damaged, odd or made to deceive, read as the pages read them: each gives rows or one sentence.

    python benchmarks/fuzz_files.py [--count 20000] [--seed 1] [--kind csv ...]      # default: every kind

CSV, TSV, JSONL, JSON, text and Parquet go through the training page's and the sentiment page's reading, memory files
and recipes through theirs, and model folders are loaded and asked as in `benchmarks/mutate.py`. All is done in a child
process, so that a crash is seen. Exits with 1 if any file ends it, hangs it, takes more than 5 s of a core or 500 MB,
leaves a file behind, or raises anything but a `UserError` of one line.
"""

from __future__ import annotations

import json
import os
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

import mutate
import torch
import typer
from file_mutations import KINDS
from nlp_gru.apps import check_file, sheet

from nlp_gru.errors import UserError
from nlp_gru.tools.keyboard.memory import Memory
from nlp_gru.training.recipe import load_recipe

SECONDS, MEGABYTES, HANGS = 5, 500, 90
UNIT = mutate.UNIT
FOLDER = "folder"
MODELS = ("sentiment", "next_word")
# How many of 40 files are of each kind: those that start a process, or load a model, are the slow ones.
SHARES = {"csv": 9, "tsv": 6, "jsonl": 8, "json": 4, "txt": 4, "parquet": 2, "memory": 3, "toml": 3, FOLDER: 1}
Result = dict[str, Any]


def order(kinds: list[str]) -> list[str]:
    found = [kind for kind in SHARES for _ in range(SHARES[kind]) if not kinds or kind in kinds]
    random.Random(0).shuffle(found)
    return found


def read(kind: str, head: str, path: Path, where: Path) -> None:
    """What the pages do with a file. Raises `UserError` where it is refused."""
    if kind == "memory":
        Memory().load(path)
    elif kind == "toml":
        load_recipe(path)
    elif head == "texts":
        sheet.read(str(path), ["text"])
    else:
        check_file.write(check_file.check(head, str(path)), where)


def judge(kind: str, head: str, path: Path, where: Path) -> tuple[str, str]:
    """ "refused", "read" or "failed", and why."""
    try:
        read(kind, head, path, where)
    except UserError as error:
        message = str(error)
        clean = "\n" not in message and len(message) < 1000
        return ("refused" if clean else "failed"), message[:300]
    except BaseException as error:  # a panic of a library written in Rust, too
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return "failed", f"{type(error).__name__}: {error}"[:300]
    return "read", ""


def cpu() -> float:
    """Seconds of a core, those of ended children among them."""
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss


def work(folders: list[Path], left: Path) -> None:
    """The child: reads what it is asked to, a JSON line of standard input each. `left` is its folder of temporary
    files."""
    torch.set_num_threads(1)
    for folder in folders:
        mutate.ask(folder)
    os.chdir(left)
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        kind, path = asked["kind"], Path(asked["path"])
        before = [peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)]
        signal.alarm(HANGS)  # its default is to end the process, also inside a library
        start = cpu()
        verdict, why = (
            mutate.judge(asked["done"], path) if kind == FOLDER else judge(kind, asked["head"], path, path.parent)
        )
        seconds = cpu() - start
        signal.alarm(0)
        now = [peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)]
        # A child counts from what its parent had: until it begins its own program, that is its memory, too.
        megabytes = max(now[0] - before[0], now[1] - max(*before), 0) / UNIT
        print(json.dumps({"verdict": verdict, "why": why, "seconds": seconds, "megabytes": megabytes}), flush=True)


class Reader:
    """The child, and another one where it has ended."""

    def __init__(self, folders: list[Path], left: Path):
        self.command = [sys.executable, __file__, "--left", str(left)]
        self.command += [part for folder in folders for part in ("--folder", str(folder))]
        self.environment = {**os.environ, "TMPDIR": str(left), "PYTHONWARNINGS": "ignore"}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self.environment,
        )
        assert self.process.stdout is not None
        if not self.process.stdout.readline():
            raise SystemExit(f"the reader ended with {self.process.wait()} before its first file")
        self.own = set(os.listdir(self.environment["TMPDIR"]))  # what libraries put there when they begin

    def ask(self, **request: Any) -> Result:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        if line := self.process.stdout.readline():
            return json.loads(line)
        code = self.process.wait()
        self.start()
        why = "hung" if code == -signal.SIGALRM else f"the process ended with {code}"
        return {"verdict": "failed", "why": why, "seconds": 0.0, "megabytes": 0.0}

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def run(count: int, seed: int, kinds: list[str] | None = None) -> list[Result]:
    """One result for each file."""
    results: list[Result] = []
    turns = order(kinds or [])
    with tempfile.TemporaryDirectory() as temporary:
        given, left = Path(temporary) / "given", Path(temporary) / "left"
        left.mkdir()
        folders = mutate.sources(list(MODELS), Path(temporary)) if FOLDER in turns else []
        reader = Reader(folders, left)
        for number in range(count):
            kind = turns[number % len(turns)]
            draw = random.Random(f"{seed}-{number}")
            given.mkdir()
            head = draw.choice([*check_file.NEEDS, "sentiment", "texts"])
            if kind == "txt" and draw.random() < 0.85:  # the tools whose texts stand a line each
                head = draw.choice(["next_word", "texts"])
            needed = check_file.NEEDS[head].columns if head in check_file.NEEDS else ("text",)
            done = ""
            if kind == FOLDER:
                path = given / "model"
                done, what = mutate.mutate(folders, seed, number, path)
            else:
                columns = needed if draw.random() < 0.85 else draw.choice(list(check_file.NEEDS.values())).columns
                name, data, what = KINDS[kind](draw, f"mine.{'json' if kind == 'memory' else kind}", columns)
                path = given / name
                path.write_bytes(data)
            result = reader.ask(kind=kind, head=head, path=str(path), done=done)
            if stays := sorted(set(os.listdir(left)) - reader.own):
                result |= {"verdict": "failed", "why": f"left behind: {stays[:3]}"}
            if result["verdict"] == "answered":
                result["verdict"] = "read"
            results.append({"number": number, "kind": kind, "what": f"{head}: {what}"[:300], **result})
            shutil.rmtree(given)
            if len(results) % 1000 == 0:
                print(f"{len(results):,} files, {sum(map(failed, results))} failed", file=sys.stderr)
        reader.end()
    return results


def failed(result: Result) -> bool:
    # A folder may answer, or be refused, within the bounds of its own benchmark.
    seconds = mutate.SECONDS if result["kind"] == FOLDER else SECONDS
    return result["verdict"] == "failed" or result["seconds"] > seconds or result["megabytes"] > MEGABYTES


def table(results: list[Result]) -> str:
    by_kind: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_kind[result["kind"]].append(result)
    lines = ["| kind | count | refused | read | failed | worst s | worst MB |", "|---|---:|---:|---:|---:|---:|---:|"]
    for kind, some in [*by_kind.items(), ("all", results)]:
        verdicts = [r["verdict"] for r in some]
        worst = [max(r[unit] for r in some) for unit in ("seconds", "megabytes")]
        lines.append(
            f"| {kind} | {len(some):,} | {verdicts.count('refused'):,} | {verdicts.count('read'):,} | "
            f"{sum(map(failed, some))} | {worst[0]:.2f} | {worst[1]:.0f} |"
        )
    return "\n".join(lines)


def main(
    count: Annotated[int, typer.Option(min=1)] = 20_000,
    seed: int = 1,
    kind: Annotated[list[str], typer.Option(help=f"{', '.join(SHARES)}; repeatable")] = [],  # noqa: B006
    folder: Annotated[list[Path], typer.Option(hidden=True)] = [],  # noqa: B006
    left: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    if left is not None:
        work(folder, left)
        return
    start = time.perf_counter()
    results = run(count, seed, kind)
    print(table(results))
    print(f"{time.perf_counter() - start:.0f} s")
    bad = [r for r in results if failed(r)]
    for result in bad[:30]:
        print(
            f"{result['number']} {result['kind']}, {result['what']}: {result['why']} "
            f"({result['seconds']:.1f} s, {result['megabytes']:.0f} MB)",
            file=sys.stderr,
        )
    sys.exit(bool(bad))


if __name__ == "__main__":
    typer.run(main)
