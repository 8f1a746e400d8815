"""What a bot of questions and answers says to a greeting, to thanks and to a goodbye; its own rows come first."""

from __future__ import annotations

import json
from functools import cache

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.text.casing import letters
from nlp_gru.tools.faq.background import FOLDER
from nlp_gru.tools.similarity.encoder import bundled_encoder

SAME = 0.8  # the cosine with an example from which a short text is of its kind
LONGEST = 5  # words of such a text


@cache
def _table() -> tuple[dict[str, str], list[str], list[str]]:
    """Each example's letters with the reply; the examples, and their replies, in order."""
    entries = json.loads((FOLDER / "manners.json").read_text(encoding="utf-8"))
    pairs = [(example, entry["reply"]) for entry in entries for example in entry["examples"]]
    exact = {letters(example): reply for example, reply in pairs}
    return exact, [example for example, _ in pairs], [reply for _, reply in pairs]


@cache
def _vectors() -> Array:
    return bundled_encoder().encode(_table()[1])


def manners(text: str, vector: Array, nearest: float) -> str:
    """The reply to a greeting, thanks or a goodbye, "" to anything else.

    vector: the text's, of length 1; nearest: the cosine of the bot's own nearest question, which comes first where it
    is as near.
    """
    exact, _, replies = _table()
    if found := exact.get(letters(text)):
        return "" if nearest > 1 - 1e-3 else found
    if not 0 < len(text.split()) <= LONGEST:
        return ""
    cosines = _vectors() @ vector
    best = int(np.argmax(cosines))
    return replies[best] if cosines[best] >= SAME and cosines[best] > nearest else ""
