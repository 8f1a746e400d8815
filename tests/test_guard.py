"""The door in front of the pages: who and what comes in, and what is told to the others."""

import asyncio
import base64
import json
import re

import gradio as gr
import httpx
import pytest
from nlp_gru.apps import bodies, endpoints, guard, serving
from nlp_gru.apps.bodies import Uploads, parsed
from nlp_gru.apps.refusal import Refusal
from starlette.routing import Mount

from nlp_gru.errors import UserError

USERS = [("anna", "sécret:1"), ("bert", "x")]
DEEP = b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def build():
    def shout(text: str, times: int = 2) -> str:
        if text == "wrong":
            raise UserError("there is nothing to shout")
        if text == "broken":
            raise KeyError(text)
        return text.upper() * times

    with gr.Blocks(analytics_enabled=False) as page:
        kept, text, file = gr.State([]), gr.Textbox(), gr.File()
        text.submit(lambda t, k: (", ".join([*k, t]), [*k, t]), [text, kept], [text, kept], api_name="remember")
        file.upload(lambda path: path, file, text, api_name="file")
        page.unload(lambda: None)
        endpoints.offer(shout, "shout")
    return page


def serve(**settings):
    page = build()
    page.url = serving.serve(page, **settings)
    return page


@pytest.fixture(scope="module")
def open_page():
    page = serve(hosts=["demo.example"])
    yield page
    page.close(verbose=False)


@pytest.fixture(scope="module")
def closed_page():
    page = serve(users=USERS)
    yield page
    page.close(verbose=False)


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
        if path.startswith(("/login", guard.STARTED)):
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


@pytest.mark.parametrize("header", [
    {"host": "evil.example"}, {"host": "127.0.0.1.evil.example"}, {"host": "localhost.evil.example:80"}, {"host": "10.0.0.1"},
    {"x-forwarded-host": "evil.example"}, {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://[::1"},
    {"origin": "http://127.0.0.1@evil.example"}, {"host": "demo.example", "origin": "https://evil.example"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
])  # fmt: skip
def test_other_hosts_and_origins_are_refused(open_page, header):
    for method, path in (("GET", "config"), ("POST", "gradio_api/run/shout"), ("OPTIONS", "gradio_api/run/shout")):
        answer = httpx.request(method, open_page.url + path, headers=header)
        assert answer.status_code == 403 and "access-control-allow-origin" not in answer.headers
        assert "--allow-host" in answer.json()["error"]


@pytest.mark.parametrize("header", [
    {"host": "localhost:1"}, {"host": "demo.example"}, {"origin": "http://localhost:3000"}, {"host": "[::1]:7860"},
    {"origin": "https://demo.example"}, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
])  # fmt: skip
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
    from nlp_gru.apps.sessions import Sessions

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


def post(page, path, body, **headers):
    return httpx.post(page.url + path, content=body, headers={"content-type": "application/json", **headers})


@pytest.mark.parametrize(("path", "body", "status", "said"), [
    ("gradio_api/run/shout", '{"data": ["hi"]}', 200, "HIHI"),
    ("gradio_api/api/shout", '{"data": ["hi", 1]}', 200, "HI"),
    ("gradio_api/run/shout", '{"data": []}', 400, "0 values do not fit: shout takes text, times=2."),
    ("gradio_api/run/shout", '{"data": [1, 2, 3]}', 400, "3 values do not fit: shout takes text, times=2."),
    ("gradio_api/run/shout", '{"data": ["wrong"]}', 400, "there is nothing to shout"),
    ("gradio_api/run/shout", '{"data": ["broken"]}', 500, None),
    ("gradio_api/run/nothing", '{"data": ["hi"]}', 404, "There is no such endpoint; there is file, remember, shout."),
    ("gradio_api/call/nothing", '{"data": ["hi"]}', 404, "There is no such endpoint"),
    ("gradio_api/call/v2/nothing", '{"text": "hi"}', 404, "There is no such endpoint"),
    ("gradio_api/call/v2/shout", '{"words": "hi"}', 400, "These parameters do not fit: shout takes text, times=2."),
    ("gradio_api/queue/join", '{"data": ["hi"], "session_hash": "a"}', 400, "fn_index is missing"),
    ("gradio_api/queue/join", '{"data": ["hi"], "session_hash": "a", "fn_index": 999}', 404, "no such function"),
    ("gradio_api/queue/join", '{"data": ["hi"], "session_hash": 5, "fn_index": 0}', 400, "session_hash"),
    ("gradio_api/run/shout", '{"data": ["hi"', 400, "not JSON"),
    ("gradio_api/run/shout", b'\xff\xfe{"data": 1}', 400, "not JSON"),
    ("gradio_api/run/shout", '{"data": "hi"}', 400, "data is missing"),
    ("gradio_api/run/shout", "[]", 400, "a JSON object"),
    ("gradio_api/run/shout", '{"data": [' + "1" * 5000 + "]}", 400, "not JSON"),
    ("gradio_api/run/shout", '{"data": ["hi"], "trigger_id": "TYPED"}', 422, "trigger_id"),
    ("gradio_api/run/shout", DEEP, 400, "levels deep"),
    ("gradio_api/cancel", DEEP, 400, "levels deep"),
    ("gradio_api/cancel", '{"session_hash": "TYPED"}', 422, "required"),
    ("gradio_api/run/shout", b'{"data": ["' + b"a" * 2_100_000 + b'"]}', 413, "too large"),
    ("gradio_api/vibe-edit", "{}", 404, "nothing at this address"),
    ("gradio_api/component_server", "{}", 404, "nothing at this address"),
])  # fmt: skip
def test_calls_get_their_defaults_or_one_sentence(open_page, path, body, status, said):
    answer = post(open_page, path, body)
    found = answer.json()
    assert answer.status_code == status, found
    if status == 200:
        assert found["data"] == [said]
        return
    assert "TYPED" not in answer.text and "broken" not in answer.text
    assert re.fullmatch(r"[^\n]{10,200}", found["error"]) and (said or "went wrong") in found["error"]


def test_left_out_parameters_of_a_queued_call(open_page):
    event = post(open_page, "gradio_api/call/shout", '{"data": ["hi"]}').json()["event_id"]
    assert '["HIHI"]' in httpx.get(f"{open_page.url}gradio_api/call/shout/{event}").text
    event = post(open_page, "gradio_api/call/shout", '{"data": ["broken"]}').json()["event_id"]
    told = httpx.get(f"{open_page.url}gradio_api/call/shout/{event}").text
    assert "went wrong" in told and "broken" not in told


def test_other_content_types_and_routes(open_page):
    assert (
        post(open_page, "gradio_api/run/shout", '{"data": ["hi"]}', **{"content-type": "text/plain"}).status_code == 415
    )
    for path in ("monitoring", "gradio_api/proxy=http://a", "gradio_api/file=http://a.example/b", "gradio_api/runs", "gradio_api/deep_link?session_hash=a",
                 "gradio_api/custom_component/a/client/b/c", "nowhere", "..%2f..%2fetc/passwd"):  # fmt: skip
        assert httpx.get(open_page.url + path).status_code == 404, path
    assert httpx.put(open_page.url + "gradio_api/run/shout").status_code == 404
    assert httpx.get(open_page.url + "gradio_api/file=/etc/hostname").status_code in (403, 404)


def test_depth_is_found_without_a_parser():
    assert parsed(b'{"a": "[[[[[[[[\\"[[[[[[", "b": [[1]]}') == {"a": '[[[[[[[["[[[[[[', "b": [[1]]}
    assert parsed(b"[" * 60 + b"]" * 60)
    for body in (
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 70 + b"1" + b"}" * 70,
        b'"' + b"a" * 99 + b'"' + b"[" * 100,
        b"[" * 1_000_000,
    ):
        with pytest.raises(Refusal, match="deep"):
            parsed(body)
    for body in (b'"' * 99_999, b"]" * 1000, b"\\" * 1000, b'["\\'):
        with pytest.raises(Refusal, match="not JSON"):
            parsed(body)


def upload(page, *sizes, name="files"):
    return httpx.post(
        page.url + "gradio_api/upload", files=[(name, (f"{i}.txt", b"x" * size)) for i, size in enumerate(sizes)]
    )


def stored(page):
    from pathlib import Path

    return {p for p in Path(page.app.uploaded_file_dir).rglob("*") if p.is_file()}


def test_uploads_of_one_request_are_bounded(open_page):
    before = stored(open_page)
    assert upload(open_page, *[15_000_000] * 20).status_code == 413
    assert upload(open_page, 20_050_000).status_code == 413
    assert upload(open_page, *[1] * 11).status_code == 400
    assert upload(open_page, 5, name="other").json() == []
    assert stored(open_page) == before
    assert upload(open_page, 1000).status_code == 200 and len(stored(open_page) - before) == 1


@pytest.mark.parametrize("cut", [0.01, 0.5, 0.99])
def test_an_upload_that_is_cut_off_leaves_no_file(open_page, cut):
    async def send():
        host, port = open_page.url.removeprefix("http://").strip("/").split(":")
        body = (
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
            + b"x" * 300_000
            + b"\r\n--b--\r\n"
        )
        _, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /gradio_api/upload HTTP/1.1\r\nhost: {host}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body[: int(len(body) * cut)])
        await writer.drain()
        await asyncio.sleep(0.3)
        writer.close()
        for _ in range(100):
            await asyncio.sleep(0.05)
            if stored(open_page) == before:
                return

    before = stored(open_page)
    asyncio.run(send())
    assert stored(open_page) == before


def test_a_body_that_stands_still_is_given_up(open_page, monkeypatch):
    monkeypatch.setattr(bodies, "SILENCE", 0.2)

    def slow():
        yield b'{"data": '
        threading_event.wait(20)
        yield b'["hi"]}'

    import threading

    threading_event = threading.Event()
    try:
        answer = httpx.post(
            open_page.url + "gradio_api/run/shout",
            content=slow(),
            headers={"content-type": "application/json"},
            timeout=30,
        )
        assert answer.status_code == 408
    except httpx.HTTPError:
        pass  # the connection was closed before the client had sent all
    finally:
        threading_event.set()


def test_the_ledger_bounds_visitors_and_server(monkeypatch):
    monkeypatch.setattr(bodies, "VISITOR_BYTES", 100)
    monkeypatch.setattr(bodies, "SERVER_BYTES", 250)
    ledger, now = Uploads(), [0.0]
    monkeypatch.setattr(bodies.time, "monotonic", lambda: now[0])
    for visitor in ("a", "b"):
        ledger.add(ledger.begin(visitor), 100)
    with pytest.raises(Refusal, match="within an hour"):
        ledger.add(ledger.begin("a"), 1)
    with pytest.raises(Refusal, match="no room"):
        ledger.add(ledger.begin("c"), 60)
    now[0] = bodies.HOUR + 1
    ledger.add(ledger.begin("a"), 100)


def test_a_waiting_call_is_dropped_when_its_caller_leaves(open_page, monkeypatch):
    import threading

    from nlp_gru.apps.turns import Turns

    free, computed = threading.Event(), []
    monkeypatch.setattr(endpoints, "TURNS", Turns(workers=1))
    busy = threading.Thread(target=lambda: asyncio.run(endpoints.TURNS.run(free.wait, 30)))
    busy.start()
    real = Turns.run

    async def run(self, function, *arguments, **settings):
        def noted(*given):
            computed.append(given[0])
            return function(*given)

        return await real(self, noted, *arguments, **settings)

    monkeypatch.setattr(Turns, "run", run)

    async def crowd():
        async with httpx.AsyncClient(base_url=open_page.url, timeout=30) as client:
            impatient = [
                asyncio.create_task(client.post("gradio_api/run/shout", json={"data": [f"left{i}"]})) for i in range(3)
            ]
            event = (await client.post("gradio_api/call/shout", json={"data": ["left too"]})).json()["event_id"]
            stream = asyncio.create_task(client.get(f"gradio_api/call/shout/{event}"))
            await asyncio.sleep(1)
            for task in (*impatient, stream):
                task.cancel()
            await asyncio.sleep(1)
            free.set()
            return (await client.post("gradio_api/run/shout", json={"data": ["stayed"]})).json()["data"]

    assert asyncio.run(crowd()) == ["STAYEDSTAYED"]
    busy.join()
    assert computed == ["stayed"]


def test_json_of_errors_tells_nothing_that_was_sent():
    body = json.dumps(
        {"detail": [{"loc": ["body", "data"], "msg": "Input should be a valid list", "input": "TYPED"}]}
    ).encode()
    assert guard.told(422, body) == (422, "data: Input should be a valid list")
    assert guard.told(500, b'{"error": null}') == (500, guard.INTERNAL)
    assert guard.told(500, b'{"error": "the server is busy: wait"}')[0] == 503
    assert guard.told(404, b'{"detail": "Not Found"}') == (404, guard.NOTHING)
