"""Training speed beside OpenNMT-py and JoeyNMT: the same pairs, tokens and sizes, one thread, one after the other on
this machine.

    python -m venv peer && peer/bin/pip install torch==2.13.0 OpenNMT-py==3.0.4
    python -m venv joey && joey/bin/pip install torch==2.13.0 joeynmt==2.3.0 importlib_metadata sentencepiece==0.2.0
    python benchmarks/translation_peers.py [--opennmt peer] [--joeynmt joey] [--updates 200]

The last after data/translation.py.

All read batches of 2,048 tokens of Multi30k English-German: embeddings of 256, a bidirectional GRU encoder of 2 x 256,
a GRU decoder of 512, two layers each, 8,000 tokens. The others train in float32 (their half precision needs a GPU),
this package in bf16.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from nlp_gru.data_files import rows as dataset
from nlp_gru.training import finetune
from nlp_gru.training.examples import make_examples
from nlp_gru.training.loop import prepare_process
from nlp_gru.training.plan import Plan
from nlp_gru.training.progress import Progress
from nlp_gru.training.recipe import Recipe, load_recipe

CONFIG = """
save_data: {0}/data
src_vocab: {0}/vocab.source
tgt_vocab: {0}/vocab.target
overwrite: true
data:
  corpus_1: {{path_src: {0}/pairs.source, path_tgt: {0}/pairs.target}}
save_model: {0}/model
encoder_type: brnn
decoder_type: rnn
rnn_type: GRU
word_vec_size: 256
hidden_size: 512
layers: 2
dropout: [0.3]
batch_type: tokens
batch_size: 2048
optim: adam
learning_rate: 0.001
train_steps: {1}
valid_steps: 1000000
save_checkpoint_steps: 1000000
report_every: 20
num_workers: 0
"""

JOEY = """
name: peer
joeynmt_version: "2.3.0"
model_dir: {0}/joey
use_cuda: false
random_seed: 1
data:
  train: {0}/pairs
  dev: {0}/few
  dataset_type: plain
  src: {{lang: source, max_length: 100, level: word, voc_limit: 8000}}
  trg: {{lang: target, max_length: 100, level: word, voc_limit: 8000}}
testing: {{beam_size: 1, max_output_length: 5}}
training:
  optimizer: adam
  learning_rate: 0.001
  scheduling: exponential
  decrease_factor: 0.99
  normalization: tokens
  batch_type: token
  batch_size: 2048
  epochs: 100
  updates: {1}
  logging_freq: 10
  validation_freq: 1000000
model:
  initializer: xavier_uniform
  embed_initializer: xavier_uniform
  encoder:
    {{type: recurrent, rnn_type: gru, embeddings: {{embedding_dim: 256}}, hidden_size: 256, bidirectional: true,
      dropout: 0.3, num_layers: 2}}
  decoder:
    {{type: recurrent, rnn_type: gru, embeddings: {{embedding_dim: 256}}, hidden_size: 512, dropout: 0.3,
      num_layers: 2, input_feeding: true, init_hidden: bridge, attention: bahdanau}}
"""


def ours(recipe: Recipe, updates: int, folder: Path) -> float:
    """Target tokens a second of this package's loop, its start left out."""
    rows = dataset.read(recipe.data.train, ("source", "target"))
    head, _ = finetune.build(recipe, rows)
    examples = make_examples(head, rows, recipe.data.max_length)
    plan = Plan([head.size(e) for e in examples], recipe.train, recipe.seed, 1)
    times: list[float] = []
    chosen = recipe.model_copy(
        update={"train": recipe.train.model_copy(update={"epochs": updates / plan.updates_per_epoch, "evals": 1})}
    )
    progress = Progress(
        quiet=True, listen=lambda figures: times.append(time.perf_counter()) if "loss" in figures else None
    )
    finetune.run(chosen, folder, progress=progress)
    tokens = sum(len(e.target) - 1 for e in examples) / plan.updates_per_epoch
    return tokens * (len(times) - 20) / (times[-1] - times[19])


def prepare(recipe: Recipe, folder: Path) -> None:
    """The pairs as files of tokens, which the others read as words."""
    rows = dataset.read(recipe.data.train, ("source", "target"))
    head, _ = finetune.build(recipe, rows)
    for name in ("source", "target"):
        ids = head.tokenizer.encode_batch(rows[name])
        lines = [" ".join(head.tokenizer.token(i) for i in text) for text in ids]
        (folder / f"pairs.{name}").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / f"few.{name}").write_text("\n".join(lines[:10]) + "\n", encoding="utf-8")


def run(*command: str | Path) -> str:
    """What a command writes, on one thread. Raises where it fails."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    found = subprocess.run(command, env=environment, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True)
    if found.returncode:
        raise SystemExit(found.stdout[-2000:])
    return found.stdout


def opennmt(updates: int, folder: Path, peer: Path) -> float:
    """Target tokens a second as OpenNMT-py reports them, its first report left out."""
    (folder / "config.yaml").write_text(CONFIG.format(folder, updates))
    run(peer / "bin/onmt_build_vocab", "-config", folder / "config.yaml", "-n_sample", "-1")
    log = run(peer / "bin/onmt_train", "-config", folder / "config.yaml")
    return mean(re.findall(r"\d+/\s*(\d+) tok/s", log)[1:], log)


def joeynmt(updates: int, folder: Path, peer: Path) -> float:
    """The same of JoeyNMT."""
    shutil.rmtree(folder / "joey", ignore_errors=True)
    (folder / "joey.yaml").write_text(JOEY.format(folder, updates))
    log = run(peer / "bin/python", "-m", "joeynmt", "train", folder / "joey.yaml", "--skip-test")
    return mean(re.findall(r"Tokens per Sec:\s*(\d+)", log)[1:], log)


def mean(speeds: Sequence[str], log: str) -> float:
    if not speeds:
        raise SystemExit(f"no speed in the log:\n{log[-2000:]}")
    return sum(map(float, speeds)) / len(speeds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--opennmt", type=Path, help="the virtual environment with OpenNMT-py")
    parser.add_argument("--joeynmt", type=Path, help="the one with JoeyNMT")
    parser.add_argument("--updates", type=int, default=200)
    args = parser.parse_args()
    prepare_process()
    recipe = load_recipe("translation-multi30k-en-de")
    peers = [
        (n, f, p.absolute())
        for n, f, p in (("OpenNMT-py", opennmt, args.opennmt), ("JoeyNMT", joeynmt, args.joeynmt))
        if p
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(recipe, folder)
        for turn in range(2):
            own = ours(recipe, args.updates, folder / f"own{turn}")
            print(f"target tokens/s: nlp-gru {own:,.0f}")
            for peer, measure, environment in peers:
                theirs = measure(args.updates, folder, environment)
                print(f"{peer} {theirs:,.0f}: nlp-gru is {own / theirs:.1f} times as fast", flush=True)


if __name__ == "__main__":
    main()
