"""A page without a server: models, tokenizer and searches run in the browser, through ONNX Runtime Web.

`page/` has the page itself; `write` puts it into a folder with the models in the form that it reads. Any web server that hands
out files will do (browsers run no programs from file:// addresses).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.model_folder.bundled import bundled_models, find_model
from nlp_gru.model_folder.config import read_config, tokenizer_file
from nlp_gru.onnx_engine.proto import Outside

PAGE = Path(__file__).parent / "page"
TITLES = {"sentiment": "Sentiment", "next_word": "Autocomplete", "chat": "Small talk"}


def write(out: Path, names: Sequence[str], runtime: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The page with these models, and what it says of each. runtime: the files of ONNX Runtime Web, by name.

    Models of an earlier page in the folder stay where they are; their addresses change with their content. Raises `UserError`
    for a model that the ONNX engine does not know.
    """
    out.mkdir(parents=True, exist_ok=True)
    models = [_model(out, name) for name in names]
    shutil.copytree(PAGE, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (out / "models.json").write_text(json.dumps(models, indent=1), encoding="utf-8")
    (out / "onnxruntime").mkdir(exist_ok=True)
    for file, data in runtime.items():
        (out / "onnxruntime" / file).write_bytes(data)
    own = ["./", "models.json", *sorted(p.name for p in PAGE.iterdir() if p.name != "sw.js")]
    own += [f"onnxruntime/{file}" for file in sorted(runtime)]
    worker = (out / "sw.js").read_text(encoding="utf-8")
    worker = worker.replace('"__FILES__"', json.dumps(own)[1:-1])
    worker = worker.replace('"__MODELS__"', json.dumps(sorted({f for m in models for f in m["files"]}))[1:-1])
    version = _sum([worker.encode(), *((out / file).read_bytes() for file in own[1:])])
    (out / "sw.js").write_text(worker.replace("__VERSION__", version), encoding="utf-8")
    return models


def _model(out: Path, name: str) -> dict[str, Any]:
    """Write a model's files into a folder named by its content, which a browser may keep for ever."""
    tool: Any = nlp_gru.load(name, engine="onnx")
    folder = find_model(name)
    config = read_config(folder)
    models = out / "models"
    models.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".writing-") as temporary:
        draft = Path(temporary)
        outside = Outside(draft / "weights.bin")
        for graph_name, graph in tool.model.graphs.items():
            (draft / f"{graph_name}.onnx").write_bytes(graph.model(narrow=True, outside=outside))
        tables = dict(_tables(tool))
        for table, value in tables.items():
            outside.put(table, value)
        outside.write()
        places = outside.table()
        (draft / "tables.json").write_text(json.dumps({table: places[table] for table in tables}))
        shutil.copyfile(folder / "config.json", draft / "config.json")
        files = sorted(p.name for p in draft.iterdir())
        place = f"models/{folder.name}-{_sum([(draft / file).read_bytes() for file in files])}"
        shutil.copytree(draft, out / place, dirs_exist_ok=True)
    pieces = tokenizer_file(folder).read_bytes()
    tokenizer = f"models/tokenizer-{_sum([pieces])}.json"
    (out / tokenizer).write_bytes(pieces)
    languages = {key: config.options[key] for key in ("source", "target") if config.head == "translation"}
    title = " → ".join(languages.values()) or TITLES[config.head]
    return {
        "name": folder.name,
        "title": title if folder.name in (config.head, *languages) else f"{title} ({folder.name})",
        "head": config.head,
        **languages,
        "folder": place,
        "tokenizer": tokenizer,
        "files": [tokenizer, *(f"{place}/{file}" for file in files)],
        "bytes": sum((out / place / file).stat().st_size for file in files),
    }


def _tables(tool: Any) -> Iterator[tuple[str, Any]]:
    """What the page computes with outside of the graphs."""
    yield from tool.model.tables().items()
    if isinstance(tool, nlp_gru.ChatBot) and tool.model.options.ready:
        yield "ready", tool.questions.astype("float32")


def _sum(parts: Sequence[bytes]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:12]


def names(models: Sequence[str]) -> Sequence[str]:
    """The models asked for, each once by the name of its folder, or all that are bundled and have a tab. Raises `UserError`."""
    chosen = models or [
        name for name in bundled_models() if read_config(find_model(name)).head in (*TITLES, "translation")
    ]
    folders = [find_model(name).name for name in chosen]
    if len(set(folders)) < len(folders):
        raise UserError("two of the models are in folders of one name; the page tells them apart by it")
    return chosen
