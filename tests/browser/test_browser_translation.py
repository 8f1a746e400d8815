"""The translation page in a real browser. Runs where Chromium is installed, like test_browser.py."""

from pathlib import Path

import pytest
from browser import needs_chromium, served, upload, windows
from test_app_translation import models

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import translation

    with served(translation.build(models("en-fr", "fr-en"), "# the card")) as url:
        yield url


@pytest.fixture(scope="module")
def visit(url):
    with windows(url) as open_page:
        yield open_page


def box(page):
    return page.locator("#translation-source textarea")


def shows(page, text):
    """Wait until `text` is the translation, and no longer waiting."""
    script = """text => document.querySelector('#translation-target textarea').value === text
        && !document.querySelector('#translation-target').matches('.waiting')"""
    page.wait_for_function(script, arg=text, timeout=30_000)


def attends(page, *words):
    """Wait until the columns of the table are `words`."""
    script = "words => [...document.querySelectorAll('thead th span')].map(s => s.textContent).join(' ') === words"
    page.wait_for_function(script, arg=" ".join([*words, "end"]), timeout=30_000)


def chosen(page):
    return page.locator(".option[aria-pressed=true] span").first.inner_text()


def test_each_box_is_named_by_its_language(visit):
    page = visit()
    box(page).fill("One day.")
    shows(page, "ONE DAY.")
    assert page.get_by_label("French", exact=True).input_value() == "ONE DAY."
    assert page.evaluate("document.querySelector('#translation-target label').control.matches('textarea')"), (
        "a press on the label copies nothing"
    )
    page.get_by_role("button", name="Swap the languages").click()
    shows(page, "one day.")
    assert page.get_by_label("English", exact=True).input_value() == "one day."


def test_translation_while_typing_and_where_the_model_looked(visit):
    page = visit()
    box(page).press_sequentially("One day.")
    shows(page, "ONE DAY.")
    attends(page, "One", "day.")
    cell = page.locator("tbody td").first
    assert cell.get_attribute("title") == "ONE ← One: 100 %" and cell.is_visible()
    assert "13, 148, 136" in cell.evaluate("c => getComputedStyle(c).backgroundImage")
    box(page).press_sequentially(" Two <b>days</b>.")
    shows(page, "ONE DAY. TWO <B>DAYS</B>.")
    attends(page, "Two", "<b>days</b>.")
    assert (
        page.locator(".option b, table b").count() == 0
        and "of 5,000 characters" in page.locator(".note").first.inner_text()
    )
    page.get_by_role("button", name="ONE DAY. 1").click()
    attends(page, "One", "day.")
    assert chosen(page) == "ONE DAY. 1" and page.locator("tbody th").nth(2).inner_text() == "1"
    box(page).fill("")
    shows(page, "")
    page.wait_for_function("!document.querySelector('.option, table')")


def test_keyboard_reaches_the_alternatives(visit):
    page = visit()
    box(page).fill("One day.")
    attends(page, "One", "day.")
    page.locator(".option").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('tbody tr').length === 4")
    assert chosen(page) == "ONE DAY. 0"


def test_swap(visit):
    page = visit()
    assert page.get_by_role("button", name="Où se trouve").count() == 0
    box(page).fill("One day.")
    shows(page, "ONE DAY.")
    page.get_by_role("button", name="Swap the languages").click()
    shows(page, "one day.")
    assert box(page).input_value() == "ONE DAY." and page.get_by_label("French").input_value() == "ONE DAY."
    attends(page, "ONE", "DAY.")
    page.get_by_role("button", name="Où se trouve").click()
    shows(page, "où se trouve la gare la plus proche ?")
    box(page).fill("")
    shows(page, "")
    page.get_by_role("button", name="Swap the languages").click()
    page.get_by_role("button", name="What a beautiful day!").click()
    shows(page, "WHAT A BEAUTIFUL DAY!")


def test_copy(visit):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box(page).fill("One day.")
    shows(page, "ONE DAY.")
    page.locator("#translation-target button").first.click()
    page.wait_for_function("async () => await navigator.clipboard.readText() === 'ONE DAY.'")


def test_box_is_full(visit):
    page = visit()
    box(page).focus()
    page.keyboard.insert_text("a b " * 1_500)
    page.get_by_text("The box is full at 5,000 characters").wait_for()
    assert len(box(page).input_value()) == 5_000


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_page_does_not_scroll_sideways(visit, dark):
    page = visit(width=390, dark=dark)
    sentence = " ".join(f"word{i}" for i in range(50)) + " " + "w" * 300 + "."
    box(page).fill(sentence)
    page.locator("table").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".scroll").evaluate("s => s.scrollWidth > s.clientWidth"), "the table scrolls by itself"
    source, swap, target = (page.locator(f"#translation-{n}").bounding_box() for n in ("source", "swap", "target"))
    assert source["width"] > 310 and target["width"] > 310
    assert source["y"] + source["height"] <= swap["y"] and swap["y"] + swap["height"] <= target["y"]
    heat = page.locator("tbody td").first.evaluate("c => getComputedStyle(c).backgroundImage")
    assert ("45, 212, 191" if dark else "13, 148, 136") in heat
    page.get_by_role("tab", name="Document").click()
    page.get_by_role("button", name="Translate the file").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_document(visit, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Anna,\n\nall is well.\n")
    page = visit()
    upload(page, "Document", "Translate the file", path)
    page.get_by_text(" seconds.").wait_for()
    assert page.get_by_label("Preview").input_value() == "DEAR ANNA,\n\nALL IS WELL.\n"
    with page.expect_download() as download:
        page.locator("a[download*='letter.fr']").last.click()
    assert download.value.suggested_filename == "letter.fr.txt"
    assert Path(download.value.path()).read_text() == "DEAR ANNA,\n\nALL IS WELL.\n"
