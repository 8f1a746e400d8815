"""All pages under one address, in a real browser. Runs where Chromium is installed, like test_browser.py."""

from collections import defaultdict
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

pytestmark = [pytest.mark.browser, needs_chromium]
CARD = "# the card\n\n| data set | rows |\n|---|---|\n| <b>one</b> | " + "1" * 300 + " |\n"
PATHS = ["", "sentiment", "autocomplete", "translation", "chat", "search", "look-inside", "train-your-own"]


def answer(text):
    if text == "wrong":
        raise UserError("what a <text>")
    return f"<{text}>", "note"


def suite():
    """All pages over tools that answer at once."""
    from nlp_gru.apps import chat, hub, inside, next_word, search, sentiment, start, training, translation

    tools = [replace(tool, answer=answer) for tool in start.tools(defaultdict(object))]
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
    return hub.build(pages)


@pytest.fixture(scope="module")
def url():
    with served(suite()) as url:
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


def type_into(page, selector, text):
    page.locator(selector).first.click()
    page.keyboard.type(text)


def use_sentiment(page):
    type_into(page, "textarea", "a good day")
    page.wait_for_selector(".verdict")


def use_autocomplete(page):
    page.wait_for_selector(".chip:enabled")
    type_into(page, "textarea", "th")


def use_translation(page):
    type_into(page, "#translation-source textarea", "One day.")
    page.get_by_role("button", name="ONE DAY. 1").wait_for()


def use_chat(page):
    type_into(page, "#chat-message textarea", "Hi")
    page.keyboard.press("Enter")
    page.locator("button.word").first.wait_for()
    page.get_by_text("Your chats").click()
    page.locator(".chats li").first.wait_for()


def use_search(page):
    page.get_by_placeholder("What are you looking for?").fill("Where can I park?")
    page.locator("ol li, .hit, [class*=hit]").first.wait_for()


def use_inside(page):
    page.locator(".step").first.wait_for()


def use_training(page):
    page.get_by_role("button", name="Use the sample file").click()
    page.get_by_text("to train on").wait_for()


USES = {
    "sentiment": use_sentiment,
    "autocomplete": use_autocomplete,
    "translation": use_translation,
    "chat": use_chat,
    "search": use_search,
    "look-inside": use_inside,
    "train-your-own": use_training,
}


# Every card of the start page has answered: who leaves before cuts a connection, which the console tells.
ANSWERED = "document.querySelectorAll('.answer b').length === document.querySelectorAll('.answer').length"


def check_accessibility(page, where):
    found = axe().run(page).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, f"{where}: {serious}"


@pytest.mark.parametrize(
    ("width", "dark", "tabs"), [(1280, False, True), (390, True, True), (1280, True, False), (390, False, False)]
)
@pytest.mark.parametrize("path", PATHS)
def test_nothing_serious_for_accessibility_before_and_after_use(url, path, width, dark, tabs):
    with windows(url, ".answer b") as open_page:
        page = open_page(width, dark)
        page.wait_for_function(ANSWERED)
        page.emulate_media(reduced_motion="reduce", color_scheme="dark" if dark else "light")
        page.goto(url + path)
        page.wait_for_timeout(1500)
        page.wait_for_function(
            "[...document.querySelectorAll('.gallery-item')].every((chip) => chip.textContent.trim())"
        )
        check_accessibility(page, "opened")
        if path in USES:
            USES[path](page)
            check_accessibility(page, "used")
        for tab in [tab for tab in page.get_by_role("tab").all()[1:] if tabs and tab.is_visible()]:
            name = tab.inner_text()
            tab.click()
            page.wait_for_timeout(300)
            check_accessibility(page, name)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True), (1280, True), (390, False)])
def test_nothing_serious_for_accessibility_where_there_is_no_page(url, width, dark):
    with windows(url, ".answer b") as open_page:
        page = open_page(width, dark)
        page.wait_for_function(ANSWERED)
        page.goto("about:blank")
        page.set_content(page.request.get(url + "nowhere", headers={"accept": "text/html"}).text())
        page.get_by_role("link", name="Translation").wait_for()
        check_accessibility(page, "missing")


# What can be pressed and is smaller than a finger. A link within a text is as large as the text, a choice as its label.
SMALL = """() => [...document.querySelectorAll(
    "button, select, a, input:not([type=radio], [type=checkbox]), textarea, label:has(> input)")]
  .filter((e) => e.offsetParent && e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((e) => !e.closest("p:not(.saved), .secondary-wrap, .upload-container, td"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height > 1 && (box.height < 43.5 || box.width < 43.5))
  .map(([e, box]) => `${e.tagName} ${e.className} ${e.textContent.trim()}: ${box.width} × ${box.height}`)"""


@pytest.mark.parametrize("path", PATHS)
def test_on_a_phone_nothing_to_press_is_smaller_than_a_finger(url, path):
    with windows(url, ".answer b") as open_page:
        page = open_page(390)
        page.wait_for_function(ANSWERED)
        page.goto(url + path)
        page.wait_for_selector("html:not(.opening)")
        page.wait_for_timeout(1000)
        if path in USES:
            USES[path](page)
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


# The contrast of two colours of the page, the second one behind the first; each as it is drawn over what stands behind
# it.
CONTRAST = """async ([selector, what]) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(getComputedStyle(e).backgroundColor);
    return layers;
  };
  const drawn = (colors) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of ["white", ...colors]) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const element = [...document.querySelectorAll(selector)].find((e) => e.offsetParent);
  let back = behind(element), front = getComputedStyle(element, "::placeholder").color;
  if (what === "focus") {
    element.focus();
    await new Promise((done) => setTimeout(done, 400)); // until no colour is on its way any more
    const style = getComputedStyle(element);
    if (style.outlineStyle !== "solid" || parseFloat(style.outlineWidth) < 2) return 0;
    [back, front] = [behind(element.parentElement), style.outlineColor];
  }
  const [a, b] = [light(drawn([...back, front])), light(drawn(back))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_focus_and_placeholders_are_seen(url, dark):
    with windows(url, ".answer b") as open_page:
        page = open_page(dark=dark)
        page.wait_for_function(ANSWERED)
        page.emulate_media(reduced_motion="reduce")
        for path, selectors in {
            "sentiment": ["textarea", "nav a", "[role=tab]"],
            "chat": ["#chat-message textarea", "button.sm", "button.primary"],
        }.items():
            page.goto(url + path)
            page.wait_for_selector("textarea:visible")
            page.keyboard.press("Tab")
            for selector in selectors:
                assert page.evaluate(CONTRAST, [selector, "focus"]) >= 3, (path, selector)
            assert page.evaluate(CONTRAST, ["textarea[placeholder]", "placeholder"]) >= 4.5, path


def test_on_a_phone_the_bar_is_one_line_and_box_and_answer_are_in_the_first_screen(url):
    with windows(url, ".answer b") as open_page:
        page = open_page(390)
        page.wait_for_function(ANSWERED)
        page.set_viewport_size({"width": 390, "height": 844})
        for path, answer in {
            "sentiment": ".verdict",
            "autocomplete": ".chip",
            "translation": "#translation-target textarea",
            "chat": ".bot .md",
        }.items():
            page.goto(url + path)
            page.wait_for_timeout(1000)
            assert page.title() == f"{path.capitalize()} · nlp-gru"
            assert page.locator("header.site").bounding_box()["height"] < 60
            links = page.locator("header.site nav a")
            assert all(box.bounding_box()["height"] >= 44 for box in links.all())
            assert page.locator("[aria-current=page]").inner_text() == path.capitalize()
            USES[path](page)
            place = page.locator(answer).first.bounding_box()
            assert place["y"] + min(place["height"], 40) <= 844, (path, place)


def test_what_was_typed_is_there_again_until_it_is_forgotten(url):
    with windows(url, ".answer b") as open_page:
        page = open_page()
        page.wait_for_function(ANSWERED)
        page.goto(url + "sentiment")
        use_sentiment(page)
        page.get_by_role("navigation").get_by_role("link", name="Autocomplete").click()
        use_autocomplete(page)
        page.go_back()
        page.locator(".verdict").wait_for()  # an answer to what is there again
        assert page.locator("textarea").first.input_value() == "a good day"
        page.get_by_role("button", name="Forget it").first.click()
        page.wait_for_function("document.querySelector('textarea').value === ''")
        page.goto(url + "autocomplete")
        page.wait_for_function("document.querySelector('#next-word-text textarea')?.value === 'th'")
        assert page.evaluate("localStorage.getItem('nlp-gru::sentiment')") is None or "good" not in page.evaluate(
            "localStorage.getItem('nlp-gru::sentiment')"
        )
