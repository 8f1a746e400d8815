"""Where the command line keeps what a keyboard has learned: one file below the folder that the system has for programs' data."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FILE = "keyboard.json"


def memory_file() -> Path:
    """The file, which need not exist: NLP_GRU_DATA names another folder."""
    return data_folder() / FILE


def data_folder() -> Path:
    if own := os.environ.get("NLP_GRU_DATA"):
        return Path(own)
    home = Path.home()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(home / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    return Path(base) / "nlp-gru"
