"""The pages over a fake model, through the same HTTP interface that the browser uses."""

import csv
from dataclasses import dataclass

import pytest
from browser import served

from nlp_gru.errors import UserError

pytestmark = pytest.mark.slow

gradio_client = pytest.importorskip("gradio_client")


@dataclass
class Answer:
    label: str
    score: float
    scores: dict
    unsure: bool = False


class Fake:
    labels = ("negative", "neutral", "positive")

    def __call__(self, text):
        good = 0.8 if "good" in text else 0.1
        return Answer(
            "positive" if good > 0.5 else "negative",
            max(good, 1 - good),
            {"negative": 0.9 - good, "neutral": 0.1, "positive": good},
            "🙂" in text,
        )

    def stream(self, texts):
        return map(self, texts)

    def explain(self, text, label=None):
        return [(text, 1.0 if label == "positive" else -1.0)]


@pytest.fixture(scope="module")
def client():
    from nlp_gru.apps import sentiment

    with served(sentiment.build(Fake(), "# the card")) as url:
        yield gradio_client.Client(url, verbose=False)


def test_judges_and_escapes(client):
    verdict, words = client.predict("good <script>alert(1)</script>", "", api_name="/sentiment_details")
    assert "positive" in verdict and "80.0 %" in verdict
    assert "&lt;script&gt;" in words and "<script>" not in words


@pytest.mark.parametrize("text", ["", "   ", "\n", "🙂" * 50, "a" * 50_000])
def test_odd_text_has_an_answer(client, text):
    verdict, words = client.predict(text, "", api_name="/sentiment_details")
    assert verdict and words


def judged(client, path, column=None, kind=""):
    return client.predict(gradio_client.handle_file(str(path)), "", column, kind, api_name="/sentiment_file")


def test_file_of_texts_comes_back_with_all_its_columns(client, tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text('label,text,id\nx,"good, really",1\ny,,2\nz,bad,3\nz,=🙂,4\n', encoding="utf-8")
    summary, table, result = judged(client, path)
    assert (
        "3 texts" in summary and "1 positive" in summary and "2 negative" in summary and "1 row was empty: 2" in summary
    )
    assert [row[1] for row in table["data"]] == ["positive", "negative", "negative"]
    with open(result, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [r["text"] for r in rows] == ["good, really", "", "bad", "'=🙂"] and [r["id"] for r in rows] == list("1234")
    assert (
        [r["label"] for r in rows] == list("xyzz") and rows[0]["label_"] == "positive" and rows[0]["positive"] == "0.8"
    )
    assert [r["unsure"] for r in rows] == ["false", "", "false", "true"]
    assert rows[1]["label_"] == "" and result.endswith("texts.sentiment.csv")


@pytest.mark.parametrize("kind", [".tsv", ".jsonl", ".parquet", ".xlsx"])
def test_file_in_another_format_and_back(client, tmp_path, kind):
    from nlp_gru.apps import sheet

    if kind == ".xlsx":
        pytest.importorskip("openpyxl")
    path = tmp_path / "notes.csv"
    path.write_text("number,note\n1,good day\n2,\n", encoding="utf-8")
    _, _, result = judged(client, path, "note", kind)
    again = judged(client, result, "note")[2]
    for file in (result, again):
        assert file.endswith(kind)
        found = sheet.read(str(file)).columns
        assert [str(cell) for cell in found["number"]] == ["1", "2"] and found["note"] == ["good day", None]
        assert found["label"] == ["positive", None] and str(found["unsure"][0]).lower() == "false"


@pytest.mark.parametrize(
    ("name", "content", "message"), [("a.csv", "review\nx\n", "no column 'text'"), ("a.txt", "", "empty")]
)
def test_wrong_files_say_why_without_a_traceback(client, tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(Exception, match=message) as error:
        client.predict(gradio_client.handle_file(str(path)), "", None, "", api_name="/sentiment_file")
    assert "Traceback" not in str(error.value)


def test_file_limit_and_columns(tmp_path):
    from nlp_gru.apps import sheet

    path = tmp_path / "a.txt"
    path.write_text("x\n" * 11)
    with pytest.raises(UserError, match="more than 10 rows are too many"):
        sheet.read(str(path), rows=10)
    assert sheet.guess(["id", "Review", "Text"], "text") == "Text" and sheet.guess(["id", "b"], "text") == "id"
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK nothing")
    pytest.importorskip("openpyxl")
    with pytest.raises(UserError, match="not an Excel file"):
        sheet.names(str(broken))


def test_excel_keeps_every_letter_and_finds_columns_with_blanks_around(tmp_path):
    from nlp_gru.apps import sheet

    openpyxl = pytest.importorskip("openpyxl")
    text = "1\u202f234\xa0€ 👩\u200d🚀"
    sheet.write(tmp_path / "a.xlsx", {"text": [text + "\x07"]})
    assert sheet.read(str(tmp_path / "a.xlsx")).columns == {"text": [text]}
    book = openpyxl.Workbook()
    book.active.append([" text ", None])
    book.active.append(["Hello", None])
    book.save(tmp_path / "b.xlsx")
    assert sheet.names(str(tmp_path / "b.xlsx")) == ["text"]
    assert sheet.read(str(tmp_path / "b.xlsx")).columns == {"text": ["Hello"]}


def test_card_shows_its_table_without_the_marks_around_it():
    from nlp_gru.apps.common import to_html

    html = to_html(
        "# A\n\n<!-- scores: written\nby a command -->\n| a | b |\n|---|---:|\n| 1 | 2 |\n<!-- end -->\n\n<b>x</b>"
        " 1 < 2"
    )
    assert "--" not in html and "end" not in html
    assert html.count("<td") == 2 and '<table tabindex="0">' in html
    assert "&lt;b&gt;x" in html and "1 &lt; 2" in html


def test_page_needs_no_torch_to_be_built():
    import subprocess
    import sys

    code = "import sys; from nlp_gru.apps import sentiment; print('torch' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )
