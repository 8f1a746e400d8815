"""nlp-gru demo: the web pages."""

from __future__ import annotations

from typing import Annotated

import typer

from nlp_gru.commands.app import app
from nlp_gru.errors import UserError


@app.command()
def demo(
    page: Annotated[
        str, typer.Argument(help="one page alone: sentiment, next_word, translation, chat; empty: all")
    ] = "",
    model: Annotated[str | None, typer.Option(help="a model folder instead of the page's bundled model")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port")] = 7860,
    browser: Annotated[bool, typer.Option(help="open a browser window")] = True,
) -> None:
    """Serve the web demo on 127.0.0.1."""
    try:
        from nlp_gru.apps import PAGES, hub
    except ModuleNotFoundError as error:
        raise UserError(f"the demo needs the package '{error.name}': pip install 'nlp-gru[demo]'") from None
    if page and page not in PAGES:
        raise UserError(f"{page}: no such page; there is {', '.join(PAGES)}")
    if model and not page:
        raise UserError(f"--model needs a page to show it on: nlp-gru demo {next(iter(PAGES))} --model {model}")
    if page:
        PAGES[page](model, port, browser)
    else:
        hub.serve(port, browser)
