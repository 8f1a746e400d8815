"""The shared tokenizers of both editions, compared: is a word the same word wherever it stands, and what does that
cost?

    python benchmarks/tokenizer.py --source DIR      # DIR holds the files of `SETS`, and self_dialogue_train

Prints a table: the share of the most frequent English words that have the same tokens at the start of a text, inside,
after a quotation mark, a bracket and a line break (and those that keep them, but for a token of case, when capitalised
or shouted); the share of the most frequent emoji that are one token; tokens a word; megabytes a second on one thread,
beside the same in Node where it is installed; and 100,000 odd strings, encoded and decoded.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.text.canonical import TITLE, UPPER, plain
from nlp_gru.text.emoji import EMOJI
from nlp_gru.text.tokenizer import Tokenizer

SETS = {
    "everyday English": ("everyday_valid", "text"),
    "everyday French": ("tatoeba_en_fr_valid", "fr"),
    "French read aloud": ("common_voice_french_valid", "text"),
}
FIRST_EDITION = Path(__file__).parents[1] / "tests" / "fixtures" / "tokenizer-1.json"
WORDS, PICTURES, ODD, MEGABYTES = 5000, 200, 100_000, 4
PLACES = ("", 'He said "', "This is (", "Yes\n")
SIGNS = "abIiDQLsS'\"-/ (\n[*_#@.,0 3!%&~éÉßİ’“—\u00a0\tÿŸ😀\u0301▁" + TITLE + UPPER + "</s>"
NODE = """
import { readFileSync } from "node:fs";
import { Tokenizer } from "%s";
const [file, texts] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf-8")));
const tokenizer = new Tokenizer(file);
tokenizer.encode(texts[0]);
const start = performance.now();
for (const text of texts) tokenizer.encode(text);
console.log((performance.now() - start) / 1000);
"""


def read(source: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(next(source.rglob(f"{name}.parquet")))


def tokens(tokenizer: Tokenizer, text: str) -> list[str]:
    return [tokenizer.token(i) for i in tokenizer.encode(text)]


def stays(tokenizer: Tokenizer, word: str) -> tuple[bool, bool]:
    """Whether the word's tokens are the same in all places, and, but for a token of case, in all cases."""
    inside = tokens(tokenizer, f"the {word}")[len(tokens(tokenizer, "the")) :]
    same = all(tokens(tokenizer, before + word)[-len(inside) :] == inside for before in PLACES)
    cases = [tokens(tokenizer, form) for form in (word.capitalize(), word.upper())]
    return same, all([p for p in found if p not in (TITLE, UPPER)] == inside for found in cases)


def seconds_in_node(path: Path, texts: list[str]) -> float | None:
    node = shutil.which("node")
    if node is None:
        return None
    module = Path(__file__).parents[1] / "nlp_gru/web/lib/tokenizer.js"
    with tempfile.TemporaryDirectory() as folder:
        script, data = Path(folder) / "speed.mjs", Path(folder) / "texts.json"
        script.write_text(NODE % module.as_uri(), encoding="utf-8")
        data.write_text(json.dumps(texts), encoding="utf-8")
        return float(subprocess.run([node, script, path, data], capture_output=True, text=True, check=True).stdout)


def main(source: Annotated[Path, typer.Option(help="the folder of the data")]) -> None:
    dialogues = ["\n".join(turns) for turns in read(source, "self_dialogue_train").turns]
    counts = Counter(word for text in dialogues for word in re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()))
    words = [word for word, _ in counts.most_common(WORDS)]
    sample: list[str] = []
    while sum(map(len, sample)) < MEGABYTES * 1_000_000:
        sample.append(dialogues[len(sample)])
    draw = random.Random(0)
    odd = ["".join(draw.choices(SIGNS, k=draw.randint(1, 20))) for _ in range(ODD)]
    for path in (FIRST_EDITION, PRETRAINED / "tokenizer.json"):
        tokenizer = Tokenizer.load(path)
        found = [stays(tokenizer, word) for word in words]
        typer.echo(
            f"{path.name}: edition {tokenizer.edition}, {len(tokenizer):,} tokens, {path.stat().st_size / 1e3:.0f} kB"
        )
        typer.echo(f"  words with one spelling in all places  {sum(same for same, _ in found) / WORDS:.1%}")
        typer.echo(
            f"  and in all cases                       {sum(same and cases for same, cases in found) / WORDS:.1%}"
        )
        single = sum(len(tokenizer.encode(sign)) == 1 for sign in EMOJI[:PICTURES])
        typer.echo(f"  emoji that are one token               {single / PICTURES:.1%}")
        for title, (file, column) in SETS.items():
            texts = read(source, file)[column].tolist()
            tokens = sum(map(len, tokenizer.encode_batch(texts)))
            typer.echo(f"  tokens a word, {title:24}{tokens / sum(len(t.split()) for t in texts):.3f}")
        start = time.process_time()
        for text in sample:
            tokenizer.encode(text)
        speeds = [f"{MEGABYTES / (time.process_time() - start):.1f}"]
        in_node = seconds_in_node(path, sample)
        speeds.append("-" if in_node is None else f"{MEGABYTES / in_node:.1f}")
        typer.echo(f"  encoded, MB/s, Python / JavaScript     {' / '.join(speeds)}")
        if tokenizer.edition > 1:
            lost = sum(tokenizer.decode(tokenizer.encode(text)) != plain(text) for text in odd)
            typer.echo(f"  odd strings that do not come back      {lost} of {ODD:,}")


if __name__ == "__main__":
    typer.run(main)
