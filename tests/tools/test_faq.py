"""A bot of questions and answers: what it answers, asks back and refuses, and what it makes of bad input."""

import csv
import json
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

import nlp_gru
from nlp_gru import FaqBot
from nlp_gru.errors import UserError
from nlp_gru.model_folder.options import FaqOptions
from nlp_gru.tools.faq import fits
from nlp_gru.tools.faq import folder as faq_folder
from nlp_gru.tools.faq.regression import Fit
from nlp_gru.training import faq as faq_train

pytestmark = pytest.mark.slow

SAMPLE = ROOT / "data/samples/chat.csv"
CINEMA = [
    ("When does the last film start?", "The last film starts at 22:30."),
    ("How much is a ticket?", "Tickets cost 9 euros, 7 for students."),
    ("Can I bring my own snacks?", "Food from elsewhere stays outside."),
    ("Do you show films in the original language?", "On Wednesdays all films run in the original language."),
    ("Is there a car park?", "Park behind the building for free."),
    ("How do I cancel a booking?", "Cancel online until one hour before the show."),
    ("Are the seats numbered?", "Sit where you like."),
    ("Can I rent the hall for a party?", "Write to us two weeks ahead to rent the hall."),
]


@pytest.fixture(scope="module")
def bot():
    return FaqBot(CINEMA)


@pytest.fixture(scope="module")
def sample():
    with SAMPLE.open(encoding="utf-8", newline="") as rows:
        return FaqBot([(r["question"], r["answer"]) for r in csv.DictReader(rows)])


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("What does a ticket cost?", 1),
        ("I want to cancel my booking", 5),
        ("tikcet prise", 1),
        ("snaks", 2),
        ("car park", 4),
        ("Where can I park my car?", 4),
        ("Combien coûte un billet ?", 1),
        ("Y a-t-il un parking ?", 4),
    ],
)
def test_other_words_typing_errors_keywords_and_french_find_the_answer(bot, asked, place):
    reply = bot.reply(asked)
    assert reply.answered and reply.text == CINEMA[place][1] == reply.candidates[0][0]
    assert reply.closest[0] == CINEMA[place][0]


@pytest.mark.parametrize(
    "asked", ["What is the capital of Peru?", "My dog is ill.", "xqzt vvbk", "🙂🙂🙂", "?!", "Мама мыла раму"]
)
def test_what_belongs_elsewhere_is_refused(bot, asked):
    reply = bot.reply(asked)
    assert not reply.answered and (reply.offered or reply.text == bot.options.refusal)
    assert len(reply.candidates) == len(CINEMA) and len(reply.closest) == 3


def test_a_threshold_of_ones_own_moves_between_answer_offer_and_refusal(bot):
    asked = "What does a ticket cost?"
    fit = bot.reply(asked).score
    assert bot.reply(asked, threshold=fit - 0.01).answered
    offered = bot.reply(asked, threshold=min(fit + 0.01, 1))
    assert offered.offered and not offered.answered and all(q in offered.text for q in offered.closest)
    never = FaqBot(CINEMA, FaqOptions(threshold=1, refusal="No idea.")).reply("What is the capital of Peru?")
    assert never.text == "No idea." and not never.offered
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(UserError, match="threshold is a number from 0 to 1"):
            bot.reply(asked, threshold=wrong)


def test_fits_are_ordered_and_comparable(bot):
    sure, unsure = bot.reply(CINEMA[0][0]), bot.reply("What is the capital of Peru?")
    for reply in (sure, unsure):
        fits = [fit for _, fit in reply.candidates]
        assert fits == sorted(fits, reverse=True) and all(0 <= fit <= 1 for fit in fits)
    assert sure.score > 0.9 > 0.5 > unsure.score


@pytest.mark.parametrize(
    ("asked", "part"), [("Hello!", "Hello"), ("thank you so much", "welcome"), ("au revoir", "Goodbye")]
)
def test_greetings_thanks_and_goodbyes_are_answered_unless_the_rows_do(bot, asked, part):
    assert bot.reply(asked).answered and part in bot.reply(asked).text
    own = FaqBot([*CINEMA, (asked, "My own reply.")])
    assert own.reply(asked).text == "My own reply."


def test_own_questions_find_their_answers(sample):
    replies = sample.replies([q for q, _ in sample.rows])
    assert np.mean([r.answered and r.text == a for r, (_, a) in zip(replies, sample.rows, strict=True)]) > 0.95


def test_one_reply_is_as_among_many(sample):
    asked = ["i forgot my pasword", "opening hours", "What is the capital of Peru?"]
    for alone, among in zip([sample.reply(q) for q in asked], sample.replies(asked), strict=True):
        assert alone.text == among.text and alone.score == pytest.approx(among.score, abs=1e-3)


def test_add_and_remove_count_at_once():
    bot = FaqBot(CINEMA)
    assert not bot.reply("Is there a cloakroom for my coat?", threshold=0.9).answered
    bot.add("Where can I leave my coat?", "The cloakroom is on the left.")
    assert bot.reply("Is there a cloakroom for my coat?").text == "The cloakroom is on the left."
    bot.remove("where can I leave my coat")
    assert len(bot.answers) == len(CINEMA) and bot.rows == CINEMA
    fresh, asked = FaqBot(CINEMA), "What does a ticket cost?"
    assert bot.reply(asked).candidates == fresh.reply(asked).candidates
    with pytest.raises(UserError, match="is not known"):
        bot.remove("Why?")
    with pytest.raises(UserError, match=r"row 9: the question 'is there a car park' has another answer in row 5"):
        bot.add("is there a car park", "No.")
    two = FaqBot(CINEMA[:2])
    with pytest.raises(UserError, match="two answers at least"):
        two.remove(CINEMA[0][0])
    assert len(two.rows) == 2


def test_a_saved_bot_answers_the_same_and_is_small(sample, tmp_path):
    sample.save(tmp_path / "bot")
    loaded = nlp_gru.load(tmp_path / "bot")
    assert isinstance(loaded, nlp_gru.FaqBot) and loaded.rows == sample.rows
    for asked in ("help, i forgot my password!", "What is the capital of Peru?"):
        assert loaded.reply(asked).text == sample.reply(asked).text
        assert loaded.reply(asked).score == pytest.approx(sample.reply(asked).score, abs=0.03)
    files = {path.name: path.stat().st_size for path in (tmp_path / "bot").iterdir()}
    assert set(files) == {"config.json", "questions.jsonl", "model.safetensors"}
    assert sum(files.values()) < 1000 * len(sample.rows)


def test_a_saved_bot_opens_without_being_fitted_again(sample, tmp_path, monkeypatch):
    sample.save(tmp_path)
    fitted = []
    monkeypatch.setattr(fits.Index, "_fitted", lambda *_, **__: fitted.append(1))
    loaded = FaqBot.load(tmp_path)
    assert not fitted and loaded.shift == sample.shift
    close = np.abs(loaded.index.fit.weights - sample.index.fit.weights)
    assert close.max() <= np.abs(sample.index.fit.weights).max() / 127


def test_what_was_fitted_with_other_settings_or_not_stored_is_fitted_again(sample, tmp_path):
    sample.save(tmp_path / "other")
    config = json.loads((tmp_path / "other/config.json").read_text())
    change(tmp_path / "other", fitted={**config["fitted"], "settings": "0" * 16, "shift": 1.5})
    stored = faq_folder.Stored(sample.rows, sample.options, sample.vectors, sample.answer_vectors, None)
    faq_folder.save(stored, tmp_path / "none")
    change(tmp_path / "none", fitted=None)
    for name in ("other", "none"):
        loaded = FaqBot.load(tmp_path / name)
        assert loaded.shift == pytest.approx(sample.shift, abs=0.1) != 1.5
        assert loaded.reply("help, i forgot my password!").text == sample.reply("help, i forgot my password!").text


def test_a_fit_of_another_size_is_refused(sample, tmp_path):
    learned = faq_folder.Learned(Fit(np.zeros((9, len(sample.answers)), np.float32)), 0.0)
    faq_folder.save(
        faq_folder.Stored(sample.rows, sample.options, sample.vectors, sample.answer_vectors, learned), tmp_path
    )
    with pytest.raises(UserError, match="'fit' has rows of 9"):
        FaqBot.load(tmp_path)


def change(folder, **values):
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_folders_that_do_not_fit_say_so_in_one_sentence(bot, tmp_path):
    bot.save(tmp_path)
    change(tmp_path, encoder="0" * 64)
    with pytest.raises(UserError, match="of another encoder than the one that is installed; train it again"):
        nlp_gru.load(tmp_path)
    bot.save(tmp_path)
    change(tmp_path, format=1, options={"labels": ["a"], "dense": 256})
    with pytest.raises(UserError, match="earlier version, whose models are no longer read; train it again"):
        nlp_gru.load(tmp_path)
    for name in (faq_folder.ROWS, faq_folder.WEIGHTS):
        bot.save(tmp_path)
        data = bytearray((tmp_path / name).read_bytes())
        data[-2] ^= 1
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UserError, match=f"{name}: it is damaged"):
            nlp_gru.load(tmp_path)
        bot.save(tmp_path)
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-20])
        with pytest.raises(UserError, match=f"{name}: it is damaged"):
            nlp_gru.load(tmp_path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "two answers at least"),
        ([("Open?", "Yes.")], "two answers at least"),
        ([("Open?", "Yes."), ("Where?", " ")], "row 2: a question and an answer are needed"),
        ([("Open?", "Yes."), ("", "Here.")], "row 2: a question and an answer are needed"),
        ([("Open?", "Yes."), ("Where?", 7)], "row 2: a question and an answer are needed"),
        (
            [("Open?", "Yes."), ("Where?", "Here."), ("open", "No.")],
            "row 3: the question 'open' has another answer in row 1",
        ),
    ],
)
def test_rows_that_cannot_be_used_are_named(rows, message):
    with pytest.raises(UserError, match=message):
        FaqBot(rows)


@pytest.mark.parametrize("history", [[], "", ["hi", " "]])
def test_an_empty_turn_has_no_answer(bot, history):
    with pytest.raises(UserError, match="no turn to reply to"):
        bot.reply(history)


def test_odd_rows_make_a_bot():
    odd = FaqBot(
        [
            ("открыто?", "Да."),
            ("价格", "十元"),
            ("🙂", "Smile."),
            ("🎬", "Film."),
            ("parking", "Behind."),
            ("tickets", "Nine."),
        ]
    )
    assert odd.reply("価格 价格").candidates[0][0] == "十元" and odd.reply("открыто").text == "Да."
    assert odd.reply("parkin").text == "Behind." and odd.reply("ticket").text == "Nine."
    assert not odd.reply("🙂🙂").answered
    assert odd.reply("tickets " * 50_000).text


def test_many_rows_make_a_bot(monkeypatch):
    """20,000 rows of 20 answers, with the encoder's vectors replaced by random ones, which takes no time."""
    draw = np.random.default_rng(0)
    centres = draw.normal(size=(20, 384))

    def encode(texts):
        found = np.stack([centres[int(t.split()[-1]) % 20] for t in texts]) + 0.5 * draw.normal(size=(len(texts), 384))
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    monkeypatch.setattr("nlp_gru.tools.faq.bot._encode", encode)
    bot = FaqBot([(f"question {i}", f"answer {i % 20}") for i in range(20_000)])
    assert bot.reply("the question 20007").candidates[0][0] == "answer 7"


def test_where_every_answer_has_one_question_nothing_is_measured_and_it_says_so(bot):
    found = faq_train.findings(bot)
    assert (
        found.figures == {} and "nothing can be measured" in found.warnings[0] and "nlp-gru eval" in found.warnings[0]
    )


def test_questions_left_out_are_not_learned_from():
    """Of two answers whose questions are drawn from one pile, left-out questions find theirs half the time; known ones
    always."""
    with SAMPLE.open(encoding="utf-8", newline="") as rows:
        asked = list(dict.fromkeys(r["question"] for r in csv.DictReader(rows)))
    mixed = FaqBot([(q, f"Answer {i % 2}.") for i, q in enumerate(asked)])
    found = faq_train.findings(mixed)
    assert found.figures["held_out"] == len(asked) and found.figures["accuracy"] < 0.75
    assert np.mean([r.candidates[0][0] == a for r, (_, a) in zip(mixed.replies(asked), mixed.rows, strict=True)]) > 0.95
    assert any("confused" in w for w in found.warnings)


def test_questions_that_nearly_say_the_same_are_named():
    rows = [*CINEMA, ("How much is one ticket?", "It depends.")]
    (warning,) = [w for w in faq_train.findings(FaqBot(rows)).warnings if "nearly say the same" in w]
    assert "'How much is a ticket?' and 'How much is one ticket?'" in warning


def test_the_command_line_trains_and_measures_without_torch(tmp_path):
    """Columns question and answer make a bot of answers; others are told which columns are needed."""

    def run(*arguments):
        code = "import sys; sys.modules['torch'] = None; from nlp_gru.__main__ import main; main()"
        return subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True)

    bad = tmp_path / "bad.csv"
    bad.write_text("frage,antwort\na,b\n")
    result = run("train", "chat", "--data", bad, "--out", tmp_path / "x")
    assert result.returncode == 2 and "question" in result.stderr and "turns" in result.stderr
    out = tmp_path / "bot"
    result = run("train", "chat", "--data", SAMPLE, "--out", out, "--set", 'faq.refusal="No idea."')
    assert result.returncode == 0 and "accuracy" in result.stdout, result.stderr
    config = json.loads((out / "config.json").read_text())
    assert config["head"] == "faq" and config["options"]["refusal"] == "No idea."
    result = run("eval", out, "--data", SAMPLE)
    assert result.returncode == 0 and "answered_and_right" in result.stdout, result.stderr
    twice = tmp_path / "twice.csv"
    twice.write_text("question,answer\nOpen?,Yes.\nWhere?,Here.\nopen,No.\n")
    result = run("train", "chat", "--data", twice, "--out", tmp_path / "y")
    assert result.returncode == 2 and "twice.csv, row 3: the question 'open' has another answer in" in result.stderr
    assert not (tmp_path / "y").exists()
