"""The models that ship, on everyday texts, and within their limits of size and time."""

import zlib

import pandas as pd
import pytest
from conftest import ROOT

import nlp_gru
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.model_folder.bundled import PRETRAINED

pytestmark = pytest.mark.slow

EVERYDAY = {
    "positive": [
        "I loved every minute of it.",
        "Best purchase I have made in years!",
        "What a wonderful surprise, thank you so much.",
        "The staff were friendly and the food was delicious.",
        "Works perfectly, highly recommended.",
        "Not bad at all!",
        "An absolute masterpiece.",
        "I'm so happy with the result",
        "great",
        "Funny, clever and moving from start to finish.",
        "don’t miss this one, it’s brilliant",
        "5 stars, would buy again",
    ],
    "negative": [
        "I hated every minute of it.",
        "A complete waste of money.",
        "Two hours of my life that I will never get back.",
        "The staff were rude and the food was cold.",
        "It broke after one day, very disappointed.",
        "Not good at all.",
        "Boring, predictable and far too long.",
        "I'm so angry about this service",
        "terrible",
        "The worst film of the year.",
        "don’t buy this, it’s rubbish",
        "Never again.",
    ],
    "neutral": [
        "The train to Lyon leaves at nine from platform four.",
        "What time does the shop open?",
        "Set a timer for ten minutes.",
        "Click the File menu and choose Save.",
        "Can you tell me the exchange rate?",
        "The meeting is on Tuesday.",
    ],
}


@pytest.fixture(scope="module")
def analyse():
    return nlp_gru.load("sentiment")


@pytest.mark.parametrize(("label", "least"), [("positive", 11), ("negative", 12), ("neutral", 5)])
def test_everyday_texts(analyse, label, least):
    wrong = [t for t, r in zip(EVERYDAY[label], analyse(EVERYDAY[label]), strict=True) if r.label != label]
    assert len(EVERYDAY[label]) - len(wrong) >= least, wrong


def test_negation_and_case(analyse):
    for good, bad in [("This is good.", "This is not good."), ("I would recommend it.", "I would not recommend it.")]:
        assert analyse(good).scores["positive"] > analyse(bad).scores["positive"] + 0.3
    assert analyse("I LOVE THIS").label == analyse("i love this").label == "positive"


def test_explanation_marks_the_telling_word(analyse):
    """Of sentences whose telling words were marked by hand: benchmarks/explain.py."""
    marked = pd.read_csv(ROOT / "benchmarks/explained.csv")
    first = [
        max(analyse.explain(text, label), key=lambda part: part[1])[0]
        for text, label in zip(marked.text, marked.label, strict=True)
    ]
    assert all(any(c.isalnum() for c in word) for word in first), "never punctuation first"
    assert sum(word.lower() in words.split("|") for word, words in zip(first, marked.words, strict=True)) >= 52


def test_golden_values(analyse):
    """Fixed weights, fixed answers: a change of these is a change of the model or a bug."""
    for text, label, score in GOLDEN:
        result = analyse(text)
        assert result.label == label and result.score == pytest.approx(score, abs=0.002)


GOLDEN = [
    ("I loved every minute of it.", "positive", 0.9821),
    ("The staff were rude and the food was cold.", "negative", 0.959),
    ("What time does the shop open?", "neutral", 0.9936),
    ("Not bad, but I would not buy it again.", "negative", 0.9788),
]


def test_keyboard_on_everyday_beginnings():
    keyboard = nlp_gru.load("next_word")
    for context, prefix, word in KEYS:
        offered = [s.text for s in keyboard.suggest(context, prefix)]
        assert word in offered, (context, prefix, offered)
    assert keyboard.suggest("I would like to ", "o")[0].score == pytest.approx(0.965, abs=0.005)


KEYS = [
    ("I would like to ", "o", "order"),
    ("Thank you very ", "", "much"),
    ("See you ", "tom", "tomorrow"),
    ("how r ", "", "u"),
    ("I don", "", "don't"),
    ("Happy ", "b", "birthday"),
    ("What are you ", "", "doing"),
    ("", "H", "How"),
    ("I'm on my ", "", "way"),
]


@pytest.mark.parametrize(("name", "megabytes"), [("sentiment", 6.5), ("similarity", 5.0), ("next_word", 8.0)])
def test_size_and_card(name, megabytes):
    folder = PRETRAINED / name
    assert sum(p.stat().st_size for p in folder.iterdir()) < megabytes * 1e6
    assert (folder / "README.md").read_text(encoding="utf-8").startswith(f"# Model card: {name}")
    assert "| rows |" in (folder / "README.md").read_text(encoding="utf-8")
    assert load_model(name)


def test_all_models_together_stay_small():
    """As a wheel packs them."""
    assert sum(len(zlib.compress(p.read_bytes())) for p in PRETRAINED.rglob("*") if p.is_file()) < 45e6


@pytest.mark.parametrize("text", ["", "a" * 1_000_000, "good " * 200_000, "🙂" * 100_000, "\n" * 1000])
def test_of_huge_texts_a_part_is_read(analyse, text, read_characters):
    assert analyse(text).label in analyse.labels
    # The words at the start are looked at once more, for whether they are known.
    assert read_characters() <= min(len(text.strip()), 40_000) + 500


def test_what_is_not_text_is_a_type_error(analyse):
    with pytest.raises(TypeError, match="a text is a str, not int"):
        analyse([1])
    assert analyse([]) == []
