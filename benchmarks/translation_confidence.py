"""How well the confidence of a translation tells right from wrong; with --valid, its weights are fitted anew.

    python benchmarks/translation_confidence.py [MODEL] --data test.parquet [--valid valid.parquet --into FOLDER]

A translation is right here if its chrF2 with the reference is 50 or more. "Found" is the share of the worst tenth by
chrF2 that is among the tenth with the least confidence; a guess would find 10 %.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import sacrebleu
from saving import add_save, save

import nlp_gru
from nlp_gru.tools.translation.confidence import UNSURE, confidence, features

RIGHT = 50.0


def answers(translate: nlp_gru.Translator, files: list[str]) -> tuple[list[nlp_gru.Translation], np.ndarray]:
    """Of the pairs whose source is one sentence: its translation, and chrF2 (N,)."""
    rows = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    found = translate([" ".join(source.split()) for source in rows.source])
    pairs = [(a, t) for a, t in zip(found, rows.target, strict=True) if len(a.sentences) == 1 and 0 < a.score < 1]
    chrf = [sacrebleu.sentence_chrf(a.text, [target]).score for a, target in pairs]
    return [a for a, _ in pairs], np.array(chrf)


def fitted(translate: nlp_gru.Translator, files: list[str]) -> tuple[float, ...]:
    from sklearn.linear_model import LogisticRegression

    found, chrf = answers(translate, files)
    inputs = np.array([features(a.score, a.text) for a in found])
    model = LogisticRegression(C=1e3).fit(inputs, chrf >= RIGHT)
    return tuple(round(float(w), 2) for w in (*model.intercept_, *model.coef_[0]))


def report(name: str, p: np.ndarray, chrf: np.ndarray) -> dict[str, float]:
    tenth = max(round(len(p) / 10), 1)
    worst, marked = (set(np.argsort(values, kind="stable")[:tenth]) for values in (chrf, p))
    bins = []
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = (p >= low) & (p < low + 0.2)
        if inside.any():
            bins.append(f"{100 * p[inside].mean():.0f}/{100 * (chrf[inside] >= RIGHT).mean():.0f}")
    unsure = p < UNSURE
    of_unsure, of_sure = (chrf[part].mean() if part.any() else math.nan for part in (unsure, ~unsure))
    found = 100 * len(worst & marked) / tenth
    print(
        f"{name}: {len(p):,} sentences, found {found:.0f} %, marked as unsure"
        f" {100 * unsure.mean():.1f} %, chrF2 of those {of_unsure:.1f}, of the others {of_sure:.1f}; said / right, %:"
        f" {'  '.join(bins)}"
    )
    chrfs = {"chrf of unsure": float(of_unsure), "chrf of sure": float(of_sure)}
    return {"sentences": len(p), "found": found, "unsure": 100 * float(unsure.mean()), **chrfs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="translation")
    parser.add_argument("--data", nargs="*", default=[], help="Parquet files with the columns source and target")
    parser.add_argument("--valid", nargs="*", default=[], help="the same, to fit on")
    parser.add_argument("--into", type=Path, help="a model folder whose config.json takes the fitted weights")
    add_save(parser)
    args = parser.parse_args()
    translate = nlp_gru.load(args.model)
    weights = fitted(translate, args.valid) if args.valid else translate.model.options.confidence
    print("weights", *weights)
    if args.into:
        path = args.into / "config.json"
        config = json.loads(path.read_text(encoding="utf-8"))
        config["options"]["confidence"] = weights
        path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    parts, reports = [], {}
    for file in args.data:
        found, chrf = answers(translate, [file])
        parts.append((np.array([confidence(a.score, a.text, weights) for a in found]), chrf))
        reports[Path(file).stem] = report(Path(file).stem, *parts[-1])
    if len(parts) > 1:
        reports["all"] = report("all", *(np.concatenate(part) for part in zip(*parts, strict=True)))
    if args.save:
        save(f"{Path(args.model).name}_confidence", reports)


if __name__ == "__main__":
    main()
