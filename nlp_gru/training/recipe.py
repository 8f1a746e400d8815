"""Every setting, declared once. A recipe is a TOML file of these tables; an unknown or misplaced key is an error.

seed = 1
head = "sentiment"
[model]            # ModelConfig: the shape of the network, saved with the weights
[data]             # DataConfig: which files
[train]            # TrainConfig: how long and how fast
[sentiment]        # options of the head, declared beside it
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from nlp_gru.errors import MAX_RECIPE_BYTES, MAX_TRAINING_SEED, MAX_UPDATES, UserError
from nlp_gru.model_folder.options import (
    BaseOptions,
    ChatOptions,
    FaqOptions,
    ModelConfig,
    NextWordOptions,
    SentimentOptions,
    SimilarityOptions,
    Strict,
    TranslationOptions,
    validate,
)

RECIPES = Path(__file__).parents[1] / "recipes"


class DataConfig(Strict):
    train: list[str] = Field(default_factory=list, description="files, or hub ids as hub:owner/name")
    valid: list[str] = Field(default_factory=list, description="empty: a tenth of train is held out")
    columns: dict[str, str] = Field(default_factory=dict, description="the files' own names, as text = 'review'")
    encoding: str = Field("", description="of files that are neither UTF-8 nor marked as UTF-16, such as cp1252")
    max_length: int = Field(400, ge=2, le=100_000, description="tokens of a text; what the head does beyond is its own")


class TrainConfig(Strict):
    epochs: float = Field(1.0, gt=0, le=10_000)
    least_updates: int = Field(
        0, ge=0, le=MAX_UPDATES, description="updates even where the files are so small that `epochs` are fewer"
    )
    batch_tokens: int = Field(4096, ge=1, le=10_000_000, description="tokens of a batch in one process")
    batch_rows: int = Field(
        0, ge=0, le=1_000_000, description="most rows of a batch: short ones get updates of their own; 0: any"
    )
    lr: float = Field(1e-3, gt=0, le=10)
    start_lr_scale: float = Field(1.0, gt=0, le=1, description="factor on lr for the layers that came from `start`")
    warmup: float = Field(0.05, ge=0, lt=1, description="share of all updates with a rising learning rate")
    weight_decay: float = Field(0.0, ge=0, le=1000)
    clip: float = Field(1.0, gt=0, le=1e12, description="largest norm of the gradient")
    ema: float = Field(0.0, ge=0, lt=1, description="decay of the averaged weights that are validated and kept; 0: off")
    evals: int = Field(4, ge=1, le=10_000, description="validations, evenly spread over the training")
    keep: Literal["best", "last"] = Field("best", description="the weights of the best validation, or those of the end")
    patience: int = Field(0, ge=0, le=10_000, description="stop after so many validations without a new best; 0: never")
    frozen: list[str] = Field(
        default_factory=list, description="parameters that stay as they are, by the start of their names"
    )
    bf16: bool = True


class Recipe(Strict):
    head: Literal["base", "similarity", "sentiment", "next_word", "translation", "chat", "faq"]
    seed: int = Field(1, ge=0, le=MAX_TRAINING_SEED)
    start: str = Field("", description="a bundled model's name or a model folder to start from; empty: random weights")
    model: ModelConfig = ModelConfig()
    data: DataConfig = DataConfig()
    train: TrainConfig = TrainConfig()
    base: BaseOptions = BaseOptions()
    similarity: SimilarityOptions = SimilarityOptions()
    sentiment: SentimentOptions = SentimentOptions()
    next_word: NextWordOptions = NextWordOptions()
    translation: TranslationOptions = TranslationOptions()
    chat: ChatOptions = ChatOptions()
    faq: FaqOptions = FaqOptions()

    @property
    def options(self) -> Strict:
        """The table of this recipe's own head."""
        table: Strict = getattr(self, self.head)
        return table


def load_recipe(name: str | Path, overrides: dict[str, Any] | None = None) -> Recipe:
    """A bundled recipe by name, or a TOML file; `overrides` maps dotted keys to values ("train.lr": 0.001).

    Raises `UserError` naming the key that does not exist or the value that does not fit.
    """
    path = Path(name) if str(name).endswith(".toml") else RECIPES / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise UserError(f"{name}: no such recipe; bundled are {known}, or name a .toml file")
    if (length := path.stat().st_size) > MAX_RECIPE_BYTES:
        raise UserError(f"{path}: {length:,} bytes are too many for a recipe; the most is {MAX_RECIPE_BYTES:,}")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise UserError(f"{path}: not a TOML file that can be read: it is nested too deeply") from None
    except ValueError as error:  # of TOML, of its encoding, or of a number of more digits than Python reads
        raise UserError(f"{path}: not a TOML file: {' '.join(str(error).split())[:300]}") from None
    for key, value in (overrides or {}).items():
        table = values
        *tables, last = key.split(".")
        for part in tables:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                raise UserError(f"{key}: '{part}' is a value, not a table")
        table[last] = value
    return validate(Recipe, values, str(path))
