"""How soon the page without a server answers in Chromium, and how soon at a key, beside Python: python
benchmarks/web.py (after make web).

Everything is fetched anew for each start, from this machine; what a network adds is the size of the files over its
speed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from folder_server import hosted
from playwright.sync_api import Page, sync_playwright

import nlp_gru

TEXT = "I would like to know when the next train leaves, because I have to be in the office at nine."
CALLS: dict[str, tuple[str, str, list[Any]]] = {
    "sentiment": ("sentiment", "", ["The food was not good, but we will come again, because the view is wonderful."]),
    "translation, 12 words, beam 5": ("translation", "", ["I would like to know when the next train to Paris leaves."]),
    "a reply, best of 8": ("chat", "reply", [["Hi!", "Hello, how are you?", "I'm tired, I worked all night."]]),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--web", type=Path, default=Path("runs/web"))
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args()
    server = hosted(options.web)
    address = f"http://127.0.0.1:{server.server_port}/"
    models = json.loads((options.web / "models.json").read_text())["models"]
    size = sum(path.stat().st_size for path in options.web.rglob("*.wasm"))
    print(
        f"ONNX Runtime {size / 1e6:.1f} MB; "
        + ", ".join(f"{m['name']} {sum(f['bytes'] for f in m['files'].values()) / 1e6:.1f} MB" for m in models)
    )
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        starts = []
        for _ in range(options.starts):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{address}#next_word")
            page.wait_for_selector("#tab-next_word[data-ready]")
            starts.append(page.evaluate("performance.now()"))
            context.close()
        show("page opened to three suggestions", starts)
        page = browser.new_page()
        page.goto(f"{address}#next_word")
        page.wait_for_selector("#tab-next_word[data-ready]")
        keys = [[TEXT[:n]] for n in range(1, len(TEXT) + 1)]
        show("a suggestion at a key", [timed(page, "next_word", "suggest", key) for key in keys])
        show("  the same in Python", in_python("next_word", "suggest", keys))
        for name, (model, method, arguments) in CALLS.items():
            timed(page, model, method, arguments)  # loads
            # Other texts each time, since translations are remembered.
            varied = [
                [[*a, f"It is {n}."] if isinstance(a, list) else f"{n} {a}" for a in arguments] for n in range(20)
            ]
            show(name, [timed(page, model, method, a) for a in varied])
            show("  the same in Python", in_python(model, method, varied))
    server.shutdown()


def timed(page: Page, name: str, method: str, arguments: list[Any]) -> float:
    """Milliseconds of one answer, within the page."""
    return page.evaluate(
        """async ([name, method, ...args]) => {
          const tool = await nlpGru.tool(name);
          const start = performance.now();
          await (method ? tool[method](...args) : tool(...args));
          return performance.now() - start;
        }""",
        [name, method, *arguments],
    )


def in_python(name: str, method: str, arguments: Sequence[list[Any]]) -> list[float]:
    """Milliseconds of each answer."""
    tool = nlp_gru.load(name)
    call = getattr(tool, method) if method else tool
    times = []
    call(*arguments[0])
    for one in arguments:
        start = time.perf_counter()
        call(*one)
        times.append(1000 * (time.perf_counter() - start))
    return times


def show(what: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    print(f"{what:34} p50 {statistics.median(times):7.0f} ms   p95 {cuts[-1]:7.0f} ms   ({len(times)})")


if __name__ == "__main__":
    main()
