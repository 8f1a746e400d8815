"""`nlp-gru demo`: who may come in, and under which names."""

import pytest
from nlp_gru.apps import PAGES, frame, serving
from typer.testing import CliRunner

from nlp_gru.cli import app
from nlp_gru.cli.demo import _users
from nlp_gru.errors import UserError


@pytest.fixture
def demo(monkeypatch):
    """Run the command; returns what it would serve with, and what it printed."""
    served = []
    monkeypatch.setitem(PAGES, "sentiment", lambda model: "page")
    monkeypatch.setattr(frame, "framed", lambda pages: pages)
    monkeypatch.setattr(serving, "launch", lambda *given: served.append(given))

    def run(*words, **environment):
        served.clear()
        result = CliRunner().invoke(app, ["demo", "sentiment", "--no-browser", *words], env=environment)
        if isinstance(result.exception, UserError):
            raise result.exception
        assert result.exit_code == 0, result.output
        *_, host, users, mcp, hosts = served[0]
        return {"host": host, "users": users, "mcp": mcp, "hosts": hosts}, result.stderr

    return run


def test_a_login_from_the_variable_or_a_file_is_not_warned_of(demo, tmp_path):
    file = tmp_path / "logins.txt"
    file.write_text("# ours\nanna:se cret:x\n\nbert:y\n", encoding="utf-8")
    found, said = demo("--auth-file", str(file))
    assert found["users"] == [("anna", "se cret:x"), ("bert", "y")] and not said
    found, said = demo(
        "--host", "0.0.0.0", "--allow-host", "a.example", "--allow-host", "b", NLP_GRU_AUTH="anna:x bert:y"
    )
    assert found["users"] == [("anna", "x"), ("bert", "y")] and found["hosts"] == ["a.example", "b"] and not said


def test_passwords_on_the_command_line_are_warned_of(demo):
    found, said = demo("--auth", "anna:x")
    assert found["users"] == [("anna", "x")] and "NLP_GRU_AUTH" in said and "anna" not in said


def test_what_is_no_login_is_refused(demo, tmp_path):
    empty, odd = tmp_path / "empty.txt", tmp_path / "odd.txt"
    empty.write_text("# nobody\n")
    odd.write_bytes(b"\xff\xfe\x00")
    for words, message in (
        (("--host", "0.0.0.0"), "set NLP_GRU_AUTH=NAME:PASSWORD"),
        (("--auth-file", str(empty)), "no login in it"),
        (("--auth-file", str(odd)), "cannot be read as text"),
        (("--auth-file", str(tmp_path / "none")), "cannot be read as text"),
    ):
        with pytest.raises(UserError, match=message):
            demo(*words)
    for given in ("anna", ":x", "anna:"):
        with pytest.raises(UserError, match="NAME:PASSWORD"):
            _users([given])
