"""How replies are ranked by what their sentences mean, and the general ones among them."""

import numpy as np
import pytest

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.model_folder.tensors import load_tensors, save_tensors
from nlp_gru.tools.chat.honesty import is_claim
from nlp_gru.tools.chat.ranking import FILE, KINDS, load_ranking

BUNDLED = PRETRAINED / "chat"


@pytest.fixture(scope="module")
def encoder():
    return nlp_gru.load("similarity")


@pytest.fixture(scope="module")
def ranking():
    return load_ranking(BUNDLED)


def test_bad_news_is_told_from_good(ranking, encoder):
    bad, _, good = ranking.moods(encoder.encode(["My cat is ill.", "We won the cup, how wonderful!"])).T
    assert bad[0] > 0.5 > good[0] and good[1] > 0.5 > bad[1]


def test_a_reply_that_fits_scores_higher_and_clashes_less(ranking, encoder):
    place = ranking.read(encoder.encode(["My cat is ill."]))
    cosines, clash = ranking.scores(
        encoder, place, ["I'm sorry. Has the vet seen her?", "How lovely! I'm happy for you."]
    )
    assert cosines[0] > cosines[1] and clash[0] < clash[1]


def test_of_a_longer_dialogue_the_last_turns_count(ranking, encoder):
    vectors = encoder.encode(["one", "two", "three", "four"])
    assert ranking.read(vectors).vector == pytest.approx(ranking.read(vectors[:3]).vector)
    assert ranking.read(vectors[:1]).vector != pytest.approx(ranking.read(vectors).vector, abs=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_general_replies_are_of_the_kind_asked_for(ranking, encoder, kind):
    place = ranking.read(encoder.encode(["I burned the soup."]))
    sizes = dict(zip(KINDS, ranking.sizes, strict=True))
    found = ranking.nearest(place, kind, 10_000)
    start = sum(ranking.sizes[: KINDS.index(kind)])
    assert sorted(found) == sorted(ranking.general[start : start + sizes[kind]])
    assert ranking.nearest(place, kind, 3) == found[:3]
    assert not [text for text in found if is_claim(text)]


def test_a_folder_without_one_has_none_and_a_damaged_one_is_named(ranking, tmp_path):
    assert load_ranking(tmp_path) is None
    tensors, about = load_tensors(BUNDLED / FILE)
    save_tensors(tmp_path / FILE, tensors, about | {"general": "[]"})
    with pytest.raises(UserError, match="do not belong together"):
        load_ranking(tmp_path)
    save_tensors(tmp_path / FILE, {name: value for name, value in tensors.items() if name != "mood"}, about)
    with pytest.raises(UserError, match="damaged: KeyError"):
        load_ranking(tmp_path)
    (tmp_path / FILE).write_bytes((BUNDLED / FILE).read_bytes()[:-50])
    with pytest.raises(UserError, match="damaged"):
        load_ranking(tmp_path)


def test_arrays_are_kept_whatever_their_order_in_memory(tmp_path):
    matrix = np.arange(12, dtype=np.float32).reshape(3, 4)
    save_tensors(tmp_path / "a", {"across": np.asfortranarray(matrix), "row": matrix[0]}, {"name": "x"})
    tensors, about = load_tensors(tmp_path / "a")
    assert tensors["across"] == pytest.approx(matrix, abs=0.05) and tensors["row"].tolist() == [0, 1, 2, 3]
    assert about == {"name": "x"} and set(tensors) == {"across", "row"}
