"""The search page over the bundled encoder, through the same HTTP interface that the browser uses."""

import csv
import json
import re
from pathlib import Path

import pytest
from browser import needs_chromium, served, windows
from test_similarity import LONG, NOTES

import nlp_gru
from nlp_gru.errors import UserError

pytestmark = pytest.mark.slow

gradio_client = pytest.importorskip("gradio_client")
PASTED = "\n".join(NOTES)


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import search

    with served(search.build(nlp_gru.load("similarity"), "# the card")) as url:
        yield url


@pytest.fixture(scope="module")
def client(url):
    return gradio_client.Client(url, verbose=False)


@pytest.mark.parametrize("query", ["Where do I leave my car?", "Où garer ma voiture ?"])
def test_pasted_texts_are_ranked_with_their_telling_words(client, query):
    shown = client.predict(query, PASTED, api_name="/search_details")
    first, *others = re.findall(r"<li.*?</li>", shown)
    assert "<mark>Parking</mark>" in first and "text 2" in first and len(others) == 3 and "4 texts" in shown


def test_blank_lines_part_texts_of_several_lines(client):
    from nlp_gru.apps.search import pasted

    assert (
        pasted(" One.\nTwo. \n \n\n\nThree.\n") == ["One.\nTwo.", "Three."]
        and pasted("a\nb") == ["a", "b"]
        and pasted("\n") == []
    )
    shown = client.predict("When do I pay the bill?", LONG, api_name="/search_details")
    assert "3 texts" in shown and "text 2<" in re.findall(r"<li.*?</li>", shown)[0]


@pytest.mark.parametrize(
    ("query", "texts", "said"),
    [
        ("", PASTED, "What comes closest appears here."),
        ("  ", PASTED, "What comes closest appears here."),
        ("bread", " \n", "There are no texts to search"),
        ("🙂", "🙂", "1 text compared"),
        ("x" * 5000, "日本語\nनमस्ते", "2 texts"),
        ("a", "a" * 100_000, "a part of it"),
    ],
)
def test_odd_input_has_an_answer(client, query, texts, said):
    assert said in client.predict(query, texts, api_name="/search_details")


def test_what_is_typed_is_shown_and_not_run(client):
    shown = client.predict("alert", "<script>alert(1)</script>\nalert <b>", api_name="/search_details")
    assert "<script" not in shown and "<b>" not in shown and "&lt;" in shown


def test_a_file_is_searched_instead(client, tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("text,id\n" + "\n".join(f'"{note}",1' for note in ["", *NOTES]))
    mine = gradio_client.Client(client.src, verbose=False)
    said = mine.predict(gradio_client.handle_file(str(path)), api_name="/search_file")
    assert "**notes.csv:** 4 texts" in said and "1 row was empty: 1" in said
    shown = mine.predict("opening hours", "Something else.", api_name="/search_details")
    assert "notes.csv, row 2" in re.findall(r"<li.*?</li>", shown)[0] and "Something else" not in shown
    assert "Something else" in client.predict(
        "opening hours", "Something else.", api_name="/search_details"
    )  # another visitor
    assert "a column `text`" in mine.predict(None, api_name="/search_file")
    assert "Something else" in mine.predict("opening hours", "Something else.", api_name="/search_details")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("a.csv", "review\nx\n", "no column 'text'"), ("a.txt", "", "empty"), ("b.txt", "\n\n", "no text in it")],
)
@pytest.mark.parametrize("endpoint", ["/search_file", "/duplicates_file"])
def test_wrong_files_say_why_without_a_traceback(client, tmp_path, name, content, message, endpoint):
    path = tmp_path / name
    path.write_text(content)
    more = [PASTED, 0.8] if endpoint == "/duplicates_file" else []
    with pytest.raises(Exception, match=message) as error:
        client.predict(gradio_client.handle_file(str(path)), *more, api_name=endpoint)
    assert "Traceback" not in str(error.value) and str(tmp_path) not in str(error.value)


def test_doubles_are_shown_and_written(client):
    texts = "I forgot my password.\nThe cat sleeps.\nI have forgotten my password.\n=forgot my password"
    summary, shown, path = client.predict(None, texts, 0.7, api_name="/duplicates_file")
    assert summary.startswith("**2 of 4 texts** repeat another one.") and shown.count("passage") == 3
    with open(path, newline="", encoding="utf-8") as file:
        assert [row["source"] for row in csv.DictReader(file)] == ["text 1", "text 3", "text 4"]
    summary, shown, path = client.predict(None, "One.\nThe cat sleeps.", 0.9, api_name="/duplicates_file")
    assert "No text repeats another one" in summary and "passage" not in shown and path is None


def test_endpoints_answer_as_the_package_does(client):
    encoder = nlp_gru.load("similarity")
    hits = client.predict("where do I park", NOTES, 2, api_name="/search")
    assert [hit["index"] for hit in hits] == [hit.index for hit in encoder.search("where do I park", NOTES, 2)]
    assert hits[0]["text"] == hits[0]["passage"] == NOTES[1] and 0 < hits[0]["score"] <= 1
    alike = client.predict("Bread is baked every day.", NOTES, api_name="/similarity")
    assert len(alike) == 4 and max(alike) == alike[3]
    (group,) = client.predict([NOTES[0], "x", NOTES[0]], api_name="/duplicates")
    assert group["indices"] == [0, 2] and group["texts"] == [NOTES[0]] * 2
    assert client.predict([], api_name="/duplicates") == client.predict("x", [], api_name="/search") == []


@pytest.mark.parametrize(
    ("endpoint", "arguments", "message"),
    [
        ("/search", ("x", NOTES, 0), "k is a whole number from 1 to 100, not 0"),
        ("/search", ("x", NOTES, 1_000_000), "k is a whole number from 1 to 100"),
        ("/search", ("", NOTES), "the query is empty"),
        ("/search", ("x", ["y"] * 1001), "at most 1,000 texts"),
        ("/search", ("x", ["y" * 60_000, "z" * 60_000]), "characters are too many"),
        ("/search", ("x", [3]), "a text is a string"),
        ("/similarity", ("x", "y"), "texts are a list"),
        ("/duplicates", (NOTES, 2), "threshold is a number above 0"),
        ("/duplicates", (NOTES, "0.9"), "threshold is a number"),
    ],
)
def test_wrong_calls_are_told_in_a_sentence(client, endpoint, arguments, message):
    with pytest.raises(Exception, match=message):
        client.predict(*arguments, api_name=endpoint)


def test_a_model_that_makes_no_vectors_is_refused():
    from nlp_gru.apps import search

    with pytest.raises(UserError, match="not for Search"):
        search.page("sentiment")


@needs_chromium
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_in_a_browser(url, tmp_path, width, dark):
    path = tmp_path / "notes.txt"
    path.write_text("\n".join([*NOTES, NOTES[0]]))
    with windows(url) as open_page:
        page = open_page(width, dark)
        page.get_by_label("Question").type("Where can I leave my car?")
        page.locator("li mark", has_text="car").first.wait_for()
        page.get_by_text("May I bring my pet?").click()
        page.locator("li mark", has_text="Dogs").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("input[type=file]").first.set_input_files(str(path))
        page.get_by_text("5 texts are searched").wait_for()
        page.locator("li", has_text="notes.txt, row").first.wait_for()
        page.get_by_role("tab", name="Duplicates").click()
        page.get_by_role("button", name="Find duplicates").click()
        page.get_by_text("2 of 11 texts").wait_for()
        with page.expect_download() as download:
            page.locator("a[download*='duplicates']").last.click()
        assert Path(download.value.path()).read_text().startswith("group,score,source,text\n1,1.0000,text 1,")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def compared(client, path, wanted, pool="", other=None, column=None):
    handed = gradio_client.handle_file(str(other)) if other else None
    return client.predict(
        gradio_client.handle_file(str(path)), wanted, pool, handed, column, "", api_name="/search_rows"
    )


def test_each_row_of_a_file_gets_the_closest_text_and_keeps_its_columns(client, tmp_path):
    path = tmp_path / "asked.csv"
    path.write_text("id,question\n1,Where do I leave my car?\n2,\n", encoding="utf-8")
    summary, shown, result = compared(client, path, "closest", PASTED, column="question")
    assert "1 text" in summary and "1 row was empty: 2" in summary
    assert shown["headers"] == ["question", "closest", "cosine"] and shown["data"][0][1] == NOTES[1]
    with open(result, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["1", "2"] and rows[1]["closest"] == ""
    assert rows[0]["closest"] == NOTES[1] and rows[0]["place"] == "text 2" and 0 < float(rows[0]["cosine"]) <= 1
    other = tmp_path / "notes.txt"
    other.write_text(PASTED, encoding="utf-8")
    with open(compared(client, path, "closest", "", other, "question")[2], newline="", encoding="utf-8") as file:
        assert next(csv.DictReader(file))["place"] == "notes.txt, row 2"
    with pytest.raises(Exception, match="There are no texts to compare with"):
        compared(client, path, "closest", " ", column="question")


def test_each_row_of_a_file_gets_its_vector(client, tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"text": "Parking is free."}\n')
    _, shown, result = compared(client, path, "vector")
    assert shown["headers"] == ["text", "vector"]
    vector = json.loads(Path(result).read_text())["vector"]
    assert vector == pytest.approx(nlp_gru.load("similarity").encode("Parking is free.").tolist(), abs=1e-5)
