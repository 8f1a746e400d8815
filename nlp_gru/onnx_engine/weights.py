"""A model folder's tensors in the forms that graphs take."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder import weights
from nlp_gru.model_folder.weights import narrowed, widened


class Weights(weights.Weights):
    """See `nlp_gru.model_folder.weights.Weights`. Every method raises `UserError` for a tensor that is missing or not
    as asked for."""

    def __init__(self, path: Path):
        super().__init__(path)
        self._packed: dict[str, tuple[Array, Array]] = {}

    def matrix(self, name: str, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """int8 rows and the scale (rows,) of each; what is stored as float32 is quantised now."""
        value, scale = self.stored(name, "F32", shape)
        if scale is not None:
            return value, scale
        return narrowed(value)

    def packed(self, name: str, shape: tuple[int, int], block: int) -> tuple[Array, Array]:
        """A matrix (O, I) as (O, blocks, block) uint8, 128 for 0 and beyond the end, and a scale for each block. All
        graphs of a model share the arrays."""
        if name not in self._packed:
            value, scale = self.matrix(name, shape)
            blocks = -(-shape[1] // block)
            packed = np.full((shape[0], blocks * block), 128, np.uint8)
            packed[:, : shape[1]] = value.view(np.uint8) ^ 128
            self._packed[name] = packed.reshape(shape[0], blocks, block), scale.repeat(blocks)
        return self._packed[name]

    def done(self) -> None:
        super().done()
        self._packed.clear()

    def wide(self, name: str, shape: tuple[int, ...]) -> Array:
        """A matrix as float32."""
        return np.asarray(widened(*self.stored(name, "F32", shape)), dtype=np.float32)

    def vector(self, name: str, size: int) -> Array:
        return self.load(name, "F32", (size,))

    def integers(self, name: str, size: int) -> Array:
        return self.load(name, "I32", (size,))
