"""The chapter "beyond words": series are read as they stand, the baselines are what they are called, the layers learn
made-up series, and the report says what was found. The archives' own series are read where `aeon` is installed."""

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from nlp_gru.__main__ import main
from nlp_gru.errors import UserError
from nlp_gru.lecture import baselines, beyond, series, study
from nlp_gru.lecture.beyond import Fit, Series
from nlp_gru.lecture.cells import PER_UNIT

ROOT = Path(__file__).parents[2]
HAS_AEON = importlib.util.find_spec("aeon") is not None
needs_aeon = pytest.mark.skipif(not HAS_AEON, reason="the archives' series: pip install --no-deps aeon==1.6.0")
draw = np.random.default_rng(0)


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """A package `aeon` with made-up series in the places and formats of the true one, the same for every test."""
    draw = np.random.default_rng(0)
    data = tmp_path / "aeon" / "datasets" / "data"
    for name in ("JapaneseVowels", "ItalyPowerDemand", "Airline", "UnitTest"):
        (data / name).mkdir(parents=True)
    (tmp_path / "aeon" / "__init__.py").write_text("raise ImportError('only its data is read')")
    for split, count in (("TRAIN", 30), ("TEST", 20)):
        lines = []
        for i in range(count):
            t = np.arange(draw.integers(20, 30))
            values = (
                np.stack([np.sin((1 + i % 3) * t / 4 + draw.uniform(0, 6)), np.ones(len(t))])
                + draw.normal(size=(2, len(t))) / 9
            )
            lines.append(":".join([*(",".join(f"{v:.4f}" for v in d) for d in values), "abc"[i % 3]]))
        head = "#a comment, with @data in it\n@problemName x\n@classLabel true a b c\n@data\n"
        (data / "JapaneseVowels" / f"JapaneseVowels_{split}.ts").write_text(head + "\n".join(lines) + "\n")
        days = draw.normal(size=(count, 1)) * np.sin(np.arange(24) / 4)
        lines = [",".join(f"{v:.4f}" for v in day) + ":1" for day in days]
        (data / "ItalyPowerDemand" / f"ItalyPowerDemand_{split}.ts").write_text(
            "@classLabel true 1 2\n@data\n" + "\n".join(lines)
        )
    t = np.arange(144)
    write(data / "Airline/Airline.csv", np.exp(4 + t / 120 + np.sin(t * np.pi / 6) / 5))
    beat, marks = np.tile([0.3, 3.6, 6.9, -0.3, -2.0, 1.6, -0.6, *[0.1] * 13], 60), np.zeros(1200)
    odd = beat + draw.normal(size=1200) / 20
    beat += draw.normal(size=1200) / 20
    odd[600:700], marks[600:700] = beat[700:600:-1], 1
    write(data / "UnitTest/ecg-diff-count-3_TRAIN_NA.csv", beat, 0 * marks)
    write(data / "UnitTest/ecg-diff-count-3_TEST.csv", odd, marks)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    series.labelled.cache_clear()
    yield data
    series.labelled.cache_clear()


def write(path, *columns):
    rows = zip(range(len(columns[0])), *columns, strict=True)
    path.write_text("time,values\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n")


def test_series_are_read_as_they_stand(archive):
    found = series.labelled("JapaneseVowels", "TRAIN")
    assert len(found.series) == 30 and found.labels[:4].tolist() == [0, 1, 2, 0]
    assert all(s.shape[1] == 2 and 20 <= len(s) < 30 for s in found.series) and len({len(s) for s in found.series}) > 3
    patched = series.labelled("JapaneseVowels", "TRAIN", 4).series[0]
    assert patched.shape == (len(found.series[0]) // 4, 8)
    assert (patched.reshape(-1, 2) == found.series[0][: 4 * len(patched)]).all()


@pytest.mark.parametrize("line", ["1,2:3,x:a", "1,2:3,4:d", "1,2:3:a"])
def test_a_line_that_is_no_series_is_named(archive, line):
    path = archive / "JapaneseVowels" / "JapaneseVowels_TRAIN.ts"
    path.write_text("@classLabel true a b c\n@data\n1,2:3,4:a\n" + line + "\n")
    with pytest.raises(UserError, match="series 2 is not one with a class of a, b, c"):
        series.labelled("JapaneseVowels", "TRAIN")


def test_what_is_not_there_is_said(archive, monkeypatch):
    with pytest.raises(UserError, match=r"there is no .*Nothing\.csv; .*pip install --no-deps aeon"):
        series.path("Nothing.csv")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match="pip install --no-deps aeon"):
        series.path("Airline/Airline.csv")


def warped(a, b, i, j):
    """The definition, without memory: the cheapest way to align the first i values of a with the first j of b."""
    if i == 0 or j == 0:
        return 0.0 if i == j else np.inf
    return ((a[i - 1] - b[j - 1]) ** 2).sum() + min(
        warped(a, b, i - 1, j), warped(a, b, i, j - 1), warped(a, b, i - 1, j - 1)
    )


def test_time_warping_is_its_definition():
    own, others = draw.normal(size=(5, 2)), [draw.normal(size=(n, 2)) for n in (4, 6, 1, 5)]
    expected = [warped(own, other, len(own), len(other)) for other in others]
    np.testing.assert_allclose(baselines.dtw(own, others), expected, rtol=1e-5)
    assert baselines.dtw(own, [np.repeat(own, 3, 0)])[0] == pytest.approx(0, abs=1e-9)


def test_smoothing_goes_on_with_a_trend_and_a_season():
    t = np.arange(120)
    y = 2 + t / 50 + np.sin(t * np.pi / 6)
    found = baselines.smoothing(y, range(84, 109))
    np.testing.assert_allclose(found, [y[end : end + 12] for end in range(84, 109)], atol=0.02)


def test_forecasts_learn_from_nothing_that_is_asked(archive):
    data = series.forecasts("Airline")
    assert data.given.shape == data.target.shape == (73, 12) and data.test.shape == data.came.shape == (25, 12)
    months = series.column("Airline/Airline.csv", 1)
    np.testing.assert_allclose(data.came[0], months[108:120])
    gains = np.log(months[12:]) - np.log(months[:-12])
    exact = (np.stack([gains[96 + i : 108 + i] for i in range(25)]) - gains[:96].mean()) / gains[:96].std()
    np.testing.assert_allclose(data.restore(exact), data.came, rtol=1e-6)
    months[108:] *= 1.5
    write(archive / "Airline/Airline.csv", months)
    again = series.forecasts("Airline")
    assert (
        (again.given == data.given).all()
        and (again.target == data.target).all()
        and (again.test[0] == data.test[0]).all()
    )
    day = series.forecasts("ItalyPowerDemand")
    assert day.given.shape == (30, 12) and day.came.shape == (20, 12) and day.restore(day.came) is day.came


def test_the_margin_compares_the_least_of_what_is_odd_with_the_most_of_what_is_not():
    marks = np.zeros(1000)
    marks[300:340] = marks[700:740] = 1
    course = series.Course(np.zeros(1), marks, marks)
    oddness = np.where(marks > 0, 2.0, 0.0)
    oddness[700:740] = 1.0
    oddness[500:520] = 0.5
    assert course.alarm(oddness)["margin"] == pytest.approx(2)
    oddness[500:520] = 4
    assert course.alarm(oddness)["margin"] == pytest.approx(0.25)
    oddness[500:520], oddness[380:400] = 0.5, 9  # near enough to what is odd
    assert course.alarm(oddness)["margin"] == pytest.approx(2)
    assert len(course.alarm(oddness)["curve"]) == 600


@pytest.mark.parametrize("cell", PER_UNIT)
@pytest.mark.parametrize("steps", [True, False])
def test_padding_is_invisible_and_the_future_is_not_seen(cell, steps):
    torch.manual_seed(0)
    model = Series(cell, 3, 4, Fit(1, 12), steps).eval()
    rows = [draw.normal(size=(n, 3)).astype(np.float32) for n in (9, 4, 6)]
    together = model.read(rows)
    for row, found in zip(rows, together, strict=True):
        alone = model.read([row])[0]
        assert torch.allclose(found[: len(row)] if steps else found, alone, atol=1e-6)
    if steps:
        changed = rows[0].copy()
        changed[5:] += 1
        assert torch.allclose(model.read([changed])[0, :5], together[0, :5], atol=1e-6)
        assert not torch.allclose(model.read([changed])[0], together[0])


def test_the_layers_have_equal_parameters():
    for inputs, fit in (
        (12, beyond.CLASSES["JapaneseVowels"]),
        (20, beyond.CLASSES["ACSF1"]),
        (1, beyond.COURSES["ECG"]),
    ):
        sizes = {cell: sum(p.numel() for p in Series(cell, inputs, 2, fit).layer.parameters()) for cell in PER_UNIT}
        assert all(0.95 * sizes["gru"] < size <= sizes["gru"] for size in sizes.values())


def test_the_pinball_loss_is_least_at_the_quantiles():
    came = torch.linspace(0, 1, 1001)[:, None]  # (B, 1)
    at = torch.tensor([[0.1, 0.5, 0.9]])
    best = float(beyond.pinball(at.expand(1001, 3), came))
    for wrong in ([[0.2, 0.5, 0.9]], [[0.1, 0.4, 0.9]], [[0.1, 0.5, 0.8]]):
        assert float(beyond.pinball(torch.tensor(wrong).expand(1001, 3), came)) > best


@pytest.fixture
def quick_fits(monkeypatch):
    for fits in (beyond.CLASSES, beyond.FORECASTS, beyond.COURSES):
        for name, fit in fits.items():
            monkeypatch.setitem(fits, name, fit._replace(updates=60, width=16, noise=0.0, dropout=0.0, lr=0.01))


@pytest.mark.slow
def test_made_up_series_are_learned(archive, quick_fits):
    found = beyond.classify("JapaneseVowels", "gru", 1)
    assert (
        found["accuracy"] > 0.8
        and np.trace(found["table"]) == found["accuracy"] * 20 == np.sum(found["table"]) * found["accuracy"]
    )
    assert baselines.nearest("JapaneseVowels", 1)["others"]["nearest under time warping"] > 0.8
    assert baselines.rocket("JapaneseVowels", 1, 200)["others"]["ROCKET"] > 0.9
    first = beyond.classify("JapaneseVowels", "lstm", 1, less=60)
    assert first["accuracy"] < 0.8 and first == beyond.classify("JapaneseVowels", "lstm", 1, less=60)


def test_made_up_courses_are_forecast_and_watched(archive, quick_fits):
    naive = baselines.forecast("ItalyPowerDemand")["others"]
    assert beyond.forecast("ItalyPowerDemand", "gru", 1)["error"] < naive["the mean day"] / 3
    others = baselines.forecast("Airline")
    assert (
        others["others"]["exponential smoothing"] < 0.2 * others["others"]["the same months of the last year"]
        and len(others["came"]) == 12
    )
    found = beyond.forecast("Airline", "rnn", 1, less=6)
    assert len(found["first"]) == 3 and 0 <= found["held"] <= 1
    assert beyond.detect("ECG", "gru", 1)["margin"] > 1 and baselines.detect("ECG")["others"]["nearest stretch"] > 1


@pytest.mark.slow
def test_a_chapter_is_measured_alone(archive, tmp_path, monkeypatch):
    planned = {
        "beyond-words": [study.Unit("baselines.forecast", {"task": "Airline"})],
        "words": [study.Unit("never.measured")],
    }
    monkeypatch.setattr(study, "plan", lambda quick, source, chapter: planned[chapter])
    told = []
    found = study.run(tmp_path, True, 1, lambda done, total, unit: told.append(total), chapters=("beyond-words",))
    assert told == [1] and list(found) == [planned["beyond-words"][0].key]
    assert study.run(tmp_path, True, 1, lambda *_: told.append(0), chapters=()) == found and told == [1]


def result(unit):
    """What such a unit might give."""
    a, gain = unit.arguments, {"gru": 0.06, "lstm": 0.03}.get(unit.arguments.get("cell"), 0)
    noise = np.random.default_rng(len(unit.key) + a.get("seed", 0)).uniform(0, 0.01)
    other = (
        {"the mean day": 1.0, "ridge regression": 0.2}
        if a.get("task") == "ItalyPowerDemand"
        else {"the last year": 0.5}
    )
    curve = [0.1] * 200 + [1.0] * 100 + [0.2] * 300
    return {
        "beyond.classify": {"accuracy": 0.9 + gain + noise, "table": (np.eye(9, dtype=int) * 9 + 1).tolist()},
        "beyond.forecast": {"error": 0.5 + noise, "held": 0.7, "first": [[1.0] * 12, [2.0] * 12, [3.0] * 12]},
        "beyond.detect": {"margin": 2 + noise, "curve": curve},
        "baselines.nearest": {"others": {"nearest under time warping": 0.9}},
        "baselines.rocket": {"others": {"ROCKET": 0.97 + noise}},
        "baselines.forecast": {"others": other, "came": [2.0] * 12},
        "baselines.detect": {
            "others": {"moving z-score": 3.0, "nearest stretch": 5.0},
            "curve": curve,
            "test": curve,
            "marks": [0.0] * 200 + [1.0] * 100 + [0.0] * 300,
        },
        "beyond.heartbeat": {
            "mean": 0.5,
            "deviation": 2.0,
            "tensors": {n: v.tolist() for n, v in Series("gru", 1, 1, Fit(1, 16), True).state_dict().items()},
        },
    }[unit.function]


@pytest.mark.parametrize("quick", [True, False])
def test_the_report_tells_what_was_found(tmp_path, quick):
    pytest.importorskip("matplotlib")
    from nlp_gru.inspection.heartbeat import Heartbeat
    from nlp_gru.lecture.report import write as report

    report({unit.key: result(unit) for unit in beyond.plan(quick)}, tmp_path, "a machine")
    text, page = (tmp_path / "beyond-words.md").read_text(), (tmp_path / "report.html").read_text()
    assert "$" not in text and "nan" not in text and not (tmp_path / "README.md").exists()
    for picture in ("speakers", "ahead", "odd"):
        assert f"({picture}.png)" in text and (tmp_path / f"{picture}.png").stat().st_size > 5000
    assert (
        page.count('src="data:image/png;base64,') == 3 and 'href="README' not in page and 'href="https://arxiv' in page
    )
    rows = {line.split(" | ")[0].strip("| ").split(":")[0]: line for line in text.splitlines() if line.startswith("| ")}
    verdicts = [rows[name].split("**")[1] for name in ("speech", "energy", "sales", "heartbeats")]
    if quick:
        assert set(verdicts) == {"no difference seen"} and "one seed alone" in text
    else:
        assert verdicts == ["better", "better", "worse", "worse"] and "means over 3 seeds" in text
        assert (
            "| 96." in rows["speech"]
            and "ROCKET 97." in rows["speech"]
            and "the mean day 1.00; ridge regression 0.20" in rows["energy"]
        )
    assert Heartbeat(tmp_path / "heartbeat.safetensors").deviation == 2.0


def test_the_commands_mistakes(monkeypatch, capsys, tmp_path):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(sys, "argv", ["nlp-gru", "lecture", "--only", "sport", "--out", str(tmp_path / "x")])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2 and "--only names one of words and beyond-words, not 'sport'" in capsys.readouterr().err
    monkeypatch.setattr(series, "path", lambda name: (_ for _ in ()).throw(UserError(series.MISSING)))
    monkeypatch.setattr(sys, "argv", ["nlp-gru", "lecture", "--only", "beyond-words", "--out", str(tmp_path / "x")])
    with pytest.raises(SystemExit) as stop:
        main()
    assert (
        stop.value.code == 2
        and "pip install --no-deps aeon" in capsys.readouterr().err
        and not (tmp_path / "x").exists()
    )


def test_the_page_links_to_what_is_there_and_names_the_version():
    text = (ROOT / "nlp_gru/lecture/beyond_words.md").read_text()
    links = re.findall(r"\]\((?!http)([^)]+)\)", text)
    assert len(links) > 8 and all((ROOT / "docs/lecture" / link).exists() for link in links)
    (version,) = re.findall(r"^aeon==(.+)$", (ROOT / "constraints.txt").read_text(), re.M)
    assert series.MISSING.endswith(f"aeon=={version}") and f"aeon=={version}" in text


@needs_aeon
def test_the_archives_series_are_what_their_papers_say():
    for name, train, test, classes, dimensions in (
        ("JapaneseVowels", 270, 370, 9, 12),
        ("BasicMotions", 40, 40, 4, 6),
        ("ACSF1", 100, 100, 10, 1),
    ):
        halves = [series.labelled(name, split) for split in ("TRAIN", "TEST")]
        assert [len(h.series) for h in halves] == [train, test] and all(
            set(h.labels) == set(range(classes)) for h in halves
        )
        assert halves[0].series[0].shape[1] == dimensions
    lengths = [len(s) for split in ("TRAIN", "TEST") for s in series.labelled("JapaneseVowels", split).series]
    assert (min(lengths), max(lengths)) == (7, 29)
    pulse, ecg = series.course("pulse"), series.course("ECG")
    assert pulse.marks.sum() == 12 and pulse.marks[4187] == 1 and ecg.marks.sum() == 300 and len(ecg.test) == 10_000
    assert series.forecasts("Airline").came.shape == (25, 12)


@needs_aeon
def test_time_warping_gives_the_published_accuracy():
    """94.9 and 97.5 % (Bagnall et al. 2018)."""
    assert baselines.nearest("BasicMotions", 1)["others"]["nearest under time warping"] == 0.975
    assert baselines.nearest("JapaneseVowels", 1)["others"]["nearest under time warping"] == pytest.approx(
        0.949, abs=5e-4
    )
