"""Which examples make up which update of a training."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nlp_gru.text.batching import bucket
from nlp_gru.training.recipe import TrainConfig


@dataclass(frozen=True)
class Plan:
    """Which examples make up which update, a pure function of the recipe: nothing to save, nothing to lose."""

    sizes: list[tuple[int, ...]]
    config: TrainConfig
    seed: int
    world: int

    def batches(self, epoch: int) -> list[list[int]]:
        if epoch == 0:
            return self._first
        return bucket(self.sizes, self.config.batch_tokens, self.seed * 1000 + epoch, self.config.batch_rows)

    @cached_property
    def _first(self) -> list[list[int]]:
        return bucket(self.sizes, self.config.batch_tokens, self.seed * 1000, self.config.batch_rows)

    @cached_property
    def updates_per_epoch(self) -> int:
        return max(len(self._first) // self.world, 1)

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
