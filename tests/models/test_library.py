"""The models that a person keeps: names, limits, and that they are found wherever a model's name is asked for."""

import json
import sys

import pytest

import nlp_gru
from nlp_gru import FaqBot
from nlp_gru.errors import UserError
from nlp_gru.model_folder import library
from nlp_gru.model_folder.library import Library, suggested

ROWS = [("When do you open?", "At nine."), ("Where are you?", "In Rome.")]


@pytest.fixture
def bot(tmp_path, monkeypatch):
    monkeypatch.setenv(library.HOME, str(tmp_path / "home"))
    FaqBot(ROWS).save(tmp_path / "bot")
    return tmp_path / "bot"


def test_kept_renamed_found_by_name_and_deleted(bot, run):
    kept = Library().keep(bot, "my bot", "faq.csv", 2, {"accuracy": 0.5})
    assert (kept.name, kept.head, kept.data, kept.rows, kept.figures) == (
        "my bot",
        "faq",
        "faq.csv",
        2,
        {"accuracy": 0.5},
    )
    assert Library().keep(bot, "my bot").name == "my bot-2"
    assert Library().rename("my bot", "hotel").name == "hotel"
    assert nlp_gru.load("hotel").reply("When do you open?").text == "At nine."
    code, out, _ = run("predict", "hotel", "where are you?")
    assert (code, out) == (0, "In Rome.\n")
    code, out, _ = run("models", "--json")
    assert [json.loads(line)["name"] for line in out.splitlines()][-2:] == ["my bot-2", "hotel"]
    Library().delete("hotel")
    code, _, error = run("predict", "my bot", "where?")
    assert code == 2 and "did you mean my bot-2?" in error and "your own are my bot-2" in error


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 61, "sentiment", "nul", "a.", "a\nb", "-x"])
def test_a_name_that_cannot_be_one_is_refused(bot, name):
    with pytest.raises(UserError, match=r"a name has|has this name already"):
        Library().keep(bot, name)
    assert Library().find("../home/models") is None and Library().models() == []


def test_full_library_keeps_what_it_has(bot):
    shelf = Library(most=30_000_000)
    shelf.keep(bot, "one")
    size = shelf.get("one").bytes
    with pytest.raises(UserError, match="the library is full"):
        Library(most=size + 1).keep(bot, "two")
    assert [kept.name for kept in shelf.models()] == ["one"]
    with pytest.raises(UserError, match="no model of this name"):
        shelf.delete("two")
    shelf.keep(bot, "two")
    with pytest.raises(UserError, match="another model has this name"):
        shelf.rename("two", "one")


def test_each_user_has_a_library_of_their_own(bot):
    Library("anna").keep(bot, "mine")
    assert Library("anna").find("mine") and not Library("ben").models() and not Library().models()


def test_what_cannot_be_read_is_left_out(bot):
    Library().keep(bot, "one")
    (Library().folder / "broken").mkdir()
    (Library().folder / "broken/config.json").write_text("[")
    assert [kept.name for kept in Library().models()] == ["one"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("Häufige Fragen (2).csv", "Häufige-Fragen-2"), ("sentiment.csv", "my-sentiment"), ("...", "my-model")],
)
def test_suggested_name(bot, file, name):
    assert suggested(file) == name


def test_place_on_each_platform(monkeypatch, tmp_path):
    monkeypatch.delenv(library.HOME, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    found = {}
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        found[platform] = library.home().relative_to(tmp_path).as_posix()
    assert found == {"linux": "xdg/nlp-gru", "darwin": "Library/Application Support/nlp-gru", "win32": "local/nlp-gru"}


@pytest.fixture
def rows(bot, tmp_path):
    """A file of questions and answers, in a home without models."""
    path = tmp_path / "faq.csv"
    path.write_text("question,answer\n" + "".join(f"{q},{a}\n" for q, a in ROWS))
    return path


def test_a_training_is_kept_by_name(rows, run):
    code, out, _ = run("train", "chat", "--data", str(rows), "--keep", "hotel")
    assert code == 0 and out.startswith("hotel: ")
    assert run("predict", "hotel", "where are you?")[:2] == (0, "In Rome.\n")
    kept = Library().get("hotel")
    assert kept.data == "faq.csv" and not Library().unfinished("hotel").exists()
    code, _, error = run("train", "chat", "--data", str(rows), "--keep", "Hotel")
    assert code == 2 and "Hotel: a model of this name is kept already" in error
    assert run("train", "chat", "--data", str(rows), "--keep", "hotel", "--overwrite")[0] == 0
    assert [kept.name for kept in Library().models()] == ["hotel"]


def test_a_training_says_where_its_model_is_when_it_cannot_be_kept(rows, run, monkeypatch, tmp_path):
    code, _, error = run("train", "chat", "--data", str(rows))
    assert code == 2 and "--out FOLDER, or --keep NAME" in error
    code, _, error = run("train", "chat", "--data", str(rows), "--keep", "autocomplete")
    assert code == 2 and "a bundled model has this name already" in error
    monkeypatch.setattr(library.Library.__init__, "__defaults__", ("", 10))
    code, _, error = run("train", "chat", "--data", str(rows), "--keep", "hotel")
    folder = Library().unfinished("hotel")
    assert code == 2 and f"{folder}: the model is here" in error and "the library is full" in error
    assert run("predict", str(folder), "where are you?")[:2] == (0, "In Rome.\n")
    code, _, _ = run("train", "chat", "--data", str(rows), "--out", str(tmp_path / "there"))
    assert code == 0 and (tmp_path / "there/config.json").is_file()


def test_every_command_knows_what_people_call_the_tools(run, tmp_path):
    from nlp_gru.model_folder.bundled import PRETRAINED, find_model

    assert find_model("autocomplete") == PRETRAINED / "next_word" and find_model("search") == PRETRAINED / "similarity"
    text = tmp_path / "mine.txt"
    text.write_text("See you later.\n")
    code, _, error = run("train", "Keyboard", "--data", str(text), "--out", str(tmp_path / "m"), "--set", "train.x=1")
    assert code == 2 and "no such recipe" not in error and "train.x" in error
    assert run("eval", "autocomplete", "--data", str(text))[0] == 0
