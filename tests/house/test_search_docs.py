"""docs/search.md: its commands and its Python run as they stand there, and what stands behind a # is what comes."""

import re
import shlex

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs/search.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    nlp-gru (.*)$", PAGE, re.M)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A folder with the sample files, so that nothing is written into the repository."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/samples").symlink_to(ROOT / "data/samples")
    (tmp_path / "runs").mkdir()
    monkeypatch.chdir(tmp_path)


def test_commands(run, copied):
    said = {}
    for command in COMMANDS:
        code, out, error = run(*shlex.split(command))
        assert code == 0 and out and not error, (command, error)
        said[command] = out
    english, french, _, back, duplicates, _ = said.values()
    assert len(english.splitlines()) == len(french.splitlines()) == 3 and "When do you open?" in english
    assert "return" in back.splitlines()[0].casefold()
    group = next(group for group in duplicates.split("\n\n") if "When do you open?" in group)
    assert "Until what time are you open today?" in group


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", PAGE, re.S))
def test_python(copied, capsys, code):
    exec(compile(code, "search.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    promised = re.findall(r"^print\(.*\)  # (.*)$", code, re.M)
    assert len(lines) == len(promised)
    for line, promise in zip(lines, promised, strict=True):
        if "cosines" not in promise:
            assert line.startswith(promise.split(": ")[0].removesuffix("...")), (line, promise)
