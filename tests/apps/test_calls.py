"""Calls of the endpoints with odd bodies, and of callers who leave."""

import asyncio
import json
import re
import threading
import time

import httpx
import pytest
from nlp_gru.apps import answer as answers
from nlp_gru.apps import endpoints
from nlp_gru.apps.refusal import INTERNAL, NOTHING
from nlp_gru.apps.turns import Turns
from nlp_gru.apps.upkeep import Upkeep, give_back

pytestmark = pytest.mark.slow

DEEP = b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def post(page, path, body, **headers):
    return httpx.post(page.url + path, content=body, headers={"content-type": "application/json", **headers})


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("gradio_api/run/shout", '{"data": ["hi"]}', 200, "HIHI"),
        ("gradio_api/api/shout", '{"data": ["hi", 1]}', 200, "HI"),
        ("gradio_api/run/shout", '{"data": []}', 400, "0 values do not fit: shout takes text, times=2."),
        ("gradio_api/run/shout", '{"data": [1, 2, 3]}', 400, "3 values do not fit: shout takes text, times=2."),
        ("gradio_api/run/shout", '{"data": ["wrong"]}', 400, "there is nothing to shout"),
        ("gradio_api/run/shout", '{"data": ["broken"]}', 500, None),
        (
            "gradio_api/run/nothing",
            '{"data": ["hi"]}',
            404,
            "There is no such endpoint; there is file, remember, shout.",
        ),
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
    ],
)
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
    for path in (
        "monitoring",
        "gradio_api/proxy=http://a",
        "gradio_api/file=http://a.example/b",
        "gradio_api/runs",
        "gradio_api/deep_link?session_hash=a",
        "gradio_api/custom_component/a/client/b/c",
        "nowhere",
        "..%2f..%2fetc/passwd",
    ):
        assert httpx.get(open_page.url + path).status_code == 404, path
    assert httpx.put(open_page.url + "gradio_api/run/shout").status_code == 404
    assert httpx.get(open_page.url + "gradio_api/file=/etc/hostname").status_code in (403, 404)


def test_json_of_errors_tells_nothing_that_was_sent():
    body = json.dumps(
        {"detail": [{"loc": ["body", "data"], "msg": "Input should be a valid list", "input": "TYPED"}]}
    ).encode()
    assert answers.told(422, body) == (422, "data: Input should be a valid list")
    assert answers.told(500, b'{"error": null}') == (500, INTERNAL)
    assert answers.told(500, b'{"error": "the server is busy: wait"}')[0] == 503
    assert answers.told(404, b'{"detail": "Not Found"}') == (404, NOTHING)


def test_answers_that_nobody_fetches_are_forgotten(open_page):
    queue, upkeep = open_page._queue, Upkeep(open_page)
    event = post(open_page, "gradio_api/call/shout", '{"data": ["hi"]}').json()["event_id"]
    while event in queue.event_ids_to_events:
        time.sleep(0.01)
    upkeep.forget_unread(600)
    assert event in queue.pending_event_ids_session and event in queue.pending_messages_per_session
    upkeep.forget_unread(0)
    assert event not in queue.pending_event_ids_session and event not in queue.pending_messages_per_session
    give_back()


def test_a_waiting_call_is_dropped_when_its_caller_leaves(open_page, monkeypatch):
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
