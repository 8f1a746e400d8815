"""Data files from anywhere: what they hold is read as it was meant, or refused with one sentence, within bounds."""

import json
import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nlp_gru.apps import check_file

from nlp_gru.data_files import COMMAND_LINE, PAGE, delimited, parquet, read_table
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
    """Four times the columns, or the rows, in a file of four times the size: about four times the memory, not
    sixteen."""

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
        "import resource, sys; from nlp_gru.data_files import *\ndef most(): return max(resource.getrusage(w).ru_maxrss"
        " for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))\nread_table(sys.argv[1], ['label'], bounds=PAGE);"
        " read_table(sys.argv[1], ['label']); before = most()\ntry: read_table(sys.argv[1], ['text', 'label'],"
        " bounds=PAGE)\nexcept ValueError as error: print(error)\nprint(len(read_table(sys.argv[1], ['text',"
        " 'label'])), most() - before)"
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


def test_rows_that_are_no_objects(file):
    assert "row 2: not an object" in refusal(file("a.jsonl", '{"text": "a"}\n[1]\n'), ["text"])
