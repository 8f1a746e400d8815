"""What the keyboard has learned: kept in one file, listed, deleted by the word, and never a secret."""

import json

import pytest

from nlp_gru.tools.keyboard.memory import Memory
from nlp_gru.tools.keyboard.private import without_secrets


@pytest.mark.parametrize(
    "secret",
    [
        "4111 1111 1111 1111",
        "4111111111111111",
        "5500-0000-0000-0004",
        "123456789",
        "P@ssw0rd!",
        "xK7mQ2pL",
        "a1b2c3d4e5",
        "hunter_2Go",
        "sk4fj29dkf93kd02jf84ks93kf9",
        "qwrtzpsd",
        "DE89 3704 0044 0532 0130 00",
    ],
)
def test_secrets_are_never_learned(secret):
    memory = Memory()
    for _ in range(3):
        memory.learn(f"Please note {secret} and keep it safe.")
    learned = json.dumps([memory.counts, memory.spelling])
    parts = [part for part in secret.strip("!").split() if len(part) > 2]
    assert not [part for part in parts if part.casefold() in learned.casefold()], learned
    assert memory.counts["*"]["safe"] == 3


def test_what_is_announced_as_a_password_is_none_of_its_business():
    assert "blue7" not in without_secrets("my password is blue7 okay") and "4711" not in without_secrets("PIN: 4711")
    assert without_secrets("The password is long.") == "The password is long."


@pytest.mark.parametrize(
    "text",
    [
        "See you at 4pm on the 3rd, room 101.",
        "Call 555-0199 or anna@example.org.",
        "In 1984 COVID-19 was unknown; MP3 players too.",
        "McDonald's and O'Neill, vice-president.",
        "The NASA and HTTPS, hmmm.",
        "It costs 1,250.50 or so, i.e. 30 km/h",
        "well-known rhythm",
        "😀 schön",
    ],
)
def test_ordinary_words_are_learned(text):
    assert without_secrets(text) == text


def test_a_word_is_deleted_with_all_its_company():
    memory = Memory()
    memory.learn("I met Quandrix in Graz. Quandrix left. I met Anna.")
    assert dict(memory.learned_words())["Quandrix"] == 2 and not memory.delete("quandri") and not memory.delete(" ")
    assert memory.delete("QUANDRIX")
    assert "quandrix" not in json.dumps([memory.counts, memory.spelling]).casefold()
    assert memory.words("I met ", "", 5) and memory.learned == 8 and not memory.delete("quandrix")


def test_the_command_keeps_one_file(run, tmp_path, monkeypatch):
    monkeypatch.setenv("NLP_GRU_DATA", str(tmp_path / "data"))
    (tmp_path / "letters.txt").write_text("I met Quandrix. Then Quandrix left. My card is 4111 1111 1111 1111.\n" * 3)
    assert run("memory", "list")[:2] == (0, "")
    assert run("memory", "learn", tmp_path / "letters.txt")[0] == 0
    code, out, error = run("memory", "list")
    assert code == 0 and "Quandrix\t6" in out.splitlines() and "4111" not in out and str(tmp_path / "data") in error
    assert "Quandrix" in run("predict", "next_word", "I met quan", "--memory")[1]
    assert "Quandrix" not in run("predict", "next_word", "I met quan")[1]
    assert run("memory", "export", tmp_path / "out.json")[0] == 0
    assert run("memory", "export", tmp_path / "out.json")[0] == 2  # it is there already
    assert run("memory", "delete", "quandrix")[0] == 0 and "Quandrix" not in run("memory", "list")[1]
    assert run("memory", "delete", "quandrix")[0] == 2
    assert run("memory", "import", tmp_path / "out.json")[0] == 2
    assert (
        run("memory", "import", tmp_path / "out.json", "--overwrite")[0] == 0 and "Quandrix" in run("memory", "list")[1]
    )
    assert run("memory", "forget", "--yes")[0] == 0 and run("memory", "list")[1] == ""
    assert not list((tmp_path / "data").iterdir())


def test_a_damaged_memory_is_told_and_kept(run, tmp_path, monkeypatch):
    monkeypatch.setenv("NLP_GRU_DATA", str(tmp_path))
    (tmp_path / "keyboard.json").write_text("{")
    (tmp_path / "letters.txt").write_text("Hello there.")
    code, out, error = run("memory", "learn", tmp_path / "letters.txt")
    assert code == 2 and not out and "keyboard.json" in error and (tmp_path / "keyboard.json").read_text() == "{"
    code, _, error = run("predict", "sentiment", "Good.", "--memory")
    assert code == 2 and "no memory" in error
