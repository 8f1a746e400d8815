"""Training speed beside OpenNMT-py: the same pairs, pieces and sizes, one thread, one after the other on this machine.

    python -m venv peer && peer/bin/pip install torch==2.13.0 OpenNMT-py==3.0.4
    python benchmarks/translation_peers.py --peer peer [--updates 200]      # after data/translation.py

Both read batches of 2,048 target tokens of Multi30k English-German: embeddings of 256, a bidirectional GRU encoder of 2 x 256, a GRU
decoder of 512, two layers each, 8,000 pieces. OpenNMT-py trains in float32 (its half precision needs a GPU), this package in bf16.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from nlp_gru import dataset, finetune
from nlp_gru.progress import Progress
from nlp_gru.recipe import Recipe, load_recipe
from nlp_gru.train import Plan, prepare_process

CONFIG = """
save_data: {0}/data
src_vocab: {0}/vocab.source
tgt_vocab: {0}/vocab.target
overwrite: true
data:
  corpus_1: {{path_src: {0}/source, path_tgt: {0}/target}}
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


def ours(recipe: Recipe, updates: int, folder: Path) -> float:
    """Target tokens a second of this package's loop, its start left out."""
    rows = dataset.read(recipe.data.train, ("source", "target"))
    head, _ = finetune.build(recipe, rows)
    examples = dataset.examples(head, rows, recipe.data.max_length)
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


def opennmt(recipe: Recipe, updates: int, folder: Path, peer: Path) -> float:
    """Target tokens a second as OpenNMT-py reports them, its first report left out."""
    rows = dataset.read(recipe.data.train, ("source", "target"))
    head, _ = finetune.build(recipe, rows)
    for name in ("source", "target"):
        ids = head.tokenizer.encode_batch(rows[name])
        lines = (" ".join(head.tokenizer.piece(i) for i in text) for text in ids)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG.format(folder, updates))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    arguments = {
        "check": True,
        "env": environment,
        "stderr": subprocess.STDOUT,
        "stdout": subprocess.PIPE,
        "text": True,
    }
    subprocess.run([peer / "bin/onmt_build_vocab", "-config", folder / "config.yaml", "-n_sample", "-1"], **arguments)
    log = subprocess.run([peer / "bin/onmt_train", "-config", folder / "config.yaml"], **arguments).stdout
    speeds = [float(s) for s in re.findall(r"\d+/\s*(\d+) tok/s", log)]
    if len(speeds) < 2:
        raise SystemExit(f"no speed in the log of OpenNMT-py:\n{log[-2000:]}")
    return sum(speeds[1:]) / len(speeds[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, required=True, help="the virtual environment with OpenNMT-py")
    parser.add_argument("--updates", type=int, default=200)
    args = parser.parse_args()
    prepare_process()
    recipe = load_recipe("translation-multi30k-en-de")
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(2):
            theirs = opennmt(recipe, args.updates, Path(folder), args.peer.resolve())
            own = ours(recipe, args.updates, Path(folder) / f"own{turn}")
            print(f"target tokens/s: OpenNMT-py {theirs:,.0f}, nlp-gru {own:,.0f}: {own / theirs:.1f} times as fast")


if __name__ == "__main__":
    main()
