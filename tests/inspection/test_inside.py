"""A look inside: the gates against a computation by hand, the states against the fused path, on every bundled model."""

import math
import threading

import numpy as np
import pytest
import torch
from conftest import tiny

import nlp_gru
from nlp_gru.backbone.gru import run_slowly
from nlp_gru.errors import UserError
from nlp_gru.heads import HEADS
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.inspection.gates import AGREES
from nlp_gru.inspection.inside import _Reader, look
from nlp_gru.text.tokenizer import BOS, EOS

pytestmark = pytest.mark.slow

TEXT = "The food was not good, but the Zugspitze was wonderful!"
BUNDLED = {
    "sentiment": TEXT,
    "next_word": TEXT,
    "translation": "I am late, Zürich. Where is my 1,200 dollar cat?",
    "translation-fr-en": "Où est la gare ? Je suis en retard.",
    "chat": "Hi, how are you? 🙂",
}


@pytest.fixture(scope="module", params=BUNDLED)
def bundled(request):
    head = load_model(request.param)
    return head, BUNDLED[request.param], look(head, BUNDLED[request.param])


def gru_by_hand(gru, inputs, h):
    """The equations in plain Python, unit by unit: what r, z, n and h are at every step."""
    w, u, b, c = (getattr(gru, f"{name}_l0").tolist() for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    size, found = len(h), []

    def dot(row, vector):
        return sum(p * q for p, q in zip(row, vector, strict=True))

    def sigmoid(v):
        return 1 / (1 + math.exp(-v))

    for x in inputs:
        r = [sigmoid(dot(w[i], x) + b[i] + dot(u[i], h) + c[i]) for i in range(size)]
        z = [sigmoid(dot(w[i], x) + b[i] + dot(u[i], h) + c[i]) for i in range(size, 2 * size)]
        n = [
            math.tanh(dot(w[i], x) + b[i] + r[i - 2 * size] * (dot(u[i], h) + c[i])) for i in range(2 * size, 3 * size)
        ]
        h = [(1 - z[i]) * n[i] + z[i] * h[i] for i in range(size)]
        found.append((r, z, n, h))
    return [np.array(values) for values in zip(*found, strict=True)]


def test_gates_are_those_computed_by_hand(make_head):
    head = make_head("next_word", hidden=5).eval()
    layer = look(head, "It was not good.").layers[0]
    ids = [BOS, *head.tokenizer.encode("It was not good.")]
    r, z, n, h = gru_by_hand(head.decoder.layers[0], head.decoder.embedding.weight[ids].tolist(), [0.0] * 5)
    for own, by_hand in ((layer.reset, r), (layer.update, z), (layer.candidate, n), (layer.hidden, h)):
        np.testing.assert_allclose(own, by_hand, atol=1e-5)
    before = np.vstack([np.zeros(5), h[:-1]])
    np.testing.assert_allclose(layer.before, before, atol=1e-5)
    assert np.abs(z * n + (1 - z) * before - layer.hidden).max() > 0.01, "the gates swapped would give other states"


def test_the_equations_go_on_from_a_given_state():
    torch.manual_seed(0)
    gru, x, h = torch.nn.GRU(4, 6, batch_first=True).double(), torch.randn(2, 9, 4).double(), torch.randn(2, 6).double()
    torch.testing.assert_close(run_slowly(gru, x, start=h).hidden, gru(x, h[None])[0], rtol=0, atol=1e-12)


def test_every_bundled_model_agrees_with_its_fused_path(bundled):
    head, _, found = bundled
    assert found.difference < AGREES and found.agreement.startswith("The equations and the fused path agree to ")
    assert len(found.layers) == sum(2 if m.bidirectional else 1 for m in head.modules() if isinstance(m, torch.nn.GRU))
    for layer in found.layers:
        for gate in (layer.update, layer.reset):
            assert gate.dtype == np.float32 and gate.shape == layer.hidden.shape and gate.min() >= 0 and gate.max() <= 1
        mixed = (1 - layer.update) * layer.candidate + layer.update * layer.before
        np.testing.assert_allclose(mixed, layer.hidden, atol=1e-6)


def test_words_cover_the_text(bundled):
    _, text, found = bundled
    reads = found.layers[0]
    assert "".join(w.text for w in reads.words if not w.special) == text.replace(" ", "")
    if found.written:
        writes = found.layers[-1]
        assert "".join(w.text for w in writes.words if not w.special) == "".join(found.written.split())
    for layer in found.layers:
        places = [place for word in layer.words for place in word.places]
        assert places == list(range(len(layer.hidden))) and all(len(w.tokens) == len(w.places) for w in layer.words)


@torch.inference_mode()
def fused(head, text, written):
    """The states of the encoder and of the decoder's layers at its end, by the model's own code alone."""
    source = torch.tensor([[*head.tokenizer.encode(text), EOS]])
    memory, state = head.encode(source, torch.tensor([source.shape[1]]))
    target = head.tokenizer.encode(written)
    _, after, _ = head.decoder.states(torch.tensor([[BOS, *target]]), state, memory)
    return head.states(source, torch.tensor([source.shape[1]]))[0].numpy(), after.hidden[:, 0].numpy()


def test_hidden_states_are_the_models_own():
    head = load_model("sentiment")
    ids = torch.tensor([[BOS, *head.tokenizer.encode(TEXT), EOS]])
    with torch.inference_mode():
        states = head.encoder(ids, torch.tensor([ids.shape[1]]))[0].numpy()
    for layer, own in zip(look(head, TEXT).layers, np.split(states, 2, axis=-1), strict=True):
        np.testing.assert_allclose(layer.hidden, own, atol=1e-4)
    head = load_model("next_word")
    with torch.inference_mode():
        states, _, _ = head.decoder.states(torch.tensor([[BOS, *head.tokenizer.encode(TEXT)]]))
    np.testing.assert_allclose(look(head, TEXT).layers[0].hidden, states[0].numpy(), atol=1e-4)
    for name, text in (
        ("translation", "Where is the station?"),
        ("translation-fr-en", "Où est la gare ?"),
        ("chat", "Hi!"),
    ):
        head = load_model(name)
        found = look(head, text)
        states, after = fused(head, text, found.written)
        layers = found.layers
        encoder, decoder = ([one for one in layers if one.name.startswith(side)] for side in ("encoder", "decoder"))
        both = [np.hstack([f.hidden, b.hidden]) for f, b in zip(encoder[::2], encoder[1::2], strict=True)]
        np.testing.assert_allclose(sum(both), states, atol=1e-4)  # the second layer is added to the first
        np.testing.assert_allclose([one.hidden[-1] for one in decoder], after, atol=1e-4)
        assert decoder[0].before[0].any(), "the decoder begins with what the encoder read"


@pytest.mark.parametrize("name", HEADS)
def test_every_kind_of_head(make_head, name):
    head = make_head(name).eval()
    found = look(head, "Hello, Zugspitze! 🙂")
    assert found.difference < 1e-6 and all(np.isfinite(one.hidden).all() for one in found.layers)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_deep_encoders_with_windows(make_head, bidirectional):
    settings = {"window": 4, "layers": 2, "layer_norm": True, "conv_width": 3, "bidirectional": bidirectional}
    head = make_head("sentiment", **settings).eval()
    found = look(head, "one two three four five six seven", tokens=True)
    assert found.difference < 1e-6 and len(found.layers) == (4 if bidirectional else 2)
    for layer in found.layers:
        last = len(layer.hidden) - 1
        assert last % 4 != 3, "the last window is to be a short one"
        ends = sorted({*range(3, last, 4), last})
        fresh = ends if layer.reverse else list(range(0, last + 1, 4))
        assert [i for i, step in enumerate(layer.steps) if step.fresh] == fresh


def test_a_backward_layer_is_read_from_the_end(make_head):
    head = make_head("sentiment").eval()
    _, backward = look(head, TEXT).layers
    assert backward.reverse and backward.steps[-1].fresh and not backward.steps[0].fresh
    np.testing.assert_array_equal(backward.before[:-1], backward.hidden[1:])
    i = next(i for i, word in enumerate(backward.words) if len(word.places) > 1)
    first, last = backward.words[i].places[0], backward.words[i].places[-1]
    np.testing.assert_array_equal(backward.by_word("hidden")[i], backward.hidden[first])
    np.testing.assert_array_equal(backward.by_word("before")[i], backward.before[last])
    unit = backward.liveliest(i)
    assert unit.hidden == backward.hidden[first, unit.number]
    assert (1 - unit.update) * unit.candidate + unit.update * unit.before == pytest.approx(unit.hidden, abs=1e-6)


def test_tokens_and_tools():
    analyse = nlp_gru.load("sentiment")
    found = look(analyse, "Zugspitze", tokens=True)
    first, *others = [w.text for w in found.layers[0].words[1:-1]]  # the token of a capital comes before its word
    assert first == "Capital" and "".join(others) == "zugspitze" and len(others) > 1
    assert found.layers[0].hidden.shape == look(analyse.model, "Zugspitze").layers[0].hidden.shape


@pytest.mark.parametrize("text", ["▁", "\x00", "\u200b", "\ud800", "_", "\x01", "a\tb\nc"])
def test_odd_texts_are_read(make_head, text):
    for name in ("sentiment", "translation", "chat"):
        head = make_head(name).eval()
        if name == "translation" and not any(c.isalpha() for c in text):
            with pytest.raises(UserError, match="no word in it"):
                look(head, text)
        else:
            assert look(head, text).layers[0].steps


def test_what_cannot_be_looked_at(make_head):
    head = make_head().eval()
    for text in ("", " \n"):
        with pytest.raises(UserError, match="the text is empty"):
            look(head, text)
    with pytest.raises(UserError, match="tokens, and 512 are the most"):
        look(head, "word " * 600)
    with pytest.raises(UserError, match="and 30 are the most"):
        look(make_head(options={"max_length": 32}).eval(), "word " * 40)
    with pytest.raises(UserError, match="and 64 are the most"):
        look(make_head("chat").eval(), "word " * 100)
    with pytest.raises(UserError, match="cells are LSTMs"):
        look(make_head(cell="lstm"), "text")
    with pytest.raises(TypeError, match="a text is a str"):
        look(head, 3)
    with pytest.raises(TypeError, match="a model is a head"):
        look(tiny(), "text")


def test_layers_by_name(make_head):
    found = look(make_head("translation").eval(), "Hello.")
    assert found.layer("2") is found.layers[1] and found.layer("encoder, layer 1, backward") is found.layers[1]
    assert found.layer("Decoder 2") is found.layers[-1]
    for name, reason in (
        ("encoder", "several layers fit"),
        ("99", "no layer fits"),
        ("", "several"),
        ("nose", "no layer fits"),
    ):
        with pytest.raises(UserError, match=reason):
            found.layer(name)


def test_only_this_threads_reading_is_recorded_and_nothing_stays_behind(make_head):
    head = make_head().eval()
    reader = _Reader(head, False, 100)
    with reader.recording():
        other = threading.Thread(target=head.probabilities, args=(["another text"],))
        other.start()
        other.join()
        assert not reader.calls
        head.probabilities(["this text"])
        assert reader.calls
    assert not any(m._forward_hooks for m in head.modules())
