"""The autocomplete page in a real browser. Runs where Chromium is installed, like test_browser.py."""

import time

import pytest
from browser import needs_chromium, served, windows
from test_app_next_word import Fake, Suggestion

pytestmark = [pytest.mark.browser, needs_chromium]


class Slow(Fake):
    delay = 0.0  # seconds, of the next suggestions and of each generated token

    def suggest(self, context="", prefix="", k=3):
        time.sleep(Slow.delay)
        found = super().suggest(context, prefix, k)
        return [Suggestion(s.text, s.score / 1000) for s in found] if context.endswith("rarely ") else found

    def generate(self, *arguments, **settings):
        for token in super().generate(*arguments, **settings):
            time.sleep(Slow.delay)
            yield token

    def fork(self):
        return Slow()


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import next_word

    with served(next_word.build(Slow(), "# the card")) as url:
        yield url


@pytest.fixture(scope="module")
def visit(url):
    with windows(url, ready=".chip:enabled") as open_page:
        yield open_page


@pytest.fixture(scope="module")
def opened(visit):
    return visit()


@pytest.fixture
def page(opened):
    """One page for all tests, to save time, with an empty box."""
    Slow.delay = 0
    opened.get_by_role("tab", name="Write").click()
    box(opened).fill("")
    offers(opened, "the", "there", "then")
    yield opened
    Slow.delay = 0


def box(page):
    return page.locator("#next-word-text textarea")


def offers(page, *words):
    """Wait until the chips that can be taken are `words`."""
    script = "words => [...document.querySelectorAll('.chip:enabled span')].map(s => s.textContent).join() === words"
    page.wait_for_function(script, arg=",".join(words), timeout=30_000)


def caret(page):
    return page.evaluate("document.activeElement.selectionStart")


def test_chips_follow_the_letters_and_are_taken_by_click(page):
    box(page).press_sequentially("I w")
    offers(page, "would", "wonderful", "weather")
    assert page.locator(".ghost span").inner_text() == "ould"
    box(page).press_sequentially("o")
    offers(page, "would", "wonderful")
    chip = page.get_by_role("button", name="Take the word wonderful")
    assert chip.bounding_box()["height"] >= 40
    chip.click()
    assert box(page).input_value() == "I wonderful " and caret(page) == 12
    offers(page, "the", "there", "then")
    box(page).press_sequentially("a")
    offers(page, "a<b>bold</b>")
    assert page.locator(".chip b").count() == 0 and "50.0 %" in page.locator(".bars").inner_text()


def test_keys_take_words_and_the_savings_are_counted(page):
    box(page).press_sequentially("see y")
    offers(page, "you", "your", "yes")
    page.keyboard.press("Tab")
    assert box(page).input_value() == "see you "
    box(page).press_sequentially("y")
    offers(page, "you", "your", "yes")
    page.keyboard.press("Alt+2")
    assert box(page).input_value() == "see you your "
    assert page.locator(".saved span").inner_text() == "38 % saved 8 keystrokes for 13 characters"
    box(page).press_sequentially("2")
    assert box(page).input_value() == "see you your 2"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert box(page).input_value() == "see you y", "taking a word can be undone"
    page.get_by_role("button", name="Reset").click()
    assert "saved" not in page.locator(".saved span").inner_text()
    box(page).press_sequentially("\ne")
    assert page.locator(".saved span").inner_text() == "0 % saved 2 keystrokes for 2 characters"
    box(page).fill("")
    assert "saved" not in page.locator(".saved span").inner_text()


def test_caret_inside_the_text(page):
    box(page).fill("see y there helxx, you")
    page.evaluate("document.activeElement.setSelectionRange(5, 5)")
    offers(page, "you", "your", "yes")
    assert page.locator(".ghost").inner_text() == ""
    page.keyboard.press("Alt+1")
    assert box(page).input_value() == "see you there helxx, you" and caret(page) == 8
    page.evaluate("document.activeElement.setSelectionRange(17, 17)")
    offers(page, "hello", "help")
    page.keyboard.press("Alt+2")
    assert box(page).input_value() == "see you there help, you" and caret(page) == 18


def test_punctuation_eats_the_blank(page):
    box(page).press_sequentially("see y")
    offers(page, "you", "your", "yes")
    page.keyboard.press("Tab")
    box(page).press_sequentially(". h")
    assert box(page).input_value() == "see you. h"
    offers(page, "hello", "help")
    page.keyboard.press("Tab")
    box(page).press_sequentially(" x .")
    assert box(page).input_value() == "see you. hello x .", "a typed blank is not doubled, and stays"


def test_tab_takes_a_phrase(page):
    box(page).press_sequentially("my kind r")
    chip = page.get_by_role("button", name="Take the phrase regards from here")
    chip.wait_for()
    assert page.locator(".ghost").inner_text().endswith("kind regards from here")
    page.keyboard.press("Tab")
    assert box(page).input_value() == "my kind regards from here "
    page.wait_for_function("() => document.querySelector('.chip.phrase').disabled")
    assert page.locator(".saved").inner_text().startswith("62 % saved 10 keystrokes for 26")


def test_tab_takes_no_rare_word(page):
    box(page).press_sequentially("rarely h")
    offers(page, "hello", "help")
    assert page.locator(".ghost").inner_text() == "" and page.locator(".chip kbd").all_inner_texts()[0] == "Alt 1"
    page.keyboard.press("Tab")
    assert box(page).input_value() == "rarely h" and page.evaluate("document.activeElement.tagName") == "BUTTON"
    box(page).focus()
    page.keyboard.press("Alt+1")
    assert box(page).input_value() == "rarely hello "


def test_escape_lets_tab_leave_and_chips_take_the_focus(page):
    box(page).press_sequentially("see y")
    offers(page, "you", "your", "yes")
    page.keyboard.press("Escape")
    assert page.locator(".ghost").inner_text() == ""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Take the word you"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert box(page).input_value() == "see your " and caret(page) == 9


def test_a_late_answer_never_offers_words_for_other_letters(page):
    box(page).press_sequentially("y")
    offers(page, "you", "your", "yes")
    Slow.delay = 0.6
    box(page).press_sequentially("e")
    offers(page, "yes")
    box(page).press_sequentially("x")
    offers(page)
    page.keyboard.press("Tab")
    assert box(page).input_value() == "yex" and box(page).evaluate("b => b === document.activeElement")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    offers(page, "you", "your", "yes")
    assert box(page).input_value() == "y"


def test_example_learning_and_forgetting(page):
    page.get_by_role("button", name="See you").click()
    page.wait_for_function("document.querySelector('#next-word-text textarea').value === 'See you '")
    offers(page, "the", "there", "then")
    assert caret(page) == 8
    box(page).press_sequentially("zoo. z")
    offers(page)
    page.get_by_role("button", name="Learn from my text").click()
    offers(page, "zoo")
    page.get_by_text("4 words learned").wait_for()
    page.get_by_role("button", name="Forget", exact=True).click()
    offers(page)
    page.get_by_label("Learn while I write").check()
    box(page).focus()
    page.keyboard.press("End")
    box(page).press_sequentially("ip! z")
    offers(page, "zoo", "zip")
    page.get_by_label("Learn while I write").uncheck()
    page.get_by_role("button", name="Forget", exact=True).click()
    page.get_by_text("Nothing learned yet").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_page_does_not_scroll_sideways(visit, dark):
    page = visit(width=390, dark=dark)
    box(page).fill("w" * 300 + " wonder")
    offers(page, "wonderful")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ghost, area = page.locator(".ghost span").bounding_box(), box(page).bounding_box()
    assert area["x"] < ghost["x"] < area["x"] + area["width"] and area["y"] < ghost["y"] < area["y"] + area["height"]
    colour = page.locator(".ghost span").evaluate("s => getComputedStyle(s).color")
    assert colour == ("rgb(148, 163, 184)" if dark else "rgb(100, 116, 139)")


def test_generates_and_stops(page):
    Slow.delay = 0.05
    page.get_by_role("tab", name="Continue a text").click()
    page.get_by_role("button", name="Generate").click()
    page.get_by_text("<w3>").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(300)
    text = page.locator(".words").inner_text()
    page.wait_for_timeout(300)
    assert (
        text == page.locator(".words").inner_text() and text.startswith("Once upon a time <w0>") and "<w59>" not in text
    )
