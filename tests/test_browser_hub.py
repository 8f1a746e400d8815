"""All pages under one address, in a real browser. Runs where Chromium is installed, like test_browser.py."""

import pytest
from test_app_next_word import Fake as FakeKeyboard
from test_apps import Fake as FakeAnalyser
from test_browser import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import common, hub, next_word, sentiment

    pages = hub.build({"Sentiment": sentiment.build(FakeAnalyser()), "Autocomplete": next_word.build(FakeKeyboard())})
    pages.queue().launch(prevent_thread_lock=True, server_port=None, quiet=True, theme=common.THEME, css=common.CSS)
    yield pages.local_url
    pages.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_page_to_page(url, width):
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    errors = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(url)
        page.locator("textarea").first.type("a good day")
        page.wait_for_selector(".verdict")
        page.goto(f"{url}autocomplete") if width < 500 else page.get_by_role("link", name="Autocomplete").click()
        page.wait_for_selector(".chip:enabled")
        page.locator("textarea").first.type("th")
        page.get_by_role("button", name="the", exact=False).first.wait_for()
        page.keyboard.press("Tab")
        page.wait_for_function("document.querySelector('textarea').value === 'the '")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert not errors
