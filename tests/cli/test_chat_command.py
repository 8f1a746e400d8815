"""nlp-gru chat: a dialogue in the terminal, and of the lines of standard input."""

import json
import os
import select
import signal
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT

from nlp_gru import FaqBot, UserError
from nlp_gru.cli.chat import HELP, PROMPT, Dialogue


class Echo:
    """A bot that says what it was told, and how many turns there are."""

    def reply(self, history, seed=None):
        if history[-1] == "too much":
            raise UserError("a text is too long")
        return SimpleNamespace(text=f"{history[-1]} {len(history)}")


@pytest.fixture
def dialogue():
    return Dialogue(Echo())


def test_undo_takes_back_a_line_and_its_reply(dialogue):
    assert dialogue.answer("one") == "one 1" and dialogue.answer("two") == "two 3"
    assert "two" in dialogue.command("/undo") and dialogue.turns == ["one", "one 1"]
    dialogue.command("/undo")
    with pytest.raises(UserError, match="nothing to take back"):
        dialogue.command("/undo")


def test_what_fails_changes_nothing(dialogue):
    dialogue.answer("one")
    with pytest.raises(UserError):
        dialogue.answer("too much")
    with pytest.raises(UserError, match="/help lists them"):
        dialogue.command("/undone")
    assert dialogue.turns == ["one", "one 1"]
    dialogue.command("/reset")
    assert not dialogue.turns and dialogue.command("/help") == HELP


def test_save_writes_text_or_a_row_of_chat_data(dialogue, tmp_path):
    dialogue.answer("grüß dich")
    dialogue.command(f"/save {tmp_path / 'a b.txt'}")
    assert (tmp_path / "a b.txt").read_text(encoding="utf-8") == "you: grüß dich\nbot: grüß dich 1\n"
    dialogue.command(f"/save {tmp_path / 'talk.jsonl'}")
    dialogue.answer("more")
    dialogue.command(f"/save {tmp_path / 'talk.jsonl'}")  # its own file it may replace
    assert json.loads((tmp_path / "talk.jsonl").read_text(encoding="utf-8"))["turns"] == dialogue.turns
    (tmp_path / "precious").write_text("mine")
    for name in ("precious", "no folder/x", ""):
        with pytest.raises(UserError):
            dialogue.command(f"/save {tmp_path / name if name else ''}")
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_saved_dialogue_can_be_trained_on(dialogue, tmp_path):
    from nlp_gru.data_files import read_table

    dialogue.answer("hello")
    dialogue.command(f"/save {tmp_path / 'talk.jsonl'}")
    assert read_table(str(tmp_path / "talk.jsonl"), ["turns"]).columns["turns"]


def test_piped_lines_are_one_dialogue(run, tmp_path):
    FaqBot([("When do you open?", "At nine."), ("Where are you?", "In\nRome.")]).save(tmp_path / "bot")
    said = f"when do you open\n\n/nope\nwhere are you\n/save {tmp_path / 't.jsonl'}\n/quit\nwhen do you open\n"
    code, out, error = run("chat", tmp_path / "bot", stdin=said.encode())
    assert (code, out) == (0, "At nine.\n\nIn Rome.\n") and "no such command" in error and "4 turns" in error
    assert len(json.loads((tmp_path / "t.jsonl").read_text())["turns"]) == 4


def test_small_talk_with_a_seed_says_the_same(run):
    code, out, error = run("chat", "--seed", "3", stdin=b"Hello!\nWhat did you do today?\n")
    assert code == 0 and len(out.splitlines()) == 2 and not error
    assert run("chat", "--seed", "3", stdin=b"Hello!\nWhat did you do today?\n")[1] == out


def test_only_what_talks_is_talked_with(run):
    code, out, error = run("chat", "sentiment", stdin=b"Hello!\n")
    assert code == 2 and not out and "does not talk" in error and error.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize("end", [b"\x04", b"\x03", b"/quit\r"])
def test_at_a_terminal_it_asks_and_ends_quietly(tmp_path, end):
    import pty

    if end == b"\x03" and signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        pytest.skip("Ctrl-C is ignored by whoever started this")
    FaqBot([("When do you open?", "At nine."), ("Where are you?", "In Rome.")]).save(tmp_path / "bot")
    child, terminal = pty.fork()
    if not child:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "nlp_gru", "chat", str(tmp_path / "bot")])
    seen = _until(terminal, b"", PROMPT.encode())
    os.write(terminal, b"when do you open\r")
    seen = _until(terminal, seen, b"At nine.", PROMPT.encode())
    os.write(terminal, b"\x1b[A")  # the line before, by the arrow key
    seen = _until(terminal, seen, b"when do you open")
    os.write(terminal, b"\x15/undo\r")
    seen = _until(terminal, seen, b"taken back: when do you open", PROMPT.encode())
    _press(terminal, end)
    while chunk := _read(terminal):
        seen += chunk
    assert os.waitpid(child, 0)[1] == 0 and b"Traceback" not in seen, seen


def _read(terminal):
    assert select.select([terminal], [], [], 60)[0], "it says nothing any more"
    try:
        return os.read(terminal, 1000)
    except OSError:  # Linux's way to say that it is over
        return b""


def _press(terminal, key):
    """Again where nothing comes of it: Python overlooks a Ctrl-C between its prompt and its wait for a key."""
    for _ in range(12):
        os.write(terminal, key)
        if select.select([terminal], [], [], 5)[0]:
            return


def _until(terminal, seen, *awaited):
    """What was seen, read on until each of these came after the other."""
    at = len(seen)
    for text in awaited:
        while text not in seen[at:]:
            chunk = _read(terminal)
            assert chunk, seen
            seen += chunk
        at = seen.index(text, at) + len(text)
    return seen
