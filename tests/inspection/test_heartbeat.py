"""The small GRU that reads heartbeats: what it expects, its gates against the fused path, and what it refuses."""

import json
import sys

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from nlp_gru.__main__ import main
from nlp_gru.errors import UserError
from nlp_gru.inspection import heartbeat, inside
from nlp_gru.inspection.gates import AGREES
from nlp_gru.model_folder.bundled import PRETRAINED, bundled_models

TEXT = "0.35 3.61 6.94 -0.14 -1.83 1.61 -0.65 0.16 0.16 0.02 0.09 -0.08 0.04 0.17 0.11 0.06 -0.00 0.06 -0.01 0.08"
BEAT = TEXT.split()


def test_it_is_small_and_no_tool():
    assert (PRETRAINED / "heartbeat.safetensors").stat().st_size < 100_000
    assert heartbeat.NAME not in bundled_models()


def test_it_expects_the_next_beat():
    """After a beat and the rise of the next one, the peak; after the peak, the fall: close by for values that reach
    from -2 to 7."""
    for known, following in ((2, 6.94), (3, -0.14), (4, -1.83), (5, 1.61), (10, 0.02)):
        text = " ".join(BEAT + BEAT[:known])
        expected = float(heartbeat.bundled().look(text, 60).written.split(",")[0])
        assert abs(expected - following) < 1.2, (known, expected)


def test_its_gates_are_those_of_the_equations():
    found = inside.look(heartbeat.bundled(), " ".join(BEAT))
    (layer,) = found.layers
    assert found.difference < AGREES and [w.text for w in layer.words] == BEAT and layer.hidden.shape == (20, 16)
    np.testing.assert_allclose(
        layer.hidden, (1 - layer.update) * layer.candidate + layer.update * layer.before, atol=1e-6
    )
    assert layer.steps[0].fresh and not layer.steps[1].fresh
    quiet = float(np.mean([s.moved for s in layer.steps[10:15]]))
    assert min(layer.steps[i].moved for i in (1, 2, 3)) > 3 * quiet, (
        "a beat moves the state, the rest between hardly does"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  ,; ", "the text is empty"),
        ("0.1 beat", "reads numbers up to 1,000, as 0.2 3.5 6.8, not 'beat'"),
        ("0.1 nan", "not 'nan'"),
        ("inf", "not 'inf'"),
        ("1e9", "not '1e9'"),
        ("1 " * 61, "has 61 numbers, and 60 are the most"),
    ],
)
def test_what_is_not_numbers_is_refused(text, message):
    with pytest.raises(UserError, match=message):
        heartbeat.bundled().look(text, 60)


def test_numbers_are_read_as_people_part_them():
    assert heartbeat.read("1, 2;3\n−4\t5.5", 9) == ["1", "2", "3", "-4", "5.5"]


def test_another_file_is_refused(tmp_path):
    good = {name: value.numpy() for name, value in torch.nn.GRU(1, 4).state_dict().items()}
    save_file(good, tmp_path / "x.safetensors", {"mean": "0", "deviation": "1"})
    (tmp_path / "y.safetensors").write_bytes(b"no such thing")
    for name in ("x", "y", "nothing"):
        with pytest.raises(UserError, match="not a model of heartbeats"):
            heartbeat.Heartbeat(tmp_path / f"{name}.safetensors")


def test_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["nlp-gru", "inspect", " ".join(BEAT), "--model", "heartbeat", "--json"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    answer = json.loads(capsys.readouterr().out)
    assert answer["written"].endswith(", which it expects next") and len(answer["layers"][0]["words"]) == 20


def test_page():
    pytest.importorskip("gradio")
    from nlp_gru.apps import inside as page
    from nlp_gru.apps import inside_view

    look = page.over({})
    for example in page.EXAMPLES["ecg"]:
        found = look("heartbeat", example, False)
        assert len(example.split()) <= page.MAX_WORDS and len(example) <= page.MAX_CHARACTERS
        shown = inside_view.panel(found, found.layers[0], "reset")
        points = shown.split('polyline points="')[1].split('"')[0].split()
        assert len(points) == len(example.split())
        heights = [float(p.split(",")[1]) for p in points]
        assert int(np.argmin(heights)) == int(np.argmax([float(v) for v in example.split()])), "the peak is on top"
    assert (
        inside_view._curve(["start", "1"]) == {} and inside_view._curve(["3", "3"])["points"] == "25.00,95.0 75.00,95.0"
    )
    for text in ("The food was not good.", page.EXAMPLES["fr"][0]):
        assert page.translated(text, "heartbeat")[0] == page.EXAMPLES["ecg"][0]
    assert page.translated("0.2 3.5", "heartbeat")[0] not in page.EXAMPLES["ecg"]
    assert page.translated(page.EXAMPLES["ecg"][1], "sentiment")[0] == page.EXAMPLES["en"][0]
