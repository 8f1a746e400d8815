"""What goes into the command line and what comes out: a line for a line, nothing dropped, nothing overwritten in silence."""

import csv
import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT, SAMPLE

from nlp_gru.checkpoint import save_model
from nlp_gru.data_files.delimited import for_spreadsheet
from nlp_gru.errors import UserError
from nlp_gru.recipe import Recipe, load_recipe

TINY = 'head = "sentiment"\n[model]\nembedding = 16\nhidden = 12\n[train]\nepochs = 1\nevals = 1\n'
TOOLS = ("sentiment", "next_word", "translation", "chat", "faq")


@pytest.fixture
def folder(make_head, tmp_path):
    def save(name, **settings):
        save_model(make_head(name, **settings), tmp_path / name)
        return tmp_path / name

    return save


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text(TINY)
    return path


# 14. A line out for each line in


@pytest.mark.parametrize("name", TOOLS)
def test_one_line_out_for_each_line_in(run, folder, name):
    model = folder(name)
    stdin = "\nOne and two.\n  \r\nHello there.\u2028Again.\n\n".encode()
    code, out, error = run("predict", model, stdin=stdin)
    lines = out.split("\n")
    assert code == 0 and len(lines) == 6 and not error, (out, error)
    assert [i for i, line in enumerate(lines[:5]) if not line] in ([0, 2, 4], [0, 1, 2, 3, 4])
    code, out, _ = run("predict", model, "--json", stdin=stdin)
    found = [json.loads(line) for line in out.splitlines()]
    assert len(found) == 5 and found[0] is found[2] is found[4] is None and None not in (found[1], found[3])


def test_an_answer_of_several_lines_is_one_line(run, folder):
    model = folder("faq", options={"labels": ["at\nnine", "in\r\nRome"]})
    code, out, _ = run("predict", model, stdin=b"When?\nWhere?\n")
    assert code == 0 and len(out.splitlines()) == 2


@pytest.mark.parametrize("name", TOOLS)
def test_empty_in_empty_out(run, folder, name):
    model = folder(name)
    assert run("predict", model, "") == (0, "\n", "")
    assert run("predict", model, " ", "--json") == (0, "null\n", "")


def test_a_files_name_is_no_text(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tickets.csv").write_text("text\nGood.\n")
    (tmp_path / "notes").write_text("Good.\n")
    code, out, error = run("predict", "sentiment", "tickets.csv")
    assert (code, out) == (2, "") and "there is a file of that name: did you mean --data tickets.csv?" in error
    assert "did you mean nlp-gru predict sentiment < notes?" in run("predict", "sentiment", "notes")[2]
    assert run("predict", "sentiment", "other.csv")[0] == 0 and run("predict", "sentiment", "x" * 5000)[0] == 0


@pytest.mark.parametrize(
    ("name", "content", "more"),
    [
        ("sentiment", "text;label\nGood, really;a\n;b\nBad;c\n", ()),
        ("sentiment", "Review\nGood, really\n\nBad\n", ("--column", "text=review")),
        ("translation", "source,target\nGood,Bien\n,\nBad,Mauvais\n", ()),
        ("faq", "question,answer\nGood?,a\n,b\nBad?,c\n", ()),
        ("chat", "text\nGood?\n\nBad?\n", ()),
    ],
)
def test_a_line_for_each_row_of_a_file(run, folder, tmp_path, name, content, more):
    path = tmp_path / "rows.csv"
    path.write_text(content)
    code, out, error = run("predict", folder(name), "--data", path, *more)
    assert code == 0 and not error and len(out.split("\n")) == 4 and out.split("\n")[1] == ""


def test_wrong_files_to_predict(run, model, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("review,label\nGood,a\n")
    assert "add --column text=NAME" in run("predict", model, "--data", path)[2]
    assert "the column to answer is text" in run("predict", model, "--data", path, "--column", "label=review")[2]
    assert "write it as column=name" in run("predict", model, "--data", path, "--column", "review")[2]
    assert "not both" in run("predict", model, "Good", "--data", path)[2]


# 5. Encodings of standard input


def test_bytes_of_standard_input_are_not_dropped(run, folder):
    model = folder("translation")
    code, out, error = run("predict", model, stdin=b"Bien.\nTr\xe8s bon\n")
    assert code == 2 and error == (
        "nlp-gru: standard input, line 2: not UTF-8 text (byte 0xe8); it seems to be Windows-1252: add --encoding cp1252\n"
    )
    code, out, _ = run("predict", model, "--json", "--encoding", "cp1252", stdin=b"Tr\xe8s bon\n")
    assert code == 0 and json.loads(out)["sentences"][0]["source"] == "Très bon"
    code, _, error = run("predict", model, stdin=b"\x81\xff\n")
    assert code == 2 and "name its encoding with --encoding" in error


def test_marks_of_standard_input(run, folder):
    model = folder("translation")
    code, out, _ = run("predict", model, "--json", stdin="\ufeffTrès bon\n".encode())
    assert code == 0 and json.loads(out)["sentences"][0]["source"] == "Très bon"
    utf16 = "Très bon\nBien\n".encode("utf-16")
    assert "UTF-16 text; add --encoding utf-16" in run("predict", model, stdin=utf16)[2]
    code, out, _ = run("predict", model, "--encoding", "utf-16", stdin=utf16)
    assert code == 0 and len(out.splitlines()) == 2
    assert "no such encoding" in run("predict", model, "--encoding", "klingon", stdin=b"a\n")[2]


def test_a_column_and_an_encoding_for_training(run, recipe, tmp_path):
    path = tmp_path / "mine.csv"
    rows = SAMPLE.read_text(encoding="utf-8").splitlines()[1:]
    path.write_bytes("\n".join(["Review ,Label", *rows, '"caf\xe9",positive', ",positive"]).encode("cp1252", "replace"))
    given = ("--data", path, "--column", "text=review", "--encoding", "cp1252")
    code, _, error = run("train", recipe, *given, "--out", tmp_path / "m")
    assert code == 0 and "mine.csv: 1 row was empty: 62" in error
    assert run("eval", tmp_path / "m", *given)[0] == 0
    assert "seems to be Windows-1252" in run("eval", tmp_path / "m", *given[:4])[2]
    assert "add --column text=NAME" in run("eval", tmp_path / "m", *given[:2], *given[4:])[2]
    code, _, error = run("train", recipe, "--data", path, "--column", "body=review", "--out", tmp_path / "n")
    assert code == 2 and "sentiment has the columns text, label" in error
    assert run("lr-find", recipe, *given, "--updates", "20", "--set", "train.lr=0.1")[0] in (0, 2)


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
        summary, _, result = client.predict(gradio_client.handle_file(str(path)), api_name="/sentiment_file")
    with open(result, newline="", encoding="utf-8") as file:
        assert [row["text"] for row in csv.DictReader(file)] == ["'=HYPERLINK(1)", "'@good", "bad"]
    assert summary.startswith("**3 texts:**")


def test_there_is_no_other_writer_of_csv():
    """A new one has to escape its cells, too: `for_spreadsheet`."""
    places = [*(ROOT / "apps").glob("*.py"), *(ROOT / "nlp_gru").rglob("*.py")]
    found = [
        path.name
        for path in places
        if any(w in path.read_text(encoding="utf-8") for w in ("csv.writer", "to_csv", "DictWriter"))
    ]
    assert found == ["sentiment.py"]


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
    for place, file in (("a", "config.json"), ("b", "encoder.onnx")):
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

    monkeypatch.setattr("nlp_gru.checkpoint.os.replace", full)
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
