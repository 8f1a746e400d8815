"""Where the command line keeps what a keyboard has learned."""

from __future__ import annotations

import os
from pathlib import Path

from nlp_gru.model_folder.library import home

FILE = "keyboard.json"


def memory_file() -> Path:
    """Return the file, which need not exist: below `home`, or in the folder that NLP_GRU_DATA names."""
    own = os.environ.get("NLP_GRU_DATA")
    return (Path(own) if own else home()) / FILE
