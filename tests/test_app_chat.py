"""The chat page over fake bots, through the same HTTP interface that the browser uses."""

import json
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from browser import served

from nlp_gru.errors import UserError

gradio_client = pytest.importorskip("gradio_client")

CSV = "question,answer\nWhen do you open?,At nine.\nWhere are you?,In Rome.\nAre you in Rome?,In Rome.\n"
TRAINING = """
import json, pathlib, sys, tempfile, time
folder, refusal = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
(folder / "training").mkdir(parents=True)
(folder / "training/state.pt").write_text("state")
(folder / "config.json").write_text("{}")
tempfile.mkdtemp()
print("update 1/4  loss 2.0", file=sys.stderr, flush=True)
if refusal == "fail":
    print(f"nlp-gru: {sys.argv[3]}: what a file")
    sys.exit(2)
if refusal == "crash":
    raise RuntimeError("out of luck")
time.sleep(600 if refusal == "slow" else 0)
print("update 3/4  loss 1.0  0 min left\\nupdate 4: valid accuracy 1.0")
"""


@dataclass
class Reply:
    text: str
    score: float
    candidates: tuple = ()
    answered: bool = True


class FakeTalker:
    """Says how many turns there were and what the last one was; with a seed, one of a thousand endings."""

    def __init__(self):
        self.calls = []

    def reply(self, history, *, candidates, temperature, seed=None):
        self.calls.append((list(history), candidates, temperature, seed))
        if not history or not history[-1].strip():
            raise UserError("there is no turn to reply to")
        text = f"Turn {len(history)}: {history[-1]} <b>#{seed}</b>"
        return Reply(text, 0.6, ((text, 0.6), ("<i>Why?</i>", 0.4)))

    def score(self, history, candidates):
        return [0.0 for _ in candidates]


class FakeFaq:
    def reply(self, history, *, seed=None):
        best = (("At nine.", 0.7), ("In <u>Rome</u>.", 0.3))
        if "open" in history[-1]:
            return Reply("At nine.", 0.7, best)
        return Reply(f"No idea ({len(history)}).", 0.7, best, answered=False)


def fake_command(data, out, refusal, small_talk):
    return [sys.executable, "-c", TRAINING, str(out), json.dumps(refusal), str(data)]


@pytest.fixture
def results(tmp_path, monkeypatch):
    """The folder of what trainings write, which are fake ones."""
    from nlp_gru.apps import chat_train, common

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    monkeypatch.setattr(chat_train, "command", fake_command)
    monkeypatch.setattr(common, "load", lambda folder: FakeFaq())
    return tmp_path / "gradio/results"


@pytest.fixture(scope="module")
def bot():
    return FakeTalker()


@pytest.fixture(scope="module")
def client(bot):
    from nlp_gru.apps import chat

    with served(chat.build(bot, "# the card")) as url:
        yield gradio_client.Client(url, verbose=False)


def test_reply_over_http(client, bot):
    assert client.predict("Hi!", [], api_name="/chat").startswith("Turn 1: Hi! ")
    history = [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": [{"type": "text", "text": "tw"}, {"type": "text", "text": "o"}]},
    ]
    assert client.predict("three", history, api_name="/chat").startswith("Turn 3: three ")
    turns, candidates, temperature, seed = bot.calls[-1]
    assert turns == ["one", "two", "three"] and (candidates, temperature) == (8, 0.8)
    assert seed != bot.calls[-2][-1]


def test_nothing_else_is_offered_over_http(client):
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/chat", "/score"]


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_said_has_a_reason_without_a_traceback(client, text):
    with pytest.raises(Exception, match="no turn to reply to") as error:
        client.predict(text, [], api_name="/chat")
    assert "Traceback" not in str(error.value)


def test_bot_of_questions_and_answers():
    from nlp_gru.apps import chat

    with served(chat.build(FakeFaq())) as url:
        client = gradio_client.Client(url, verbose=False)
        assert client.predict("When do you open?", [], api_name="/chat") == "At nine."
        assert client.predict("Why?", [], api_name="/chat") == "No idea (1)."


def test_turns_of_messages_whole_and_in_parts():
    from nlp_gru.apps.conversation import MARK, turns, up_to_user

    asked = {"role": "user", "content": [{"type": "text", "text": "a"}, "b", {"type": "file"}]}
    answer = {"role": "assistant", "content": "c", "metadata": None}
    mark = {"role": "assistant", "content": [{"type": "text", "text": "d"}], "metadata": {"id": MARK}}
    assert turns([asked, mark, answer, "e", {"role": "user", "content": None}]) == ["ab", "c", "e", ""]
    assert up_to_user([answer, asked, mark, answer]) == [answer, asked] and up_to_user([answer]) == []


def test_panel_is_escaped():
    from nlp_gru.apps.conversation import considered

    shown = considered(Reply('<b>"a"</b>', 0.5, (('<b>"a"</b>', 0.55), ("<i>", 0.45))), 12.3)
    assert "<b>" not in shown and "<i>" not in shown and "55.0 %" in shown and "12 ms" in shown
    assert shown.count("word said") == 1 and "badge" not in shown
    ready = considered(Reply("You told me.", 1.0), 3.0)
    assert "this reply was ready" in ready and "bars" not in ready
    refused = considered(FakeFaq().reply(["Why?"]), talks=False)
    assert "No answer fits" in refused and "word said" not in refused
    assert "An answer fits" in considered(FakeFaq().reply(["open?"]), talks=False)


@pytest.mark.parametrize(
    "text", ['Ask "Ann" \\ Bob', "Désolé 🙂", "two\nlines\x7f\x00\ttab", "= 1", "'''", "false", "a\u2028b"]
)
def test_any_refusal_is_a_setting_that_can_be_read(text):
    from nlp_gru.apps import chat_train

    from nlp_gru.cli.training import _setting

    *_, refusal, _, small_talk = chat_train.command(Path("/a.csv"), Path("/out"), text, True)
    printable = "".join(c if c.isprintable() else " " for c in text)
    assert _setting(refusal) == ("faq.refusal", printable) and _setting(small_talk) == ("faq.small_talk", True)
    assert tomllib.loads(f"v = {refusal.removeprefix('faq.refusal=')}") == {"v": printable}


@pytest.fixture
def report(tmp_path):
    from nlp_gru.apps import check_file

    path = tmp_path / "faq.csv"
    path.write_text(CSV)
    return check_file.check("faq", str(path))


def test_file_with_other_columns_and_its_choice(tmp_path):
    from nlp_gru.apps import chat_train, check_file

    path = tmp_path / "a 1.csv"
    path.write_text(CSV.replace("question", "Frage") + "Why?,\n")
    status, go, first, second = chat_train.look(str(path))
    assert "a 1.csv: there is no column &#x27;question&#x27;" in status
    assert not go["interactive"] and chat_train.look(str(path), "Frage", None)[1]["interactive"]
    assert first["visible"] and first["choices"] == ["Frage"] and not second["visible"]
    chosen = check_file.check("faq", str(path), {"question": "Frage"})
    assert chosen.kept["answer"] == ["At nine.", "In Rome.", "In Rome."]
    assert chat_train.counted(chosen) == "3 questions, 2 answers; 1 row is left out (row 4: 'answer' is empty)."


def test_training_ends_with_a_bot_and_its_archive(results, report):
    from nlp_gru.apps import chat_train

    with chat_train.start(report, "Sorry.", False) as training:
        steps = list(training.steps())
        assert (0.25, "Update 1 of 4") in steps and steps[-1][0] == 0.75
        assert isinstance(training.load(), FakeFaq)
    with zipfile.ZipFile(training.pack()) as archive:
        assert [name for name in archive.namelist() if not name.endswith("/")] == ["my-bot/config.json"]


def test_stopped_training_leaves_nothing(results, report):
    from nlp_gru.apps import chat_train

    with chat_train.start(report, "slow", False) as training:
        steps = training.steps()
        next(steps)
        assert any(results.iterdir())
        training.stop()
        assert len(list(steps)) < 5 and training.stopped
    assert training.process.returncode and not any(results.iterdir())
    training.stop()  # once more does no harm


@pytest.mark.parametrize(
    ("refusal", "message"), [("fail", r"^faq\.csv: what a file$"), ("crash", "the training failed: .*out of luck")]
)
def test_failed_training_says_why_and_leaves_nothing(results, report, refusal, message):
    from nlp_gru.apps import chat_train

    with pytest.raises(UserError, match=message), chat_train.start(report, refusal, False) as training:
        list(training.steps())
    assert not any(results.iterdir())


def test_real_command_reports_what_is_wrong_with_the_file(tmp_path, monkeypatch, report):
    from nlp_gru.apps import chat_train

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    same = replace(report, kept={**report.kept, "answer": ["At nine."] * 3})
    with pytest.raises(UserError, match=r"^faq\.csv: two answers"), chat_train.start(same, "", False) as training:
        list(training.steps())


def test_page_refuses_another_kind_of_model():
    from nlp_gru.apps import chat

    with pytest.raises(UserError, match="sentiment: this is a model for Sentiment, not for Chat"):
        chat.page("sentiment")


def test_page_needs_no_torch_to_be_built():
    code = "import sys; from nlp_gru.apps import chat; chat.build(object()); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
