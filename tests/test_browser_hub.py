"""All pages under one address, in a real browser. Runs where Chromium is installed, like test_browser.py."""

import pytest
from browser import needs_chromium, served, windows
from test_app_next_word import Fake as FakeKeyboard
from test_app_translation import models
from test_apps import Fake as FakeAnalyser

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import hub, next_word, sentiment, translation

    pages = {
        "Sentiment": sentiment.build(FakeAnalyser()),
        "Autocomplete": next_word.build(FakeKeyboard()),
        "Translation": translation.build(models("en-fr", "fr-en")),
    }
    with served(hub.build(pages)) as url:
        yield url


@pytest.mark.parametrize("width", [1280, 390])
def test_from_page_to_page(url, width):
    with windows(url) as open_page:
        page = open_page(width)
        page.locator("textarea").first.type("a good day")
        page.wait_for_selector(".verdict")
        page.goto(f"{url}autocomplete") if width < 500 else page.get_by_role("link", name="Autocomplete").click()
        page.wait_for_selector(".chip:enabled")
        page.locator("textarea").first.type("th")
        page.get_by_role("button", name="the", exact=False).first.wait_for()
        page.keyboard.press("Tab")
        page.wait_for_function("document.querySelector('textarea').value === 'the '")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(f"{url}translation") if width < 500 else page.get_by_role("link", name="Translation").click()
        page.locator("#translation-source textarea").type("One day.")
        page.get_by_role("button", name="ONE DAY. 1").wait_for()
        page.get_by_role("button", name="Swap the languages").click()
        page.get_by_role("button", name="one day. 1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
