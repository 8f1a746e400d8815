"""model.safetensors: what it says it holds is compared with what the model needs before any of it is read. Without
torch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from nlp_gru.arrays import Array
from nlp_gru.errors import MAX_HEADER_BYTES, MAX_WEIGHT, MAX_WEIGHTS_BYTES, UserError, shortened
from nlp_gru.model_folder import files

SCALE = ".scale"  # suffix of the row scales of an int8 matrix
_BYTES = {"F32": 4, "I32": 4, "I8": 1}
Kind = tuple[str, tuple[int, ...]]  # a tensor's dtype, as the file names it, and shape


class Weights:
    """A model folder's tensors by name: int8 matrices with a scale for each row, float32, and int32 for integers.

    `load` hands each one out as the model asks for it; `done` ends that. Both, like opening the file, raise `UserError`
    for a file that is damaged, that holds something else, or whose numbers are none or larger than any that training
    yields.
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            self._kinds = _header(path)
            self._file = safe_open(path, "numpy")
        except (OSError, SafetensorError, ValueError, RecursionError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[-1].strip().removeprefix(f"{path}: ")
            raise self._unfit(reason) from None
        self._loaded: dict[str, Array] = {}

    def kind(self, name: str) -> Kind:
        """What is stored under a name: its dtype, "" if there is none, and its shape."""
        return self._kinds.get(name, ("", ()))

    def load(self, name: str, dtype: str, shape: tuple[int, ...]) -> Array:
        """The tensor stored under that name, which must be of this kind. Until `done` it is read but once."""
        found = self.kind(name)
        if found != (dtype, shape):
            raise self._unfit(f"{shortened(name)} is {_shown(found)}, not {dtype} {list(shape)}")
        if name not in self._loaded:
            value = self._file.get_tensor(name)
            if not _is_sound(name, value):
                raise UserError(f"{self.path}: it is damaged: '{name}' holds what is no weight")
            self._loaded[name] = value
        return self._loaded[name]

    def stored(self, name: str, dtype: str, shape: tuple[int, ...]) -> tuple[Array, Array | None]:
        """A parameter as it is stored: its values and, for an int8 matrix, the scale (rows,) of each row."""
        if len(shape) > 1 and self.kind(name) == ("I8", shape):
            return self.load(name, "I8", shape), self.load(name + SCALE, "F32", shape[:1])
        return self.load(name, dtype, shape), None

    def done(self) -> None:
        """Everything was loaded, and is let go. Raises `UserError` if the file holds more."""
        left = self._kinds.keys() - self._loaded.keys()
        self._loaded.clear()
        del self._file
        if left:
            raise self._unfit(f"there is no {shortened(min(left))} in such a model")

    def _unfit(self, reason: str) -> UserError:
        return UserError(f"{self.path}: it does not fit config.json or is damaged ({reason[:200]})")


def narrowed(value: Array) -> tuple[Array, Array]:
    """Return a matrix as int8 rows and the scale (rows,) of each, whose largest magnitude becomes 127."""
    scale = np.abs(value).max(tuple(range(1, value.ndim)), initial=0).clip(1e-12) / 127
    return np.rint(value / scale.reshape(-1, *[1] * (value.ndim - 1))).astype(np.int8), scale.astype(np.float32)


def widened(value: Array, scale: Array | None) -> Array:
    """What `Weights.stored` gives, as numbers: a matrix as float32."""
    return value if scale is None else value * scale.reshape(-1, *[1] * (value.ndim - 1))


def _header(path: Path) -> Mapping[str, Kind]:
    """What the file says of its tensors, which together must have its length. Raises `ValueError`."""
    length = files.size(path)
    with open(path, "rb") as file:
        count = int.from_bytes(file.read(8), "little")
        if length < 8 or count > min(MAX_HEADER_BYTES, length - 8):
            raise ValueError("its header is longer than it may be")
        if length > MAX_WEIGHTS_BYTES:
            raise ValueError(f"{length:,} bytes are too many; the most is {MAX_WEIGHTS_BYTES:,}")
        header = json.loads(file.read(count))
    if not isinstance(header, dict):
        raise ValueError("its header is no table")
    header.pop("__metadata__", None)
    kinds = {name: _kind(name, entry) for name, entry in header.items()}
    total = 8 + count + sum(_BYTES[dtype] * math.prod(shape) for dtype, shape in kinds.values())
    if total != length:
        raise ValueError(f"it has {length:,} bytes, and its tensors {total:,}")
    return kinds


def _kind(name: str, entry: Any) -> Kind:
    if not isinstance(entry, dict) or not isinstance(entry.get("shape"), list) or entry.get("dtype") not in _BYTES:
        raise ValueError(f"what it says of {shortened(name)} is unknown here")
    if not all(type(n) is int and n >= 0 for n in entry["shape"]):
        raise ValueError(f"the shape of {shortened(name)} is none")
    return entry["dtype"], tuple(entry["shape"])


def _shown(kind: Kind) -> str:
    return shortened(f"{kind[0]} {list(kind[1])}").strip("'") if kind[0] else "missing"


def _is_sound(name: str, value: Array) -> bool:
    if not np.issubdtype(value.dtype, np.floating):
        return True  # an int8 weighs what its scale says; keys are checked where they are looked up
    if name.split(".")[-1] == "frequency":
        return bool((np.isfinite(value) & (value >= 0)).all())
    return bool((np.abs(value) <= (MAX_WEIGHT / 127 if name.endswith(SCALE) else MAX_WEIGHT)).all())  # NaN is not
