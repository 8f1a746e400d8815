"""A look inside a small GRU that reads numbers instead of words: an ECG, value by value, each of which it expects from
those before.

The study's chapter "beyond words" trains it (`nlp-gru lecture --only beyond-words` writes heartbeat.safetensors).
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn

from nlp_gru.backbone.gru import run_slowly
from nlp_gru.errors import UserError, shortened
from nlp_gru.inspection.gates import Layer, Look, Word
from nlp_gru.model_folder.bundled import PRETRAINED

NAME = "heartbeat"
LARGEST = 1000.0  # thousands of deviations from any beat


class Heartbeat:
    """Values one by one -> the next one. Raises `UserError` for a file that holds something else."""

    def __init__(self, path: Path):
        try:
            with safe_open(path, "pt") as file:
                tensors, about = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118
            self.mean, self.deviation = float(about["mean"]), float(about["deviation"])
            self.gru = nn.GRU(1, tensors["out.weight"].shape[1], batch_first=True)
            self.out = nn.Linear(self.gru.hidden_size, 1)
            nn.ModuleDict({"layer": nn.ModuleDict({"rnn": self.gru}), "out": self.out}).load_state_dict(tensors)
        except Exception as error:
            raise UserError(f"{path}: not a model of heartbeats: {error}") from None

    @torch.inference_mode()
    def look(self, text: str, limit: int) -> Look:
        """The gates at each of the numbers in `text`, and the value that is expected next as what the model writes.
        Raises `UserError` for a text with anything else or with more than `limit` numbers."""
        shown = read(text, limit)
        x = torch.tensor([[(float(word) - self.mean) / self.deviation] for word in shown])[None]  # (1, S, 1)
        gates, (fused, _) = run_slowly(self.gru, x), self.gru(x)
        hidden = gates.hidden[0]  # (S, H)
        before = torch.cat([torch.zeros_like(hidden[:1]), hidden[:-1]])
        words = tuple(Word(word, (word,), (i,)) for i, word in enumerate(shown))
        reset, update, candidate = (values[0].numpy() for values in (gates.reset, gates.update, gates.candidate))
        difference = float((hidden - fused[0]).abs().max())
        layer = Layer("layer 1", words, False, reset, update, candidate, hidden.numpy(), before.numpy(), difference)
        following = float(self.out(fused[0, -1])) * self.deviation + self.mean
        return Look(text, f"{following:.2f}, which it expects next", (layer,))


def read(text: str, limit: int) -> list[str]:
    """The numbers of a text, as they are written, parted by blanks, commas or semicolons."""
    words = [word for word in re.split(r"[\s,;]+", text.replace("−", "-")) if word]
    if not words:
        raise UserError("the text is empty: there is nothing to look at")
    if len(words) > limit:
        raise UserError(f"the text has {len(words):,} numbers, and {limit} are the most to look at; shorten it")
    for word in words:
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not abs(value) <= LARGEST:
            raise UserError(f"this model reads numbers up to {LARGEST:,.0f}, as 0.2 3.5 6.8, not {shortened(word)}")
    return words


@cache
def bundled() -> Heartbeat:
    return Heartbeat(PRETRAINED / "heartbeat.safetensors")
