"""The chat page over fake bots, through the same HTTP interface that the browser uses."""

import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import served

from nlp_gru.errors import UserError

pytestmark = pytest.mark.slow

gradio_client = pytest.importorskip("gradio_client")


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
    from nlp_gru.apps import job

    from nlp_gru.cli.training import _setting

    *_, refusal, _, small_talk = job.command(
        "chat", Path("/a.csv"), Path("/out"), {"faq.refusal": text, "faq.small_talk": True}
    )
    printable = "".join(c if c.isprintable() else " " for c in text)
    assert _setting(refusal) == ("faq.refusal", printable) and _setting(small_talk) == ("faq.small_talk", True)
    assert tomllib.loads(f"v = {refusal.removeprefix('faq.refusal=')}") == {"v": printable}


def test_another_candidate_in_place_of_the_last_reply(client):
    from nlp_gru.apps.conversation import considered

    shown = considered(Reply("a", 0.5, (("a", 0.6), ("b <i>", 0.4))))
    assert shown.count('<button type="button" class="word') == 2 and "b &lt;i&gt;</button>" in shown


def test_a_bot_that_was_kept_answers_in_the_page(tmp_path, monkeypatch):
    from nlp_gru.apps import common
    from nlp_gru.apps.shelf import Shelf

    from nlp_gru import FaqBot
    from nlp_gru.model_folder.library import HOME, Library

    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    FaqBot([("When do you open?", "At nine."), ("Where are you?", "In Rome.")]).save(tmp_path / "bot")
    Library("anna").keep(tmp_path / "bot", "hotel")
    loaded = []
    load = common.load
    monkeypatch.setattr(common, "load", lambda folder: (loaded.append(folder), load(folder))[1])
    shelf = Shelf("own", ("faq",))
    assert shelf.get("", "anna") == shelf.get(None, "") == "own" and [k.name for k in shelf.kept("anna")] == ["hotel"]
    assert shelf.get("hotel", "anna").reply("when do you open").text == "At nine."
    assert shelf.get("hotel", "anna") is shelf.get("hotel", "anna") and len(loaded) == 1
    for name, who in (("hotel", ""), ("hotel", "ben"), ("../../x", "anna")):
        with pytest.raises(UserError, match="no model of this name"):
            shelf.get(name, who)
    with pytest.raises(UserError, match="no use for a model of this kind"):
        Shelf("own", ("sentiment",)).get("hotel", "anna")


def test_a_model_that_loads_lets_others_be_used_meanwhile(tmp_path, monkeypatch):
    import threading

    from nlp_gru.apps import common
    from nlp_gru.apps.shelf import Shelf

    from nlp_gru.model_folder.library import HOME, Library

    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/config.json").write_text('{"head": "faq"}')
    for name in ("slow", "quick"):
        Library().keep(tmp_path / "bot", name)
    go_on, loaded = threading.Event(), []

    def load(folder):
        if folder.endswith("slow"):
            assert go_on.wait(30)
        loaded.append(folder)
        return folder

    monkeypatch.setattr(common, "load", load)
    shelf = Shelf("own", ("faq",))
    waiting = [threading.Thread(target=shelf.get, args=("slow", "")) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert shelf.get("quick", "").endswith("quick")
    go_on.set()
    for thread in waiting:
        thread.join(30)
    assert [folder[-5:] for folder in loaded] == ["quick", "/slow"], "and each is loaded once, whoever asks"


def test_page_refuses_another_kind_of_model():
    from nlp_gru.apps import chat

    with pytest.raises(UserError, match="sentiment: this is a model for Sentiment, not for Chat"):
        chat.page("sentiment")


def test_page_needs_no_torch_to_be_built():
    code = "import sys; from nlp_gru.apps import chat; chat.build(object()); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
