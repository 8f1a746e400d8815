"""How far something is, in words and as a bar."""

from __future__ import annotations

from .assets import render, style

PROGRESS_STYLE = style("progress")


def progress(text: str, share: float | None = None, kind: str = "note", runs: bool = False) -> str:
    """Return it as HTML. share: from 0 to 1; runs: leaving the page is asked about (see static/page.js)."""
    return render("progress.html", text=text, share=share, kind=kind, runs=runs)
