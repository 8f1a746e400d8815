"""What stands in a model folder beside its weights, and how it is read: all that needs no torch."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from nlp_gru.errors import MAX_CONFIG_BYTES, UserError
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER
from nlp_gru.model_folder.files import read, read_bytes
from nlp_gru.model_folder.options import ModelConfig, Strict


class FolderConfig(Strict):
    """What config.json holds. sha256: the sums of the files beside it; a folder without them is not checked."""

    format: Literal[1] = 1
    head: str
    model: ModelConfig
    options: dict[str, Any]
    sha256: dict[Literal["tokenizer.json", "model.safetensors"], str] = Field(default_factory=dict)


def read_config(folder: Path) -> FolderConfig:
    """Raises `UserError` for a config.json that is missing or not one of ours."""
    if head_name(folder) == "faq":
        raise UserError(
            f"{folder}: a bot of questions and answers has no network of its own for this; predict, eval and demo use it"
        )
    return read(FolderConfig, folder / "config.json", MAX_CONFIG_BYTES, "model folder's config")


def head_name(folder: Path) -> str:
    """Return what config.json, if it can be read at all, says that the folder holds, or nothing."""
    try:
        config = json.loads(read_bytes(folder / "config.json", MAX_CONFIG_BYTES))
    except (ValueError, RecursionError):
        return ""
    return str(config.get("head", "")) if isinstance(config, dict) else ""


def tokenizer_file(folder: Path) -> Path:
    """The folder's own, or the shared one that config.json names by its sum. Raises `UserError` where there is none."""
    own = folder / "tokenizer.json"
    if os.path.lexists(own):
        return own
    wanted = read_config(folder).sha256.get("tokenizer.json")
    if wanted is None or wanted == _sum(SHARED_TOKENIZER):  # a folder without sums is taken for one of this edition
        return SHARED_TOKENIZER
    raise UserError(
        f"{folder}: the tokenizer that it was trained with is not in it, and is not the one that comes with this version; copy the "
        "tokenizer.json it was trained with into the folder"
    )


@cache
def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(folder: Path) -> dict[Literal["tokenizer.json", "model.safetensors"], str]:
    """SHA-256 of tokenizer and weights, in hexadecimal."""
    files = {"tokenizer.json": tokenizer_file(folder), "model.safetensors": folder / "model.safetensors"}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}  # type: ignore[misc]


def check_sums(folder: Path, config: FolderConfig) -> None:
    """Raises `UserError` for a file that is not the one that was saved with config.json. The files' sizes are known by now."""
    if not config.sha256:
        return
    found = sums(folder)
    for name, expected in config.sha256.items():
        if found[name] != expected:
            raise UserError(
                f"{folder / name}: it is damaged, or not of this model (its SHA-256 is another than in config.json)"
            )
