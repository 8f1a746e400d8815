"""Model folders from anywhere: whatever was done to one, it is refused in one line or answers, and never runs what it
holds."""

import json
import os
import pickle
import signal
import struct
import tracemalloc

import mutate
import pytest
import torch
from mutations import FILES, KINDS
from safetensors.torch import load_file, save_file

import nlp_gru
from nlp_gru import errors as limits
from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import save_model
from nlp_gru.model_folder.options import MAX_READY

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(make_head, tmp_path):
    save_model(make_head(), tmp_path / "m")
    return tmp_path / "m"


def refusal(folder):
    with pytest.raises(UserError) as caught:
        nlp_gru.load(folder)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 1000 and str(folder) in message
    return message


@pytest.fixture
def in_time():
    """What waits for a pipe fails after 5 s."""

    def stop(*_):
        raise AssertionError("not refused at once")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def edit(path, change):
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def with_header(table, data=b""):
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_every_kind_of_damage_is_refused_or_answered(make_head, tmp_path):
    """In a process of their own, as `python benchmarks/mutate.py` does 2,000 times."""
    for name in ("sentiment", "next_word"):
        save_model(make_head(name), tmp_path / name)
    results = mutate.run([str(tmp_path / name) for name in ("sentiment", "next_word")], 2 * len(KINDS), seed=2)
    assert [r["number"] for r in results] == list(range(2 * len(KINDS))) and {r["kind"] for r in results} == set(KINDS)
    assert not [r for r in results if mutate.failed(r)]
    verdicts = {kind: [r["verdict"] for r in results if r["kind"] == kind] for kind in KINDS}
    assert verdicts["card"] == ["answered"] * 2 and verdicts["enormous"] == ["refused"] * 2


def test_the_harness_sees_what_goes_wrong(folder, monkeypatch):
    assert mutate.judge("config", folder) == ("answered", "")
    for error in (RuntimeError("x"), KeyError("x"), MemoryError(), AssertionError("nan"), UserError("two\nlines")):

        def fail(_, error=error):
            raise error

        monkeypatch.setattr(mutate, "ask", fail)
        assert mutate.judge("config", folder)[0] == "failed"
    fine = {"verdict": "answered", "seconds": 1.0, "megabytes": 3.0}
    assert (
        not mutate.failed(fine)
        and mutate.failed(fine | {"seconds": 11.0})
        and mutate.failed(fine | {"megabytes": 501.0})
    )


class Trap:
    def __reduce__(self):
        return os.mkdir, (self.where,)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("form", ["pickle", "torch"])
def test_nothing_is_unpickled(folder, tmp_path, file, form):
    trap = Trap()
    trap.where = str(tmp_path / "sprung")
    (folder / file).unlink()
    if form == "pickle":
        (folder / file).write_bytes(pickle.dumps(trap))
    else:
        torch.save({"dense.bias": torch.zeros(8), "trap": trap}, folder / file)
    refusal(folder)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("file", FILES)
def test_what_is_no_regular_file_is_refused_at_once(folder, in_time, file):
    path = folder / file
    good = path.read_bytes()
    kinds = {
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "device": lambda: path.symlink_to("/dev/zero"),
        "dangling": lambda: path.symlink_to("nowhere"),
        "loop": lambda: path.symlink_to(file),
    }
    path.unlink()
    for make in kinds.values():
        make()
        refusal(folder)
        path.rmdir() if path.is_dir() else path.unlink()
    path.with_suffix(".other").write_bytes(good)
    path.symlink_to(path.with_suffix(".other").name)  # a link to a file is one
    assert nlp_gru.load(folder)("fine").label


@pytest.mark.parametrize("file", FILES)
def test_an_oversize_file_is_refused_before_it_takes_memory(folder, file):
    os.truncate(folder / file, 20_000_000_000)
    tracemalloc.start()
    message = refusal(folder)
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()
    assert "20,000,000,000 bytes" in message


@pytest.mark.parametrize("size", [0, limits.MAX_HEADER_BYTES + 1, 1 << 31, 1 << 62, (1 << 64) - 1])
def test_a_header_of_any_length_is_refused_before_it_takes_memory(folder, size):
    path = folder / "model.safetensors"
    path.write_bytes(struct.pack("<Q", size) + path.read_bytes()[8:])
    os.truncate(path, 3_000_000_000)
    tracemalloc.start()
    message = refusal(folder)
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()
    assert "damaged" in message and (size == 0 or "its header is longer than it may be" in message)


@pytest.mark.parametrize(
    "table", [[], None, 3, {}, {"dense.bias": 3}, {"dense.bias": {"dtype": "F32", "shape": [10**12]}}]
)
def test_a_header_that_says_something_else_is_refused(folder, table):
    (folder / "model.safetensors").write_bytes(with_header(table))
    assert "does not fit config.json or is damaged" in refusal(folder)


def test_a_deep_header_is_refused(folder):
    text = b"[" * 200_000
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text)
    assert "recursion" in refusal(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 3e38, 1.01e4])
@pytest.mark.parametrize("name", ["dense.bias", "encoder.embedding.weight.scale"])
def test_numbers_that_are_no_weights_are_refused(folder, name, value):
    state = load_file(folder / "model.safetensors")
    state[name].flatten()[-1] = value
    save_file(state, folder / "model.safetensors")
    assert refusal(folder).endswith(f"it is damaged: '{name}' holds what is no weight")


def test_a_larger_number_is_still_a_weight(folder):
    state = load_file(folder / "model.safetensors")
    state["dense.bias"][-1] = 0.99 * limits.MAX_WEIGHT
    save_file(state, folder / "model.safetensors")
    edit(folder / "config.json", lambda v: v.pop("sha256"))
    assert nlp_gru.load(folder)("fine").label


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda v: v.update(normalizer={"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": "a"}),
            "does more",
        ),
        (lambda v: v.update(pre_tokenizer={"type": "Whitespace"}), "does more"),
        (lambda v: v["model"].update(type="BPE"), "does more"),
        (lambda v: v["model"]["vocab"].pop(4), "its first tokens are not"),
        (
            lambda v: v["model"]["vocab"].extend([f"x{n}", -9.0] for n in range(limits.MAX_VOCABULARY)),
            "more than 100,000 tokens",
        ),
        (lambda v: v["model"]["vocab"].append(["", -9.0]), "an empty one"),
        (lambda v: v["model"]["vocab"].append(v["model"]["vocab"][-1]), "comes twice"),
        (lambda v: v["model"]["vocab"].append(["new", float("nan")]), "score is out of range"),
        (lambda v: v["model"]["vocab"].append(["new", "-9"]), "a token is a text and a number"),
        (lambda v: v["model"]["vocab"].append("ab"), "a token is a text and a number"),
        (lambda v: v.pop("model"), "not a tokenizer file"),
    ],
)
def test_a_tokenizer_that_does_anything_else_is_refused(folder, change, said):
    edit(folder / "tokenizer.json", change)
    assert said in refusal(folder)


def test_a_dangling_tokenizer_is_not_the_shared_one(folder):
    (folder / "tokenizer.json").unlink()
    assert nlp_gru.load(folder)("fine").label
    (folder / "tokenizer.json").symlink_to("nowhere")
    assert "tokenizer.json: cannot be read" in refusal(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v["options"].update(labels=["a", "a", "b"]), "a label stands there twice"),
        (lambda v: v["options"].update(blend=[1e300, 0, 0, 0]), "blend"),
        (lambda v: v["options"].update(blend=[float("nan"), 0, 0, 0]), "blend"),
        (lambda v: v["model"].update(window=10**9), "window"),
        (lambda v: v["model"].update(hidden=10**5000 % 10**30), "hidden"),
        (lambda v: v.update({"x" * 100_000: 1}), "there is no setting 'xxx"),
        (lambda v: v.update(head="a\nb" * 10_000), "names the head 'a"),
    ],
)
def test_settings_beyond_their_bounds_are_refused(folder, change, said):
    edit(folder / "config.json", change)
    assert said in refusal(folder)


def test_too_many_ready_answers_are_refused(make_head, tmp_path):
    save_model(make_head("chat"), tmp_path / "m")
    edit(tmp_path / "m/config.json", lambda v: v["options"].update(ready=[["q", "a"]] * (MAX_READY + 1)))
    assert "ready" in refusal(tmp_path / "m")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"format": 1}', "\ufeff{}", "null", "9" * 6000, '{"format": 1, "format": 1, "head": 3}']
)
def test_a_config_that_is_none_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    assert "config.json: not a model folder's config" in refusal(folder)
