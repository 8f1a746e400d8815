"""Search and duplicates by meaning, over lists of texts, as a user of the package meets them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nlp_gru
from nlp_gru.text.passages import MAX_BYTES, passages
from nlp_gru.tools.similarity.encoder import TextEncoder

NOTES = [
    "We open at nine in the morning and close at six.",
    "Parking is free for guests of the hotel.",
    "To get a new password, click on the link below the form.",
    "Our bread is baked every day.",
]
NEAR = 0.01  # in int8, what is read together with a text moves its vector a little
LONG = "\n\n".join(
    [
        "The valley was quiet that winter. Snow lay on the roofs, and few people came by. " * 4,
        "The invoice is due within thirty days. Pay it by bank transfer, please.",
        "In spring the river rose. The bridge was closed for a week, and the children stayed at home. " * 4,
    ]
)


@pytest.fixture(scope="module")
def encoder():
    return nlp_gru.load("similarity")


def check_alike(hits, expected):
    assert [(hit.index, hit.text, hit.passage) for hit in hits] == [
        (hit.index, hit.text, hit.passage) for hit in expected
    ]
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], abs=NEAR)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("When can I come in?", 0),
        ("À quelle heure ouvrez-vous ?", 0),
        ("where do I leave my car", 1),
        ("I cannot log in any more", 2),
        ("J'ai oublié mon mot de passe", 2),
    ],
)
def test_it_finds_what_says_the_same_in_other_words(encoder, query, index):
    found = encoder.search(query, NOTES, k=2)
    assert found[0].index == index and found[0].text == NOTES[index] == found[0].passage
    assert len(found) == 2 and 1 >= found[0].score >= found[1].score >= -1


def test_the_scores_are_the_cosines_and_several_queries_give_several_lists(encoder):
    queries = ["bread", "car park"]
    several = encoder.search(queries, NOTES, k=4)
    for query, hits in zip(queries, several, strict=True):
        check_alike(encoder.search(query, NOTES, k=4), hits)
    cosines = encoder.similarity(queries, NOTES)
    for row, hits in zip(cosines, several, strict=True):
        assert [hit.index for hit in hits] == np.argsort(-row).tolist()
        assert [hit.score for hit in hits] == pytest.approx(sorted(row, reverse=True), abs=NEAR)


def test_a_long_text_is_found_by_its_passage_and_once(encoder):
    found = encoder.search("How long do I have to pay the bill?", [*NOTES, LONG, LONG.upper()], k=6)
    assert sorted(hit.index for hit in found) == list(range(6))
    assert found[0].index == 4 and found[0].text == LONG
    assert found[0].passage == "The invoice is due within thirty days. Pay it by bank transfer, please."


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.integers(1, 8))
def test_passages_leave_nothing_out(text, times):
    text = "Il pleut. " * times + text * times
    places = passages(text)
    between = [0, *(end for _, end in places)], [*(start for start, _ in places), len(text)]
    assert all(text[end:start].isspace() or start == end for end, start in zip(*between, strict=True))
    assert all(len(text[start:end].encode("utf-8", "replace")) <= MAX_BYTES for start, end in places)


@pytest.mark.parametrize(
    "texts", [["x" * 5000], ["あ" * 3000], ["\n" * 3000 + "a"], [" "], ["🙂"], ["Ω 日本語 नमस्ते"], ["\ud800 alone"]]
)
def test_odd_texts_are_searched(encoder, texts):
    found = encoder.search("🙂", texts)
    assert len(found) == (1 if texts[0].strip() else 0)
    assert all(-1 <= hit.score <= 1 and hit.passage for hit in found)


def test_no_texts_find_nothing(encoder):
    assert encoder.search("x", []) == encoder.search("x", ["", "\n"]) == [] and encoder.search([], NOTES) == []
    assert encoder.duplicates([]) == encoder.duplicates(["one"]) == encoder.duplicates(["", "", " "]) == []


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("x", NOTES, 0), nlp_gru.UserError, "k is a number from 1"),
        (("x", NOTES, 1_000_001), nlp_gru.UserError, "k is a number from 1 to 1000000"),
        (("x", NOTES, 1.5), TypeError, "k is a whole number"),
        ((" \n", NOTES), nlp_gru.UserError, "the query is empty"),
        ((["x", ""], NOTES), nlp_gru.UserError, "the query is empty"),
        (("x", "one text"), TypeError, "texts are a list"),
        (("x", [3]), TypeError, "a text is a str"),
        ((3, NOTES), TypeError, "texts are a list"),
    ],
)
def test_bad_searches_say_what_is_wrong(encoder, arguments, error, message):
    with pytest.raises(error, match=message):
        encoder.search(*arguments)


def test_a_million_hits_are_all_that_there_are(encoder):
    assert len(encoder.search("bread", NOTES, k=1_000_000)) == len(NOTES)


def test_doubles_are_grouped_with_their_first(encoder):
    texts = [
        "I forgot my password.",
        "Our bread is baked every day.",
        "I have forgotten my password.",
        "",
        "i forgot my password",
        "Bread is baked every day here.",
        "The cat sleeps.",
    ]
    found = encoder.duplicates(texts, 0.8)
    assert [group.indices for group in found] == [(0, 2, 4), (1, 5)]
    assert found[0].texts == (texts[0], texts[2], texts[4]) and found[0].scores[0] == 1
    cosines = encoder.similarity(texts[0], [texts[2], texts[4]])
    assert found[0].scores[1:] == pytest.approx(cosines, abs=NEAR)


class Placed:
    """A model whose texts lie where their numbers say: "7" at 7 degrees."""

    class options:
        dimensions = 2

    def vectors(self, texts, max_length):
        angles = np.deg2rad([float(text) for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 700), st.integers(0, 1000), st.floats(0.5, 0.9999))
def test_no_doubles_are_left_once_all_but_the_first_are_gone(count, seed, threshold):
    """More texts than are compared at once; checked against the plain way, one text after the other."""
    angles = np.random.default_rng(seed).uniform(0, 360, count).round(1)
    encoder = TextEncoder(Placed())
    texts = [str(angle) for angle in angles]
    vectors = encoder.encode(texts)
    firsts, groups = [], {}
    for i in range(count):
        cosines = vectors[firsts] @ vectors[i] if firsts else np.empty(0)
        if len(cosines) and abs(cosines - threshold).min() < 1e-5:
            return  # rounding would decide
        near = [first for first, cosine in zip(firsts, cosines, strict=True) if cosine >= threshold]
        groups.setdefault(near[0] if near else i, []).append(i)
        firsts += [] if near else [i]
    expected = [tuple(group) for group in groups.values() if len(group) > 1]
    assert [group.indices for group in encoder.duplicates(texts, threshold)] == expected


@pytest.mark.parametrize("threshold", [0, -1, 1.1, float("nan")])
def test_a_threshold_is_above_0(encoder, threshold):
    with pytest.raises(nlp_gru.UserError, match="threshold is a number above 0"):
        encoder.duplicates(NOTES, threshold)


def test_streaming_is_encoding_in_parts(encoder):
    assert np.allclose(np.stack(list(encoder.stream(iter(NOTES), size=3))), encoder.encode(NOTES), atol=NEAR)


@pytest.mark.parametrize(
    ("query", "index", "word"),
    [("When can I come in?", 0, "open"), ("Où garer ma voiture ?", 1, "Parking"), ("login", 2, "password")],
)
def test_the_words_that_bring_a_text_near(encoder, query, index, word):
    text = NOTES[index]
    found = encoder.explain(query, text)
    assert "".join(part for part, _ in found) == text
    assert max(found, key=lambda pair: pair[1])[0] == word
    assert all(weight == 0 for part, weight in found if not part.strip(" .,"))
    whole, without = encoder.similarity(query, [text, text.replace(word, "")])
    assert dict(found)[word] == pytest.approx(float(whole - without), abs=2 * NEAR)


def test_odd_texts_are_explained(encoder):
    assert encoder.explain("x", "") == [] and encoder.explain("x", "🙂") == [("🙂", 0.0)]
    long = encoder.explain("bread", "word " * 250)
    assert "".join(part for part, _ in long) == "word " * 250 and all(weight == 0 for _, weight in long[400:])
    with pytest.raises(nlp_gru.UserError, match="the query is empty"):
        encoder.explain("", NOTES[0])
