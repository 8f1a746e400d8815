"""A model of the visitor's own on a tool's page, in a real browser. Runs where Chromium is installed, like
test_browser.py."""

import pytest
from browser import needs_chromium, windows
from test_app_translation import kept
from test_browser_translation import box, shows

__all__ = ["kept"]  # a fixture
pytestmark = [pytest.mark.browser, needs_chromium]


def test_a_kept_model_shows_its_own_direction(kept):
    with windows(kept) as open_page:
        page = open_page()
        box(page).fill("Guten Tag.")
        shows(page, "GUTEN TAG.")
        choice = page.get_by_label("Model", exact=True)
        choice.click()
        page.get_by_role("option", name="mine").click()
        shows(page, "guten tag.")
        assert page.get_by_label("de", exact=True).input_value() == "Guten Tag."
        assert page.locator("#translation-target label").inner_text().strip() == "English"
        assert page.get_by_role("button", name="Swap the languages").is_disabled()
        assert page.get_by_role("button", name="Where is the nearest station?").count() == 0
        page.evaluate("() => { speechSynthesis.speak = (said) => (window.said = [said.text, said.lang]); }")
        page.get_by_role("button", name="Listen").click()
        page.wait_for_function("window.said?.join() === 'guten tag.,en'")
        page.reload()
        box(page).wait_for()
        page.locator("#translation-target textarea").wait_for()
        shows(page, "guten tag.")
        assert page.get_by_label("de", exact=True).input_value() == "Guten Tag."
        choice.click()
        page.get_by_role("option", name="bundled").click()
        shows(page, "GUTEN TAG.")
        page.locator("#translation-target label", has_text="French").wait_for()
        assert page.get_by_role("button", name="Swap the languages").is_enabled()
