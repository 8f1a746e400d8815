"""Small models that are quick to train, on the real shared tokenizer."""

import io
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"

from pathlib import Path

import numpy as np
import pytest
import torch

from nlp_gru.__main__ import main
from nlp_gru.heads import HEADS
from nlp_gru.heads.checkpoint import save_model
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER
from nlp_gru.model_folder.options import (
    BaseOptions,
    ChatOptions,
    ModelConfig,
    NextWordOptions,
    SentimentOptions,
    SimilarityOptions,
    TranslationOptions,
)
from nlp_gru.text.tokenizer import Tokenizer

torch.set_num_threads(1)
ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data/samples/sentiment.csv"
LABELS = ["negative", "neutral", "positive"]


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """No test sees, or adds to, the models that this machine's user keeps."""
    os.environ["NLP_GRU_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def tokenizer():
    return Tokenizer.load(SHARED_TOKENIZER)


def tiny(**settings):
    return ModelConfig(**{"embedding": 16, "hidden": 12, "bidirectional": True, **settings})


def overfit(head, batch, updates):
    """Train on one batch until it is known by heart."""
    optimizer = torch.optim.AdamW(head.parameters(), lr=0.02)
    for _ in range(updates):
        nll, n = head(batch)
        optimizer.zero_grad()
        (nll / n).backward()
        optimizer.step()


@pytest.fixture(scope="session")
def vectors(tmp_path_factory):
    """A folder of four vectors, in two shards, as a teacher leaves them."""
    folder = tmp_path_factory.mktemp("vectors")
    found = np.random.default_rng(0).normal(size=(4, 8)).astype(np.float16)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    np.save(folder / "00000.npy", found[:3])
    np.save(folder / "00001.npy", found[3:])
    return folder


@pytest.fixture
def make_head(tokenizer, vectors):
    """make_head("sentiment", hidden=8) -> an untrained head."""

    def make(name="sentiment", seed=0, options=None, **settings):
        torch.manual_seed(seed)
        if name == "similarity":
            chosen = {"dimensions": 8, "attention_heads": 2, "vectors": [str(vectors)], **(options or {})}
            return HEADS[name].build(tiny(**settings), SimilarityOptions(**chosen), tokenizer)
        if name == "base":
            chosen = {
                "negatives": 50,
                "decoder_hidden": 12,
                "dimensions": 8,
                "vectors": [str(vectors)],
                **(options or {}),
            }
            return HEADS[name].build(tiny(**settings), BaseOptions(**chosen), tokenizer)
        if name == "translation":
            chosen = {"negatives": 50, "label_smoothing": 0.0, "known_words": 4, **(options or {})}
            config = tiny(**{"hidden": 6, "layers": 2, **settings})
            return HEADS[name].build(config, TranslationOptions(**chosen), tokenizer)
        if name == "next_word":
            return HEADS[name].build(tiny(bidirectional=False, **settings), NextWordOptions(negatives=50), tokenizer)
        if name == "chat":
            chosen = {"negatives": 50, "match_size": 8, **(options or {})}
            return HEADS[name].build(tiny(**{"hidden": 6, **settings}), ChatOptions(**chosen), tokenizer)
        chosen = {"labels": LABELS, "dense": 8, "dropout": 0.0, **(options or {})}
        return HEADS[name].build(tiny(**settings), SentimentOptions(**chosen), tokenizer)

    return make


@pytest.fixture(scope="module")
def open_page():
    from guarded import serve

    page = serve(hosts=["demo.example"])
    yield page
    page.close(verbose=False)


@pytest.fixture(scope="module")
def closed_page():
    from guarded import USERS, serve

    page = serve(users=USERS)
    yield page
    page.close(verbose=False)


@pytest.fixture
def run(monkeypatch, capsys):
    """run("predict", "sentiment", "text") -> (exit code, standard output, standard error)"""

    def call(*arguments, stdin=None):
        monkeypatch.setattr(sys, "argv", ["nlp-gru", *map(str, arguments)])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    precision = torch.get_float32_matmul_precision()
    yield call
    torch.set_float32_matmul_precision(precision)  # training lowers that of its process


@pytest.fixture
def model(make_head, tmp_path):
    save_model(make_head(), tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def read_characters(monkeypatch):
    """read_characters() -> how many characters tokenizers were given since it was last asked: the work that a text
    makes."""
    given = []
    for name in ("encode", "encode_with_offsets"):
        whole = getattr(Tokenizer, name)
        monkeypatch.setattr(
            Tokenizer, name, lambda self, text, whole=whole: (given.append(len(text)), whole(self, text))[1]
        )
    several = Tokenizer.encode_batch

    def encode_batch(self, texts):
        texts = list(texts)
        given.extend(map(len, texts))
        return several(self, texts)

    monkeypatch.setattr(Tokenizer, "encode_batch", encode_batch)

    def count():
        total = sum(given)
        given.clear()
        return total

    return count


@pytest.fixture
def recipe(tmp_path):
    """The file of a recipe that is trained in a second."""
    path = tmp_path / "r.toml"
    path.write_text('head = "sentiment"\n[model]\nembedding = 16\nhidden = 12\n[train]\nepochs = 1\nevals = 1\n')
    return path
