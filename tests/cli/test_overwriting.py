"""What the command line writes: it replaces nothing in silence, and no number of a recipe is too large for it."""

import csv
import os
import subprocess
import sys

import pytest
from conftest import ROOT, SAMPLE

from nlp_gru.data_files.delimited import for_spreadsheet
from nlp_gru.errors import UserError
from nlp_gru.training.recipe import Recipe, load_recipe

pytestmark = pytest.mark.slow

# 11. Files that others open, and files that are there already


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell):
    assert for_spreadsheet(cell) == f"'{cell}" and for_spreadsheet(f"a{cell}") == f"a{cell}"


def test_downloaded_files_hold_no_formula(tmp_path, monkeypatch):
    gradio_client = pytest.importorskip("gradio_client")
    from browser import served
    from nlp_gru.apps import sentiment
    from test_apps import Fake

    path = tmp_path / "a.txt"
    path.write_text("=HYPERLINK(1)\n\n@good\nbad\n")
    with served(sentiment.build(Fake())) as url:
        client = gradio_client.Client(url, verbose=False)
        summary, _, result = client.predict(
            gradio_client.handle_file(str(path)), "", None, "", api_name="/sentiment_file"
        )
    with open(result, newline="", encoding="utf-8") as file:
        assert [row["text"] for row in csv.DictReader(file)] == ["'=HYPERLINK(1)", "'@good", "bad"]
    assert summary.startswith("**3 texts:**")


def test_there_is_no_other_writer_of_csv():
    """A new one has to escape its cells, too: `for_spreadsheet`. parts.py and table.py give people their own rows back,
    unchanged."""
    places = [*(ROOT / "apps").glob("*.py"), *(ROOT / "nlp_gru").rglob("*.py")]
    found = {
        path.name
        for path in places
        if any(w in path.read_text(encoding="utf-8") for w in ("csv.writer", "to_csv", "DictWriter"))
    }
    assert found == {"sheet.py", "group_files.py", "mistakes.py", "parts.py", "table.py"}


def test_a_model_is_not_overwritten_in_silence(run, recipe, tmp_path):
    out = tmp_path / "m"
    given = ("train", recipe, "--data", SAMPLE, "--out", out)
    assert run(*given)[0] == 0
    before = (out / "model.safetensors").stat().st_mtime_ns
    code, _, error = run(*given)
    assert code == 2 and "it is there already; add --overwrite" in error
    assert run(*given, "--resume")[0] == 0 and (out / "model.safetensors").stat().st_mtime_ns >= before
    assert run(*given, "--overwrite")[0] == 0
    assert "add --overwrite" in run("average", out, out, "--out", out)[2]
    assert run("average", out, out, "--out", out, "--overwrite")[0] == 0


def test_foreign_files_are_not_overwritten_by_an_export(run, model, tmp_path):
    for place, file in (("a", "config.json"), ("b", "classifier.onnx")):
        (tmp_path / place).mkdir()
        (tmp_path / place / file).write_text("mine")
        code, _, error = run("export", model, "--out", tmp_path / place, "--no-check")
        assert code == 2 and "add --overwrite" in error and (tmp_path / place / file).read_text() == "mine"
    assert run("export", model, "--out", tmp_path / "a", "--no-check", "--overwrite")[0] == 0


def test_a_foreign_page_is_not_overwritten(run, model, tmp_path, monkeypatch):
    from nlp_gru.web import runtime

    monkeypatch.setattr(runtime, "load", lambda *_: {name: b"..." for name in runtime.FILES})
    (tmp_path / "index.html").write_text("mine")
    given = ("export", model, "--web", tmp_path)
    code, _, error = run(*given)
    assert code == 2 and "index.html: it is there already" in error and (tmp_path / "index.html").read_text() == "mine"
    assert run(*given, "--overwrite")[0] == 0 and run(*given)[0] == 0  # a page of ours is renewed


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits to set")
def test_a_full_disk_has_one_sentence_and_leaves_nothing(recipe, tmp_path):
    """No file may grow beyond 100 KB: what a disk that is full says, but for the number."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); from nlp_gru.__main__ import main; main()"
    )
    arguments = ["train", recipe, "--data", SAMPLE, "--out", tmp_path / "m"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, cwd=tmp_path
    )
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 2 and "Traceback" not in done.stderr and str(tmp_path / "m") in last, done.stderr
    assert sorted(os.listdir(tmp_path)) == ["r.toml"]


def test_a_full_disk_says_what_to_do(run, recipe, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nlp_gru.heads.checkpoint.os.replace", full)
    code, _, error = run("train", recipe, "--data", SAMPLE, "--out", tmp_path / "m")
    last = error.splitlines()[-1]
    assert code == 2 and last == f"nlp-gru: {tmp_path / 'm'}: No space left on device; free some space and try again"
    assert not (tmp_path / "m").exists()


def numbers(kind, path=()):
    """Every numeric setting of a recipe, by its dotted name."""
    for name, field in kind.model_fields.items():
        annotation = field.annotation
        if annotation in (int, float):
            yield ".".join((*path, name))
        elif isinstance(annotation, type) and hasattr(annotation, "model_fields"):
            yield from numbers(annotation, (*path, name))


@pytest.mark.parametrize("key", list(numbers(Recipe)))
@pytest.mark.parametrize(
    "value",
    [10**30, -(10**30), 1e300, float("nan"), float("inf"), 10**5000],
    ids=(lambda v: "huge" if isinstance(v, int) else str(v)),
)
def test_every_number_of_a_recipe_is_bounded(key, value):
    with pytest.raises(UserError) as caught:
        load_recipe("sentiment", {key: value})
    assert key in str(caught.value) and "\n" not in str(caught.value) and len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "setting", ["seed=18446744073709551616", "train.evals=1e9", "train.evals=1000000000", "seed=-1"]
)
def test_numbers_on_the_command_line(run, tmp_path, setting):
    code, _, error = run("train", "sentiment", "--data", SAMPLE, "--out", tmp_path / "m", "--set", setting)
    assert code == 2 and error.count("\n") == 1 and setting.partition("=")[0] in error and not (tmp_path / "m").exists()


def test_the_largest_seed_trains(run, recipe, tmp_path):
    seed = f"seed={(1 << 31) - 1}"
    assert run("train", recipe, "--data", SAMPLE, "--out", tmp_path / "m", "--set", seed)[0] == 0


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 50_000, "seed = " + "9" * 5000, "x" * 200_000, "[a]\n[a]\n", "a.b = 1\na = 2\n"]
)
def test_odd_recipes(tmp_path, text):
    path = tmp_path / "r.toml"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        load_recipe(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600
