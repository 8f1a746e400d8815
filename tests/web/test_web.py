"""The folder of the page without a server: what is written, and what is refused. test_browser_web.py opens it."""

import gzip
import hashlib
import json
import re

import numpy as np
import onnxruntime
import pytest
from typer.testing import CliRunner

import nlp_gru
from nlp_gru import web
from nlp_gru.cli import app
from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import save_model
from nlp_gru.model_folder.options import FaqOptions
from nlp_gru.onnx_engine.proto import Outside
from nlp_gru.text.word_list import WordList
from nlp_gru.web import runtime

pytestmark = pytest.mark.slow

RUNTIME = {name: b"..." for name in runtime.FILES}


def test_graphs_share_one_file_of_weights(tmp_path):
    (model,) = web.write(tmp_path, ["next_word"], RUNTIME)
    folder = tmp_path / model["folder"]
    assert (folder / "decoder.onnx").stat().st_size < 10_000 < (folder / "weights.bin").stat().st_size
    session = onnxruntime.InferenceSession(folder / "decoder.onnx", providers=["CPUExecutionProvider"])
    keyboard = nlp_gru.load("next_word")
    config = keyboard.model.config
    state = np.zeros((config.layers, 1, config.hidden), np.float32)
    p, _ = session.run(None, {"ids": np.array([[2, 100, 200]]), "hidden": state})
    assert np.allclose(p, keyboard.model.read([2, 100, 200], None)[0], atol=1e-7)


@pytest.mark.parametrize("name", ["sentiment", "translation", "chat"])
def test_a_model_of_ones_own(make_head, tmp_path, name):
    save_model(make_head(name), tmp_path / "mine")
    (model,) = web.write(tmp_path / "page", [str(tmp_path / "mine")], RUNTIME)
    assert model["head"] == name and model["name"] == "mine" and model["title"].endswith("(mine)")
    tables = json.loads((tmp_path / "page" / model["folder"] / "tables.json").read_text())
    size = (tmp_path / "page" / model["folder"] / "weights.bin").stat().st_size
    for table in tables.values():
        width = np.dtype(table["dtype"]).itemsize
        assert table["offset"] % width == 0 and table["offset"] + width * np.prod(table["shape"]) <= size


def test_every_file_is_there_and_kept_offline(tmp_path):
    models = web.write(tmp_path, ["sentiment", "next_word"], RUNTIME)
    worker = (tmp_path / "sw.js").read_text()
    assert "__" not in worker
    own, kept = (
        re.findall('"([^"]+)"', line) for line in worker.splitlines() if line.startswith("const ") and "[" in line
    )
    assert {f for m in models for f in m["files"]} == set(kept)
    there = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    beside = {"sw.js", "lib/package.json", *(f"lib/{p.name}" for p in web.LIB.glob("*.d.ts"))}  # read by no page
    assert there == {*own, *kept, *beside} - {"./"}
    for script in (*tmp_path.glob("*.js"), *tmp_path.glob("lib/*.js")):
        for imported in re.findall(r'(?:from|import|URL\()\s*"(\./[^"]+\.m?js)"', script.read_text()):
            assert str((script.parent / imported).relative_to(tmp_path)) in own, (script, imported)


def test_addresses_follow_the_content(tmp_path, make_head):
    def sums():
        web.write(tmp_path / "page", [str(tmp_path / "m")], RUNTIME)
        model = json.loads((tmp_path / "page/models.json").read_text())["models"][0]
        return model["folder"], re.search('PAGE \\+ "(.*)"', (tmp_path / "page/sw.js").read_text())[1]

    save_model(make_head("sentiment"), tmp_path / "m")
    first = sums()
    assert sums() == first
    save_model(make_head("sentiment", seed=1), tmp_path / "m")
    assert not set(sums()) & set(first)


def test_two_models_of_one_name(tmp_path, make_head):
    for place in "ab":
        save_model(make_head("sentiment"), tmp_path / place / "m")
    with pytest.raises(UserError, match="one name"):
        web.names([str(tmp_path / "a/m"), str(tmp_path / "b/m")])
    assert set(web.names([])) == {"chat", "next_word", "sentiment", "similarity", "translation", "translation-fr-en"}


def test_a_tool_brings_what_it_stands_on(tmp_path, make_head):
    bot = tmp_path / "my-bot"
    nlp_gru.FaqBot([("When do you open?", "At nine."), ("Where are you?", "In Rome.")]).save(bot)
    assert web.names([str(bot)]) == [str(bot), "similarity"]
    assert web.names(["chat"]) == ["chat", "similarity"]
    assert web.names(["similarity", "chat"]) == ["similarity", "chat"]
    options = FaqOptions(small_talk=True)
    nlp_gru.FaqBot([("When do you open?", "At nine."), ("Where are you?", "In Rome.")], options).save(
        tmp_path / "chatty"
    )
    assert web.names([str(tmp_path / "chatty")])[1:] == ["similarity", "chat"]
    save_model(make_head("sentiment"), tmp_path / "similarity")
    with pytest.raises(UserError, match="one name"):
        web.names([str(tmp_path / "similarity"), "chat"])


def test_a_bot_of_ones_own(tmp_path):
    rows = [("When do you open?", "At nine."), ("What are your hours?", "At nine."), ("Where are you?", "In Rome.")]
    nlp_gru.FaqBot(rows, FaqOptions(refusal="No idea.")).save(tmp_path / "my-bot")
    (model,) = web.write(tmp_path / "page", [str(tmp_path / "my-bot")], RUNTIME)
    assert model["head"] == "faq" and model["needs"] == {"encoder": "similarity"} and "tokenizer" not in model
    folder = tmp_path / "page" / model["folder"]
    bot = json.loads((folder / "bot.json").read_text())
    assert [tuple(row) for row in bot["rows"]] == rows
    assert json.loads((folder / "config.json").read_text())["options"]["refusal"] == "No idea."
    tables = json.loads((folder / "tables.json").read_text())
    assert tables["questions"]["shape"] == [3, 384] and tables["fit"]["shape"] == [2, 384 + 1024]
    assert not any(p.name.endswith(".onnx") for p in folder.iterdir())


def test_what_the_keyboard_knows_goes_along(tmp_path, make_head):
    (model,) = web.write(tmp_path, ["next_word"], RUNTIME)
    folder = tmp_path / model["folder"]
    known = nlp_gru.load("next_word").known.words
    packed = WordList.load(folder / "words.bin")
    assert packed.words == known.words and packed.counts.tolist() == known.counts.tolist()
    table = json.loads((folder / "tables.json").read_text())["words.first"]
    first = np.fromfile(folder / "weights.bin", np.int32, len(known), offset=table["offset"])
    assert first.tolist() == known.first_tokens(nlp_gru.load("next_word").model.tokenizer)[0].tolist()
    assert len((folder / "blocklist.bin").read_bytes()) % 8 == 0
    save_model(make_head("next_word"), tmp_path / "mine")
    (model,) = web.write(tmp_path / "page", [str(tmp_path / "mine")], RUNTIME)
    assert not (tmp_path / "page" / model["folder"] / "words.bin").exists()


def test_sums_and_sizes_of_files(tmp_path):
    (model,) = web.write(tmp_path, ["sentiment"], RUNTIME)
    for path, known in model["files"].items():
        data = (tmp_path / path).read_bytes()
        assert known == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def fetched(file, seen=None):
    """The files of the library that a page fetches with this one."""
    seen = set() if seen is None else seen
    if file not in seen:
        seen.add(file)
        for other in re.findall(r'from "\./([\w.]+)"', (web.LIB / file).read_text(encoding="utf-8")):
            fetched(other, seen)
    return seen


@pytest.mark.parametrize(
    ("file", "most"),
    [
        ("sentiment.js", 60_000),
        ("similarity.js", 60_000),
        ("keyboard.js", 60_000),
        ("translator.js", 75_000),  # with the set phrases, labels and names of two languages
        ("chatbot.js", 60_000),
        ("faq.js", 65_000),
    ],
)
def test_a_tool_fetches_little(file, most):
    files = fetched("index.js") | fetched("worker.js") | fetched(file)
    if file in ("chatbot.js", "faq.js"):  # which stand on the encoder
        files |= fetched("similarity.js")
    assert sum(len(gzip.compress((web.LIB / name).read_bytes())) for name in files) < most


def test_without_the_page(tmp_path):
    web.write(tmp_path, ["sentiment"], RUNTIME, page=False)
    assert {p.name for p in tmp_path.iterdir()} == {"lib", "models", "models.json", "onnxruntime"}


def test_the_package_is_of_this_version():
    package = json.loads((web.LIB / "package.json").read_text())
    assert package["version"] == nlp_gru.__version__
    assert f'VERSION = "{nlp_gru.__version__}"' in (web.LIB / "index.js").read_text()
    assert f"FORMAT = {web.FORMAT};" in (web.LIB / "host.js").read_text()
    peer = package["peerDependencies"]["onnxruntime-web"]
    assert peer == f"^{runtime.VERSION}"


def test_two_tensors_of_one_name(tmp_path):
    outside = Outside(tmp_path / "w")
    assert outside.put("a", np.zeros(3, np.float32)) == outside.put("a", np.zeros(3, np.float32)) == 0
    assert outside.put("b", np.ones(3, np.float32)) == 64
    with pytest.raises(ValueError, match="called a"):
        outside.put("a", np.ones(3, np.float32))
    outside.write()
    assert np.fromfile(tmp_path / "w", np.float32)[[0, 16, 18]].tolist() == [0, 1, 1]


def test_the_runtime_comes_when_asked_for_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("NLP_GRU_CACHE", str(tmp_path / "cache"))
    with pytest.raises(UserError, match="--fetch"):
        runtime.load()
    monkeypatch.setattr(runtime, "ADDRESS", "http://127.0.0.1:9/")
    with pytest.raises(UserError, match=r"127\.0\.0\.1:9/ could not be fetched"):
        runtime.load(fetch=True)
    (tmp_path / "page.html").write_text("please log in")
    monkeypatch.setattr(runtime, "ADDRESS", (tmp_path / "page.html").as_uri())
    with pytest.raises(UserError, match="SHA-512"):
        runtime.load(fetch=True)
    assert not (tmp_path / "cache").exists()
    for damaged in (b"", b"\x1f\x8b" + bytes(100)):
        (tmp_path / "other.tgz").write_bytes(damaged)
        with pytest.raises(UserError, match=r"other\.tgz: not the archive"):
            runtime.load(tmp_path / "other.tgz", fetch=True)


def test_the_command_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("NLP_GRU_CACHE", str(tmp_path / "cache"))
    for arguments, message in (
        ([], "name the folder"),
        (["sentiment", "--out", "a", "--web", "b"], "name the folder"),
        (["--out", str(tmp_path / "a")], "takes one model"),
        (["a", "b", "--out", "c"], "takes one model"),
        (["--web", str(tmp_path / "page")], "--fetch"),
        (["nothing", "--web", str(tmp_path / "page")], "no such model"),
    ):
        with pytest.raises(UserError, match=message):
            CliRunner().invoke(app, ["export", *arguments], catch_exceptions=False)
    assert not (tmp_path / "page").exists() and not (tmp_path / "a").exists()
