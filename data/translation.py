"""Sentence pairs for the translation head: English-French and back, short ones for a model of characters, and
Multi30k for comparison with the literature.

    python data/translation.py --source DIR      # DIR holds the files named below; what is missing is left out

Writes, for each set below, data/prepared/SET/{train,valid}.parquet and test/NAME.parquet (columns source, target).
Tatoeba's valid and test pairs share no sentence, on either side, with its train pairs. Of three other files a tenth is
held out, by a checksum of the English side: test/diabla, cds_blog and ui_text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from common import arguments, clean, fold, read


class Set(NamedTuple):
    source: str
    target: str
    train: tuple[str, ...]
    valid: str
    test: dict[str, str]
    longest: int = 0  # characters of a source; 0: any


HELD_OUT = {"diabla_en_fr_train", "cds_blog_en_fr_train", "ui_text_en_fr_train"}  # their folds below 10
# Pairs kept of manuals, which would outweigh what people say.
MOST = {"django_docs_en_fr_train": 6000, "python_docs_en_fr_train": 6000, "web_guides_en_fr_train": 8000}
_EN_FR = (
    (
        "tatoeba_en_fr_train",
        "gnome_help_en_fr_train",
        "europarl_sample_en_fr_train",
        "news_commentary_sample_en_fr_train",
        "cds_blog_en_fr_train",
        "diabla_en_fr_train",
        "django_docs_en_fr_train",
        "mozilla_web_en_fr_train",
        "python_docs_en_fr_train",
        "tico19_en_fr_train",
        "ui_text_en_fr_train",
        "web_guides_en_fr_train",
    ),
    "tatoeba_en_fr_valid",
    {"tatoeba": "tatoeba_en_fr_test_a", **{n.removesuffix("_en_fr_train"): n for n in sorted(HELD_OUT)}},
)
SETS = {
    "translation": Set("en", "fr", *_EN_FR),
    "translation-fr-en": Set("fr", "en", *_EN_FR),
    "translation-characters": Set("en", "fr", ("tatoeba_en_fr_train",), *_EN_FR[1:], longest=24),
    **{
        f"translation-multi30k-en-{x}": Set(
            "en",
            x,
            (f"multi30k_en_{x}_train",),
            f"multi30k_en_{x}_valid",
            {"multi30k": f"multi30k_en_{x}_test_2016_flickr"},
        )
        for x in ("de", "fr")
    },
}


@cache
def cleaned(folder: Path, name: str) -> pd.DataFrame:
    """A file's languages, cleaned: sets with exchanged sides read the same ones."""
    rows = read(folder, name)
    return rows[: MOST.get(name, len(rows))].map(clean) if len(rows) else rows


def pairs(folder: Path, names: tuple[str, ...], chosen: Set, whole: bool = False) -> pd.DataFrame:
    """The cleaned pairs of some files: source, target. `whole`: every row is kept, as in a test."""
    columns = {chosen.source: "source", chosen.target: "target"}
    found = []
    for name in names:
        rows = cleaned(folder, name)
        if name in HELD_OUT and len(rows):
            rows = rows[(rows.en.map(fold) < 10) == whole]
        found += [rows[list(columns)]] if len(rows) else []
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
