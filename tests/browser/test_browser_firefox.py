"""Every page in Firefox: it opens without a complaint and does its main work. Runs where Firefox is installed; the
other files of this folder try the same in more detail, in Chromium."""

import pytest
from browser import served
from firefox import firefox, needs_firefox
from test_browser_hub import suite
from test_browser_web import address, written

pytestmark = [pytest.mark.browser, needs_firefox]


@pytest.fixture(scope="module")
def url():
    with served(suite()) as url:
        yield url


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with firefox(tmp_path_factory.mktemp("profile")) as window:
        yield window


@pytest.fixture(params=[1280, 390])
def width(request):
    return request.param


def visit(window, url, width, path=""):
    window.size(width, 900)
    window.goto("about:blank")
    window.errors.clear()
    window.goto(url + path)
    window.wait(
        "!document.documentElement.matches('.opening') && document.querySelector('.site-footer')?.checkVisibility()"
    )
    window.evaluate("new Promise((done) => setTimeout(done, 500))")  # until what is on the page listens


def use_start(window):
    window.wait("document.querySelectorAll('.answer b').length === 4")


def use_sentiment(window):
    window.type("textarea", "a good day")
    window.wait("document.querySelector('.verdict')?.textContent")


def use_autocomplete(window):
    window.wait("document.querySelector('.chip:enabled')")
    window.type("#next-word-text textarea", "th")
    window.wait("document.querySelector('.ghost')?.textContent === 'the'")
    window.press("Tab")
    window.wait("document.querySelector('#next-word-text textarea').value === 'the '")


def use_translation(window):
    window.type("#translation-source textarea", "One day.")
    window.wait("document.querySelector('#translation-target textarea').value === 'ONE DAY.'")
    window.click("#translation-swap")
    window.wait("document.querySelector('#translation-source textarea').value === 'ONE DAY.'")


def use_chat(window):
    window.type("#chat-message textarea", "Hi")
    window.press("Enter")
    window.click("button.word", "Why?")
    window.wait("[...document.querySelectorAll('.bot .md')].at(-1)?.textContent === '<i>Why?</i>'")
    window.wait("document.querySelector('.chats .count').textContent === '1'")


def use_search(window):
    window.type("[placeholder='What are you looking for?']", "my car")
    window.press("Enter")
    window.wait("document.querySelector('.passage')?.textContent.includes('park your car')")


def use_inside(window):
    window.wait("document.querySelector('.step')")


def use_training(window):
    window.click("button", "Use the sample file")
    window.wait("document.body.innerText.includes('to train on')")


USES = {
    "": use_start,
    "sentiment": use_sentiment,
    "autocomplete": use_autocomplete,
    "translation": use_translation,
    "chat": use_chat,
    "search": use_search,
    "look-inside": use_inside,
    "train-your-own": use_training,
}


@pytest.mark.parametrize("path", USES)
def test_every_page_does_its_work(window, url, width, path):
    visit(window, url, width, path)
    window.evaluate("(localStorage.clear(), sessionStorage.clear())")
    USES[path](window)
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert not window.errors


def test_a_chat_is_there_again_after_a_reload(window, url):
    visit(window, url, 1280, "chat")
    window.evaluate("(localStorage.clear(), sessionStorage.clear())")
    use_chat(window)
    visit(window, url, 1280, "chat")
    window.wait("[...document.querySelectorAll('.bot .md')].at(-1)?.textContent === '<i>Why?</i>'")


def test_the_page_without_a_server(window, tmp_path):
    server = written(tmp_path / "web", tmp_path / "my-bot")
    try:
        window.size(390, 844)
        window.goto(address(server))
        window.errors.clear()

        def show(tab):
            window.click("[role=tab]", tab)
            window.wait("document.querySelector('[role=tab][aria-selected=true]').dataset.ready", 120)

        show("Sentiment")
        window.type("#sentiment-text", "I loved it, every minute.")
        window.wait("document.querySelector('.verdict')?.textContent === 'positive'")
        show("Autocomplete")
        window.type("#next-word-text", "See you l")
        window.wait("document.querySelector('.ghost span')?.textContent === 'ater'")
        window.press("Tab")
        assert window.evaluate("document.querySelector('#next-word-text').value") == "See you later "
        show("Translation")
        window.type("#translation-text", "She is tired.")
        window.wait("document.querySelector('.output').textContent === 'Elle est fatiguée.'")
        window.wait("document.querySelector('.heat td[title]')")
        show("Chat")
        window.type("#chat-text", "Are you a robot?")
        window.press("Enter")
        window.wait("document.querySelector('.log .bot')")
        show("Search")
        window.type("#search-query", "where can I leave my car")
        window.wait("document.querySelector('#panel-similarity ol li')?.textContent.includes('Parking is free')")
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not window.errors
    finally:
        server.shutdown()
