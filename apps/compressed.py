"""How pages go out: with what holds from the first moment in their head, where gradio would add it when its own scripts
have run, and compressed: each brings the settings of all its parts, most of which compression takes away. Scripts
and style sheets are compressed by gradio already, and answers must not wait for more of them."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEVEL = 6  # some milliseconds; 9 takes twice as long for a hundredth less
LEAST = 1_000  # bytes
END = b"</head>"


class Compressed:
    """An ASGI application that compresses what it answers at these paths, for browsers that can read it. head: stands
    at the end of each document's head."""

    def __init__(self, app: ASGIApp, paths: Collection[str], head: str):
        self.app, self.paths = app, frozenset(paths)
        self._head = head.encode() + END
        self._compressing = GZipMiddleware(self._with_head, minimum_size=LEAST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._compressing if scope["type"] == "http" and scope["path"] in self.paths else self.app
        await app(scope, receive, send)

    async def _with_head(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}

        async def completed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message  # its length is known when the body is
                return
            if start:
                headers = MutableHeaders(scope=start)
                if headers.get("content-type", "").startswith("text/html") and not message.get("more_body"):
                    message["body"] = message.get("body", b"").replace(END, self._head, 1)
                    headers["content-length"] = str(len(message["body"]))
                await send(start)
                start = {}
            await send(message)

        await self.app(scope, receive, completed)
