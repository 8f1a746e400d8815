"""What a request may bring: bounds on depth, size and time, and on all uploads together."""

import asyncio
import threading
from pathlib import Path

import httpx
import pytest
from nlp_gru.apps import bodies
from nlp_gru.apps.bodies import Uploads, parsed
from nlp_gru.apps.refusal import Refusal

pytestmark = pytest.mark.slow


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
        head = (
            f"POST /gradio_api/upload HTTP/1.1\r\nhost: {host}\r\ncontent-type: multipart/form-data;"
            f" boundary=b\r\ncontent-length: {len(body)}\r\n\r\n"
        )
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
        free.wait(2)
        yield b'["hi"]}'

    free = threading.Event()
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
        free.set()


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
