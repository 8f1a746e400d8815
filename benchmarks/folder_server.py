"""A folder handed out over HTTP on a free port of this machine, without a line for each request."""

from __future__ import annotations

import http.server
import threading
from functools import partial
from pathlib import Path


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def hosted(folder: Path) -> http.server.ThreadingHTTPServer:
    """Return the server, which runs until its `shutdown`."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
