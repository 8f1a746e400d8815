"""The range of learning rates that a recipe stands: one short training whose rate rises until the loss does (Smith
2017,
https://arxiv.org/abs/1506.01186, section 3.3)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from nlp_gru.backbone.batch import bucket
from nlp_gru.errors import UserError
from nlp_gru.heads.head import Head
from nlp_gru.training.examples import make_examples
from nlp_gru.training.finetune import build, read
from nlp_gru.training.recipe import Recipe

SMOOTHING, BURST = 0.9, 2.0  # of the loss; and how many times its least it may be before the training ends


@dataclass(frozen=True)
class Range:
    """rates and losses (smoothed) by update; suggestion: where the loss falls most, per factor of the rate; highest:
    where it was least, beyond which it rises."""

    rates: list[float]
    losses: list[float]
    suggestion: float
    highest: float


def find(
    recipe: Recipe,
    least: float = 1e-5,
    most: float = 1.0,
    updates: int = 100,
    tell: Callable[[float, float], None] | None = None,
) -> Range:
    """Train the recipe's model for at most so many updates, from the rate `least` to `most`, and keep nothing of it.

    tell: called with every rate and its smoothed loss. Raises `UserError` for anything wrong with recipe or files, and
    where the loss never falls.
    """
    rows = read(recipe, recipe.data.train)
    head, _ = build(recipe, rows)
    examples = make_examples(head, rows, recipe.data.max_length)
    head.fit_statistics(examples)
    config = recipe.train
    sizes = [head.size(e) for e in examples]
    batches: list[list[int]] = []
    while len(batches) < updates:
        batches += bucket(sizes, config.batch_tokens, seed=recipe.seed + len(batches), batch_rows=config.batch_rows)
    rates, losses = [], []
    optimizer = torch.optim.AdamW(head.parameters(), lr=least, weight_decay=config.weight_decay, fused=True)
    head.train()
    mean = 0.0
    for update, indices in enumerate(batches[:updates]):
        rate = least * (most / least) ** (update / max(updates - 1, 1))
        for group in optimizer.param_groups:
            group["lr"] = rate
        mean = SMOOTHING * mean + (1 - SMOOTHING) * _update(
            head, [examples[i] for i in indices], optimizer, config.clip, config.bf16
        )
        loss = mean / (1 - SMOOTHING ** (update + 1))
        rates.append(rate)
        losses.append(loss)
        if tell:
            tell(rate, loss)
        if not math.isfinite(loss) or loss > BURST * min(losses):
            break
    return _range(rates, losses)


def _update(head: Head, examples: list[object], optimizer: torch.optim.Optimizer, clip: float, bf16: bool) -> float:
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        nll, count = head.loss(head.collate(examples))
    loss = nll / count
    loss.backward()
    nn.utils.clip_grad_norm_(head.parameters(), clip)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def _range(rates: list[float], losses: list[float]) -> Range:
    """Of the part up to the least loss: the steepest fall over a fifth of a decade and more."""
    end = int(np.nanargmin(losses))
    if end < 5 or losses[end] > 0.98 * losses[0]:
        raise UserError("the loss does not fall at any of these learning rates; begin lower, or look at the data")
    width = max(end // 10, 2)
    falls = [losses[i - width] - losses[i] for i in range(width, end + 1)]
    return Range(rates, losses, rates[width + int(np.argmax(falls)) - width // 2], rates[end])
