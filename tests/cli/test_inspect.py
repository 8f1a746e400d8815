"""nlp-gru inspect, as a person or a program meets it."""

import json
import sys

import pytest

from nlp_gru.__main__ import main
from nlp_gru.inspection.gates import AGREES


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["nlp-gru", "inspect", *arguments])
        monkeypatch.setenv("COLUMNS", "100")
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        out, error = capsys.readouterr()
        return code, out, error

    return call


def test_command(run):
    code, out, _ = run("It was [bold]not good.")
    assert code == 0 and "encoder, layer 1, forward (384 units)" in out and "agree to" in out and "Other layers" in out
    assert all(word in out for word in ("not", "bold", "nothing to keep yet", "The model kept most at"))
    code, out, _ = run("Où est la gare ?", "--model", "translation-fr-en", "--layer", "decoder 1")
    assert (
        code == 0
        and "It writes: " in out
        and "decoder, layer 1 (768 units)" in out
        and "1 encoder, layer 1, forward" in out
    )
    code, out, _ = run("Hello there", "--model", "chat", "--json")
    answer = json.loads(out)
    assert code == 0 and len(answer["layers"]) == 3 and answer["written"] and answer["difference"] < AGREES
    assert [w["word"] for w in answer["layers"][0]["words"]] == ["Hello", "there", "end"]
    assert all(0 <= w["kept"] <= 1 for w in answer["layers"][0]["words"])
    code, out, _ = run("Zugspitze", "--tokens", "--json", "--layer", "1")
    assert len(json.loads(out)["layers"]) == 1 and len(json.loads(out)["layers"][0]["words"]) > 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "the text is empty"),
        (("x", "--model", "nonsense"), "no such model"),
        (("x", "--layer", "7"), "no layer fits '7'"),
    ],
)
def test_commands_mistakes(run, arguments, message):
    code, out, error = run(*arguments)
    assert code == 2 and not out and message in error and error.count("\n") == 1
