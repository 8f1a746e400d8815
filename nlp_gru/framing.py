"""Token ids before they are tensors: framing, and batches of like length by token budget."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from nlp_gru.tokenizer import BOS, EOS


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
    order = list(range(len(sizes)))
    if seed is not None:
        shuffle = random.Random(seed)
        shuffle.shuffle(order)
    order.sort(key=lambda i: sizes[i], reverse=True)
    batches: list[list[int]] = []
    rows = 0
    for i in order:
        if not rows:
            batches.append([])
            rows = min(max(batch_tokens // max(sizes[i]), 1), batch_rows or len(sizes))
        batches[-1].append(i)
        rows -= 1
    if seed is not None:
        shuffle.shuffle(batches)
    return batches


def chunks(sequence: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Pieces of at most `size` tokens; each starts with the last token of the one before, so every token is predicted."""
    for start in range(0, max(len(sequence) - 1, 1), size - 1):
        yield sequence[start : start + size]
