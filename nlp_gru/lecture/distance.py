"""Over what distance a layer remembers: two made-up tasks at growing lag, and what of a gradient arrives."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.lecture.cells import LAYERS, fast, width_beside
from nlp_gru.lecture.training import optimizer_for, update

WIDTH, SYMBOLS, NOISE, BATCH = 64, 8, 8, 64


class Recall(nn.Module):
    """Symbols (B, S) -> logits (B, 8) of the first one, told after the last."""

    def __init__(self, cell: str):
        super().__init__()
        hidden = width_beside(cell, 32, WIDTH)
        self.embedding = nn.Embedding(SYMBOLS + NOISE, 32)
        self.layer, self.out = LAYERS[fast(cell)](32, hidden), nn.Linear(hidden, SYMBOLS)

    def forward(self, ids: Tensor) -> Tensor:
        found: Tensor = self.out(self.layer(self.embedding(ids))[:, -1])
        return found


class Adding(nn.Module):
    """Numbers and marks (B, S, 2) -> the sum of the two marked numbers (B,)."""

    def __init__(self, cell: str):
        super().__init__()
        hidden = width_beside(cell, 2, WIDTH)
        self.layer, self.out = LAYERS[fast(cell)](2, hidden), nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.out(self.layer(x)[:, -1])[:, 0]
        return found


def recall(cell: str, lag: int, seed: int, updates: int) -> dict[str, float]:
    """Which of 8 symbols came first, `lag` symbols of noise ago: the share of right answers after so many updates.
    Guessing gives 0.125."""

    def draw() -> tuple[Tensor, Tensor]:
        first = torch.randint(SYMBOLS, (BATCH,))
        noise = torch.randint(SYMBOLS, SYMBOLS + NOISE, (BATCH, lag))
        return torch.cat([first[:, None], noise], 1), first

    torch.manual_seed(seed)
    model = Recall(cell)
    _train(model, draw, lambda logits, first: F.cross_entropy(logits, first), updates)
    with torch.no_grad():
        right = [(model(ids).argmax(-1) == first).float().mean() for ids, first in (draw() for _ in range(8))]
    return {"accuracy": float(torch.stack(right).mean())}


def adding(cell: str, lag: int, seed: int, updates: int) -> dict[str, float]:
    """The adding problem (Hochreiter & Schmidhuber 1997) over `lag` steps: the mean squared error after so many
    updates. Answering 1 always gives 0.167."""

    def draw() -> tuple[Tensor, Tensor]:
        numbers, marks = torch.rand(BATCH, lag), torch.zeros(BATCH, lag)
        half = lag // 2
        places = torch.stack([torch.randint(half, (BATCH,)), half + torch.randint(lag - half, (BATCH,))], 1)
        marks.scatter_(1, places, 1.0)
        return torch.stack([numbers, marks], -1), numbers.gather(1, places).sum(1)

    torch.manual_seed(seed)
    model = Adding(cell)
    _train(model, draw, F.mse_loss, updates)
    with torch.no_grad():
        errors = [F.mse_loss(model(x), y) for x, y in (draw() for _ in range(8))]
    return {"error": float(torch.stack(errors).mean())}


def gradients(cell: str, seed: int, steps: int = 100) -> dict[str, list[float]]:
    """How strongly the state after the last of `steps` inputs depends on each of them in an untrained layer: the norm
    of its sum's gradient at each input, relative to that at the last."""
    torch.manual_seed(seed)
    x = torch.randn(BATCH, steps, WIDTH, requires_grad=True)
    LAYERS[cell](WIDTH, width_beside(cell, WIDTH, WIDTH))(x)[:, -1].sum().backward()
    assert x.grad is not None
    norms = x.grad.norm(dim=-1).mean(0)  # (S,)
    return {"norms": (norms / norms[-1]).tolist()}


def _train(model: nn.Module, draw, loss, updates: int) -> None:  # type: ignore[no-untyped-def]
    optimizer, schedule = optimizer_for(model, 3e-3, updates, warm=20, weight_decay=0.0)
    for _ in range(updates):
        x, y = draw()
        update(model, loss(model(x), y), optimizer, schedule)
