"""Firefox, driven by WebDriver BiDi over a plain socket: no driver program and no package beside Firefox is needed.

Playwright's own Firefox is a patched one that Debian does not ship, and what it sends to an unpatched one
(emulation.setMediaFeaturesOverride) Firefox ESR does not know.
"""

import base64
import json
import os
import queue
import shutil
import socket
import struct
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
needs_firefox = pytest.mark.skipif(FIREFOX is None, reason="no Firefox on this machine")
OPENING = "WebDriver BiDi listening on ws://"
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "End": "\ue010"}


class Socket:
    """A WebSocket of RFC 6455 for texts, from the side of the client."""

    def __init__(self, host, port, path):
        self._socket = socket.create_connection((host, port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade")
        lines += (f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", "")
        self._socket.sendall("\r\n".join(lines).encode())
        self._file = self._socket.makefile("rb")
        status = self._file.readline()
        assert b" 101 " in status, status
        while self._file.readline().strip():
            pass

    def send(self, text):
        self._frame(1, text.encode())

    def _frame(self, kind, data):
        mask, size = os.urandom(4), len(data)
        short = size if size < 126 else 126 if size < 1 << 16 else 127
        length = b"" if short < 126 else struct.pack(">H" if short == 126 else ">Q", size)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self._socket.sendall(bytes([128 | kind, 128 | short]) + length + mask + masked)

    def receive(self):
        """The next text; None when the other side has closed."""
        parts = []
        while True:
            head = self._file.read(2)
            if len(head) < 2:
                return None
            kind, size = head[0] & 15, head[1] & 127
            if size >= 126:
                size = int.from_bytes(self._file.read(2 if size == 126 else 8), "big")
            data = self._file.read(size)
            if kind == 8:
                return None
            if kind == 9:
                self._frame(10, data)
            elif kind < 3:
                parts.append(data)
                if head[0] & 128:
                    return b"".join(parts).decode()

    def close(self):
        self._socket.close()


class Window:
    """A page in Firefox. errors: what its console and its scripts complained about."""

    def __init__(self, socket):
        self._socket, self._number, self.errors = socket, 0, []
        self._answers = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def _listen(self):
        while (text := self._socket.receive()) is not None:
            message = json.loads(text)
            if message["type"] != "event":
                self._answers.put(message)
            elif message["method"] == "log.entryAdded" and message["params"]["level"] == "error":
                self.errors.append(message["params"]["text"])

    def _ask(self, method, **params):
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        answer = self._answers.get(timeout=60)
        assert answer["type"] == "success", (method, answer)
        return answer["result"]

    def goto(self, url):
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def size(self, width, height):
        self._ask("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height})

    def evaluate(self, expression):
        """The value of an expression that makes JSON of itself."""
        wrapped = f"(async () => JSON.stringify(await ({expression}) ?? null))()"
        target = {"context": self._context}
        found = self._ask("script.evaluate", expression=wrapped, target=target, awaitPromise=True)
        assert found["type"] == "success", (expression, found)
        return json.loads(found["result"]["value"])

    def wait(self, expression, seconds=60):
        """Wait until the expression is true of the page."""
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            assert time.monotonic() < end, (expression, self.errors, self.evaluate("document.body.innerText"))
            time.sleep(0.1)

    def press(self, *keys):
        """Press keys, each by its name or as a text that is typed."""
        typed = [letter for key in keys for letter in (KEYS.get(key) or key)]
        actions = [{"type": kind, "value": key} for key in typed for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": actions}
        self._ask("input.performActions", context=self._context, actions=[source])

    def type(self, selector, text):
        """Type a text into what a selector finds first."""
        self.wait(f"document.querySelector({json.dumps(selector)})?.checkVisibility()")
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self.press(text)

    def click(self, selector, text=""):
        """Press what a selector finds and shows that text."""
        found = f"""[...document.querySelectorAll({json.dumps(selector)})]
            .find((one) => one.textContent.includes({json.dumps(text)}) && one.checkVisibility())"""
        self.wait(found)
        self.evaluate(f"{found}.click()")


@contextmanager
def firefox(profile):
    """A window of Firefox with a profile of its own, in an empty folder."""
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            address = next(line for line in process.stderr if OPENING in line).partition(OPENING)[2].strip()
            threading.Thread(target=process.stderr.read, daemon=True).start()  # else it stops when the pipe is full
            host, _, port = address.partition(":")
            socket = Socket(host, int(port), "/session")
            yield Window(socket)
            socket.close()
        finally:
            process.terminate()
