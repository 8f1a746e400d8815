"""model.safetensors without torch: each tensor is compared with what the model needs of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from nlp_gru import files
from nlp_gru.errors import UserError, shortened
from nlp_gru.limits import MAX_WEIGHT, MAX_WEIGHTS_BYTES
from nlp_gru.runtime.proto import Array

SCALE = ".scale"  # suffix of the row scales of an int8 matrix


class Weights:
    """The tensors of a model folder by name. Every method raises `UserError` for one that is missing or not as asked for."""

    def __init__(self, path: Path):
        self.path = path
        try:
            if files.size(path) > MAX_WEIGHTS_BYTES:
                raise ValueError(f"it is larger than {MAX_WEIGHTS_BYTES:,} bytes")
            self._stored = load_file(path)
        except (OSError, SafetensorError, ValueError, KeyError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[-1].removeprefix(f"{path}: ")
            raise UserError(f"{path}: it does not fit config.json or is damaged ({reason[:200]})") from None

    def matrix(self, name: str, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """int8 rows and the scale (rows,) of each; what is stored as float32 is quantised now."""
        value = self._get(name, shape, ("int8", "float32"))
        if value.dtype == np.int8:
            return value, self._sound(name + SCALE, self._get(name + SCALE, shape[:1], ("float32",)), MAX_WEIGHT / 127)
        self._sound(name, value, MAX_WEIGHT)
        scale = np.abs(value).reshape(len(value), -1).max(1).clip(1e-12) / 127
        rows = np.rint(value / scale.reshape(-1, *[1] * (value.ndim - 1))).astype(np.int8)
        return rows, scale.astype(np.float32)

    def wide(self, name: str, shape: tuple[int, ...]) -> Array:
        """A matrix as float32."""
        value, scale = self.matrix(name, shape)
        return np.asarray(value * scale.reshape(-1, *[1] * (value.ndim - 1)), dtype=np.float32)

    def vector(self, name: str, size: int) -> Array:
        return self._sound(name, self._get(name, (size,), ("float32",)), MAX_WEIGHT)

    def integers(self, name: str, size: int) -> Array:
        return self._get(name, (size,), ("int32",))

    def _get(self, name: str, shape: tuple[int, ...], kinds: tuple[str, ...]) -> Array:
        value = self._stored.get(name)
        if value is None or value.shape != shape or value.dtype.name not in kinds:
            found = "missing" if value is None else f"{value.dtype.name} {list(value.shape)}"
            raise UserError(
                f"{self.path}: it does not fit config.json ({shortened(name)} is {found}, not {list(shape)})"
            )
        return value

    def _sound(self, name: str, value: Array, most: float) -> Array:
        if not (np.abs(value) <= most).all():  # NaN is not
            raise UserError(f"{self.path}: it is damaged: '{name}' holds what is no weight")
        return value
