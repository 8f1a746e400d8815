"""The models that a person has made, kept in the platform's folder for data: each under a name, with what is known of
it."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nlp_gru.errors import MAX_CONFIG_BYTES, MAX_LIBRARY_BYTES, UserError, shortened
from nlp_gru.model_folder.aliases import by_alias

HOME = "NLP_GRU_HOME"  # a variable that names another folder
ABOUT = "kept.json"
NAME = re.compile(r"\w[\w .-]{0,59}")
RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # which Windows keeps for devices


@dataclass(frozen=True)
class Kept:
    """A model in the library. head: as in its config.json; made: a date in ISO 8601; data: the file it learned from,
    with how many rows; figures: of its validation; bytes: its size."""

    name: str
    folder: Path
    head: str
    made: str = ""
    data: str = ""
    rows: int = 0
    figures: Mapping[str, float] = field(default_factory=dict)
    bytes: int = 0


def home() -> Path:
    """Return the folder of this person's data: `NLP_GRU_HOME`, or the platform's own place."""
    if chosen := os.environ.get(HOME):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "nlp-gru"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/nlp-gru"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "nlp-gru"


class Library:
    """Models by name. user: who has logged in to a server of several people; each has a library of their own."""

    def __init__(self, user: str = "", most: int = MAX_LIBRARY_BYTES):
        place = f"users/{hashlib.sha256(user.encode()).hexdigest()[:24]}/models" if user else "models"
        self.folder, self.most = home() / place, most

    def models(self) -> list[Kept]:
        """Return what is kept, the newest first; what cannot be read is left out."""
        try:
            names = [entry.name for entry in self.folder.iterdir() if not entry.name.startswith(".")]
        except OSError:  # nothing was ever kept
            return []
        found = [kept for name in names if (kept := self._read(name))]
        return sorted(found, key=lambda kept: (kept.made, kept.name), reverse=True)

    def find(self, name: str) -> Kept | None:
        """Return the model of that name, or None."""
        return self._read(name) if NAME.fullmatch(name) else None

    def get(self, name: str) -> Kept:
        """Return the model of that name. Raises `UserError` where there is none."""
        if (kept := self.find(name)) is None:
            raise UserError(f"{shortened(name)}: no model of this name is kept")
        return kept

    def _read(self, name: str) -> Kept | None:
        folder = self.folder / name
        try:
            config = json.loads(_text(folder / "config.json"))
            about = json.loads(_text(folder / ABOUT)) if (folder / ABOUT).is_file() else {}
            size = sum(file.stat().st_size for file in folder.iterdir())
            known = {key: about[key] for key in ("made", "data", "rows", "figures") if key in about}
            return Kept(name, folder, str(config["head"]), **known, bytes=size)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def keep(self, model: Path, name: str, data: str = "", rows: int = 0, figures: Mapping[str, float] = {}) -> Kept:
        """Copy a model folder into the library, under this name or, where it is taken, with a number behind it.

        Raises `UserError` for a name that cannot be one, and where the library would grow beyond its limit.
        """
        check_name(name)
        size = sum(file.stat().st_size for file in model.iterdir() if file.is_file())
        held = sum(kept.bytes for kept in self.models())
        if held + size > self.most:
            raise UserError(
                f"the library is full: it holds {held / 1e6:,.0f} MB of at most {self.most / 1e6:,.0f}, and this model"
                f" has {size / 1e6:,.1f}; delete some, or download this one"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=self.folder) as new:
            copy = Path(new) / "model"
            copy.mkdir()
            for file in model.iterdir():
                if file.is_file():
                    shutil.copy(file, copy)
            made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            about: dict[str, Any] = {"made": made, "data": data, "rows": rows, "figures": dict(figures)}
            (copy / ABOUT).write_text(json.dumps(about), encoding="utf-8")
            free = self._free(name)
            copy.rename(self.folder / free)  # whole or not at all
        return self.get(free)

    def check_free(self, name: str) -> None:
        """Raises `UserError` for a name under which nothing can be kept: it cannot be one, or it is taken."""
        check_name(name)
        if any(kept.name.casefold() == name.casefold() for kept in self.models()):
            raise UserError(f"{name}: a model of this name is kept already")

    def unfinished(self, name: str) -> Path:
        """Return the folder of a training whose model will be kept under this name."""
        return self.folder.with_name("trainings") / name

    def _free(self, name: str) -> str:
        taken, number = {entry.name.casefold() for entry in self.folder.iterdir()}, 2
        free = name
        while free.casefold() in taken:
            free, number = f"{name[:55]}-{number}", number + 1
        return free

    def rename(self, name: str, new: str) -> Kept:
        """Give a model another name. Raises `UserError` for one that is taken or cannot be one."""
        kept = self.get(name)
        check_name(new)
        if new != name:
            if (self.folder / new).exists() and new.casefold() != name.casefold():
                raise UserError(f"{new}: another model has this name already")
            kept.folder.rename(self.folder / new)
        return self.get(new)

    def delete(self, name: str) -> None:
        """Remove a model. Raises `UserError` where there is none of that name."""
        shutil.rmtree(self.get(name).folder)


def check_name(name: str) -> None:
    """Raises `UserError` for what cannot be a model's name: it is a folder's name on every system, and no bundled
    model's."""
    from nlp_gru.model_folder.bundled import bundled_models

    if not NAME.fullmatch(name) or name.endswith((" ", ".")) or RESERVED.fullmatch(name):
        raise UserError(
            f"{shortened(name)}: a name has 1 to 60 letters, digits, spaces, dots, dashes or underscores, and begins"
            " with a letter, digit or underscore"
        )
    if by_alias(name) in bundled_models():
        raise UserError(f"{name}: a bundled model has this name already")


def suggested(file: str) -> str:
    """Return a name for a model that learned from this file."""
    stem = re.sub(r"[^\w-]+", "-", Path(file).stem).strip("-_")[:40]
    name = stem or "my-model"
    try:
        check_name(name)
    except UserError:
        name = f"my-{name}"
    return name


def _text(path: Path) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read(MAX_CONFIG_BYTES)
