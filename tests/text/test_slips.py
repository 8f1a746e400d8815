"""What may have been meant by what was typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_gru.decoding.correction import Corrector, distance
from nlp_gru.text.slips import LAYOUTS, PRICES, key, neighbours, one_apostrophe, slips
from nlp_gru.text.typing import match_case, split, with_apostrophe
from nlp_gru.text.word_list import WordList


@pytest.mark.parametrize(
    ("typed", "meant", "price"),
    [
        ("hvae", "have", PRICES.swapped),
        ("havve", "have", PRICES.doubled),
        ("hapy", "happy", PRICES.single),
        ("hve", "have", PRICES.missing),
        ("hsve", "have", PRICES.neighbour),
        ("definately", "definitely", PRICES.vowel),
        ("hasve", "have", PRICES.beside),
        ("hapve", "have", PRICES.superfluous),
        ("hkve", "have", PRICES.other),
        ("jave", "have", PRICES.first * PRICES.neighbour),
    ],
)
def test_each_slip_has_its_price(typed, meant, price):
    assert max(p for text, p in slips(typed) if text == meant) == pytest.approx(price)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abcehv", min_size=1, max_size=7))
def test_what_may_have_been_meant_is_one_slip_away(typed):
    for text, price in slips(typed):
        assert distance(typed, text, 1) <= 1 and 0 < price <= 1


def test_the_layout_says_which_keys_are_beside_each_other():
    assert set(neighbours("qwerty")["g"]) == set("fhtyvb")
    prices = {layout: max(p for text, p in slips("zes", PRICES, layout) if text == "yes") for layout in LAYOUTS}
    assert prices["qwerty"] < PRICES.first * PRICES.neighbour
    beside = {layout: max(p for text, p in slips("bez", PRICES, layout) if text == "bet") for layout in LAYOUTS}
    assert beside["qwertz"] == PRICES.neighbour > beside["qwerty"]
    for layout in LAYOUTS:
        near = neighbours(layout)
        assert all(a in near[b] for a in near for b in near[a]), layout


@pytest.mark.parametrize(
    ("a", "b", "slips_apart"),
    [
        ("have", "have", 0),
        ("hvae", "have", 1),
        ("hve", "have", 1),
        ("tommorw", "tomorrow", 3),
        ("tomorw", "tomorrow", 2),
        ("abc", "xyz", 3),
        ("", "ab", 2),
    ],
)
def test_distance(a, b, slips_apart):
    assert distance(a, b, 2) == distance(b, a, 2) == slips_apart


def test_key():
    assert [key(w) for w in ("Don't", "don’t", "DONT", "Café", "I'm")] == ["dont", "dont", "dont", "cafe", "im"]
    assert one_apostrophe("a’b`c´d‘e") == "a'b'c'd'e"


@pytest.fixture(scope="module")
def corrector():
    words = {"have": 900, "haven't": 90, "had": 500, "don't": 300, "done": 200, "tomorrow": 50, "Monday": 20, "hat": 5}
    return Corrector(WordList(words))


def found(corrector, typed, **settings):
    words = corrector.words
    return [words.words[m.place] for m in corrector.meant(typed, words.shares, 5, **settings)]


def test_words_that_may_have_been_meant(corrector):
    assert found(corrector, "hvae") == ["have", "haven't"]
    assert found(corrector, "hvae", whole=True) == ["have"]
    assert found(corrector, "dont")[0] == "don't" and found(corrector, "do'nt")[0] == "don't"
    assert found(corrector, "tomorw") == ["tomorrow"]  # two slips
    assert found(corrector, "modnay") == ["Monday"]
    assert "have" not in found(corrector, "hav")  # that goes on with it, and is no correction
    completions = corrector.completions("ha", corrector.words.shares, 2)
    assert [corrector.words.words[m.place] for m in completions] == ["have", "had"]


@pytest.mark.parametrize("typed", ["", "'", "日本", "🙂", "x" * 100, "é", "123", "-", "\x00", "q"])
def test_odd_letters_have_an_answer(corrector, typed):
    assert found(corrector, typed) == [] and corrector.completions("zz" + typed, corrector.words.shares, 3) == []


def test_no_words_at_all():
    nothing = Corrector(WordList({}))
    assert nothing.meant("hvae", nothing.words.shares, 3) == nothing.completions("h", nothing.words.shares, 3) == []


@pytest.mark.parametrize(
    ("text", "context", "word"),
    [
        ("See you tom", "See you ", "tom"),
        ('he said "hel', 'he said "', "hel"),
        ("and/o", "and/", "o"),
        ("well-kn", "", "well-kn"),
        ("a (he", "a (", "he"),
        ("I don’", "I ", "don'"),
        ("don`t", "", "don't"),
        ("'he", "'", "he"),
        ("", "", ""),
        ("a\n", "a\n", ""),
        ("say ‘he", "say '", "he"),
    ],
)
def test_where_a_word_begins(text, context, word):
    typed = split(text)
    assert (typed.context.replace("‘", "'"), typed.word) == (context, word) and not typed.ended


def test_a_mark_ends_a_word():
    assert [split(t).ended for t in ("word.", "ok!", "don'", "well-", "a (", 'say "')] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_apostrophes_are_of_the_kind_that_the_text_uses():
    assert [split(t).apostrophe for t in ("it’s a", "it's a", "it’s, isn't", "isn't, it’s", "don’", "plain")] == list(
        "’''’’'"
    )
    assert with_apostrophe("don't", "’") == "don’t"


def test_match_case():
    cases = [match_case("order", p) for p in ("or", "Or", "OR", "O", "")]
    assert cases == ["order", "Order", "ORDER", "Order", "order"]
    assert match_case("Paris", "p") == "Paris" and match_case("McDonald", "M") == "McDonald"
    assert match_case("I'm", "I'") == "I'm" and match_case("I'm", "IM") == "I'M"
