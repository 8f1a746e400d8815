"""The demo's end, in whatever way it comes: no process and no file stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import gradio_client
import httpx
import pytest
from conftest import SAMPLE
from demo_process import demo
from nlp_gru.apps import job, temporary

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]
SECRET = "xylophone-canary"


def wait_for(condition, seconds=60):
    """A net under what hangs; whether it came to be."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def children(process):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split()]


def is_alive(process):
    try:
        return "Z" not in subprocess.check_output(["ps", "-o", "stat=", "-p", str(process)], text=True)
    except subprocess.CalledProcessError:
        return False


def train(url):
    """Begin a training as the page does."""
    client = gradio_client.Client(url, verbose=False)
    functions = {d["id"]: d for d in client.config["dependencies"]}
    kinds = {c["id"]: c for c in client.config["components"]}
    (go,) = [
        i
        for i, d in functions.items()
        if any(
            kinds[target]["props"].get("value") == "Train"
            for target, event in d["targets"]
            if event == "click" and target in kinds
        )
    ]
    upload = httpx.post(url + "gradio_api/upload", files={"files": ("rows.csv", SAMPLE.read_bytes() * 1)}).json()[0]
    data = []
    for component in functions[go]["inputs"]:
        value = kinds[component]["props"].get("value")
        data.append(
            {"path": upload, "meta": {"_type": "gradio.FileData"}} if kinds[component]["type"] == "file" else value
        )
    if "epochs" in str([kinds[i]["props"].get("label", "").lower() for i in functions[go]["inputs"]]):
        labels = [kinds[i]["props"].get("label") for i in functions[go]["inputs"]]
        data[labels.index("Epochs")] = 200
    answer = httpx.post(
        url + "gradio_api/queue/join", json={"data": data, "fn_index": go, "session_hash": "anna", "trigger_id": None}
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_demo_that_trains_leaves_nothing(tmp_path, end):
    with demo("training", temporary=tmp_path) as running:
        train(running.url)
        assert wait_for(lambda: children(running.process.pid)), running.output
        (child,) = children(running.process.pid)
        assert wait_for(lambda: any("my-model" in str(p) or p.suffix == ".csv" for p in running.files())), (
            running.output
        )
        running.process.send_signal(end)
        assert running.process.wait(30) == (-9 if end == signal.SIGKILL else 0)
        assert wait_for(lambda: not is_alive(child))
    if end == signal.SIGKILL:
        assert list(tmp_path.glob("nlp-gru-*"))
        with demo("sentiment", temporary=tmp_path) as again:  # cleans up, and keeps its own
            assert len(list(tmp_path.glob("nlp-gru-*"))) == 1
            assert again.end() == 0
    assert not list(tmp_path.glob("nlp-gru-*"))


def test_a_child_ends_with_the_other_end_of_its_input():
    code = (
        "import os, time; from nlp_gru.training import orphan; orphan.watch(); print('there', flush=True);"
        " time.sleep(600)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "NLP_GRU_END_WITH_STDIN": "1"},
    )
    try:
        assert child.stdout.readline() == b"there\n"
        child.stdin.close()
        assert child.wait(30) == 1
    finally:
        child.kill()


def test_only_folders_without_an_owner_are_removed(tmp_path):
    dead, living, foreign = (tmp_path / f"nlp-gru-{name}" for name in ("dead", "living", "foreign"))
    for folder in (dead, living, foreign):
        (folder / "results").mkdir(parents=True)
    for folder in (dead, living):
        (folder / temporary.OWNER).write_text("1")
        (folder / temporary.LOCK).touch()
    with temporary.FileLock(living / temporary.LOCK):
        temporary.remove_orphans(tmp_path)
        assert not dead.exists() and living.exists() and foreign.exists()


def test_old_files_go_and_trainings_stay(tmp_path):
    old, new, training = tmp_path / "results/old", tmp_path / "hash", tmp_path / "results/training"
    for folder in (old, new, training):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    (tmp_path / "half").touch()
    for path in (old, training, tmp_path / "half"):
        os.utime(path, (0, 0))
    temporary.keep(training)
    temporary.remove_old(tmp_path)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "file", "hash", "results", "training"]
    temporary.forget(training)
    os.utime(training, (0, 0))
    temporary.remove_old(tmp_path)
    assert not training.exists()


def test_a_training_that_is_removed_closes_its_pipe(tmp_path):
    running = job.Training([sys.executable, "-c", "import time; time.sleep(600)"], tmp_path / "a/my-model")
    running.remove()
    assert running.process.poll() is not None and running.process.stdin.closed
    assert not (Path(tmp_path) / "a").exists()


def test_nothing_that_users_write_is_printed(tmp_path):
    with demo("sentiment", temporary=tmp_path) as running, httpx.Client(base_url=running.url) as client:
        tries = [
            ("gradio_api/run/sentiment", {"data": [{"a": SECRET}]}),
            ("gradio_api/run/sentiment", {"data": [SECRET] * 3}),
            ("gradio_api/run/sentiment", {"data": [SECRET], "event_data": SECRET, "trigger_id": SECRET}),
            ("gradio_api/run/" + SECRET, {"data": [SECRET]}),
            ("gradio_api/call/v2/sentiment", {SECRET: SECRET}),
            *(
                ("gradio_api/run/x", {"data": [SECRET] * n, "fn_index": i, "session_hash": SECRET})
                for i in range(12)
                for n in (1, 3)
            ),
            *(
                ("gradio_api/queue/join", {"data": [SECRET] * n, "fn_index": i, "session_hash": f"{SECRET}-{i}-{n}"})
                for i in range(12)
                for n in (1, 2)
            ),
        ]
        for path, body in tries:
            answer = client.post(path, json=body, timeout=60)
            assert answer.headers["content-type"].startswith("application/json")
        client.get("gradio_api/queue/data", params={"session_hash": f"{SECRET}-3-1"}, timeout=60)
        client.post("gradio_api/upload", files={"files": (SECRET, SECRET)})
        client.get(SECRET)
        assert running.end() == 0
        assert SECRET not in running.output and "Traceback" not in running.output
        assert "internal error" in running.output  # gradio did complain of some of them
