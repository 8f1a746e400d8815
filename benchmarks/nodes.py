"""Training on two nodes: are the weights those of one node with two processes, also where a node was killed?

    python benchmarks/nodes.py [--updates 60] [--kills 3] [--seed 1]

A small sentiment model is trained under `torchrun`: by one node with two processes; by two nodes, which find each other
over TCP, with a process each; and by two such nodes, one of which is killed with SIGKILL, once or several times, and
started again, as SLURM or Kubernetes would. Here both nodes are this machine. Exits with 1 where a weight differs by
more than 1e-6 or a figure of the log does.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from safetensors.numpy import load_file

ROOT = Path(__file__).parents[1]
EVALS = 10
RECIPE = """head = "sentiment"
[model]
embedding = 32
hidden = 32
dropout = 0.2
[data]
train = ["{data}"]
[train]
epochs = 1
least_updates = {updates}
evals = {evals}
batch_tokens = 128
bf16 = false
ema = 0.9
[sentiment]
dense = 16
ngrams = 0
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start(recipe: Path, out: Path, nodes: int, processes: int, port: int, host: bool = True) -> subprocess.Popen[bytes]:
    """One node's torchrun, with the command that stands in docs/scale.md. host: whether it is where all meet, which
    elsewhere the address says."""
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nnodes",
        str(nodes),
        "--nproc-per-node",
        str(processes),
        "--max-restarts",
        "100",
        "--rdzv-backend",
        "c10d",
        "--rdzv-endpoint",
        f"127.0.0.1:{port}",
        "--rdzv-id",
        "test",
        "--rdzv-conf",
        f"is_host={int(host)}",
        "--local-addr",
        "127.0.0.1",
        "-m",
        "nlp_gru",
        "train",
        str(recipe),
        "--out",
        str(out),
        "--resume",
        "--overwrite",
    ]
    # The second: with the store that torchrun shares with what it starts, a node that comes later never finds the
    # others.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, env=environment
    )


def finish(nodes: list[subprocess.Popen[bytes]]) -> None:
    for node in nodes:
        _, errors = node.communicate(timeout=900)
        if node.returncode:
            raise RuntimeError(f"a node ended with {node.returncode}: {errors.decode()[-2000:]}")


def kill(node: subprocess.Popen[bytes]) -> None:
    """The node: torchrun and the training that it has started, which is in a session of its own or not."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(node.pid)], capture_output=True, text=True
    ).stdout.split()
    for pid in (node.pid, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    node.communicate()


def logged(out: Path) -> list[dict[str, float]]:
    log = out / "training/log.jsonl"
    lines = log.read_text().splitlines(keepends=True) if log.exists() else []
    return [{**json.loads(line), "time": 0} for line in lines if line.endswith("\n")]


def train_killed(recipe: Path, out: Path, kills: int, draw: random.Random) -> int:
    """Two nodes, of which the second is killed so many times; returns how many came before the end."""
    port = free_port()
    first, second = (start(recipe, out, 2, 1, port, host) for host in (True, False))
    counted = 0
    for i in range(kills):
        at = EVALS * (i + 1) // (kills + 1)
        while first.poll() is None and len(logged(out)) < at:
            time.sleep(0.02)
        time.sleep(draw.uniform(0, 0.2))
        if first.poll() is not None:
            break
        kill(second)
        counted += 1
        second = start(recipe, out, 2, 1, port, host=False)
    finish([first, second])
    return counted


def differences(one: Path, other: Path) -> tuple[float, bool]:
    """The largest difference of a weight, and whether the logs are the same."""
    weights, others = (load_file(folder / "model.safetensors") for folder in (one, other))
    assert set(weights) == set(others)
    largest = max(abs(weights[name].astype(float) - others[name].astype(float)).max() for name in weights)
    return float(largest), logged(one) == logged(other)


def run(updates: int, kills: int, seed: int, separate: bool = True) -> dict[str, tuple[float, bool]]:
    """How far each way's weights are from those of one node, and whether its log is the same. separate: also two nodes
    undisturbed."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        recipe = folder / "recipe.toml"
        data = (ROOT / "data/samples/sentiment.csv").as_posix()
        recipe.write_text(RECIPE.format(data=data, updates=updates, evals=EVALS), encoding="utf-8")
        finish([start(recipe, folder / "one", 1, 2, free_port())])
        found = {}
        if separate:
            port = free_port()
            finish([start(recipe, folder / "two", 2, 1, port, host) for host in (True, False)])
            found["two nodes"] = differences(folder / "one", folder / "two")
        counted = train_killed(recipe, folder / "killed", kills, draw)
        found[f"two nodes, one killed {counted} times"] = differences(folder / "one", folder / "killed")
    return found


def main(updates: int = 60, kills: Annotated[int, typer.Option(min=1)] = 3, seed: int = 1) -> None:
    found = run(updates, kills, seed)
    for way, (largest, same) in found.items():
        print(f"{way}: weights differ by {largest:.1e} at most, the log is {'the same' if same else 'ANOTHER'}")
    sys.exit(any(largest > 1e-6 or not same for largest, same in found.values()))


if __name__ == "__main__":
    typer.run(main)
