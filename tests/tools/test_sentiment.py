"""What the sentiment tool makes of a model's probabilities, and what it says where there is nothing to judge."""

import csv

import numpy as np
import pytest

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.training.mistakes import judged, mistakes, table


@pytest.fixture(scope="module")
def analyse():
    return nlp_gru.load("sentiment")


@pytest.mark.parametrize(
    "text", ["", " \n\t", "https://example.org/a?b=c", "N/A", "n/a.", "...", "-", "!?", "…", "None"]
)
def test_nothing_said_is_neutral_and_unsure(analyse, text):
    found = analyse(text)
    assert (found.label, found.unsure) == ("neutral", True) and sum(found.scores.values()) == 1


@pytest.mark.parametrize("text", ["👎", ":(", "Great!", "I was bored to death.", "9/10, would go again"])
def test_what_says_something_is_judged(analyse, text):
    assert analyse(text).label != "neutral" and not analyse(text).unsure


@pytest.mark.parametrize(
    "text",
    [
        "Das Essen war ausgezeichnet und die Bedienung sehr freundlich.",
        "日本語の文章です",
        "xkcd zzgrph blarghh fnord qwx",
    ],
)
def test_other_languages_and_gibberish_are_unsure(analyse, text):
    assert analyse(text).unsure


def test_white_space_around_a_text_changes_nothing(analyse):
    assert analyse("  I loved it\n\n") == analyse("I loved it")


class Fixed:
    """A model with the probabilities that it is given."""

    def __init__(self, labels, *rows):
        self.rows = rows
        self.options = nlp_gru.load("sentiment").model.options.model_copy(update={"labels": labels})
        self.tokenizer = nlp_gru.load("sentiment").model.tokenizer

    def probabilities(self, texts):
        return np.array([self.rows[int(t.split()[-1])] for t in texts])


def test_classes_nearly_alike_are_unsure():
    analyse = nlp_gru.SentimentAnalyser(Fixed(["a", "b", "c"], (0.4, 0.35, 0.25), (0.9, 0.05, 0.05)))
    unsure, sure = analyse(["text 0", "text 1"])
    assert unsure.unsure and not sure.unsure and unsure.label == sure.label == "a"


def test_without_a_neutral_class_an_empty_text_has_the_likeliest_one():
    model = Fixed(["a", "b"], (0.2, 0.8))
    model.probabilities = lambda texts: np.array([(0.2, 0.8)] * len(texts))
    found = nlp_gru.SentimentAnalyser(model)("")
    assert found.label == "b" and found.unsure


def test_mistakes(rows_of, tmp_path, run):
    analyse = nlp_gru.SentimentAnalyser(Fixed(["a", "b"], (0.9, 0.1), (0.3, 0.7), (0.8, 0.2)))
    found = judged(analyse, rows_of(text=["row 0", "row 1", "row 2"], label=["a", "a", "b"]))
    assert found.confusions == {("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1}
    assert [(w.place, w.label, w.found, w.score) for w in found.wrong] == [
        ("rows.csv, row 3", "b", "a", 0.8),
        ("rows.csv, row 2", "a", "b", 0.7),
    ]
    assert table(found).splitlines()[-2:] == ["| a | 1 | 1 |", "| b | 1 | 0 |"]
    with pytest.raises(UserError, match=r"rows\.csv, row 1: the label 'x' is unknown; the model has a, b"):
        judged(analyse, rows_of(text=["row 0"], label=["x"]))
    with pytest.raises(UserError, match="it gives no labels"):
        mistakes("similarity", ["x.csv"])


def test_wrong_rows_in_a_file(tmp_path, run):
    data, wrong = tmp_path / "rows.csv", tmp_path / "wrong.csv"
    data.write_text("text,label\nI loved it,positive\nI hated it,positive\n")
    code, out, err = run("eval", "sentiment", "--data", data, "--confusions", "--wrong", wrong)
    assert code == 0 and "| positive | 1 | 0 | 1 |" in out and "wrong.csv: 1 rows" in err
    with open(wrong, encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["text"] == "I hated it" and row["row"].endswith("rows.csv, row 2") and row["model says"] == "negative"
    assert run("eval", "sentiment", "--data", data, "--wrong", wrong)[0] == 2  # it is there already


def test_files_of_one_name_both_have_figures(tmp_path):
    from nlp_gru.training.evaluate import evaluate

    for folder, label in (("a", "positive"), ("b", "negative")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "test.csv").write_text(f"text,label\nI loved it,{label}\nI hated it,negative\n")
    found = evaluate("sentiment", [str(tmp_path / folder / "test.csv") for folder in "ab"])
    assert [figures["rows"] for figures in found.values()] == [2, 2] and len(found) == 2
    assert list(evaluate("sentiment", [str(tmp_path / "a" / "test.csv")])) == ["test"]


@pytest.fixture
def rows_of():
    from nlp_gru.data_files.rows import Rows

    def make(**columns):
        return Rows(columns, [("rows.csv", i + 1) for i in range(len(columns["text"]))])

    return make
