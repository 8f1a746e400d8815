"""The model folder: config.json, model.safetensors, tokenizer.json and README.md, the model card. No pickle.

Matrices are stored as int8 rows, each with a scale (the largest magnitude of a row becomes 127), everything else as
float32; loading widens to float32. That is a quarter of float32 and half of float16.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from nlp_gru.errors import UserError, shortened
from nlp_gru.heads import HEADS
from nlp_gru.heads.head import Head
from nlp_gru.model_folder.files import write_whole
from nlp_gru.model_folder.folder import FolderConfig, ModelFolder, sha256
from nlp_gru.model_folder.weights import SCALE, Weights, widened
from nlp_gru.text.tokenizer import read_tokenizer

SAVING = ".saving-"  # what a folder's name begins with while files are written into it


def quantize(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices -> int8 rows with float32 scales under `name + SCALE`; vectors stay float32, integers what they are."""
    stored: dict[str, Tensor] = {}
    for name, value in state.items():
        if not value.is_floating_point():
            stored[name] = value
            continue
        value = value.detach().float().contiguous().cpu()
        if value.ndim < 2:
            stored[name] = value
            continue
        rows = value.flatten(1)
        scale = rows.abs().amax(1).clamp_min(1e-12) / 127
        stored[name] = (rows / scale[:, None]).round().to(torch.int8).view(value.shape)
        stored[name + SCALE] = scale
    return stored


def read_state(path: Path, wanted: dict[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `quantize`, for a model whose state has the names, dtypes and shapes of `wanted`. Raises
    `UserError`."""
    weights = Weights(path)
    names = {torch.float32: "F32", torch.int32: "I32"}
    state = {}
    for name, value in wanted.items():
        stored, scale = weights.stored(name, names[value.dtype], tuple(value.shape))
        state[name] = torch.from_numpy(widened(stored, scale))
    weights.done()
    return state


def save_model(head: Head, folder: str | Path, card: str = "") -> None:
    """Write the model folder; an older one of that name is replaced file by file, each in one step.

    The weights come last but for config.json: a folder whose saving was cut short is not taken for a whole one.
    """
    folder = Path(folder)
    name = next(n for n, kind in HEADS.items() if type(head) is kind)
    with naming(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write_model(head, name, folder, card)


def _write_model(head: Head, name: str, folder: Path, card: str) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=SAVING) as temporary:
        new = Path(temporary)
        head.tokenizer.save(new / "tokenizer.json")
        (new / "model.safetensors").write_bytes(save(quantize(head.state_dict())))  # save_file names no full disk
        config = FolderConfig(
            head=name,
            model=head.config,
            options=head.options.model_dump(),
            sha256={
                "tokenizer.json": sha256(new / "tokenizer.json"),
                "model.safetensors": sha256(new / "model.safetensors"),
            },
        )
        (new / "config.json").write_text(config.model_dump_json(indent=2) + "\n", encoding="utf-8")
        if card:
            (new / "README.md").write_text(card, encoding="utf-8")
        for file in ("README.md", "tokenizer.json", "model.safetensors", "config.json"):
            if (new / file).exists():
                os.replace(new / file, folder / file)


def load_model(name: str | Path) -> Head:
    """A bundled model by name or a model folder, ready for inference.

    Raises `UserError` when there is no such model or the folder is damaged or not one of ours.
    """
    folder = ModelFolder(name)
    kind = HEADS.get(folder.head)
    if kind is None:
        raise UserError(
            f"{folder.path}: config.json names the head {shortened(folder.head)}; known are {', '.join(HEADS)}"
        )
    tokenizer, options = read_tokenizer(folder), folder.options(kind.Options)
    with torch.device("meta"):  # shapes alone: a config that lies about its size takes no memory
        head = kind.build(folder.config.model, options, tokenizer)
    head.load_state_dict(read_state(folder.weights, head.state_dict()), assign=True)
    folder.check()
    return head.eval()


def start_from(head: Head, other: Head, same_vocabulary: bool = True) -> list[str]:
    """Copy into `head` the weights of another model wherever name and shape agree, and what the head itself can adopt;
    returns their names. Without the `same_vocabulary`, only the layers between embedding and output are copied.

    Raises `UserError` when the vocabularies differ (token ids would change their meaning) or nothing fits.
    """
    if same_vocabulary and other.tokenizer.backend.get_vocab() != head.tokenizer.backend.get_vocab():
        raise UserError("the start model's vocabulary is another one, so its weights mean nothing in the new model")
    own = head.state_dict()
    fitting = {k: v for k, v in other.state_dict().items() if k in own and own[k].shape == v.shape}
    if not same_vocabulary:
        weights = dict(other.named_parameters())  # a buffer is what a model knows of its own words
        fitting = {k: v for k, v in fitting.items() if k in weights and v.shape[:1] != (len(other.tokenizer),)}
    head.load_state_dict(fitting, strict=False)
    started = {*fitting, *(head.init_from(other) if same_vocabulary else ())}
    if not any(".layers." in name for name in started):
        raise UserError("no layer of the start model has the shape that the recipe's [model] asks for")
    return sorted(started)


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """An `OSError` that names no file, as that of a full disk, names `place`."""
    try:
        yield
    except OSError as error:
        raise error if error.filename else OSError(error.errno, error.strerror, str(place)) from None


def remove_leftovers(folder: Path) -> None:
    """What savings that were killed have left in a model folder."""
    for unfinished in folder.glob(SAVING + "*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    for unfinished in folder.glob("training/*.part"):
        unfinished.unlink(missing_ok=True)


def atomic_torch_save(state: dict[str, Any], path: Path) -> None:
    """Training state, written beside and moved into place: a full disk or a kill leaves the last good one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = io.BytesIO()
    torch.save(state, data)  # not to the file, where it would not say that the disk is full
    write_whole(path, data.getbuffer())
