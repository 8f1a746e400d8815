"""nlp-gru demo: the web pages."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path
from typing import Annotated

import typer

from nlp_gru.cli.app import app
from nlp_gru.errors import UserError, did_you_mean, optional


@app.command()
def demo(
    context: typer.Context,
    page: Annotated[
        str,
        typer.Argument(
            help=(
                "one page alone: sentiment, next_word, translation, chat, search, inside (look inside a model),"
                " training; empty: all"
            )
        ),
    ] = "",
    model: Annotated[str | None, typer.Option(help="a model folder instead of the page's bundled model")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port")] = 7860,
    browser: Annotated[bool, typer.Option(help="open a browser window")] = True,
    host: Annotated[
        str, typer.Option(help="0.0.0.0: for other machines, too, which needs a login and --allow-host")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None, typer.Option(help="a name under which others reach this server; repeatable")
    ] = None,
    auth: Annotated[
        list[str] | None,
        typer.Option(
            envvar="NLP_GRU_AUTH",
            help=(
                "NAME:PASSWORD of who may come in; better in the variable or in --auth-file, as others on this machine"
                " can read a command line"
            ),
        ),
    ] = None,
    auth_file: Annotated[Path | None, typer.Option(help="a file with NAME:PASSWORD in each line")] = None,
    mcp: Annotated[bool, typer.Option("--mcp", help="also serve the tools to MCP clients")] = False,
) -> None:
    """Serve the web demo, and its HTTP endpoints, on this machine."""
    from nlp_gru.model_folder.aliases import by_alias

    users = _users([*(auth or []), *(_lines(auth_file) if auth_file else [])])
    source = context.get_parameter_source("auth")
    if auth and source is not None and source.name == "COMMANDLINE":
        print(
            "nlp-gru: others on this machine can read the passwords of --auth in the list of processes; "
            "the variable NLP_GRU_AUTH and --auth-file keep them hidden",
            file=sys.stderr,
        )
    if not users and not _is_loopback(host):
        raise UserError(
            f"--host {host} would let in whoever reaches this machine: set NLP_GRU_AUTH=NAME:PASSWORD, or give"
            " --auth-file"
        )
    with optional():
        from nlp_gru.apps import frame, hub, make_page, page_names, serving
    page = by_alias(page)
    if mcp:
        serving.check_mcp()
    if page and page not in page_names():
        raise UserError(f"{page}: no such page{did_you_mean(page, page_names())}; there is {', '.join(page_names())}")
    if model and not page:
        raise UserError(f"--model needs a page to show it on: nlp-gru demo {next(iter(page_names()))} --model {model}")
    site = frame.framed({page: make_page(page)(model)}) if page else hub.page()
    serving.launch(site, port, browser, host, users, mcp, allow_host or [])


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _users(given: list[str]) -> list[tuple[str, str]]:
    pairs = [user.partition(":")[::2] for user in given]
    if not all(name and password for name, password in pairs):
        raise UserError("a login is NAME:PASSWORD, both with at least one character")
    return pairs


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: cannot be read as text ({getattr(error, 'strerror', None) or 'not UTF-8'})") from None
    if not (found := [line.strip() for line in lines if line.strip() and not line.startswith("#")]):
        raise UserError(f"{file}: no login in it; write NAME:PASSWORD in each line")
    return found
