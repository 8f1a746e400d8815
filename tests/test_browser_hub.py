"""All pages under one address, in a real browser. Runs where Chromium is installed, like test_browser.py."""

from dataclasses import replace
from functools import cache

import pytest
from browser import needs_chromium, served, windows
from test_app_chat import FakeTalker
from test_app_inside import NAMES
from test_app_inside import Fake as FakeLooker
from test_app_next_word import Fake as FakeKeyboard
from test_app_translation import models
from test_apps import Fake as FakeAnalyser

import nlp_gru
from nlp_gru.errors import UserError

pytestmark = needs_chromium
CARD = "# the card\n\n| data set | rows |\n|---|---|\n| <b>one</b> | " + "1" * 300 + " |\n"
PATHS = ["", "sentiment", "autocomplete", "translation", "chat", "search", "look-inside", "train-your-own"]


def answer(text):
    if text == "wrong":
        raise UserError("what a <text>")
    return f"<{text}>", "note"


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import chat, hub, inside, next_word, search, sentiment, start, training, translation

    tools = [replace(tool, answer=answer) for tool in start.tools({})]
    pages = {
        "Start": start.build(tools, start.MORE, start.bundled()),
        "Sentiment": sentiment.build(FakeAnalyser(), CARD),
        "Autocomplete": next_word.build(FakeKeyboard(), CARD),
        "Translation": translation.build(models("en-fr", "fr-en"), CARD),
        "Chat": chat.build(FakeTalker(), CARD),
        "Search": search.build(nlp_gru.load("similarity"), CARD),
        "Look inside": inside.build(FakeLooker(), NAMES, CARD),
        "Train your own": training.build(lambda name: FakeAnalyser()),
    }
    with served(hub.build(pages)) as url:
        yield url


def go(page, url, name, path):
    """By the bar where it is wide, by the address where it is narrow."""
    if page.viewport_size["width"] < 500:
        page.goto(url + path)
    else:
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_page_to_page(url, width):
    with windows(url, ".card") as open_page:
        page = open_page(width)
        page.get_by_role("link", name="Sentiment", exact=True).last.click()
        page.locator("textarea").first.type("a good day")
        page.wait_for_selector(".verdict")
        go(page, url, "Autocomplete", "autocomplete")
        page.wait_for_selector(".chip:enabled")
        page.locator("textarea").first.type("th")
        page.get_by_role("button", name="the", exact=False).first.wait_for()
        page.keyboard.press("Tab")
        page.wait_for_function("document.querySelector('textarea').value === 'the '")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        go(page, url, "Translation", "translation")
        page.locator("#translation-source textarea").type("One day.")
        page.get_by_role("button", name="ONE DAY. 1").wait_for()
        page.get_by_role("button", name="Swap the languages").click()
        page.get_by_role("button", name="one day. 1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_start_page_answers_with_each_tool(url):
    with windows(url, ".card") as open_page:
        page = open_page()
        for tool in ("Judge", "Suggest", "Translate", "Say it"):
            card = page.locator(".card").filter(has=page.get_by_role("button", name=tool))
            card.get_by_role("button", name=tool).click()
            card.get_by_text(f"<{card.get_by_role('textbox').input_value()}> note").wait_for()
        card.get_by_role("textbox").fill("wrong")
        page.keyboard.press("Enter")
        assert "what a <text>" in card.get_by_role("alert").inner_text()
        card.get_by_role("textbox").fill(" ")
        page.keyboard.press("Enter")
        card.get_by_text("Type something first.").wait_for()
        assert page.locator("tbody tr").count() == 6


@cache
def axe():
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_serious_for_accessibility(url, path, width, dark):
    with windows(url, ".card") as open_page:
        page = open_page(width, dark)
        page.goto(url + path)
        page.wait_for_timeout(1500)
        for tab in page.get_by_role("tab").all() or [None]:
            if tab:
                tab.click()
                page.wait_for_timeout(200)
            found = axe().run(page).response["violations"]
            serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
            assert not serious, f"{tab and tab.inner_text()}: {serious}"
