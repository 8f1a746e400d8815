"""The door in front of the pages: who and what comes in, and what is told to the others."""

import base64
import re

import httpx
import pytest
from nlp_gru.apps import guard
from nlp_gru.apps.sessions import Sessions
from starlette.routing import Mount

pytestmark = pytest.mark.slow


def routes(app, prefix=""):
    """Every (method, path) of an application, with its parameters filled in."""
    for route in app.routes:
        if hasattr(route, "original_router"):  # of newer versions of FastAPI
            yield from routes(route.original_router, prefix)
            continue
        path = prefix + re.sub(r"\{(\w+)(:\w+)?\}", lambda m: {"fn_index": "0"}.get(m[1], "zz"), route.path)
        if isinstance(route, Mount):
            yield from (((method, path)) for method in ("GET", "POST", "DELETE"))
            yield from routes(route, path)
        else:
            yield from ((method, path) for method in sorted(route.methods or ("GET",)))


def test_without_a_login_no_route_does_or_tells_anything(closed_page, tmp_path, monkeypatch):
    """All routes, gradio's own among them: a new version may bring new ones."""
    holder = closed_page.app.state_holder
    body = {"data": ["hi"], "session_hash": "zz", "fn_index": 0, "event_data": None}
    swept = {
        *routes(closed_page.app),
        ("GET", "/gradio_api/file=/etc/hostname"),
        ("POST", "/gradio_api/component_server"),
    }
    assert len(swept) > 80
    for method, path in sorted(swept):
        if path.startswith("/login") or (method, path) == guard.STARTED:
            continue
        for more in ({"json": body}, {"files": {"files": b"x" * 1000}}, {"headers": {"accept": "text/html"}}):
            answer = httpx.request(method, closed_page.url + path[1:], **more)
            assert answer.status_code == 401, (method, path)
            told = answer.text.replace(f'value="{path}"', "")
            assert not any(word in told for word in ("shout", "remember", "session", "config", "anna", "gradio")), (
                method,
                path,
                told,
            )
    assert not holder.session_data and not holder.connected and not len(holder._empty)
    assert not closed_page._queue.event_ids_to_events and not closed_page._queue.pending_messages_per_session
    assert not closed_page.upload_file_set


def test_a_login_opens_them(closed_page):
    for headers in (
        {},
        {"authorization": "Basic eA=="},
        {"authorization": "Bearer " + base64.b64encode(b"bert:y").decode()},
    ):
        assert httpx.get(closed_page.url + "config", headers=headers).status_code == 401
    for scheme in ("Basic", "bearer"):
        value = base64.b64encode("anna:sécret:1".encode()).decode()
        assert httpx.get(closed_page.url + "config", headers={"authorization": f"{scheme} {value}"}).status_code == 200
    with httpx.Client(base_url=closed_page.url) as client:
        wrong = client.post("login", data={"username": "anna", "password": "x"})
        assert wrong.status_code == 401 and not wrong.cookies
        right = client.post("login", data={"username": "anna", "password": "sécret:1"})
        assert right.json() == {"success": True}
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie.replace("sécret", "")
        assert client.post("gradio_api/run/shout", json={"data": ["hi"]}).json()["data"] == ["HIHI"]
        assert client.get("logout").status_code == 303
    assert httpx.get(closed_page.url + "config", cookies=dict(right.cookies)).status_code == 401


def test_the_cookie_is_secure_behind_tls(closed_page):
    answer = httpx.post(
        closed_page.url + "login", data={"username": "bert", "password": "x"}, headers={"x-forwarded-proto": "https"}
    )
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_a_browser_is_shown_the_login_page_and_led_back(closed_page):
    page = {"accept": "text/html"}
    shown = httpx.get(closed_page.url, headers=page)
    assert shown.status_code == 401 and 'name="password"' in shown.text
    for target, led in (
        ("/sentiment", "/sentiment"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
    ):
        fields = {"username": "bert", "password": "x", "next": target}
        answer = httpx.post(closed_page.url + "login", data=fields, headers=page)
        assert answer.status_code == 303 and answer.headers["location"] == led
    assert "do not fit" in httpx.post(closed_page.url + "login", data={"username": "bert"}, headers=page).text


@pytest.mark.parametrize(
    "header",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "localhost.evil.example:80"},
        {"host": "10.0.0.1"},
        {"x-forwarded-host": "evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://[::1"},
        {"origin": "http://127.0.0.1@evil.example"},
        {"host": "demo.example", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    ],
)
def test_other_hosts_and_origins_are_refused(open_page, header):
    for method, path in (("GET", "config"), ("POST", "gradio_api/run/shout"), ("OPTIONS", "gradio_api/run/shout")):
        answer = httpx.request(method, open_page.url + path, headers=header)
        assert answer.status_code == 403 and "access-control-allow-origin" not in answer.headers
        assert "--allow-host" in answer.json()["error"]


@pytest.mark.parametrize(
    "header",
    [
        {"host": "localhost:1"},
        {"host": "demo.example"},
        {"origin": "http://localhost:3000"},
        {"host": "[::1]:7860"},
        {"origin": "https://demo.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_this_machine_and_allowed_hosts_are_served(open_page, header):
    answer = httpx.get(open_page.url + "config", headers=header)
    assert answer.status_code == 200 and "access-control-allow-credentials" not in answer.headers


def test_connections_of_strangers_take_nobodys_place(open_page, monkeypatch):
    """Those who only come and go have nothing that must be kept; those who store something have their own places."""
    holder = open_page.app.state_holder
    monkeypatch.setattr(holder, "capacity", 3)
    remember = {"data": ["a", None], "fn_index": 0}
    with httpx.Client(base_url=open_page.url) as client:

        def tell(name):
            begun = client.post("gradio_api/queue/join", json={**remember, "session_hash": name})
            assert begun.status_code == 200
            return client.get("gradio_api/queue/data", params={"session_hash": name}).text

        with client.stream("GET", "gradio_api/heartbeat/anna") as alive:
            lines = alive.iter_raw()
            next(lines)
            assert '"a"' in tell("anna")
            for i in range(50):
                with client.stream("GET", f"gradio_api/heartbeat/z{i}") as stranger:
                    next(stranger.iter_raw())
            assert set(holder.session_data) == {"anna"}
            for i in range(8):
                tell(f"stranger{i}")
            assert len(holder.session_data) == 3 and '"a, a"' in tell("anna")


def test_bounds_of_sessions_leave_open_ones_alone(open_page, monkeypatch):
    holder = Sessions(open_page)
    holder.capacity = 2
    for name in ("a", "b"):
        holder.connected[name] = 1
        holder[name][open_page.blocks and next(iter(open_page.blocks))] = None
        holder.keep(holder[name])
    holder.keep(holder["c"])
    assert set(holder.session_data) == {"a", "b"}
    holder.session_data["b"].is_closed = True
    holder.keep(holder["c"])
    assert set(holder.session_data) == {"a", "c"}
    open_page.app.state_holder.set_blocks(open_page)
