"""Where a training stands, on the disk: what a resumed one goes on from, and the log of its figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import atomic_torch_save, naming
from nlp_gru.training.recipe import Recipe

STATE = Path("training/state.pt")


@dataclass
class Standing:
    """update: how many are done; best, saved: figures of the best weights and of those that are kept; since_best:
    validations since the best one."""

    update: int = 0
    best: dict[str, float] = field(default_factory=dict)
    saved: dict[str, float] = field(default_factory=dict)
    since_best: int = 0

    def judge(self, figures: dict[str, float], keep_last: bool) -> bool:
        """Take note of a validation; returns whether its weights are to be kept. The first figure decides: lower is
        better."""
        better = not self.best or next(iter(figures.values())) < next(iter(self.best.values()))
        self.since_best = 0 if better else self.since_best + 1
        self.best = figures if better else self.best
        keep = better or keep_last
        self.saved = figures if keep else self.saved
        return keep


@dataclass(frozen=True)
class Log:
    """training/log.jsonl: a line for each validation."""

    path: Path

    def add(self, line: Mapping[str, float]) -> None:
        with naming(self.path), open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def cut(self, update: int) -> None:
        """Leave what was logged up to `update`: a kill may have come between a line and its state, or within a line."""
        kept = []
        for line in self.path.read_text(encoding="utf-8").splitlines() if update and self.path.exists() else ():
            with suppress(ValueError, TypeError, KeyError):
                if json.loads(line)["update"] <= update:
                    kept.append(line + "\n")
        self.path.write_text("".join(kept), encoding="utf-8")


def write_state(
    path: Path, recipe: Recipe, stateful: Mapping[str, Any], standing: Standing, generators: list[torch.Tensor]
) -> None:
    """stateful: what has a `state_dict`, by name; generators: of random numbers, the state of each process's."""
    state = {name: owner.state_dict() for name, owner in stateful.items()}
    atomic_torch_save({"recipe": recipe.model_dump_json(), "rng": generators, **asdict(standing), **state}, path)


def read_state(path: Path, recipe: Recipe, stateful: Mapping[str, Any]) -> tuple[Standing, list[torch.Tensor]]:
    """Put `stateful` back where it was; returns the generators of the processes as well. Raises `UserError` for no
    state, a damaged one, and one of other settings."""
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
    for name, owner in stateful.items():
        owner.load_state_dict(state[name])
    generators = state["rng"] if isinstance(state["rng"], list) else [state["rng"]]  # one: of an earlier version
    return Standing(state["update"], state["best"], state["saved"], state["since_best"]), generators
