"""Knowing when not to know: the confidence of a sentence, and the language of a text."""

import json

import pytest

import nlp_gru
from nlp_gru.text.conventions import polished, rewritten
from nlp_gru.text.placeholders import is_intact
from nlp_gru.text.sentences import segment
from nlp_gru.tools.translation.confidence import SHORTEST, confidence
from nlp_gru.tools.translation.language import LANGUAGES, hint
from nlp_gru.tools.translation.translator import Sentence, Translation

ENGLISH = [
    "Where is the nearest station?",
    "We visited Kraków, Wrocław and Gdańsk.",
    "THE OFFICE IS CLOSED TODAY",
    "Write to anna@example.org or see https://example.org/a?b=1 for the details.",
    "The crème brûlée was not sweet enough.",
]
FRENCH = [
    "Où se trouve la gare ?",
    "Il fait beau aujourd'hui.",
    "LE BUREAU EST FERMÉ",
    "Nous avons mangé un sandwich au parking.",
]
OTHERS = [
    "Der Zug ist heute leider verspätet.",
    "¿Dónde está la estación más cercana?",
    "Dov'è la stazione più vicina?",
    "Onde fica a estação mais próxima?",
    "Kan du hjælpe mig med det?",
    "Gdzie jest najbliższy dworzec?",
    "Где находится ближайший вокзал?",
]


@pytest.fixture(scope="module")
def translate():
    return nlp_gru.load("translation")


@pytest.mark.parametrize(("texts", "language"), [(ENGLISH, "en"), (FRENCH, "fr"), (OTHERS, "other")])
def test_the_language_is_recognised(texts, language):
    assert {text: LANGUAGES.recognise(text) for text in texts} == dict.fromkeys(texts, language)
    assert LANGUAGES.recognise(" ".join(texts * 300)) == language


def test_what_is_too_short_is_of_no_language():
    for text in ("", "  ", "12.50", "OK", "Zoltan", "{name} %s", "table", "🙂"):
        assert LANGUAGES.recognise(text) == ""


def test_text_in_the_target_language_is_left_alone_and_the_swap_offered(translate):
    found = translate("Où se trouve la gare ?")
    assert found.text == "Où se trouve la gare ?" and found.language == "fr"
    assert found.hint == "This looks like French already; translate it from French to English instead?"
    mixed = translate("I am tired. She likes tea.\nOù se trouve la gare ?")
    assert mixed.text.endswith("\nOù se trouve la gare ?") and "fatigué" in mixed.text and not mixed.hint
    back = nlp_gru.load("translation-fr-en")("Where is the nearest station?")
    assert back.text == "Where is the nearest station?" and back.hint.endswith("from English to French instead?")


def test_a_third_language_is_told_and_nothing_of_it_is_sure(translate):
    found = translate("Der Zug ist heute leider verspätet. Ich warte schon lange.")
    assert found.hint == "This looks like neither English nor French; I only know these two."
    assert len(found.sentences) == 2 and all(s.unsure and s.confidence == 0 for s in found.sentences)
    assert hint("other", "en", "de") == hint("en", "en", "fr") == hint("", "en", "fr") == ""


def test_clear_sentences_are_surer_than_nonsense(translate):
    clear = translate(["I am tired.", "Where is the station?", "She is reading a book."])
    odd = translate(
        ["The stale jury quashed a pending writ of mandamus.", "The hull of the schooner foundered on a shoal."]
    )
    assert not any(s.unsure for t in clear for s in t.sentences) and all(s.unsure for t in odd for s in t.sentences)
    for sentence in (s for t in clear + odd for s in t.sentences):
        assert sentence.confidence == pytest.approx(
            confidence(sentence.score, sentence.text, translate.model.options.confidence)
        )
    assert translate("Kind regards,").sentences[0].confidence == 1.0


def test_confidence_is_a_chance_and_rises_with_the_score():
    found = [confidence(score, "x" * 30, (-1.1, 6.8, 1.3)) for score in (0.0, 1e-9, 0.2, 0.5, 0.7, 0.9, 1.0)]
    assert found == sorted(found) and found[0] >= 0 and found[-1] <= 1 and found[2] < 0.5 < found[-2]
    assert (
        confidence(0.7, "", (-1, 6, 1))
        == confidence(0.7, "x" * SHORTEST, (-1, 6, 1))
        < confidence(0.7, "x" * 99, (-1, 6, 1))
    )
    assert confidence(0.5, "abc", (-1e3, 1e3, 1e3)) >= 0 and confidence(0.5, "abc", (1e3, 1e3, 1e3)) <= 1


def test_marks_stand_behind_what_is_unsure():
    parts = Sentence("a", "A.", 0.9), Sentence("b", "A.", 0.1, confidence=0.2), Sentence("c", "C", 0.1, confidence=0.1)
    assert Translation("- A. A.\nC\n", 0.5, parts).marked() == "- A. A. [?]\nC [?]\n"
    assert Translation("- A.", 0.5, parts[:1]).marked() == "- A."


def test_the_command_marks_and_tells(run):
    code, out, err = run(
        "predict", "translation", "I am tired. The stale jury quashed a pending writ of mandamus.", "--mark-unsure"
    )
    assert (
        code == 0
        and out.startswith("Je suis fatigué. ")
        and out.endswith(" [?]\n")
        and out.count("[?]") == 1
        and not err
    )
    code, out, err = run("predict", "translation", "Où se trouve la gare ?")
    assert (code, out) == (0, "Où se trouve la gare ?\n") and "looks like French already" in err
    code, out, err = run("predict", "translation", "I am tired.", "--json")
    assert 0.5 < json.loads(out)["sentences"][0]["confidence"] <= 1
    code, out, err = run("predict", "sentiment", "Fine.", "--mark-unsure")
    assert code == 2 and "only translations can be marked" in err


def test_places_and_dates_are_written_as_the_other_language_does():
    assert rewritten("Geneva", "en", "fr") == "Genève" and rewritten("Bâle", "fr", "en") == "Basel"
    assert rewritten("Geneva", "en", "de") == "Geneva" and rewritten("Genève", "en", "fr") == "Genève"
    assert [rewritten(t, "en", "fr") for t in ("3:00 p.m.", "10 AM", "12:30 am")] == ["15 h", "10 h", "0 h 30"]
    assert (
        polished("", "Le message de 12 Mai et celui du 1er Août", "fr") == "Le message du 12 mai et celui du 1er août"
    )
    assert polished("", "Mai 12", "fr") == "Mai 12" and polished("", "12 Mars", "en") == "12 Mars"
    assert polished("Soup – 4", "La soupe - 4", "fr") == "La soupe – 4"
    assert polished("a - b – c", "a - b - c", "fr") == "a - b - c"


def test_a_name_below_a_letters_last_words_is_kept():
    translate = nlp_gru.load("translation-fr-en")
    assert translate("Je t'embrasse,\nClaire").text == "Love,\nClaire"
    assert [t.text for t in translate(["Je t'embrasse,", "Claire"])] == ["Love,", "Claire"]
    assert translate("Bonjour,\nMerci").text != "Hello,\nMerci"


def test_an_entity_or_an_address_ends_no_sentence():
    for text, count in (("Write to &copy; or <0>help</0>.", 1), ("See https://a.b/c?d=1 and /usr/bin/x; or a.txt.", 2)):
        assert len([part.text for part in segment(text, "en") if part.is_sentence]) == count
    assert (
        is_intact("a {x} <0>b</0>", "<0>c</0> {x}") and not is_intact("a {x}", "a") and not is_intact("{x}", "{x} {x}")
    )
