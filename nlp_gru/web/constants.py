"""The constants that Python and JavaScript share, as page/constants.js: `python -m nlp_gru.web.constants` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from nlp_gru.text import canonical, letters

PATH = Path(__file__).parent / "page" / "constants.js"
CANONICAL = ("BLANK", "TITLE", "UPPER", "ESCAPE", "RESERVED", "TYPOGRAPHY", "LETTERS", "ELISIONS", "OPENING",
             "OPENING_AFTER_BLANK", "JOINING", "CAPITALS")  # fmt: skip


LETTERS = ("PHRASES", "GREETINGS", "WORDS", "NAME")


def source() -> str:
    """Return the text of the JavaScript module."""
    lines = [f"export const {name} = {json.dumps(getattr(canonical, name))};" for name in CANONICAL]
    lines += [f"export const {name} = {json.dumps(getattr(letters, name))};" for name in LETTERS]
    lines += [f"export const {name} = {json.dumps(sorted(getattr(letters, name)))};" for name in ("FEMALE", "MALE")]
    lines.append(f"export const FEMALE_END = {json.dumps(letters.FEMALE_END.pattern)};")
    return (
        "// Written by nlp_gru/web/constants.py from the constants of the Python modules.\n\n" + "\n".join(lines) + "\n"
    )


if __name__ == "__main__":
    PATH.write_text(source(), encoding="utf-8")
