"""Data files as people have them: other delimiters, names, encodings, empty rows and rows of another length."""

import pandas as pd
import pytest
from nlp_gru.apps import check_file, columns
from test_data_files import BOTH, BOUNDS, file, refusal, rows

from nlp_gru.data_files import PAGE, MissingColumn, read_table
from nlp_gru.data_files import rows as dataset
from nlp_gru.errors import UserError

__all__ = ["file"]  # a fixture


# 4. Rows of another length


@BOUNDS
def test_a_row_with_more_cells_than_the_header_is_an_error(file, bounds):
    message = refusal(
        file("a.csv", "text,label\nGood,positive\n" + "Good, cheap and fast,positive\n" * 9), bounds=bounds
    )
    assert (
        "row 2: it has 3 cells ('Good', ' cheap and fast', 'positive'), but the header has 2 ('text', 'label')"
        in message
    )
    assert 'put double quotes around a text that holds a comma: "Good, cheap"' in message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text;label\na;b\nc\n", "row 2: it has 1 cells ('c')"),
        ('text,label\n"a\nb",c\n\nd,e,f\n', "row 3: it has 3 cells"),
        ('text,label\na,b\n"c" d,e\n', "row 2: a cell goes on behind its closing double quote"),
        ('text,label\na,b\n"c,d\n', "row 2: a double quote opens a cell and is never closed"),
        ('text,label\n"' + "x" * 1_000_001 + "\n", "row 1: a cell of more than 1,000,000 characters"),
    ],
)
def test_wrong_rows_are_named_by_their_number(file, content, message):
    assert message in refusal(file("a.csv", content))


def test_the_texts_of_one_column_need_no_quotes(file):
    assert rows(file("a.csv", 'text\nGood, cheap; fast\n"so ""called"", yes"\n'), ["text"]) == [
        ("Good, cheap; fast",),
        ('so "called", yes',),
    ]


# 5. How people's files are


@BOUNDS
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "text;label\r\nGood, cheap;positive\r\nBad;negative\r\n"),
        ("a.csv", "sep=;\r\ntext;label\r\nGood, cheap;positive\r\nBad;negative\r\n"),
        ("a.csv", '"sep=,"\ntext,label\n"Good, cheap",positive\nBad,negative\n'),
        ("a.csv", "text\tlabel\nGood, cheap\tpositive\nBad\tnegative\n"),
        ("a.csv", "label|text\npositive|Good, cheap\nnegative|Bad\n"),
        ("a.tsv", 'text,label\n"Good, cheap",positive\nBad,negative\n'),
        ("a.csv", '\ufeff Text , LABEL\n"Good, cheap",positive\nBad,negative\n'),
        ("a.csv", ',text,label\n0,"Good, cheap",positive\n1,Bad,negative\n'),
        ("a.csv", 'text,label,\n"Good, cheap",positive,\nBad,negative,\n'),
        ("a.csv", 'text,label\n"Good, cheap",positive,\nBad,negative\n'),
        ("a.csv", 'text,label,\n"Good, cheap",positive\nBad,negative\n'),
        ("a.csv", '\n\ntext,label\n"Good, cheap",positive\nBad,negative\n\n\n'),
        ("a.csv", 'text,label\n"Good, cheap",positive\nBad,negative\n'.encode("utf-16")),
        ("a.jsonl", '{"Text ": "Good, cheap", "label": "positive"}\n\n{"text": "Bad", "LABEL": "negative"}\n'),
        ("a.json", '[{"text": "Good, cheap", "label": "positive"}, {"text": "Bad", "label": "negative"}]'),
    ],
)
def test_delimiters_headers_and_marks(file, name, content, bounds):
    assert rows(file(name, content), bounds=bounds) == [("Good, cheap", "positive"), ("Bad", "negative")]


def test_what_pandas_writes_with_its_index(tmp_path):
    frame = pd.DataFrame({"text": ["a\nb", 'say "c", d'], "label": ["x", "y"]})
    frame.to_csv(tmp_path / "a.csv")
    table = read_table(str(tmp_path / "a.csv"), BOTH)
    assert table.names == ["text", "label"] and table.columns["text"] == ["a\nb", 'say "c", d']
    frame.to_csv(tmp_path / "b.csv", sep=";", encoding="utf-16")
    assert read_table(str(tmp_path / "b.csv"), BOTH).columns == table.columns


def test_empty_rows_are_left_out_and_counted(file, caplog):
    content = "text,label\n" + "".join(f"{'' if i in (5, 9) else 'a'},b\n" for i in range(1, 12))
    found = dataset.read([file("a.csv", content)], BOTH)
    assert len(found) == 9 and found.where(4).endswith("row 6")
    assert caplog.messages[0].endswith("a.csv: 2 rows were empty: 5, 9")


def test_two_columns_of_one_name(file):
    assert "2 columns are named 'text'" in refusal(file("a.csv", "text,Text,label\na,b,c\n"))


def test_windows_1252_is_offered_as_what_it_is(file):
    path = file("a.csv", "text,label\ngood,1\ncaf\xe9 \x80,0\n".encode("latin-1"))
    message = refusal(path)
    assert ", line 3: not UTF-8 text (byte 0xe9); the file seems to be Windows-1252: add --encoding cp1252" in message
    assert rows(path, encoded="cp1252")[1] == ("café €", "0")
    table = read_table(path, BOTH, bounds=PAGE)
    assert table.columns["text"][1] == "café €" and "it was read as Windows-1252" in table.notes[0]
    assert "no such encoding" in refusal_of(lambda: read_table(path, BOTH, encoded="nonsense"))
    assert "no such encoding" in refusal_of(lambda: read_table(path, BOTH, encoded="zip"))


def refusal_of(call):
    with pytest.raises(UserError) as caught:
        call()
    return str(caught.value)


@BOUNDS
@pytest.mark.parametrize(
    "content", [b"text,label\n\x81\xff,a\n", b"text,label\na\0b,c\n", b"\x89PNG\r\n\x1a\n\0\0", b"t\0e\0x\0t\0"]
)
def test_what_is_no_text_is_refused(file, content, bounds):
    assert "save" in refusal(file("a.csv", content), bounds=bounds)


def test_a_column_under_another_name(file, make_head, tmp_path):
    path = file("a.csv", "Review;Stars\nGood;1\n")
    with pytest.raises(
        MissingColumn, match=r"no column 'text'.*has Review, Stars; .* add --column text=NAME"
    ) as caught:
        dataset.read([path], BOTH)
    assert caught.value.found == ["Review", "Stars"]
    assert rows(path, renamed={"text": "review", "label": "stars"}) == [("Good", "1")]
    error = refusal_of(lambda: check_file.check("sentiment", path))
    assert "--column" not in error and "it has 'Review', 'Stars'" in error
    first, second = columns.offered("sentiment", caught.value, (None, None))
    assert first["visible"] and second["visible"] and first["choices"] == ["Review", "Stars"]
