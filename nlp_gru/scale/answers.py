"""What a tool answers, as columns of a data file; and how a worker makes a finished part of it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlp_gru.data_files.parts import Columns, Part
from nlp_gru.errors import UserError
from nlp_gru.loading import load
from nlp_gru.model_folder.folder import head_name
from nlp_gru.tools.registry import TOOLS, Tool

AT_ONCE = 4096  # texts that a tool sorts by length before it reads them


def tool_in(folder: Path) -> Tool:
    """Return the tool of a model folder, without its weights. Raise `UserError` for a damaged folder."""
    tool = TOOLS.get(head_name(folder))
    if tool is None:
        raise UserError(f"{folder}: this is a base model for training; it cannot answer anything itself")
    return tool


@dataclass(frozen=True)
class Model:
    """A model as workers get it. folder: where it lies; files: what it holds, for workers that cannot see that folder;
    digest: of all its files."""

    folder: str
    digest: str
    files: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)


def as_files(folder: Path, whole: bool = False) -> Model:
    """Return a model folder for workers. whole: with its files, for workers elsewhere."""
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    files = {path.name: path.read_bytes() for path in paths}
    digest = hashlib.sha256(
        b"".join(hashlib.sha256(name.encode() + b"\0" + data).digest() for name, data in files.items())
    )
    return Model(str(folder), digest.hexdigest(), files if whole else {})


def answered(model: Model, part: Part) -> bytes:
    """Return a part with its answers, as it is written. A text that is blank has none. Raise `UserError` where there is
    no such model."""
    tool, held = _loaded(model)
    asked = [text for text in part.texts if text.strip()]
    groups = (asked[at : at + AT_ONCE] for at in range(0, len(asked), AT_ONCE))
    found = (answer for group in groups for answer in tool.answers(held, group))
    answers = [next(found) if text.strip() else None for text in part.texts]
    columns: Columns = {
        name: (kind, [None if answer is None else value(answer) for answer in answers])
        for name, (kind, value) in tool.fields.items()
    }
    return part.written(columns)


@lru_cache(1)
def _loaded(model: Model) -> tuple[Tool, Any]:
    """A model's tool, loaded once in a process. Texts are made tokens by one thread: there is a process for each
    core."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    if not model.files:
        return tool_in(Path(model.folder)), load(model.folder)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in model.files.items():
            Path(folder, name).write_bytes(data)
        return tool_in(Path(folder)), load(folder)
