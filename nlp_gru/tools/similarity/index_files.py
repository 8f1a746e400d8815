"""The folder of an index: config.json, arrays as .npy and texts as JSON lines, read without copying them into memory.

The names of the files hold a part of their sums, and config.json, which is replaced last, says which ones count: a
saving that is cut short leaves the index that was there before.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike
from pydantic import Field

from nlp_gru.arrays import Array
from nlp_gru.errors import MAX_CONFIG_BYTES, UserError
from nlp_gru.model_folder.files import read, size
from nlp_gru.model_folder.options import Strict
from nlp_gru.tools.similarity.index_rows import Stored

Part = Literal["vectors.npy", "scales.npy", "passages.npy", "texts.npy", "texts.jsonl"]
PARTS: tuple[Part, ...] = ("vectors.npy", "scales.npy", "passages.npy", "texts.npy", "texts.jsonl")
READ_AT_ONCE = 1 << 20


class IndexConfig(Strict):
    """What config.json holds. encoder: SHA-256 of its weights; next: the number of the next text that is added."""

    format: Literal[1] = 1
    kind: Literal["nlp-gru index"] = "nlp-gru index"
    encoder: str = Field(pattern="^[0-9a-f]{64}$")
    dimensions: int = Field(ge=1, le=4096)
    texts: int = Field(ge=0)
    passages: int = Field(ge=0)
    next: int = Field(ge=0)
    sha256: dict[Part, str]


def read_config(folder: Path) -> IndexConfig:
    """Raise `UserError` for a folder that holds no index."""
    if not (folder / "config.json").exists():
        raise UserError(f"{folder}: there is no index in this folder")
    found = read(IndexConfig, folder / "config.json", MAX_CONFIG_BYTES, "config of an index")
    if set(found.sha256) != set(PARTS) or not all(len(s) == 64 and s.isalnum() for s in found.sha256.values()):
        raise UserError(f"{folder / 'config.json'}: not a config of an index (sha256 names other files than it has)")
    return found


def load(folder: Path, config: IndexConfig, check: bool) -> Stored:
    """Return the arrays, mapped. check: whether the files' sums are compared, which reads all of them.

    Raise `UserError` for a file that is missing, cut short, or another than the one that was saved.
    """
    places = {part: folder / _named(part, config.sha256[part]) for part in PARTS}
    for part, path in places.items():
        size(path)
        if check and _sum(path) != config.sha256[part]:
            raise _damaged(path, "its SHA-256 is another than in config.json")
    rows, texts = config.passages, config.texts
    stored = Stored(
        (_mapped(places["vectors.npy"], np.int8, (rows, config.dimensions)),),
        _mapped(places["scales.npy"], np.float32, (rows,)),
        _mapped(places["passages.npy"], np.int64, (rows, 3)),
        _mapped(places["texts.npy"], np.int64, (texts, 2)),
        (_bytes(places["texts.jsonl"]),),
    )
    if not _fits(stored, config.next):
        raise _damaged(folder, "its files do not fit together")
    return stored


def _fits(stored: Stored, following: int) -> bool:
    """Whether every number that is used as a place lies within bounds."""
    owners, numbers, ends = stored.passages[:, 0], stored.texts[:, 0], stored.ends
    within = np.searchsorted(numbers, owners).clip(0, max(len(numbers) - 1, 0))
    return bool(
        np.isfinite(stored.scales).all()
        and (np.diff(owners) >= 0).all()
        and (np.diff(numbers) > 0).all()
        and (np.diff(ends) > 0).all()
        and ends[0] == 0
        and (not len(numbers) or 0 <= numbers[0] <= numbers[-1] < following)
        and (len(numbers) > 0 or not len(owners))
        and (not len(owners) or (numbers[within] == owners).all())
        and (stored.passages[:, 1] >= 0).all()
        and (stored.passages[:, 1] < stored.passages[:, 2]).all()
    )


def save(folder: Path, config: IndexConfig, parts: dict[Part, Iterable[bytes]]) -> None:
    """Write the files, then config.json, whose sums are filled in, and remove those of the index that was there before.

    Raise `UserError` where the folder holds something else.
    """
    if (folder / "config.json").exists():
        read_config(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".saving-") as temporary:
        new, sums = Path(temporary), {}
        for part, blocks in parts.items():
            digest = hashlib.sha256()
            with open(new / part, "wb") as file:
                for block in blocks:
                    digest.update(block)
                    file.write(block)
            sums[part] = digest.hexdigest()
        written = config.model_copy(update={"sha256": sums})
        (new / "config.json").write_text(written.model_dump_json(indent=2) + "\n", encoding="utf-8")
        names = {_named(part, sums[part]): part for part in parts}
        for name, part in names.items():
            os.replace(new / part, folder / name)
        os.replace(new / "config.json", folder / "config.json")
    for part in PARTS:
        for old in folder.glob(_named(part, "[0-9a-f]" * 12)):
            if old.name not in names:
                old.unlink(missing_ok=True)


def header(dtype: DTypeLike, shape: tuple[int, ...]) -> bytes:
    """Return what stands before the values in an .npy file."""
    file = io.BytesIO()
    described = {"descr": np.dtype(dtype).newbyteorder("<").str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, described)
    return file.getvalue()


def _named(part: Part, sha256: str) -> str:
    stem, dot, kind = part.partition(".")
    return f"{stem}-{sha256[:12] if len(sha256) == 64 else sha256}{dot}{kind}"


def _sum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mapped(path: Path, dtype: DTypeLike, shape: tuple[int, ...]) -> Array:
    try:
        found = np.load(path, mmap_mode="r" if shape[0] else None, allow_pickle=False)
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        raise _damaged(path, " ".join(str(error).split())[:100]) from None
    if (
        not isinstance(found, np.ndarray)
        or found.dtype != dtype
        or found.shape != shape
        or not found.flags.c_contiguous
    ):
        raise _damaged(path, "its values have another shape than config.json says")
    return found.view(np.ndarray)


def _bytes(path: Path) -> mmap.mmap | bytes:
    if not size(path):
        return b""
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _damaged(path: Path, reason: str) -> UserError:
    return UserError(f"{path}: the index is damaged ({reason}); make it anew")
