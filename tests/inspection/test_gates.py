"""What the gates of a layer say of its words, on values made by hand."""

import numpy as np
import pytest

from nlp_gru.inspection.gates import Layer, Word


def layer(update, words, reverse=False, **arrays):
    update = np.array(update, dtype=np.float32)
    given = {
        "reset": update,
        "candidate": update,
        "hidden": np.ones_like(update),
        "before": np.ones_like(update),
        **arrays,
    }
    return Layer("encoder, layer 1", words, reverse, update=update, difference=0.0, **given)


def test_a_word_of_several_tokens_keeps_the_product():
    words = (Word("a", ("a",), (0,)), Word("bcd", ("b", "c", "d"), (1, 2, 3)))
    z = [[0.5, 0.7], [0.5, 1.0], [0.4, 0.5], [0.5, 1.0]]
    hidden = np.arange(8, dtype=np.float32).reshape(4, 2) / 8
    before = np.vstack([np.ones((1, 2), np.float32), hidden[:-1]])
    one = layer(z, words, hidden=hidden, before=before)
    assert [s.kept for s in one.steps] == pytest.approx([0.6, (0.1 + 0.5) / 2])
    assert one.steps[1].reset == pytest.approx(np.mean(z[1:])) and one.steps[1].moved == pytest.approx(6 / 8)
    assert one.most_kept == 0 and one.least_kept == 1
    assert (
        "keeps 30 % of what it knew and lets 70 %" in one.steps[1].sentence
        and "3 tokens: b, c, d" in one.steps[1].sentence
    )
    assert one.summary == "The model kept most at “a” (60 %) and let go most at “bcd” (30 % kept)."
    emptied = layer(z, words, hidden=hidden, before=np.where(np.arange(4)[:, None] == 2, 0, before))
    assert emptied.steps[1].kept == 0 and emptied.steps[1].fresh, "a window that begins within the word leaves nothing"


def test_units_are_those_that_vary_in_the_order_in_which_they_move():
    hidden = np.zeros((3, 4), np.float32)
    hidden[2, 1], hidden[1, 3], hidden[:, 2] = 0.9, 0.5, 0.3
    before = np.vstack([np.zeros((1, 4), np.float32), hidden[:-1]])
    words = tuple(Word(t, (t,), (i,)) for i, t in enumerate("abc"))
    assert layer(hidden, words, hidden=hidden, before=before).telling_units(2).tolist() == [3, 1]
