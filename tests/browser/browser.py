"""What the browser tests share: Chromium, a page served to it, and windows in which nothing may go wrong."""

import shutil
import socket
from contextlib import contextmanager

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@contextmanager
def served(page):
    """The address at which the page, or the hub, is served as the demo serves it."""
    from nlp_gru.apps import serving

    with socket.socket() as free:  # gradio's own search from 7860 on meets that of another worker
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    yield serving.serve(page, port)
    page.close()


def upload(page, tab, button, path):
    """Open the tab, hand it the file, and press the button."""
    page.get_by_role("tab", name=tab).click()
    go = page.get_by_role("button", name=button)
    go.wait_for()
    page.wait_for_timeout(1000)  # the upload's handler is attached some time after its button is visible
    page.locator("input[type=file]").first.set_input_files(str(path))
    page.locator(".file-preview").first.wait_for()
    go.click()


# What a page says of the requests that it was still waiting for when it was left for another one.
LEAVING = ("signal is aborted", "Connection errored out")


@contextmanager
def windows(url, ready="textarea:visible"):
    """open_page(width, dark) -> the page, once `ready` is there; at the end there must have been no console error and
    no request to elsewhere."""
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    errors, outside = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def told(message):
            if not any(words in message for words in LEAVING):
                errors.append(message)

        def open_page(width=1280, dark=False):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
            page.on("console", lambda m: told(f"{m.text} {m.location['url']}") if m.type == "error" else None)
            page.on("pageerror", lambda e: told(str(e)))
            page.on("request", lambda r: None if r.url.startswith((url, "data:", "blob:")) else outside.append(r.url))
            page.goto(url)
            page.wait_for_selector(ready)
            page.wait_for_selector("html:not(.opening)")  # its parts are mounted unseen
            return page

        yield open_page
        browser.close()
    assert not errors and not outside, (errors, outside)
