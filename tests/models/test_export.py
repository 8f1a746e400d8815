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
from nlp_gru.text.tokenizer import BOS, EOS, Tokenizer

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


REVIEW = " ".join(["It was NOT Good, the ending apart."] * 40)
SAID = ["I loved every minute of it.", "bad", "", REVIEW]


def session_of(name, folder, graph):
    """A function from several texts' framed ids to the only output of an exported model, with ONNX Runtime alone."""
    assert export(name, "--out", folder).exit_code == 0
    session = onnxruntime.InferenceSession(folder / f"{graph}.onnx", providers=["CPUExecutionProvider"])

    def ask(framed):
        ids = np.zeros((len(framed), max(map(len, framed))), np.int64)
        for row, own in zip(ids, framed, strict=True):
            row[: len(own)] = own
        mask = np.arange(ids.shape[1]) < np.array([[len(own)] for own in framed])
        return session.run(None, {"ids": ids, "mask": mask})[0]

    return ask


@pytest.mark.parametrize(
    "options",
    [
        None,  # the bundled model, which has n-grams and reads in windows of 100 tokens
        {"ngrams": 60, "blend": (0.1, -0.2, 0.7, 0.1), "ngram_strength": 100.0},
        {"blend": (0.3, 0.1, 0.0, 0.0)},
    ],
)
def test_an_exported_classifier_is_a_whole_one(make_head, tmp_path, options):
    name = "sentiment"
    if options is not None:
        name, head = tmp_path / "m", make_head(options=options, window=7, layers=2)
        if head.ngrams is not None:
            head.ngrams.fit([[2, *head.tokenizer.encode(text), 3] for text in SAID[:3]], [2, 0, 1], 100.0)
        save_model(head, name)
    ask = session_of(name, tmp_path / "out", "classifier")
    tokenizer = Tokenizer.load(tmp_path / "out/tokenizer.json")
    framed = [[BOS, *tokenizer.encode(text), EOS] for text in SAID]
    together = ask(framed)
    assert np.allclose(together, np.concatenate([ask([own]) for own in framed]), atol=1e-6)  # padding is invisible
    there = [list(s.scores.values()) for s in nlp_gru.load(name)(SAID)]
    there[2] = together[2]  # an empty text is neutral, whatever the model reads
    assert np.allclose(together, there, atol=1e-6)
    assert np.allclose(together, nlp_gru.load(name, engine="torch").model.probabilities(SAID), atol=0.02)


def test_an_exported_encoder_is_a_whole_one(tmp_path):
    ask = session_of("similarity", tmp_path, "encoder")
    tokenizer = Tokenizer.load(tmp_path / "tokenizer.json")
    found = ask([[BOS, *tokenizer.encode(text), EOS] for text in SAID[:2]])
    assert np.allclose(found, nlp_gru.load("similarity").encode(SAID[:2]), atol=1e-6)


@pytest.mark.parametrize("name", ["sentiment", "similarity", "translation", "chat"])
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
