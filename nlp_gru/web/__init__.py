"""The tools in JavaScript: `lib/` is a library for browsers and Node, `page/` a page on it that needs no server.

`write` puts both into a folder with the models in the form that they read, and ONNX Runtime Web. Any web server that
hands out files will do (browsers run no programs from file:// addresses).
"""

from __future__ import annotations

import html
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nlp_gru
from nlp_gru import about
from nlp_gru.errors import UserError
from nlp_gru.model_folder.aliases import by_alias
from nlp_gru.model_folder.bundled import PRETRAINED, bundled_models, card, find_model
from nlp_gru.model_folder.folder import head_name
from nlp_gru.tools.registry import TOOLS
from nlp_gru.web import models
from nlp_gru.web.models import sum_of

PAGE, LIB = Path(__file__).parent / "page", Path(__file__).parent / "lib"
FORMAT = 3  # of models.json: see lib/host.js


def write(out: Path, names: Sequence[str], runtime: Mapping[str, bytes], page: bool = True) -> list[dict[str, Any]]:
    """Write the library with these models and, unless `page` is False, the page; return the entries of models.json.

    runtime: the files of ONNX Runtime Web, by name. Models of an earlier page in the folder stay where they are; their
    addresses change with their content. Raises `UserError` for a model that the ONNX engine does not know.
    """
    out.mkdir(parents=True, exist_ok=True)
    entries = [models.write(out, name) for name in names]
    content = {"format": FORMAT, "version": nlp_gru.__version__, "models": entries}
    (out / "models.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    shutil.copytree(LIB, out / "lib", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    (out / "onnxruntime").mkdir(exist_ok=True)
    for file, data in runtime.items():
        (out / "onnxruntime" / file).write_bytes(data)
    if page:
        shutil.copytree(PAGE, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        cards = {entry["name"]: card(find_model(name)) for entry, name in zip(entries, names, strict=True)}
        (out / "cards.json").write_text(json.dumps({name: text for name, text in cards.items() if text}), "utf-8")
        index = out / "index.html"
        index.write_text(index.read_text(encoding="utf-8").replace("__ABOUT__", _about()), encoding="utf-8")
        _write_worker(out, entries, runtime)
    return entries


def _about() -> str:
    """Version, licence, and where the sources are, as the installed package says it."""
    links = [f'<a href="{html.escape(address)}">{html.escape(name)}</a>' for name, address in about.addresses()]
    return " · ".join([f"nlp-gru {nlp_gru.__version__}", html.escape(about.licence()), *links])


def _write_worker(out: Path, entries: Sequence[Mapping[str, Any]], runtime: Mapping[str, bytes]) -> None:
    """The page's service worker, which knows every file and changes with them."""
    own = ["./", "models.json", "cards.json", *sorted(p.name for p in PAGE.iterdir() if p.name != "sw.js")]
    own += [f"lib/{p.name}" for p in sorted(LIB.glob("*.js"))]
    own += [f"onnxruntime/{file}" for file in sorted(runtime)]
    worker = (out / "sw.js").read_text(encoding="utf-8")
    worker = worker.replace('"__FILES__"', json.dumps(own)[1:-1])
    worker = worker.replace('"__MODELS__"', json.dumps(sorted({f for e in entries for f in e["files"]}))[1:-1])
    version = sum_of([worker.encode(), *((out / file).read_bytes() for file in own[1:])])
    (out / "sw.js").write_text(worker.replace("__VERSION__", version), encoding="utf-8")


def names(chosen: Sequence[str]) -> list[str]:
    """Return the models asked for, or all that are bundled and that JavaScript knows, and those that they stand on,
    each once by the name of its folder. Raises `UserError`."""
    wanted = [by_alias(name) for name in chosen] or [m for m in bundled_models() if head_name(find_model(m)) in TOOLS]
    folders = {find_model(name).resolve(): name for name in wanted}
    for needed in dict.fromkeys(other for name in wanted for other in models.needed(name)):
        folders.setdefault((PRETRAINED / needed).resolve(), needed)
    if len({folder.name for folder in folders}) < len(folders):
        raise UserError("two of the models are in folders of one name; the page tells them apart by it")
    for folder, name in folders.items():
        if head_name(folder) not in TOOLS:
            raise UserError(f"{name}: it is a base to start training from, not a tool to call")
    return list(folders.values())
