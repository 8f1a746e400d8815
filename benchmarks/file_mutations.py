"""What `benchmarks/fuzz_files.py` makes of files that are sound: KINDS, each a function of a random generator, the name
and the columns, that returns a file's name, its bytes and what was done."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from mutations import ODD

from nlp_gru.tools.keyboard.memory import Memory
from nlp_gru.training.recipe import RECIPES

Made = tuple[str, bytes, str]
Columns = tuple[str, ...]
CELLS = (
    "Good, cheap and fast",
    'so "called"',
    "two\nlines",
    "=1+1",
    "",
    " ",
    "Très bon",
    "🙂",
    "a;b|c\td",
    "0",
    "x" * 300,
    "'",
    "\\",
    "null",
)
NAMES = (
    "",
    " Text ",
    "LABEL",
    "review",
    "Unnamed: 0",
    "text",
    "label",
    "id",
    "turns",
    "\ufefftext",
    "sep=;",
    "a,b",
    "x" * 500,
)
BYTES = (
    b"\0",
    b'"',
    b"\n",
    b"\r",
    b",",
    b"\xff",
    b"\xe9",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"[" * 3000,
    b"{" * 30_000,
    b'"' * 2001,
    b"\\",
    b"9" * 5000,
)


def rows(draw: random.Random, columns: Columns) -> list[list[Any]]:
    """Rows of cells for these columns."""
    count = draw.choice([1, 12, 40, 40, 40, 40])
    made: list[list[Any]] = []
    for i in range(count):
        texts = [draw.choice(CELLS) if draw.random() < 0.3 else f"{name} {i} of many" for name in columns]
        if "label" in columns:
            texts[-1] = draw.choice(["good", "bad"]) if draw.random() < 0.95 else draw.choice(CELLS)
        made.append(
            [[text, "yes", "no"] if name == "turns" else text for name, text in zip(columns, texts, strict=True)]
        )
    return made


def damaged(draw: random.Random, data: bytes) -> tuple[bytes, str]:
    """Bytes with a few of them changed, or none."""
    done = []
    for _ in range(draw.choice([0, 0, 0, 1, 1, 2, 6])):
        if not data:
            break
        place = draw.choice(
            [draw.randrange(len(data)), draw.randrange(min(len(data), 200)), max(len(data) - draw.randrange(1, 300), 0)]
        )
        what = draw.choice(["flip", "cut", "insert", "drop", "repeat", "zero", "swap"])
        if what == "flip":
            data = data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :]
        elif what == "cut":
            data = data[:place]
        elif what == "insert":
            data = data[:place] + draw.choice([*BYTES, draw.randbytes(20)]) + data[place:]
        elif what == "drop":
            data = data[:place] + data[place + draw.randrange(1, 50) :]
        elif what == "repeat":
            part = data[place : place + draw.choice([1, 10, 1000])]
            data = data[:place] + part * draw.choice([2, 1000, 1_000_000 // max(len(part), 1)]) + data[place:]
        elif what == "zero":
            length = draw.choice([1, 4, 8, 64])
            data = data[:place] + draw.choice([b"\0", b"\xff"]) * length + data[place + length :]
        else:
            other = draw.randrange(len(data))
            data = data[:place] + data[other : other + 30] + data[place + 30 :]
        done.append(f"{what} at {place}")
    return data, ", ".join(done) or "whole"


def delimited(draw: random.Random, name: str, columns: Columns) -> Made:
    made = rows(draw, columns)
    header: list[str] = list(columns)
    done = draw.choice(
        ["plain", "names", "index", "wide", "ragged", "blank", "long", "many", "odd header", "no header"]
    )
    if done == "names":
        header = [draw.choice(NAMES) for _ in header]
    elif done == "index":
        header, made = ["", *header], [[i, *row] for i, row in enumerate(made)]
    elif done == "wide":
        more = draw.choice([900, 1100, 20_000])
        header, made = header + [f"c{i}" for i in range(more)], [row + ["y"] * more for row in made[:20]]
    elif done == "ragged":
        made[draw.randrange(len(made))] += ["more"] * draw.choice([1, 5, 100_000])
    elif done == "blank":
        made[draw.randrange(len(made)) : 0] = [[""] * len(header)] * draw.choice([1, 1000])
    elif done == "long":
        made[0][0] = draw.choice(["x", "é", "x,", '"']) * draw.choice([100_001, 1_000_001, 3_000_000])
    elif done == "many":
        made = made * draw.choice([200, 600, 600, 10_000])
    elif done == "odd header":
        header.insert(draw.randrange(len(header) + 1), draw.choice(NAMES))
    out = io.StringIO()
    quoting: Any = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(
        out,
        delimiter=draw.choice([",", ",", ";", "\t", "|"]),
        quoting=quoting,
        lineterminator=draw.choice(["\n", "\r\n", "\r"]),
    )
    writer.writerows(made if done == "no header" else [header, *made])
    text = draw.choice(["", "", "", "sep=;\n", "sep=,\r\n", "\n\n", "\ufeff"]) + out.getvalue()
    encoding = draw.choice(["utf-8"] * 14 + ["utf-16", "utf-16-le", "cp1252", "utf-32", "latin-1"])
    data, how = damaged(draw, text.encode(encoding, "replace"))
    return name, data, f"{done}, {encoding}, {how}"


def _value(draw: random.Random, value: Any) -> Any:
    return draw.choice([*ODD, {"a": value}, [value], [[value]], True, 1e400]) if draw.random() < 0.04 else value


def json_lines(draw: random.Random, name: str, columns: Columns) -> Made:
    made = rows(draw, columns)
    objects = [
        {draw.choice(NAMES) if draw.random() < 0.02 else c: _value(draw, v) for c, v in zip(columns, row, strict=True)}
        for row in made
    ]
    done = draw.choice(["plain", "keys", "deep", "many", "numbers", "long", "no objects"])
    if done == "keys":
        objects[draw.randrange(len(objects))] |= {f"k{i}": i for i in range(draw.choice([900, 1100, 100_000]))}
    elif done == "many":
        objects = objects * draw.choice([200, 600, 600, 5_000])
    elif done == "long":
        unit: Any = draw.choice(["x", "é", "🙂", ["a"]])
        objects[0][columns[0]] = unit * draw.choice([100_001, 1_000_001])
    texts = [json.dumps(o, ensure_ascii=draw.random() < 0.5) for o in objects]
    place = draw.randrange(len(texts))
    if done == "deep":
        depth, (left, right) = draw.choice([100, 250, 20_000, 100_000]), draw.choice([("[", "]"), ('{"a":', "}")])
        texts[place] = f'{{"{columns[0]}": ' + left * depth + draw.choice(["", "1" + right * depth]) + "}"
    elif done == "numbers":
        texts[place] = f'{{"{columns[0]}": {draw.choice(["9" * 100_000, "1e999999", "-0", "NaN", "0x1", "1" * 4000])}}}'
    elif done == "no objects":
        texts[place] = draw.choice(["[]", "3", '"text"', "null", "{},{}", "[{}," * 9, "[]," * 1_000_000])
    text = f"[{draw.choice([',', ', ', chr(10) + ','])}".join(texts) if draw.random() < 0.05 else "\n".join(texts)
    if name.endswith(".json") and draw.random() < 0.8:
        text = f"[{','.join(texts)}]"
    data, how = damaged(draw, text.encode(draw.choice(["utf-8"] * 8 + ["utf-16", "cp1252"]), "replace"))
    return name, data, f"{done}, {how}"


def text(draw: random.Random, name: str, _: Columns) -> Made:
    lines = [draw.choice(CELLS) for _ in range(draw.choice([1, 12, 40, 30_000, 300_000]))]
    if draw.random() < 0.1:
        lines[0] = "x" * draw.choice([99_999, 100_001, 10_000_000])
    written = draw.choice(["\n", "\r\n", "\r"]).join(lines)
    data, how = damaged(draw, written.encode(draw.choice(["utf-8"] * 5 + ["utf-16", "cp1252"]), "replace"))
    return name, data, f"{len(lines)} lines, {how}"


def parquet(draw: random.Random, name: str, columns: Columns) -> Made:
    made = rows(draw, columns)
    table = {c: list(v) for c, v in zip(columns, zip(*made, strict=True), strict=True)}
    done = draw.choice(["plain", "plain", "plain", "bomb", "zeros", "wide", "kinds", "lists", "many", "nulls"])
    first, count = columns[0], len(made)
    if done == "bomb":
        repeated = draw.choice([1000, 19_000, 300_000])
        one = pa.array(["x" * draw.choice([1000, 90_000, 100_000, 100_001])])
        table = {
            first: pa.DictionaryArray.from_arrays(pa.array([0] * repeated, pa.int32()), one),
            **{c: ["a"] * repeated for c in columns[1:]},
        }
    elif done == "zeros":
        table[first] = ["x" * draw.choice([90_000, 2_000_000])] * count
    elif done == "wide":
        table |= {f"c{i}": ["y"] * count for i in range(draw.choice([900, 1100, 5000]))}
    elif done == "kinds":
        table[first] = draw.choice(
            [[1] * count, [0.5] * count, [b"x"] * count, [{"a": "b"}] * count, [[["a"]]] * count, [True] * count]
        )
    elif done == "lists":
        table[first] = [["a"] * draw.choice([1, 2, 200_000])] * count
    elif done == "many":
        table = {c: list(v) * (60_000 // count) for c, v in table.items()}
    elif done == "nulls":
        table[first] = [None] * count
    out = io.BytesIO()
    pq.write_table(
        pa.table(table),
        out,
        compression=draw.choice(["none", "snappy", "zstd", "gzip"]),
        use_dictionary=done == "bomb" or draw.random() < 0.6,
        row_group_size=draw.choice([1, 7, 100_000]) if count < 100 and done not in ("bomb", "many") else 100_000,
        data_page_version=draw.choice(["1.0", "2.0"]),
    )
    data, how = damaged(draw, out.getvalue())
    return name, data, f"{done}, {how}"


def memory(draw: random.Random, name: str, _: Columns) -> Made:
    known = Memory()
    known.learn(" ".join(draw.choice(CELLS[:8]) for _ in range(30)))
    values = json.loads(known.as_json())
    if draw.random() < 0.6:
        table = draw.choice(["format", "learned", "counts", "spelling"])
        inner = values[table]
        if isinstance(inner, dict) and inner and draw.random() < 0.8:
            inner[draw.choice(list(inner))] = draw.choice(ODD)
        else:
            values[table] = draw.choice(ODD)
    data, how = damaged(draw, json.dumps(values).encode())
    return name, data, how


def recipe(draw: random.Random, name: str, _: Columns) -> Made:
    path = draw.choice(sorted(RECIPES.glob("*.toml")))
    written = path.read_text(encoding="utf-8")
    done = draw.choice(["numbers", "bytes", "deep", "tables", "lines"])
    if done == "numbers":
        places = [m.span() for m in re.finditer(r"(?<== )[\d.e_-]+", written)]
        start, end = draw.choice(places)
        value = draw.choice(
            ["1e9", "1e400", "nan", "inf", "-1", "0", "9" * 5000, str(1 << 70), "true", '"x"', "[]", "1" + "0" * 30]
        )
        written = written[:start] + value + written[end:]
    elif done == "deep":
        written += "\nx = " + draw.choice(["[", "{a="]) * draw.choice([50, 3000, 40_000])
    elif done == "tables":
        written += "\n" + draw.choice(
            ["[data]\n", "[a.b.c]\n", "x.y.z = 1\n", "[[data]]\n", "a." * 5000 + "b = 1\n", "k = 1\n" * 100]
        )
    elif done == "lines":
        lines = written.split("\n")
        draw.shuffle(lines)
        written = "\n".join(lines)
    data, how = damaged(draw, written.encode()) if done == "bytes" else (written.encode(), "")
    return name, data, f"{path.stem}: {done} {how}"


KINDS: dict[str, Callable[[random.Random, str, Columns], Made]] = {
    "csv": delimited,
    "tsv": delimited,
    "jsonl": json_lines,
    "json": json_lines,
    "txt": text,
    "parquet": parquet,
    "memory": memory,
    "toml": recipe,
}
