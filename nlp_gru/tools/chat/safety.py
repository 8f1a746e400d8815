"""What tells that a person is in danger, and the one reply that points to help.

A turn is compared with a thousand examples written by hand, plain and indirect ones, and with as many harmless ones that
sound alike ("I'm dying of laughter"), all in pretrained/chat/danger.csv (see data/danger.py): by what they mean, not by words.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cached_property

import numpy as np

from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.tools.similarity.encoder import TextEncoder

EXAMPLES = PRETRAINED / "chat" / "danger.csv"
HARMLESS = "none"
# The cosine from which a turn is taken for an example of danger, if no harmless one is nearer: on ordinary dialogues of the
# training sets it is passed once in a thousand turns.
MIN_COSINE = 0.68
HELP: Mapping[str, str] = {
    "emergency number": "your local emergency number (112 or 911 in many countries)",
    "crisis line": "a crisis line in your country (findahelpline.com lists them)",
    "poison centre": "a poison centre",
}
REPLIES: Mapping[str, str] = {
    "self_harm": "I'm only a program, but please take this seriously: you don't have to be alone with it. If you might act on it, call "
    "{emergency number} now. Otherwise please talk to someone today: {crisis line}, a doctor, or a person you trust.",
    "poison": "Please get help right now: call {emergency number} or {poison centre}, and say what was taken, how much and when. Don't wait "
    "for signs, and don't make anyone vomit. I'm only a program and can't help with this.",
    "emergency": "Please call {emergency number} right now and do what they tell you, and stay with the person. I'm only a program and "
    "can't help with this.",
    "abuse": "I'm sorry. This is not your fault, and there is help. If there is danger now, call {emergency number}. If it is safe, talk to "
    "someone you trust, a doctor, or a helpline for people who are hurt or threatened: {crisis line}. I'm only a program.",
    "others": "Please don't act on this. Get away from the situation and call {emergency number}, or talk to someone at once: {crisis line}, "
    "or a doctor. If someone else is in danger, call for help now. I'm only a program.",
}  # fmt: skip


class Alarm:
    """`alarm(turn)`: the kind of danger that a turn speaks of, or None; `of`: the same of a turn's vector."""

    def __init__(self, encoder: TextEncoder):
        self.encoder = encoder

    @cached_property
    def _examples(self) -> tuple[list[str], np.ndarray]:
        with open(EXAMPLES, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [row["kind"] for row in rows], self.encoder.encode([row["text"] for row in rows])

    def __call__(self, turn: str) -> str | None:
        return self.of(self.encoder.encode(turn))

    def of(self, vector: np.ndarray) -> str | None:
        """The kind of danger that a turn speaks of, by its vector (D,)."""
        kinds, vectors = self._examples
        cosines = vectors @ vector  # (N,)
        nearest = int(cosines.argmax())
        return None if kinds[nearest] == HARMLESS or cosines[nearest] < MIN_COSINE else kinds[nearest]


def reply(kind: str, contacts: Mapping[str, str] = HELP) -> str:
    """The reply to a kind of danger. contacts: whom to call; what it lacks is `HELP`'s."""
    return REPLIES[kind].format_map({**HELP, **contacts})
