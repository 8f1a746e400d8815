"""The chat page in a real browser. Runs where Chromium is installed, like test_browser.py."""

from pathlib import Path

import pytest
from browser import needs_chromium, served, windows
from test_app_chat import FakeFaq, FakeTalker

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def bot():
    return FakeTalker()


@pytest.fixture(scope="module")
def url(bot):
    from nlp_gru.apps import chat

    with served(chat.build(bot, "# the card")) as url:
        yield url


@pytest.fixture
def visit(url):
    with windows(url) as open_page:
        yield open_page


def box(page, name="chat"):
    return page.locator(f"#{name}-message textarea")


def shows(page, *messages, name="chat"):
    """Wait until the messages begin so; returns them in full."""
    script = """([name, starts]) => {
        const found = [...document.querySelectorAll(`#${name}-messages [data-testid] .md`)].map(m => m.textContent);
        return found.length === starts.length && starts.every((s, i) => found[i].startsWith(s)) && (
            !starts.some(s => s.startsWith('Turn')) || found.at(-1).endsWith('</b>')) && found;
    }"""
    return page.wait_for_function(script, arg=[name, messages], timeout=30_000).json_value()


def test_chat_with_what_else_was_considered(visit, bot):
    page = visit()
    box(page).press_sequentially("Hello <i>you</i> $$x$$")
    page.keyboard.press("Enter")
    shows(page, "Hello <i>you</i> $$x$$", "Turn 1: Hello <i>you</i> $$x$$")
    assert box(page).input_value() == ""
    assert "<i>Why?</i>" in page.locator(".bars").inner_text() and "40.0 %" in page.locator(".bars").inner_text()
    assert "ms on this machine" in page.locator(".note").first.inner_text()
    page.get_by_role("button", name="Have you seen any good movies?").click()
    messages = shows(page, "Hello", "Turn 1", "Have you seen", "Turn 3: Have you seen any good movies?")
    assert bot.calls[-1][0] == messages[:3]


def test_settings_reach_the_bot(visit, bot):
    page = visit()
    page.get_by_role("button", name="Settings").click()
    for label, value in (("Candidates", "3"), ("Temperature", "0")):
        page.get_by_role("spinbutton", name=label).fill(value)
        page.keyboard.press("Tab")
        page.wait_for_timeout(500)  # until the page has taken it
    box(page).fill("Hi")
    page.get_by_role("button", name="Send").click()
    shows(page, "Hi", "Turn 1: Hi")
    assert bot.calls[-1][1:3] == (3, 0)


def test_regenerate_undo_and_clear(visit):
    page = visit()
    for button in ("Regenerate", "Undo", "Clear"):  # there is nothing to do
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_timeout(500)  # what is answered late would empty the box
    box(page).fill("Hi")
    page.keyboard.press("Enter")
    first = shows(page, "Hi", "Turn 1: Hi")[-1]
    page.get_by_role("button", name="Regenerate").click()
    page.wait_for_function(
        "old => { const m = [...document.querySelectorAll('#chat-messages [data-testid] .md')].at(-1).textContent;"
        " return m !== old && m.endsWith('</b>') }",
        arg=first,
    )
    shows(page, "Hi", "Turn 1: Hi")
    page.get_by_role("button", name="Undo").click()
    shows(page)
    assert box(page).input_value() == "Hi" and page.locator(".bars").count() == 0
    box(page).press("Enter")
    shows(page, "Hi", "Turn 1: Hi")
    page.get_by_role("button", name="Clear", exact=True).last.click()
    shows(page)


def test_nothing_said_changes_nothing(visit, bot):
    page = visit()
    calls = len(bot.calls)
    box(page).fill("   ")
    page.get_by_role("button", name="Send").click()
    page.wait_for_timeout(500)
    shows(page)
    assert len(bot.calls) == calls and page.locator("[data-testid=toast-body]").count() == 0
    box(page).fill("a b " * 600)
    page.keyboard.press("Enter")
    shows(page, "a b a b", "Turn 1: a b")
    assert len(bot.calls[-1][0][0]) <= 2000


def test_chat_is_there_again_after_a_reload_and_forgotten_on_demand(visit):
    page = visit()
    box(page).fill("Hi")
    page.keyboard.press("Enter")
    first = shows(page, "Hi", "Turn 1: Hi")
    page.reload()
    assert shows(page, "Hi", "Turn 1: Hi") == first
    page.get_by_role("button", name="Forget it").click()
    shows(page)
    page.reload()
    page.wait_for_selector("textarea")
    shows(page)


def test_another_candidate_is_said_and_the_chat_exported(visit):
    page = visit()
    box(page).fill("Hi")
    page.keyboard.press("Enter")
    shows(page, "Hi", "Turn 1: Hi")
    page.get_by_role("button", name="<i>Why?</i>").click()
    shows(page, "Hi", "<i>Why?</i>")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert Path(download.value.path()).read_text() == "You: Hi\n\nBot: <i>Why?</i>\n"


def say(page, text, *before):
    box(page).fill(text)
    page.keyboard.press("Enter")
    shows(page, *before, text, f"Turn {len(before) + 1}: {text}")


def chats(page):
    return page.locator(".chats li .open").all_inner_texts()


def test_several_chats_are_kept_renamed_and_deleted(visit):
    page = visit()
    assert not page.locator(".chats details").is_visible()
    say(page, "Hi")
    say(page, "You there?", "Hi", "Turn 1: Hi")
    page.get_by_role("button", name="New chat").click()
    shows(page)
    assert page.evaluate("document.activeElement === document.querySelector('#chat-message textarea')")
    say(page, "Something <i>else</i>")
    page.get_by_text("Your chats 2").click()
    assert chats(page) == ["Something <i>else</i>", "Hi"]
    page.get_by_role("button", name="Hi", exact=True).click()
    shows(page, "Hi", "Turn 1: Hi", "You there?", "Turn 3: You there?")
    page.reload()  # goes on with the one that was open
    shows(page, "Hi", "Turn 1: Hi", "You there?", "Turn 3: You there?")
    page.get_by_text("Your chats 2").click()
    assert page.locator(".chats [aria-current]").inner_text() == "Hi"
    page.get_by_role("button", name="Rename Hi").click()
    page.get_by_label("New name").fill("Old friends")
    page.keyboard.press("Enter")
    assert chats(page) == ["Something <i>else</i>", "Old friends"]
    say(page, "Bye", "Hi", "Turn 1: Hi", "You there?", "Turn 3: You there?")
    assert chats(page) == ["Old friends", "Something <i>else</i>"], (
        "the last one spoken in is on top, under its new name"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "Old friends.txt"
    page.get_by_role("button", name="Delete Old friends").click()
    shows(page, "Something <i>else</i>", "Turn 1: Something <i>else</i>")
    assert chats(page) == ["Something <i>else</i>"]
    page.get_by_role("button", name="Bring back Old friends").click()
    shows(page, "Hi", "Turn 1: Hi", "You there?", "Turn 3: You there?", "Bye", "Turn 5: Bye")
    page.get_by_role("button", name="Delete Old friends").click()
    page.reload()
    shows(page, "Something <i>else</i>", "Turn 1: Something <i>else</i>")
    page.get_by_role("button", name="Forget it").click()
    shows(page)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('-chat'))") == []


def test_chats_are_each_users_own(visit):
    page = visit()
    say(page, "Hi")
    page.context.add_cookies([{"name": "nlp-gru-user", "value": "b%C3%A9a", "url": page.url}])
    page.reload()
    page.wait_for_selector("html:not(.opening)")
    shows(page)
    assert not page.locator(".chats details").is_visible()
    say(page, "I am new")
    page.context.clear_cookies()
    page.reload()
    shows(page, "Hi", "Turn 1: Hi")


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_page_does_not_scroll_sideways(visit, dark):
    page = visit(width=390, dark=dark)
    box(page).fill("good " + "w" * 300)
    page.keyboard.press("Enter")
    page.locator(".bars").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_bot_of_questions_and_answers_alone():
    from nlp_gru.apps import chat

    with served(chat.build(FakeFaq())) as url, windows(url) as open_page:
        page = open_page()
        box(page).fill("Why?")
        page.keyboard.press("Enter")
        shows(page, "Why?", "No answer fits", "No idea (1).")
        assert page.get_by_text("The likeliest answers").first.is_visible()
        assert page.get_by_role("button", name="Settings").count() == 0
