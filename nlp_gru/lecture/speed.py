"""How fast a layer trains, and what it keeps for the backward pass."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from nlp_gru.lecture.cells import LAYERS, PER_UNIT

WIDTH, TOKENS = 256, 4096


def layer(cell: str, steps: int, bf16: bool, seconds: float, width: int = WIDTH) -> dict[str, float]:
    """tokens/s of forward and backward pass at I = H = width over batches of 4,096 tokens, and the kept bytes of a
    token.

    The median of the passes that fit into `seconds`; one thread.
    """
    torch.manual_seed(0)
    module = LAYERS[cell](width, width)
    batch = max(TOKENS // steps, 1)
    x = torch.randn(batch, steps, width, requires_grad=True)
    gradient = torch.randn(batch, steps, width)

    def train() -> None:
        for parameter in [x, *module.parameters()]:
            parameter.grad = None
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            y = module(x)
        y.backward(gradient.to(y.dtype))

    spent = _median(train, seconds)
    tokens = batch * steps
    found = {"tokens_per_second": tokens / spent, "kept_bytes": _kept(module, x, bf16) / tokens}
    rows = {"gru, ours": 3, "mingru": 1}.get(cell) or PER_UNIT[
        cell
    ]  # minGRU: two of half the size, for it has no state
    found["gflops"] = 6 * 2 * rows * width * width * found["tokens_per_second"] / 1e9
    return found


def matrix_limit(bf16: bool, seconds: float) -> dict[str, float]:
    """GFLOP/s of large matrix products, which no layer can pass."""
    a, b = (torch.randn(1024, 1024, dtype=torch.bfloat16 if bf16 else torch.float32) for _ in range(2))
    return {"gflops": 2 * 1024**3 / _median(lambda: torch.mm(a, b), seconds) / 1e9}


def _median(work: Callable[[], object], seconds: float) -> float:
    work()
    times: list[float] = []
    while len(times) < 5 or sum(times) < seconds:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def _kept(module: nn.Module, x: Tensor, bf16: bool) -> int:
    """Bytes of the tensors that autograd holds until the backward pass, weights apart."""
    held: dict[int, int] = {}
    weights = {p.untyped_storage().data_ptr() for p in module.parameters()}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            held[storage.data_ptr()] = storage.nbytes()
        return tensor

    with (
        torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor),
        torch.autocast("cpu", torch.bfloat16, enabled=bf16),
    ):
        y = module(x)
    del y
    return sum(held.values())
