"""A visitor, or a member with a login, who sends a demo odd requests and judges what comes of each: for
`benchmarks/fuzz_routes.py`."""

from __future__ import annotations

import contextlib
import json
import random
import re
import socket
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from demo_process import Demo
from fuzz_http import INSIDE
from fuzz_inputs import text
from fuzz_requests import CANARY, body, raw, upload

CORE_SECONDS, MEGABYTES, SILENCE = 5.0, 500.0, 60.0
USER = ("anna", "secret-of-anna")
ENDPOINTS = ["sentiment", "suggest", "generate", "translate", "chat", "score", "inspect"]
WARM_UP: list[tuple[str, list[Any]]] = [
    ("sentiment", ["Hi."]),
    ("suggest", ["See "]),
    ("translate", ["Hi."]),
    ("translate", ["Oui.", "fr-en"]),
    ("chat", ["Hi."]),
    ("score", ["Hi.", ["Hi."]]),
    ("inspect", ["Hi."]),
]
HOSTS = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost",
    "[::1]",
    "10.0.0.1",
    "",
    "a" * 5000,
    "127.0.0.1:99999",
    "[",
    "xn--9ca.example",
]
ORIGINS = [
    "http://evil.example",
    "null",
    "http://127.0.0.1",
    "http://[::1",
    "file://",
    "",
    "http://127.0.0.1@evil.example",
    "a" * 5000,
]
TYPES = [
    "application/json",
    "application/json",
    "text/plain",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "application/xml",
    "",
    "application/json; charset=utf-16",
    "multipart/form-data; boundary=" + "b" * 5000,
]
METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]
OPEN_STATUS = {400, 401, 403, 404, 408, 413, 415, 501}  # without a login
HTTP_ERRORS = (httpx.HTTPError, OSError, ValueError)


@dataclass
class Tally:
    """What came of all requests."""

    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    core_seconds: float = 0.0
    megabytes: float = 0.0


def paths() -> list[str]:
    """Every path that gradio knows, with its parameters filled in."""
    import gradio as gr
    from gradio.routes import App

    with gr.Blocks(analytics_enabled=False) as page:
        gr.Textbox()

    def of(routes: Any) -> Iterator[str]:
        for route in routes:
            if hasattr(route, "original_router"):
                yield from of(route.original_router.routes)
            elif hasattr(route, "path"):
                yield re.sub(r"\{.*?\}", CANARY, route.path)

    return sorted(
        {
            *of(App.create_app(page).routes),
            "/",
            "/sentiment",
            "/gradio_api/file=/etc/passwd",
            f"/gradio_api/file={CANARY}",
        }
    )


class Fuzzer:
    """Sends requests to a demo; `closed` where it asks for a login."""

    def __init__(self, running: Demo, closed: bool, tally: Tally, warm_up: Collection[str] = ENDPOINTS):
        self.demo, self.closed, self.tally = running, closed, tally
        self.client = httpx.Client(base_url=running.url, timeout=SILENCE, follow_redirects=False)
        self.member = httpx.Client(base_url=running.url, timeout=SILENCE, auth=USER if closed else None)
        self.paths, self.warm_up = paths(), warm_up
        self.host = running.url.removeprefix("http://").strip("/")

    def send(self, draw: random.Random) -> tuple[str, str, str, bool]:
        """One request: its kind, with its address, what came of it, what came back, and whether it had a login."""
        kind = draw.choice(["call", "call", "call", "route", "route", "host", "upload", "raw", "visit"])
        known = not self.closed or draw.random() < 0.3
        client = self.member if known else self.client
        if kind == "raw":
            said, status = self._raw(draw)
            return kind, status, said, True
        if kind == "visit":
            return kind, self._visit(draw, client), "", known
        method, path, headers, content = "POST", "/", {}, b""
        if kind == "upload":
            _, headers["content-type"], content = upload(draw)
            path = "/gradio_api/upload" + draw.choice(["", f"?upload_id={CANARY}"])
        elif kind == "call":
            base = draw.choice(["run", "api", "call", "call/v2"])
            path = draw.choice(
                [
                    f"/gradio_api/{base}/{draw.choice([*ENDPOINTS, CANARY])}",
                    "/gradio_api/queue/join",
                    "/gradio_api/cancel",
                    "/gradio_api/reset",
                ]
            )
            headers["content-type"] = draw.choice(TYPES)
            _, content = body(draw)
        else:
            method, path = draw.choice(METHODS), draw.choice(self.paths)
            if method == "POST":
                headers["content-type"] = draw.choice(TYPES)
                _, content = body(draw)
        if kind == "host":
            headers |= (
                {draw.choice(["host", "x-forwarded-host"]): draw.choice(HOSTS)}
                if draw.random() < 0.6
                else {"origin": draw.choice(ORIGINS)}
            )
        given = [(name.encode(), value.encode("utf-8")) for name, value in headers.items()]
        with client.stream(method, path, headers=given, content=content) as answer:
            said = ""
            for chunk in answer.iter_raw():
                said += chunk.decode("utf-8", "replace")
                if "event-stream" in answer.headers.get("content-type", "") or len(said) > 2_000_000:
                    break  # it would go on for as long as we listen
        if path == "/gradio_api/startup-events":
            known = True  # which tells nothing
        return f"{kind} {method} {path}", str(answer.status_code), said, known

    def _raw(self, draw: random.Random) -> tuple[str, str]:
        host, _, port = self.host.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=SILENCE) as connection:
            _, content = raw(draw, self.host)
            with contextlib.suppress(OSError):
                connection.sendall(content)
                connection.settimeout(0.1)
                said = connection.recv(10_000).decode("utf-8", "replace")
                return said, said[9:12]
        return "", "left"

    def _visit(self, draw: random.Random, client: httpx.Client) -> str:
        """A visitor who opens a page, perhaps asks, and leaves without waiting."""
        session = f"{CANARY}{draw.randrange(10**9)}"
        if draw.random() < 0.5:
            with client.stream("GET", f"/gradio_api/heartbeat/{session}") as answer:
                return str(answer.status_code)
        data = [CANARY + " " + text(draw, 100), draw.choice(["en-fr", "fr-en"])]
        begun = client.post(
            "/gradio_api/call/translate",
            content=json.dumps({"data": data}),
            headers={"content-type": "application/json"},
        )
        if begun.status_code == 200 and draw.random() < 0.5:
            with client.stream("GET", f"/gradio_api/call/translate/{begun.json()['event_id']}"):
                pass
        return str(begun.status_code)

    def run(self, count: int, seed: int) -> None:
        for name, data in WARM_UP:  # what follows pays for no model
            if name in self.warm_up:
                self.member.post(f"/gradio_api/run/{name}", json={"data": data}).raise_for_status()
        self.check("before")
        base = self.demo.megabytes()
        for i in range(count):
            used = self.demo.core_seconds()
            kind, status, said, known = self._sent(random.Random(f"{seed}-{self.closed}-{i}"))
            used = self.demo.core_seconds() - used
            self.tally.core_seconds = max(self.tally.core_seconds, used)
            if i % 50 == 0:
                self.tally.megabytes = max(self.tally.megabytes, self.demo.megabytes() - base)
            wrong = self.wrong(kind, status, said, known)
            if used > CORE_SECONDS:
                wrong = f"{used:.1f} s of one core"
            self.tally.kinds[kind.split()[0], "failed" if wrong else status] += 1
            if wrong:
                self.tally.failures.append(
                    f"request {i} of the {'closed' if self.closed else 'open'} demo, {kind}, {status}: {wrong}:"
                    f" {said[:200]!a}"
                )
            if self.demo.process.poll() is not None:
                self.tally.failures.append(f"request {i}: the server has ended with {self.demo.process.returncode}")
                return
        self.check("after")
        if self.tally.megabytes > MEGABYTES:
            self.tally.failures.append(f"{self.tally.megabytes:,.0f} MB more than before")

    def _sent(self, draw: random.Random) -> tuple[str, str, str, bool]:
        """What `send` gives, or that there was no answer."""
        try:
            return self.send(draw)
        except HTTP_ERRORS as error:
            # Broken off by either side, which HTTP allows in the middle of a request that is refused.
            is_silent = isinstance(error, httpx.TimeoutException | ConnectionRefusedError)
            kind = "failed" if is_silent or self.demo.process.poll() is not None else "broken off"
            return kind, type(error).__name__, str(error), True

    def wrong(self, kind: str, status: str, said: str, known: bool) -> str:
        if kind == "failed":
            return "no answer"
        if kind in ("raw", "broken off") or not status.isdigit():
            return ""
        if not known and int(status) not in OPEN_STATUS:
            return "answered without a login"
        if int(status) >= 400 and INSIDE.search(said):
            return "it tells of its inside"
        if int(status) == 500 and "went wrong inside" not in said:
            return "an error without a sentence"
        return ""

    def check(self, when: str) -> None:
        """The server does what it is for."""
        try:
            answer = self.member.post("/gradio_api/run/sentiment", json={"data": ["I loved it"]}).json()
            good = answer["data"][0]["label"] == "positive"
        except (*HTTP_ERRORS, KeyError) as error:
            good, answer = False, f"{type(error).__name__}: {error}"
        if not good:
            self.tally.failures.append(f"{when} the requests it does not answer: {answer}")
