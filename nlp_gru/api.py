"""The Python API for inference: `load`, which gives one of a class for each tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, overload

from nlp_gru.bundled import find_model
from nlp_gru.chatbot import ChatBot
from nlp_gru.errors import UserError, optional, shortened, whole_number
from nlp_gru.faq import FaqBot
from nlp_gru.folder import is_bot, sums
from nlp_gru.keyboard import Keyboard
from nlp_gru.limits import MAX_THREADS
from nlp_gru.sentiment import SentimentAnalyser
from nlp_gru.similarity import TextEncoder
from nlp_gru.translator import Translator
from nlp_gru.words import bundled_words

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
        from nlp_gru.runtime.folder import load_runtime

        found = load_runtime(folder, threads)
        if found is not None:
            return _tool(*found, folder)
        if engine == "onnx":
            raise UserError(
                f"{folder}: the ONNX engine knows GRUs without convolution and LayerNorm; use engine='torch'"
            )
    with optional():
        from nlp_gru.checkpoint import load_model
        from nlp_gru.heads import HEADS

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
