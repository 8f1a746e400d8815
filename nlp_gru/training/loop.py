"""One training loop for all heads."""

from __future__ import annotations

import ctypes
import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, cast

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from nlp_gru.backbone.batch import Batch, bucket
from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import atomic_torch_save, load_model, naming, remove_leftovers, save_model
from nlp_gru.heads.head import Example, Head
from nlp_gru.training.progress import Progress
from nlp_gru.training.recipe import Recipe, TrainConfig

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h
STATE = Path("training/state.pt")
AHEAD = 8  # batches put together ahead of a GPU


@dataclass(frozen=True)
class Plan:
    """Which examples make up which update, a pure function of the recipe: nothing to save, nothing to lose."""

    sizes: list[tuple[int, ...]]
    config: TrainConfig
    seed: int
    world: int

    def batches(self, epoch: int) -> list[list[int]]:
        return bucket(self.sizes, self.config.batch_tokens, self.seed * 1000 + epoch, self.config.batch_rows)

    @cached_property
    def updates_per_epoch(self) -> int:
        return max(len(self.batches(0)) // self.world, 1)

    @cached_property
    def updates(self) -> int:
        return max(math.ceil(self.config.epochs * self.updates_per_epoch), self.config.least_updates, 1)

    def from_update(self, start: int, rank: int) -> Iterator[list[int]]:
        """The batches of process `rank` from update `start` to the end."""
        per_epoch = self.updates_per_epoch
        for epoch in range(start // per_epoch, math.ceil(self.updates / per_epoch)):
            batches = self.batches(epoch)
            first = start - epoch * per_epoch if epoch == start // per_epoch else 0
            for i in range(first, min(per_epoch, self.updates - epoch * per_epoch)):
                yield batches[(i * self.world + rank) % len(batches)]


def train(
    head: Head,
    recipe: Recipe,
    train_examples: Sequence[Example],
    valid_examples: Sequence[Example],
    out: str | Path,
    started: Sequence[str] = (),
    resume: bool = False,
    progress: Progress | None = None,
) -> dict[str, float]:
    """Train `head` in place and save the best weights as a model folder at `out`; returns their validation figures.

    started: names of parameters that came from another model; their learning rate is scaled by `start_lr_scale`.
    resume: go on from `out`'s training state; the result equals that of an uninterrupted run.
    Raises `UserError` when there is nothing to train on or the loss is no longer a number.
    """
    out, config = Path(out), recipe.train
    if not train_examples:
        raise UserError("there is no training example left after reading the files")
    accelerator = Accelerator(cpu=not torch.cuda.is_available(), mixed_precision="bf16" if config.bf16 else "no")
    set_seed(recipe.seed, device_specific=True)
    head.to(accelerator.device)
    plan = Plan([head.size(e) for e in train_examples], config, recipe.seed, accelerator.num_processes)
    valid = [head.collate([valid_examples[i] for i in b]) for b in bucket([head.size(e) for e in valid_examples], 8192)]
    head.prepare(train_examples)
    _freeze(head, config.frozen)
    ema = AveragedModel(head, multi_avg_fn=_averaging(config.ema)) if config.ema else None
    optimizer = torch.optim.AdamW(_groups(head, config, set(started)), fused=True, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, plan.updates, config.warmup))
    trainee = accelerator.prepare(head)
    best: dict[str, float] = {}
    saved: dict[str, float] = {}
    update = since_best = 0
    progress = progress or Progress(quiet=True)

    stateful: dict[str, Any] = {"head": head, "optimizer": optimizer, "schedule": schedule}
    if ema is not None:
        stateful["ema"] = ema
    if resume:
        state = _read_state(out / STATE, recipe)
        for name, owner in stateful.items():
            owner.load_state_dict(state[name])
        best, saved, update, since_best = state["best"], state["saved"], state["update"], state["since_best"]
        torch.set_rng_state(state["rng"])
        if accelerator.process_index:  # the state is the first process's; the others must not repeat its draws
            set_seed(recipe.seed + update, device_specific=True)

    evaluate_at = {round((k + 1) * plan.updates / config.evals) for k in range(config.evals)}
    log = out / "training" / "log.jsonl"
    out.joinpath("training").mkdir(parents=True, exist_ok=True)
    if accelerator.is_main_process:
        remove_leftovers(out)
        _cut_log(log, update)
    with progress.run(plan.updates, update, enabled=accelerator.is_main_process) as show:
        batches = plan.from_update(update, accelerator.process_index)
        for batch in _collated(head, train_examples, batches, accelerator.device):
            head.train()
            with accelerator.autocast():
                nll, n = trainee(batch)
            # Gradients are averaged over processes: scale so that every prediction weighs the same.
            everywhere = accelerator.reduce(n.float().to(accelerator.device)) if plan.world > 1 else n
            accelerator.backward(nll * plan.world / everywhere)
            accelerator.clip_grad_norm_(head.parameters(), config.clip)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            if ema is not None:
                ema.update_parameters(head)
            update += 1
            loss = nll.item() / n.item()
            if not math.isfinite(loss):
                raise UserError(f"the loss is {loss} at update {update}: lower train.lr (now {config.lr})")
            show.update(loss, int(batch.lengths.sum()) * plan.world, float(schedule.get_last_lr()[0]))
            if update in evaluate_at:
                accelerator.wait_for_everyone()
                weights = head if ema is None else cast(Head, ema.module)
                figures = evaluate_batches(weights, valid, config.bf16) if valid else {"nll": loss}
                better = not best or next(iter(figures.values())) < next(iter(best.values()))
                since_best = 0 if better else since_best + 1
                if better:
                    best = figures
                keep = better or config.keep == "last"
                saved = figures if keep else saved
                if accelerator.is_main_process:
                    if keep:
                        save_model(weights, out)
                    show.figures(update, figures, keep)
                    with naming(log), open(log, "a", encoding="utf-8") as file:
                        file.write(json.dumps({"update": update, "loss": loss, "time": time.time(), **figures}) + "\n")
                    counters = {"best": best, "saved": saved, "update": update, "since_best": since_best}
                    _write_state(out / STATE, recipe, stateful, counters)
                if config.patience and since_best >= config.patience:
                    break
    if valid and accelerator.is_main_process:
        kept = load_model(out)
        with torch.no_grad():
            kept.finish(valid)
        save_model(kept, out)
    accelerator.wait_for_everyone()
    return saved


def prepare_process() -> None:
    """Settings that make training on a CPU several times faster; call once, before the first tensor.

    One thread a process: two that wait for each other spin (for more cores, start more processes with torchrun). Freed
    memory is kept instead of being given back to the system and fetched anew, page by page, at every update.
    """
    torch.set_num_threads(1)
    torch.set_float32_matmul_precision("medium")
    try:
        libc = ctypes.CDLL("libc.so.6")
        for option in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD):
            libc.mallopt(option, 1 << 30)
    except (OSError, AttributeError):
        pass  # not glibc: only slower


@torch.no_grad()
def evaluate_batches(head: Head, batches: Sequence[Batch], bf16: bool) -> dict[str, float]:
    """The head's metrics with dropout off. bf16 is twice as fast and good to about three digits."""
    head.eval()
    device = next(head.parameters()).device
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        return head.metrics([b.to(device) for b in batches])


def _freeze(head: Head, names: Sequence[str]) -> None:
    """Raises `UserError` for a name that no parameter begins with."""
    for name in names:
        found = [p for n, p in head.named_parameters() if n.startswith(name)]
        if not found:
            known = ", ".join(sorted({".".join(n.split(".")[:2]) for n, _ in head.named_parameters()}))
            raise UserError(f"train.frozen: no parameter's name begins with '{name}'; known are {known}")
        for parameter in found:
            parameter.requires_grad_(False)


def _collated(
    head: Head, examples: Sequence[Example], batches: Iterator[list[int]], device: torch.device
) -> Iterator[Batch]:
    """The batches on the device; where that is a GPU, the next ones are put together while it computes."""

    def collate(indices: list[int]) -> Batch:
        return head.collate([examples[i] for i in indices])

    if device.type == "cpu":
        yield from map(collate, batches)
        return
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(collate, indices) for indices in islice(batches, AHEAD))
        while waiting:
            batch = waiting.popleft().result()
            waiting.extend(pool.submit(collate, indices) for indices in islice(batches, 1))
            yield batch.to(device)


def _rate(step: int, total: int, warmup: float) -> float:
    """Linear warm-up, then linear decay to 0."""
    rise = max(round(warmup * total), 1)
    return min((step + 1) / rise, max(total - step, 0) / max(total - rise, 1))


def _averaging(decay: float) -> Callable[[Any, Any, Any], None]:
    """Exponential moving average whose decay rises to its value, so that the first weights are soon forgotten."""

    @torch.no_grad()
    def average(averaged: list[Tensor], current: list[Tensor], n: Tensor | int) -> None:
        rising = min(decay, (1 + int(n)) / (10 + int(n)))
        torch._foreach_lerp_(averaged, current, 1 - rising)

    return average


def _groups(head: Head, config: TrainConfig, started: set[str]) -> list[dict[str, Any]]:
    groups = []
    for old in (False, True):
        for matrix in (False, True):
            params = [
                p
                for n, p in head.named_parameters()
                if p.requires_grad and (n in started) == old and (p.ndim > 1) == matrix
            ]
            if params:
                lr = config.lr * (config.start_lr_scale if old else 1)
                groups.append({"params": params, "lr": lr, "weight_decay": config.weight_decay if matrix else 0.0})
    return groups


def _cut_log(path: Path, update: int) -> None:
    """Leave what was logged up to `update`: a kill may have come between a line and its state, or within a line."""
    kept = []
    for line in path.read_text(encoding="utf-8").splitlines() if update and path.exists() else ():
        with suppress(ValueError, TypeError, KeyError):
            if json.loads(line)["update"] <= update:
                kept.append(line + "\n")
    path.write_text("".join(kept), encoding="utf-8")


def _write_state(path: Path, recipe: Recipe, stateful: dict[str, Any], counters: dict[str, Any]) -> None:
    state = {name: owner.state_dict() for name, owner in stateful.items()}
    atomic_torch_save({"recipe": recipe.model_dump_json(), "rng": torch.get_rng_state(), **counters, **state}, path)


def _read_state(path: Path, recipe: Recipe) -> dict[str, Any]:
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise UserError(f"{path}: there is nothing to resume; train without --resume") from None
    except Exception as error:  # a damaged file raises anything
        raise UserError(
            f"{path}: the training state is damaged ({type(error).__name__}); train without --resume"
        ) from None
    if state["recipe"] != recipe.model_dump_json():
        raise UserError(f"{path}: it belongs to a run with other settings; repeat those, or train without --resume")
    return state
