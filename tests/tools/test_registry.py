"""One entry in the table of tools is a whole tool: in the command line, on the pages, over HTTP and under the
fuzzers."""

import json
import random

import pytest

import nlp_gru
from nlp_gru.errors import check_text
from nlp_gru.model_folder import bundled
from nlp_gru.model_folder.aliases import ALIASES, by_alias
from nlp_gru.text.tokenizer import valid_unicode
from nlp_gru.tools.registry import TOOLS, Tool, tool_of

pytestmark = pytest.mark.slow


class Shouter:
    def __call__(self, text):
        check_text(text)
        return valid_unicode(text).upper()


SHOUT = Tool(
    name="shout",
    title="Shouting",
    does="Say it louder.",
    holds=Shouter,
    columns=("text",),
    asked="text",
    example="hello",
    most=100,
    answers=lambda tool, texts: map(tool, texts),
    line=str,
    value=str,
    open=lambda folder: Shouter(),
)


@pytest.fixture
def shout(monkeypatch, tmp_path):
    """The trial tool, with a bundled model beside the real ones."""
    for folder in bundled.PRETRAINED.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "shout").mkdir()
    (tmp_path / "shout" / "config.json").write_text(json.dumps({"head": "shout"}))
    monkeypatch.setattr(bundled, "PRETRAINED", tmp_path)
    monkeypatch.setitem(TOOLS, "shout", SHOUT)
    monkeypatch.setitem(ALIASES, "loud", "shout")


def test_in_python_and_on_the_command_line(shout, run):
    assert nlp_gru.load("shout")("hello") == nlp_gru.load("loud")("hello") == "HELLO"
    assert run("predict", "shout", "hello")[:2] == (0, "HELLO\n")
    assert run("predict", "loud", "--json", stdin=b"a\n\nb\n")[:2] == (0, '"A"\nnull\n"B"\n')
    assert "shout" in run("models")[1]


def test_on_the_pages_and_over_http(shout):
    client = pytest.importorskip("gradio_client")
    from browser import served
    from nlp_gru.apps import hub, page_names

    assert "shout" in page_names()
    with served(hub.page()) as url:
        page = client.Client(url, verbose=False)
        assert page.predict("hello", api_name="/shout") == "HELLO"
        with pytest.raises(Exception, match="101 characters are too many; the most is 100"):
            page.predict("a" * 101, api_name="/shout")


def test_under_the_fuzzers(shout):
    import fuzz

    entry = fuzz.tools()["shout, one text"]
    for seed in range(30):
        _, wrong, _ = fuzz.tried(entry.make(random.Random(seed)), entry.sound)
        assert not wrong


def test_the_entries_are_whole():
    for name, tool in TOOLS.items():
        assert tool.name == name and tool.does.endswith((".", "?")) and len(tool.example) <= tool.most
        assert (tool.make is None) != (tool.open is None)
        assert tool.beside in ("", *TOOLS)
    assert set(ALIASES.values()) <= set(TOOLS)
    assert by_alias("Autocomplete") == "next_word" and by_alias("no such tool") == "no such tool"
    with pytest.raises(TypeError, match="not int"):
        tool_of(3)


@pytest.mark.parametrize("name", [tool.name for tool in TOOLS.values() if not tool.beside])
def test_what_is_loaded_is_known(name):
    held = nlp_gru.load(name)
    tool = tool_of(held)
    assert tool.name == name
    (answer,) = tool.answers(held, [tool.example])
    assert tool.line(answer) and json.dumps(tool.value(answer))
