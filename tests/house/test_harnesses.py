"""The shortest forms of the benchmarks that look for faults, with a fixed seed: those of kill.py and mutate.py are in
test_kill.py and test_mutated_folders.py."""

import asyncio

import fuzz
import fuzz_client
import fuzz_http
import fuzz_routes
import load
import pytest
from demo_process import demo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with demo(temporary=tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What counts here are answers: on a busy machine they may take their time."""
    for module in (fuzz, fuzz_http):
        monkeypatch.setattr(module, "SECONDS", 60.0)
    monkeypatch.setattr(fuzz_client, "CORE_SECONDS", 60.0)


def test_odd_inputs_of_the_python_api():
    assert fuzz.python(300, seed=3)


def test_odd_calls_over_http(running):
    assert fuzz_http.run(running.url, 40, seed=3)


def test_odd_requests_to_every_address(running):
    tally = fuzz_client.Tally()
    fuzz_client.Fuzzer(running, False, tally).run(150, seed=3)
    assert not tally.failures


def test_odd_requests_without_a_login(tmp_path):
    tally = fuzz_client.Tally()
    with demo("sentiment", temporary=tmp_path, NLP_GRU_AUTH=":".join(fuzz_client.USER)) as closed:
        fuzz_client.Fuzzer(closed, True, tally, warm_up=["sentiment"]).run(150, seed=3)
        fuzz_routes.ended(closed, tally, "closed")
    assert not tally.failures


def test_users_beside_an_attacker(running):
    attacker = load.Attacker(running, seed=3)
    attacker.start()
    times, errors = asyncio.run(load.crowd(running, users=4, seconds=3, seed=3))
    attacker.stopped.set()
    attacker.join(60)
    assert errors == 0 and times and attacker.sent > 5


def test_the_end_comes_while_it_is_busy(tmp_path):
    tally = fuzz_client.Tally()
    fuzz_routes.busy(tmp_path, tally)
    assert not tally.failures


def test_a_full_disk(tmp_path):
    tally = fuzz_client.Tally()
    said = fuzz_routes.full_disk(tmp_path / "small", tally)
    if said != "tried":
        pytest.skip(said)
    assert not tally.failures
