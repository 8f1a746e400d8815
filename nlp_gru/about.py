"""Licence and addresses, as the installed package says them."""

from __future__ import annotations

from importlib.metadata import metadata


def licence() -> str:
    """Return the licence's SPDX expression."""
    return str(metadata("nlp-gru")["License-Expression"])


def addresses() -> list[tuple[str, str]]:
    """Return (name, address) of what belongs to the package elsewhere, as its sources."""
    given = metadata("nlp-gru").get_all("Project-URL") or []
    return [(name, address) for name, _, address in (line.partition(", ") for line in given)]
