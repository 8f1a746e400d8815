"""Beam search over many sources at once. Knows a `step` function alone, no head; a width of 1 is greedy search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.decoding.sampling import repeats
from nlp_gru.text.tokenizer import BOS, EOS

LOOP = 3  # tokens: no sequence of so many comes a third time
LEAST_LOOK = 0.02  # a token that was looked at less counts as so much
EXTRA = 4  # candidates asked for beyond those needed, for where some are forbidden


class Rows(Protocol):
    """A state of N rows of the batch."""

    def select(self, rows: Array) -> Self:
        """The rows of these hypotheses (N',), grouped by source as before."""

    def keep(self, sources: Array) -> Self:
        """Only these sources (B',), with all of their hypotheses."""

    def coverage(self) -> Array | None:
        """For each row (N,) the mean over its source of the log of how far a token was looked at, 0 where all were;
        None where nothing is looked at."""


# (tokens (N,), state, k) -> (log-probabilities (N, k), best first, the tokens that have them (N, k), state after
# `tokens`)
Step = Callable[[Array, Any, int], tuple[Array, Array, Any]]


@dataclass(frozen=True)
class Hypothesis:
    """tokens: without BOS and EOS; log_p: summed over them and EOS; score: log_p over the number of tokens ** alpha;
    coverage: 0 where all of the source was looked at, below it the less was (Wu et al. 2016, eq. 14, as a mean)."""

    tokens: tuple[int, ...]
    log_p: float
    score: float
    coverage: float = 0.0


def beam_search(
    step: Step, state: Rows, limits: Sequence[int], width: int = 5, alpha: float = 1.0, best: int = 1
) -> list[list[Hypothesis]]:
    """The `best` highest-scoring hypotheses for each of B sources, best first (fewer where fewer end).

    state: B * width rows, `width` equal ones for each source. limits (B,): most tokens of a hypothesis. alpha: 0 ranks
    by probability, which favours short ones; 1 by the mean per token (Wu et al. 2016, https://arxiv.org/abs/1609.08144,
    eq. 14, without its constant 5). A source is done when `width` of its hypotheses have ended, or when its best ended
    one cannot be overtaken by those that go on at their present mean.
    """
    active = list(range(len(limits)))
    ended: list[list[Hypothesis]] = [[] for _ in limits]
    tokens = np.full((len(active), width, 1), BOS)  # (B, width, t)
    scores = np.full((len(active), width), -np.inf)  # (B, width), summed log-probabilities
    scores[:, 0] = 0.0  # the first tokens come from one row: equal rows would give equal hypotheses
    length = 0
    while active:
        length += 1
        log_p, candidates, state = step(tokens[:, :, -1].reshape(-1), state, width + 1 + EXTRA)
        _forbid_loops(tokens, candidates, log_p)
        size = log_p.shape[1]
        totals = (scores.reshape(-1, 1) + log_p).reshape(len(active), -1)  # (B, width * k)
        order = np.argsort(-totals, axis=1, kind="stable")[:, : 2 * width]
        each = np.arange(len(active))[:, None]
        chosen = candidates.reshape(len(active), -1)[each, order]  # (B, 2 * width)
        values = totals[each, order]
        covered = state.coverage()
        rows: list[int] = []
        going: list[int] = []
        next_tokens, next_scores = [], []
        for b, source in enumerate(active):
            offers = list(zip(order[b] // size, chosen[b].tolist(), values[b].tolist(), strict=True))
            if length >= limits[source]:  # whatever comes now is the last token
                ends, ways = offers[:width], []
            else:
                ends = [offer for offer in offers[:width] if offer[1] == EOS]
                ways = [offer for offer in offers if offer[1] != EOS and offer[2] > -np.inf][:width]
            ended[source] += [
                Hypothesis(
                    (*tokens[b, parent, 1:].tolist(), *([token] if token != EOS else ())),
                    sum_,
                    sum_ / length**alpha,
                    0.0 if covered is None else float(covered[b * width + parent]),
                )
                for parent, token, sum_ in ends
                if sum_ > -np.inf
            ]
            if not ways or _is_done(ended[source], width, best, ways[0][2] / (length + 1) ** alpha):
                continue
            ways += [(*ways[0][:2], -np.inf)] * (width - len(ways))  # rows that can win nothing
            going.append(b)
            rows += [len(rows) + int(parent) for parent, _, _ in ways]
            next_tokens.append([np.append(tokens[b, parent], token) for parent, token, _ in ways])
            next_scores.append([sum_ for _, _, sum_ in ways])
        if len(going) < len(active):
            active = [active[b] for b in going]
            if not active:
                break
            state = state.keep(np.array(going))
        state = state.select(np.array(rows))
        tokens, scores = np.array(next_tokens), np.array(next_scores)
    return [sorted(found, key=lambda h: -h.score)[:best] for found in ended]


def coverage(looked: Array, mask: Array) -> Array:
    """Return what `Rows.coverage` says of rows (N,): looked (N, S), how far each token was looked at; mask (B, S), True
    for the tokens of a source and its EOS, which need not be looked at."""
    real = mask & np.append(mask[:, 1:], np.zeros((len(mask), 1), bool), axis=1)  # (B, S), without EOS
    real = real.repeat(len(looked) // len(mask), axis=0)
    logs = np.log(looked.clip(LEAST_LOOK, 1.0)) * real
    return np.asarray(logs.sum(1) / real.sum(1).clip(1))


def _is_done(ended: list[Hypothesis], width: int, best: int, ahead: float) -> bool:
    """ahead: the score of the best hypothesis that goes on, if its next token cost nothing."""
    if len(ended) >= width:
        return True
    return len(ended) >= best and sorted((h.score for h in ended), reverse=True)[best - 1] > ahead


def _forbid_loops(tokens: Array, candidates: Array, log_p: Array) -> None:
    """Set to -inf what would bring a sequence of tokens for the third time."""
    if tokens.shape[2] < 2 * LOOP:
        return
    for row, own in enumerate(tokens.reshape(-1, tokens.shape[2])):
        for token in repeats(own.tolist(), LOOP, times=2):
            log_p[row, candidates[row] == token] = -np.inf
