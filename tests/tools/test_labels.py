"""What is no sentence: labels, single words, items in a line, names, numbers in words, and how they come through a
translation."""

import pytest

import nlp_gru
from nlp_gru.text import labels, number_words
from nlp_gru.text.casing import forms
from nlp_gru.text.conventions import prepared, rewritten
from nlp_gru.text.letters import with_names, with_stand_ins
from nlp_gru.text.names import spans
from nlp_gru.text.sentences import segment
from nlp_gru.tools.translation.dictionary import DICTIONARY


def test_common_labels_keep_their_capitals_and_colons():
    for text, found in (
        ("Save changes", "Enregistrer les modifications"),
        ("SAVE CHANGES", "ENREGISTRER LES MODIFICATIONS"),
        ("opening hours:", "heures d'ouverture :"),
        ("save", None),
        ("Saved by the bell", None),
        ("Monday", "lundi"),
        ("may", None),
    ):
        assert labels.label(text, "en", "fr") == found
    assert labels.label("Mot de passe :", "fr", "en") == "Password:"
    assert labels.label("Save", "en", "de") is None


def test_a_label_is_asked_for_in_sentences_and_taken_out_of_them_again():
    for text, frame, answer, found in (
        ("Waiting Room:", "This is the waiting room.", "C'est la salle d'attente.", "Salle d'attente :"),
        ("Sign in", "I want to sign in.", "Je veux me connecter.", "Se connecter"),
        ("Sign in", "I want to sign in.", "Elle se connecte.", ""),
    ):
        (form,) = [form for form in forms(text, "en", "fr") if form.text == frame]
        assert form.restore(answer) == found
    assert len(forms("I know", "en", "fr")) == 3 and not any(form.label for form in forms("I know", "en", "fr"))
    bare = next(form for form in forms("Cold water", "en", "fr") if form.text == "Cold water")
    assert bare.restore("L'eau froide") == "Eau froide"
    dotted = next(form for form in forms("Cold water", "en", "fr") if form.text == "Cold water.")
    assert dotted.likelihood("Eau froide", 0.5, 2) == 0.25  # the stop was as good as given


def test_items_greetings_and_titles_are_parted_where_they_should_be():
    def sentences(text, language="en"):
        parts = segment(text, language)
        assert "".join(part.text for part in parts) == text
        return [part.text for part in parts if part.is_sentence]

    assert sentences("bread, brown eggs, milk") == ["bread", "brown eggs", "milk"]
    assert sentences("bread, eggs and milk") == ["bread, eggs and milk"]
    assert sentences("Dear Anna, thank you.") == ["Dear Anna,", "thank you."]
    assert sentences("Demandez à M. Petit. Merci.", "fr") == ["Demandez à M. Petit.", "Merci."]
    assert sentences("It is approx. 5 km.") == ["It is approx. 5 km."]


def test_names_that_are_words():
    def names(text, language="en"):
        return [text[start:end] for start, end in spans(text, language)]

    assert names("Will is late. Have you seen Rose?") == ["Rose", "Will"]
    assert names("Will you come? Mark the page.") == []
    assert names("I saw Steve Jobs of Apple on Monday") == ["Apple", "Steve Jobs"]
    assert names("at 12 High Street") == ["12 High Street"]
    assert names("au 12, rue de la Gare", "fr") == ["12, rue de la Gare"]


def test_numbers_in_words():
    for language in ("en", "fr"):
        for n in range(20, 100):
            word = number_words.spelled(n, language)
            assert number_words.value(word, language) == n
            assert number_words.in_digits(f"a {word} b", language) == f"a {n} b"
    assert number_words.lost("eighty dogs", "huit chiens", ("en", "fr")) == 1
    assert number_words.lost("eighty dogs", "quatre-vingts chiens", ("en", "fr")) == 0
    assert number_words.lost("two hundred and fifty", "deux cent", ("en", "fr")) == 0  # which is not its business


def test_names_that_stand_in_for_others():
    text, stand_ins = with_stand_ins("Amelia's father knows Kowalski.", ["Amelia", "Kowalski"], "en")
    assert text == "Mary's father knows Tom."
    assert with_names("Le père de Mary connaît Tom.", stand_ins, "fr") == "Le père d'Amelia connaît Kowalski."
    assert with_names("Son père connaît Tom.", stand_ins, "fr") is None


@pytest.mark.parametrize(
    ("string", "source", "found"),
    [
        ("42.195 km", "en", "42,195 km"),
        ("2 liters", "en", "2 litres"),
        ("1,5 kg", "fr", "1.5 kg"),
        ("$4 million", "en", "4 millions de dollars"),
        ("€1 thousand", "en", "1 mille euros"),
        ("21st", "en", "21e"),
        ("XXe", "fr", "20th"),
        ("12e", "fr", "12th"),
        ("the 1990s", "en", "les années 1990"),
        ("18 heures", "fr", "6 p.m."),
        ("9 h du soir", "fr", "9 p.m."),
        ("Tante Anne", "fr", "Aunt Anne"),
    ],
)
def test_conventions(string, source, found):
    assert rewritten(string, source, "fr" if source == "en" else "en") == found


def test_abbreviations_and_dates_are_written_out():
    assert prepared("on the 4th of July, 3rd floor, No. 5", "en", "fr") == "on July 4, third floor, number 5"
    assert prepared("a quarter to one", "en", "fr") == "12:45"
    assert prepared("le 1er avril, 3e étage, n° 5", "fr", "en") == "le 1 avril, troisième étage, numéro 5"
    assert prepared("No. 5", "en", "de") == "No. 5"


def test_words_alone_come_from_the_list():
    assert DICTIONARY.word("Needle", "en", "fr") == "Aiguille"
    assert DICTIONARY.word("aiguille :", "fr", "en") == "needle:"
    assert DICTIONARY.word("needle", "en", "de") is None
    assert DICTIONARY.word("a needle", "en", "fr") is None
    assert DICTIONARY.word("zzz", "en", "fr") is None


def test_the_bundled_models_translate_them():
    there, back = nlp_gru.load("translation"), nlp_gru.load("translation-fr-en")
    for translate, text, found in (
        (there, "Amelia's father is a doctor.", "Le père d'Amelia est médecin."),
        (there, "Bank account:", "Compte bancaire :"),
        (there, "spoon; fork | knife", "cuillère; fourchette | couteau"),
        (back, "Demandez à M. Petit.", "Ask Mr Petit."),
    ):
        assert translate(text).text == found
    assert "Fox" in there("Captain Fox gave the order.").text
    assert "quatre-vingt" in there("Mrs. Brook is eighty years old.").text or "80" in there("She is eighty.").text
