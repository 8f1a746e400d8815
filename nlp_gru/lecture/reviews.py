"""Film reviews, parted for the study."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from nlp_gru.data_files.imdb import imdb_train

SIZES = {"valid": 1000, "test": 2000}  # held out; the others are learned from


@cache
def splits() -> dict[str, pd.DataFrame]:
    """ "train", "valid" and "test", always the same rows."""
    rows = imdb_train().drop_duplicates("text")
    rows = rows.iloc[np.random.default_rng(0).permutation(len(rows))]
    found, start = {}, 0
    for name, size in SIZES.items():
        found[name] = rows[start : start + size]
        start += size
    return {**found, "train": rows[start:]}
