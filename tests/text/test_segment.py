"""Before and after the model: sentences of a text, and placeholders for what must stay as it is."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_gru.text.casing import forms
from nlp_gru.text.conventions import rewritten
from nlp_gru.text.letters import phrase
from nlp_gru.text.placeholders import (
    PLACEHOLDERS,
    protect,
    protect_again,
    protect_pair,
    restore,
    segments,
    without_placeholders,
)
from nlp_gru.text.sentences import MAX_CHARACTERS, segment


def test_placeholders_come_back(tokenizer):
    text = (
        "Mail anna@ex.org or see https://a.b/c?d=1. Call 555-1234 in Zagreb, I'm there 2 times at 3:30 👍🏽 with Dr."
        " Smith-Jones."
    )
    safe, kept = protect(text, lambda name, begins: len(name) > 3 and not begins)
    assert kept == ["anna@ex.org", "https://a.b/c?d=1", "555-1234", "Zagreb", "3:30", "👍🏽", "Smith-Jones"]
    assert "I'm there 2 times at" in safe and safe.startswith("Mail")
    assert restore(safe, kept) == text and protect_again(text, kept) == safe
    assert restore(safe.replace(PLACEHOLDERS[2], ""), kept) is None and restore(safe, kept[:2]) is None


@given(st.text())
@settings(max_examples=100)
def test_placeholders_lose_nothing(text):
    clean = without_placeholders(text)
    safe, kept = protect(clean, lambda name, begins: True)
    assert restore(safe, kept) == clean


def test_placeholders_are_kept_whole():
    for text, kept in (
        ("Hi {name}, %d of %(total)s", ["{name}", "%d", "%(total)s"]),
        ("<b>Save</b> &amp; exit", ["<b>", "</b>", "&amp;"]),
        ("in /etc/hosts or a.yaml", ["/etc/hosts", "a.yaml"]),
        ("Mr. White saw Rose", ["Mr. White", "Rose"]),
        ("at 6 pm", ["6 pm"]),
        ("50% sure, and/or", ["50%"]),
        ("tea / coffee", []),
        ("good-looking well_known", ["well_known"]),
    ):
        assert protect(text, lambda *_: False, "en")[1] == kept
        assert "".join(part for part, _ in segments(text, lambda *_: False, "en")) == text


def test_a_placeholder_that_is_lost_or_doubled_is_noticed():
    safe, kept = protect("{a} and {b}", lambda *_: False)
    assert restore(f"{PLACEHOLDERS[1]} et {PLACEHOLDERS[0]}", kept, safe) == "{b} et {a}"
    assert restore(f"{PLACEHOLDERS[1]} et {PLACEHOLDERS[0]} {PLACEHOLDERS[0]}", kept, safe) is None


def test_numbers_are_written_as_the_other_language_does():
    for string, french in (
        ("1,250.50", "1\u202f250,50"),
        ("$9.99", "9,99 $"),
        ("12.5%", "12,5 %"),
        ("6:30 p.m.", "18 h 30"),
        ("12 am", "0 h"),
        ("Mr. White", "M. White"),
        ("3.11.2", "3.11.2"),
        ("2019", "2019"),
        ("7:45", "7:45"),
        ("{n}", "{n}"),
    ):
        assert rewritten(string, "en", "fr") == french
    for string, english in (
        ("12,50 €", "€12.50"),
        ("1 250", "1,250"),
        ("2,5 %", "2.5%"),
        ("18 h 30", "6:30 p.m."),
        ("Mme Petit", "Mrs Petit"),
    ):
        assert rewritten(string, "fr", "en") == english
    assert rewritten("1,5", "de", "en") == "1,5"


def test_items_in_a_line_are_translated_one_by_one():
    for text, items in (
        ("Bread; milk; eggs.", ["Bread", "milk", "eggs."]),
        ("Cats - dogs - birds", ["Cats", "dogs", "birds"]),
        ("tea / coffee\tmilk", ["tea", "coffee", "milk"]),
        (
            "I came - as you know - by the last train of the day",
            ["I came - as you know - by the last train of the day"],
        ),
    ):
        assert [p.text for p in segment(text, "en") if p.is_sentence] == items


def test_pairs_have_placeholders_on_both_sides_or_on_none():
    draw = random.Random(0)
    for _ in range(300):
        a, b = protect_pair("On page 123 I saw Zoran", "À la page 123 j'ai vu Zoran", 0.5, draw)
        assert {c for c in a if c in PLACEHOLDERS} == {c for c in b if c in PLACEHOLDERS} != set()
        a, b = protect_pair("On page 123", "À la page 124", 1.0, draw)
        assert a.split(" 123")[0] == "On page" and {c for c in a if c in PLACEHOLDERS} == {
            c for c in b if c in PLACEHOLDERS
        }


@given(st.text())
@settings(max_examples=100)
def test_segments_join_to_the_text(text):
    parts = segment(text, "en")
    assert "".join(p.text for p in parts) == text
    assert all(len(p.text) <= MAX_CHARACTERS for p in parts if p.is_sentence)


def test_sentences_are_found():
    parts = [p.text for p in segment("Dr. Smith came. M. Dupont left! 3.5 kg? Yes", "en") if p.is_sentence]
    assert parts == ["Dr. Smith came.", "M. Dupont left!", "3.5 kg?", "Yes"]


def test_forms_come_back():
    assert [f.text for f in forms("where is it")] == ["Where is it.", "Where is it?", "Where is it!"]
    assert (
        forms("where is it")[1].restore("Où est-ce ?") == "où est-ce" and forms("it is")[0].restore("C'est.") == "c'est"
    )
    assert (
        forms("je dors")[0].restore("I sleep.") == "I sleep" and forms("un ami")[0].restore("A friend.") == "a friend"
    )
    [shout] = forms("STOP IT!")
    assert shout.text == "Stop it!" and shout.restore("Arrête !") == "ARRÊTE !"
    for whole in ("It is.", "OK.", "« Oui »", "a.", "🙂"):
        [form] = forms(whole)
        assert form.text.casefold() == whole.casefold() and form.added == ""


@given(st.text())
def test_every_sentence_has_a_form(text):
    assert all(isinstance(f.restore(f.text), str) for f in forms(text)) and forms(text)


def test_set_phrases_of_letters():
    for english, french in (
        ("Dear Anna,", "Chère Anna,"),
        ("Hi Tom!", "Salut Tom !"),
        ("kind regards", "cordialement"),
        ("Love,", "Je t'embrasse,"),
        ("love", None),
        ("Dear Mr. White,", "Cher Monsieur White,"),
        ("Dear Mrs Green,", "Chère Madame Green,"),
        ("I love it.", None),
        ("Happy New Year!", "Bonne année !"),
    ):
        assert phrase(english, "en", "fr") == french
    for french, english in (
        ("Cher Paul,", "Dear Paul,"),
        ("Grosses bises", "Lots of love"),
        ("Bonjour", "Hello"),
        ("Je suis là.", None),
    ):
        assert phrase(french, "fr", "en") == english
    assert phrase("Dear Anna,", "en", "de") is None
