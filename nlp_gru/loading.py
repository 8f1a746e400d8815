"""The Python API for inference: `load`, which gives one of a class for each tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, overload

from nlp_gru.errors import MAX_THREADS, UserError, optional, shortened, whole_number
from nlp_gru.model_folder.bundled import find_model
from nlp_gru.model_folder.config import is_bot, sums
from nlp_gru.onnx_engine.folder import load_onnx
from nlp_gru.text.word_list import bundled_words
from nlp_gru.tools.chat.chatbot import ChatBot
from nlp_gru.tools.faq.bot import FaqBot
from nlp_gru.tools.keyboard.keyboard import Keyboard
from nlp_gru.tools.sentiment import SentimentAnalyser
from nlp_gru.tools.similarity.encoder import TextEncoder
from nlp_gru.tools.translation.translator import Translator

Engine = Literal["auto", "onnx", "torch"]
TOOLS: dict[str, Any] = {
    "similarity": TextEncoder,
    "sentiment": SentimentAnalyser,
    "next_word": Keyboard,
    "translation": Translator,
    "chat": ChatBot,
}


@overload
def load(name: Literal["sentiment"], engine: Engine = ..., threads: int = ...) -> SentimentAnalyser: ...
@overload
def load(name: Literal["next_word"], engine: Engine = ..., threads: int = ...) -> Keyboard: ...
@overload
def load(name: Literal["translation", "translation-fr-en"], engine: Engine = ..., threads: int = ...) -> Translator: ...
@overload
def load(name: Literal["chat"], engine: Engine = ..., threads: int = ...) -> ChatBot: ...
@overload
def load(name: Literal["similarity"], engine: Engine = ..., threads: int = ...) -> TextEncoder: ...
@overload
def load(name: str | Path, engine: Engine = ..., threads: int = ...) -> Any: ...
def load(name: str | Path, engine: Engine = "auto", threads: int = 1) -> Any:
    """A bundled model by name ("sentiment", "next_word", "translation", "translation-fr-en", "chat", "similarity") or a model folder, ready to be called. Never reaches the network.

    engine: "onnx" answers several times faster, in int8 through ONNX Runtime and without torch; "torch" is the readable
    reference, in float32; "auto" is the first wherever it knows the model's layers. threads: of the first one, for each
    call; torch has its own setting. Raises `UserError` when there is no such model, its folder is damaged or not one of
    ours, or the engine does not know its layers.
    """
    if engine not in ("auto", "onnx", "torch"):
        raise UserError(f"engine is 'auto', 'onnx' or 'torch', not {shortened(str(engine))}")
    threads = whole_number("threads", threads, 1, MAX_THREADS)
    folder = find_model(name)
    if is_bot(folder):
        return FaqBot.load(folder)  # of vectors and words: no engine is needed but the encoder's
    if engine != "torch":
        found = load_onnx(folder, threads)
        if found is not None:
            return _tool(*found, folder)
        if engine == "onnx":
            raise UserError(
                f"{folder}: the ONNX engine knows GRUs without convolution and LayerNorm; use engine='torch'"
            )
    with optional():
        from nlp_gru.heads import HEADS
        from nlp_gru.heads.checkpoint import load_model

    head = load_model(folder)
    kind = next(n for n, c in HEADS.items() if type(head) is c)
    if kind not in TOOLS:
        raise UserError(f"{name}: it is a base to start training from, not a tool to call")
    return _tool(kind, head, folder)


def _tool(kind: str, model: Any, folder: Path) -> Any:
    """The tool over a model: a keyboard with the words that lie in the model's folder, an encoder with the sum of its weights."""
    if kind == "next_word":
        return Keyboard(model, words=bundled_words(folder))
    return TextEncoder(model, sums(folder)["model.safetensors"]) if kind == "similarity" else TOOLS[kind](model)
