"""The n-gram classifier, and its blend with the GRU."""

import math

import pytest
import torch
from conftest import LABELS

from nlp_gru import SentimentAnalyser
from nlp_gru.backbone.batch import collate, frame
from nlp_gru.heads import classification
from nlp_gru.heads.ngrams import NONE, NgramClassifier, distinct

pytestmark = pytest.mark.slow

TEXTS = ["good, very good", "bad bad food", "a good film with a bad end", "the train at nine", "", "Good"]


@pytest.fixture(scope="module")
def ngrams(tokenizer):
    """Every n-gram of TEXTS, with a random weight."""
    torch.manual_seed(0)
    model = NgramClassifier(tokenizer, 3, 100)
    model.fit([frame(tokenizer.encode(t)) for t in TEXTS], [0, 1, 2, 0, 1, 2], 1.0)
    model.weight.normal_()
    model.bias.normal_()
    return model


def ids(tokenizer, *texts):
    return collate([frame(tokenizer.encode(t)) for t in texts]).ids


def test_padding_is_invisible(ngrams, tokenizer):
    together = ngrams(ids(tokenizer, *TEXTS))
    for text, row in zip(TEXTS, together, strict=True):
        assert torch.allclose(ngrams(ids(tokenizer, text))[0], row, atol=1e-6)


def test_distinct_ngrams_by_hand(tokenizer):
    """<s> a b a b </s>: tokens a, b; pairs <s>a, ab, ba, b</s>; triples <s>ab, aba, bab, ab</s>."""
    model = NgramClassifier(tokenizer, 1, 40)
    a, b = tokenizer.encode("good")[0], tokenizer.encode("bad")[0]
    batch = collate([frame([a, b, a, b])]).ids
    hashed, real = model._hashed(batch)
    _, first = distinct(hashed.flatten(1), real.flatten(1))
    assert int(first.sum()) == 2 + 4 + 4
    keys = hashed[real].unique()
    model.keys[: len(keys)] = keys
    model.weight[:] = 1.0
    assert float(model(batch)) == pytest.approx(math.sqrt(10))


def test_case_is_ignored_and_order_is_not(ngrams, tokenizer):
    def of(text):
        return ngrams(ids(tokenizer, text))

    assert torch.equal(of("it was Good"), of("it was good"))
    assert torch.equal(of("IT WAS good"), of("it was good"))
    assert not torch.allclose(of("it was good"), of("good it was"))


@pytest.mark.parametrize("labels", [[2, 0, 0, 1] * 5, [2, 0, 0, 2] * 5])
@pytest.mark.parametrize("size", [20, 100])
def test_fit_separates(tokenizer, labels, size):
    texts = ["good film", "bad film", "not good", "the train"] * 5
    model = NgramClassifier(tokenizer, 3, size)
    model.fit([frame(tokenizer.encode(t)) for t in texts], labels, strength=100.0)
    logits = model(ids(tokenizer, *texts))
    present = sorted(set(labels))
    assert [present[i] for i in logits[:, present].argmax(1)] == labels
    assert (model.keys.diff() >= 0).all() and int((model.keys < NONE).sum()) <= size


def test_blend_leaves_the_gru_alone_at_zero():
    gru, ngrams, lengths = torch.randn(5, 3), torch.randn(5, 3), torch.tensor([2, 9, 32, 100, 500])
    assert torch.allclose(classification.blend(gru, ngrams, lengths, (0, 0, 0, 0)), gru)
    weights = (math.log(2), 0.0, 0.5, 0.0)
    assert torch.allclose(classification.blend(gru, ngrams, lengths, weights), 2 * gru + 0.5 * ngrams)


def test_fitting_repairs_confidence_that_depends_on_length_and_finds_the_better_part():
    torch.manual_seed(0)
    truth = torch.randn(6000, 2)
    labels = truth.softmax(-1).multinomial(1)[:, 0]
    lengths = torch.tensor([8, 512]).repeat(3000)
    sure = truth * torch.tensor([1.0, 4.0]).repeat(3000)[:, None]  # long texts four times too sure
    a, b, c, d = classification.fit_blend(sure, None, lengths, labels)
    assert math.exp(a + b * math.log(512 / 32)) == pytest.approx(0.25, rel=0.2) and (c, d) == (0, 0)
    assert math.exp(a + b * math.log(8 / 32)) == pytest.approx(1, rel=0.2)
    noise = torch.randn(6000, 2)
    a, b, c, d = classification.fit_blend(noise, truth, lengths, labels)
    assert c == pytest.approx(1, abs=0.2)


def test_explanations_count_the_ngrams(make_head):
    head = make_head(options={"ngrams": 100, "blend": (0, 0, 1.0, 0)}, hidden=4).eval()
    torch.nn.init.zeros_(head.classifier.weight)  # the GRU is silent: all comes from the n-grams, exactly
    torch.nn.init.zeros_(head.classifier.bias)
    text = "so good"
    head.ngrams.fit([frame(head.tokenizer.encode(t)) for t in (text, "bad", "it")], [2, 0, 1], 1.0)
    head.ngrams.bias.zero_()
    analyse = SentimentAnalyser(head)

    def lifted(text):
        logits = [math.log(analyse(text).scores[label]) for label in LABELS]
        return logits[2] - (logits[0] + logits[1]) / 2

    weights = dict(analyse.explain(text, "positive"))
    assert weights["good"] == pytest.approx(lifted("so good") - lifted("so"), abs=1e-4) and weights["good"] != 0
    assert weights["so"] == pytest.approx(lifted("so good") - lifted("good"), abs=1e-4)
