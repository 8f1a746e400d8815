"""Who may come in: names with passwords, the page that asks for them, and the cookie that remembers a visitor."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

FORM = Template(Path(__file__).with_name("login.html").read_text(encoding="utf-8"))
WRONG = "This name and password do not fit."
MAX_FORM_BYTES, MAX_LOGINS = 8_192, 10_000
NAME = "nlp-gru-user"  # a cookie that opens nothing: under whose name the browser keeps what stands in the pages


class Accounts:
    """The names and passwords, and the cookies of those who have logged in. The login page is this server's own: it
    shows nothing of the pages behind it and needs no file of theirs."""

    def __init__(self, users: Sequence[tuple[str, str]]):
        self._passwords = {name: password.encode() for name, password in users}
        self._logins: OrderedDict[str, str] = OrderedDict()  # the name of each cookie's owner, oldest first
        self.internal = secrets.token_urlsafe(32)  # of calls that the server sends to itself, for an MCP client
        # Browsers keep cookies by host, not by port: two servers on one machine must not overwrite each other's.
        self.cookie = f"nlp-gru-{secrets.token_hex(4)}"

    def name_of(self, request: Request) -> str | None:
        """Return the name that a request has shown to be its own, by cookie or by an Authorization header."""
        if name := self._logins.get(request.cookies.get(self.cookie, "")):
            return name
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("basic", "bearer"):
            return None
        if hmac.compare_digest(value.encode(), self.internal.encode()):
            return "nlp-gru"
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None
        return name if self.fit(name, password) else None

    def fit(self, name: str, password: str) -> bool:
        """Return whether this is one of the users, in a time that does not tell how much of it was right."""
        known = self._passwords.get(name, secrets.token_bytes(16))
        return hmac.compare_digest(known, password.encode("utf-8", "replace")) and name in self._passwords

    def answer(self, request: Request, body: bytes) -> Response:
        """Return the answer to POST /login: a page to browsers, JSON to programs."""
        try:
            fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
        except ValueError:  # more fields than a login has
            fields = {}
        name, password, target = (fields.get(key, [""])[0] for key in ("username", "password", "next"))
        if not self.fit(name.strip(), password):
            return page(request, WRONG) if wants_page(request) else JSONResponse({"error": WRONG, "detail": WRONG}, 401)
        response: Response = JSONResponse({"success": True})
        if wants_page(request):
            response = RedirectResponse(target if re.fullmatch(r"/[\w-]*", target) else "/", 303)
        token = secrets.token_urlsafe(32)
        self._logins[token] = name.strip()
        if len(self._logins) > MAX_LOGINS:
            self._logins.popitem(last=False)
        secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        response.set_cookie(self.cookie, token, httponly=True, samesite="lax", secure=secure)
        response.set_cookie(NAME, quote(name.strip()), samesite="lax", secure=secure)
        return response

    def leave(self, request: Request) -> Response:
        """Return the answer to GET /logout, after which the cookie is worth nothing."""
        self._logins.pop(request.cookies.get(self.cookie, ""), None)
        response = RedirectResponse("/", 303)
        response.delete_cookie(self.cookie)
        response.delete_cookie(NAME)
        return response


def wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def page(request: Request, message: str = "") -> Response:
    """Return the page that asks for name and password, with status 401."""
    path = request.url.path if re.fullmatch(r"/[\w-]*", request.url.path) and request.url.path != "/login" else "/"
    return HTMLResponse(FORM.substitute(next=path, message=message), 401)
