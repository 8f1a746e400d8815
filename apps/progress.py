"""How far something is, in words and as a bar."""

from __future__ import annotations

import html

PROGRESS_STYLE = """
.track { background: var(--border-color-primary); border-radius: .4rem; height: .6rem; overflow: hidden; margin-top: .5rem; }
.fill { display: block; height: 100%; border-radius: .4rem; background: #0d9488; }
.error { color: var(--error-text-color); }
"""


def progress(text: str, share: float | None = None, kind: str = "note", runs: bool = False) -> str:
    """Return it as HTML. share: from 0 to 1; runs: leaving the page is asked about (see static/page.js)."""
    bar = (
        "" if share is None else f'<div class="track"><span class="fill" style="width:{100 * share:.1f}%"></span></div>'
    )
    return f'<div class="{kind}" role="status"{" data-running" if runs else ""}>{html.escape(text)}</div>{bar}'
