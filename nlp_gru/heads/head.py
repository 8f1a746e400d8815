"""What the training loop, evaluation, model folders and the command line know of a head."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

from torch import Tensor, nn

from nlp_gru.backbone.batch import Batch
from nlp_gru.data_files.labels import HELD_OUT, hold_out
from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import UserError
from nlp_gru.model_folder.options import ModelConfig, Strict
from nlp_gru.text.tokenizer import Tokenizer

Example = Any  # what a head's `examples` makes of a row and its `collate` takes


class Head(nn.Module, ABC):
    """A head owns its encoder or decoder by composition; its parameters' names are those of the model folder."""

    Options: ClassVar[type[Strict]]  # the head's own table of the recipe
    columns: ClassVar[tuple[str, ...]]  # what a data file must have
    tokenizer: Tokenizer
    config: ModelConfig
    options: Strict

    @classmethod
    @abstractmethod
    def build(cls, config: ModelConfig, options: Any, tokenizer: Tokenizer) -> Head:
        """The untrained head."""

    @abstractmethod
    def examples(self, rows: Rows, max_length: int) -> list[Example]:
        """Columns of a data file -> training examples, each with a `len`: its number of tokens."""

    def size(self, example: Example) -> tuple[int, ...]:
        """The lengths by which examples are grouped into batches; the one that costs most comes first."""
        return (len(example),)

    def valid_length(self, max_length: int) -> int:
        """The tokens kept of a text that is validated on, where training keeps `max_length`."""
        return max_length

    @classmethod
    def train_valid_split(cls, rows: Rows, seed: int) -> tuple[Rows, Rows]:
        """Where a recipe names no valid file: (nine tenths, one tenth) of the training rows, at random in each
        group."""
        if len(rows) < 10:
            raise UserError(f"{rows.files}: {len(rows)} rows are too few to train on; 10 is the least")
        (rows,) = cls.alike(rows)
        learned, held = hold_out(cls.groups(rows), HELD_OUT, seed)
        return rows.take(learned), rows.take(held)

    @classmethod
    def alike(cls, *parts: Rows) -> tuple[Rows, ...]:
        """Parts of one data set with their cells written in one way, which one part alone might not tell."""
        return parts

    @classmethod
    def groups(cls, rows: Rows) -> Sequence[Hashable]:
        """The group of each row, such as its label, of each of which some rows are held out."""
        return [None] * len(rows)

    @classmethod
    def warning(cls, rows: Rows) -> str:
        """What a person should know of the training rows before the training, as a sentence without its full stop, or
        nothing."""
        return ""

    @classmethod
    def resolve_options(cls, options: Any, rows: Rows) -> Any:
        """The options, with what only the training rows can tell filled in."""
        return options

    @classmethod
    def vocabulary(cls, options: Any, rows: Rows, shared: Tokenizer) -> Tokenizer:
        """The tokenizer to train with: `shared`, the start model's, or one learned from the training rows."""
        return shared

    def init_from(self, other: Head) -> list[str]:
        """Take over from a start model what has another name or shape here; returns the names of those parameters."""
        return []

    def calibrate(self, batches: Sequence[Batch]) -> None:
        """After training, on the best weights: whatever is fitted on the valid rows."""

    def fit_statistics(self, examples: Sequence[Example]) -> None:
        """Whatever the head must know of the training examples before the first update."""

    @abstractmethod
    def collate(self, examples: Sequence[Example]) -> Batch:
        """Examples -> one padded batch."""

    @abstractmethod
    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """(summed negative log-likelihood, number of predictions), both scalars."""

    @abstractmethod
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Figures over held-out batches; the first one decides which weights are kept: the lower, the better."""

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        return self.loss(batch)
