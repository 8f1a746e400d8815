"""What tells that a person is in danger, and the one reply that points to help.

A small network (384 values of the sentence encoder -> one hidden layer -> one for each kind), and a regression on words
beside it, have learned it from thousands of messages written for it, plain and indirect ones, from harmless ones that
sound alike ("I'm dying of laughter"), from ordinary dialogues, and from what is typed to such a bot: see
data/danger.py. They stand in pretrained/chat/danger.safetensors, with the sum of the encoder that they were trained on.
Where another encoder is installed, the nearest of a thousand examples in pretrained/chat/danger.csv tells.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.text.sentences import segment
from nlp_gru.tools.chat import prepared
from nlp_gru.tools.similarity.encoder import TextEncoder

EXAMPLES = PRETRAINED / "chat" / "danger.csv"
HARMLESS = "none"
KINDS = (HARMLESS, "self_harm", "poison", "emergency", "abuse", "others")  # in the order of the network's outputs
# Of another encoder: the cosine from which a turn is taken for an example of danger, if no harmless one is nearer.
MIN_COSINE = 0.68
MOST_SENTENCES = 6  # of a turn that are looked at by themselves: the last ones
HELP: Mapping[str, str] = {
    "emergency number": "your local emergency number (112 or 911 in many countries)",
    "crisis line": "a crisis line in your country (findahelpline.com lists them)",
    "poison centre": "a poison centre",
}
REPLIES: Mapping[str, str] = {
    "self_harm": (
        "I'm only a program, but please take this seriously: you don't have to be alone with it. If you might act on"
        " it, call {emergency number} now. Otherwise please talk to someone today: {crisis line}, a doctor, or a person"
        " you trust."
    ),
    "poison": (
        "Please get help right now: call {emergency number} or {poison centre}, and say what was taken, how much and"
        " when. Don't wait for signs, and don't make anyone vomit. I'm only a program and can't help with this."
    ),
    "emergency": (
        "Please call {emergency number} right now and do what they tell you, and stay with the person. I'm only a"
        " program and can't help with this."
    ),
    "abuse": (
        "I'm sorry. This is not your fault, and there is help. If there is danger now, call {emergency number}. If it"
        " is safe, talk to someone you trust, a doctor, or a helpline for people who are hurt or threatened: {crisis"
        " line}. I'm only a program."
    ),
    "others": (
        "Please don't act on this. Get away from the situation and call {emergency number}, or talk to someone at once:"
        " {crisis line}, or a doctor. If someone else is in danger, call for help now. I'm only a program."
    ),
}


class Alarm:
    """`alarm(turn)`: the kind of danger that a turn speaks of, or None; `of`: the same of the vectors of its
    `parts`."""

    def __init__(self, encoder: TextEncoder):
        self.encoder = encoder

    @cached_property
    def _network(self) -> prepared.Danger | None:
        return prepared.danger(self.encoder.sha256)

    @cached_property
    def _examples(self) -> tuple[list[str], Array]:
        with open(EXAMPLES, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [row["kind"] for row in rows], self.encoder.encode([row["text"] for row in rows])

    def __call__(self, turn: str) -> str | None:
        texts = parts(turn)
        return self.of(texts, self.encoder.encode(texts))

    def of(self, texts: Sequence[str], vectors: Array) -> str | None:
        """The kind of danger that a turn speaks of, by it and its sentences and their vectors (N, D): that of the
        plainest."""
        if self._network is not None:
            logits = self._network.logits(vectors)  # (N, kinds)
            odds = log_odds(logits) + self._network.said(texts)
            plainest = int(odds.argmax())
            return KINDS[1 + int(logits[plainest, 1:].argmax())] if odds[plainest] > self._network.threshold else None
        kinds, examples = self._examples
        cosines = vectors @ examples.T  # (N, examples)
        nearest = int(cosines.max(0).argmax())
        return None if kinds[nearest] == HARMLESS or cosines[:, nearest].max() < MIN_COSINE else kinds[nearest]


def log_odds(logits: Array) -> Array:
    """Logits (N, kinds), of which the first is that of no danger -> the log-odds (N,) of any."""
    return np.asarray(np.logaddexp.reduce(logits[:, 1:], axis=1) - logits[:, 0])


def parts(turn: str) -> list[str]:
    """The turn, and its sentences where there are several."""
    sentences = [part.text for part in segment(turn, "en") if part.is_sentence][-MOST_SENTENCES:]
    return [turn, *sentences] if len(sentences) > 1 else [turn]


def reply(kind: str, contacts: Mapping[str, str] = HELP) -> str:
    """The reply to a kind of danger. contacts: whom to call; what it lacks is `HELP`'s."""
    return REPLIES[kind].format_map({**HELP, **contacts})
