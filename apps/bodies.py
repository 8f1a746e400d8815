"""What a request may bring: bounds on its size, its depth and the time it takes, and on all uploads together."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
from gradio.route_utils import GradioMultiPartParser
from starlette.datastructures import UploadFile
from starlette.types import Message, Receive

from .refusal import Refusal

MEGABYTE = 1_000_000
MAX_UPLOAD = 20 * MEGABYTE  # of one file
MAX_REQUEST = MAX_UPLOAD + 100_000  # of one request with files, with what stands around them
MAX_FILES = 10  # of one request
MAX_JSON = 2 * MEGABYTE
MAX_DEPTH, CHUNK = 64, 65_536
SILENCE = 30.0  # seconds in which a request must go on
HOUR = 3600
VISITOR_BYTES, VISITOR_UPLOADS = 200 * MEGABYTE, 200  # of one visitor within an hour,
SERVER_BYTES, SERVER_UPLOADS = 1000 * MEGABYTE, 2000  # and of all together
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
STEP = np.zeros(256, np.int32)  # how a byte of JSON changes the depth
STEP[[ord(c) for c in "[{"]], STEP[[ord(c) for c in "]}"]] = 1, -1


class Uploads:
    """A ledger of the bytes that came in within the last hour, after which uploaded files are deleted: so it bounds
    what lies on the disk. What was cut off or refused counts too."""

    def __init__(self) -> None:
        self._entries: deque[list[Any]] = deque()  # [time, visitor, bytes]

    def begin(self, visitor: str) -> list[Any]:
        """Return a new entry. Raises `Refusal` where the visitor, or all together, have sent too much."""
        entry = [time.monotonic(), visitor, 0]
        self._entries.append(entry)
        try:
            self.add(entry, 0)
        except Refusal:
            self._entries.pop()
            raise
        return entry

    def add(self, entry: list[Any], size: int) -> None:
        """Count more bytes of an upload. Raises `Refusal` as `begin`."""
        entry[2] += size
        while self._entries and self._entries[0][0] < time.monotonic() - HOUR:
            self._entries.popleft()
        own = [e[2] for e in self._entries if e[1] == entry[1]]
        if sum(own) > VISITOR_BYTES or len(own) > VISITOR_UPLOADS:
            raise Refusal(429, "You have uploaded too much within an hour; try again later.")
        if sum(e[2] for e in self._entries) > SERVER_BYTES or len(self._entries) > SERVER_UPLOADS:
            raise Refusal(503, "The server has no room for more files at the moment; try again later.")


class Bounded:
    """A request's body as it is received. Raises `Refusal` where it is too large or stands still."""

    def __init__(
        self, receive: Receive, most: int, length: str | None, uploads: Uploads | None = None, visitor: str = ""
    ):
        self._receive, self._most, self._size = receive, most, 0
        self._uploads, self._entry = uploads, uploads.begin(visitor) if uploads else None
        self.done = False
        self.refusal: Refusal | None = None  # the application may have made something else of it
        if length is not None and length.isdigit() and int(length[:20]) > most:
            raise self._too_large()

    def _too_large(self) -> Refusal:
        return Refusal(413, f"The request is too large; the most is {self._most / MEGABYTE:,.0f} MB.")

    async def __call__(self) -> Message:
        try:
            return await self._next()
        except Refusal as refusal:
            self.refusal = refusal
            raise

    async def _next(self) -> Message:
        if self.done:
            return await self._receive()  # nothing comes any more but the client's leaving
        try:
            message = await asyncio.wait_for(self._receive(), SILENCE)
        except TimeoutError:
            raise Refusal(408, f"The request stood still for {SILENCE:.0f} seconds.") from None
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            if self._uploads and self._entry:
                self._uploads.add(self._entry, len(message.get("body", b"")))
            if self._size > self._most:
                raise self._too_large()
            self.done = not message.get("more_body", False)
        return message

    async def whole(self) -> bytes | None:
        """Return all of it, or None where the client left before its end."""
        parts = []
        while not self.done:
            message = await self()
            if message["type"] != "http.request":
                return None
            parts.append(message.get("body", b""))
        return b"".join(parts)


def parsed(body: bytes) -> Any:
    """Return what JSON says. Raises `Refusal` for what is no JSON, or so deep that a parser might not come back from
    it."""
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(STRING.sub(b"", body)) > MAX_DEPTH:
        raise Refusal(400, f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refusal(400, "The body is not JSON in UTF-8.") from None


def _depth(brackets: bytes) -> int:
    """The most levels of brackets, or a number above what is allowed."""
    most = level = 0
    for start in range(0, len(brackets), CHUNK):
        levels = level + STEP[np.frombuffer(brackets, np.uint8, min(CHUNK, len(brackets) - start), start)].cumsum()
        most, level = max(most, int(levels.max())), int(levels[-1])
        if most > MAX_DEPTH:
            break
    return most


class Parser(GradioMultiPartParser):
    """gradio's own, which keeps no file of an upload that did not come to its end, or that nobody asked for."""

    def __init__(self, *arguments: Any, **settings: Any):
        super().__init__(*arguments, **{**settings, "max_files": MAX_FILES})

    async def parse(self) -> Any:
        kept: set[str] = set()
        try:
            form = await super().parse()
            kept = {file.file.name for file in form.getlist("files") if isinstance(file, UploadFile)}
            return form
        finally:
            for file in self._files_to_close_on_error:
                if file.name not in kept:
                    file.close()
                    Path(file.name).unlink(missing_ok=True)
