import json
import random

import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

import nlp_gru
from nlp_gru.cli import app
from nlp_gru.errors import UserError
from nlp_gru.heads import HEADS
from nlp_gru.heads.checkpoint import load_model, quantize, save_model, start_from
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.training.average import average

FILES = ("config.json", "model.safetensors", "tokenizer.json")


@pytest.mark.parametrize("name", HEADS)
def test_round_trip(make_head, tmp_path, name):
    head = make_head(name).eval()
    save_model(head, tmp_path / "m", card="# card")
    again = load_model(tmp_path / "m")
    assert type(again) is type(head) and again.config == head.config and again.options == head.options
    for key, value in head.state_dict().items():
        rows = value.flatten(1) if value.ndim > 1 else value.reshape(-1, 1)
        limit = rows.abs().amax(1).max() / 254 if value.ndim > 1 else 0
        assert (again.state_dict()[key] - value).abs().max() <= limit + 1e-7, key
    save_model(again, tmp_path / "n")  # a second saving loses nothing more
    for key, value in load_model(tmp_path / "n").state_dict().items():
        torch.testing.assert_close(value, again.state_dict()[key], rtol=1e-5, atol=1e-7)
    assert (tmp_path / "m/README.md").read_text() == "# card"
    assert not list((tmp_path / "m").glob(".saving*"))


def test_quantize_stores_int8_and_keeps_vectors():
    stored = quantize({"w": torch.randn(4, 6), "b": torch.randn(4), "conv": torch.randn(3, 4, 5)})
    assert stored["w"].dtype == stored["conv"].dtype == torch.int8 and stored["b"].dtype == torch.float32
    assert stored["conv.scale"].shape == (3,) and stored["conv"].shape == (3, 4, 5) and len(stored) == 5


@pytest.fixture
def folder(make_head, tmp_path):
    save_model(make_head(), tmp_path / "m")
    return tmp_path / "m"


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json"])
def test_a_bit_that_makes_no_other_difference_is_seen(folder, file):
    path = folder / file
    data = bytearray(path.read_bytes())
    place = (len(data) if file == "model.safetensors" else data.rindex(b"]]")) - 1  # of a weight, of a token's score
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match=f"{file}: it is damaged, or not of this model"):
        load_model(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({k: v for k, v in config.items() if k != "sha256"}))
    assert len(load_model(folder).probabilities(["fine"])) == 1  # as folders from before there were sums


@pytest.mark.parametrize("file", FILES)
def test_damaged_files_are_refused(folder, file):
    """Truncated, bit-flipped, swapped, emptied, foreign: a clear error or, if nothing that matters changed, a model."""
    good = (folder / file).read_bytes()
    shuffle = random.Random(1)
    cases = [b"", good[: len(good) // 2], good[:20], b"\x80\x04pickle", b"\xff" * 200, b"{}", b"null", b"[1]"]
    cases += [(1 << 62).to_bytes(8, "little") + good[8:]]  # a header that claims to be enormous
    for _ in range(30):
        flipped = bytearray(good)
        flipped[shuffle.randrange(min(len(good), 3000))] ^= 1 << shuffle.randrange(8)
        cases.append(bytes(flipped))
    for case in cases:
        (folder / file).write_bytes(case)
        said = ""
        try:
            load_model(folder).probabilities(["fine"])
        except UserError as error:
            said = str(error)
        assert "\n" not in said


def test_missing_and_foreign_folders(tmp_path, folder):
    for name in ("nonsense", tmp_path / "nothing", "../../nowhere"):
        with pytest.raises(UserError, match="no such model; bundled are"):
            load_model(name)
    with pytest.raises(UserError, match="no config"):
        load_model(tmp_path)
    (folder / "model.safetensors").unlink()
    with pytest.raises(UserError, match=r"model\.safetensors"):
        load_model(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"head": "other"},
        {"format": 2},
        {"extra": 1},
        {"model": {"hidden": 10**9}},
        {"model": {"hidden": 13}},
        {"model": {"hidden": 4096, "layers": 8}},
        {"options": {"labels": []}},
    ],
)
def test_wrong_configs_are_refused(folder, change):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(UserError):
        load_model(folder)


def test_weights_of_other_shapes_are_refused(folder):
    state = load_file(folder / "model.safetensors")
    for name, value in [("dense.bias", torch.zeros(9)), ("more", torch.zeros(2))]:
        save_file(state | {name: value}, folder / "model.safetensors")
        with pytest.raises(UserError, match="does not fit"):
            load_model(folder)


def test_start_from_keeps_the_rows_of_known_labels(make_head):
    old, new = make_head(seed=1), make_head(seed=2, options={"labels": ["great", "negative"]})
    names = start_from(new, old)
    assert "encoder.embedding.weight" in names and "classifier.weight" not in names
    assert torch.equal(new.classifier.weight[1], old.classifier.weight[0])
    assert not torch.equal(new.classifier.weight[0], old.classifier.weight[2])


def test_start_from_refuses_what_cannot_fit(make_head):
    with pytest.raises(UserError, match="no layer"):
        start_from(make_head(), make_head(hidden=5, embedding=9))


def test_all_heads_share_one_tokenizer():
    assert not list(PRETRAINED.glob("*/tokenizer.json")) or all(
        p.read_bytes() == (PRETRAINED / "tokenizer.json").read_bytes() for p in PRETRAINED.glob("*/tokenizer.json")
    )


def test_average_of_two_models(make_head, tmp_path, folder):
    other = make_head()
    with torch.no_grad():
        for value in other.parameters():
            value.add_(1.0)
    save_model(other, tmp_path / "o")
    first, second = load_model(folder).state_dict(), load_model(tmp_path / "o").state_dict()
    result = CliRunner().invoke(
        app, ["average", str(folder), str(tmp_path / "o"), "--out", str(tmp_path / "a"), "--share", "0.25"]
    )
    assert result.exit_code == 0, result.output
    for name, value in load_model(tmp_path / "a").state_dict().items():
        torch.testing.assert_close(value, 0.75 * first[name] + 0.25 * second[name], rtol=0, atol=0.05)
    assert nlp_gru.load(tmp_path / "a")("fine").label
    for wrong, what in ((make_head("next_word"), "heads"), (make_head(hidden=20), "shapes")):
        with pytest.raises(UserError, match=what):
            average(load_model(folder), wrong)
    changed = load_model(folder)
    changed.options = changed.options.model_copy(update={"labels": changed.options.labels[::-1]})
    with pytest.raises(UserError, match="options"):
        average(load_model(folder), changed)
