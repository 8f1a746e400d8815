"""The Python API for inference: `load`, which gives one of a class for each tool.

(A module named `load` would hide the function `nlp_gru.load` as soon as somebody imports it.)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, overload

from nlp_gru.errors import MAX_THREADS, UserError, optional, shortened, whole_number
from nlp_gru.model_folder.bundled import find_model
from nlp_gru.model_folder.folder import head_name
from nlp_gru.onnx_engine.folder import load_onnx
from nlp_gru.tools.chat.chatbot import ChatBot
from nlp_gru.tools.keyboard.keyboard import Keyboard
from nlp_gru.tools.registry import TOOLS, Tool
from nlp_gru.tools.sentiment import SentimentAnalyser
from nlp_gru.tools.similarity.encoder import TextEncoder
from nlp_gru.tools.translation.translator import Translator

Engine = Literal["auto", "onnx", "torch"]


@overload
def load(name: Literal["sentiment"], engine: Engine = ..., threads: int = ...) -> SentimentAnalyser: ...
@overload
def load(
    name: Literal["next_word", "autocomplete"],
    engine: Engine = ...,
    threads: int = ...,
    *,
    layout: str = ...,
    blocklist: bool = ...,
) -> Keyboard: ...
@overload
def load(name: Literal["translation", "translation-fr-en"], engine: Engine = ..., threads: int = ...) -> Translator: ...
@overload
def load(
    name: Literal["chat"], engine: Engine = ..., threads: int = ..., *, contacts: Mapping[str, str] = ...
) -> ChatBot: ...
@overload
def load(name: Literal["similarity"], engine: Engine = ..., threads: int = ...) -> TextEncoder: ...
@overload
def load(name: str | Path, engine: Engine = ..., threads: int = ..., **options: Any) -> Any: ...
def load(name: str | Path, engine: Engine = "auto", threads: int = 1, **options: Any) -> Any:
    """Return a tool over a bundled model ("sentiment", "next_word", "translation", "translation-fr-en", "chat",
    "similarity") or a model folder. Never reaches the network.

    engine: "onnx" answers several times faster, in int8 through ONNX Runtime and without torch; "torch" is the readable
    reference, in float32; "auto" is the first wherever it knows the model's layers. threads: of the first one, for each
    call; torch has its own setting. options: of the tool's own, as `layout` and `blocklist` of `Keyboard`, and
    `contacts` of `ChatBot`. Raise `UserError` when there is no such model, its folder is damaged or not one of
    ours, the engine does not know its layers, or the tool has no such option.
    """
    if engine not in ("auto", "onnx", "torch"):
        raise UserError(f"engine is 'auto', 'onnx' or 'torch', not {shortened(str(engine))}")
    threads = whole_number("threads", threads, 1, MAX_THREADS)
    folder = find_model(name)
    tool = TOOLS.get(head_name(folder))
    for option in options:
        if tool is None or option not in tool.options:
            known = " and ".join(tool.options if tool else ())
            raise UserError(
                f"{name}: no option {shortened(option)} is known; {f'there is {known}' if known else 'it has none'}"
            )
    if tool is not None and tool.open is not None:
        return tool.open(folder)
    model = None if engine == "torch" else load_onnx(folder, threads)
    if model is None and engine == "onnx":
        raise UserError(f"{folder}: the ONNX engine knows GRUs without convolution and LayerNorm; use engine='torch'")
    return _made(tool, _torch_head(folder) if model is None else model, folder, options)


def _torch_head(folder: Path) -> Any:
    with optional():
        from nlp_gru.heads.checkpoint import load_model
    return load_model(folder)


def _made(tool: Tool | None, model: Any, folder: Path, options: Mapping[str, Any]) -> Any:
    if tool is None or tool.make is None:
        raise UserError(f"{folder}: it is a base to start training from, not a tool to call")
    return tool.make(model, folder, **options)
