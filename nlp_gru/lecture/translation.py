"""What a layer learns of translation: a small encoder and decoder with attention, of the layer that is compared."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.batch import collate
from nlp_gru.errors import UserError
from nlp_gru.lecture.cells import LAYERS, fast, width_beside
from nlp_gru.lecture.quality import EMBEDDING, WIDTH
from nlp_gru.lecture.training import optimizer_for, update
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER
from nlp_gru.text.tokenizer import BOS, EOS, PAD, Tokenizer

FILE, HELD_OUT, TOKENS, BATCH = "tatoeba_en_fr_train.parquet", 1000, 24, 64
Pair = tuple[list[int], list[int]]


class Translator(nn.Module):
    """source (B, S), target (B, T) -> logits (B, T, V) of the token after each of the target's. One table of vectors
    for all."""

    def __init__(self, cell: str, vocabulary: int):
        super().__init__()
        hidden = width_beside(cell, EMBEDDING, WIDTH)
        self.embedding = nn.Embedding(vocabulary, EMBEDDING)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.encoder, self.decoder = (LAYERS[fast(cell)](EMBEDDING, hidden) for _ in range(2))
        self.out = nn.Linear(2 * hidden, EMBEDDING)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory = self.encoder(self.embedding(source))  # (B, S, H)
        states = self.decoder(self.embedding(target))  # (B, T, H)
        scores = (states @ memory.transpose(1, 2)).float() / memory.shape[-1] ** 0.5
        weights = scores.masked_fill((source == PAD)[:, None], -math.inf).softmax(-1).to(memory.dtype)  # (B, T, S)
        return F.linear(self.out(torch.cat([states, weights @ memory], -1)), self.embedding.weight)


def perplexity(cell: str, seed: int, updates: int, source: str) -> dict[str, float]:
    """Perplexity per French token of 1,000 held-out Tatoeba pairs, each token after the right ones, after so many
    updates of 64 pairs; the decoder begins from nothing and sees the English by attention alone. source: a folder that
    holds the pairs."""
    learned, tested = pairs(source)
    draw = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model = Translator(cell, len(Tokenizer.load(SHARED_TOKENIZER)))
    optimizer, schedule = optimizer_for(model, 3e-3, updates)
    for _ in range(updates):
        nll, count = _nll(model, [learned[i] for i in draw.integers(len(learned), size=BATCH)])
        update(model, nll / count, optimizer, schedule)
    with torch.no_grad():
        sums = [_nll(model, tested[i : i + BATCH]) for i in range(0, len(tested), BATCH)]
    return {"perplexity": math.exp(sum(float(nll) for nll, _ in sums) / sum(count for _, count in sums))}


@cache
def pairs(source: str) -> tuple[list[Pair], list[Pair]]:
    """The tokens of pairs to learn from and of 1,000 others, whose sentences stand in none of them; all have at most 24
    tokens. Raises `UserError` where the file is missing."""
    found = sorted(Path(source).rglob(FILE))
    if not found:
        raise UserError(f"{source}: there is no {FILE} in it")
    rows = pd.read_parquet(found[0], columns=["en", "fr"]).sample(60_000, random_state=0)
    held_out, others = rows[:HELD_OUT], rows[HELD_OUT:]
    others = others[~others.en.isin(held_out.en) & ~others.fr.isin(held_out.fr)]
    encode = Tokenizer.load(SHARED_TOKENIZER).encode_batch
    encoded = ([*zip(encode(list(part.en)), encode(list(part.fr)), strict=True)] for part in (others, held_out))
    learned, tested = ([pair for pair in part if max(map(len, pair)) <= TOKENS] for part in encoded)
    return learned, tested


def _nll(model: nn.Module, some: list[Pair]) -> tuple[Tensor, int]:
    """(summed negative log-likelihood, number of tokens)"""
    source = collate([[*en, EOS] for en, _ in some]).ids
    target = collate([[BOS, *fr, EOS] for _, fr in some]).ids
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(source, target[:, :-1])
    nll = F.cross_entropy(logits.flatten(0, 1).float(), target[:, 1:].flatten(), ignore_index=PAD, reduction="sum")
    return nll, int((target[:, 1:] != PAD).sum())
