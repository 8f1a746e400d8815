"""What is sent back: errors become one sentence in JSON, whatever gradio would have said."""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Scope, Send

from .refusal import INTERNAL, NOTHING

UPLOAD = "/gradio_api/upload"
PLAIN = (UPLOAD, "/gradio_api/mcp")  # whose errors the pages' own script, or an MCP client, reads as they are
MAX_ERROR_BYTES = 8_192


class Answer:
    """What is sent. Errors become one sentence in JSON; an answer that has begun is left as it is."""

    def __init__(self, scope: Scope, send: Send):
        self._scope, self._send = scope, send
        self._begun = self._dropped = False
        self._error: Message | None = None  # the head of an error's answer, which waits for its body
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if self._dropped:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            del headers["access-control-allow-credentials"]
            headers["x-content-type-options"] = "nosniff"
            if message["status"] >= (500 if self._scope["path"].startswith(PLAIN) else 400):
                self._error = message
                return
            self._begun = True
        elif self._error:
            self._body += message.get("body", b"")[: MAX_ERROR_BYTES - len(self._body)]
            return
        await self._send(message)

    async def replace(self, response: Response) -> None:
        """Send this instead of what the application began, unless that is on its way already."""
        if self._begun:
            self._dropped = True
            return
        self._begun = True
        await response(self._scope, _nothing, self._send)

    async def finish(self) -> None:
        """Send the error that was held back, if there was one."""
        if self._error is None:
            return
        headers = MutableHeaders(scope=self._error)
        if headers.get("content-type", "").startswith("text/html"):  # the login page
            await self.replace(Response(self._body, self._error["status"], dict(headers)))
            return
        status, sentence = told(self._error["status"], self._body)
        kept = {name: headers[name] for name in ("connection",) if name in headers}
        await self.replace(JSONResponse({"error": sentence, "detail": sentence}, status, kept))


def told(status: int, body: bytes) -> tuple[int, str]:
    """Return status and sentence for an error of gradio's: of what was wrong, never what was sent."""
    try:
        content: Any = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return status, NOTHING if status in (404, 405) else INTERNAL if status >= 500 else "The request does not fit."
    if isinstance(said := content.get("error"), str):
        if status == 500 and said != INTERNAL:  # gradio's only status for what a function complains of
            status = 503 if said.startswith("the server is busy") else 400
        return status, said
    if isinstance(detail := content.get("detail"), str):
        return status, detail if detail != "Not Found" else NOTHING
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        return status, f"{'.'.join(str(part) for part in detail[0].get('loc', ())[1:])}: {detail[0].get('msg')}"
    return status, INTERNAL


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
