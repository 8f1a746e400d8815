"""Pages go out compressed: each brings the settings of all its parts, most of which compression takes away. Scripts and
style sheets are compressed by gradio already, and answers must not wait for more of them."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

LEVEL = 6  # some milliseconds; 9 takes twice as long for a hundredth less
LEAST = 1_000  # bytes


class Compressed:
    """An ASGI application that compresses what it answers at these paths, for browsers that can read it."""

    def __init__(self, app: ASGIApp, paths: Collection[str]):
        self.app, self.paths = app, frozenset(paths)
        self._compressing = GZipMiddleware(app, minimum_size=LEAST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._compressing if scope["type"] == "http" and scope["path"] in self.paths else self.app
        await app(scope, receive, send)
