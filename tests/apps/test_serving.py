"""Many callers at once: their turns, and what their calls leave behind."""

import asyncio
import threading
import time

import gradio as gr
import httpx
import pytest
from browser import served
from nlp_gru.apps import endpoints
from nlp_gru.apps.turns import Turns

from nlp_gru.errors import UserError

pytestmark = pytest.mark.slow


def test_turns_are_taken_in_order_and_few_at_a_time():
    order, running, most = [], 0, 0
    lock = threading.Lock()

    def work(i):
        nonlocal running, most
        with lock:
            order.append(i)
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return i * i

    async def all_of_them():
        return await asyncio.gather(*(turns.run(work, i) for i in range(20)))

    turns = Turns(workers=2)
    assert asyncio.run(all_of_them()) == [i * i for i in range(20)]
    assert order == sorted(order) and most == 2


def test_one_too_many_is_refused_and_those_who_left_make_room():
    free = threading.Event()

    async def crowd():
        tasks = [asyncio.create_task(turns.run(free.wait)) for _ in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(UserError, match="busy"):
            await turns.run(len, "abc")
        tasks[2].cancel()  # it had not begun
        await asyncio.sleep(0.05)
        tasks[2] = asyncio.create_task(turns.run(len, "abc"))
        await asyncio.sleep(0.05)
        free.set()
        return await asyncio.gather(*tasks)

    turns = Turns(workers=1, waiting=2)
    assert asyncio.run(crowd()) == [True, True, 3]
    with pytest.raises(ZeroDivisionError):
        asyncio.run(turns.run(lambda: 1 / 0))
    assert turns._count == 0


@pytest.fixture(scope="module")
def page():
    def shout(text: str, times: int = 1) -> str:
        """Make it loud."""
        if not text:
            raise UserError("there is nothing to shout")
        return text.upper() * times

    with gr.Blocks(analytics_enabled=False) as page:
        kept = gr.State([])
        text, shown = gr.Textbox(), gr.Textbox()
        text.submit(lambda t, k: (", ".join([*k, t]), [*k, t]), [text, kept], [shown, kept], api_name="remember")
        endpoints.offer(shout, "shout")
    with served(page) as url:
        page.url = url
        yield page


def call(page, name, data, **body):
    begun = httpx.post(f"{page.url}gradio_api/call/{name}", json={"data": data, **body}).json()
    return httpx.get(f"{page.url}gradio_api/call/{name}/{begun['event_id']}").text


def test_calls_without_a_session_leave_none_behind(page):
    for _ in range(3):
        assert httpx.post(f"{page.url}gradio_api/run/shout", json={"data": ["hi", 2]}).json()["data"] == ["HIHI"]
        assert '["HI"]' in call(page, "shout", ["hi", 1])
    assert "there is nothing to shout" in httpx.post(f"{page.url}gradio_api/run/shout", json={"data": ["", 1]}).text
    assert not page.app.state_holder.session_data


def test_a_visitor_is_remembered_and_no_other(page):
    for visitor in ("anna", "bert"):
        assert '"a"' in call(page, "remember", ["a"], session_hash=visitor)
        assert '"a, b"' in call(page, "remember", ["b"], session_hash=visitor)
    assert set(page.app.state_holder.session_data) == {"anna", "bert"}
    assert not page.app.state_holder["anna"].config_values.get(0)  # no copy of the whole page


def test_endpoints_keep_their_description(page):
    found = httpx.get(f"{page.url}gradio_api/info").json()["named_endpoints"]["/shout"]
    assert [p["parameter_name"] for p in found["parameters"]] == ["text", "times"]
    assert found["parameters"][1]["parameter_default"] == 1 and "loud" in str(found["description"])
