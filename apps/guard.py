"""The door in front of the pages and endpoints: which hosts, visitors, addresses and bodies come in, and what goes out
when something fails. It is closed by default: what is not listed here is not served, whatever gradio adds."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import json
import re
from collections import Counter
from collections.abc import Collection
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import frame, log
from .answer import UPLOAD, Answer
from .bodies import MAX_JSON, MAX_REQUEST, Bounded, Uploads, parsed
from .calls import CALL, Calls
from .login import MAX_FORM_BYTES, Accounts, page, wants_page
from .refusal import CLOSED, FULL, INTERNAL, NOTHING, Refusal

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MAX_OPEN = 1_000  # requests that are being answered, heartbeats among them
READ = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/(static|assets|svelte)/.+|/logout"
    r"|/gradio_api/(theme\.css|info/?|openapi\.json|startup-events|app_id/?|user/?|login_check/?|queue/(data|status)|upload_progress"
    r"|heartbeat/[\w-]{1,100}|call/(v2/)?[^/]+/[^/]+|file=(?!(?i:https?):).+)"
)
WRITE = re.compile(r"/gradio_api/((run|api|call|call/v2)/[^/]+/?|queue/join|cancel|reset/?|upload)")
MCP = re.compile(r"/gradio_api/mcp(/.*)?")
STARTED = ("GET", "/gradio_api/startup-events")  # gradio asks it of itself, and it tells nothing
LOGIN = ("/login", "/login/")
HEARTBEAT = "/gradio_api/heartbeat/"
VISITOR = "x-nlp-gru-visitor"  # the name of who has logged in, as the pages find it


class Guard:
    """An ASGI application around gradio's.

    hosts: names, beside this machine's own, under which it is reached; accounts: None lets everyone in; pages: path and
    name of each page; connected: counts the open connections of each session.
    """

    def __init__(
        self,
        app: ASGIApp,
        calls: Calls,
        connected: Counter[str],
        pages: Collection[tuple[str, str]] = (),
        hosts: Collection[str] = (),
        accounts: Accounts | None = None,
    ):
        self.app, self.calls, self.accounts, self.uploads = app, calls, accounts, Uploads()
        self.connected = connected
        self.named = list(pages)
        self.pages = {f"/{path}{end}" for path, _ in pages if path for end in ("", "/")}
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
                await answer.replace(self._told(Request(scope), refusal))
            except Exception as error:
                log.report(error)
                full = isinstance(error, OSError) and error.errno == errno.ENOSPC
                failure = Refusal(507, FULL) if full else Refusal(500, INTERNAL)
                await answer.replace(failure.response(plain=scope["path"] == UPLOAD))
            finally:
                self.open -= 1

    def _told(self, request: Request, refusal: Refusal) -> Response:
        """Return the answer to a request that is not served: a page with links to a browser that is lost."""
        if refusal.sentence == NOTHING and request.method == "GET" and wants_page(request) and self.named:
            return HTMLResponse(frame.missing(self.named), refusal.status)
        return refusal.response(plain=request.url.path == UPLOAD)

    async def _serve(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        request = Request(scope)
        path = scope["path"]
        if self.open > MAX_OPEN:
            raise Refusal(503, "The server is busy: too many requests are open; try again in a moment.")
        self._check_host(request)
        visitor = self._visitor(request)
        if visitor is None and path not in LOGIN and (request.method, path) != STARTED:
            await self._ask_for_login(request)(scope, receive, answer)
            return
        headers = MutableHeaders(scope=scope)
        del headers[VISITOR]  # only this server says who asks
        if self.accounts and visitor:
            headers[VISITOR] = quote(visitor)
        length = request.headers.get("content-length")
        if path in LOGIN and self.accounts:
            body = await Bounded(receive, MAX_FORM_BYTES, length).whole()
            if body is not None:
                response = self.accounts.answer(request, body) if request.method == "POST" else page(request)
                await response(scope, receive, answer)
            return
        self._check_path(request.method, path)
        if path == "/logout" and self.accounts:
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
        """Raises `Refusal` for a name that is not this server's (a foreign name may have been pointed at this machine),
        and for a foreign page's request."""
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
        read, write = bool(READ.fullmatch(path)) or path in self.pages, bool(WRITE.fullmatch(path))
        known = {"GET": read, "HEAD": read, "POST": write, "OPTIONS": read or write}
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
        given = parsed(body)
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
