"""A file of arrays beside a model, which no model is built from: float matrices as int8 rows with their scales."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from nlp_gru.arrays import Array
from nlp_gru.errors import UserError
from nlp_gru.model_folder.weights import SCALE, narrowed, widened


def save_tensors(path: Path, tensors: Mapping[str, Array], about: Mapping[str, str]) -> None:
    """about: texts that stand in the file's head."""
    stored: dict[str, Array] = {}
    for name, value in tensors.items():
        value = np.ascontiguousarray(value)  # safetensors writes the memory as it lies
        if value.ndim > 1 and value.dtype.kind == "f":
            stored[name], stored[name + SCALE] = narrowed(value)
        else:
            stored[name] = value
    save_file(stored, path, dict(about))


def load_tensors(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """The arrays, in float32 where they were narrowed, and the texts of the head. Raises `UserError` for a damaged
    file."""
    try:
        with safe_open(path, "numpy") as file:
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            about = file.metadata() or {}
    except (OSError, SafetensorError, ValueError) as error:
        raise UserError(f"{path}: it is damaged: {type(error).__name__}") from None
    tensors = {name: widened(stored[name], stored.get(name + SCALE)) for name in stored if not name.endswith(SCALE)}
    return tensors, about
