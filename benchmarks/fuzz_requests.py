"""Odd bodies, uploads and bytes: what `benchmarks/fuzz_routes.py` sends."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from fuzz_inputs import text

CANARY = "xylophone"  # in all that is sent; never in what the server prints


KINDS = ("deep", "deep object", "types", "types", "types", "cut", "huge", "keys", "bytes", "number", "empty", "names")


def body(draw: random.Random) -> tuple[str, bytes]:
    """A kind of odd JSON, and its bytes."""
    kind = draw.choice(KINDS)
    depth = draw.choice([10, 63, 64, 65, 990, 20_000, 100_000])
    word = json.dumps(CANARY + text(draw, 200))
    if kind == "deep":
        return kind, b'{"data": ' + b"[" * depth + b"]" * draw.choice([0, depth]) + b"}"
    if kind == "deep object":
        return kind, b'{"data": ' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"
    if kind == "cut":
        whole = f'{{"data": [{word}, "en-fr"]}}'.encode()
        return kind, whole[: draw.randint(0, len(whole))]
    return kind, MAKERS[kind](draw) if kind in MAKERS else _odd(draw, kind)


MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "huge": lambda draw: json.dumps({"data": [(CANARY + " ") * draw.choice([10_000, 100_000, 300_000])]}).encode(),
    "keys": lambda draw: json.dumps(
        {"data": [CANARY], **{f"{CANARY}{i}": i for i in range(draw.choice([10, 1000, 50_000]))}}
    ).encode(),
    "bytes": lambda draw: draw.randbytes(draw.choice([1, 100, 10_000])),
    "number": lambda draw: b'{"data": [' + draw.choice([b"1" * 5000, b"1e999", b"NaN", b"-0", b"1" * 100_000]) + b"]}",
    "empty": lambda draw: draw.choice([b"", b"null", b"[]", b"{}", b'"' + CANARY.encode() + b'"']),
}


def _odd(draw: random.Random, kind: str) -> bytes:
    odd = [
        None,
        True,
        -1,
        10**30,
        0.5,
        CANARY,
        [],
        {},
        [CANARY],
        {CANARY: CANARY},
        {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
    ]
    values = [draw.choice(odd) for _ in range(draw.choice([0, 1, 1, 2, 3, 8]))]
    found: dict[str, Any] = {"data": values} if kind == "types" else {"text": draw.choice(odd), "k": draw.choice(odd)}
    for name in ("fn_index", "session_hash", "event_data", "trigger_id", "event_id", "batched", "simple_format"):
        if draw.random() < 0.2:
            found[name] = draw.choice([*odd, *range(40)])
    return json.dumps(found).encode()


def upload(draw: random.Random) -> tuple[str, str, bytes]:
    """A kind of odd upload, its content type and its bytes."""
    kind = draw.choice(
        ["good", "good", "many", "large", "names", "headers", "no boundary", "no end", "charset", "noise"]
    )
    name = draw.choice(
        [f"{CANARY}.csv", "../../" + CANARY, "a" * 3000, "", "\x01" + CANARY, CANARY + "/" * 50, "con.csv"]
    )
    size = 25_000_000 if kind == "large" and draw.random() < 0.3 else draw.choice([0, 10, 5000, 200_000])
    count = draw.choice([5, 11, 500]) if kind == "many" else 1
    field_name = draw.choice(["other", "files"]) if kind == "names" else "files"
    more = f"x: {CANARY * 2000}\r\n" if kind == "headers" else ""
    part = f'--b\r\nContent-Disposition: form-data; name="{field_name}"; filename="{name}"\r\n{more}\r\n'.encode(
        "utf-8", "replace"
    )
    whole = (part + CANARY.encode()[:size] + b"x" * (size // count) + b"\r\n") * count + (
        b"" if kind == "no end" else b"--b--\r\n"
    )
    if kind == "noise":
        whole = draw.randbytes(5000)
    boundary = "" if kind == "no boundary" else "; boundary=b"
    return kind, f"multipart/form-data{boundary}" + ("; charset=nothing" if kind == "charset" else ""), whole


def raw(draw: random.Random, host: str) -> tuple[str, bytes]:
    """Bytes that are no request, or only half of one."""
    path = draw.choice(["/gradio_api/run/sentiment", "/gradio_api/upload", "/", "/gradio_api/heartbeat/" + CANARY])
    head = f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
    kind = draw.choice(
        ["half head", "half body", "wrong chunks", "half chunks", "lengths", "noise", "long head", "line"]
    )
    if kind == "half head":
        return kind, head[: draw.randint(1, len(head))].encode()
    if kind == "half body":
        return kind, f'{head}content-length: 5000\r\n\r\n{{"data": ["{CANARY}'.encode()
    if kind == "wrong chunks":
        return (
            kind,
            f"{head}transfer-encoding: chunked\r\n\r\n{draw.choice(['zz', '-5', 'f' * 50])}\r\n{CANARY}\r\n".encode(),
        )
    if kind == "half chunks":
        return kind, f'{head}transfer-encoding: chunked\r\n\r\n9\r\n{{"data": \r\n'.encode()
    if kind == "lengths":
        length = draw.choice(["-1", "abc", "1" * 50, "5\r\ncontent-length: 6", "5\r\ntransfer-encoding: chunked"])
        return kind, f"{head}content-length: {length}\r\n\r\n{CANARY}".encode()
    if kind == "long head":
        return kind, f"{head}x: {CANARY * 20_000}\r\n\r\n".encode()
    return kind, draw.randbytes(2000) if kind == "noise" else f"{CANARY}\r\n\r\n".encode()
