"""Requests that nobody means, to every address of the demo, which it starts itself: each must get an answer or one
sentence.

    python benchmarks/fuzz_routes.py [--count 5000] [--seed 1]

Half of them go to an open demo, half to one with a login, most of these without it. They are calls with odd bodies
(deep, huge, cut off, of other types), odd hosts and origins, malformed, oversized and half uploads, raw bytes that are
no HTTP, and visitors who come, ask and leave. Then the demo is ended by SIGTERM while it is busy, and meets a full disk
where a small one can be mounted. Exits with 1 where a request ends or hangs the server, needs more than 5 s of one core
or 500 MB, is let in without a login, is told of the server's inside, or where a word of a request is printed or a file
stays.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer
from demo_process import Demo, demo
from fuzz_client import HTTP_ERRORS, SILENCE, USER, Fuzzer, Tally
from fuzz_requests import CANARY


def ended(running: Demo, tally: Tally, name: str) -> None:
    """End a demo, and look at what it leaves."""
    status = running.end()
    if status != 0:
        tally.failures.append(f"{name}: it ended with {status}")
    if running.folders:
        tally.failures.append(f"{name}: it left {[str(p.name) for p in running.folders]}")
    if CANARY in running.output or "Traceback" in running.output:
        tally.failures.append(f"{name}: it printed {running.output[-500:]!a}")


def busy(where: Path, tally: Tally) -> None:
    """SIGTERM while translations are under way and an upload is half there."""
    with demo(temporary=where) as running:

        def ask() -> None:
            with contextlib.suppress(*HTTP_ERRORS):
                httpx.post(
                    running.url + "gradio_api/run/translate",
                    json={"data": ["The weather is nice. " * 200]},
                    timeout=SILENCE,
                )

        for _ in range(6):
            threading.Thread(target=ask, daemon=True).start()
        with socket.create_connection(tuple(running.url.removeprefix("http://").strip("/").split(":"))) as half:  # type: ignore[arg-type]
            half.sendall(
                b"POST /gradio_api/upload HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data;"
                b' boundary=b\r\ncontent-length: 99999\r\n\r\n--b\r\nContent-Disposition: form-data; name="files";'
                b' filename="a"\r\n\r\n' + b"x" * 5000
            )
            time.sleep(2)
            ended(running, tally, "SIGTERM while busy")


def full_disk(where: Path, tally: Tally) -> str:
    """Uploads to a demo whose temporary files have 4 MB."""
    where.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(where)], capture_output=True).returncode:
        return "not tried: a small disk cannot be mounted here"
    try:
        with demo(temporary=where) as running:
            for _ in range(3):
                answer = httpx.post(
                    running.url + "gradio_api/upload", files={"files": ("a.csv", b"x" * 10_000_000)}, timeout=SILENCE
                )
                if answer.status_code != 507:
                    tally.failures.append(f"full disk: {answer.status_code} {answer.text[:200]!a}")
            Fuzzer(running, False, tally).check("on a full disk, after")
            ended(running, tally, "full disk")
    finally:
        subprocess.run(["umount", str(where)], check=True)
    return "tried"


def run(count: int, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as temporary:
        for closed in (False, True):
            login = {"NLP_GRU_AUTH": ":".join(USER)} if closed else {}
            with demo(temporary=Path(temporary), **login) as running:
                Fuzzer(running, closed, tally).run(count // 2, seed)
                ended(running, tally, "the closed demo" if closed else "the open demo")
        busy(Path(temporary), tally)
        print(f"full disk: {full_disk(Path(temporary) / 'small', tally)}")
    return tally


def main(count: Annotated[int, typer.Option(min=2)] = 5000, seed: int = 1) -> None:
    start = time.monotonic()
    tally = run(count, seed)
    print("| requests | status: how many |\n|---|---|")
    for kind in sorted({kind for kind, _ in tally.kinds}):
        found = sorted((status, n) for (k, status), n in tally.kinds.items() if k == kind)
        print(f"| {kind} | {', '.join(f'{status}: {n:,}' for status, n in found)} |")
    print(
        f"{count:,} requests in {time.monotonic() - start:.0f} s, {len(tally.failures)} failures; at most"
        f" {tally.core_seconds:.1f} s of one core for a request, {tally.megabytes:,.0f} MB more than before"
    )
    for failure in tally.failures[:20]:
        print(failure, file=sys.stderr)
    sys.exit(bool(tally.failures))


if __name__ == "__main__":
    typer.run(main)
