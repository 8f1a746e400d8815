"""The training page in a real browser. Runs where Chromium is installed, like test_browser.py."""

import zipfile

import pytest
from browser import needs_chromium, served, windows
from conftest import ROOT
from test_app_training import FakeAnalyser, fake_command

pytestmark = [pytest.mark.browser, needs_chromium]
READY = "input[type=radio]"
CSV = "text,label\n" + "".join(f"<b>{i}</b> text,{'good' if i % 2 else 'bad'}\n" for i in range(20))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The folder of what trainings write."""
    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        yield folder / "results"


@pytest.fixture
def fake(results, monkeypatch):
    from nlp_gru.apps import common, task

    monkeypatch.setattr(task, "command", fake_command)
    monkeypatch.setattr(common, "load", lambda name: FakeAnalyser())


@pytest.fixture
def url(results, tmp_path, monkeypatch):
    """A page of its own for each test: it remembers a training."""
    from nlp_gru.apps import common, training

    monkeypatch.setenv("NLP_GRU_HOME", str(tmp_path / "home"))
    with served(training.build(lambda name: common.load(name))) as url:
        yield url


@pytest.fixture
def visit(url):
    with windows(url, READY) as open_page:
        yield open_page


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def give(page, path):
    page.wait_for_timeout(1000)  # the upload's handler is attached some time after the page is there
    page.locator("input[type=file]").first.set_input_files(str(path))


def train(page, epochs=None):
    if epochs is not None:
        page.get_by_role("button", name="Advanced").click()
        page.wait_for_timeout(1000)  # as with the upload: a number typed before would be lost
        page.get_by_label("Epochs").fill(str(epochs))
        page.keyboard.press("Tab")
    page.wait_for_function(
        "[...document.querySelectorAll('button')].find(b => b.textContent.trim() === 'Train').disabled === false"
    )
    button(page, "Train").click()


def ask(page, text):
    page.locator("#training-question textarea").fill(text)
    button(page, "Ask both").click()


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(CSV)
    return path


def test_sample_to_model_with_a_real_training(visit):
    from nlp_gru.apps import training

    if training.sample_of("next_word") is None:
        pytest.skip("an installed package is without the samples")
    page = visit()
    page.get_by_label("Autocomplete").check()
    page.get_by_text("Your own writing").wait_for()
    button(page, "Use the sample file").click()
    page.get_by_text("60 rows to train on").wait_for()
    assert page.get_by_role("cell", name="The weather is nice today, it is sunny and warm.").is_visible()
    train(page, 2)
    page.get_by_text("Your model is ready: 60 rows").wait_for(timeout=90_000)
    for picture in page.locator(".charts figure > svg").all():
        assert "update 4" in picture.get_attribute("aria-label") and picture.locator("circle").count() >= 2
    assert page.get_by_text("6 held-out texts it is as unsure").is_visible()
    ask(page, "The weather is")
    page.wait_for_function(
        "[...document.querySelectorAll('.bars .number')].filter(n => n.offsetParent).length === 12", timeout=20_000
    )
    with page.expect_download() as download:
        page.locator("a[download*='my-model']").last.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()
        assert {"my-model/config.json", "my-model/model.safetensors", "my-model/README.md"} <= set(names)
        assert not any("training" in name or "state" in name for name in names)


def test_stop_and_resume(fake, visit, mine):
    page = visit()
    give(page, mine)
    page.get_by_text("20 rows to train on").wait_for()
    train(page, 7)
    page.get_by_text("Update 3 of 4").wait_for()
    assert button(page, "Train").is_disabled() and button(page, "Resume").is_disabled()
    button(page, "Stop").click()
    page.get_by_text("Stopped. Resume goes on from update 2, its last validation.").wait_for()
    button(page, "Resume").click()
    page.get_by_text("Your model is ready: 20 rows").wait_for()
    assert page.get_by_text("2 of 2 held-out texts got their label (80 %)").is_visible()
    page.get_by_role("button", name="All validations").click()
    page.get_by_role("cell", name="0.75", exact=True).wait_for()
    ask(page, "<i>hm</i>")
    page.wait_for_function(
        "[...document.querySelectorAll('.said')].filter(e => e.textContent === '<b>good</b>').length === 2"
    )
    page.locator("button.gallery-item").first.click()
    page.wait_for_function("document.querySelector('#training-question textarea').value.startsWith('<b>')")


def test_nothing_saved_yet_starts_again(fake, visit, mine):
    page = visit()
    give(page, mine)
    train(page, 6)
    page.get_by_text("Update 1 of 4").wait_for()
    button(page, "Stop").click()
    page.get_by_text("Nothing was saved yet, so Resume starts again.").wait_for()
    button(page, "Resume").click()
    page.get_by_text("Your model is ready").wait_for()


def test_wrong_files_and_settings_are_said(fake, visit, mine, tmp_path):
    page = visit()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("review,label\nx,a\n")
    give(page, wrong)
    page.get_by_role("alert").filter(has_text="wrong.csv: there is no column 'text'").wait_for()
    assert button(page, "Train").is_disabled()
    page.get_by_label("Questions and answers").check()
    page.get_by_text("What is in your file appears here").wait_for()
    assert page.get_by_label("What it says when no answer fits").is_visible()
    page.get_by_label("Sentiment").check()
    page.get_by_label("What it says when no answer fits").wait_for(state="hidden")
    give(page, mine)
    page.get_by_text("20 rows to train on").wait_for()
    train(page, 0)
    page.get_by_text("Epochs are a number above 0").wait_for()
    page.get_by_label("Epochs").fill("5")
    page.keyboard.press("Tab")
    train(page)
    page.get_by_text("mine.csv, row 3: what a row").wait_for()


def test_a_column_under_another_name_is_chosen(fake, visit, tmp_path):
    page = visit()
    path = tmp_path / "other.csv"
    path.write_text(CSV.replace("text,label", "review,label"))
    give(page, path)
    page.get_by_role("alert").filter(has_text="there is no column 'text'").wait_for()
    chooser = page.get_by_label("Column to read as text")
    chooser.wait_for()
    assert page.get_by_label("Column to read as label").count() == 0
    chooser.click()
    page.get_by_role("option", name="review").click()
    page.get_by_text("20 rows to train on").wait_for()
    train(page, 8)
    page.get_by_text("Your model is ready: 20 rows").wait_for()


def test_training_goes_on_without_the_page_is_found_again_and_kept(fake, visit, mine):
    page = visit()
    give(page, mine)
    train(page, 7)
    page.get_by_text("Update 3 of 4").wait_for()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    page.get_by_text("Update 3 of 4").wait_for()
    assert asked == ["beforeunload"]
    page.close()
    other = visit()
    other.get_by_text("Update 3 of 4").wait_for()
    assert button(other, "Train").is_disabled()
    button(other, "Stop").click()
    other.get_by_text("Stopped. Resume goes on").wait_for()
    button(other, "Resume").click()
    other.get_by_text("It is kept as mine.").wait_for()
    other.get_by_role("tab", name="Your models").click()
    other.get_by_role("rowheader", name="mine").wait_for()
    other.get_by_label("New name").fill("sorter")
    button(other, "Rename").click()
    other.get_by_role("rowheader", name="sorter").wait_for()
    other.on("dialog", lambda dialog: dialog.accept())
    button(other, "Delete").click()
    other.get_by_text("Nothing is kept yet").wait_for()


def test_rows_typed_in_the_page_become_a_bot(visit):
    page = visit()
    page.get_by_label("Questions and answers").check()
    page.get_by_text("several questions may share an answer").wait_for()
    button(page, "Use the sample file").click()
    page.get_by_text("87 rows to train on").wait_for()
    page.get_by_role("button", name="Type or edit the rows here").click()
    button(page, "Edit the file's rows").click()
    page.locator(".virtual-row").get_by_text("When do you open?").wait_for()  # the preview above shows it, too
    button(page, "Use these rows").click()
    page.get_by_role("heading", name="typed-rows.jsonl").wait_for()
    page.get_by_text("87 rows to train on").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_page_by_keyboard_does_not_scroll_sideways(fake, visit, tmp_path, dark):
    page = visit(width=390, dark=dark)
    path = tmp_path / f"{'w' * 80}.csv"
    path.write_text(CSV.replace("<b>3", "w" * 300).replace("good", "g" * 200) + ",a\n")
    give(page, path)
    page.get_by_text("20 of 21 rows to train on").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    button(page, "Train").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your model is ready").wait_for()
    page.locator("#training-question textarea").focus()
    page.keyboard.type("hello")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".said").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_sample_of_no_head_is_offered_where_there_is_none(fake, results, monkeypatch):
    from nlp_gru.apps import training

    monkeypatch.setattr(training, "SAMPLES", ROOT / "nowhere")
    with served(training.build(lambda name: FakeAnalyser())) as url, windows(url, READY) as open_page:
        page = open_page()
        assert button(page, "Use the sample file").count() == 0
