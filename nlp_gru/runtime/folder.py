"""From a model folder to a model of the runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp_gru.errors import UserError
from nlp_gru.folder import check_sums, read_config, read_tokenizer
from nlp_gru.recipe import (
    ChatOptions,
    NextWordOptions,
    SentimentOptions,
    SimilarityOptions,
    TranslationOptions,
    validate,
)
from nlp_gru.runtime.chat import Chat
from nlp_gru.runtime.encoder import runs
from nlp_gru.runtime.meaning import Meaning
from nlp_gru.runtime.next_word import NextWord
from nlp_gru.runtime.sentiment import SentimentModel
from nlp_gru.runtime.translation import Translation
from nlp_gru.runtime.weights import Weights

MODELS: dict[str, tuple[Any, Any]] = {
    "similarity": (Meaning, SimilarityOptions),
    "sentiment": (SentimentModel, SentimentOptions),
    "next_word": (NextWord, NextWordOptions),
    "translation": (Translation, TranslationOptions),
    "chat": (Chat, ChatOptions),
}


def load_runtime(folder: Path, threads: int = 1) -> tuple[str, Any] | None:
    """The head's name and the model; None where the runtime does not know the model's layers.

    Raises `UserError` when the folder is damaged or not one of ours.
    """
    config = read_config(folder)
    if config.head not in MODELS or not runs(config.model):
        return None
    kind, options = MODELS[config.head]
    checked = validate(options, config.options, str(folder / "config.json"))
    if config.head in ("similarity", "translation", "chat") and not config.model.bidirectional:
        raise UserError(f"{folder}: config.json does not fit the head {config.head}, which reads in both directions")
    weights = Weights(folder / "model.safetensors")
    model = kind(config.model, checked, read_tokenizer(folder), weights, threads)
    weights.done()
    check_sums(folder, config)
    return config.head, model
