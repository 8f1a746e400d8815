"""Serving the pages: from the first request to the last, and with what stands around them."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import gradio as gr
import gradio.route_utils
from gradio_client import Client
from packaging.requirements import Requirement

from nlp_gru.errors import UserError

from . import job, log, temporary
from .bodies import MAX_UPLOAD, Parser
from .calls import Calls
from .common import THEME
from .compressed import Compressed
from .frame import HEAD, ICON, STYLE
from .guard import MAX_OPEN, Guard
from .login import Accounts
from .sessions import Session, Sessions
from .upkeep import Upkeep, share_arenas

HOST = "127.0.0.1"


def serve(
    page: gr.Blocks,
    port: int = 0,
    host: str = HOST,
    users: Sequence[tuple[str, str]] = (),
    browser: bool = False,
    mcp: bool = False,
    hosts: Sequence[str] = (),
) -> str:
    """Begin to serve, without analytics or sharing; uploads are deleted after an hour. Returns the address.

    port: 0 for any that is free. users: (name, password) of those who may come in; all who reach `host` if there are
    none. mcp: also as an MCP server, which needs the package `mcp`. hosts: names, beside this machine's own, under
    which others reach it. Raises `UserError` where the port is taken, or `mcp` does not fit.
    """
    if mcp:
        check_mcp()
    accounts = Accounts(users) if users else None
    sessions = Sessions(page)

    @asynccontextmanager
    async def guarded(app: Any) -> AsyncIterator[None]:
        # Around all that gradio adds, and there before the first request is.
        app.state_holder = page.state_holder = sessions
        paths = [(path, name) for path, name, *_ in page.pages]
        shown = ["/", "/config", *(f"/{path}" for path, _ in paths)]
        app.middleware_stack = Guard(
            Compressed(app.middleware_stack, shown, HEAD),
            Calls(page),
            sessions.connected,
            paths,
            [*hosts, host],
            accounts,
        )
        upkeep = asyncio.create_task(Upkeep(page).run())
        yield
        upkeep.cancel()

    # gradio looks these up by name: of calls that are not queued, and of uploads.
    setattr(gradio.route_utils, "SessionState", Session)  # noqa: B010
    setattr(gradio.route_utils, "GradioMultiPartParser", Parser)  # noqa: B010
    page.delete_cache = (3600, 3600)
    page.queue(max_size=64, default_concurrency_limit=2)
    try:
        _, url, _ = page.launch(
            server_name=host,
            server_port=port or None,
            inbrowser=browser,
            share=False,
            theme=THEME,
            css=STYLE,
            favicon_path=ICON,
            quiet=True,
            max_file_size=MAX_UPLOAD,
            show_error=False,
            footer_links=[],
            enable_monitoring=False,
            mcp_server=mcp,
            prevent_thread_lock=True,
            app_kwargs={"lifespan": guarded},
            _frontend=False,  # else it gives up where a busy machine takes three seconds for the first page
        )
    except OSError:
        raise UserError(
            f"port {port} is taken, or {host} is not this machine's; try --port 0 for any free port"
        ) from None
    server = page.mcp_server_obj
    if mcp and server is None:
        page.close(verbose=False)
        raise UserError(f"the MCP server could not start with these packages: {_wanted_mcp()}")
    if server and accounts:
        # gradio calls its own endpoints over HTTP, with a client that knows of no login.
        headers = {"x-gradio-user": "mcp", "authorization": f"Bearer {accounts.internal}"}
        server._client_instance = Client(
            url, download_files=False, verbose=False, analytics_enabled=False, headers=headers
        )
    return url


def check_mcp() -> None:
    """Raise `UserError` where gradio's MCP server would not start."""
    for wanted in _mcp_requirements():
        try:
            installed = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            raise UserError(f"--mcp needs the package '{wanted.name}': pip install 'nlp-gru[mcp]'") from None
        if wanted.name == "mcp" and not wanted.specifier.contains(installed, prereleases=True):
            raise UserError(f"--mcp does not fit mcp {installed}: {_wanted_mcp()}")


def _mcp_requirements() -> list[Requirement]:
    found = [Requirement(line) for line in importlib.metadata.requires("gradio") or []]
    return [r for r in found if r.name == "mcp"] or [Requirement("mcp")]


def _wanted_mcp() -> str:
    needed = str(_mcp_requirements()[0]).replace('; extra == "mcp"', "")
    return f"gradio {importlib.metadata.version('gradio')} needs '{needed}': pip install 'nlp-gru[mcp]'"


def launch(
    page: gr.Blocks,
    port: int = 7860,
    browser: bool = True,
    host: str = HOST,
    users: Sequence[tuple[str, str]] = (),
    mcp: bool = False,
    hosts: Sequence[str] = (),
) -> None:
    """Serve until Ctrl-C, or until the system asks for the end, and leave nothing behind."""
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    _allow_open_files()
    share_arenas()
    try:
        url = serve(page, port, host, users, browser, mcp, hosts)
        log.silence()
        print(f"nlp-gru: {url} (Ctrl-C ends it)" + (f"\nMCP: {url}gradio_api/mcp/" if mcp else ""), flush=True)
        while not stop.wait(0.5):
            pass
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second Ctrl-C does not wait
    finally:
        job.end_all()
        page.close(verbose=False)
        temporary.release()
    sys.stdout.flush()
    os._exit(0)  # not after the calls that are being answered, whose callers are gone


def _allow_open_files() -> None:
    """Every open page holds two connections: let them be as many as `guard.MAX_OPEN` where the system may."""
    with suppress(ImportError, OSError, ValueError):  # there is no such module on Windows
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 4 * MAX_OPEN if hard == resource.RLIM_INFINITY else min(4 * MAX_OPEN, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
