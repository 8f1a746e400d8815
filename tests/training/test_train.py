import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from conftest import LABELS, SAMPLE

from nlp_gru import SentimentAnalyser
from nlp_gru.errors import UserError
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.training import finetune
from nlp_gru.training import loop as train
from nlp_gru.training.progress import Progress
from nlp_gru.training.recipe import Recipe
from nlp_gru.training.state import STATE

pytestmark = pytest.mark.slow

TINY = {"embedding": 16, "hidden": 12}


def recipe(**changes):
    values = {
        "head": "sentiment",
        "model": {**TINY, "dropout": 0.2, "word_dropout": 0.1},
        "data": {"train": [str(SAMPLE)], "max_length": 40},
        "train": {"epochs": 6, "batch_tokens": 128, "lr": 0.01, "evals": 6, "ema": 0.9},
        "sentiment": {"labels": LABELS, "dense": 8, "adversarial": 0.05},
    }
    for table, settings in changes.items():
        values[table] = {**values[table], **settings} if isinstance(settings, dict) else settings
    return Recipe.model_validate(values)


def weights(folder):
    return load_model(folder).state_dict()


def test_training_learns_and_leaves_a_whole_model(tmp_path):
    seen = []
    chosen = recipe(seed=2, train={"epochs": 30}, data={"valid": [str(SAMPLE)]})
    figures = finetune.run(chosen, tmp_path / "m", progress=Progress(quiet=True, listen=seen.append))
    assert figures["nll"] < 0.7 and set(figures) == {"nll", "accuracy", "macro_recall", "macro_f1", "ece"}
    head = load_model(tmp_path / "m")
    assert head.options.blend != (0, 0, 0, 0)
    right = sum(
        r.label == g
        for r, g in zip(
            SentimentAnalyser(head)(["Best pizza in town", "Turn left after the bridge."]),
            ["positive", "neutral"],
            strict=True,
        )
    )
    assert right == 2
    losses = [s["loss"] for s in seen if "loss" in s]
    assert losses[-1] < 0.7 * losses[0] and sum("nll" in s.get("valid", {}) for s in seen) == 6
    log = [json.loads(line) for line in (tmp_path / "m/training/log.jsonl").read_text().splitlines()]
    assert len(log) == 6 and all("nll" in line for line in log)


def test_same_seed_same_weights_other_seed_other_weights(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        finetune.run(recipe(seed=seed, train={"epochs": 1}), tmp_path / name)
    a, b, c = (weights(tmp_path / n) for n in "abc")
    assert all(torch.equal(a[k], b[k]) for k in a)
    assert not all(torch.equal(a[k], c[k]) for k in a)


def test_resumed_equals_uninterrupted(tmp_path, monkeypatch):
    finetune.run(recipe(), tmp_path / "whole")

    class Killed(Exception):
        pass

    def die(value):
        if value["update"] == 33 and "loss" in value:  # between two checkpoints
            raise Killed

    with pytest.raises(Killed):
        finetune.run(recipe(), tmp_path / "cut", progress=Progress(quiet=True, listen=die))
    finetune.run(recipe(), tmp_path / "cut", resume=True)
    whole, cut = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.equal(whole[k], cut[k]) for k in whole)


def test_killed_process_resumes(tmp_path):
    """kill -9 in the middle of a real training process; what is on disk is enough to end as if nothing had happened."""
    path = tmp_path / "r.toml"
    path.write_text(
        f'head = "sentiment"\n[model]\nembedding = 16\nhidden = 12\n[data]\ntrain = ["{SAMPLE}"]\n'
        "[train]\nepochs = 20\nevals = 20\nbatch_tokens = 64\nbf16 = false\n"
    )
    command = [sys.executable, "-m", "nlp_gru", "train", str(path), "--out", str(tmp_path / "m")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    log = tmp_path / "m/training/log.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not log.exists() or len(log.read_text().splitlines()) < 3):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    subprocess.run([*command, "--resume"], check=True, capture_output=True, timeout=120)
    subprocess.run([*command[:-1], str(tmp_path / "whole")], check=True, capture_output=True, timeout=120)
    whole, cut = weights(tmp_path / "whole"), weights(tmp_path / "m")
    assert all(torch.equal(whole[k], cut[k]) for k in whole)


def test_resume_refuses_other_settings_and_damage(tmp_path):
    out = tmp_path / "m"
    with pytest.raises(UserError, match="nothing to resume"):
        finetune.run(recipe(), out, resume=True)
    finetune.run(recipe(train={"epochs": 1}), out)
    with pytest.raises(UserError, match="other settings"):
        finetune.run(recipe(train={"epochs": 2}), out, resume=True)
    state = out / STATE
    state.write_bytes(state.read_bytes()[:5000])
    with pytest.raises(UserError, match="damaged"):
        finetune.run(recipe(train={"epochs": 1}), out, resume=True)


def test_full_disk_leaves_the_last_good_checkpoint(tmp_path, monkeypatch):
    out = tmp_path / "m"
    finetune.run(recipe(train={"epochs": 1}), out)
    before = {p.name: p.read_bytes() for p in (*out.glob("*.*"), out / STATE) if p.is_file()}

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    for target in (
        "nlp_gru.heads.checkpoint.os.replace",
        "nlp_gru.heads.checkpoint.save",
        "nlp_gru.heads.checkpoint.torch.save",
    ):
        with monkeypatch.context() as patch:
            patch.setattr(target, full)
            with pytest.raises(OSError, match="No space"):
                finetune.run(recipe(seed=5, train={"epochs": 1}), out)
        if target.endswith("save"):
            continue  # the weights, saved before the state, are the new ones
        assert all((out / n).read_bytes() == b for n, b in before.items() if n != "state.pt")
        load_model(out)
    assert (out / STATE).read_bytes() == before["state.pt"]
    assert not list(out.rglob("*.part")) and not list(out.glob(".saving*"))


def test_fine_tuning_starts_from_another_model(tmp_path):
    finetune.run(recipe(train={"epochs": 20}), tmp_path / "base")
    two = [line for line in SAMPLE.read_text().splitlines() if not line.endswith("neutral")]
    mine = tmp_path / "mine.csv"
    mine.write_text("\n".join(two))
    chosen = recipe(
        start=str(tmp_path / "base"), data={"train": [str(mine)]}, sentiment={"labels": []}, train={"lr": 1e-6}
    )
    chosen = chosen.model_copy(
        update={"model": Recipe.model_validate({"head": "sentiment", "model": {"dropout": 0.1}}).model}
    )
    finetune.run(chosen, tmp_path / "tuned")
    tuned, base = load_model(tmp_path / "tuned"), load_model(tmp_path / "base")
    assert tuned.options.labels == ["negative", "positive"] and tuned.config.hidden == TINY["hidden"]
    assert tuned.config.dropout == 0.1
    torch.testing.assert_close(tuned.classifier.weight[1], base.classifier.weight[2], atol=0.01, rtol=0.05)


def test_plan_covers_an_epoch_and_splits_it_over_processes():
    plans = [
        train.Plan([(n,) for n in (3, 5, 8, 2, 9, 4, 4)], recipe(train={"batch_tokens": 9}).train, 1, world)
        for world in (1, 2)
    ]
    every = [tuple(b) for b in plans[1].batches(0)]
    shared = [[tuple(b) for b in plans[1].from_update(0, rank)] for rank in (0, 1)]
    per_epoch = plans[1].updates_per_epoch
    assert [b for pair in zip(shared[0][:per_epoch], shared[1][:per_epoch], strict=True) for b in pair] == every[
        : 2 * per_epoch
    ]
    whole = [tuple(b) for b in plans[0].from_update(0, 0)]
    assert [tuple(b) for b in plans[0].from_update(4, 0)] == whole[4:] and len(whole) == plans[0].updates


def test_divergence_is_reported(tmp_path):
    with pytest.raises(UserError, match=r"lower train\.lr"):
        finetune.run(
            recipe(train={"lr": 10.0, "clip": 1e9, "epochs": 300, "warmup": 0.0, "weight_decay": 9.0}), tmp_path / "m"
        )


def test_malloc_setting_survives_other_systems(monkeypatch):
    monkeypatch.setattr(train.ctypes, "CDLL", lambda name: (_ for _ in ()).throw(OSError(name)))
    precision = torch.get_float32_matmul_precision()
    train.prepare_process()
    torch.set_float32_matmul_precision(precision)
    assert os.getpid() and torch.get_num_threads() == 1


def test_ngrams_are_fitted_blended_and_saved(tmp_path):
    chosen = recipe(
        train={"epochs": 3}, data={"valid": [str(SAMPLE)]}, sentiment={"ngrams": 5000, "ngram_strength": 10}
    )
    finetune.run(chosen, tmp_path / "m")
    head = load_model(tmp_path / "m")
    assert head.options.blend[2] > 0 and head.ngrams.keys.dtype == torch.int32
    assert (
        SentimentAnalyser(head)(["Best pizza in town"])[0].label == "positive"
    )  # three epochs would not have taught the GRU
    alone = recipe(train={"epochs": 3}, data={"valid": [str(SAMPLE)]})
    finetune.run(alone, tmp_path / "alone")
    for name, value in load_model(tmp_path / "alone").named_parameters():
        assert torch.equal(value, head.get_parameter(name)), name  # the GRU learned as if it were alone


def test_the_last_weights_may_be_kept(tmp_path, monkeypatch):
    for keep in ("best", "last"):
        worse = iter(range(1, 9))  # every validation is worse than the one before
        monkeypatch.setattr(train, "evaluate_batches", lambda *a: {"nll": float(next(worse))})  # noqa: B023
        figures = finetune.run(
            recipe(train={"epochs": 4, "keep": keep}, data={"valid": [str(SAMPLE)]}), tmp_path / keep
        )
        assert figures["nll"] == {"best": 1, "last": 6}[keep]
    best, last = weights(tmp_path / "best"), weights(tmp_path / "last")
    assert not all(torch.equal(best[name], last[name]) for name in best)
