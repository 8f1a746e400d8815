"""Decoding: from a model's step to a text. Knows a `step` function alone, no head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.errors import UserError
from nlp_gru.text.tokenizer import BOS, EOS

REMEMBERED = 4000  # tokens of the new text that are looked through for what would come twice
Step = Callable[[int, Any], tuple[Array, Any]]  # (token, state) -> (probabilities (V,), state after it)


def sample(
    p: Array,
    state: Any,
    step: Step,
    *,
    temperature: float = 0.7,
    top_k: int = 0,
    top_p: float = 0.9,
    no_repeat_ngram_size: int = 4,
    banned: Sequence[int] = (),
    alike: Array | None = None,
    seed: int | None = None,
) -> Iterator[int]:
    """Tokens one after the other, without end: the caller stops.

    p (V,), state: what the model says after the prompt. temperature: 0 always takes the likeliest token, 1 is the
    model's own distribution. top_k: only the k likeliest (0: all). top_p: only the likeliest that together have this
    probability (Holtzman et al. 2020, https://arxiv.org/abs/1904.09751). no_repeat_ngram_size: no sequence of so many
    tokens comes twice in the new text, and none of three comes three times within 120 (0: any may). alike (V,): tokens
    with one number are one to the latter rule, such as a word at the start of a line and behind a blank. The same seed
    gives the same text on one machine. Raises `UserError` for settings out of range.
    """
    check(temperature, top_p)
    if top_k < 0 or no_repeat_ngram_size < 0:
        raise UserError("top_k and no_repeat_ngram_size are 0 or more")
    draw = np.random.default_rng(seed)
    alike = np.arange(len(p)) if alike is None else alike
    new: list[int] = []
    while True:
        allowed = p.astype(np.float64)
        allowed[list(banned)] = 0.0
        if no_repeat_ngram_size:
            near = new[-REMEMBERED:]
            allowed[list(repeats(near, no_repeat_ngram_size))] = 0.0
            allowed[np.isin(alike, list(repeats(alike[new[-120:]].tolist(), 3, times=2)))] = 0.0
            if allowed.max() <= 0:  # better said twice than nothing
                allowed = p.astype(np.float64)
                allowed[list(banned)] = 0.0
        token = choose(allowed, temperature, top_k, top_p, draw)
        new.append(token)
        yield token
        p, state = step(token, state)


def sample_many(
    step: Any,
    state: Any,
    rows: int,
    limit: int,
    *,
    temperature: float,
    top_p: float,
    top_k: int = 40,
    seed: int | None = None,
) -> list[list[int]]:
    """`rows` sampled sequences, drawn side by side: without BOS and EOS, and cut at `limit` tokens.

    step, state: those of `nlp_gru.decoding.beam`; the state has so many rows. Only the `top_k` likeliest tokens are
    drawn from, and no sequence of three comes twice in a text; else as `sample`.
    """
    check(temperature, top_p)
    draw = np.random.default_rng(seed)
    texts: list[list[int]] = [[] for _ in range(rows)]
    going, last = list(range(rows)), [BOS] * rows
    for _ in range(limit):
        log_p, candidates, state = step(np.array(last), state, top_k)
        kept, last = [], []
        for place, row in enumerate(going):
            p = np.exp(log_p[place].astype(np.float64))
            said = repeats(texts[row], 3)
            p[[token in said for token in candidates[place].tolist()]] = 0.0
            token = int(candidates[place][choose(p, temperature, 0, top_p, draw)])
            if token != EOS:
                texts[row].append(token)
                kept.append(place)
                last.append(token)
        if not kept:
            break
        if len(kept) < len(going):
            going, state = [going[place] for place in kept], state.select(np.array(kept))
    return texts


def check(temperature: float, top_p: float) -> None:
    """Raises `UserError` for settings out of range."""
    if not 0 <= temperature <= 10:
        raise UserError(f"temperature is a number from 0 to 10, not {temperature}")
    if not 0 < top_p <= 1:
        raise UserError(f"top_p is a number above 0 and at most 1, not {top_p}")


def choose(p: Array, temperature: float, top_k: int, top_p: float, draw: np.random.Generator) -> int:
    """One token of the distribution p (V,), which need not sum to 1."""
    if temperature == 0 or p.max() <= 0:
        return int(p.argmax())
    order = np.argsort(-p, kind="stable")[: top_k or None]
    sharp = (p[order] / p[order[0]]) ** (1 / temperature)
    sharp /= sharp.sum()
    keep = int(np.searchsorted(np.cumsum(sharp), top_p)) + 1
    sharp = sharp[:keep] / sharp[:keep].sum()
    return int(draw.choice(order[:keep], p=sharp))


def repeats(ids: Sequence[int], size: int, times: int = 1) -> set[int]:
    """The tokens that would complete a sequence of `size` tokens which `ids` already holds `times` times or more."""
    last = tuple(ids[len(ids) - size + 1 :])
    found = Counter(ids[i + size - 1] for i in range(len(ids) - size + 1) if tuple(ids[i : i + size - 1]) == last)
    return {token for token, count in found.items() if count >= times}
