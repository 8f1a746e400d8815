"""The page in a real browser. Runs where Chromium is installed (Debian: apt-get install chromium), and says so if
not."""

from pathlib import Path

import pytest
from browser import needs_chromium, served, upload, windows
from test_apps import Fake

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import sentiment

    with served(sentiment.build(Fake(), "# the card")) as url:
        yield url


@pytest.fixture
def visit(url):
    with windows(url) as open_page:
        yield open_page


def test_verdict_while_typing(visit):
    page = visit()
    page.locator("textarea").first.type("a good day")
    page.locator(".verdict", has_text="positive").wait_for()
    assert "80.0 %" in page.locator(".bars").inner_text()


def test_examples_and_card(visit):
    page = visit()
    page.get_by_text("Two hours of my life").click()
    page.wait_for_selector(".verdict")
    assert page.locator("textarea").first.input_value().startswith("Two hours")
    page.get_by_role("tab", name="About the model").click()
    page.get_by_role("heading", name="the card").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_page_does_not_scroll_sideways(visit, dark):
    page = visit(width=390, dark=dark)
    page.locator("textarea").first.fill("good " + "w" * 300)
    page.wait_for_selector(".verdict")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_file_of_texts(visit, tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("good\nbad\n")
    page = visit()
    upload(page, "A file of texts", "Judge all", path)
    page.get_by_text("2 texts:").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="KB").or_(page.locator("a[download*='sentiment']")).last.click()
    assert "good,positive" in Path(download.value.path()).read_text()
