"""Beam search over a toy language whose every sentence can be listed."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_gru.decoding.beam import LEAST_LOOK, beam_search, coverage
from nlp_gru.text.tokenizer import EOS

V, LIMIT = 7, 4


@dataclass(frozen=True)
class Written:
    """What each row has written so far, so that the toy's odds may depend on all of it; and its source."""

    texts: tuple[tuple[int, ...], ...]
    sources: tuple[int, ...]

    def select(self, rows):
        return Written(tuple(self.texts[r] for r in rows), tuple(self.sources[r] for r in rows))

    def keep(self, sources):
        width = len(self.sources) // len(set(self.sources))
        return self.select([s * width + i for s in sources for i in range(width)])

    def coverage(self):
        return np.array([-float(sum(text)) for text in self.texts])


def odds(source, text):
    p = np.random.default_rng([source, *text]).dirichlet(np.ones(V)) + 1e-3
    p[:EOS] = 1e-9  # pad, unk and bos
    return np.log(p / p.sum())


def step(tokens, state, k):
    texts = tuple((*t, int(p)) for t, p in zip(state.texts, tokens, strict=True))
    log_p = np.stack([odds(s, t) for s, t in zip(state.sources, texts, strict=True)])
    best = np.argsort(-log_p, axis=1)[:, :k]
    return np.take_along_axis(log_p, best, 1), best, Written(texts, state.sources)


def start(sources, width):
    return Written(((),) * (len(sources) * width), tuple(s for s in sources for _ in range(width)))


def search(sources, width, best=1, alpha=1.0):
    return beam_search(step, start(sources, width), [LIMIT] * len(sources), width, alpha, best)


def log_probability(source, tokens, ends):
    text, total = (2,), 0.0
    for token in (*tokens, *((EOS,) if ends else ())):
        total += odds(source, text)[token]
        text = (*text, token)
    return total


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.6, 1.0]))
@settings(deadline=None, max_examples=15)
def test_a_wide_beam_finds_the_best_of_all_sentences(source, alpha):
    every = {}
    for n in range(LIMIT + 1):
        for tokens in itertools.product(range(4, V), repeat=n):
            ends = n < LIMIT
            p = log_probability(source, tokens, ends)
            every[tokens] = p / (n + ends) ** alpha
    best = max(every, key=every.__getitem__)
    found = search([source], 400, best=3, alpha=alpha)[0]
    assert found[0].tokens == best and found[0].score == pytest.approx(every[best])
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    for h in found:
        assert h.log_p == pytest.approx(log_probability(source, h.tokens, len(h.tokens) < LIMIT))


def test_a_width_of_one_is_greedy():
    for source in range(30):
        text = (2,)
        while len(text) <= LIMIT and (token := int(odds(source, text).argmax())) != EOS:
            text = (*text, token)
        assert search([source], 1)[0][0].tokens == text[1:]


@pytest.mark.parametrize("width", [1, 3, 5])
def test_many_sources_at_once_give_what_each_gives_alone(width):
    together = search(range(20), width, best=min(width, 2))
    for source, found in enumerate(together):
        assert found == search([source], width, best=min(width, 2))[0]


def test_a_wider_beam_is_never_worse_on_the_whole():
    def mean(width):
        return sum(search([s], width, alpha=0.0)[0][0].log_p for s in range(60)) / 60

    assert mean(1) < mean(4) <= mean(50) + 1e-9


def test_nothing_loops():
    """A model that would say 5 6 5 6 for ever is stopped from saying a triple three times."""

    def loop(tokens, state, k):
        texts = tuple((*t, int(p)) for t, p in zip(state.texts, tokens, strict=True))
        log_p = np.full((len(tokens), V), math.log(1e-3))
        for row, token in enumerate(tokens):
            log_p[row, 6 if token == 5 else 5] = math.log(0.9)
        best = np.argsort(-log_p, axis=1)[:, :k]
        return np.take_along_axis(log_p, best, 1), best, Written(texts, state.sources)

    for width in (1, 4):
        found = beam_search(loop, start([0], width), [40], width)[0][0].tokens
        triples = [found[i : i + 3] for i in range(len(found) - 2)]
        assert max(map(triples.count, triples)) == 2


def test_each_hypothesis_has_the_coverage_of_its_own_row():
    for found in search([3, 8], 3, best=3):
        for h in found:
            before = h.tokens if len(h.tokens) < LIMIT else h.tokens[:-1]  # the last token of a cut one was not read
            assert h.coverage == -float(sum(before) + 2)  # and BOS


def test_coverage_is_the_mean_log_of_what_was_looked_at():
    mask = np.array([[True, True, True, False], [True, True, False, False]])
    looked = np.array([[1.0, 1.5, 0.0, 9.0], [0.5, 0.0, 9.0, 9.0], [0.1, 0.0, 0.0, 0.0], [2.0, 0.3, 0.0, 0.0]])
    expected = [0.0, (math.log(0.5) + math.log(LEAST_LOOK)) / 2, math.log(0.1), 0.0]
    np.testing.assert_allclose(coverage(looked, mask), expected)
    assert coverage(np.zeros((1, 1)), np.array([[True]])) == [0.0]  # nothing but EOS
