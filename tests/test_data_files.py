"""Data files from anywhere: what they hold is read as it was meant, or refused with one sentence, within bounds."""

import json
import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nlp_gru.apps import check_file, columns

from nlp_gru import dataset
from nlp_gru.data_files import COMMAND_LINE, PAGE, MissingColumn, delimited, json_rows, parquet, read_table
from nlp_gru.errors import UserError

BOTH = ("text", "label")
BOUNDS = pytest.mark.parametrize("bounds", [COMMAND_LINE, PAGE], ids=["command line", "page"])


@pytest.fixture
def file(tmp_path):
    """file("a.csv", "text or bytes") -> its path."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def refusal(path, columns=BOTH, **settings):
    with pytest.raises(UserError) as caught:
        read_table(path, columns, **settings)
    message = str(caught.value)
    assert "\n" not in message and message.startswith(path) and len(message) < len(path) + 500
    return message.removeprefix(path)


def rows(path, columns=BOTH, **settings):
    table = read_table(path, columns, **settings)
    return list(zip(*table.columns.values(), strict=True))


# 1. What is nested deeply


@BOUNDS
@pytest.mark.parametrize("depth", [20_000, 100_000])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_deep_nesting_is_refused(file, name, depth, bounds):
    deep = '{"text":' + "[" * depth + "]" * depth + "}"
    path = file(name, deep if name == "a.jsonl" else f"[{deep}]")
    assert "nested too deeply" in refusal(path, bounds=bounds)
    assert "nested too deeply" in refusal(file(name, "[" * depth), bounds=bounds)


def test_the_page_says_so_too(file):
    path = file("a.jsonl", '{"text":' + "[" * 100_000)
    with pytest.raises(UserError, match=r"^a\.jsonl, row 1: .*nested too deeply"):
        check_file.check("sentiment", path)


# 2. Many columns


def wide(columns, rows):
    names = ["text", "label", *(f"c{i}" for i in range(columns - 2))]
    return "\n".join([",".join(names), *[",".join(["good"] * columns)] * rows])


def test_only_wanted_columns_are_kept(file):
    table = read_table(file("a.csv", wide(1000, 30)), BOTH, bounds=PAGE)
    assert list(table.columns) == ["text", "label"] and len(table.names) == 1000 and len(table) == 30


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_columns_are_bounded(file, tmp_path, name):
    many = {f"k{i}": ["x"] for i in range(PAGE.columns + 1)}
    if name == "a.parquet":
        pq.write_table(pa.table(many), tmp_path / name)
        path = str(tmp_path / name)
    else:
        path = file(name, wide(1001, 2) if name == "a.csv" else json.dumps({k: 1 for k in many}))
    assert "columns are too many" in refusal(path, bounds=PAGE)


def test_work_grows_with_the_size_alone(file):
    """Four times the columns, or the rows, in a file of four times the size: about four times the memory, not sixteen."""

    def peak(content):
        path = file("a.csv", content)
        tracemalloc.start()
        read_table(path, BOTH)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(wide(4000, 20)) < 8 * peak(wide(1000, 20))


# 3. Many rows, and few bytes that stand for many


def test_no_more_rows_are_read_than_the_bound(file, monkeypatch):
    taken = []
    monkeypatch.setattr(delimited.Collector, "_checked", lambda self, cell, column, number: taken.append(number))
    assert "more than 1,000 rows are too many" in refusal(
        file("a.csv", "text,label\n" + "a,b\n" * 200_000), bounds=replace(PAGE, rows=1000)
    )
    assert max(taken) == 1000


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "blank.csv"])
def test_rows_of_other_formats_are_bounded(file, name):
    content = {"a.jsonl": '{"text": "a"}\n' * 20, "a.txt": "a\n" * 20, "blank.csv": "text\n" + "\n" * 20 + "x\n"}[name]
    assert "more than 10 rows" in refusal(file(name, content), ["text"], bounds=replace(PAGE, rows=10))


@pytest.fixture
def bomb(tmp_path):
    path = tmp_path / "bomb.parquet"
    one = pa.array(["x" * 100_000]).dictionary_encode()
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 19_000, pa.int32()), one.dictionary)
    pq.write_table(pa.table({"text": texts, "label": ["a"] * 19_000}), path, compression="zstd")
    assert path.stat().st_size < 1000
    return str(path)


def test_a_repeated_text_of_a_parquet_file_is_decoded_once(bomb):
    code = (
        "import resource, sys; from nlp_gru.data_files import *\n"
        "def most(): return max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))\n"
        "read_table(sys.argv[1], ['label'], bounds=PAGE); read_table(sys.argv[1], ['label']); before = most()\n"
        "try: read_table(sys.argv[1], ['text', 'label'], bounds=PAGE)\n"
        "except ValueError as error: print(error)\n"
        "print(len(read_table(sys.argv[1], ['text', 'label'])), most() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code, bomb], capture_output=True, text=True, check=True)
    sentence, numbers = done.stdout.splitlines()
    assert "its cells have more than 50,000,000 characters in all" in sentence
    assert numbers.split()[0] == "19000" and int(numbers.split()[1]) < 100_000  # kilobytes


@BOUNDS
def test_long_cells_are_refused_with_their_row(file, tmp_path, bounds):
    long = "x" * (bounds.cell + 1)
    assert "row 2: 'text' has" in refusal(
        file("a.jsonl", f'{{"text": "a"}}\n{{"text": "{long}"}}\n'), ["text"], bounds=bounds
    )
    assert "row 1" in refusal(file("a.csv", f"text,label\n{long},a\n"), bounds=bounds)
    assert "row 2: 'text' has" in refusal(file("a.txt", f"a\n{long}\n"), ["text"], bounds=bounds)
    pq.write_table(pa.table({"text": [long]}), tmp_path / "a.parquet")
    assert "'text' has a cell of" in refusal(str(tmp_path / "a.parquet"), ["text"], bounds=bounds)


def test_what_a_parquet_file_decompresses_to_is_bounded_by_its_metadata(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    texts = [f"{i}" + "x" * 90_000 for i in range(3000)]
    pq.write_table(pa.table({"text": texts}), path, compression="zstd", use_dictionary=False)
    assert path.stat().st_size < 1_000_000
    assert "bytes are too many when decompressed" in refusal(str(path), ["text"], bounds=PAGE)


def test_a_parquet_reader_that_ends_takes_nothing_with_it(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a"]}), path)
    crash = tmp_path / "crash.py"
    crash.write_text(
        'import os, signal; input(); print(\'{"names": ["text"]}\', flush=True); os.kill(os.getpid(), signal.SIGSEGV)'
    )
    monkeypatch.setattr(parquet.parquet_rows, "__file__", str(crash))
    assert "damaged" in refusal(str(path), ["text"], bounds=PAGE)


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is limited on Linux alone")
def test_a_parquet_reader_cannot_take_all_memory(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a"]}), path)
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        f"import json, sys; sys.path.append({os.path.dirname(parquet.parquet_rows.__file__)!r}); import parquet_rows\n"
        "request = json.loads(input()); parquet_rows._limit(request['memory'], request['seconds'])\n"
        'try: bytes(600_000_000)\nexcept MemoryError: print(\'{"error": "no memory"}\')\n'
    )
    monkeypatch.setattr(parquet.parquet_rows, "__file__", str(greedy))
    assert "no memory" in refusal(str(path), ["text"], bounds=PAGE)


@BOUNDS
def test_damaged_parquet_files(file, tmp_path, bounds):
    pq.write_table(pa.table({"text": ["a"] * 50, "label": ["b"] * 50}), tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    for content in (data[:-1], data[:100], b"PAR1" + bytes(50) + b"PAR1", b"PAR1", data[:-8] + b"\xff\xff\xff\x7fPAR1"):
        assert "cannot be read as Parquet" in refusal(file("b.parquet", content), bounds=bounds)


def test_parquet_columns_of_other_kinds(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": [{"a": 1}], "label": [b"x"], "turns": [["a", "b"]]}), path)
    assert "holds struct" in refusal(str(path), ["text"], bounds=PAGE)
    assert "holds binary" in refusal(str(path), ["label"], bounds=PAGE)
    assert rows(str(path), ["turns"], bounds=PAGE) == [(["a", "b"],)]


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
        ("Good, cheap; fast",), ('so "called", yes',),
    ]  # fmt: skip


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
)  # fmt: skip
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


# 12. Rare labels: see also test_rare_labels.py


def test_rows_that_are_no_objects(file):
    assert "row 2: not an object" in refusal(file("a.jsonl", '{"text": "a"}\n[1]\n'), ["text"])
    assert json_rows.SEEN > 1
