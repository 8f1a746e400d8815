"""Sentence pairs for the translation head: English-French and back, short ones for a model of characters, and
Multi30k for comparison with the literature.

    python data/translation.py --source DIR      # DIR holds the files named below; what is missing is left out

Writes, for each set below, data/prepared/SET/{train,valid}.parquet and test/NAME.parquet (columns source, target).
Tatoeba's valid and test pairs share no sentence, on either side, with its train pairs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from common import arguments, clean, read


class Set(NamedTuple):
    source: str
    target: str
    train: tuple[str, ...]
    valid: str
    test: dict[str, str]
    longest: int = 0  # characters of a source; 0: any


_EN_FR = (("tatoeba_en_fr_train", "gnome_help_en_fr_train", "europarl_sample_en_fr_train"), "tatoeba_en_fr_valid",
          {"tatoeba": "tatoeba_en_fr_test_a"})  # fmt: skip
SETS = {
    "translation": Set("en", "fr", *_EN_FR),
    "translation-fr-en": Set("fr", "en", *_EN_FR),
    "translation-characters": Set("en", "fr", ("tatoeba_en_fr_train",), *_EN_FR[1:], longest=24),
    **{
        f"translation-multi30k-en-{x}": Set(
            "en", x, (f"multi30k_en_{x}_train",), f"multi30k_en_{x}_valid",
            {"multi30k": f"multi30k_en_{x}_test_2016_flickr"},
        )
        for x in ("de", "fr")
    },
}  # fmt: skip


@cache
def cleaned(folder: Path, name: str) -> pd.DataFrame:
    """A file's languages, cleaned: sets with exchanged sides read the same ones."""
    rows = read(folder, name)
    return rows.map(clean) if len(rows) else rows


def pairs(folder: Path, names: tuple[str, ...], chosen: Set, whole: bool = False) -> pd.DataFrame:
    """The cleaned pairs of some files: source, target. `whole`: every row is kept, as in a test."""
    columns = {chosen.source: "source", chosen.target: "target"}
    found = [rows[list(columns)] for rows in (cleaned(folder, name) for name in names) if len(rows)]
    if not found:
        return pd.DataFrame(columns=["source", "target"])
    rows = pd.concat(found, ignore_index=True).rename(columns=columns)
    if chosen.longest:
        rows = rows[rows.source.str.len() <= chosen.longest].reset_index(drop=True)
    if whole:
        return rows
    rows = rows[(rows.source != "") & (rows.target != "")].drop_duplicates()
    one, other = rows.source.str.len() + 10, rows.target.str.len() + 10
    return rows[(one < 3 * other) & (other < 3 * one)]  # else one side is not the whole


def main() -> None:
    args = arguments(__doc__, "translation").parse_args()
    for name, chosen in SETS.items():
        parts = {"train": pairs(args.source, chosen.train, chosen)}
        parts["valid"] = pairs(args.source, (chosen.valid,), chosen, whole=True)
        parts |= {f"test/{k}": pairs(args.source, (v,), chosen, whole=True) for k, v in chosen.test.items()}
        for part, rows in parts.items():
            if len(rows):
                path = args.out.with_name(args.out.name.replace("translation", name, 1)) / f"{part}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                rows.to_parquet(path, index=False)
                print(f"{path}: {len(rows)} pairs")


if __name__ == "__main__":
    main()
