"""model.safetensors: what it says it holds is compared with what the model needs before any of it is read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from nlp_gru import files
from nlp_gru.errors import UserError, shortened
from nlp_gru.limits import MAX_HEADER_BYTES, MAX_WEIGHT

SCALE = ".scale"  # suffix of the row scales of an int8 matrix
_NAMES = {torch.float32: "F32", torch.int32: "I32"}
_BYTES = {"F32": 4, "I32": 4, "I8": 1}
Kind = tuple[str, tuple[int, ...]]  # a tensor's dtype, as the file names it, and shape


def read_weights(path: Path, wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The stored tensors of a model whose state has the names, dtypes and shapes of `wanted`, which may be on the meta device.

    Matrices are stored as int8 with a scale for each row, or as float32. Raises `UserError` for a file that holds anything
    else, that is damaged, or whose numbers are none or larger than any that training yields.
    """
    try:
        _compare(_header(path), wanted, files.size(path))
        stored = load_file(path)
    except (OSError, SafetensorError, RuntimeError, ValueError, RecursionError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[-1].strip().removeprefix(f"{path}: ")
        raise UserError(f"{path}: it does not fit config.json or is damaged ({reason[:200]})") from None
    for name, value in stored.items():
        if not _is_sound(name, value):
            raise UserError(f"{path}: it is damaged: '{name}' holds what is no weight")
    return stored


def _header(path: Path) -> dict[str, Any]:
    """What the file says of its tensors, by name, and under "" how many bytes it says that in."""
    length = files.size(path)
    with open(path, "rb") as file:
        count = int.from_bytes(file.read(8), "little")
        if length < 8 or count > min(MAX_HEADER_BYTES, length - 8):
            raise ValueError("its header is longer than it may be")
        header = json.loads(file.read(count))
    if not isinstance(header, dict):
        raise ValueError("its header is no table")
    header.pop("__metadata__", None)
    return {**header, "": count}


def _compare(header: dict[str, Any], wanted: Mapping[str, Tensor], length: int) -> None:
    """Raises `ValueError` where the header names other tensors than those wanted, or the file has another length."""
    total = 8 + header.pop("")
    for name, value in wanted.items():
        shape = tuple(value.shape)
        found = _kind(header.pop(name, None))
        scaled = len(shape) > 1 and found == ("I8", shape)
        if not scaled and found != (_NAMES.get(value.dtype), shape):
            raise ValueError(f"'{name}' is {_shown(found)}, not {_NAMES.get(value.dtype)} {list(shape)}")
        if scaled and _kind(header.pop(name + SCALE, None)) != ("F32", shape[:1]):
            raise ValueError(f"'{name}' has no scale for each row")
        total += _BYTES[found[0]] * math.prod(shape) + (4 * shape[0] if scaled else 0)
    if header:
        raise ValueError(f"there is no {shortened(next(iter(header)))} in such a model")
    if total != length:
        raise ValueError(f"it has {length:,} bytes, and its tensors {total:,}")


def _kind(entry: Any) -> Kind:
    if (
        not isinstance(entry, dict)
        or not isinstance(entry.get("shape"), list)
        or not isinstance(entry.get("dtype"), str)
    ):
        return "", ()
    return entry["dtype"], tuple(entry["shape"])


def _shown(kind: Kind) -> str:
    return shortened(f"{kind[0]} {list(kind[1])}").strip("'") if kind[0] else "missing"


def _is_sound(name: str, value: Tensor) -> bool:
    if not value.is_floating_point():
        return True  # an int8 weighs what its scale says; keys that are out of order find nothing
    if name.split(".")[-1] == "frequency":
        return bool(value.isfinite().all() and (value >= 0).all())
    return bool((value.abs() <= (MAX_WEIGHT / 127 if name.endswith(SCALE) else MAX_WEIGHT)).all())  # NaN is not
