"""The door in front of the pages and endpoints: which hosts, visitors, addresses and bodies come in, and what goes out when
something fails. It is closed by default: what is not listed here is not served, whatever gradio adds."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
from collections import Counter
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from nlp_gru.apps import log
from nlp_gru.apps.bodies import MAX_JSON, MAX_REQUEST, Bounded, Uploads, parsed
from nlp_gru.apps.calls import CALL, Calls
from nlp_gru.apps.login import MAX_FORM_BYTES, Accounts, page, wants_page
from nlp_gru.apps.refusal import CLOSED, INTERNAL, NOTHING, Refusal
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MAX_OPEN = 1_000  # requests that are being answered, heartbeats among them
READ = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/(static|assets|svelte)/.+|/logout"
    r"|/gradio_api/(theme\.css|info/?|openapi\.json|startup-events|app_id/?|user/?|login_check/?|queue/(data|status)|upload_progress"
    r"|heartbeat/[\w-]{1,100}|call/(v2/)?[^/]+/[^/]+|file=(?!(?i:https?):).+)"
)
UPLOAD = "/gradio_api/upload"
WRITE = re.compile(r"/login/?|/gradio_api/((run|api|call|call/v2)/[^/]+/?|queue/join|cancel|reset/?|upload)")
MCP = re.compile(r"/gradio_api/mcp(/.*)?")
STARTED = "/gradio_api/startup-events"  # gradio asks it of itself, and it tells nothing
HEARTBEAT = "/gradio_api/heartbeat/"
PLAIN = (UPLOAD, "/gradio_api/mcp")  # whose errors the pages' own script, or an MCP client, reads as they are


class Guard:
    """An ASGI application around gradio's.

    hosts: names, beside this machine's own, under which it is reached; accounts: None lets everyone in; pages: paths of pages;
    connected: counts the open connections of each session.
    """

    def __init__(self, app: ASGIApp, calls: Calls, connected: Counter[str], pages: Collection[str] = (),
                 hosts: Collection[str] = (), accounts: Accounts | None = None):  # fmt: skip
        self.app, self.calls, self.accounts, self.uploads = app, calls, accounts, Uploads()
        self.connected = connected
        self.pages = {f"/{page}{end}" for page in pages for end in ("", "/")}
        self.hosts = {*LOOPBACK, *(host.lower() for host in hosts)}
        self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            self.open += 1
            answer = Answer(scope, send)
            try:
                await self._serve(scope, receive, answer)
                await answer.finish()
            except Refusal as refusal:
                await answer.replace(refusal.response(plain=scope["path"] == UPLOAD))
            except Exception as error:
                log.report(error)
                await answer.replace(JSONResponse({"error": INTERNAL}, 500))
            finally:
                self.open -= 1

    async def _serve(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        request = Request(scope)
        path = scope["path"]
        if self.open > MAX_OPEN:
            raise Refusal(503, "The server is busy: too many requests are open; try again in a moment.")
        self._check_host(request)
        visitor = self._visitor(request)
        if visitor is None and path.rstrip("/") != "/login" and path != STARTED:
            await self._ask_for_login(request)(scope, receive, answer)
            return
        self._check_path(request.method, path)
        length = request.headers.get("content-length")
        if path.rstrip("/") == "/login":
            body = await Bounded(receive, MAX_FORM_BYTES, length).whole()
            if body is not None and self.accounts:
                await self.accounts.answer(request, body)(scope, receive, answer)
        elif path == "/logout" and self.accounts:
            await self.accounts.leave(request)(scope, receive, answer)
        elif path == UPLOAD:
            await self._bounded(scope, Bounded(receive, MAX_REQUEST, length, self.uploads, visitor or ""), answer)
        elif request.method == "POST":
            await self._call(scope, Bounded(receive, MAX_JSON, length), answer)
        elif path.startswith(HEARTBEAT):
            await self._heartbeat(path.removeprefix(HEARTBEAT), scope, Bounded(receive, MAX_FORM_BYTES, length), answer)
        else:
            await self._bounded(scope, Bounded(receive, MAX_FORM_BYTES, length), answer)

    async def _heartbeat(self, session: str, scope: Scope, receive: Bounded, answer: Answer) -> None:
        self.connected[session] += 1
        try:
            await self._bounded(scope, receive, answer)
        finally:
            self.connected[session] -= 1
            if not self.connected[session]:
                del self.connected[session]

    def _check_host(self, request: Request) -> None:
        """Raises `Refusal` for a name that is not this server's (a foreign name may have been pointed at this machine), and for
        a foreign page's request."""
        own = (request.scope.get("server") or ("",))[0]  # by its number, where it listens to other machines
        for given in (*request.headers.getlist("host"), *request.headers.getlist("x-forwarded-host")):
            if not self._is_allowed(f"//{given}", own):
                raise Refusal(
                    403, "This host name is not served; if it is this server's, start it with --allow-host NAME."
                )
        if "host" not in request.headers:
            raise Refusal(400, "The header Host is missing.")
        origin = request.headers.get("origin")
        fetched = (request.headers.get("sec-fetch-site"), request.headers.get("sec-fetch-mode"))
        if (origin is not None and not self._is_allowed(origin, own)) or (
            origin is None and fetched[0] == "cross-site" and fetched[1] != "navigate"
        ):
            raise Refusal(
                403, "Pages of other servers may not call this one; if yours may, start it with --allow-host NAME."
            )

    def _is_allowed(self, address: str, own: str) -> bool:
        try:
            name = urlsplit(address).hostname or ""
        except ValueError:
            return False
        return name in self.hosts or (name == own and _is_number(name))

    def _visitor(self, request: Request) -> str | None:
        """Return who asks, or None where a login is missing."""
        if self.accounts:
            return self.accounts.name_of(request)
        return request.client.host if request.client else "unknown"

    def _ask_for_login(self, request: Request) -> Response:
        if request.method == "GET" and wants_page(request):
            return page(request)
        return JSONResponse({"error": CLOSED, "detail": CLOSED}, 401, {"connection": "close"})

    def _check_path(self, method: str, path: str) -> None:
        readable = bool(READ.fullmatch(path)) or path in self.pages
        known = {"GET": readable, "HEAD": readable, "POST": bool(WRITE.fullmatch(path)), "OPTIONS": True}
        if not MCP.fullmatch(path) and not known.get(method):
            raise Refusal(404, NOTHING)

    async def _call(self, scope: Scope, receive: Bounded, answer: Answer) -> None:
        """Serve a request whose body is JSON, and give up when the client leaves."""
        headers, path = MutableHeaders(scope=scope), scope["path"]
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, "The body is JSON: send it with the header content-type: application/json.")
        body = await receive.whole()
        if body is None:
            return
        given = await asyncio.to_thread(parsed, body) if len(body) > 50_000 else parsed(body)
        if (mended := self.calls.mended(path, given)) is not given:
            body = json.dumps(mended).encode()
        del headers["transfer-encoding"]
        headers["content-length"] = str(len(body))
        first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        left = asyncio.Event()

        async def again() -> Message:
            if first:
                return first.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        if not CALL.fullmatch(path):
            await self.app(scope, _joined(first, receive), answer)
            return
        work = asyncio.ensure_future(self.app(scope, again, answer))
        watch = asyncio.create_task(_until_gone(receive))
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            left.set()
            work.cancel()
        watch.cancel()
        await asyncio.wait({work})
        if not work.cancelled() and (error := work.exception()):
            raise error

    async def _bounded(self, scope: Scope, receive: Bounded, answer: Answer) -> None:
        try:
            await self.app(scope, receive, answer)
        except Exception:
            if receive.refusal is None:
                raise
        if receive.refusal:
            raise receive.refusal


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
            self._body += message.get("body", b"")[: MAX_FORM_BYTES - len(self._body)]
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


def _is_number(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _joined(first: list[Message], receive: Receive) -> Receive:
    async def joined() -> Message:
        return first.pop() if first else await receive()

    return joined


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
