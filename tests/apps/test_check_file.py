"""What the training page finds in a file before it trains."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from conftest import ROOT
from nlp_gru.apps import check_file

from nlp_gru.data_files import rows as dataset
from nlp_gru.errors import UserError

GOOD = [(f"text {i}", "a" if i % 3 else "b") for i in range(12)]


@pytest.fixture
def table(tmp_path):
    """table(rows, columns, name) -> the path of such a CSV file."""

    def write(rows, columns=("text", "label"), name="mine.csv"):
        path = tmp_path / name
        pd.DataFrame(list(rows), columns=list(columns)).to_csv(path, index=False)
        return str(path)

    return write


@pytest.mark.parametrize(
    ("head", "columns"),
    [("sentiment", 2), ("next_word", 1), ("translation", 2)],
)
def test_samples_are_whole(head, columns):
    path = ROOT / f"data/samples/{head}.csv"
    report = check_file.check(head, str(path))
    assert report.rows == len(report.numbers) == 60 and len(report.kept) == columns
    assert not report.left_out and not report.notes
    if head == "sentiment":
        assert report.counts == {"negative": 20, "neutral": 20, "positive": 20}


def test_sample_of_questions_and_answers():
    report = check_file.check("faq", str(ROOT / "data/samples/chat.csv"))
    assert report.rows == 87 and len(report.counts) == 18 and not report.left_out


def test_unusable_rows_are_named_and_left_out(table):
    report = check_file.check("sentiment", table([*GOOD, ("", "a"), ("x", None), ("  ", "b"), ("fine", "b")]))
    assert report.left_out == [(13, "'text' is empty"), (14, "'label' is empty"), (15, "'text' is empty")]
    assert report.rows == 16 and report.numbers[-1] == 16 and report.kept["text"][-1] == "fine"
    assert sum(report.counts.values()) == 13


@pytest.mark.parametrize(
    ("head", "rows", "columns", "message"),
    [
        ("sentiment", GOOD, ("review", "label"), r"no column 'text'; .* text and label, and it has 'review', 'label'"),
        ("sentiment", GOOD[:9], ("text", "label"), r"^mine\.csv: 9 rows are too few to train on; 10 is the least\.$"),
        (
            "sentiment",
            [*GOOD[:9], ("", "a")],
            ("text", "label"),
            r"9 usable rows are too few .*\(row 10: 'text' is empty\)",
        ),
        ("sentiment", [(t, "a") for t, _ in GOOD], ("text", "label"), "nothing to tell apart, .* the label 'a'"),
        ("sentiment", [(t, t) for t, _ in GOOD], ("text", "label"), "12 labels for 12 rows are too many"),
        ("faq", [("A?", "b"), ("C?", "b")], ("question", "answer"), "nothing to tell apart, .* the answer 'b'"),
        ("translation", [], ("source", "target"), "too few|no rows"),
        ("chat", GOOD, ("text", "label"), "no column 'turns'"),
    ],
)
def test_wrong_file_has_one_sentence(table, head, rows, columns, message):
    path = table(rows, columns)
    with pytest.raises(UserError, match=message) as error:
        check_file.check(head, path)
    assert "\n" not in str(error.value) and path not in str(error.value)


def test_too_many_rows(table, monkeypatch):
    monkeypatch.setitem(check_file.NEEDS, "sentiment", check_file.Need(("text", "label"), 10, 11))
    with pytest.raises(UserError, match="more than 11 rows are too many"):
        check_file.check("sentiment", table(GOOD))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"text,label\n\xff,a\n"),
        ("a.pdf", b"%PDF"),
        ("a.jsonl", b"{no json"),
        ("a.parquet", b"PAR"),
    ],
)
def test_unreadable_file_names_itself_without_its_folder(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError, match=rf"^{name}[:,]") as error:
        check_file.check("sentiment", str(path))
    assert str(tmp_path) not in str(error.value)


def test_what_is_worth_a_look(table):
    rows = [*GOOD, GOOD[0], ("text 1", "b"), ("rare", "c")]
    notes = " ".join(check_file.check("sentiment", table(rows)).notes)
    assert "Row 13 repeats an earlier one" in notes and "1 text has more than one label" in notes
    assert "labels have only few of the 15 rows ('c' 1, 'b' 6, 'a' 8)" in notes


def test_second_answer_to_a_question_is_left_out(table):
    rows = [("When do you open?", "At nine."), ("when do you open", "At ten."), ("Where?", "In Rome.")]
    report = check_file.check("faq", table(rows, ("question", "answer")))
    assert report.left_out == [(2, "the same question has another answer in row 1")]
    assert any("only one question" in note for note in report.notes)


def test_dialogues(tmp_path):
    path = tmp_path / "d.jsonl"
    turns = [["Hi", f"Hello {i}"] for i in range(10)] + [["alone"], "text", ["a", ""], None]
    path.write_text("".join(json.dumps({"turns": t}) + "\n" for t in turns if isinstance(t, list)))
    report = check_file.check("chat", str(path))
    assert [row for row, _ in report.left_out] == [11, 12] and len(report.numbers) == 10


def test_lines_of_text_without_the_empty_ones(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("".join(f"line {i}\n\n" for i in range(12)))
    report = check_file.check("next_word", str(path))
    assert report.kept["text"] == [f"line {i}" for i in range(12)]


def test_written_files_hold_every_row_once_and_no_label_is_held_out_alone(table, tmp_path):
    rows = [*GOOD, *[(f"more {i}", "a") for i in range(30)], ("rare", "c")]
    report = check_file.check("sentiment", table(rows))
    train, valid, held = check_file.write(report, tmp_path, 0.2)
    columns = ("text", "label")
    learned, checked = (dataset.read([str(path)], columns) for path in (train, valid))
    assert sorted([*learned["text"], *checked["text"]]) == sorted(t for t, _ in rows)
    assert "rare" in learned["text"] and len(checked) == len(held) == 9
    assert [report.kept["text"][i] for i in held] == checked["text"]


def test_numbered_labels_keep_one_meaning_in_both_files(table, tmp_path):
    """0, 1 and 2 are negative, neutral and positive; a file in which the 2 is missing must not read 1 as positive."""
    rows = [(f"text {i}", str(i % 2)) for i in range(20)] + [("only one", "2")]
    train, valid, _ = check_file.write(check_file.check("sentiment", table(rows)), tmp_path)
    assert set(dataset.read([str(valid)], ["label"])["label"]) <= {"negative", "neutral"}
    assert "positive" in dataset.read([str(train)], ["label"])["label"]


@pytest.mark.slow
def test_no_torch_is_needed():
    code = (
        "import sys; from nlp_gru.apps import check_file; "
        f"check_file.check('sentiment', {str(ROOT / 'data/samples/sentiment.csv')!r}); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
