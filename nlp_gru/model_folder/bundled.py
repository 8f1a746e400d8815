"""The models that come with the package, and where a model lies: all that needs no torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nlp_gru.errors import UserError, did_you_mean, shortened
from nlp_gru.model_folder.aliases import ALIASES, by_alias
from nlp_gru.model_folder.library import Library

PRETRAINED = Path(__file__).parents[1] / "pretrained"
SHARED_TOKENIZER = PRETRAINED / "tokenizer.json"  # of what is trained from nothing


def bundled_models() -> list[str]:
    return sorted(p.parent.name for p in PRETRAINED.glob("*/config.json"))


def find_model(name: str | Path) -> Path:
    """Return the folder of a path, of a bundled model's name or alias, or of a name in this person's library. Raises
    `UserError` with what there is, and what may have been meant."""
    try:
        for folder in (Path(name), PRETRAINED / by_alias(str(name))):
            if (folder / "config.json").is_file():
                return folder
        if isinstance(name, str) and (kept := Library().find(name)):
            return kept.folder
        exists = Path(name).exists()
    except OSError:  # longer than a path may be, or where one may not look
        exists = False
    shown = str(name) if len(str(name)) < 1000 and "\n" not in str(name) else shortened(str(name))
    if exists:
        raise UserError(f"{shown}: not a model folder (it has no config.json)")
    own = [model.name for model in Library().models()]
    known = ", ".join(bundled_models()) + (f"; your own are {', '.join(own[:20])}" if own else "")
    meant = did_you_mean(str(name), [*bundled_models(), *ALIASES, *own])
    raise UserError(f"{shown}: no such model{meant}; bundled are {known}, or name a model folder")


def megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


def scores(folder: Path) -> dict[str, Any]:
    """The figures of a model's last evaluation, by data set; empty if there was none."""
    path = folder / "metrics.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def card(folder: Path) -> str:
    """The text of a model's card, empty if it has none."""
    path = folder / "README.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""
