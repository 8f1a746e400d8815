"""A page with a login, in a real browser. Runs where Chromium is installed, like test_browser.py."""

import pytest
from browser import ARGUMENTS, CHROMIUM, needs_chromium
from guarded import USERS
from test_apps import Fake

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import sentiment, serving

    page = sentiment.build(Fake(), "# the card")
    yield serving.serve(page, users=USERS)
    page.close(verbose=False)


def test_from_the_login_to_a_verdict_and_a_file(url, tmp_path):
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    texts = tmp_path / "texts.txt"
    texts.write_text("good\nbad\n")
    errors = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for dark in (False, True):
            page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark" if dark else "light")
            page.goto(url)
            assert not [v["id"] for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
            page.get_by_label("Name").fill("anna")
            page.get_by_label("Password").fill("guess")
            page.keyboard.press("Enter")
            page.get_by_role("alert").get_by_text("do not fit").wait_for()
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
            page.get_by_label("Name").fill("anna")
            page.get_by_label("Password").fill(USERS[0][1])
            page.get_by_role("button", name="Log in").click()
            page.locator("textarea").first.type("a good day")
            page.locator(".verdict", has_text="positive").wait_for()
            page.get_by_role("tab", name="A file of texts").click()
            page.wait_for_timeout(1000)
            page.locator("input[type=file]").first.set_input_files(str(texts))
            page.locator(".file-preview").first.wait_for()
            page.get_by_role("button", name="Judge all").click()
            page.get_by_text("2 texts:").wait_for()
            (cookie,) = [
                c for c in page.context.cookies() if c["name"] != "nlp-gru-user"
            ]  # the name alone is no secret
            assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and not cookie["secure"]
            found = [e for e in errors if "401" not in e]  # of the page that asked again
            assert not found
            page.goto(url + "logout")
            page.get_by_label("Password").wait_for()
            page.close()
            errors.clear()  # of connections that ended with the page
        browser.close()
