"""What a model folder holds beside its weights, read and checked for both engines: all that needs no torch."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field

from nlp_gru.errors import MAX_CONFIG_BYTES, UserError
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER, find_model
from nlp_gru.model_folder.files import read, read_bytes
from nlp_gru.model_folder.options import ModelConfig, Strict, validate

Checked = Literal["tokenizer.json", "model.safetensors"]
Options = TypeVar("Options", bound=BaseModel)


class FolderConfig(Strict):
    """What config.json holds. sha256: the sums of the files beside it; a folder without them is not checked."""

    format: Literal[1] = 1
    head: str
    model: ModelConfig
    options: dict[str, Any]
    sha256: dict[Checked, str] = Field(default_factory=dict)


class ModelFolder:
    """A model folder whose settings are known to be ours; `check` says whether its other files are those they were
    saved with.

    name: of a bundled model or one in the library, or a path. Raises `UserError` when there is no such model, or its
    config.json is missing or not one of ours.
    """

    def __init__(self, name: str | Path):
        self.path = find_model(name)
        if head_name(self.path) == "faq":
            raise UserError(
                f"{self.path}: a bot of questions and answers has no network of its own for this; predict, eval and"
                " demo use it"
            )
        self.config = read(FolderConfig, self.path / "config.json", MAX_CONFIG_BYTES, "model folder's config")

    @property
    def head(self) -> str:
        return self.config.head

    @property
    def weights(self) -> Path:
        return self.path / "model.safetensors"

    @cached_property
    def tokenizer(self) -> Path:
        """The folder's own, or the shared one that config.json names by its sum. Raises `UserError` where there is
        none."""
        own = self.path / "tokenizer.json"
        if os.path.lexists(own):
            return own
        wanted = self.config.sha256.get("tokenizer.json")
        if wanted is None or wanted == _shared_sum():  # a folder without sums is taken for one of this edition
            return SHARED_TOKENIZER
        raise UserError(
            f"{self.path}: the tokenizer that it was trained with is not in it, and is not the one that comes with this"
            " version; copy the tokenizer.json it was trained with into the folder"
        )

    def options(self, kind: type[Options]) -> Options:
        """The settings of the head, which must be of this kind. Raises `UserError`."""
        return validate(kind, self.config.options, str(self.path / "config.json"))

    def sums(self) -> dict[Checked, str]:
        """SHA-256 of tokenizer and weights, in hexadecimal."""
        return {"tokenizer.json": sha256(self.tokenizer), "model.safetensors": sha256(self.weights)}

    def check(self) -> None:
        """Raise `UserError` for a file that is not the one that was saved with config.json. The files' sizes must be
        known by now."""
        if not self.config.sha256:
            return
        found = self.sums()
        for name, expected in self.config.sha256.items():
            if found[name] != expected:
                raise UserError(
                    f"{self.path / name}: it is damaged, or not of this model (its SHA-256 is another than in"
                    " config.json)"
                )


def head_name(folder: Path) -> str:
    """Return what config.json, if it can be read at all, says that the folder holds, or nothing."""
    try:
        config = json.loads(read_bytes(folder / "config.json", MAX_CONFIG_BYTES))
    except (ValueError, RecursionError):
        return ""
    return str(config.get("head", "")) if isinstance(config, dict) else ""


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _shared_sum() -> str:
    return sha256(SHARED_TOKENIZER)
