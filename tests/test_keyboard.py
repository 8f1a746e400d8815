"""What is offered, and how it is written."""

import pytest

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.keyboard import match_case


def test_what_stands_there_already_is_not_offered():
    keyboard = nlp_gru.load("next_word")
    assert {s.text for s in keyboard.suggest("See you ", "to")} == {"tomorrow", "tonight", "today"}
    assert "I" in [s.text for s in keyboard.suggest("Hello, ", "i")]  # another spelling is


def test_words_to_skip():
    keyboard = nlp_gru.load("next_word")
    first = keyboard.suggest("See you ", "", 3)
    skipped = keyboard.suggest("See you ", "", 3, skip=[s.text.upper() for s in first])
    assert len(skipped) == 3 and [*first, *skipped] == keyboard.suggest("See you ", "", 6)
    keyboard.learn("See you at Anna's. See you at Anna's.")
    assert "at" not in [s.text for s in keyboard.suggest("See you ", "", 50, skip={"at"})]
    for wrong, error in (("at", TypeError), ([1], TypeError), (["a"] * 201, UserError)):
        with pytest.raises(error):
            keyboard.suggest("See you ", skip=wrong)


def test_match_case():
    assert [match_case("order", p) for p in ("or", "Or", "OR", "O", "")] == [
        "order",
        "Order",
        "ORDER",
        "Order",
        "order",
    ]
    assert match_case("Paris", "p") == "Paris" and match_case("McDonald", "M") == "McDonald"
