"""nlp-gru demo: the web pages."""

from __future__ import annotations

import importlib.util
import ipaddress
from typing import Annotated

import typer

from nlp_gru.commands.app import app
from nlp_gru.errors import UserError, optional


@app.command()
def demo(
    page: Annotated[
        str,
        typer.Argument(
            help="one page alone: sentiment, next_word, translation, chat, inside (look inside a model), training; empty: all"
        ),
    ] = "",
    model: Annotated[str | None, typer.Option(help="a model folder instead of the page's bundled model")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port")] = 7860,
    browser: Annotated[bool, typer.Option(help="open a browser window")] = True,
    host: Annotated[str, typer.Option(help="0.0.0.0: for other machines, too, which needs --auth")] = "127.0.0.1",
    auth: Annotated[
        list[str] | None, typer.Option(envvar="NLP_GRU_AUTH", help="NAME:PASSWORD of who may come in; repeatable")
    ] = None,
    mcp: Annotated[bool, typer.Option("--mcp", help="also serve the tools to MCP clients")] = False,
) -> None:
    """Serve the web demo, and its HTTP endpoints, on this machine."""
    users = _users(auth or [])
    if not users and not _is_loopback(host):
        raise UserError(f"--host {host} would let in whoever reaches this machine: add --auth NAME:PASSWORD")
    if mcp and importlib.util.find_spec("mcp") is None:
        raise UserError("--mcp needs the package 'mcp': pip install 'nlp-gru[mcp]'")
    with optional():
        from nlp_gru.apps import PAGES, hub, serving
    if page and page not in PAGES:
        raise UserError(f"{page}: no such page; there is {', '.join(PAGES)}")
    if model and not page:
        raise UserError(f"--model needs a page to show it on: nlp-gru demo {next(iter(PAGES))} --model {model}")
    serving.launch(PAGES[page](model) if page else hub.page(), port, browser, host, users, mcp)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _users(given: list[str]) -> list[tuple[str, str]]:
    pairs = [user.partition(":")[::2] for user in given]
    if not all(name and password for name, password in pairs):
        raise UserError("--auth is NAME:PASSWORD, both with at least one character")
    return pairs
