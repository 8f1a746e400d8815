"""Where benchmarks write down what docs/results.md shows (benchmarks/tables.py)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def add_save(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--save", action="store_true", help="write the figures down for docs/results.md")


def saved(benchmark: str) -> dict[str, Any]:
    """Return what was written down under a benchmark's name; nothing where it never was."""
    path = RESULTS / f"{benchmark}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def save(benchmark: str, figures: Mapping[str, Any]) -> None:
    """Write figures, which are JSON, down under a benchmark's name, in place of earlier ones."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{benchmark}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
