"""Questions and answers as arrays, and how well each answer fits a question that is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp_gru.arrays import Array, unit_rows
from nlp_gru.tools.faq.background import DIMENSIONS, Background
from nlp_gru.tools.faq.regression import Fit, Fitter, best_of
from nlp_gru.tools.faq.words import Coverage, Words, words

# Chosen on HWU64; ANSWER and COVERED, which need real answers, on the visible behaviour cases.
WORDS_IN_FIT = 0.5  # length of a text's letters beside its vector, of length 1, in the fit
FITTED = 0.25  # what a logit of the fit counts beside the nearest question's cosine
LETTERS = 0.15  # what letters count there
ANSWER, COVERED = 0.35, 0.4  # the same of the answer's own text and of the question's words that it has
OWN_TOPIC = 0.6  # the cosine to a known question from which a background question is no stranger
CHUNK = 1000
SIGNALS = ("margin", "nearest", "stranger", "covered")


@dataclass(frozen=True)
class Fits:
    """totals (B, C): how well each answer fits; nearest (B, N): cosines with the known questions; signals (B, len(SIGNALS)): what
    tells whether the best one is right."""

    totals: Array
    nearest: Array
    signals: Array


class Index:
    """What is learned from questions with their answers; no network is trained."""

    def __init__(self, questions: Sequence[str], target: Array, answers: Sequence[str], vectors: Array, answer_vectors: Array,
                 background: Background):  # fmt: skip
        """vectors (N, 384), answer_vectors (C, 384): of the encoder; target (N,): the answer of each question."""
        self.split = split = [words(q) for q in questions]
        spoken = [words(a) for a in answers]
        self.target, self.classes, self.mean = target, len(answers), background.mean
        self.counts = np.bincount(target, minlength=self.classes)
        self.known = Words(background.words, background.rows, split + spoken)
        self.vectors, self.answers = self.centred(vectors), self.centred(answer_vectors)
        self.letters = self.known.texts(split)
        self.said = [
            Counter(2 * list(set(some))) for some in spoken
        ]  # in how many questions; the answer's own words stay
        for some, place in zip(split, target, strict=True):
            self.said[place].update(set(some))
        self.coverage = Coverage(self.known, [list(count) for count in self.said])
        self.alone = 1 / np.sqrt(self.counts)  # one question tells little: then the answer's words count most
        self.fit: Fit | None = None
        self.held_out: list[tuple[Array, Array]] = []
        if self.counts.max() > 1:  # else the nearest question says all that there is
            features = self.features(self.vectors, self.letters)
            fitter = Fitter(features, target, self.classes)
            self.held_out = fitter.held_out(features)
            self.fit = fitter.fit()
        near = self._strangers(self.vectors, background.vectors)
        self.background = background.vectors[near < OWN_TOPIC]

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
        totals = blend + FITTED * fitted + self.alone * (ANSWER * (own @ self.answers.T).clip(0) + COVERED * covered)
        return Fits(totals, nearest, self._signals(totals, nearest, covered, own))

    def _signals(self, totals: Array, nearest: Array, covered: Array, own: Array) -> Array:
        """How far the best answer is before the second; the nearest question's cosine; the nearest background question's; the
        share of the question's words that the best answer has more than others."""
        best, second = -np.partition(-totals, 1, axis=1)[:, :2].T
        short = unit_rows(own[:, :DIMENSIONS])
        stranger = (short @ self.background.T).max(1) if len(self.background) else np.zeros(len(own))
        more = covered[np.arange(len(totals)), totals.argmax(1)] - np.median(covered, axis=1)
        return np.stack([best - second, nearest.max(1), stranger, more], axis=1)

    @staticmethod
    def _strangers(vectors: Array, others: Array) -> Array:
        """The highest cosine of each background question with a known one."""
        short = unit_rows(vectors[:, :DIMENSIONS])
        highest = np.full(len(others), -1.0)
        for start in range(0, len(short), CHUNK):
            highest = np.maximum(highest, (short[start : start + CHUNK] @ others.T).max(0))
        return highest

    def left_out(self, most: int) -> tuple[Array, Fits, Fits]:
        """Some questions, by their rows; how well each answer fits them had they not been learned from; and how well the other
        answers would if their own were missing with all of its questions, so that they lay outside."""
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
        totals = best_of(alike, self.target, self.classes) + FITTED * fitted
        totals += self.alone * (ANSWER * (own @ self.answers.T).clip(0) + COVERED * covered)
        known = Fits(totals, nearest, self._signals(totals, nearest, covered, own))
        totals, nearest = totals.copy(), np.where(self.target == place[:, None], -1, nearest)
        totals[each, place] = totals.min(1)
        return rows, known, Fits(totals, nearest, self._signals(totals, nearest, covered, own))

    def _covered_by_others(self, row: int) -> float:
        """The share of a question's words that its answer has without it, in the same spelling."""
        weights = {word: self.known.weight(word) for word in self.split[row]}
        count = self.said[self.target[row]]
        return sum(w for word, w in weights.items() if count[word] > 1) / max(sum(weights.values()), 1e-9)
