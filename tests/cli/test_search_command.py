"""nlp-gru search | index | duplicates: what goes in and comes out, and one sentence for everything wrong."""

import csv
import json

import pytest
from test_similarity import NOTES

TICKETS = [
    "I forgot my password.",
    "Our bread is baked every day.",
    "I have forgotten my password.",
    "=forgot my password",
]


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("text,day\n" + "".join(f'"{note}",1\n' for note in NOTES))
    return path


def test_rows_of_a_file_are_found(run, notes):
    code, out, error = run("search", "when do you open", "--data", notes, "-k", 2)
    lines = [line.split("\t") for line in out.splitlines()]
    assert code == 0 and not error and len(lines) == 2 and lines[0][1:] == [f"{notes}, row 1", NOTES[0]]
    assert 1 >= float(lines[0][0]) > float(lines[1][0])
    hits = [json.loads(line) for line in run("search", "pain", "--data", notes, "--json")[1].splitlines()]
    assert (
        len(hits) == 4 and hits[0]["text"] == hits[0]["passage"] == NOTES[3] and hits[0]["source"] == f"{notes}, row 4"
    )


def test_lines_of_several_text_files_are_found(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for i, note in enumerate(NOTES):
        (tmp_path / f"{i}.txt").write_text(f"Something else.\n\n{note}\n")
    code, out, _ = run("search", "Where can I leave my car?", "--data", "*.txt", "-k", 1)
    assert code == 0 and out.split("\t")[1:] == ["1.txt, row 3", NOTES[1] + "\n"]


def test_another_column_and_encoding(run, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_bytes("note\nLe café ouvre à neuf heures\nOther\n".encode("cp1252"))
    given = ("search", "opening hours of the café", "--data", path, "-k", 1)
    assert "add --column text=NAME" in run(*given, "--encoding", "cp1252")[2]
    assert "café ouvre" in run(*given, "--encoding", "cp1252", "--column", "text=note")[1]
    assert "the column to read is text" in run(*given, "--column", "body=note")[2]


def test_an_index_answers_as_its_file(run, notes, tmp_path):
    code, out, _ = run("index", "--data", notes, "--out", tmp_path / "i")
    assert code == 0 and "4 texts" in out
    asked = ("search", "J'ai oublié mon mot de passe", "--json")
    assert run(*asked, "--index", tmp_path / "i") == run(*asked, "--data", notes)
    assert "add --overwrite" in run("index", "--data", notes, "--out", tmp_path / "i")[2]
    assert run("index", "--data", notes, "--out", tmp_path / "i", "--overwrite")[0] == 0


def test_doubles_are_listed_and_written(run, tmp_path):
    path = tmp_path / "tickets.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TICKETS))
    given = ("duplicates", "--data", path, "--threshold", 0.7)
    code, out, _ = run(*given)
    assert code == 0 and [line.split("\t")[2] for line in out.splitlines()] == [TICKETS[0], *TICKETS[2:]]
    (group,) = (json.loads(line) for line in run(*given, "--json")[1].splitlines())
    assert [member["index"] for member in group] == [0, 2, 3] and group[1]["source"] == f"{path}, row 3"
    code, out, _ = run(*given, "--out", tmp_path / "groups.csv")
    assert code == 0 and "1 group, 2 duplicates of 4 texts" in out
    with open(tmp_path / "groups.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [
        TICKETS[0],
        TICKETS[2],
        "'" + TICKETS[3],
    ]  # no spreadsheet takes it for a formula
    assert {row["group"] for row in rows} == {"1"} and rows[0]["score"] == "1.0000"
    assert "add --overwrite" in run(*given, "--out", tmp_path / "groups.csv")[2]


def test_two_groups_are_parted_by_a_blank_line(run, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("I am tired.\nThe cat sleeps.\nI am tired.\nThe cat sleeps.\n")
    assert [bool(line) for line in run("duplicates", "--data", path)[1].splitlines()] == [True, True, False, True, True]
    path.write_text("I am tired.\n")
    assert run("duplicates", "--data", path) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("search", "x"), "name the texts to search"),
        (("search", "x", "--data", "notes.csv", "--index", "i"), "name the texts to search"),
        (("search", " ", "--data", "notes.csv"), "the query is empty"),
        (("search", "x", "--data", "notes.csv", "-k", "0"), "k is a number from 1"),
        (("search", "x", "--data", "notes.csv", "-k", "1000001"), "k is a number from 1"),
        (("search", "x", "--data", "gone.csv"), "gone.csv: there is no such file"),
        (("search", "x", "--data", "*.gone"), "no file matches"),
        (("search", "x", "--index", "gone"), "gone: there is no index in this folder"),
        (("search", "x", "--data", "notes.csv", "--model", "sentiment"), "sentiment: it turns no texts into vectors"),
        (("duplicates",), "there is no data"),
        (("duplicates", "--data", "notes.csv", "--threshold", "2"), "threshold is a number above 0"),
        (("duplicates", "--data", "notes.csv", "--out", "groups.xlsx"), "name a file that ends in .csv"),
        (("index", "--data", "empty.csv", "--out", "i"), "empty.csv: the file is empty"),
    ],
)
def test_mistakes_are_told_in_a_sentence(run, notes, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.csv").touch()
    code, out, error = run(*arguments)
    assert code == 2 and not out and message in error and error.count("\n") == 1, error


def test_vectors_on_the_command_line(run):
    code, out, _ = run("predict", "similarity", "--json", stdin=b"Hello.\n\nBonjour.\n")
    first, blank, second = (json.loads(line) for line in out.splitlines())
    assert code == 0 and blank is None and len(first) == len(second) == 384
    assert sum(a * b for a, b in zip(first, second, strict=True)) > 0.5
    assert sum(a * a for a in first) == pytest.approx(1, abs=1e-3)
