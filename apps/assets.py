"""What pages are drawn with: Jinja templates, styles and scripts, each in a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def render(template: str, **values: Any) -> Markup:
    """Return a template of `apps/templates` as HTML; texts among the values are escaped, what was rendered is not."""
    return Markup(_templates.get_template(template).render(**values))


def style(name: str) -> str:
    """Return a file of `apps/static` that has the style of one component."""
    return (STATIC / f"{name}.css").read_text(encoding="utf-8")


def script(name: str) -> str:
    """Return a file of `apps` that a page runs in the browser."""
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
