"""What stands in a model folder beside its weights, and how it is read: all that needs no torch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from nlp_gru.bundled import SHARED_TOKENIZER
from nlp_gru.files import read
from nlp_gru.limits import MAX_CONFIG_BYTES
from nlp_gru.recipe import ModelConfig, Strict
from nlp_gru.tokenizer import Tokenizer


class FolderConfig(Strict):
    """What config.json holds."""

    format: Literal[1] = 1
    head: str
    model: ModelConfig
    options: dict[str, Any]


def read_config(folder: Path) -> FolderConfig:
    """Raises `UserError` for a config.json that is missing or not one of ours."""
    return read(FolderConfig, folder / "config.json", MAX_CONFIG_BYTES, "model folder's config")


def read_tokenizer(folder: Path) -> Tokenizer:
    """The folder's own, or the shared one. Raises `UserError` for a file that is not one of ours."""
    own = folder / "tokenizer.json"
    return Tokenizer.load(own if os.path.lexists(own) else SHARED_TOKENIZER)
