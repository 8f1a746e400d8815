"""What people call the tools, too: resolved wherever a model or a tool is asked for by name."""

from __future__ import annotations

ALIASES = {"autocomplete": "next_word", "keyboard": "next_word", "search": "similarity"}


def by_alias(name: str) -> str:
    """Return the name of the tool that people also call so; any other name stays as it is."""
    return ALIASES.get(name.casefold(), name)
