"""Token ids before they are tensors: framing, and batches of like length by token budget."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np

from nlp_gru.text.tokenizer import BOS, EOS


def frame(ids: Sequence[int], max_length: int | None = None) -> list[int]:
    """BOS + ids + EOS; beyond `max_length` tokens the middle is left out, since a text's start and end say most."""
    ids = list(ids)
    if max_length is not None and len(ids) + 2 > max_length:
        keep = max(max_length - 2, 0)
        ids = ids[: keep - keep // 2] + ids[len(ids) - keep // 2 :]
    return [BOS, *ids, EOS]


def bucket(
    sizes: Sequence[tuple[int, ...]], batch_tokens: int, seed: int | None = None, batch_rows: int = 0
) -> list[list[int]]:
    """Indices grouped into batches of like size, at most `batch_tokens` tokens with padding (one row at least).

    sizes: the lengths of an example's sequences; the first counts most, and the tokens are those of the longest.
    batch_rows: most rows of a batch; 0: any number.

    With a seed, rows of one size are in random order, and so are the batches; without, longest first.
    """
    if not sizes:
        return []
    table = np.asarray(sizes, dtype=np.int64).reshape(len(sizes), -1)  # (N, sequences of an example)
    order = np.arange(len(table)) if seed is None else np.random.default_rng(seed).permutation(len(table))
    order = order[np.lexsort(-table[order, ::-1].T)]
    longest = table.max(1)
    batches: list[list[int]] = []
    start = 0
    while start < len(order):
        rows = min(max(batch_tokens // int(longest[order[start]]), 1), batch_rows or len(order))
        batches.append(order[start : start + rows].tolist())
        start += rows
    if seed is not None:
        random.Random(seed).shuffle(batches)
    return batches


def chunks(sequence: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Tokens of at most `size` tokens; each starts with the last token of the one before, so every token is
    predicted."""
    for start in range(0, max(len(sequence) - 1, 1), size - 1):
        yield sequence[start : start + size]


def clip(text: str, characters: int = 40_000) -> str:
    """A megabyte costs no more than a long review: start and end of the text, which is all that is read of it."""
    return text if len(text) <= characters else text[: characters // 2] + text[-characters // 2 :]
