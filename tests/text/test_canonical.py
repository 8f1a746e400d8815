"""The canonical form: one spelling for a word wherever it stands, and a way back from every string."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_gru.text.canonical import CAPITALS, RESERVED, SMALL, TITLE, UPPER, Reader, canonical, plain, read

ODD = "abIiDQLlSs'\"-/ (\n[*_#@.,0 3!%&~éÉßİıſKÅ’“—\u00a0\tqQuUÿŸDždzǅ😀\u0301" + "".join(RESERVED)
WORDS = ("dog", "dogs", "élève", "don't", "homme", "être")


def shown(text):
    return canonical(text).replace(TITLE, "⇧").replace(UPPER, "⇑")


@given(st.text(max_size=40) | st.text(st.sampled_from(ODD), max_size=16))
def test_every_string_can_be_read_back(text):
    assert read(canonical(text)) == plain(text)


@given(st.text(max_size=30), st.text(st.sampled_from(ODD + "▁" * 9 + TITLE + UPPER), max_size=20))
def test_any_sequence_has_a_text(before, form):
    """A model may write what no text has as its form."""
    reader = Reader(before)
    assert all(len(reader.step(c)) <= 1 for c in form)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    "before", ["", "the ", '"', 'said "', "(", "a\n", "[", "« ", "«", "well-", "and/", "l'", "qu'", "'", "#", "*"]
)
def test_a_word_has_one_spelling(word, before):
    assert canonical(before + word).endswith(f"▁{word}")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('Dogs bark. "DOGS," he said: don\'t!', '⇧▁dogs▁bark.▁"⇑▁dogs,"▁he▁said:▁don\'t!'),
        ("L'Homme qu'il a vu", "⇧▁l'⇧▁homme▁qu'▁il▁a▁vu"),
        ("I'm sure I am. I'M!", "▁I'm▁sure▁I▁am.⇑▁i'm!"),
        ("iPhone McDonald", "▁iPhone▁McDonald"),
        ("3rd, 5 stars", "3rd,▁5▁stars"),
        (" two  blanks", "▁▁two▁▁blanks"),
        ("dogs' o'clock", "▁dogs'▁o'clock"),
        ("", ""),
    ],
)
def test_examples(text, form):
    assert shown(text) == form


def test_typographic_signs_are_read_as_their_plain_forms():
    assert canonical("“don’t” – now") == canonical('"don\'t" - now')


@pytest.mark.parametrize("character", RESERVED)
def test_what_the_form_is_made_of_can_be_typed(character):
    assert read(canonical(f"a{character}b {character}")) == f"a{character}b {character}"


def test_capitals_have_a_way_back():
    assert all(SMALL[small] == capital for capital, small in CAPITALS.items()) and "İ" not in CAPITALS


def test_reading_goes_on_with_a_text():
    assert "".join(map(Reader("The weather is").step, "▁nice")) == " nice"
    assert "".join(map(Reader("The weather (").step, "▁nice")) == "nice"


def test_the_vectors_for_javascript_are_true():
    """tests/js/text.test.mjs holds the JavaScript to the same ones."""
    cases = json.loads((Path(__file__).parents[1] / "vectors/canonical.json").read_text(encoding="utf-8"))
    assert len(cases) > 500
    assert all(canonical(text) == form for text, form in cases)
