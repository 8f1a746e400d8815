"""The study's report: the lecture's claims, one by one, with what was measured; as Markdown and as one HTML file."""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from nlp_gru.lecture import beyond_report, claims, plots
from nlp_gru.lecture.figures import Interval, Study, accuracy, sizes, sweep, table, tip_differences, tip_rows
from nlp_gru.lecture.plots import NAMES
from nlp_gru.lecture.study import RATE, SIZES, TIP_RATES

BEYOND = """
Speech, movement, forecasts and anomalies, and where each part of the lecture is answered: [beyond words](beyond-words.md).
"""
STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; color: #1e293b; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.25; } img { max-width: 100%; } table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e2e8f0; text-align: left; vertical-align: top; }
code { background: #f1f5f9; padding: .1rem .25rem; border-radius: .2rem; }
"""


def write(results: dict[str, Any], out: Path, machine: str) -> None:
    """README.md and beyond-words.md, whichever is measured, their pictures, and report.html, which needs no other
    file."""
    study, texts = Study(results), []
    if study.find("anatomy.weather"):
        plots.draw(study, out)
        texts.append(markdown(study, machine))
        (out / "README.md").write_text(texts[0], encoding="utf-8")
    if study.find("beyond.heartbeat"):
        texts.append(beyond_report.write(study, out, machine))
    text = "\n\n".join(texts)
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    body = re.sub(r'src="([\w.]+)"', lambda m: f'src="{_embedded(out / m[1])}"', body)
    body = re.sub(r'<a href="(?!http)[^"]*">(.*?)</a>', r"\1", body)  # to pages that are not beside this file
    title = html.escape(text.split("\n")[0].lstrip("# "))
    (out / "report.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style>{body}</html>\n",
        encoding="utf-8",
    )


def _embedded(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def markdown(study: Study, machine: str) -> str:
    seeds = len(study.choices("anatomy.weather", "seed"))
    spread = (
        f"means over {seeds} seeds with their 95 % intervals"
        if seeds > 1
        else "one seed alone (`--quick`): no verdict on small differences"
    )
    found = claims.all_claims(study)
    return f"""# The lecture's claims on GRUs, measured

Written by `nlp-gru lecture` on {machine}; {spread}. All models learn from nothing, and all that is compared has as many parameters
as a GRU of width 128 (64 in the made-up tasks). Reviews: IMDB's training half, of which 2,000 rows are kept for these figures and 1,000
for choosing learning rates. A verdict on a difference is one only where its whole interval lies on one side of 0.
{BEYOND if study.find("beyond.heartbeat") else ""}
{table(["the lecture says", "verdict", "what was measured"], [[c.text, f"**{c.verdict}**", c.evidence] for c in found], "---")}

## What a GRU does

At each word it mixes what it knew with something new: *h′ = (1 − z) ∘ n + z ∘ h*. An update gate *z* near 1 keeps the past, here as
in Cho et al. 2014 and in PyTorch; Chung et al. 2014 and others write *z* and *1 − z* the other way round.

A GRU of width 32 that has read {claims.CORPUS_SIZE} sentences on the weather (`nlp_gru/lecture/anatomy.py`) goes on with *The weather is nice today, it is*:

![The update gate at each word, and the next word](anatomy.png)

## How many parameters

One layer whose input is as wide as its state. PyTorch's layers have two biases.

{table(["width", "plain RNN", "GRU", "LSTM", "GRU / LSTM, layer", "GRU / LSTM, classifier with 8,000 words", "LSTM's width at the GRU's parameters"], sizes())}

## How fast it trains

Forward and backward pass of one layer of width 256 over batches of 4,096 tokens, one thread. *GRU, ours* is the same layer by
`nlp_gru/backbone/recurrence.py`, with which this package trains; *minGRU* (Feng et al. 2024) has gates that see the input alone, so that
its steps are one scan. Limit: large matrix products on the same thread.

![Tokens a second](speed.png)

{_speed_table(study)}

## How far back it remembers

Two made-up tasks: name the first symbol after so much noise (600 updates of 64), and add the two marked ones of many numbers (1,000
updates); dotted: what guessing gives.

![Right answers by distance](distance.png)

![Gradients by distance](gradients.png)

## How well it reads

Whether a review is good, from its first 128 tokens; the learning rate is {", ".join(f"{NAMES[c]} {RATE[c]:g}" for c in RATE)}, the better of two on the
valid rows ({_rates(study)}).

![Accuracy by reviews](quality.png)

{_quality_table(study)}

The next token is that of a review, after 600 updates of 2,048; {_translation_note(study)}

## The five tips

Each changed alone, {tip_rows(study):,} reviews. The model as it is: one direction, dropout 0.3, no convolution, no layer normalisation. In
both directions it has twice as many units; normalised is what the layer gives, not what happens within a step.

![What each tip adds](tips.png)

{_tips_table(study)}

{table(["learning rate", "right, %"], [[f"{lr:g}", r.text(100)] for lr, r in sweep(study).items()])}

`nlp-gru lr-find RECIPE` finds the range for any recipe in a minute.
"""


def _tips_table(study: Study) -> str:
    found = {lr: tip_differences(study, lr) for lr in TIP_RATES}
    rows = [[name, *(_signed(each[name]) for each in found.values())] for name in found[TIP_RATES[0]]]
    return table(["points of accuracy", *(f"learning rate {lr:g}" for lr in TIP_RATES)], rows)


def _signed(d: Interval) -> str:
    return ("+" if d.mean > 0 else "") + d.text(100)


def _speed_table(study: Study) -> str:
    rows = []
    lengths = study.choices("speed.layer", "steps")
    for bf16 in (False, True):
        limit = study.values("speed.matrix_limit", "gflops", bf16=bf16)[0]
        for cell in study.choices("speed.layer", "cell"):
            chosen: dict[str, Any] = {"cell": cell, "bf16": bf16}
            rates = [study.values("speed.layer", "tokens_per_second", steps=n, **chosen)[0] for n in lengths]
            used = study.values("speed.layer", "gflops", steps=128, **chosen)[0] / limit
            kept = study.values("speed.layer", "kept_bytes", steps=128, **chosen)[0]
            rows.append(
                [
                    f"{NAMES[cell]}, {'bf16' if bf16 else 'fp32'}",
                    *(f"{rate:,.0f}" for rate in rates),
                    f"{100 * used:.0f} %",
                    f"{kept / 1000:.1f} kB",
                ]
            )
        rows.append([f"limit, {'bf16' if bf16 else 'fp32'}", *[""] * len(lengths), f"{limit:.0f} GFLOP/s", ""])
    head = [
        "tokens/s",
        *(f"{n} steps" for n in lengths),
        "of the limit, 128 steps",
        "kept a token for the backward pass",
    ]
    return table(head, rows)


def _translation_note(study: Study) -> str:
    if not study.find("translation.perplexity"):
        return "translation needs pairs of sentences, which `--source` names: not measured."
    return (
        "the translation is that of Tatoeba's sentences, by an encoder and a decoder with attention after 1,500 updates"
        " of 64 pairs, of which 1,000 others are held out (`--source`)."
    )


def _rates(study: Study) -> str:
    found = []
    for cell in RATE:
        rates = sorted(study.choices("quality.sentiment", "lr", cell=cell, on="valid"))
        shown = (
            f"{study.interval('quality.sentiment', 'accuracy', cell=cell, on='valid', lr=lr).text(100)} % at {lr:g}"
            for lr in rates
        )
        found.append(f"{NAMES[cell]} {', '.join(shown)}" if rates else "")
    return "; ".join(filter(None, found)) or "not measured with `--quick`"


def _quality_table(study: Study) -> str:
    many = [n for n in SIZES if study.find("quality.sentiment", cell="gru", rows=n, on="test")]
    translated = bool(study.find("translation.perplexity"))
    rows = []
    for cell in ("gru", "lstm", "rnn"):
        row = [NAMES[cell], *(accuracy(study, cell, n).text(100) for n in many)]
        row.append(study.interval("quality.next_word", "perplexity", cell=cell).text())
        if translated:
            row.append(study.interval("translation.perplexity", "perplexity", cell=cell).text(digits=2))
        rows.append(row)
    head = ["right, %; perplexity: the lower, the better", *(f"{n:,} reviews" for n in many), "perplexity, next token"]
    return table(head + ["perplexity, English to French"] * translated, rows)
