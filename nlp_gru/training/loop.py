"""One training loop for all heads."""

from __future__ import annotations

import ctypes
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from nlp_gru.heads.checkpoint import load_model, remove_leftovers, save_model
from nlp_gru.heads.head import Example, Head
from nlp_gru.training.plan import Plan
from nlp_gru.training.progress import Progress
from nlp_gru.training.recipe import Recipe, TrainConfig
from nlp_gru.training.state import STATE, Log, Standing, read_state, write_state

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h
AHEAD = 8  # batches put together ahead of a GPU


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
    if not train_examples:
        raise UserError("there is no training example left after reading the files")
    trainer = Trainer(head, recipe, train_examples, valid_examples, Path(out), started)
    if resume:
        trainer.resume()
    return trainer.run(progress or Progress(quiet=True))


class Trainer:
    """One training: the model, its optimizer, and where it stands, all of which a resumed training takes up again."""

    def __init__(
        self,
        head: Head,
        recipe: Recipe,
        examples: Sequence[Example],
        valid: Sequence[Example],
        out: Path,
        started: Sequence[str],
    ):
        self.head, self.recipe, self.config, self.examples, self.out = head, recipe, recipe.train, examples, out
        precision = "bf16" if self.config.bf16 else "no"
        self.accelerator = Accelerator(cpu=not torch.cuda.is_available(), mixed_precision=precision)
        set_seed(recipe.seed, device_specific=True)
        head.to(self.accelerator.device)
        self.plan = Plan([head.size(e) for e in examples], self.config, recipe.seed, self.accelerator.num_processes)
        batches = bucket([head.size(e) for e in valid], 8192)
        self.valid = [head.collate([valid[i] for i in b]) for b in batches]
        head.fit_statistics(examples)
        _freeze(head, self.config.frozen)
        self.ema = AveragedModel(head, multi_avg_fn=_averaging(self.config.ema)) if self.config.ema else None
        self.optimizer = torch.optim.AdamW(_groups(head, self.config, set(started)), fused=True, betas=(0.9, 0.99))
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda step: _rate(step, self.plan.updates, self.config.warmup)
        )
        self.trainee = self.accelerator.prepare(head)
        self.standing = Standing()
        self.log = Log(out / "training" / "log.jsonl")

    @property
    def _stateful(self) -> dict[str, Any]:
        found: dict[str, Any] = {"head": self.head, "optimizer": self.optimizer, "schedule": self.schedule}
        return found if self.ema is None else {**found, "ema": self.ema}

    def resume(self) -> None:
        """Go on from the state that lies at `out`. Raises `UserError` where there is none, or one of other settings."""
        self.standing, generators = read_state(self.out / STATE, self.recipe, self._stateful)
        if len(generators) == self.plan.world:
            _set_generators(generators[self.accelerator.process_index], self.accelerator.device)
        else:
            # By another number of processes: the result is another, too, but none may repeat the draws of another one.
            set_seed(self.recipe.seed + self.standing.update, device_specific=True)

    def run(self, progress: Progress) -> dict[str, float]:
        """Train to the end; returns the figures of the weights that were kept."""
        config, standing, first = self.config, self.standing, self.accelerator.is_main_process
        evaluate_at = {round((k + 1) * self.plan.updates / config.evals) for k in range(config.evals)}
        self.out.joinpath("training").mkdir(parents=True, exist_ok=True)
        if first:
            remove_leftovers(self.out)
            self.log.cut(standing.update)
        with progress.run(self.plan.updates, standing.update, enabled=first) as show:
            batches = self.plan.from_update(standing.update, self.accelerator.process_index)
            for batch in _collated(self.head, self.examples, batches, self.accelerator.device):
                loss = self._update(batch)
                tokens = int(batch.lengths.sum()) * self.plan.world
                show.update(loss, tokens, float(self.schedule.get_last_lr()[0]))
                if standing.update in evaluate_at:
                    self._validate(loss, show)
                    if config.patience and standing.since_best >= config.patience:
                        break
        if self.valid and first:
            kept = load_model(self.out)
            with torch.no_grad():
                kept.calibrate(self.valid)
            save_model(kept, self.out)
        self.accelerator.wait_for_everyone()
        return standing.saved

    def _update(self, batch: Batch) -> float:
        """One step of the optimizer; returns the loss of a prediction."""
        accelerator, world = self.accelerator, self.plan.world
        self.head.train()
        with accelerator.autocast():
            nll, n = self.trainee(batch)
        # Gradients are averaged over processes: scale so that every prediction weighs the same.
        everywhere = accelerator.reduce(n.float().to(accelerator.device)) if world > 1 else n
        accelerator.backward(nll * world / everywhere)
        accelerator.clip_grad_norm_(self.head.parameters(), self.config.clip)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad()
        if self.ema is not None:
            self.ema.update_parameters(self.head)
        self.standing.update += 1
        loss: float = nll.item() / n.item()
        if not math.isfinite(loss):
            raise UserError(
                f"the loss is {loss} at update {self.standing.update}: lower train.lr (now {self.config.lr})"
            )
        return loss

    def _validate(self, loss: float, show: Progress) -> None:
        """Measure the weights, keep them if they are to be kept, and write down where the training stands."""
        self.accelerator.wait_for_everyone()
        weights = self.head if self.ema is None else cast(Head, self.ema.module)
        figures = evaluate_batches(weights, self.valid, self.config.bf16) if self.valid else {"nll": loss}
        keep = self.standing.judge(figures, keep_last=self.config.keep == "last")
        device = self.accelerator.device
        generators = self.accelerator.gather(_generators(device)[None].to(device)).cpu()
        if not self.accelerator.is_main_process:
            return
        if keep:
            save_model(weights, self.out)
        show.figures(self.standing.update, figures, keep)
        self.log.add({"update": self.standing.update, "loss": loss, "time": time.time(), **figures})
        write_state(self.out / STATE, self.recipe, self._stateful, self.standing, list(generators))


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


def _generators(device: torch.device) -> Tensor:
    """The states of this process's random generators, bytes one after the other: the CPU's and, where there is one, the
    GPU's."""
    states = [torch.get_rng_state()]
    return torch.cat([*states, torch.cuda.get_rng_state(device)] if device.type == "cuda" else states)


def _set_generators(states: Tensor, device: torch.device) -> None:
    own = torch.get_rng_state().numel()  # clones: torch reads the storage from its start, whatever the view
    torch.set_rng_state(states[:own].clone())
    if device.type == "cuda" and len(states) > own:
        torch.cuda.set_rng_state(states[own:].clone(), device)


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
