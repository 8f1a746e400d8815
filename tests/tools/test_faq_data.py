"""What comes with the package for every bot, the fit, and the words."""

import csv

import numpy as np
import pytest
from conftest import ROOT

from nlp_gru import FaqBot
from nlp_gru.tools.faq import decide
from nlp_gru.tools.faq.background import DIMENSIONS, FOLDER, background
from nlp_gru.tools.faq.regression import Fitter
from nlp_gru.tools.faq.words import Coverage, Words, words
from nlp_gru.tools.similarity.encoder import bundled_encoder

MADE = ROOT / "data/faq_made"


def test_the_background_is_of_the_bundled_encoder_and_small():
    found = background()
    assert found.encoder == bundled_encoder().sha256, "run data/faq_background.py again"
    assert found.mean.shape == (384,) and found.vectors.shape[1] == DIMENSIONS
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=0.02)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000


def test_the_fit_is_at_the_minimum_and_learns_what_can_be_learned():
    draw = np.random.default_rng(0)
    target = np.arange(90) % 3
    features = (np.eye(3)[target] @ draw.normal(size=(3, 20)) + 0.3 * draw.normal(size=(90, 20))).astype(np.float32)
    fitter = Fitter(features, target, 3)
    logits = features @ fitter.fit().weights
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    slope = features.T @ (shares - np.eye(3)[target]) + fitter.fit().weights / 36
    assert np.abs(slope).max() < 0.1 < np.abs(features.T @ (1 / 3 - np.eye(3)[target])).max()
    assert (logits.argmax(1) == target).all()


def test_each_row_with_company_is_left_out_once_and_no_answer_is_emptied():
    target = np.array([0] * 12 + [1] * 2 + [2])
    features = np.random.default_rng(0).normal(size=(15, 8)).astype(np.float32)
    folds = [rows for rows, _ in Fitter(features, target, 3).held_out(features)]
    assert sorted(np.concatenate(folds)) == list(range(14))
    for rows in folds:
        assert set(np.delete(target, rows)) == {0, 1, 2}


def test_misspelled_words_are_known_again_and_known_ones_stay():
    known = Words(
        background().words, background().rows, [words("Do you mend punctures? What is the guarantee on batteries?")]
    )
    assert known.corrected("garantee for a puncutres") == "guarantee for a punctures"
    assert known.corrected("Do u mend batteries?") == "Do you mend batteries?"
    assert known.corrected("what is the weather") == "what is the weather"
    for usual in ("my dogs are cooking salmon", "is there a lorry in the fridge", "treadmills and lockers"):
        assert known.corrected(usual) == usual
    assert Words({}, 0, [words("a trial version"), words("good food")]).corrected("trail fod tiem") == "trial food time"
    near, far = (float(known.vector("guarantee") @ known.vector(w)) for w in ("garantee", "weather"))
    assert near > 0.5 > 0.2 > far


def test_coverage_is_the_share_of_a_questions_words():
    split = [words("mend a puncture"), words("rent a bike"), []]
    found = Coverage(Words({}, 0, split), split)(words("puncture"))
    assert found[0] > 0.99 and found[1] < 0.2 and found[2] == 0


@pytest.mark.parametrize("path", sorted(MADE.glob("*_asked.csv")), ids=lambda path: path.stem)
def test_made_questions_name_a_row_that_is_there_or_none(path):
    with (
        path.open(encoding="utf-8", newline="") as asked,
        (MADE / path.name.replace("_asked", "")).open("r", encoding="utf-8", newline="") as rows,
    ):
        known, questions = list(csv.DictReader(rows)), list(csv.DictReader(asked))
    assert all((row["row"] == "") == (row["kind"] in ("far", "near")) for row in questions)
    assert {row["row"] for row in questions} - {""} == {str(i + 1) for i in range(len(known))}
    texts = [row["question"] for row in known + questions]
    assert len(set(texts)) == len(texts)


def test_answers_that_all_say_the_same_do_not_count():
    """Where the answers' texts are alike they neither choose nor tell whether the choice is right; where they differ,
    they do."""
    asked = ["Where do I get a key?", "How late may I come?", "What does it cost?"]
    real = FaqBot(
        list(zip(asked, ["The porter keeps it.", "Doors close at midnight.", "Nine euros a night."], strict=True))
    )
    bare = FaqBot(list(zip(asked, ["Answer 1.", "Answer 2.", "Answer 3."], strict=True)))
    assert bare.index.traits.telling < 0.3 < 0.6 < real.index.traits.telling
    assert real.reply("Is the porter there?").candidates[0][0] == "The porter keeps it."


def test_a_bot_that_finds_its_own_questions_is_moved_to_answer_and_never_far():
    """Questions of clearly different answers, left out, are to be answered; the move stays within bounds."""
    with (MADE.parent / "samples/chat.csv").open(encoding="utf-8", newline="") as file:
        bot = FaqBot([(row["question"], row["answer"]) for row in csv.DictReader(file)])
    rows, fits, _ = bot.index.left_out(decide.LEFT_OUT)
    found = fits.totals.argmax(1) == bot.target[rows]
    answered = decide.logits(fits, bot.index.traits)[found] + bot.shift >= 0
    refused = max(decide.FEWEST, decide.MISTRUST * (1 - found.mean()))
    assert abs(bot.shift) <= decide.SHIFT and (
        answered.mean() >= 1 - refused - 1 / len(found) or bot.shift == decide.SHIFT
    )
