"""Requests a second that one server process answers, and two: each with a port of its own, clients going to them in
turn.

    python benchmarks/servers.py [--servers 1,2] [--clients 8] [--seconds 20]

A request is one to the endpoint `sentiment`, with a review of a hundred characters or so, over a connection that stays
open, as a reverse proxy holds it. Exits with 1 where one is not answered.
"""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from itertools import cycle

import typer

TEXT = "The film is long, but the cast is so good that you hardly notice it, and the ending is worth the wait."
PATIENCE = 180  # seconds for a server to begin


def start() -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-m", "nlp_gru", "demo", "sentiment", "--no-browser", "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL), port


def ask(connection: http.client.HTTPConnection) -> None:
    body = json.dumps({"data": [TEXT]})
    connection.request("POST", "/gradio_api/run/sentiment", body, {"content-type": "application/json"})
    answer = json.load(connection.getresponse())
    if answer["data"][0]["label"] not in ("positive", "neutral", "negative"):
        raise RuntimeError(f"no verdict but {answer}")


def wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30))
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def client(port: int, end: float, times: list[float], errors: list[Exception]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        while (begun := time.monotonic()) < end:
            ask(connection)
            times.append(time.monotonic() - begun)
    except Exception as error:
        errors.append(error)


def main(servers: str = "1,2", clients: int = 8, seconds: float = 20) -> None:
    one = None
    for count in map(int, servers.split(",")):
        started = [start() for _ in range(count)]
        try:
            for _, port in started:
                wait_for(port)
            times: list[float] = []
            errors: list[Exception] = []
            ports, end = cycle(port for _, port in started), time.monotonic() + seconds
            threads = [threading.Thread(target=client, args=(next(ports), end, times, errors)) for _ in range(clients)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            for process, _ in started:
                process.terminate()
            for process, _ in started:
                process.wait()
        rate = len(times) / seconds
        one = one or rate
        slow = sorted(times)[len(times) * 95 // 100] if times else float("nan")
        print(
            f"{count} servers, {clients} clients: {rate:.1f} requests/s, {rate / one:.2f} times; "
            f"p50 {1000 * statistics.median(times):.0f} ms, p95 {1000 * slow:.0f} ms; {len(errors)} errors",
            flush=True,
        )
        if errors:
            sys.exit(f"{errors[0]!r}")


if __name__ == "__main__":
    typer.run(main)
