"""The page "Look inside" in a real browser. Runs where Chromium is installed, like test_browser.py."""

from pathlib import Path

import pytest
from browser import needs_chromium, served, windows
from test_app_inside import NAMES, Fake

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import inside

    with served(inside.build(Fake(), NAMES, "# the card")) as url:
        yield url


@pytest.fixture
def visit(url):
    with windows(url, ready=".step") as open_page:
        yield open_page


def shows(page, *words):
    """Wait until the columns are `words`."""
    script = "words => [...document.querySelectorAll('.step .name')].map(s => s.textContent).join(' ') === words"
    page.wait_for_function(script, arg=" ".join(words), timeout=30_000)


def box(page):
    return page.get_by_label("Text", exact=True)


def pressed(page):
    return page.locator(".step[aria-pressed=true] .name").all_inner_texts()


def test_opens_with_an_example_and_follows_the_typing(visit):
    page = visit()
    assert page.locator(".step").count() == 10 and page.get_by_role("heading", name="How much it keeps").is_visible()
    box(page).fill("a <b>bcd</b> {{value}} ${value}")
    shows(page, "a", "<b>bcd</b>", "{{value}}", "${value}")
    assert page.locator(".step b").count() == 0
    box(page).fill("")
    page.get_by_text("Type a sentence").wait_for()
    box(page).fill("word " * 61)
    assert "61 words are too many" in page.get_by_role("alert").inner_text()


def test_words_are_chosen_by_click_and_by_key(visit):
    page = visit()
    box(page).fill("a bcd efghij")
    shows(page, "a", "bcd", "efghij")
    assert (
        pressed(page) == ["bcd"] and page.locator(".said h3").inner_text() == "At “bcd”"
    )  # "a" has an empty state before it
    page.locator(".step").nth(2).click()
    assert pressed(page) == ["efghij"] and "keeps 60\u00a0% of what it knew" in page.locator(".said").inner_text()
    assert "60 %" in page.locator(".sums").inner_text()
    page.keyboard.press("ArrowLeft")
    assert pressed(page) == ["bcd"] and "30 %" in page.locator(".sums").inner_text()
    page.keyboard.press("Home")
    assert pressed(page) == ["a"] and "nothing to keep yet" in page.locator(".said").inner_text()
    page.keyboard.press("End")
    assert pressed(page) == ["efghij"]
    assert page.locator(".step[tabindex='0']").count() == 1, "one stop of the Tab key for all words"
    page.get_by_label("Reset gate r").check()
    page.get_by_text("the reset gate of 48 units").wait_for()
    assert pressed(page) == ["efghij"], "the word stays chosen"
    cell = page.locator(".step").nth(2).locator(".cells i").first
    cell.hover()
    assert "0.40" in cell.get_attribute("title") and cell.get_attribute("title").startswith("unit ")
    page.get_by_text("All words as a table").click()
    assert page.locator("tbody tr").nth(2).inner_text().split("\t")[:3] == ["efghij", "60 %", "40 %"]


def test_models_layers_and_tokens(visit):
    page = visit()
    assert not page.get_by_label("Layer", exact=True).is_visible(), "one layer leaves nothing to choose"
    page.get_by_label("Two layers").check()
    shows(page, *["Où", "se", "trouve", "la", "gare", "la", "plus", "proche", "?"])
    page.get_by_text("It writes: OÙ SE").wait_for()
    page.get_by_label("Layer", exact=True).click()
    page.get_by_role("option", name="decoder, layer 1").click()
    shows(page, *["OÙ", "SE", "TROUVE", "LA", "GARE", "LA", "PLUS", "PROCHE", "?"])
    box(page).fill("ab c")
    shows(page, "AB", "C")
    page.get_by_label("Show the tokens").check()
    shows(page, "A", "B", "C")
    page.get_by_role("tab", name="How to read it").click()
    page.get_by_role("heading", name="What a GRU does at a word").wait_for()
    page.get_by_role("tab", name="About the model").click()
    page.get_by_role("heading", name="the card").wait_for()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False), (390, True)])
def test_a_long_text_fits(visit, width, dark):
    page = visit(width, dark)
    words = [f"{'x' * (i % 9)}{i}" for i in range(58)]
    box(page).fill(" ".join([*words, "w" * 90]))
    shows(page, *words, "w" * 90)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    across, down = page.locator(".steps").evaluate(
        "s => [s.scrollWidth > s.clientWidth, s.scrollHeight > s.clientHeight]"
    )
    assert (across, down) == ((True, False) if width > 760 else (False, True)), "the list scrolls by itself, one way"
    heat = page.locator(".cells i").first.evaluate("c => getComputedStyle(c).backgroundImage")
    assert ("45, 212, 191" if dark else "13, 148, 136") in heat
    chosen, frame = page.locator(".step[aria-pressed=true]").bounding_box(), page.locator(".steps").bounding_box()
    assert (
        frame["x"] <= chosen["x"] <= frame["x"] + frame["width"]
        and frame["y"] <= chosen["y"] <= frame["y"] + frame["height"]
    )


CONTRAST = """() => {
  const rgb = (s) => (s.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length && (c[3] ?? 1) > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const low = [];
  const texts = ".name, .percent, .said *, .sums *, .note, .summary, summary, h2, th, td";
  for (const e of document.querySelectorAll(texts)) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) low.push(`${e.tagName}.${e.className}: ${contrast.toFixed(2)}`);
  }
  return low;
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read(visit, dark):
    page = visit(dark=dark)
    page.locator("summary").click()
    assert page.evaluate(CONTRAST) == []


def test_two_sentences_side_by_side_and_saved(visit):
    page = visit()
    box(page).fill("a bcd efghij")
    shows(page, "a", "bcd", "efghij")
    page.get_by_label("Compare with").fill("x yz")
    shows(page, "a", "bcd", "efghij", "x", "yz")
    first, second = page.locator(".steps").all()
    assert first.get_attribute("data-units") == second.get_attribute("data-units")
    assert second.bounding_box()["x"] > first.bounding_box()["x"] + 300, "beside, not below"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.locator(".step").nth(4).click()
    assert pressed(page) == ["bcd", "yz"], "each has a word of its own chosen"
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").first.click()
    head, *lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert head.startswith("word,kept,reset,moves,tokens,unit ") and head.count("unit ") == 48 and len(lines) == 3
    assert lines[2].startswith('"efghij",0.6000,0.4000,') and all(0 <= float(v) <= 1 for v in lines[2].split(",")[5:])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").last.click()
    picture = Path(download.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) > 2_000
    page.get_by_label("Compare with").fill("")
    shows(page, "a", "bcd", "efghij")
