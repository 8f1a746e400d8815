"""From a model folder to a model of this engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp_gru.errors import UserError
from nlp_gru.model_folder.folder import ModelFolder
from nlp_gru.model_folder.options import (
    ChatOptions,
    NextWordOptions,
    SentimentOptions,
    SimilarityOptions,
    TranslationOptions,
)
from nlp_gru.onnx_engine.chat import OnnxChat
from nlp_gru.onnx_engine.encoder import runs
from nlp_gru.onnx_engine.next_word import OnnxNextWord
from nlp_gru.onnx_engine.sentiment import OnnxSentiment
from nlp_gru.onnx_engine.similarity import OnnxSimilarity
from nlp_gru.onnx_engine.translation import OnnxTranslation
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.tokenizer import read_tokenizer

MODELS: dict[str, tuple[Any, Any]] = {
    "similarity": (OnnxSimilarity, SimilarityOptions),
    "sentiment": (OnnxSentiment, SentimentOptions),
    "next_word": (OnnxNextWord, NextWordOptions),
    "translation": (OnnxTranslation, TranslationOptions),
    "chat": (OnnxChat, ChatOptions),
}


def load_onnx(name: str | Path, threads: int = 1) -> Any:
    """Return the model of a folder, or a bundled one's; None where this engine does not know the model's layers.

    Raises `UserError` when the folder is damaged or not one of ours.
    """
    folder = ModelFolder(name)
    head, config = folder.head, folder.config.model
    if head not in MODELS or not runs(config):
        return None
    kind, options = MODELS[head]
    checked = folder.options(options)
    if head in ("similarity", "translation", "chat") and not config.bidirectional:
        raise UserError(f"{folder.path}: config.json does not fit the head {head}, which reads in both directions")
    weights = Weights(folder.weights)
    model = kind(config, checked, read_tokenizer(folder), weights, threads)
    weights.done()
    folder.check()
    return model
