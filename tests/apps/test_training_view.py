"""What the training page shows: curves, figures in words, a file's report, and answers; all of it escaped."""

import math
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest
from nlp_gru.apps import check_file, curves, job, training_view, trial
from test_app_training import FakeAnalyser


def test_chart_is_whole_xml_with_words_for_it():
    series = [curves.Series("a & <b>", {1: 2.0, 5: 1.0, 7: math.nan}), curves.Series("v", {4: 1.5}, "amber", dots=True)]
    figure = ET.fromstring(curves.chart("Loss <1>", "loss", series, 10))
    picture = figure.find("svg")
    assert picture.get("role") == "img" and "from 2 at update 1 to 1 at update 5" in picture.get("aria-label")
    texts = [t.text for t in picture.iter("text")]
    assert "update" in texts and "loss" in texts and {"0", "10"} <= set(texts)
    for point in picture.find("polyline").get("points").split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= curves.WIDTH and 0 <= y <= curves.HEIGHT
    empty = ET.fromstring(curves.chart("Loss", "loss", [curves.Series("a", {})], 0))
    assert "no figure yet" in empty.find("svg").get("aria-label")


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 0), (3, 3), (0.001, 0.0013), (-2, 5), (0, 12345), (99.9, 100)])
def test_ticks_hold_the_values(low, high):
    found = curves.ticks(low, high)
    assert found[0] <= low and found[-1] >= high and 2 <= len(found) <= 7


def test_figures_in_words():
    few = training_view.in_words("sentiment", {"accuracy": 0.5, "macro_f1": 0.4}, 6)
    assert few[0] == "3 of 6 held-out texts got their label (50 %)." and "rough" in few[-1]
    assert "98 %" in training_view.in_words("faq", {"accuracy": 0.98, "held_out": 50}, 0)[0]
    assert "nothing can be measured" in training_view.in_words("faq", {}, 0)[0]
    assert training_view.charts("faq", job.Curve()) == "" == training_view.validations(job.Curve())
    assert "BLEU 42" in training_view.in_words("translation", {"bleu": 42.1, "chrf": 60.0, "perplexity": 3.0}, 100)[0]
    assert "54 of 100" in training_view.in_words("chat", {"hits_at_1": 0.54, "perplexity": 3.0}, 100)[0]
    assert "among 12 " in training_view.in_words("next_word", {"nll": 2.5, "perplexity": 12.2}, 100)[0].replace(
        "12.2", "12"
    )
    assert training_view.in_words("sentiment", {}, 10) == []


def test_all_that_comes_from_a_file_or_a_model_is_escaped(tmp_path):
    path = tmp_path / "<i>.csv"
    path.write_text("text,label,<u>\n" + "".join(f"<b>{i},<s>{i % 2},x\n" for i in range(12)) + ",a,\n")
    shown = training_view.report_html(check_file.check("sentiment", str(path)))
    assert not re.search("<[iusb]>", shown) and "&lt;b&gt;0" in shown and "Row 13" in shown
    assert "<b>" not in trial.answer("sentiment", FakeAnalyser(), "a") and "<i>" not in trial.panel("<i>")
    assert "<i>" not in training_view.complaint("<i>") and "Write something" in trial.answer("chat", None, " \n")


def test_answers_of_every_head():
    words = SimpleNamespace(suggest=lambda *a: [SimpleNamespace(text="warm", score=0.5)])
    assert "It is warm" in trial.answer("next_word", words, "It is") and "50.0 %" in trial.answer(
        "next_word", words, "It is"
    )
    assert "Oui" in trial.answer("translation", lambda text, beam: SimpleNamespace(text="Oui."), "Yes.")
    bot = SimpleNamespace(reply=lambda turns, seed: SimpleNamespace(text="Sorry.", answered=False))
    assert "No answer fits" in trial.answer("faq", bot, "Why?")
    assert (
        trial.bundled("faq", ("en", "fr")) == "chat"
        and trial.bundled("translation", ("fr", "en")) == "translation-fr-en"
    )
    assert trial.bundled("translation", ("en", "de")) == ""
