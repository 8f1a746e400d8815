"""The translation page over fake models, through the same HTTP interface that the browser uses."""

import subprocess
import sys
from dataclasses import dataclass

import pytest
from browser import served

pytestmark = pytest.mark.slow

gradio_client = pytest.importorskip("gradio_client")


@dataclass
class Sentence:
    source: str
    text: str
    score: float
    alternatives: tuple
    confidence: float = 0.9

    @property
    def unsure(self):
        return "vague" in self.source


@dataclass
class Translation:
    text: str
    score: float
    sentences: tuple
    language: str = "en"
    hint: str = ""


@dataclass
class Alignment:
    source: tuple
    target: tuple
    weights: tuple


class Fake:
    """Translates to capitals, or back to small letters, sentence by sentence; a sentence ends with a full stop."""

    made: list

    def __init__(self, direction):
        self.source, self.target = direction.split("-")
        Fake.made.append(direction)

    def write(self, text):
        return text.upper() if self.target == "fr" else text.lower()

    def __call__(self, text, beam, alternatives=1):
        sentences = tuple(
            Sentence(part, self.write(part), 0.5, tuple((f"{self.write(part)} {i}", 0.4 - i / 10) for i in range(3)))
            for part in (f"{p.strip()}." for p in text.split(".") if p.strip())
        )[: 1000 * beam * alternatives]
        hint = "This looks like French already; translate it instead?" if "bonjour" in text else ""
        return Translation(self.write(text), 0.5, sentences, "fr" if hint else "en", hint)

    def stream(self, texts, beam, *, size):
        return (self(text, beam, 3) for text in texts)

    def align(self, source, target):
        left, right = (*source.split(), "</s>"), (*target.split(), "</s>")
        return Alignment(left, right, tuple(tuple(float(s == t) for s in range(len(left))) for t in range(len(right))))


Fake.made = []


def models(*directions):
    return {d: lambda d=d: Fake(d) for d in directions}


@pytest.fixture(scope="module")
def url():
    from nlp_gru.apps import translation

    with served(translation.build(models("en-fr", "fr-en"), "# the card")) as url:
        yield url


@pytest.fixture(scope="module")
def client(url):
    return gradio_client.Client(url, verbose=False)


def test_translates_in_the_direction_asked_for(client):
    assert client.predict("Hello.", api_name="/translate") == "HELLO."
    assert client.predict("ALLÔ.", "fr-en", api_name="/translate") == "allô."
    assert client.predict("One.\n\n- Two.\r\n", direction="en-fr", api_name="/translate") == "ONE.\n\n- TWO.\r\n"
    with pytest.raises(Exception, match="de-en: no such direction; there is en-fr, fr-en"):
        client.predict("Hallo.", "de-en", api_name="/translate")


def test_the_direction_of_a_kept_model_that_was_left_is_not_asked_for(client):
    assert client.predict("Hello.", "de-en", "", api_name="/translate_details")[0] == "HELLO."


def test_each_model_is_made_once_when_first_needed():
    from nlp_gru.apps import translation

    Fake.made.clear()
    with served(translation.build(models("en-fr", "fr-en"))) as url:
        client = gradio_client.Client(url, verbose=False)
        assert Fake.made == []
        for text, direction in [("a", "en-fr"), ("b", "en-fr"), ("c", "fr-en"), ("d", "fr-en")]:
            client.predict(text, direction, api_name="/translate")
        assert Fake.made == ["en-fr", "fr-en"]


def test_a_model_that_cannot_be_loaded_says_why():
    from nlp_gru.apps import translation

    from nlp_gru.errors import UserError

    def missing():
        raise UserError("fr-en: no such model")

    with served(translation.build({"en-fr": missing})) as url:
        client = gradio_client.Client(url, verbose=False)
        for name in ("/translate", "/translate_details"):
            with pytest.raises(Exception, match="no such model"):
                client.predict("a", "en-fr", *([""] if "details" in name else []), api_name=name)


def test_alternatives_of_each_sentence_with_their_scores(client):
    text, note, options = client.predict("One day. Two <b>days</b>.", "en-fr", "", api_name="/translate_details")
    assert text == "ONE DAY. TWO <B>DAYS</B>."
    assert "50 %" in note and "ms" in note and "25 of 5,000 characters" in note
    assert options.count('class="sentence"') == 2 and options.count("<button") == 8
    assert "ONE DAY. 0" in options and "40 %" in options and "20 %" in options
    assert "Two &lt;b&gt;days&lt;/b&gt;." in options and "<b>" not in options and "<B>" not in options


def test_what_is_unsure_is_underlined_and_told(client):
    _, note, options = client.predict("A clear one. A vague one.", "en-fr", "", api_name="/translate_details")
    assert "1 unsure" in note and options.count('class="unsure"') == 1 and "rather wrong" in options
    assert 'class="unsure" title="unsure: rather wrong than right">A VAGUE ONE.' in options
    _, note, options = client.predict("A clear one.", "en-fr", "", api_name="/translate_details")
    assert "unsure" not in note and 'class="unsure"' not in options


def test_the_wrong_language_is_told(client):
    assert "looks like French" in client.predict("bonjour.", "en-fr", "", api_name="/translate_details")[1]
    assert "looks like" not in client.predict("hello.", "en-fr", "", api_name="/translate_details")[1]


def test_sentences_with_their_confidence(client):
    found = client.predict("A clear one. A vague one.", api_name="/translate_sentences")
    assert found["text"] == "A CLEAR ONE. A VAGUE ONE." and found["language"] == "en" and not found["hint"]
    assert found["sentences"][1] == {
        "source": "A vague one.",
        "text": "A VAGUE ONE.",
        "confidence": 0.9,
        "unsure": True,
    }
    with pytest.raises(Exception, match="de-en: no such direction; there is en-fr, fr-en"):
        client.predict("Hallo.", "de-en", api_name="/translate_sentences")


@pytest.mark.parametrize("text", ["", "   ", "\n", "🙂" * 50, "\x00", "</script>", "{{x}} ${1+1} `"])
def test_odd_text_has_an_answer(client, text):
    translation, note, options = client.predict(text, "en-fr", "", api_name="/translate_details")
    assert translation == ("" if not text.strip() else text.upper()) and note and options


def test_too_long_a_text_is_refused_with_the_limit(client):
    assert "full at 5,000" in client.predict("a" * 5_000, "en-fr", "", api_name="/translate_details")[1]
    for name in ("/translate", "/translate_details"):
        with pytest.raises(Exception, match="5,001 characters are too many; the most is 5,000"):
            client.predict("a" * 5_001, "en-fr", *([""] if "details" in name else []), api_name=name)


def test_heat_map_is_escaped_and_readable(client):
    table = client.predict('<i>a</i> "b"', "<u>A</u>", "en-fr", "", api_name="/translate_attention")
    assert table.count("<tr>") == 3 and table.count("<td ") == 2 * 3
    assert "&lt;i&gt;a&lt;/i&gt;" in table and "<i>" not in table and "<u>" not in table
    assert 'title="&lt;u&gt;A&lt;/u&gt; ← &lt;i&gt;a&lt;/i&gt;: 100 %"' in table
    assert "--w:1.000" in table and ">end</th>" in table and "</s>" not in table
    assert "<table" not in client.predict("", "", "en-fr", "", api_name="/translate_attention")


def test_heat_map_of_a_long_sentence_is_cut():
    from nlp_gru.apps import attention

    words = tuple("w" * 60 for _ in range(70))
    table = attention.heat_map(Alignment(words, words[:5], ((0.1,) * 70,) * 5))
    assert table.count("<tr>") == 6 and table.count("<td ") == 5 * 40 and "first 40 words" in table


def test_swap_exchanges_texts_and_languages(url):
    client = gradio_client.Client(url, verbose=False)
    _, source, target, *_ = client.predict("Hello.", "HELLO.", "en-fr", api_name="/translate_swap")
    assert (source["value"], source["label"]) == ("HELLO.", "French")
    assert (target["value"], target["label"]) == ("Hello.", "English")
    assert client.predict("HELLO.", "fr-en", "", api_name="/translate_details")[0] == "hello."
    _, source, target, *_ = client.predict("Not yet translated", "", "fr-en", api_name="/translate_swap")
    assert (source["value"], source["label"]) == ("Not yet translated", "English") and target["value"] == ""


def test_own_model_has_one_direction():
    from nlp_gru.apps import translation

    config = translation.build(models("de-en")).config["components"]
    assert [c["props"]["visible"] for c in config if c["props"].get("elem_id") == "translation-swap"] == [False]
    labels = [c["props"].get("label") for c in config if c["type"] == "textbox"]
    assert "de" in labels and "English" in labels
    ways = [c["props"] for c in config if str(c["props"].get("label", "")).startswith("Direction, or")]
    assert [way["visible"] for way in ways] == [False, False]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A model of the visitor's own, "mine", from German to English; and the address of a page that has the bundled
    ones."""
    from nlp_gru.apps import common, translation

    from nlp_gru.model_folder.library import HOME, Library

    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    monkeypatch.setattr(common, "load", lambda folder: Fake("de-en"))
    (tmp_path / "model").mkdir()
    (tmp_path / "model/config.json").write_text('{"head": "translation"}')
    Library().keep(tmp_path / "model", "mine")
    with served(translation.build(models("en-fr", "fr-en"))) as url:
        yield url


def test_a_kept_model_translates_texts_and_files_in_its_own_direction(kept, tmp_path):
    client = gradio_client.Client(kept, verbose=False)
    assert client.predict("Guten Tag.", "en-fr", "mine", api_name="/translate_details")[0] == "guten tag."
    path = tmp_path / "brief.txt"
    path.write_text("Guten Tag\n")
    _, preview, result = document(client, path, "mine")
    assert preview == "guten tag\n" and result.endswith("brief.en.txt")
    table = tmp_path / "t.csv"
    table.write_text("n,text\n1,Guten Tag\n")
    _, shown, result = client.predict(
        gradio_client.handle_file(str(table)), "mine", "text", "", api_name="/translate_table"
    )
    assert shown["data"] == [["Guten Tag", "guten tag", "0.50"]]
    with open(result) as file:
        assert file.read().splitlines() == ["n,text,translation,score", "1,Guten Tag,guten tag,0.5"]
    with pytest.raises(Exception, match="no model of this name is kept"):
        client.predict("Hi.", "en-fr", "theirs", api_name="/translate_details")


def document(client, path, direction="en-fr"):
    return client.predict(gradio_client.handle_file(str(path)), direction, api_name="/translate_file")


def test_document(client, tmp_path):
    path = tmp_path / "letter.en.txt"
    path.write_bytes("\ufeffDear Zoé,\r\n\r\n  all is well.\nYours".encode())
    summary, preview, result = document(client, path)
    assert "3 texts" in summary and "unsure" not in summary and "DEAR ZOÉ," in preview
    assert result.endswith("letter.fr.txt")
    with open(result, "rb") as file:
        assert file.read().decode() == "\ufeffDEAR ZOÉ,\r\n\r\n  ALL IS WELL.\nYOURS"
    assert document(client, path, "fr-en")[2].endswith("letter.en.en.txt")


def test_other_documents_keep_their_structure(client, tmp_path):
    path = tmp_path / "film.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\na vague line\n", encoding="utf-8")
    summary, preview, result = document(client, path)
    assert "1 text**, 1 of them unsure" in summary and result.endswith("film.fr.srt")
    assert preview == "1\n00:00:01,000 --> 00:00:02,000\nA VAGUE LINE\n"
    page = tmp_path / "a.html"
    page.write_bytes(b"<p>caf\xe9 <b>noir</b></p>")
    assert "<p>CAFÉ <b>NOIR</b></p>" in document(client, page)[1]


def test_long_document_comes_in_parts_and_is_previewed(client, tmp_path):
    path = tmp_path / "Long.TXT"
    path.write_text("a line of it\n" * 500)
    job = client.submit(gradio_client.handle_file(str(path)), "en-fr", api_name="/translate_file")
    summary, preview, result = job.result()
    assert len(job.outputs()) > 5 and job.outputs()[0][2] is None
    assert "500 texts" in summary and "first 3,000" in summary and len(preview) == 3_000
    assert result.endswith("Long.fr.TXT")
    with open(result, encoding="utf-8") as file:
        assert file.read() == "A LINE OF IT\n" * 500


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "a.txt: there is nothing in it to translate"),
        ("a.txt", b" \n\t\n", "a.txt: there is nothing in it to translate"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\xff", "a.txt, line 1: not UTF-8 text"),
        ("a.txt", b"zero\x00byte", "a.txt, line 1: a NUL character"),
        ("a.docx", b"text", "a.docx: it is no Word document"),
        ("a.po", b"text", "a.po: line 1: neither a comment nor a string"),
        ("a.txt", b"a" * 1_200_000, "a.txt has 1.2 MB; the most is 1 MB"),
        ("a.pdf", b"text", r"\.txt"),
    ],
)
def test_wrong_documents_say_why_without_a_traceback(client, tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Exception, match=message) as error:
        document(client, path)
    assert "Traceback" not in str(error.value)


def test_no_document_or_one_with_a_wrong_ending(client):
    from nlp_gru.apps import translation

    with pytest.raises(Exception, match="Choose a file first"):
        client.predict(None, "en-fr", api_name="/translate_file")
    with pytest.raises(Exception, match=r"only \.txt, .* files can be translated"):
        translation.read_document(__file__)


def test_page_needs_no_torch_to_be_built():
    code = (
        "import sys; from nlp_gru.apps import translation; translation.build({'en-fr': None}); print('torch' in"
        " sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
