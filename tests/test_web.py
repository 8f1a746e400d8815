"""The folder of the page without a server: what is written, and what is refused. test_browser_web.py opens it."""

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
from nlp_gru.onnx_engine.proto import Outside
from nlp_gru.web import runtime

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
    assert there == {*own, *kept, "sw.js"} - {"./"}
    for script in tmp_path.glob("*.js"):
        for imported in re.findall(r'from "\./([^"]+)"', script.read_text()):
            assert imported in own


def test_addresses_follow_the_content(tmp_path, make_head):
    def sums():
        web.write(tmp_path / "page", [str(tmp_path / "m")], RUNTIME)
        model = json.loads((tmp_path / "page/models.json").read_text())[0]
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
    assert set(web.names([])) == {"chat", "next_word", "sentiment", "translation", "translation-fr-en"}


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
        ([], "name the folder"), (["sentiment", "--out", "a", "--web", "b"], "name the folder"),
        (["--out", str(tmp_path / "a")], "takes one model"), (["a", "b", "--out", "c"], "takes one model"),
        (["--web", str(tmp_path / "page")], "--fetch"), (["nothing", "--web", str(tmp_path / "page")], "no such model"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=message):
            CliRunner().invoke(app, ["export", *arguments], catch_exceptions=False)
    assert not (tmp_path / "page").exists() and not (tmp_path / "a").exists()
