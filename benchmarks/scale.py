"""Rows a second of `nlp-gru predict --out`, Parquet to Parquet, and the memory that its processes take.

    python benchmarks/scale.py rates [--processes 1,2] [--rounds 3]    # each tool on each number of processes, in turn
    python benchmarks/scale.py rows [--rows 1000000]    # the same by one process and by two: order, equality, memory
    python benchmarks/scale.py ray [--rows 40000]    # local clusters of one node, of two, and of two with one killed

Texts are those of the test sets that data/sentiment.py and data/translation.py prepare, drawn at random with a seed:
reviews cut between words into pieces of 100 characters at most, and the English sentences of Tatoeba. A rate counts
from the first finished part to the last, so that neither the start nor the end, where some processes have nothing to
do, is in it; beside it stands what a second of computing gives, whatever else the machine does.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import typer

from nlp_gru.model_folder.bundled import find_model
from nlp_gru.scale import workers
from nlp_gru.scale.job import Job, run
from nlp_gru.scale.progress import Progress

ROOT = Path(__file__).parents[1]
PREPARED = ROOT / "data/prepared"
ROWS = {"sentiment": 40_000, "similarity": 40_000, "translation": 1_600}  # a process's, in `rates`
PARTS = {"sentiment": 2_000, "similarity": 2_000, "translation": 100}
app = typer.Typer(add_completion=False)


def texts(tool: str, prepared: Path) -> list[str]:
    """All texts that a tool's rows are drawn from."""
    if tool == "translation":
        return pq.read_table(prepared / "translation/test/tatoeba.parquet")["source"].to_pylist()
    reviews = pq.read_table(prepared / "sentiment/test/imdb.parquet")["text"].to_pylist()
    return [piece for review in reviews for piece in textwrap.wrap(review, 100) if len(piece) > 80]


def write(path: Path, tool: str, rows: int, prepared: Path, seed: int = 1) -> None:
    drawn = random.Random(seed).choices(texts(tool, prepared), k=rows)
    pq.write_table(pa.table({"id": range(rows), "text": drawn}), path)
    print(f"{tool}: {rows:,} rows of {statistics.mean(map(len, drawn)):.0f} characters", flush=True)


class Timed(Progress):
    """When each part was finished: (seconds, rows by then)."""

    def __init__(self) -> None:
        super().__init__(quiet=True)
        self.times: list[tuple[float, int]] = []

    def advance(self, rows: int, share: int) -> None:
        super().advance(rows, share)
        self.times.append((time.monotonic(), self.rows))

    def rate(self, processes: int) -> float:
        """Rows a second, without the parts at the end while which some processes had no other."""
        (first, before), (last, after) = self.times[processes - 1], self.times[-processes]
        return (after - before) / (last - first)


@dataclass
class Memory:
    """The most that each of this process's children has held, in MB, by its number."""

    most: dict[int, float] = field(default_factory=dict)

    @contextmanager
    def watched(self) -> Iterator[None]:
        end = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(end,))
        watcher.start()
        try:
            yield
        finally:
            end.set()
            watcher.join()

    def _watch(self, end: threading.Event) -> None:
        while not end.wait(0.2):
            own = str(os.getpid())
            listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True).stdout.split("\n")[1:]
            pairs = [line.split() for line in listed if line.strip()]
            for pid in (own, *(pid for pid, parent in pairs if parent == own)):
                try:
                    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
                except OSError:
                    continue
                name = next((line.split()[1] for line in lines if line.startswith("Name")), "")
                held = next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)
                if name != "ps":
                    self.most[int(pid)] = max(held, self.most.get(int(pid), 0.0))  # one that has ended holds nothing


def computed() -> float:
    """Seconds of a core, of this process and of its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


@app.command()
def rates(
    processes: str = "1,2",
    rounds: int = 3,
    tools: str = ",".join(ROWS),
    prepared: Path = PREPARED,
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        for tool in tools.split(","):
            found: dict[int, list[tuple[float, float]]] = {int(n): [] for n in processes.split(",")}
            for count in found:
                write(Path(temporary) / f"{tool}-{count}.parquet", tool, ROWS[tool] * count, prepared)
            for round in range(rounds):
                for count in found:
                    data, out = Path(temporary) / f"{tool}-{count}.parquet", Path(temporary) / f"{tool}-{count}-{round}"
                    job, progress, before = (
                        Job(find_model(tool), [str(data)], out, "text", PARTS[tool]),
                        Timed(),
                        computed(),
                    )
                    run(job, lambda: workers.local(find_model(tool), count), progress)  # noqa: B023
                    found[count].append((progress.rate(count), ROWS[tool] * count / (computed() - before)))
                    print(
                        f"  {count} processes: {found[count][-1][0]:,.0f} rows/s, {found[count][-1][1]:,.0f} a second"
                        " of computing",
                        flush=True,
                    )
            one = None
            for count, pairs in found.items():
                rate, computing = (statistics.median(values) for values in zip(*pairs, strict=True))
                one = one or rate
                print(
                    f"{tool}, {count} processes: {rate:,.1f} rows/s, {rate / one:.2f} times; {computing:,.1f} a second"
                    " of computing",
                    flush=True,
                )


@app.command()
def rows(rows: int = 1_000_000, tool: str = "sentiment", prepared: Path = PREPARED, keep: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep or Path(temporary)
        data = folder / "in.parquet"
        if not data.exists():
            write(data, tool, rows, prepared)
        for count in (2, 1):
            memory, progress, begun = Memory(), Timed(), time.monotonic()
            with memory.watched():
                job = Job(find_model(tool), [str(data)], folder / str(count), "text")
                run(job, lambda: workers.local(find_model(tool), count), progress)  # noqa: B023
            held = sorted(memory.most.values(), reverse=True)
            print(
                f"{count} processes: {time.monotonic() - begun:,.0f} s, at most"
                f" {', '.join(f'{mb:.0f}' for mb in held)} MB",
                flush=True,
            )
        one, two = (sorted((folder / str(count)).glob("*.parquet")) for count in (1, 2))
        same = [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
        ids = [i for path in two for i in pq.read_table(path, columns=["id"])["id"].to_pylist()]
        print(
            f"{len(two)} parts; the same bytes: {same}; every row, in order: {ids == list(range(len(ids)))},"
            f" {len(ids):,} rows"
        )
        sys.exit(not (same and ids == list(range(pq.read_metadata(data).num_rows))))


class Killing(Timed):
    """Kills a node of the cluster half-way."""

    def __init__(self, cluster: Any, node: Any, rows: int):
        super().__init__()
        self.cluster, self.node, self.half = cluster, node, rows // 2

    def advance(self, rows: int, share: int) -> None:
        super().advance(rows, share)
        if self.node is not None and self.rows >= self.half:
            self.cluster.remove_node(self.node, allow_graceful=False)
            self.node = None


@app.command()
def ray(
    rows: int = 40_000, tool: str = "sentiment", prepared: Path = PREPARED, part_rows: int = 1_000, rounds: int = 3
) -> None:
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 200_000_000}
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary) / "in.parquet"
        write(data, tool, rows, prepared)
        results: dict[str, list[float]] = {}
        contents = {}
        for round in range(rounds):
            for name in ("one node", "two nodes", "two nodes, one killed half-way"):
                if round and "killed" in name:
                    continue
                cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
                second = cluster.add_node(**node) if name != "one node" else None
                progress = Killing(cluster, second, rows) if "killed" in name else Timed()
                out = Path(temporary) / f"{name}-{round}"
                job = Job(find_model(tool), [str(data)], out, "text", part_rows)
                run(job, lambda: workers.on_ray(find_model(tool), cluster.address), progress)  # noqa: B023
                cluster.shutdown()
                contents[name] = [path.read_bytes() for path in sorted(out.glob("*.parquet"))]
                results.setdefault(name, []).append(progress.rate(2 if second else 1))
                print(f"  {name}: {results[name][-1]:,.0f} rows/s", flush=True)
        one, two = (statistics.median(results[name]) for name in ("one node", "two nodes"))
        print(f"one node {one:,.0f} rows/s, two {two:,.0f}: efficiency {two / one / 2:.2f}")
        same = all(found == contents["one node"] for found in contents.values())
        print(f"the same bytes, also where a node was killed: {same}")
        sys.exit(not same)


if __name__ == "__main__":
    app()
