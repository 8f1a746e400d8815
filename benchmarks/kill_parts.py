"""kill -9 at any moment of `nlp-gru predict --out`, and the same command again: is every file the same to the byte?

    python benchmarks/kill_parts.py [--kills 20] [--rows 8000] [--model sentiment] [--seed 1]

A Parquet, a CSV and a JSONL file, of the rows of data/samples again and again, are answered by two processes in 48
parts. Every third job is killed twice. Exits with 1 where a file differs from those of a job that nobody disturbed,
where something half-written stays behind, or where a process outlives the one that was killed.
"""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).parents[1]
PARTS = 16  # of each file
PATIENCE = 30  # seconds that the processes of a killed one have to end


def write_data(folder: Path, rows: int, seed: int) -> None:
    """Three files of `rows` texts each, in three formats."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    draw = random.Random(seed)
    with open(ROOT / "data/samples/sentiment.csv", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    folder.mkdir()
    drawn = [draw.choice(texts) for _ in range(rows)]
    pq.write_table(pa.table({"id": range(rows), "text": drawn}), folder / "a.parquet", row_group_size=rows // 5 + 1)
    with open(folder / "b.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "id"), *((text, i) for i, text in enumerate(drawn))])
    with open(folder / "c.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(drawn))


def start(model: str, data: Path, out: Path, rows: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "nlp_gru", "predict", model, "--data", str(data / "*"), "--out", str(out)]
    command += ["--processes", "2", "--part-rows", str(-(-rows // PARTS))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def finish(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate(timeout=600)
    if process.returncode:
        raise RuntimeError(f"it ended with {process.returncode}: {errors.decode()[-500:]}")


def kill(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Kill after so many seconds. Returns whether its processes, all of one group, ended too."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def contents(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def run(kills: int, rows: int, model: str, seed: int) -> list[tuple[int, str]]:
    """(parts finished at the kill, what is wrong) of each job."""
    draw = random.Random(seed)
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        data, whole = Path(temporary) / "in", Path(temporary) / "whole"
        write_data(data, rows, seed)
        begun = time.monotonic()
        finish(start(model, data, whole, rows))
        length = time.monotonic() - begun
        expected = contents(whole)
        if sum(name.startswith(("a-", "b-", "c-")) for name in expected) != 3 * PARTS:
            raise RuntimeError("the job that nobody disturbed has not all parts")
        for i in range(kills):
            out, wrong = Path(temporary) / f"killed-{i}", []
            for _ in range(2 if i % 3 == 2 else 1):
                if not kill(start(model, data, out, rows), draw.uniform(0.2 * length, length)):
                    wrong.append("a process lives on")
            done = len([name for name in (contents(out) if out.exists() else {}) if name[:2] in ("a-", "b-", "c-")])
            finish(start(model, data, out, rows))
            found = contents(out)
            wrong += [f"other {name}" for name in expected if found.get(name) != expected[name]]
            wrong += [f"left behind: {name}" for name in found if name not in expected]
            results.append((done, "; ".join(wrong)))
            print(
                f"{i + 1:>3}. killed at {done} of {3 * PARTS} parts: {results[-1][1] or 'the same bytes'}", flush=True
            )
    return results


def main(
    kills: Annotated[int, typer.Option(min=1)] = 20,
    rows: Annotated[int, typer.Option(min=PARTS)] = 8000,
    model: str = "sentiment",
    seed: int = 1,
) -> None:
    begun = time.monotonic()
    results = run(kills, rows, model, seed)
    bad = sum(bool(wrong) for _, wrong in results)
    print(f"{len(results)} jobs killed, {bad} ended otherwise than undisturbed; {time.monotonic() - begun:.0f} s")
    sys.exit(bool(bad))


if __name__ == "__main__":
    typer.run(main)
