"""How the models of the study are trained, all alike."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


def optimizer_for(
    model: nn.Module, lr: float, updates: int, warm: int = 0, weight_decay: float = 0.01
) -> tuple[Any, Any]:
    """AdamW, and its rate: rising for `warm` updates (0: a twentieth of all), falling to 0 at the last."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay, fused=True)
    warm = warm or max(updates // 20, 1)
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda u: min((u + 1) / warm, 1 - u / updates))


def update(model: nn.Module, loss: Tensor, optimizer: Any, schedule: Any) -> None:
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
