"""The chat page in a real browser. Runs where Chromium is installed, like test_browser.py."""

import zipfile

import pytest
from browser import needs_chromium, served, upload, windows
from test_app_chat import CSV, FakeFaq, FakeTalker, fake_command

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def bot():
    return FakeTalker()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The folder of what trainings write, which are fake ones."""
    from nlp_gru.apps import chat_train, common

    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        patch.setattr(chat_train, "command", fake_command)
        patch.setattr(common, "load", lambda folder: FakeFaq())
        yield folder / "results"


@pytest.fixture(scope="module")
def url(bot, results):
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
        "old => { const m = [...document.querySelectorAll('#chat-messages [data-testid] .md')].at(-1).textContent; return m !== old && m.endsWith('</b>') }",
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


def start(page, tmp_path, refusal, text=CSV):
    path = tmp_path / "faq.csv"
    path.write_text(text)
    page.get_by_role("tab", name="Your own bot").click()
    page.get_by_label("What it says when no answer fits").fill(refusal)
    upload(page, "Your own bot", "Train", path)


def test_own_bot(visit, tmp_path):
    page = visit()
    start(page, tmp_path, "Sorry.")
    page.get_by_text("Your bot is ready: 3 questions, 2 answers").wait_for()
    page.get_by_role("button", name="When do you open?").click()
    shows(page, "When do you open?", "At nine.", name="own")
    page.get_by_text("An answer fits", exact=True).wait_for()
    box(page, "own").fill("Why?")
    page.keyboard.press("Enter")
    shows(page, "When", "At nine.", "Why?", "No answer fits", "No idea (3).", name="own")
    badge = page.locator("#own-messages").get_by_text("No answer fits")
    assert badge.evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(254, 243, 199)"
    assert "In <u>Rome</u>." in page.locator(".bars:visible").inner_text()
    box(page, "own").fill("So?")
    page.keyboard.press("Enter")
    shows(page, "When", "At", "Why?", "No answer", "No idea (3).", "So?", "No answer", "No idea (5).", name="own")
    with page.expect_download() as download:
        page.locator("a[download*='my-bot']").last.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "my-bot/config.json" in archive.namelist() and not any("training" in n for n in archive.namelist())
    page.get_by_role("button", name="Train").click()
    page.get_by_text("Reading the file").or_(page.get_by_text("Your bot is ready")).wait_for()


def gone(page, folders, results):
    """Wait until nothing is left of what was not in `folders`."""
    for _ in range(50):
        if not results.exists() or set(results.iterdir()) <= folders:
            return
        page.wait_for_timeout(100)
    raise AssertionError(set(results.iterdir()) - folders)


@pytest.fixture
def before(results):
    return set(results.iterdir()) if results.exists() else set()


def test_stop(visit, tmp_path, results, before):
    page = visit()
    start(page, tmp_path, "slow")
    page.get_by_text("Update 1 of 4").wait_for()
    assert page.get_by_role("button", name="Train").is_disabled()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped. Nothing of it is kept.").wait_for()
    gone(page, before, results)
    page.wait_for_function(
        "[...document.querySelectorAll('button')].find(b => b.textContent.trim() === 'Train').disabled === false"
    )


def test_a_file_is_looked_at_before_it_is_trained_on(visit, tmp_path):
    page = visit()
    path = tmp_path / "faq.csv"
    path.write_text(CSV.replace("question", "Frage"))
    page.get_by_role("tab", name="Your own bot").click()
    page.wait_for_timeout(1000)  # the upload's handler is attached some time after the tab is there
    page.locator("input[type=file]").first.set_input_files(str(path))
    page.get_by_text("faq.csv: there is no column 'question'").wait_for()
    assert page.get_by_role("button", name="Train").is_disabled()
    page.get_by_label("Column to read as question").click()
    page.get_by_role("option", name="Frage").click()
    page.get_by_text("3 questions, 2 answers").wait_for()
    page.get_by_role("button", name="Train").click()
    page.get_by_text("Your bot is ready: 3 questions, 2 answers").wait_for()


def test_what_is_wrong_is_said(visit, tmp_path, results, before):
    page = visit()
    start(page, tmp_path, "fail")
    page.get_by_text("faq.csv: what a file").wait_for()
    gone(page, before, results)
    page.wait_for_function(
        "[...document.querySelectorAll('button')].find(b => b.textContent.trim() === 'Train').disabled === false"
    )


def test_sample_file(visit):
    from nlp_gru.apps import chat_train

    if not chat_train.SAMPLE.is_file():
        pytest.skip("an installed package is without the samples")
    page = visit()
    page.get_by_role("tab", name="Your own bot").click()
    page.get_by_role("button", name="Use the sample").click()
    page.locator(".file-preview", has_text="chat").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_page_does_not_scroll_sideways(visit, dark, tmp_path):
    page = visit(width=390, dark=dark)
    box(page).fill("good " + "w" * 300)
    page.keyboard.press("Enter")
    page.locator(".bars").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    start(page, tmp_path, "Sorry.", CSV.replace("When", "W" * 100))
    page.get_by_text("Your bot is ready").wait_for()
    box(page, "own").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("tab", name="About the model").click()
    page.get_by_role("heading", name="the card").wait_for()


def test_bot_of_questions_and_answers_alone():
    from nlp_gru.apps import chat

    with served(chat.build(FakeFaq())) as url, windows(url) as open_page:
        page = open_page()
        box(page).fill("Why?")
        page.keyboard.press("Enter")
        shows(page, "Why?", "No answer fits", "No idea (1).")
        assert page.get_by_text("The likeliest answers").first.is_visible()
        assert page.get_by_role("button", name="Settings").count() == 0


def test_closed_tab_ends_its_training(visit, tmp_path, results, before):
    page, other = visit(), visit()
    start(page, tmp_path, "slow")
    page.get_by_text("Update 1 of 4").wait_for()
    page.close()
    gone(other, before, results)
