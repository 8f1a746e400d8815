"""Labels with few rows: some are on each side of the split, none changes its number, and they weigh more in
training."""

import pytest
import torch

import nlp_gru
from nlp_gru.data_files import labels
from nlp_gru.data_files import rows as dataset
from nlp_gru.data_files.rows import Rows
from nlp_gru.heads import classification
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.heads.sentiment import SentimentHead
from nlp_gru.training import finetune
from nlp_gru.training.evaluate import evaluate
from nlp_gru.training.recipe import Recipe

pytestmark = pytest.mark.slow


def rows(*counts):
    names = [label for label, n in counts for _ in range(n)]
    texts = [f"{label} text number {i}" for i, label in enumerate(names)]
    return Rows({"text": texts, "label": names}, [("a.csv", i + 1) for i in range(len(names))])


@pytest.mark.parametrize("seed", range(5))
def test_each_label_is_on_both_sides(seed):
    train, held = SentimentHead.train_valid_split(rows(("fine", 76), ("complaint", 4), ("two", 2), ("one", 1)), seed)
    assert {"fine", "complaint", "two"} == set(held["label"]) and set(train["label"]) == {
        "fine",
        "complaint",
        "two",
        "one",
    }
    assert len(train) + len(held) == 83 and len(held) == 10 and not set(train.origin) & set(held.origin)


def test_there_is_one_split(tmp_path):
    from nlp_gru.apps import check_file

    path = tmp_path / "a.csv"
    table = rows(("fine", 76), ("complaint", 4))
    path.write_text(
        "text,label\n" + "".join(f"{t},{label}\n" for t, label in zip(table["text"], table["label"], strict=True))
    )
    _, valid, held = check_file.write(check_file.check("sentiment", str(path)), tmp_path)
    assert (
        dataset.read([str(valid)], ["text"])["text"]
        == SentimentHead.train_valid_split(table, check_file.SEED)[1]["text"]
    )
    assert [table["text"][i] for i in held] == SentimentHead.train_valid_split(table, check_file.SEED)[1]["text"]


def test_numbers_mean_the_same_on_both_sides(tmp_path):
    """0, 1 and 2 are negative, neutral and positive, also in a held-out part without the 2 and in a valid file without
    it."""
    table = rows(("0", 20), ("1", 20), ("2", 1))
    train, held = SentimentHead.train_valid_split(table, 1)
    assert set(train["label"]) == {"negative", "neutral", "positive"} and set(held["label"]) == {"negative", "neutral"}
    train, valid = SentimentHead.alike(table, rows(("0", 2), ("1", 2)))
    assert set(valid["label"]) == {"negative", "neutral"} and len(train) == 41


@pytest.mark.parametrize(
    ("cells", "known", "expected"),
    [
        (["1", "1"], ("negative", "positive"), ["positive", "positive"]),
        ([0], ("negative", "positive"), ["negative"]),
        (["2"], ("negative", "neutral", "positive"), ["positive"]),
        (
            ["1"],
            ("negative", "neutral", "positive"),
            ["1"],
        ),  # neutral of 0 to 2, positive of -1 to 1: it is not guessed
        (["0", "1"], ("0", "1"), ["0", "1"]),
        (["1"], ("good", "bad"), ["1"]),
    ],
)
def test_what_numbers_mean_to_a_model(cells, known, expected):
    assert labels.normalize(cells, known) == expected


def test_figures_of_one_label():
    logits = torch.tensor([[2.0, 0.0, 0.0], [0.0, 0.0, 3.0], [0.0, 0.0, 1.0]])
    figures = classification.figures(logits, torch.tensor([2, 2, 2]))
    assert figures["accuracy"] == pytest.approx(2 / 3) and figures["macro_recall"] == pytest.approx(2 / 3)
    two = classification.figures(logits, torch.tensor([0, 2, 0]))  # the class without a row is left out
    assert two["accuracy"] == pytest.approx(2 / 3)
    assert classification.figures(torch.tensor([[0.0, 9.0, 1.0]]).repeat(2, 1), torch.tensor([0, 2]))["accuracy"] == 0.5


def test_eval_of_a_file_with_one_label(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "text,label\n" + "I loved every minute of it,positive\n" * 3 + "Dreadful and far too long,positive\n"
    )
    assert evaluate("sentiment", [str(path)])["a"]["accuracy"] == 0.75
    path.write_text("text,label\nWonderful,2\n")
    assert evaluate("sentiment", [str(path)])["a"]["accuracy"] == 1


def test_rare_classes_weigh_more():
    weights = classification.class_weights([0] * 76 + [1] * 4, 2, 0.1)
    assert weights.tolist() == pytest.approx([1, 2])
    assert classification.class_weights([0] * 60 + [1] * 40, 2, 0.1).tolist() == [1, 1]
    assert classification.class_weights([0] * 9999 + [1], 3, 0.1).tolist() == [1, classification.MOST_WEIGHT, 10]
    assert classification.class_weights([0] * 9 + [1], 2, 0.0).tolist() == [1, 1]


def test_a_rare_label_is_said_in_plain_words():
    assert labels.rare({"fine": 76, "complaint": 4}) == (
        "a label has only few of the 80 rows ('complaint' 4), so the model will often miss it; add more examples of it"
    )
    assert "2 labels have only few of the 15 rows ('b' 1, 'a' 2)" in labels.rare({"a": 2, "b": 1, "c": 12})
    assert not labels.rare({"a": 10, "b": 99})


def test_fine_tuning_with_a_rare_label(tmp_path, caplog):
    """76 and 4 rows: both labels are held out, the figures are those of the labels, and verdicts are no draws."""
    table = rows(("fine", 76), ("complaint", 4))
    path = tmp_path / "tickets.csv"
    texts = [t.replace("fine text", "thanks, all works") for t in table["text"]]
    texts = [t.replace("complaint text", "it broke and nobody answers, terrible") for t in texts]
    path.write_text(
        "text,label\n" + "".join(f'"{t}",{label}\n' for t, label in zip(texts, table["label"], strict=True))
    )
    recipe = Recipe.model_validate(
        {
            "head": "sentiment",
            "model": {"embedding": 16, "hidden": 12},
            "data": {"train": [str(path)], "max_length": 40},
            "train": {"epochs": 30, "batch_tokens": 512, "lr": 0.02, "evals": 2},
            "sentiment": {"dense": 8},
        }
    )
    figures = finetune.run(recipe, tmp_path / "m")
    assert figures["accuracy"] == 1 and figures["macro_f1"] == 1
    assert "('complaint' 4), so the model will often miss it" in caplog.text
    found = nlp_gru.SentimentAnalyser(load_model(tmp_path / "m"))(
        ["thanks, all works number 3", "it broke and nobody answers, terrible number 78"]
    )
    assert [r.label for r in found] == ["fine", "complaint"] and min(r.score for r in found) > 0.7
