"""What `benchmarks/mutate.py` does to a model folder: KINDS, each a function of a random generator, the folder, whose
files are links to intact ones, and the intact folders. Each returns what it did."""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Mutation = Callable[[random.Random, Path, list[Path]], str]
FILES = ("config.json", "model.safetensors", "tokenizer.json")
HUGE = (10**9, 10**18, 10**30, -1, -(10**9), 0, 1, 1 << 62)
ODD: tuple[Any, ...] = (
    *HUGE,
    True,
    None,
    "",
    "x" * 10_000,
    "\ud800",
    [],
    {},
    [[]],
    {"a": {}},
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    "gru",
    "\x00",
    ["a", "a"],
    [1, 2, 3],
    list(range(5000)),
)
NUMBERS = (b"\x00\x00\xc0\x7f", b"\x00\x00\x80\x7f", b"\x00\x00\x80\xff", b"\xff\xff\x7f\x7f", b"\x01\x00\x00\x00")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def write(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)  # it is a link
    path.write_bytes(data)


def truncated(draw: random.Random, folder: Path, _: list[Path]) -> str:
    path = folder / draw.choice(FILES)
    data = path.read_bytes()
    length = draw.choice([draw.randrange(len(data)), draw.randrange(min(len(data), 3000)), len(data) - 1])
    write(path, data[:length])
    return f"{path.name} cut at {length}"


def longer(draw: random.Random, folder: Path, _: list[Path]) -> str:
    path = folder / draw.choice(FILES)
    more = draw.choice([b"\0", b" ", b"{}", draw.randbytes(1000), b"\0" * 12_000_000])
    write(path, path.read_bytes() + more)
    return f"{len(more)} bytes behind {path.name}"


def flipped(draw: random.Random, folder: Path, _: list[Path]) -> str:
    path = folder / draw.choice(FILES)
    data = bytearray(path.read_bytes())
    where = [
        draw.randrange(min(len(data), draw.choice([8, 2000, len(data)]))) for _ in range(draw.choice([1, 1, 2, 8]))
    ]
    for place in where:
        data[place] ^= 1 << draw.randrange(8)
    write(path, bytes(data))
    return f"{path.name}, bits in bytes {where}"


def swapped(draw: random.Random, folder: Path, others: list[Path]) -> str:
    path, other = folder / draw.choice(FILES), draw.choice(others) / draw.choice([*FILES, "README.md"])
    write(path, other.read_bytes() if other.exists() else b"")
    return f"{other.parent.name}/{other.name} as {path.name}"


def header(draw: random.Random, folder: Path, _: list[Path]) -> str:
    """model.safetensors with a header that says something else."""
    path = folder / "model.safetensors"
    data = path.read_bytes()
    count = struct.unpack("<Q", data[:8])[0]
    if draw.random() < 0.3:
        said = draw.choice([0, 1, count - 1, count + 1, 1 << 20, 1 << 31, 1 << 40, 1 << 62, (1 << 64) - 1])
        write(path, struct.pack("<Q", said) + data[8:])
        return f"a header of {said} bytes"
    table = json.loads(data[8 : 8 + count])
    name = draw.choice(sorted(table))
    field = draw.choice(["dtype", "shape", "data_offsets", "name", "drop", "more", "deep"])
    if field == "drop":
        del table[name]
    elif field == "more":
        table |= {f"more{i}": table[name] for i in range(draw.choice([1, 20_000]))}
    elif field == "name":
        table[draw.choice(["", "x" * 100_000, "__metadata__", "__class__"])] = table.pop(name)
    elif field == "dtype":
        table[name]["dtype"] = draw.choice(["F64", "F32", "BOOL", "F8_E4M3", "I8", "U64", "pickle", 3, None])
    elif field == "deep":
        table[name] = json.loads("[" * 500 + "]" * 500)
    else:
        values = table[name][field] or [0]
        values[draw.randrange(len(values))] = draw.choice(ODD)
        table[name][field] = draw.choice([values, values, draw.choice(ODD)])
    text = json.dumps(table).encode()
    text += b" " * (-len(text) % 8)
    write(path, struct.pack("<Q", len(text)) + text + data[8 + count :])
    return f"'{field}' of '{name}' in the header"


def weights(draw: random.Random, folder: Path, _: list[Path]) -> str:
    """A float32 that is none, is infinite or enormous, or integers at random."""
    path = folder / "model.safetensors"
    data = bytearray(path.read_bytes())
    count = struct.unpack("<Q", data[:8])[0]
    table = {n: t for n, t in json.loads(data[8 : 8 + count]).items() if n != "__metadata__"}
    name = draw.choice(sorted(table))
    low, high = (8 + count + at for at in table[name]["data_offsets"])
    if table[name]["dtype"] == "F32":
        for _time in range(draw.choice([1, 1, 30])):
            spot = low + draw.randrange((high - low) // 4) * 4
            data[spot : spot + 4] = draw.choice(NUMBERS)
    else:
        length = min(high - low, 4000)
        place = low + draw.randrange(high - low - length + 1)
        data[place : place + length] = draw.randbytes(length)
    write(path, bytes(data))
    return f"numbers of '{name}'"


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a JSON value can be changed; of long lists, the first few places."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value[:6]) if isinstance(value, list) else ()
    return found + [place for key, inner in items for place in _places(inner, (*path, key))]


def _change(draw: random.Random, value: Any) -> str:
    *above, last = draw.choice(_places(value))
    for key in above:
        value = value[key]
    new = draw.choice([*ODD, "drop", "rename"])
    if new == "drop":
        del value[last]
    elif new == "rename" and isinstance(value, dict):
        value[draw.choice(["", "x", "a\nb", "é" * 200_000])] = value.pop(last)
    else:
        value[last] = new
    return f"{[*above, last]} = {repr(new)[:40]}"


def config(draw: random.Random, folder: Path, _: list[Path]) -> str:
    values = json.loads((folder / "config.json").read_text())
    done = [_change(draw, values) for _ in range(draw.choice([1, 1, 1, 3]))]
    write(folder / "config.json", json.dumps(values).encode())
    return "; ".join(done)


def sizes(draw: random.Random, folder: Path, _: list[Path]) -> str:
    """A config that asks for a network of any size."""
    values = json.loads((folder / "config.json").read_text())
    names = [(t, k) for t in ("model", "options") for k, v in values[t].items() if isinstance(v, int | float | bool)]
    done = []
    for table, key in draw.sample(names, min(len(names), draw.choice([1, 2, 6]))):
        values[table][key] = draw.choice([*HUGE, 7, 64, 4096, 10_000, 1 << 20, 5_000_000, 1e300])
        done.append(f"{key} = {values[table][key]}")
    write(folder / "config.json", json.dumps(values).encode())
    return "; ".join(done)


def vocabulary(draw: random.Random, folder: Path, _: list[Path]) -> str:
    path = folder / "tokenizer.json"
    values = json.loads(path.read_text())
    tokens = values["model"]["vocab"]
    if draw.random() < 0.5:
        done = _change(draw, values)
    else:
        bomb = {"type": "Replace", "pattern": {"Regex": "(a+)+$|(\\w+)*x"}, "content": "a"}
        i = draw.randrange(8, len(tokens))
        done = draw.choice(["score", "twice", "short", "many", "bomb", "model", "shuffle"])
        if done == "score":
            tokens[i][1] = draw.choice([float("nan"), float("inf"), 1e308, -1e308, 1e-320, 0, "1", None])
        elif done == "twice":
            tokens[i][0] = tokens[i - 1][0]
        elif done == "short":
            del tokens[draw.choice([2, 8, 300, i]) :]
        elif done == "many":
            tokens += [[f"x{n}", -9.0] for n in range(200_000)]
        elif done == "bomb":
            values["normalizer"] = bomb
        elif done == "model":
            values["model"] = {"type": draw.choice(["BPE", "WordPiece", "WordLevel", ""]), "vocab": {}, "merges": []}
        else:
            draw.shuffle(tokens)
    write(path, json.dumps(values).encode())
    return f"tokenizer.json: {done}"


def foreign(draw: random.Random, folder: Path, _: list[Path]) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.pkl", b"\0" * 50_000_000)
    files = {
        "PNG": PNG + draw.randbytes(500),
        "zip": archive.getvalue(),
        "empty": b"",
        "binary": draw.randbytes(20_000),
        "pickle": pickle.dumps({"weights": [1.0] * 100}),
        "text": b"hello\n" * 100,
        "zeros": bytes(draw.choice([7, 8, 100_000])),
        "JSON": draw.choice(
            [b"null", b"[]", b"3", b'"x"', b"{}", b'{"a": [1]}', b"true", b"NaN", b"9" * 6000, b'{"a":' * 900]
        ),
        "nested": b"[" * 100_000 + b"]" * 100_000,
        "UTF-16": '{"format": 1}'.encode("utf-16"),
        "BOM": b"\xef\xbb\xbf{}",
    }
    path, name = folder / draw.choice(FILES), draw.choice(sorted(files))
    write(path, files[name])
    return f"{name} as {path.name}"


def no_file(draw: random.Random, folder: Path, _: list[Path]) -> str:
    path = folder / draw.choice(FILES)
    path.unlink()
    what = draw.choice(["missing", "pipe", "folder", "device", "dangling", "loop"])
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    elif what != "missing":
        path.symlink_to({"device": "/dev/zero", "dangling": "nowhere", "loop": path.name}[what])
    return f"{path.name}: {what}"


def enormous(draw: random.Random, folder: Path, _: list[Path]) -> str:
    """A file of 20 GB of which nothing is on disk."""
    path = folder / draw.choice(FILES)
    write(path, path.read_bytes() if draw.random() < 0.5 else b"")
    os.truncate(path, 20_000_000_000)
    return f"{path.name} of 20 GB"


def card(draw: random.Random, folder: Path, _: list[Path]) -> str:
    """What nobody reads: the model must answer."""
    path = folder / "README.md"
    write(path, draw.randbytes(100))
    what = draw.choice(["binary", "missing", "enormous", "pipe", "more files"])
    if what == "enormous":
        os.truncate(path, 20_000_000_000)
    elif what in ("missing", "pipe"):
        path.unlink()
        if what == "pipe":
            os.mkfifo(path)
    elif what == "more files":
        for name in ("pytorch_model.bin", "train.pkl", ".saving-x", "\udc80"):
            (folder / name).write_bytes(b"\x80\x04.")
    return f"README.md: {what}"


KINDS: dict[str, Mutation] = {
    kind.__name__: kind
    for kind in (
        truncated,
        longer,
        flipped,
        swapped,
        header,
        weights,
        config,
        sizes,
        vocabulary,
        foreign,
        no_file,
        enormous,
        card,
    )
}
