"""What goes into the command line and what comes out: a line for a line, nothing dropped, nothing overwritten in
silence."""

import json

import pytest
from conftest import SAMPLE

from nlp_gru import FaqBot
from nlp_gru.heads.checkpoint import save_model

ROWS = [("When do you open?", "At nine."), ("Where are you?", "In Rome.")]
TOOLS = ("sentiment", "next_word", "translation", "chat", "faq", "similarity")


@pytest.fixture
def folder(make_head, tmp_path):
    def save(name, rows=ROWS, **settings):
        if name == "faq":
            FaqBot(rows).save(tmp_path / name)
            return tmp_path / name
        save_model(make_head(name, **settings), tmp_path / name)
        return tmp_path / name

    return save


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
    model = folder("faq", [("When?", "at\nnine"), ("Where?", "in\r\nRome")])
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
    assert run("predict", model, "--data", path, "--column", "review")[0] == 0
    assert "not both" in run("predict", model, "Good", "--data", path)[2]


# 5. Encodings of standard input


def test_bytes_of_standard_input_are_not_dropped(run, folder):
    model = folder("translation")
    code, out, error = run("predict", model, stdin=b"Bien.\nTr\xe8s bon\n")
    assert (
        code == 2
        and error
        == "nlp-gru: standard input, line 2: not UTF-8 text (byte 0xe8); it seems to be Windows-1252: add --encoding"
        " cp1252\n"
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


def test_settings_of_single_tools(run):
    assert len(run("predict", "autocomplete", "See you ", "-k", "5")[1].split("\t")) == 5
    found = run("predict", "next_word", "I look forward to hearing ", "--phrase")[1]
    assert found.startswith("from you 0.")
    assert run("predict", "next_word", "I look forward to hearing that ", "--phrase")[1] == "\n"
    assert (
        json.loads(run("predict", "next_word", "Thank you ", "--prefix", "v", "--phrase", "--json")[1])[0]["text"]
        == "very much"
    )
    code, _, error = run("predict", "next_word", "I ", "--phrase", "-k", "2")
    assert code == 2 and "without -k" in error
    found = run("predict", "next_word", "I would like to ", "--prefix", "or")[1]
    assert found.split()[0] == "order"
    assert run("predict", "sentiment", "I loved it", "--label-only") == (0, "positive\n", "")
    assert run("predict", "sentiment", "I loved it", "--threshold", "1")[1].startswith("unsure\t")
    assert (
        run("predict", "similarity", "a", "--threshold", "0")[0] == 2
    )  # 0 is a threshold, too, and no setting of this tool
    versions = (
        run("predict", "translation", "She is tired.", "--alternatives", "2", "--beam", "4")[1].rstrip().split("\t")
    )
    assert len(versions) == 3 == len(set(versions))
    code, _, error = run("predict", "sentiment", "I loved it", "-k", "3")
    assert code == 2 and "--k is a setting of next_word, not of sentiment" in error


def test_shell_completion_knows_the_models(run):
    from nlp_gru.cli.app import _known_models

    assert _known_models("trans") == ["translation", "translation-fr-en"]
    assert "--install-completion" in run("--help")[1]


def test_doctor_and_close_names(run):
    code, out, _ = run("doctor")
    assert code == 0 and "onnxruntime" in out and "translation-fr-en loads" in out
    assert "did you mean sentiment?" in run("predict", "sentimant", "x")[2]
    assert "did you mean training?" in run("demo", "trainin")[2]
