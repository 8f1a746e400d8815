"""ONNX files for other programs: they run by themselves, and say how far they are from torch."""

import json
import re

import numpy as np
import onnx
import onnxruntime
import pytest
from typer.testing import CliRunner

import nlp_gru
from nlp_gru.cli import app
from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import save_model
from nlp_gru.text.tokenizer import BOS, Tokenizer

pytestmark = pytest.mark.slow


def export(*arguments):
    return CliRunner().invoke(app, ["export", *map(str, arguments)], catch_exceptions=False)


def test_the_files_answer_without_this_package(tmp_path):
    found = export("next_word", "--out", tmp_path)
    assert found.exit_code == 0 and float(re.search(r"scores: ([\d.]+)", found.output)[1]) < 0.01
    config = json.loads((tmp_path / "config.json").read_text())["model"]
    ids = [BOS, *Tokenizer.load(tmp_path / "tokenizer.json").encode("I would like")]
    session = onnxruntime.InferenceSession(tmp_path / "decoder.onnx", providers=["CPUExecutionProvider"])
    state = np.zeros((config["layers"], 1, config["hidden"]), np.float32)
    p, _ = session.run(None, {"ids": np.array([ids]), "hidden": state})
    assert np.allclose(p, nlp_gru.load("next_word").model.read(ids, None)[0], atol=1e-6)


@pytest.mark.parametrize("name", ["sentiment", "translation", "chat"])
def test_every_kind_of_model(make_head, tmp_path, name):
    save_model(make_head(name), tmp_path / "m")
    found = export(tmp_path / "m", "--out", tmp_path / "out")
    assert "largest difference" in found.output
    for file in (tmp_path / "out").glob("*.onnx"):
        onnx.checker.check_model(onnx.load(file))
    assert export(tmp_path / "m", "--out", tmp_path / "out", "--no-check", "--overwrite").output.count("MB") in (1, 2)


def test_what_cannot_be_exported_says_so(make_head, tmp_path):
    save_model(make_head("sentiment", cell="lstm"), tmp_path / "m")
    with pytest.raises(UserError, match="the ONNX engine knows GRUs"):
        export(tmp_path / "m", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()
