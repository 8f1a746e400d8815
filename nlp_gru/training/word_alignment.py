"""Which words, or tokens, are translations of each other: IBM model 1 (Brown et al. 1993,
https://aclanthology.org/J93-2003) over pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nlp_gru.arrays import Array

NULL = 0  # a source that stands before every sentence, for what comes of no word of it


class Lexicon(NamedTuple):
    """Pairs (N,) of source and target that stood together, in ascending order, with the chance of the target given the
    source."""

    source: Array
    target: Array
    p: Array


def lexicon(pairs: Sequence[tuple[Array, Array]], passes: int = 5, batch: int = 20_000) -> Lexicon:
    """Return the chance of each target given a source. pairs: ids of both sides, each of them positive, and fewer than
    2 ** 31."""
    places, keys = [], []  # of each place of a target: its number, and what it may come from
    count = 0
    for start in range(0, len(pairs), batch):
        some = [(np.append(NULL, np.unique(s)), t) for s, t in pairs[start : start + batch]]
        key = np.concatenate([((s[None, :].astype(np.int64) << 31) | t[:, None]).ravel() for s, t in some])
        place = np.concatenate([np.arange(len(t)).repeat(len(s)) for s, t in some])
        offsets = np.cumsum([0, *(len(t) for _, t in some)])
        place += np.repeat(offsets[:-1], [len(s) * len(t) for s, t in some]) + count
        count += int(offsets[-1])
        places.append(place.astype(np.int32))
        keys.append(key)
    known, pair = np.unique(np.concatenate(keys), return_inverse=True)
    place, pair = np.concatenate(places), pair.astype(np.int32)
    source, target = known >> 31, known & ((1 << 31) - 1)
    p = np.ones(len(known))
    for _ in range(passes):
        own = p[pair]
        own /= np.bincount(place, own, count)[place]  # how far each target comes of each source
        expected = np.bincount(pair, own, len(known))
        p = expected / np.bincount(source, expected)[source]
    return Lexicon(source, target, p)
