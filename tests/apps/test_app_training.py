"""The training page's parts, with trainings that are fake ones and with a real one."""

import json
import math
import subprocess
import sys
import zipfile
from itertools import pairwise
from types import SimpleNamespace

import pytest
from browser import served
from conftest import ROOT
from nlp_gru.apps import check_file, common, job, task, training, training_view, trial

from nlp_gru.errors import UserError

pytestmark = pytest.mark.slow

gradio_client = pytest.importorskip("gradio_client")

# Four updates with a validation after every second one. It waits where it is told to, and says what it was asked to
# resume.
TRAINING = """
import json, pathlib, sys, time
folder, manner = pathlib.Path(sys.argv[1]), sys.argv[2]
state, log = folder / "training/state.pt", folder / "training/log.jsonl"
first = int(state.read_text()) if "--resume" in sys.argv else 0
if manner == "wrong":
    print(f"nlp-gru: {sys.argv[3]}, row 3: what a row")
    sys.exit(2)
for update in range(first + 1, 5):
    again = folder.parent / "again"
    waits = (manner, update) in (("early", 1), ("slow", 3)) and "--resume" not in sys.argv and not again.exists()
    if waits:
        again.touch()  # before anything is printed: whoever reads it may kill us at once
    print(json.dumps({"update": update, "of": 4, "loss": 2 / update, "lr": 0.1}), flush=True)
    if update % 2 == 0:
        state.parent.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps({"head": "sentiment"}))
        (folder / "model.safetensors").write_text(f"from {first}")
        with open(log, "a") as file:
            file.write(json.dumps({"update": update, "loss": 2 / update, "time": 1, "nll": 3 / update,
                                   "accuracy": update / 5, "macro_f1": 0.5}) + chr(10))
        state.write_text(str(update))
    if waits:
        time.sleep(600)
    time.sleep(0.05)
print(json.dumps({"out": str(folder), "figures": {"nll": 0.75, "accuracy": 0.8, "macro_f1": 0.5}}))
"""


class FakeAnalyser:
    def __call__(self, text):
        return SimpleNamespace(label="<b>good</b>", score=0.8, scores={"<b>good</b>": 0.8, "bad": 0.2})


def fake_command(recipe, data, out, settings, valid=None):
    manner = {7: "slow", 6: "early", 5: "wrong"}.get(settings["train.epochs"], "quick")
    return [sys.executable, "-c", TRAINING, str(out), manner, str(data)]


@pytest.fixture
def results(tmp_path, monkeypatch):
    """The folder of what fake trainings write."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    monkeypatch.setattr(task, "command", fake_command)
    monkeypatch.setattr(common, "load", lambda folder: FakeAnalyser())
    return tmp_path / "gradio/results"


@pytest.fixture
def report():
    return check_file.check("sentiment", str(ROOT / "data/samples/sentiment.csv"))


def begin(report, epochs=8.0):
    return task.begin(report, {"train.epochs": epochs}, 0.1, ("en", "fr"))


def stop_after(running, wanted):
    """Stop as soon as update `wanted` was seen; returns what was said."""
    said = []
    for _, text in running.steps():
        said.append(text)
        if f"Update {wanted} of" in text:
            running.stop()
    return said


def test_fake_training_from_file_to_archive(results, report):
    done = begin(report)
    assert len(done.held) == 6
    shares = [share for share, _ in done.training.steps()]
    assert shares[-1] == 1 and shares == sorted(shares)
    assert done.training.figures == {"nll": 0.75, "accuracy": 0.8, "macro_f1": 0.5}
    assert done.training.curve.valid[4] == {"loss": 0.5, "nll": 0.75, "accuracy": 0.8, "macro_f1": 0.5}
    assert isinstance(done.training.load(), FakeAnalyser)
    with zipfile.ZipFile(done.training.pack()) as archive:
        names = [n for n in archive.namelist() if not n.endswith("/")]
        assert sorted(names) == ["my-model/config.json", "my-model/model.safetensors"]
    done.training.remove()
    assert not any(results.iterdir())


def test_stopped_training_goes_on_from_its_last_validation(results, report):
    running = begin(report, 7.0).training
    stop_after(running, 3)
    assert running.stopped and running.saved == 2
    running.resume()
    assert 3 not in running.curve.loss
    said = [text for _, text in running.steps()]
    assert not running.stopped and said[-1].startswith("Update 4 of 4")
    assert (running.folder / "model.safetensors").read_text() == "from 2"
    assert sorted(running.curve.valid) == [2, 4]


def test_stopped_before_anything_was_saved_starts_again(results, report):
    running = begin(report, 6.0).training
    stop_after(running, 1)
    assert running.saved == 0
    running.resume()
    assert list(running.steps())[-1][0] == 1 and (running.folder / "model.safetensors").read_text() == "from 0"


def test_one_training_at_a_time(results, report):
    first = begin(report, 7.0).training
    folders = set(results.iterdir())
    with pytest.raises(UserError, match="Another training is running on this server"):
        begin(report)
    assert set(results.iterdir()) == folders
    first.stop()
    second = begin(report).training
    list(second.steps())
    assert second.figures


def test_what_is_wrong_is_said_with_the_name_of_the_upload(results, report):
    running = begin(report, 5.0).training
    with pytest.raises(UserError, match=r"^sentiment\.csv, row 3: what a row$"):
        list(running.steps())


def test_nothing_stays_of_a_training_that_nobody_holds(results, report):
    running = begin(report, 7.0)
    process = running.training.process
    del running
    assert process.poll() is not None and not any(results.iterdir())


def test_real_training_resumed_equals_an_uninterrupted_one(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    sample = check_file.check("next_word", str(ROOT / "data/samples/next_word.csv"))
    settings = {"train.epochs": 4.0, "train.lr": 0.0005, "train.bf16": False}
    whole = task.begin(sample, settings, 0.1, ("en", "fr")).training
    list(whole.steps())
    cut = task.begin(sample, settings, 0.1, ("en", "fr")).training
    for _ in cut.steps():
        if cut.curve.valid:
            cut.stop()
    saved = cut.saved
    assert (cut.stopped and 0 < saved < whole.curve.total) or saved < max(whole.curve.valid)
    cut.resume()
    list(cut.steps())
    assert sorted(cut.curve.valid) == sorted(whole.curve.valid)
    assert cut.figures == whole.figures and cut.figures["perplexity"] > 1
    weights = [(t.folder / "model.safetensors").read_bytes() for t in (whole, cut)]
    assert weights[0] == weights[1]
    keyboard = cut.load()
    assert not (cut.folder / "training").exists()
    assert "weather" in trial.answer("next_word", keyboard, "The weather is nice")


@pytest.mark.parametrize(
    ("epochs", "rate", "pair", "message"),
    [
        (None, 0.001, ("en", "fr"), "Epochs"),
        (0, 0.001, ("en", "fr"), "Epochs"),
        (math.inf, 0.001, ("en", "fr"), "Epochs"),
        (8, 5, ("en", "fr"), "learning rate"),
        (8, 0.001, ("en", "en"), "two different codes"),
        (8, 0.001, ("e;", "fr"), "codes"),
    ],
)
def test_wrong_settings(epochs, rate, pair, message):
    with pytest.raises(UserError, match=message):
        task.chosen("translation", epochs, rate, "", pair)


@pytest.mark.parametrize("head", training_view.KINDS)
def test_settings_are_those_of_the_recipe(head):
    from nlp_gru.cli.training import _setting
    from nlp_gru.training.recipe import load_recipe

    usual = task.defaults(head)
    settings = task.chosen(head, usual["train.epochs"], usual["train.lr"], 'Say "no"\n\\', ("fr", "en"))
    arguments = job.command(head, ROOT / "a.csv", ROOT / "out", settings)
    overrides = dict(_setting(a) for flag, a in pairwise(arguments) if flag == "--set")
    recipe = load_recipe("faq" if head == "faq" else f"{head}-finetune", overrides)
    assert recipe.train.epochs == usual["train.epochs"] and recipe.train.lr == usual["train.lr"]
    assert ("train.epochs" in settings) == (head != "faq")
    if head == "translation":
        assert (recipe.start, recipe.translation.source, recipe.translation.target) == ("translation-fr-en", "fr", "en")
    if head == "faq":
        assert recipe.faq.refusal == 'Say "no" \\' and task.chosen("faq", None, None, " ", ("en", "fr")).values()


def test_a_curve_has_the_means_between_its_points():
    curve = job.Curve(total=3 * job.POINTS)
    for update, loss in enumerate([5.0, 4.0, 3.0, 2.0, 1.0, 0.0], 1):
        curve.add(update, loss)
    assert curve.loss == {1: 5.0, 3: 3.5, 6: 1.0}


def test_nothing_is_offered_over_http():
    with served(training.build(lambda name: FakeAnalyser())) as url:
        client = gradio_client.Client(url, verbose=False)
        assert not client.view_api(return_format="dict")["named_endpoints"]


def test_page_compares_with_a_model_of_ones_own(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(training, "build", lambda load: load)
    monkeypatch.setattr(common, "load", lambda name: asked.append(name))
    (tmp_path / "config.json").write_text(json.dumps({"head": "faq"}))
    load = training.page(str(tmp_path))
    load("chat"), load("sentiment")
    assert asked == [str(tmp_path), "sentiment"]
    with pytest.raises(UserError, match="no such model"):
        training.page("nowhere")


def test_page_needs_no_torch_to_be_built():
    code = "import sys; from nlp_gru.apps import training; training.page(); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
