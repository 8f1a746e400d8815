import math

import numpy as np
import pytest
import torch
from conftest import LABELS, overfit

from nlp_gru import SentimentAnalyser
from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import UserError
from nlp_gru.heads import HEADS, classification

TEXTS = ["I love it", "it was awful, truly awful", "the train leaves at nine", "best ever", "never again", "room 12"]
GOLD = ["positive", "negative", "neutral"]


def rows(texts=TEXTS, labels=None):
    labels = labels or [GOLD[i % 3] for i in range(len(texts))]
    columns = {
        "text": list(texts),
        "label": labels,
        "source": list(texts),
        "target": [t.upper() for t in texts],
        "turns": [["so", t, t.upper()] for t in texts],
        "question": list(texts),
        "answer": labels,
        "row": [(-1, 0, 1, -1, 2, 3)[i % 6] for i in range(len(texts))],
    }
    return Rows(columns, [("mine.csv", i + 1) for i in range(len(texts))])


def batch_of(head):
    known = rows()
    if type(head) is HEADS["similarity"]:  # which has no use for a text without a vector
        known["row"] = [max(row, 0) for row in known["row"]]
    examples = head.examples(known, 50)
    head.fit_statistics(examples)
    return head.collate(examples).to("cpu")


@pytest.mark.parametrize("name", HEADS)
def test_overfits_one_batch(make_head, name):
    head = make_head(name).train()
    batch = batch_of(head)
    overfit(head, batch, updates=120)
    head.eval()
    if name == "sentiment":
        assert [r.label for r in SentimentAnalyser(head)(TEXTS)] == [GOLD[i % 3] for i in range(6)]
        assert all(r.score > 0.9 for r in SentimentAnalyser(head)(TEXTS))
    elif name == "similarity":
        assert head.metrics([batch])["cosine"] > 0.99
    else:
        assert head.metrics([batch])["perplexity"] < 3


@pytest.mark.parametrize("name", HEADS)
def test_every_parameter_gets_a_gradient_and_moves(make_head, name):
    head = make_head(name).train()
    batch = batch_of(head)
    before = {n: p.clone() for n, p in head.named_parameters()}
    optimizer = torch.optim.AdamW(head.parameters(), lr=0.01)
    nll, n = head(batch)
    (nll / n).backward()
    optimizer.step()
    for name_, parameter in head.named_parameters():
        assert torch.isfinite(parameter.grad).all() and parameter.grad.any(), name_
        assert not torch.equal(parameter, before[name_]), name_


def test_sampled_softmax_over_everything_is_the_whole_softmax(make_head, tokenizer):
    """With every token among the candidates, the training loss is the exact cross-entropy."""
    head = make_head("next_word").eval()
    batch = batch_of(head)
    head.options = head.options.model_copy(update={"negatives": 400_000})
    nll, n = head.loss(batch)
    assert (nll / n).item() == pytest.approx(head.metrics([batch])["nll"], rel=1e-4)


def test_a_language_model_does_not_see_what_it_predicts(make_head):
    head = make_head("next_word").eval()
    batch = batch_of(head)
    (context, _), *_ = head.contexts(batch, batch.ids)
    batch.ids[:, -1] = 9  # nothing but the last token changes, so no context before it may
    (changed, _), *_ = head.contexts(batch, batch.ids)
    assert torch.equal(context, changed)


def test_adversarial_loss_is_higher(make_head):
    losses = []
    for size in (0.0, 0.2):
        head = make_head("sentiment", options={"adversarial": size}).train()
        losses.append(head.loss(batch_of(head))[0].item())
    assert losses[1] > losses[0]


def test_one_text_is_judged_alike_alone_and_in_a_list(make_head):
    head = make_head().eval()
    texts = [*TEXTS, "", "🙂", "a" * 3000]
    together = head.probabilities(texts, batch_tokens=64)
    alone = np.concatenate([head.probabilities([t]) for t in texts])
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize(
    "text", ["", " ", "🙂🙂", "日本語", "\x00\x07\x1b[31m", "a" * 1_000_000, "good " * 200_000, "</s><pad>", "\ud800"]
)
def test_every_text_has_an_answer(make_head, text):
    result = SentimentAnalyser(make_head().eval())(text)
    assert result.label in LABELS and math.isclose(sum(result.scores.values()), 1, abs_tol=1e-5)


@pytest.mark.parametrize("text", ["I didn’t like it!", "", "🙂 well-made ", "word " * 900, "\n\nline\n", "x"])
def test_explanation_joins_to_the_text(make_head, text):
    parts = SentimentAnalyser(make_head().eval()).explain(text)
    assert "".join(part for part, _ in parts) == text
    assert all(weight == 0 for part, weight in parts if part.strip() in ("", "!"))
    assert all(math.isfinite(weight) for _, weight in parts)


def test_explanation_weighs_the_planted_word(make_head):
    """Make one word push one class, and see that word marked."""
    head = make_head().eval()
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.mul_(0.1)
        ids = head.tokenizer.encode(" splendid")
        head.encoder.embedding.weight[ids] = 3.0
        head.dense.weight.zero_()
        head.dense.weight[0, -head.config.embedding :] = 1.0  # the mean embedding
        head.classifier.weight[2, 0] = 1.0
    explain = SentimentAnalyser(head).explain
    weights = dict(explain("a splendid plan", "positive"))
    assert weights["splendid"] > 1.5 * abs(weights["plan"])
    assert dict(explain("a splendid plan", "negative"))["splendid"] < 0
    alone = explain("a splendid plan!", "positive")
    for blank in (" ", "\n", "  \n "):  # what stands in another sentence changes nothing
        assert explain(f"a splendid plan!{blank}So it is", "positive")[: len(alone)] == [
            (part, pytest.approx(w)) for part, w in alone
        ]
    assert dict(explain("a splendid plan So it is", "positive"))["splendid"] != pytest.approx(weights["splendid"])
    with pytest.raises(UserError, match="unknown label"):
        explain("x", "angry")


def test_explanations_stop_somewhere(make_head):
    """Words after the first 400 weigh nothing; what has no end of a sentence is cut, and no version that is read is
    long."""
    head = make_head().eval()
    read = []
    head.probabilities = lambda texts, judge=head.probabilities: (read.extend(texts), judge(texts))[1]
    weights = [w for part, w in SentimentAnalyser(head).explain("good plan " * 300, "positive") if part.strip()]
    assert len(weights) == 600 and not any(weights[400:]) and sum(map(bool, weights)) > 200
    assert len(read) == 400 + 14 and max(len(text) for text in read) <= 30 * 5
    read.clear()
    SentimentAnalyser(head).explain("!" * 100_000 + "a" * 900 + " b" + "?" * 100_000, "positive")
    assert len(read) == 3 and max(map(len, read)) < 2100


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([0, 1], ["negative", "positive"]),
        (["2", "0", "1"], ["positive", "negative", "neutral"]),
        ([-1, 1], ["negative", "positive"]),
        (["Pos", "NEG"], ["positive", "negative"]),
        (["1", "5", "3"], ["1", "5", "3"]),
        (["Sport", "politics"], ["Sport", "politics"]),
    ],
)
def test_label_names(given, expected):
    assert classification.normalize(given) == expected


def test_unknown_label_names_its_row(make_head):
    from nlp_gru.training.examples import make_examples

    with pytest.raises(UserError, match=r"mine\.csv, row 3: unknown label 'angry'"):
        make_examples(make_head(), rows(labels=["positive", "negative", "angry"] * 2), 50)


def test_figures_by_hand():
    logits = torch.tensor([[2.0, 0.0, 9.0], [0.0, 2.0, 9.0], [0.0, 2.0, 9.0], [0.0, 1.0, 9.0]])
    figures = classification.figures(logits, torch.tensor([0, 1, 0, 1]))  # class 2 never occurs: left out
    assert figures["accuracy"] == 0.75 and figures["macro_recall"] == 0.75
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_calibration_error_by_hand():
    confidence, right = torch.tensor([0.95, 0.95, 0.55, 0.55]), torch.tensor([True, False, True, True])
    assert classification.calibration_error(confidence, right, bins=10) == pytest.approx(0.5 * 0.45 + 0.5 * 0.45)
