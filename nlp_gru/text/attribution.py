"""What each token adds to an answer, gathered into the words of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from nlp_gru.errors import UserError, shortened

Spans = Sequence[tuple[int, int]]


def chosen_class(logits: Sequence[float], labels: Sequence[str], label: str | None) -> int:
    """The place of `label`, or of the likeliest class. Raises `UserError` for a label that the model does not have."""
    if label is None:
        return int(np.argmax(logits))
    if label not in labels:
        raise UserError(f"unknown label {shortened(label)}; the model has {', '.join(labels[:20])}")
    return labels.index(label)


def by_word(text: str, offsets: Spans, kept: Sequence[int], shares: Sequence[float]) -> list[tuple[str, float]]:
    """The text cut into words and gaps, each with the sum of its tokens' shares; gaps have 0. The strings join to `text`.

    offsets: of all tokens of the text. kept, shares: the places of those that were read, and what each one adds.
    """
    solid = _next_solid(text)
    spans = [m.span() for m in re.finditer(r"\w+(?:['’-]\w+)*|[^\w\s]+", text)]
    weights = [0.0] * len(spans)
    word = 0
    for position, value in sorted(zip(kept, shares, strict=True)):
        start, end = offsets[position]
        start = max(min(solid[start], end - 1), start)  # a token owns the blanks before it
        while word < len(spans) - 1 and spans[word][1] <= start:
            word += 1
        if spans:
            weights[word] += value
    tokens: list[tuple[str, float]] = []
    at = 0
    for (start, end), weight in zip(spans, weights, strict=True):
        if start > at:
            tokens.append((text[at:start], 0.0))
        tokens.append((text[start:end], weight))
        at = end
    if at < len(text):
        tokens.append((text[at:], 0.0))
    return tokens


def _next_solid(text: str) -> list[int]:
    """For each place in the text and its end: the next one that holds no blank."""
    solid = [len(text)] * (len(text) + 1)
    for i in range(len(text) - 1, -1, -1):
        solid[i] = solid[i + 1] if text[i].isspace() else i
    return solid
