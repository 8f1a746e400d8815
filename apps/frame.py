"""What stands around every page: the bar, the footer, the page for a wrong address, and what a browser remembers of a
page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from markupsafe import Markup

from .assets import STATIC, render, style

ICON = STATIC / "icon.svg"
LOGO = Markup(ICON.read_text(encoding="utf-8").replace('role="img" aria-label="nlp-gru"', 'aria-hidden="true"'))
SCRIPT = (STATIC / "page.js").read_text(encoding="utf-8")
STYLE = style("style")
OPENING = style("opening")  # before anything is drawn
HEAD = f"<style>{OPENING}</style><script>{SCRIPT}</script>"


@dataclass(frozen=True)
class Link:
    """A page in the bar: its name, and its path below the server's address."""

    name: str
    path: str


def header(current: str, title: str, links: Sequence[Link] = ()) -> None:
    """The product's name and, where there are several pages, the links to them; the current one is marked."""
    shown = render("header.html", current=current, links=links, logo=LOGO, title=title)
    gr.HTML(shown, padding=False, elem_classes="site-header", js_on_load="window.nlpGru.opened(element)")


def footer() -> None:
    """Version, licence, and where the sources are, as the installed package says it."""
    from nlp_gru import __version__, about

    links = [*about.addresses(), ("Endpoints for programs", "gradio_api/openapi.json")]
    shown = render("footer.html", version=__version__, licence=about.licence(), links=links)
    gr.HTML(shown, padding=False, elem_classes="small-print")


def framed(pages: Mapping[str, gr.Blocks]) -> gr.Blocks:
    """Return all pages under one address, by the name in the bar; the first one opens. One page alone has no bar."""
    names = list(pages)
    links = [Link(name, slug(name) if name != names[0] else "") for name in names] if len(names) > 1 else []
    with gr.Blocks(title=pages[names[0]].title, analytics_enabled=False) as site:
        _fill(names[0], pages[names[0]], links)
    for link in links[1:]:
        with site.route(link.name, link.path):
            _fill(link.name, pages[link.name], links)
    site.pages[0] = (site.pages[0][0], names[0], True)  # gradio would call it Home
    return site


def _fill(name: str, page: gr.Blocks, links: Sequence[Link]) -> None:
    header(name, str(page.title), links)
    page.render()
    footer()


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def remember(page: gr.Blocks, name: str, **components: Any) -> Any:
    """Let the visitor's browser keep the values of components, so that they are there again after a reload, on the way
    back or when the page is opened anew; with a button to forget them. Nothing of it is kept by this server.

    name: of the page, under which they are kept; components: each under a name of its own. To be called within the
    page. Returns the event after which all is there again.
    """
    names, found = json.dumps(list(components)), list(components.values())
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    usual = json.dumps([_usual(component) for component in found])
    with gr.Row(elem_classes="kept"):
        gr.HTML(render("note.html", text="Your browser remembers what you enter here."), padding=False)
        forget = gr.Button("Forget it", size="sm", variant="secondary", scale=0, min_width=90)
    restored = page.load(None, None, found, js=f"() => window.nlpGru.restore({json.dumps(name)}, {names})", **quiet)
    gr.on(
        [component.change for component in found],
        None,
        found,
        None,
        js=f"(...values) => window.nlpGru.keep({json.dumps(name)}, {names}, values)",
        **quiet,
    )
    forget.click(None, None, found, js=f"() => window.nlpGru.forget({json.dumps(name)}, {usual})", **quiet)
    return restored


def _usual(component: Any) -> Any:
    """What a component holds before anything was typed."""
    if component.value is None or callable(component.value):
        return [] if isinstance(component, gr.Chatbot) else ""
    return component.value if isinstance(component.value, str | int | float | bool) else []


def missing(pages: Sequence[tuple[str, str]]) -> str:
    """Return the page for an address at which there is nothing. pages: (path, name) of those there are."""
    return render("missing.html", pages=pages, logo=LOGO)
