import json
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import ROOT

import nlp_gru
from nlp_gru import finetune
from nlp_gru.chatbot import FaqBot, Reply
from nlp_gru.dataset import Rows
from nlp_gru.errors import UserError
from nlp_gru.heads.faq import FaqHead
from nlp_gru.progress import Progress
from nlp_gru.recipe import FaqOptions, load_recipe

SAMPLE = ROOT / "data/samples/chat.csv"


def rows(pairs):
    columns = {"question": [q for q, _ in pairs], "answer": [a for _, a in pairs]}
    return Rows(columns, [("faq.csv", i + 1) for i in range(len(pairs))])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A bot trained on the sample in a few seconds."""
    out = tmp_path_factory.mktemp("faq") / "bot"
    chosen = load_recipe("faq", {"data.train": [str(SAMPLE)], "train.least_updates": 40, "train.evals": 1})
    finetune.run(chosen, out, progress=Progress(quiet=True))
    return out


@pytest.fixture(scope="module")
def bot(folder):
    return nlp_gru.load(folder)


def test_it_answers_questions_in_other_words(bot):
    assert isinstance(bot, nlp_gru.FaqBot)
    sample = pd.read_csv(SAMPLE)
    found = [bot.reply(q) for q in sample.question]
    assert sum(r.text == a for r, a in zip(found, sample.answer, strict=True)) > 0.9 * len(sample)
    assert "password" in bot.reply(["hello", "help, i forgot my password!"]).text


def test_it_says_when_it_cannot_answer(bot):
    strange = ["Quantum chromodynamics", "🙂🙂🙂", "Мама мыла раму", "sing me a lullaby about old sailors"]
    refusals = [bot.reply(q) for q in strange]
    assert sum(not r.answered for r in refusals) >= 3
    refused = next(r for r in refusals if not r.answered)
    assert refused.text == bot.head.options.refusal and refused.candidates[0][0] in bot.head.options.labels


def test_the_threshold_refuses_the_share_that_was_asked_for(bot):
    """At least of the questions it was fitted on: those of the sample with a word left out."""
    head = bot.head
    _, valid = FaqHead.hold_out(rows(list(pd.read_csv(SAMPLE).itertuples(index=False, name=None))), 1)
    fits = [fit for fit, _ in head.answers(valid["question"])]
    assert 1 - sum(fits) / len(fits) == pytest.approx(head.options.refused, abs=0.012)


def test_small_talk_takes_over_where_it_is_wanted(bot, monkeypatch):
    head = bot.head
    talking = FaqBot(head)
    monkeypatch.setattr(head, "options", head.options.model_copy(update={"small_talk": True, "threshold": 1e9}))
    talking.__dict__["small_talk"] = SimpleNamespace(reply=lambda turns, seed: Reply(f"about {turns[-1]}", 0.5))
    reply = talking.reply(["the sea"])
    assert reply.text == "about the sea" and not reply.answered and reply.candidates[0][0] in head.options.labels


@pytest.mark.parametrize("history", [[], "", ["hi", " "]])
def test_an_empty_turn_has_no_answer(bot, history):
    with pytest.raises(UserError, match="no turn to reply to"):
        bot.reply(history)


def test_a_huge_question_is_answered_quickly(bot):
    assert bot.reply("when do you open " * 55_000).text


def test_a_question_with_two_answers_is_named():
    pairs = [("Open?", "Yes."), ("Where?", "Here."), ("open", "No.")]
    with pytest.raises(UserError, match=r"faq.csv, row 3: the question 'open' has another answer in faq.csv, row 1"):
        FaqHead.complete(FaqOptions(), rows(pairs))
    assert FaqHead.complete(FaqOptions(), rows([*pairs[:2], ("open", "Yes. ")])).labels == ["Here.", "Yes."]


def test_one_answer_is_too_few_and_an_empty_one_is_named():
    with pytest.raises(UserError, match="two answers at least"):
        FaqHead.complete(FaqOptions(), rows([("Open?", "Yes.")]))
    for pair in (("Where?", " "), ("", "Here."), ("Where?", 7)):
        with pytest.raises(UserError, match="row 2: a question and an answer are needed"):
            FaqHead.complete(FaqOptions(), rows([("Open?", "Yes."), pair]))


def test_many_answers_get_fewer_ngrams():
    many = rows([(f"question {i}", f"answer {i}") for i in range(1000)])
    assert FaqHead.complete(FaqOptions(ngrams=20_000), many).ngrams == 4000


def test_questions_are_held_out_where_there_are_enough():
    many = rows([(f"question {i} of {a}", f"answer {a}") for a in range(40) for i in range(20)])
    train, valid = FaqHead.hold_out(many, seed=1)
    assert len(valid) == 80 and len(train) == 720
    assert not set(train["question"]) & set(valid["question"]) and set(train["answer"]) == set(valid["answer"])
    few = rows([(f"a b c d {i}", f"answer {i}") for i in range(12)])
    train, valid = FaqHead.hold_out(few, seed=1)
    assert len(train) == 12 and len(valid) == 24 and not set(train["question"]) & set(valid["question"])


def test_the_command_line_sees_what_kind_of_chat_file_it_is(tmp_path):
    """Columns question and answer make a bot of answers; others are told which columns are needed."""
    bad = tmp_path / "bad.csv"
    bad.write_text("frage,antwort\na,b\n")
    result = subprocess.run([sys.executable, "-m", "nlp_gru", "train", "chat", "--data", bad, "--out", tmp_path / "x"],
                            capture_output=True, text=True)  # fmt: skip
    assert result.returncode == 2 and "question" in result.stderr and "turns" in result.stderr
    command = [sys.executable, "-m", "nlp_gru", "train", "chat", "--data", SAMPLE, "--out", tmp_path / "bot",
               "--set", "train.epochs=1", "--set", "train.least_updates=2", "--set", 'faq.refusal="No idea."']  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    config = json.loads((tmp_path / "bot/config.json").read_text())
    assert config["head"] == "faq" and config["options"]["refusal"] == "No idea."
