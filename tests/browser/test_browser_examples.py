"""The three examples of the JavaScript library, each opened and used in a real browser."""

import shutil
from pathlib import Path

import pytest
from browser import needs_chromium, windows
from folder_server import hosted

import nlp_gru
from nlp_gru import web
from nlp_gru.errors import UserError
from nlp_gru.web import runtime

pytestmark = [pytest.mark.browser, needs_chromium]
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    try:
        files = runtime.load(fetch=True)
    except UserError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("site")
    rows = [("When do you open?", "At nine."), ("Where can I park?", "Behind the house.")]
    nlp_gru.FaqBot(rows).save(folder / "my-bot")
    chosen = ["next_word", "sentiment", "similarity", str(folder / "my-bot")]
    web.write(folder / "site", web.names(chosen), files, page=False)
    (folder / "site/favicon.ico").touch()  # browsers ask for it
    for path in EXAMPLES.glob("*.html"):
        shutil.copy(path, folder / "site")
    server = hosted(folder / "site")
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def no_serious_findings(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = [v["id"] for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert not found


def test_every_example_is_opened_by_a_test():
    assert {path.name for path in EXAMPLES.iterdir()} == {"contact-form.html", "faq-widget.html", "text-field.html"}


@pytest.mark.parametrize("dark", [False, True])
def test_a_text_field_with_suggestions(address, dark):
    with windows(f"{address}/", "body") as open_page:
        page = open_page(dark=dark)
        page.goto(f"{address}/text-field.html")
        box = page.locator("#message")
        box.press_sequentially("See you l")
        options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
        options.filter(has_text="later").wait_for(timeout=60_000)
        assert page.locator(".gru-ghost").inner_text().endswith("ater")
        no_serious_findings(page)
        box.press("Tab")
        assert box.input_value() == "See you later "
        box.press_sequentially("at ho")
        options.filter(has_text="home").wait_for()
        box.press("Alt+ArrowDown")
        active = box.get_attribute("aria-activedescendant")
        assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
        chosen = page.locator(f"#{active}").inner_text()
        box.press("Enter")
        assert box.input_value() == f"See you later at {chosen} "
        box.press("Control+z")  # what was taken can be undone
        assert box.input_value() == "See you later at ho"
        box.fill("i dont knwo ")
        box.press("End")
        page.get_by_role("option", name="knwo → know").click()
        assert box.input_value() == "i dont know "
        box.press("Escape")
        assert options.count() == 0
        box.press("Tab")
        assert page.evaluate("document.activeElement.id") != "message"


def test_an_input_method_is_left_alone(address):
    with windows(f"{address}/", "body") as open_page:
        page = open_page()
        page.goto(f"{address}/text-field.html")
        box = page.locator("#message")
        box.press_sequentially("See you ")
        page.get_by_role("option").first.wait_for(timeout=60_000)
        page.evaluate("document.querySelector('#message').dispatchEvent(new CompositionEvent('compositionstart'))")
        assert page.get_by_role("option").count() == 0
        prevented = page.evaluate("""() => !document.querySelector("#message").dispatchEvent(
              new KeyboardEvent("keydown", { key: "Tab", isComposing: true, cancelable: true, bubbles: true }))""")
        assert not prevented
        page.evaluate("document.querySelector('gru-complete').remove()")
        assert page.locator(".gru-list").count() == 0 and box.get_attribute("aria-controls") is None


def test_a_field_of_one_line_is_a_combobox(address):
    with windows(f"{address}/", "body") as open_page:
        page = open_page()
        page.goto(f"{address}/text-field.html")
        page.evaluate("""async () => {
              const { attach } = await import("./lib/attach.js");
              const line = '<label for="line">Line</label><input id="line" />';
              document.querySelector("main").insertAdjacentHTML("beforeend", line);
              self.completion = attach(document.querySelector("#line"), { memory: "test", label: "Words" });
              await self.completion.ready;
            }""")
        line = page.get_by_role("combobox", name="Line")
        line.press_sequentially("See you l")
        page.get_by_role("listbox", name="Words").get_by_role("option").first.wait_for()
        assert line.get_attribute("aria-expanded") == "true"
        no_serious_findings(page)
        line.press("ArrowDown")
        line.press("Enter")
        assert line.input_value() == "See you later "
        line.blur()
        page.wait_for_function("localStorage.getItem('test')")
        assert page.evaluate("self.completion.keyboard.learned") == 3


def test_a_contact_form_that_sorts_itself(address):
    with windows(f"{address}/", "body") as open_page:
        page = open_page()
        page.goto(f"{address}/contact-form.html")
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        page.get_by_label("Your message").press_sequentially(
            "You took the money twice, this is terrible and I am angry!"
        )
        page.wait_for_selector("#tone:has-text('answered first')")
        assert page.locator("#department").input_value() == "Billing"
        no_serious_findings(page)


def test_a_window_that_answers_questions(address):
    with windows(f"{address}/", "body") as open_page:
        page = open_page(390)
        page.goto(f"{address}/faq-widget.html")
        page.get_by_text("Questions?").click()
        page.get_by_label("Your question").fill("wher can I prak")
        page.keyboard.press("Enter")
        page.wait_for_selector(".bot:has-text('Behind the house.')", timeout=60_000)
        no_serious_findings(page)
