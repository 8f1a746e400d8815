"""How heavy the demo's pages are and how they open, in Chromium: bytes and requests of the first visit, first paint,
and the layout shift until the page stands and an answer has come. And the pictures of the README.

python benchmarks/pages.py                 # figures of every page; --width 390 for those of a phone
python benchmarks/pages.py --save          # both, for docs/results.md
python benchmarks/pages.py --pictures docs # writes docs/*.png, that of the page without a server among them
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from folder_server import hosted
from nlp_gru.apps import hub, serving
from playwright.sync_api import Page, sync_playwright
from saving import add_save, save

from nlp_gru import web
from nlp_gru.web import runtime

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHIFTS = """window.shift = 0;
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) if (!e.hadRecentInput) window.shift += e.value;
})
  .observe({ type: "layout-shift", buffered: true });"""
SETTLED = 2_000  # milliseconds
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def typed(selector: str, text: str, answer: str) -> Callable[[Page], None]:
    def use(page: Page) -> None:
        page.locator(selector).first.fill(text)
        page.locator(selector).first.press("Enter" if "message" in selector else "End")
        page.locator(answer).first.wait_for(timeout=60_000)
        page.wait_for_timeout(1_500)

    return use


def shown(page: Page) -> None:
    page.wait_for_timeout(4_000)


USES: dict[str, Callable[[Page], None]] = {
    "": shown,
    "sentiment": typed("textarea", "The plot is thin, but the cast is wonderful and I loved every minute.", ".verdict"),
    "autocomplete": typed("#next-word-text textarea", "I would like to or", ".chip:enabled"),
    "translation": typed("#translation-source textarea", "Where is the nearest station? I am late.", ".option"),
    "chat": typed("#chat-message textarea", "I just got a new puppy.", ".bot .md"),
    "search": typed("input[placeholder], textarea[placeholder]", "Where can I leave my car?", "[class*=hit], ol li"),
    "look-inside": shown,
    "train-your-own": shown,
}
WIDTHS = (1280, 390)
PICTURED = [path for path in USES if path != "search"]  # those that the documents show
NAMES = {"": "start", "autocomplete": "next_word", "look-inside": "inside", "train-your-own": "training"}


def measure(browser: Any, url: str, path: str, width: int) -> dict[str, Any]:
    """Return the figures of a first visit: kilobytes as they were sent, requests, milliseconds to the first paint,
    layout shift."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page, sizes = context.new_page(), []
    page.add_init_script(SHIFTS)
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(url + path)  # never idle: pages hold a connection open by which the server knows that they are there
    page.wait_for_timeout(SETTLED)
    opened = page.evaluate("window.shift")
    USES[path](page)
    found = {
        "page": path or "start",
        "kB": round(sum(sizes) / 1e3),
        "requests": len(sizes),
        "first paint, ms": round(page.evaluate(PAINT) or 0),
        "shift while opening": round(opened, 3),
        "shift with the answer": round(page.evaluate("window.shift") - opened, 3),
    }
    context.close()
    return found


def picture(browser: Any, url: str, path: str, folder: Path) -> Path:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=1)
    page = context.new_page()
    page.goto(url + path)
    page.wait_for_timeout(SETTLED)
    USES[path](page)
    target = folder / f"{NAMES.get(path, path)}.png"
    page.screenshot(path=target)
    context.close()
    return target


def picture_without_server(browser: Any, folder: Path) -> Path:
    """The page that needs no server, with a translation."""
    with tempfile.TemporaryDirectory() as site:
        web.write(Path(site), web.names([]), runtime.load(fetch=True))
        server = hosted(Path(site))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"http://127.0.0.1:{server.server_port}/#translation")
        page.locator("#tab-translation[data-ready]").wait_for(timeout=60_000)
        page.fill("#translation-text", "Where is the nearest station? I am late.")
        page.locator(".heat td[title]").first.wait_for()
        page.wait_for_timeout(SETTLED)
        target = folder / "web.png"
        page.screenshot(path=target)
        page.close()
        server.shutdown()
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--pictures", type=Path, help="the folder to write pictures to, instead of measuring")
    parser.add_argument("--page", action="append", choices=list(USES), help="one page alone; repeatable")
    parser.add_argument("--width", type=int, help=f"of the window that is measured, in pixels; {WIDTHS[0]} without")
    add_save(parser)
    chosen = parser.parse_args()
    widths = [chosen.width] if chosen.width else WIDTHS if chosen.save else WIDTHS[:1]
    site = hub.page()
    url = serving.serve(site)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        if chosen.pictures:
            for path in chosen.page or PICTURED:
                print(picture(browser, url, path, chosen.pictures), flush=True)
            if not chosen.page:
                print(picture_without_server(browser, chosen.pictures))
        else:
            found: dict[str, list[dict[str, Any]]] = {}
            for width in widths:
                for path in chosen.page or USES:
                    found.setdefault(str(width), []).append(measure(browser, url, path, width))
                    print(width, json.dumps(found[str(width)][-1]), flush=True)
            if chosen.save:
                save("pages", found)
        browser.close()
    site.close(verbose=False)


if __name__ == "__main__":
    main()
