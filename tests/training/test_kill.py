"""A training that is killed goes on to the very same bytes: the shortest form of `python benchmarks/kill.py`."""

import json
import multiprocessing

import kill
import pytest

from nlp_gru.cli import app
from nlp_gru.heads.checkpoint import remove_leftovers
from nlp_gru.training.state import Log

pytestmark = pytest.mark.slow


class Forked:
    """As much of a `Popen` as kill.py asks for, of a process whose imports are done."""

    def __init__(self, training, resume):
        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(["nlp_gru.training.finetune", "torch._dynamo"])
        words = ["train", str(training.recipe), "--out", str(training.out), "--resume" if resume else "--overwrite"]
        self.process = processes.Process(target=app, args=(words,))
        self.process.start()

    def poll(self):
        return self.process.exitcode

    returncode = property(poll)

    def send_signal(self, signal):
        assert signal == kill.signal.SIGKILL
        self.process.kill()

    def communicate(self, timeout=None):
        self.process.join(timeout)
        return b"", b""


def test_a_killed_training_ends_with_the_same_bytes(monkeypatch):
    monkeypatch.setattr(kill.Training, "start", lambda training, resume=False: Forked(training, resume))
    # Of this seed the second kill is meant for the middle, far from the first saving and the last on a busy machine,
    # too.
    places, wrong = zip(*kill.run(2, seed=9, epochs=4, evals=20), strict=True)
    assert wrong == ("", "")
    assert not any("after its end" in place for place in places), places
    assert "in a saving" in places[1] and "before the first state" not in places[1]


def test_the_log_is_cut_to_the_state(tmp_path):
    """A kill may come between a line and its state, or within a line."""
    lines = [json.dumps({"update": n}) + "\n" for n in (2, 4, 6)]
    log = tmp_path / "log.jsonl"
    for more in ("", '{"upd', '{"update": 8', "{}\n", "[]\n", "3\n", '{"update": "x"}\n'):
        log.write_text("".join(lines) + more)
        Log(log).cut(4)
        assert log.read_text() == "".join(lines[:2])
    Log(log).cut(0)
    assert log.read_text() == ""


def test_leftovers_of_a_saving_are_removed(tmp_path):
    (tmp_path / ".saving-x").mkdir()
    (tmp_path / ".saving-x/model.safetensors").write_bytes(b"half")
    (tmp_path / "training").mkdir()
    for name in ("state.pt.part", "state.pt", "log.jsonl"):
        (tmp_path / "training" / name).write_bytes(b"x")
    remove_leftovers(tmp_path)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["log.jsonl", "state.pt", "training"]
