"""The ONNX engine: the same answers as torch within what int8 costs, without torch, and no trust in a folder's
numbers."""

import json
import subprocess
import sys

import numpy as np
import onnx
import pytest
from safetensors.numpy import load_file, save_file

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import save_model
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.text.tokenizer import BOS, EOS

pytestmark = pytest.mark.slow

TEXTS = [
    "I loved every minute of it",
    "A dull film, badly acted.",
    "",
    "The train leaves at nine. " * 40,
    "🙂 5 stars!",
]
CLOSE = 0.05  # of a probability or a log-probability a token


@pytest.fixture(scope="module")
def both():
    """A function that gives a bundled model with both engines."""
    loaded = {}

    def get(name):
        if name not in loaded:
            loaded[name] = nlp_gru.load(name, engine="torch"), nlp_gru.load(name, engine="onnx")
        return loaded[name]

    return get


def test_sentiment_has_the_same_labels_and_scores(both):
    torch, fast = both("sentiment")
    for a, b in zip(torch(TEXTS), fast(TEXTS), strict=True):
        assert a.label == b.label
        assert a.scores == pytest.approx(b.scores, abs=CLOSE)


@pytest.mark.parametrize("settings", [{}, {"bidirectional": False, "window": 6}, {"layers": 2, "window": 7}])
def test_explanations_are_the_same_without_torch(make_head, tmp_path, settings):
    save_model(make_head("sentiment", hidden=9, **settings), tmp_path / "m")
    torch, fast = (nlp_gru.load(tmp_path / "m", engine=e) for e in ("torch", "onnx"))
    varied = " ".join(
        f"word{i} is {i * i}" for i in range(60)
    )  # among equal states the largest is a matter of rounding
    for text in (*TEXTS[:3], varied, "A slow start, a wonderful end; and then it went on for a while, as they do."):
        for label in torch.labels:
            (words, a), (same, b) = (zip(*(m.explain(text, label) or [("", 0)]), strict=True) for m in (torch, fast))
            assert words == same and b == pytest.approx(a, abs=2e-3)
    with pytest.raises(UserError, match="unknown label"):
        fast.explain("fine", "x")


@pytest.mark.parametrize("heads", [0, 2])
def test_vectors_agree_where_texts_are_read_in_windows(make_head, tmp_path, heads):
    save_model(make_head("similarity", options={"attention_heads": heads}, window=6), tmp_path / "m")
    torch, fast = (nlp_gru.load(tmp_path / "m", engine=e).encode(TEXTS) for e in ("torch", "onnx"))
    assert np.abs(torch - fast).max() < 0.02
    assert np.linalg.norm(fast, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)


@pytest.mark.parametrize("change", [lambda keys: np.arange(len(keys)), np.random.default_rng(0).permutation])
def test_keys_of_ngrams_that_are_no_hashes_in_order_are_refused(tmp_path, change):
    def change_keys(stored):
        stored["ngrams.keys"] = change(stored["ngrams.keys"]).astype(np.int32)

    with pytest.raises(UserError, match=r"model\.safetensors: it is damaged: 'ngrams\.keys' holds"):
        nlp_gru.load(copy_of("sentiment", tmp_path / "m", change_keys), engine="onnx")


def test_the_bundled_explanation_is_the_same(both):
    torch, fast = both("sentiment")
    for text in TEXTS:
        assert [w for _, w in fast.explain(text)] == pytest.approx([w for _, w in torch.explain(text)], abs=0.1)
        assert "".join(word for word, _ in fast.explain(text)) == text


def test_next_word_has_the_same_probabilities_and_suggestions(both):
    torch, fast = both("next_word")
    ids = [BOS, *torch.model.tokenizer.encode("I would like to go to the")]
    p, state = torch.model.read(ids, None)
    q, fast_state = fast.model.read(ids, None)
    assert q.sum() == pytest.approx(1, abs=1e-4) and np.abs(p - q).max() < CLOSE
    many, _ = fast.model.step_many([50, 60], [fast_state, fast_state])
    assert np.abs(many - torch.model.step_many([50, 60], [state, state])[0]).max() < CLOSE
    for prefix in ("", "s", "be"):
        assert torch.suggest("I would like to ", prefix)[0].text == fast.suggest("I would like to ", prefix)[0].text


@pytest.mark.parametrize("name", ["translation", "translation-fr-en"])
def test_translations_agree(both, name):
    torch, fast = both(name)
    texts = ["Where is the station?", "I am tired.", "Où est la gare ?", "Il fait beau aujourd'hui."]
    same = [a.text == b.text for a, b in zip(torch(texts), fast(texts), strict=True)]
    assert sum(same) >= 3
    a, b = (np.array(m.align("Where is it?", "Où est-il ?").weights) for m in (torch, fast))
    assert np.abs(a - b).max() < 0.1 and b.sum(1) == pytest.approx(np.ones(len(b)), abs=1e-3)
    assert torch.model.is_name("Kowalczyk", False) == fast.model.is_name("Kowalczyk", False)


def test_sources_of_mixed_lengths_read_as_alone(both):
    _, fast = both("translation")
    short, long = [40, 50, EOS], [*range(30, 60), EOS]
    alone, together = fast.model.read([short]), fast.model.read([long, short])
    assert np.abs(alone.hidden[:, 0] - together.hidden[:, 1]).max() < CLOSE  # one scale for the batch, so not equal
    assert np.abs(alone.keys[0] - together.keys[1, : len(short)]).max() < 10 * CLOSE


def test_chat_ranks_alike(both):
    torch, fast = both("chat")
    history, replies = ["Do you like dogs?"], ["Yes, I have two of them.", "Blue paint.", "I do."]
    assert fast.score(history, replies) == pytest.approx(torch.score(history, replies), abs=CLOSE)
    ids = torch.model.tokenizer.encode_batch(replies)
    context = torch.model.join(torch.model.tokenizer.encode_batch(history))
    assert context == fast.model.join(torch.model.tokenizer.encode_batch(history))
    sizes = np.array([len(i) + 1 for i in ids])
    gap = (torch.model.log_p(context, ids) - fast.model.log_p(context, ids)) / sizes
    assert np.abs(gap).max() < CLOSE
    # Each engine's likeliest reply is as likely to the reference, up to what int8 makes of two that are nearly alike.
    found = torch.model.tokenizer.encode_batch([tool.reply(history, temperature=0).text for tool in (torch, fast)])
    reference, other = torch.model.log_p(context, found)
    assert abs(reference - other) < CLOSE * max(map(len, found))


@pytest.mark.parametrize("name", ["sentiment", "next_word", "translation", "chat"])
def test_graphs_are_valid_onnx(name):
    for graph in nlp_gru.load(name, engine="onnx").model.graphs.values():
        onnx.checker.check_model(onnx.load_from_string(graph.model()))


def test_answers_without_torch():
    code = (
        "import sys; sys.modules['torch'] = None; import nlp_gru; load = lambda n: nlp_gru.load(n,"
        " engine='onnx');print(load('sentiment')('I loved it').label, load('sentiment').explain('bad')[0][0],"
        " load('next_word').suggest('I ')[0].text != '',load('translation')('I am tired.').text,"
        " load('chat').reply(['Hi'], seed=1).text != '')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert found.stdout.split() == ["positive", "bad", "True", "Je", "suis", "fatigué.", "True"], found.stderr


def copy_of(name, folder, change):
    stored = load_file(PRETRAINED / name / "model.safetensors")
    change(stored)
    folder.mkdir()
    save_file(stored, folder / "model.safetensors")
    config = json.loads((PRETRAINED / name / "config.json").read_text())
    (folder / "config.json").write_text(
        json.dumps(config | {"sha256": {"tokenizer.json": config["sha256"]["tokenizer.json"]}})
    )
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.pop("decoder.bias"),
        lambda s: s.update({"decoder.bias": s["decoder.bias"][:-1]}),
        lambda s: s.update({"decoder.bias": s["decoder.bias"] * np.float32(np.nan)}),
        lambda s: s.update({"decoder.output.weight.scale": s["decoder.output.weight.scale"] * np.float32(1e30)}),
        lambda s: s.update({"decoder.layers.0.weight_hh_l0": s["decoder.layers.0.weight_hh_l0"].astype(np.int16)}),
    ],
)
def test_damaged_weights_are_refused(tmp_path, change):
    with pytest.raises(UserError, match=r"model\.safetensors"):
        nlp_gru.load(copy_of("next_word", tmp_path / "m", change), engine="onnx")


def test_float32_weights_are_quantised(tmp_path):
    def widen(stored):
        name = "decoder.output.weight"
        stored[name] = stored[name] * stored.pop(name + ".scale")[:, None]

    wide = nlp_gru.load(copy_of("next_word", tmp_path / "m", widen), engine="onnx")
    p, _ = wide.model.read([BOS, 50], None)
    assert np.abs(p - nlp_gru.load("next_word", engine="onnx").model.read([BOS, 50], None)[0]).max() < 1e-3


def test_engines_and_threads_are_checked():
    with pytest.raises(UserError, match="engine is"):
        nlp_gru.load("sentiment", engine="cuda")
    with pytest.raises(UserError, match="threads"):
        nlp_gru.load("sentiment", threads=0)
