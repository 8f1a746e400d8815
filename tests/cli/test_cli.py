"""The command line as a person meets it: answers, and one clear sentence with exit code 2 for everything wrong."""

import json

import pytest
from conftest import SAMPLE

from nlp_gru.heads.checkpoint import save_model

pytestmark = pytest.mark.slow


def test_predict(run, model):
    code, out, _ = run("predict", model, "fine", "--json")
    answer = json.loads(out)
    assert code == 0 and answer["label"] in answer["scores"] and sum(answer["scores"].values()) == pytest.approx(1)
    code, out, _ = run("predict", model, stdin="one\n\nthree\r\n🙂".encode())
    assert code == 0 and len(out.splitlines()) == 4


def test_predict_translates_lines(run, make_head, tmp_path):
    save_model(make_head("translation"), tmp_path / "m")
    code, out, _ = run("predict", tmp_path / "m", stdin="🙂\n\nHello there.\n".encode())
    assert code == 0 and out.split("\n")[0] == "🙂" and len(out.splitlines()) == 3
    code, out, _ = run("predict", tmp_path / "m", "Hello.", "--json")
    assert json.loads(out)["sentences"][0]["source"] == "Hello."
    code, out, _ = run("eval", tmp_path / "m", "--data", SAMPLE.with_name("translation.csv"), "--json")
    assert code == 0 and {"bleu", "chrf", "bleu_greedy", "chrf_greedy", "perplexity"} <= set(
        json.loads(out)["translation"]
    )


def test_eval_saves_into_the_card(run, model):
    from nlp_gru.training.evaluate import BEGIN, END

    (model / "README.md").write_text(f"# card\n{BEGIN}\nold\n{END}\nrest\n")
    code, out, _ = run("eval", model, "--data", SAMPLE, "--json", "--save")
    figures = json.loads(out)["sentiment"]
    assert code == 0 and figures["rows"] == 60 and 0 <= figures["accuracy"] <= 1
    card = (model / "README.md").read_text()
    assert "old" not in card and "| set | sentiment |\n|---|---:|\n| rows | 60 |\n" in card and card.endswith("rest\n")
    assert json.loads((model / "metrics.json").read_text())["sentiment"] == figures


def test_figures_lie_the_way_that_is_narrower():
    from nlp_gru.training.evaluate import table

    wide = {"rows": 1000, "nll": 0.5, "bleu": 46.97281}
    assert table({"a": wide}) == "| set | a |\n|---|---:|\n| rows | 1,000 |\n| nll | 0.5000 |\n| bleu | 46.9728 |"
    assert table({"a": {"nll": 0.5}, "b": {"ece": 2}}) == (
        "| set | nll | ece |\n|---|---:|---:|\n| a | 0.5000 |  |\n| b |  | 2.0000 |"
    )


def test_train_then_eval_then_predict(run, tmp_path):
    """The whole road from the command line, on a recipe of the user's own."""
    recipe = tmp_path / "r.toml"
    recipe.write_text('head = "sentiment"\n[model]\nembedding = 16\nhidden = 12\n[train]\nepochs = 2\n')
    out = tmp_path / "mine"
    code, text, error = run("train", recipe, "--data", SAMPLE, "--out", out, "--set", "train.lr=0.01")
    assert code == 0, error
    assert "accuracy" in text and (out / "model.safetensors").exists()
    assert run("eval", out, "--data", SAMPLE)[0] == 0
    assert run("predict", out, "Best pizza in town")[1].split("\t")[0] in ("negative", "neutral", "positive")


def test_the_lectures_example(run, tmp_path):
    """The bundled keyboard, taught the sample's sentences about the weather, goes on as the lecture's does."""
    sample = SAMPLE.with_name("next_word.csv")
    code, _, error = run("train", "next_word", "--data", sample, "--out", tmp_path / "m")
    assert code == 0, error
    code, out, _ = run("predict", tmp_path / "m", "The weather is nice today, it is ")
    assert code == 0 and out.split()[0] == "sunny"
    code, out, _ = run("predict", tmp_path / "m", "The weather is n", "--json")
    assert json.loads(out)[0]["text"] == "nice"
    code, out, _ = run("generate", tmp_path / "m", "The weather", "--words", "5", "--seed", "1")
    assert code == 0 and out.startswith("The weather ") and len(out.split()) <= 7
    assert out == run("generate", tmp_path / "m", "The weather", "--words", "5", "--seed", "1")[1]


BAD = {
    "missing column": (
        "a.csv",
        "review,label\ngood,1\n",
        "no column 'text'; it needs text, label and has review, label",
    ),
    "empty file": ("a.csv", "", "the file is empty"),
    "only a header": ("a.csv", "text,label\n", "no rows"),
    "one class only": ("a.csv", "text,label\n" + "good,1\n" * 20, "the only label is"),
    "too few rows": ("a.csv", "text,label\ngood,1\nbad,0\n", "10 is the least"),
    "empty cells alone": ("a.csv", "text,label\n,1\n,0\n", "every row has an empty cell in text or label"),
    "not utf-8": ("a.csv", b"text,label\ngood,1\ncaf\xe9,0\n", "line 3: not UTF-8 text (byte 0xe9)"),
    "ragged rows": ("a.csv", "text,label\ngood,1\na,b,c,d\n", "row 2: it has 4 cells"),
    "binary": ("a.parquet", b"\x00\x01\x02" * 99, "cannot be read as Parquet"),
    "broken json": ("a.jsonl", '{"text": "a", "label": 1}\n{"text": \n', "row 2: cannot be read as JSON"),
    "another format": ("a.docx", "x", "cannot read '.docx' files; use .csv"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_training_files(run, tmp_path, case):
    name, content, message = BAD[case]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    recipe = tmp_path / "r.toml"
    recipe.write_text('head = "sentiment"\n[model]\nembedding = 8\nhidden = 8\n')
    code, out, error = run("train", recipe, "--data", path, "--out", tmp_path / "m")
    assert code == 2 and not out
    assert message in error and name in error and "Traceback" not in error and error.count("\n") == 1, error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("predict", "nonsense", "x"), "no such model"),
        (("predict", "/", "x"), "not a model folder"),
        (("eval", "sentiment", "--data", "gone.csv"), "gone.csv: there is no such file"),
        (("eval", "sentiment", "--data", "*.nothing"), "no file matches"),
        (("train", "nonsense", "--out", "m"), "no such recipe"),
        (("train", "sentiment", "--out", "m", "--set", "train.speed=3"), "no setting 'train.speed'"),
        (("train", "sentiment", "--out", "m", "--set", "oops"), "key=value"),
        (("train", "sentiment", "--out", "m", "--data", "gone.csv"), "gone.csv"),
        (("demo", "poetry"), "no such page"),
        (("demo", "--model", "m"), "--model needs a page"),
        (("generate", "sentiment", "x"), "it goes on with no text"),
        (("generate", "next_word", "x", "--temperature", "-1"), "temperature is a number from 0"),
    ],
)
def test_other_mistakes(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, _, error = run(*arguments)
    assert code == 2 and message in error and error.count("\n") == 1, error


def test_unwritable_out_is_named(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    recipe = tmp_path / "r.toml"
    recipe.write_text('head = "sentiment"\n[model]\nembedding = 8\nhidden = 8\n')
    code, _, error = run("train", recipe, "--data", SAMPLE, "--out", tmp_path / "file")
    assert code == 2 and "file" in error and "Traceback" not in error


def test_models_are_listed(run):
    from nlp_gru.model_folder.bundled import bundled_models

    code, out, _ = run("models", "--json")
    assert code == 0 and [json.loads(line)["name"] for line in out.splitlines()] == bundled_models()


def test_hub_failure_names_the_local_way(run, tmp_path, monkeypatch):
    import datasets

    def unreachable(*args, **kwargs):
        raise ConnectionError("cannot reach the hub")

    monkeypatch.setattr(datasets, "load_dataset", unreachable)
    code, _, error = run("train", "sentiment", "--data", "hub:some/set", "--out", tmp_path / "m")
    assert code == 2 and "hub:some/set" in error and "name a local" in error
