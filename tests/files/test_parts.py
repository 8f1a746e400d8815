"""Files read in parts and written with more columns: nothing of them is lost or changed, whatever their format."""

import csv
import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_gru.data_files import parts
from nlp_gru.errors import UserError

TEXTS = ["good", "", 'a "quoted" one, and more', "two\nlines", " ", "été 🙂", "bad"]
COLUMNS = {
    "verdict": ("text", ["p", None, "q", "r", None, "s", "t"]),
    "vector": ("numbers", [np.array([0.5, 0.1234567], np.float32)] * 6 + [None]),
    "words": ("texts", [["a", "b"]] * 7),
    "share": ("number", [0.123456789] * 7),
}


def whole(path, rows, column="text", encoded=""):
    """The parts of a file, all of its texts, and what they are with `COLUMNS`."""
    found = list(parts.read(str(path), column, encoded, rows))
    texts = [text for part in found for text in part.texts]
    at = 0
    written = []
    for part in found:
        some = {n: (kind, values[at : at + len(part.texts)]) for n, (kind, values) in COLUMNS.items()}
        written.append(part.written(some))
        at += len(part.texts)
    assert 0.5 < sum(part.share for part in found) <= 1.5
    return texts, written


@pytest.mark.parametrize("rows", [1, 3, 7, 100])
def test_parquet_keeps_its_columns_and_types(tmp_path, rows):
    table = pa.table(
        {
            "id": pa.array(range(7), pa.int16()),
            "text": [text or None for text in TEXTS],
            "nested": [{"a": [i]} for i in range(7)],
            "kind": pa.array(["x", "y"] * 3 + ["z"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    texts, written = whole(tmp_path / "a.parquet", rows)
    assert texts == TEXTS and len(written) == -(-7 // rows)
    found = pa.concat_tables([pq.read_table(io.BytesIO(data)) for data in written]).unify_dictionaries()
    assert found.select(table.column_names).cast(table.schema).equals(table)
    assert found["verdict"].to_pylist() == COLUMNS["verdict"][1] and found["words"].to_pylist() == [["a", "b"]] * 7
    assert found["vector"].to_pylist()[6] is None and found["vector"].type == pa.list_(pa.float32())
    assert found["share"].type == pa.float32()


@pytest.mark.parametrize("rows", [1, 3, 100])
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_delimited_files_keep_every_cell(tmp_path, suffix, rows):
    delimiter = "\t" if suffix == ".tsv" else ";"
    header, cells = ["n", "Text", "", "text2"], [[f"00{i}", text, "=1", "\t"] for i, text in enumerate(TEXTS)]
    cells[4] = ["", "", "", ""]
    with open(tmp_path / f"a{suffix}", "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *cells])
    texts, written = whole(tmp_path / f"a{suffix}", rows)
    assert texts == [row[1] for row in cells]
    found = []
    for data in written:
        first, *more = csv.reader(io.StringIO(data.decode(), newline=""), delimiter="\t" if suffix == ".tsv" else ",")
        assert first == [*header, *COLUMNS]
        found += more
    assert [row[:4] for row in found] == cells
    assert found[0][4:] == ["p", "[0.5, 0.123457]", '["a", "b"]', "0.123457"] and found[6][5] == ""


def test_another_encoding_and_a_short_last_cell(tmp_path):
    (tmp_path / "a.csv").write_bytes("text,n,\ncafé,1\nthé,2,\n\nlait,3,\n\n".encode("cp1252"))
    found = list(parts.read(str(tmp_path / "a.csv"), "TEXT", "cp1252", 10))
    assert found[0].texts == ["café", "thé", "", "lait"]
    assert found[0].written({}).decode() == "text,n,\ncafé,1,\nthé,2,\n,,\nlait,3,\n"
    with pytest.raises(UserError, match=r"line 2: not UTF-8 text .* add --encoding cp1252"):
        list(parts.read(str(tmp_path / "a.csv"), "text", "", 10))
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "a"}\n{"text": "\xff\xfe"}\n')
    with pytest.raises(UserError, match=r"line 2: not UTF-8 text"):
        parts.check(str(tmp_path / "b.jsonl"), "text", "", [])


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_json_lines_stay_as_they_are(tmp_path, rows):
    lines = [f'{{"text": {json.dumps(text)}, "n": 1.10, "big": 123456789012345678901234567890}}  ' for text in TEXTS]
    lines[3] = '{ "TEXT":"two\\nlines","deep":{"a":{}} }'
    lines[4] = "{ }"
    (tmp_path / "a.jsonl").write_text("\n\n".join(lines), encoding="utf-8")
    texts, written = whole(tmp_path / "a.jsonl", rows)
    assert texts == [*TEXTS[:4], "", *TEXTS[5:]]
    found = b"".join(written).decode().splitlines()
    for line, new in zip(lines, found, strict=True):
        assert new.startswith(line.rstrip().rstrip("}").rstrip()[:-1])
        assert {**json.loads(line), **json.loads(new)} == json.loads(new)
    assert json.loads(found[4]) == {"verdict": None, "vector": [0.5, 0.123457], "words": ["a", "b"], "share": 0.123457}


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=5), min_size=1, max_size=9),
    st.integers(1, 4),
)
def test_any_cells_survive(tmp_path_factory, texts, rows):
    """Also what a spreadsheet or a parser might take for something else."""
    path = tmp_path_factory.mktemp("any") / "a.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "n"), *((text, "1") for text in texts)])
    found = list(parts.read(str(path), "text", "", rows))
    assert [text for part in found for text in part.texts] == texts
    written = [list(csv.reader(io.StringIO(part.written({}).decode(), newline=""))) for part in found]
    assert [row for part in written for row in part[1:]] == [[text, "1"] for text in texts]


def test_long_texts_make_parts_of_fewer_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "CHARACTERS", 100)
    monkeypatch.setattr(parts, "PARQUET_BYTES", 300)
    texts = ["x" * 30 + str(i) for i in range(12)]
    (tmp_path / "a.csv").write_text("\n".join(["text", *texts]))
    assert [len(part.texts) for part in parts.read(str(tmp_path / "a.csv"), "text", "", 100)] == [4, 4, 4]
    pq.write_table(pa.table({"text": texts}), tmp_path / "a.parquet")
    assert max(len(part.texts) for part in parts.read(str(tmp_path / "a.parquet"), "text", "", 100)) < 12


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"review,n\ngood,1\n", r"a\.csv: there is no column 'text'; it needs text and has review, n"),
        ("a.csv", b"text,Verdict\ngood,1\n", r"a\.csv: it has a column 'verdict' already"),
        ("a.csv", b"text,TEXT\ngood,1\n", r"a\.csv: 2 columns are named 'text'"),
        ("a.csv", b"", r"a\.csv: the file is empty"),
        ("a.txt", b"good\n", r"of '\.txt' files no parts are made; use \.csv, \.tsv, \.jsonl, \.parquet"),
        ("a.parquet", b"PAR1 but no more", r"a\.parquet: damaged, so that it cannot be read as Parquet"),
        ("a.jsonl", b'{"text": ', r"a\.jsonl, row 1: cannot be read as JSON"),
    ],
)
def test_a_wrong_head_is_seen_at_once(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError, match=message):
        parts.check(str(tmp_path / name), "text", "", ["verdict"])


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b'text,n\ngood,1\nbad\n"x,2\n', r"a\.csv, row 2: it has 1 cells"),
        ("a.csv", b'text,n\ngood,1\n"x,2\n', r"a\.csv, row 2: a double quote opens a cell and is never closed"),
        ("a.jsonl", b'{"text": "a"}\n{"text": 3}\n', r"a\.jsonl, row 2: 'text' is not a text"),
        ("a.jsonl", b'{"text": "a"}\n{"text": "b"\n', r"a\.jsonl, row 2: cannot be read as JSON"),
    ],
)
def test_parts_before_a_wrong_row_come_first(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    found = parts.read(str(tmp_path / name), "text", "", 1)
    assert next(found).texts[0] in ("good", "a")
    with pytest.raises(UserError, match=message):
        next(found)


def test_parquet_damaged_within(tmp_path):
    """One bit, which the pages' sums tell where a file has them, as those that are written have."""
    path = tmp_path / "a.parquet"
    table = pa.table({"text": [f"text {i}" for i in range(4000)]})
    pq.write_table(table, path, row_group_size=1000, write_page_checksum=True, compression="none")
    data = bytearray(path.read_bytes())
    data[data.index(b"text 2500") + 5] ^= 1  # a bit
    path.write_bytes(data)
    found = parts.read(str(path), "text", "", 500)
    assert len(next(found).texts) == 500
    with pytest.raises(UserError, match=r"a\.parquet: damaged, so that it cannot be read as Parquet"):
        list(found)
    pq.write_table(pa.table({"text": [1, 2]}), path)
    with pytest.raises(UserError, match=r"'text' holds int64, no texts"):
        next(parts.read(str(path), "text", "", 500))
