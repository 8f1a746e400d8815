"""Questions and answers as arrays, and how well each answer fits a question that is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.tools.faq.background import DIMENSIONS, Background
from nlp_gru.tools.faq.regression import Fit, Fitter, best_of
from nlp_gru.tools.faq.words import SIZE, Coverage, Words, words

# Chosen on HWU64; ANSWER and COVERED, which need real answers, on data/faq_made.
WORDS_IN_FIT = 0.5  # length of a text's letters beside its vector, of length 1, in the fit
FITTED = 0.4  # what a logit of the fit counts beside the nearest question's cosine
LETTERS = 0.15  # what letters count there
ANSWER, COVERED = 0.8, 0.25  # the same of the answer's own text and of the question's words that it has
ORDINARY = 50.0  # background questions that count beside the bot's own in what all of them have in common
OWN_TOPIC = 0.6  # the cosine to a known question from which a background question is no stranger
CHUNK = 1000
FEATURES = 384 + SIZE  # of a text in the fit: its vector and its letters
ABSENT, MARGIN = 1000.0, 3.0  # below all that an answer can have; and by how much one can be ahead at most
SIGNALS = ("margin", "nearest", "said", "covered", "stranger", "sure")


@dataclass(frozen=True)
class Fits:
    """totals (B, C): how well each answer fits; nearest (B, N): cosines with the known questions; signals (B,
    len(SIGNALS)): what tells whether the best one is right."""

    totals: Array
    nearest: Array
    signals: Array


@dataclass(frozen=True)
class Traits:
    """What of a bot changes how its signals are read. questions: the mean of its answers' questions; answers: how many
    there are; telling: from 0 to 1, how much the answers' own texts say beside the questions."""

    questions: float
    answers: int
    telling: float


class Index:
    """What is learned from questions with their answers; no network is trained."""

    def __init__(
        self,
        questions: Sequence[str],
        target: Array,
        answers: Sequence[str],
        vectors: Array,
        answer_vectors: Array,
        background: Background,
        fit: Fit | None = None,
    ):
        """vectors (N, 384), answer_vectors (C, 384): of the encoder; target (N,): the answer of each question; fit: of
        an earlier Index of the same, else it is computed where an answer has several questions."""
        self.split = split = [words(q) for q in questions]
        spoken = [words(a) for a in answers]
        self.target, self.classes = target, len(answers)
        self.ordinary = background.mean
        self.mean = (vectors.sum(0) + ORDINARY * background.mean) / (len(vectors) + ORDINARY)
        self.counts = np.bincount(target, minlength=self.classes)
        self.known = Words(background.words, background.rows, split + spoken)
        self.given, self.vectors, self.answers = vectors, self.centred(vectors), self.centred(answer_vectors)
        self.letters = self.known.texts(split)
        # in how many questions each word is; the answer's own words stay
        self.said = [Counter(2 * list(set(some))) for some in spoken]
        for some, place in zip(split, target, strict=True):
            self.said[place].update(set(some))
        self.coverage = Coverage(self.known, [list(count) for count in self.said])
        alone = 1 / np.sqrt(self.counts)  # one question tells little: then the answer's words count most
        different = _different(self.answers)
        self.answer_share, self.covered_share = ANSWER * different * alone, COVERED * alone
        self.traits = Traits(float(self.counts.mean()), self.classes, float(different * alone.mean()))
        self.fit = fit
        if fit is None and self.counts.max() > 1:  # else the nearest question says all that there is
            self.held_out, self.fit = self._fitted(whole=True)
        near = self._strangers(unit_rows(vectors - self.ordinary), background.vectors)
        self.background = background.vectors[near < OWN_TOPIC]

    @cached_property
    def held_out(self) -> list[tuple[Array, Array]]:
        """See `Fitter.held_out`; nothing where every answer has one question."""
        return self._fitted(whole=False)[0] if self.counts.max() > 1 else []

    def _fitted(self, whole: bool) -> tuple[list[tuple[Array, Array]], Fit | None]:
        features = self.features(self.vectors, self.letters)
        fitter = Fitter(features, self.target, self.classes)
        return fitter.held_out(features), fitter.fit() if whole else None

    def centred(self, vectors: Array) -> Array:
        """Vectors (N, 384) without what all questions have in common, of length 1."""
        return unit_rows(vectors - self.mean)

    def features(self, vectors: Array, letters: Array) -> Array:
        return np.hstack([vectors, np.float32(WORDS_IN_FIT) * letters])

    def __call__(self, questions: Sequence[str], vectors: Array) -> Fits:
        """questions with the encoder's vectors (B, 384) of them."""
        split = [words(q) for q in questions]
        own, letters = self.centred(vectors), self.known.texts(split)
        nearest = own @ self.vectors.T  # (B, N)
        fitted = self.features(own, letters) @ self.fit.weights if self.fit else np.zeros((len(own), self.classes))
        covered = np.stack([self.coverage(some) for some in split])
        blend = best_of(nearest + LETTERS * (letters @ self.letters.T), self.target, self.classes)
        seen = _Seen(nearest, fitted, (own @ self.answers.T).clip(0), covered, self._stranger(vectors))
        return self._fits(blend, seen)

    def _fits(self, blend: Array, seen: _Seen) -> Fits:
        """blend (B, C): the nearest question of each answer."""
        totals = blend + FITTED * seen.fitted + self.answer_share * seen.spoken + self.covered_share * seen.covered
        return Fits(totals, seen.nearest, self._signals(totals, seen))

    def _signals(self, totals: Array, seen: _Seen) -> Array:
        """(B, len(SIGNALS)): how far the best answer is before the second; the nearest question's cosine, and the best
        answer's own; the share of the question's words that it has more than others; the nearest background question's
        cosine; the logarithm of its share in the fit, 0 without one."""
        each, best = np.arange(len(totals)), totals.argmax(1)
        first, second = -np.partition(-totals, 1, axis=1)[:, :2].T
        more = seen.covered[each, best] - np.median(seen.covered, axis=1)
        above = seen.fitted - seen.fitted.max(1, keepdims=True)
        sure = above[each, best] - np.log(np.exp(above).sum(1)) if self.fit else np.zeros(len(totals))
        said = seen.spoken[each, best] * self.traits.telling
        parts = (
            np.minimum(first - second, MARGIN),
            seen.nearest.max(1),
            said,
            more,
            seen.stranger,
            sure,
        )
        return np.stack(parts, axis=1)

    def _stranger(self, vectors: Array) -> Array:
        """The highest cosine of each of B vectors with a background question, (B,)."""
        if not len(self.background):
            return np.zeros(len(vectors))
        short = unit_rows(unit_rows(vectors - self.ordinary)[:, :DIMENSIONS])
        return np.asarray((short @ self.background.T).max(1))

    @staticmethod
    def _strangers(vectors: Array, others: Array) -> Array:
        """The highest cosine of each background question with a known one."""
        short = unit_rows(vectors[:, :DIMENSIONS])
        highest = np.full(len(others), -1.0)
        for start in range(0, len(short), CHUNK):
            highest = np.maximum(highest, (short[start : start + CHUNK] @ others.T).max(0))
        return highest

    def left_out(self, most: int) -> tuple[Array, Fits, Fits]:
        """Some questions, by their rows; how well each answer fits them had they not been learned from; and how well
        the other answers would if their own were missing with all of its questions, so that they lay outside."""
        rows, fitted = (np.concatenate(part) for part in zip(*self.held_out, strict=True))
        chosen = np.random.default_rng(0).permutation(len(rows))[:most]
        rows, fitted = rows[chosen], fitted[chosen]
        own, letters, place = self.vectors[rows], self.letters[rows], self.target[rows]
        each = np.arange(len(rows))
        nearest = own @ self.vectors.T
        alike = nearest + LETTERS * (letters @ self.letters.T)
        nearest[each, rows] = alike[each, rows] = -1
        covered = np.stack([self.coverage(self.split[i]) for i in rows])
        covered[each, place] = [self._covered_by_others(i) for i in rows]
        blend = best_of(alike, self.target, self.classes)
        spoken, stranger = (own @ self.answers.T).clip(0), self._stranger(self.given[rows])
        known = self._fits(blend, _Seen(nearest, fitted, spoken, covered, stranger))
        blend, fitted, nearest = blend.copy(), fitted.copy(), np.where(self.target == place[:, None], -1, nearest)
        blend[each, place] = fitted[each, place] = -ABSENT
        return rows, known, self._fits(blend, _Seen(nearest, fitted, spoken, covered, stranger))

    def _covered_by_others(self, row: int) -> float:
        """The share of a question's words that its answer has without it, in the same spelling."""
        weights = {word: self.known.weight(word) for word in self.split[row]}
        count = self.said[self.target[row]]
        return sum(w for word, w in weights.items() if count[word] > 1) / max(sum(weights.values()), 1e-9)


@dataclass(frozen=True)
class _Seen:
    """What is known of B questions beside N known ones and C answers: nearest (B, N); fitted, spoken (the cosine with
    the answer's own text), covered (B, C); stranger (B,)."""

    nearest: Array
    fitted: Array
    spoken: Array
    covered: Array
    stranger: Array


def _different(vectors: Array) -> float:
    """From 0 to 1: one less the mean cosine of C texts with each other; 0 where all say the same, as "Answer 1",
    "Answer 2" do."""
    count = len(vectors)
    alike = (float((vectors.sum(0) ** 2).sum()) - count) / max(count * (count - 1), 1)
    return float(np.clip(1 - alike, 0, 1))
