"""Models in the form that JavaScript reads: graphs for ONNX Runtime over one file of weights, tables, and what a tool
has beside them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import nlp_gru
from nlp_gru.arrays import Array
from nlp_gru.model_folder.bundled import PRETRAINED, SHARED_TOKENIZER, find_model
from nlp_gru.model_folder.folder import ModelFolder, head_name
from nlp_gru.model_folder.weights import SCALE, narrowed
from nlp_gru.onnx_engine.proto import Outside
from nlp_gru.text.word_list import WORDS_FILE
from nlp_gru.tools.chat import prepared, safety
from nlp_gru.tools.chat.ranking import CONTEXT, REPLY
from nlp_gru.tools.faq.background import FOLDER, background
from nlp_gru.tools.registry import TOOLS
from nlp_gru.tools.similarity.encoder import bundled_encoder
from nlp_gru.tools.translation.dictionary import DICTIONARY
from nlp_gru.tools.translation.language import LANGUAGES, NAMES

BOT = "faq"  # the head of what has no network of its own
ENCODER, SMALL_TALK = "similarity", "chat"  # the bundled models that other tools stand on


@dataclass
class Content:
    """What a model's folder holds beside its graphs. tables: arrays by name; files: bytes by name."""

    config: bytes
    tables: dict[str, Array] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def put_rows(self, name: str, rows: Array) -> None:
        """Add a matrix as int8 rows, each with its scale; one without rows is left out."""
        if len(rows):
            self.tables[name], self.tables[name + SCALE] = narrowed(rows)

    def put_json(self, name: str, value: Any) -> None:
        self.files[name] = json.dumps(value, ensure_ascii=False).encode()


def write(out: Path, name: str) -> dict[str, Any]:
    """Write a model's files into a folder named by its content, which a browser may keep for ever, and return its entry
    in models.json. Raises `UserError` for a model that the ONNX engine does not know."""
    tool: Any = nlp_gru.load(name, engine="onnx")
    folder = find_model(name)
    content = EXTRAS.get(type(tool), _plain)(tool, folder)
    models = out / "models"
    models.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".writing-") as temporary:
        draft = Path(temporary)
        _fill(draft, _model(tool), content)
        files = sorted(p.name for p in draft.iterdir())
        place = f"models/{folder.name}-{sum_of([(draft / file).read_bytes() for file in files])}"
        shutil.copytree(draft, out / place, dirs_exist_ok=True)
        (out / place).chmod(0o755)  # that of a temporary folder is for one user alone, and a web server is another
    paths = [f"{place}/{file}" for file in files]
    entry = _entry(folder, tool)
    if head_name(folder) != BOT:
        tokens = ModelFolder(folder).tokenizer.read_bytes()
        entry["tokenizer"] = f"models/tokenizer-{sum_of([tokens])}.json"
        (out / entry["tokenizer"]).write_bytes(tokens)
        paths.append(entry["tokenizer"])
    return entry | {"folder": place, "files": {path: _known((out / path).read_bytes()) for path in paths}}


def needed(name: str) -> list[str]:
    """The bundled models that a model's tool stands on."""
    folder = find_model(name)
    if head_name(folder) == BOT:
        options = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("options", {})
        return [ENCODER, SMALL_TALK] if options.get("small_talk") else [ENCODER]
    return [ENCODER] if ModelFolder(folder).head == "chat" else []


def _fill(draft: Path, model: Any, content: Content) -> None:
    outside = Outside(draft / "weights.bin")
    for name, graph in (model.graphs if model is not None else {}).items():
        (draft / f"{name}.onnx").write_bytes(graph.model(narrow=True, outside=outside))
    for name, value in content.tables.items():
        outside.put(name, value)
    outside.write()
    places = outside.table()
    (draft / "tables.json").write_text(json.dumps({name: places[name] for name in content.tables}))
    (draft / "config.json").write_bytes(content.config)
    for name, data in content.files.items():
        (draft / name).write_bytes(data)


def _entry(folder: Path, tool: Any) -> dict[str, Any]:
    if head_name(folder) == BOT:
        stands_on = {"encoder": ENCODER} | ({"smallTalk": SMALL_TALK} if tool.options.small_talk else {})
        return {"name": folder.name, "title": folder.name, "head": "faq", "needs": stands_on}
    config = ModelFolder(folder).config
    languages = {key: config.options[key] for key in ("source", "target") if config.head == "translation"}
    title = " → ".join(languages.values()) or TOOLS[config.head].title
    bundled = folder.parent == PRETRAINED or folder.name in (config.head, *languages)
    needs = {"needs": {"encoder": ENCODER}} if config.head == "chat" else {}
    title = title if bundled else f"{title} ({folder.name})"
    return {"name": folder.name, "title": title, "head": config.head, **languages, **needs}


def _plain(tool: Any, folder: Path) -> Content:
    return Content((folder / "config.json").read_bytes(), dict(_model(tool).tables()))


def _model(tool: Any) -> Any:
    """The model under a tool; None where it has none of its own."""
    return getattr(tool, "model", None)


def _of_keyboard(tool: Any, folder: Path) -> Content:
    content = _plain(tool, folder)
    content.files["blocklist.bin"] = (PRETRAINED / "blocklist.bin").read_bytes()
    words = tool.known.words
    if words is not None:
        content.files["words.bin"] = words.packed()
        content.tables["words.first"] = words.first_tokens(tool.model.tokenizer)[0].astype(np.int32)
    return content


def _of_translation(tool: Any, folder: Path) -> Content:
    """With all options, and how often each token stands in English and in French, where the tool tells them apart."""
    content = _plain(tool, folder)
    config = json.loads(content.config) | {"options": tool.model.options.model_dump(mode="json")}
    content.config = json.dumps(config).encode()
    is_shared = ModelFolder(folder).tokenizer.read_bytes() == SHARED_TOKENIZER.read_bytes()
    if is_shared and {tool.source, tool.target} == set(NAMES):
        content.tables["languages"] = np.asarray(LANGUAGES.log_p, np.float32)
    if {tool.source, tool.target} == set(NAMES):
        content.put_json("words.json", DICTIONARY.words[tool.source])
    return content


def _of_chat(tool: Any, folder: Path) -> Content:
    content = _plain(tool, folder)
    if tool.model.options.ready:
        content.put_rows("ready", tool.questions)
    if tool.bank is not None:
        content.put_rows("bank", tool.bank.rows)
        content.put_rows("bank.onto", tool.bank.onto)
        content.put_json("bank.json", [[(r.text, sorted(r.about)) for r in own] for own in tool.bank.replies])
    order = tool.ranking
    if order is not None:
        content.put_json("ranking.json", {"general": list(order.general), "sizes": list(order.sizes)})
        content.put_rows("ranking.rows", order.rows)
        content.put_rows("ranking.onto", order.onto)
        content.put_rows("ranking.mood", order.mood)
        content.tables["ranking.mood_bias"] = np.asarray(order.mood_bias, np.float32)
        for name, side in ((CONTEXT, order.context), (REPLY, order.reply)):
            for part in ("hidden", "output", "direct"):
                content.put_rows(f"ranking.{name}.{part}", getattr(side, part))
            for part in ("hidden_bias", "bias"):
                content.tables[f"ranking.{name}.{part}"] = np.asarray(getattr(side, part), np.float32)
    content.files["words.bin"] = (PRETRAINED / "next_word" / WORDS_FILE).read_bytes()
    network = prepared.danger(bundled_encoder().sha256)
    if network is None:
        rows = list(csv.DictReader(io.StringIO(safety.EXAMPLES.read_text(encoding="utf-8"), newline="")))
        content.put_rows("danger", bundled_encoder().encode([row["text"] for row in rows]))
        content.put_json("danger.json", [row["kind"] for row in rows])
        return content
    for name in ("hidden", "output"):
        content.put_rows(f"danger.{name}", getattr(network, name))
        content.tables[f"danger.{name}.bias"] = np.asarray(getattr(network, f"{name}_bias"), np.float32)
    content.put_rows("danger.words", network.words[None])
    content.tables["danger.words.bias"] = np.array([network.words_bias], np.float32)
    content.tables["danger.threshold"] = np.array([network.threshold], np.float32)
    return content


def _of_bot(tool: Any, folder: Path) -> Content:
    """A bot's questions and answers, and what was learned from them."""
    content = Content(json.dumps({"head": "faq", "options": tool.options.model_dump()}).encode())
    content.files["words.bin"] = (PRETRAINED / "next_word" / WORDS_FILE).read_bytes()
    index, known = tool.index, background()
    manners = json.loads((FOLDER / "manners.json").read_text(encoding="utf-8"))
    content.put_rows("questions", tool.vectors)
    content.put_rows("answers", tool.answer_vectors)
    content.put_rows("background", index.background)
    content.put_rows("manners", bundled_encoder().encode([text for entry in manners for text in entry["examples"]]))
    content.tables["mean"] = np.asarray(known.mean, np.float32)
    if index.fit is not None:
        content.tables["fit"] = np.ascontiguousarray(index.fit.weights.T, np.float32)
    content.put_json(
        "bot.json",
        {
            "rows": tool.rows,
            "shift": tool.shift,
            "words": known.words,
            "wordRows": known.rows,
            "manners": manners,
        },
    )
    return content


EXTRAS: Mapping[Any, Callable[[Any, Path], Content]] = {
    nlp_gru.Keyboard: _of_keyboard,
    nlp_gru.Translator: _of_translation,
    nlp_gru.ChatBot: _of_chat,
    nlp_gru.FaqBot: _of_bot,
}


def _known(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def sum_of(parts: list[bytes]) -> str:
    """Return twelve digits that tell contents apart."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:12]
