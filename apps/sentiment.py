"""The sentiment page: a verdict while you type, the words that carried it, and whole files at once.

python apps/sentiment.py
"""

from __future__ import annotations

import csv
import html
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from nlp_gru.data_files import PAGE, empty_rows, problem, read_table
from nlp_gru.data_files.delimited import for_spreadsheet
from nlp_gru.errors import UserError
from nlp_gru.tools.registry import TOOLS

from . import common, endpoints

EXAMPLES = [
    "I loved every minute of it. The cast is wonderful and the ending made me cry.",
    "Two hours of my life that I will never get back.",
    "What time does the shop open on Sunday?",
    "Not bad at all, although the battery could last longer.",
    "I expected a masterpiece after all the praise, but it is slow, loud and far too long.",
]
COLORS = {"negative": "#e5484d", "neutral": "#8b8d98", "positive": "#30a46c"}
MAX_CHARACTERS = TOOLS["sentiment"].most
MAX_ROWS, SHOWN_ROWS = 50_000, 100


class Analyser(Protocol):
    @property
    def labels(self) -> Sequence[str]: ...
    def __call__(self, texts: str, /) -> Any: ...
    def stream(self, texts: Iterable[str]) -> Iterator[Any]: ...
    def explain(self, text: str, label: str | None = None) -> list[tuple[str, float]]: ...


def build(model: Analyser, card: str = "") -> gr.Blocks:
    """The page over any object that answers like `nlp_gru.SentimentAnalyser`."""

    def judge(text: str) -> tuple[str, str]:
        if not text.strip():
            return bars({}), words([])
        toward = "positive" if "positive" in model.labels else None
        start = time.perf_counter()
        result = model(text[:MAX_CHARACTERS])
        milliseconds = 1000 * (time.perf_counter() - start)
        return bars(result.scores, f"{milliseconds:.0f} ms on this machine"), words(
            model.explain(text[:MAX_CHARACTERS], toward)
        )

    def judge_file(path: str | None, progress: gr.Progress = gr.Progress()) -> tuple[str, list[list[str]], str | None]:  # noqa: B008
        if path is None:
            raise endpoints.complaint("Choose a file first.")
        try:
            texts, note = read_texts(path)
        except UserError as error:
            raise endpoints.complaint(str(error).replace(path, Path(path).name)) from None
        rows: list[list[str]] = []
        counts = Counter[str]()
        target = common.new_file("sentiment.csv")
        with open(target, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["text", "label", *map(for_spreadsheet, model.labels)])
            for text, result in zip(progress.tqdm(texts, unit="texts"), model.stream(iter(texts)), strict=True):
                scores = [f"{result.scores[label]:.4f}" for label in model.labels]
                writer.writerow([for_spreadsheet(text), for_spreadsheet(result.label), *scores])
                counts[result.label] += 1
                if len(rows) < SHOWN_ROWS:
                    rows.append([text if len(text) < 200 else text[:199] + "…", result.label, f"{result.score:.2f}"])
        summary = f"**{len(texts):,} texts:** " + ", ".join(f"{n:,} {label}" for label, n in counts.most_common())
        return f"{summary}\n\n{note}".rstrip(), rows, str(target)

    with gr.Blocks(title="Sentiment · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown("# Sentiment\nWhat does a text feel? A small GRU reads it on this machine; nothing leaves it.",
                    elem_classes="page-title")  # fmt: skip
        with gr.Tab("One text"):
            with gr.Row():
                with gr.Column(scale=3):
                    text = gr.Textbox(label="Text", lines=9, max_lines=18, max_length=MAX_CHARACTERS, autofocus=True,
                                      placeholder="Type or paste a review, a message, a comment …")  # fmt: skip
                with gr.Column(scale=2):
                    verdict = gr.HTML(bars({}), label="Verdict", show_label=False, container=True, padding=True)
                    marked = gr.HTML(words([]), label="Words", show_label=False, container=True, padding=True)
            gr.Examples(EXAMPLES, text, label="Try one")
        with gr.Tab("A file of texts"):
            gr.Markdown(f"A .txt file with one text a line, or CSV, TSV, JSONL or Parquet with a column `text`; "
                        f"at most {MAX_ROWS:,} rows and {common.MAX_UPLOAD // 1_000_000} MB.")  # fmt: skip
            upload = gr.File(label="File", file_types=[".txt", ".csv", ".tsv", ".jsonl", ".parquet"], height=140)
            start = gr.Button("Judge all", variant="primary")
            summary = gr.Markdown()
            table = gr.Dataframe(headers=["text", "label", "score"], label=f"The first {SHOWN_ROWS} rows", wrap=True,
                                 interactive=False, column_widths=["70%", "16%", "14%"])  # fmt: skip
            download = gr.File(label="All rows with every class's probability", interactive=False, visible=False)
            start.click(
                judge_file, upload, [summary, table, download], api_name="sentiment_file", api_visibility="undocumented"
            ).success(lambda: gr.update(visible=True), None, download, api_visibility="private")
        common.about(card)
        gr.on([text.input, text.change], judge, text, [verdict, marked], api_name="sentiment_details", api_visibility="undocumented", queue=False,
              trigger_mode="always_last", show_progress="hidden")  # fmt: skip
        endpoints.sentiment(model)
    return page


def bars(scores: dict[str, float], note: str = "") -> str:
    """The verdict and every class's probability, as HTML."""
    if not scores:
        return '<div class="note">The verdict appears here while you type.</div>'
    best = max(scores, key=scores.__getitem__)
    rows = "".join(
        f'<span>{html.escape(label)}</span><span class="track"><span class="fill" style="width:{100 * p:.1f}%;'
        f'background:{COLORS.get(label, "#0d9488")}"></span></span><span>{100 * p:.1f} %</span>'
        for label, p in scores.items()
    )
    color = COLORS.get(best, "#0d9488")
    return (f'<div class="verdict" style="color:{color}">{html.escape(best)}</div><div class="bars">{rows}</div>'
            f'<div class="note" style="margin-top:.6rem">{note}</div>')  # fmt: skip


def words(weights: list[tuple[str, float]]) -> str:
    """The text with each word tinted by its weight: green pulls up, red pulls down."""
    if not weights:
        return '<div class="note">Here the words that carried it are marked.</div>'
    top = max((abs(w) for _, w in weights), default=0.0) or 1.0
    spans = []
    for word, weight in weights:
        strength = abs(weight) / top
        if strength < 0.08:
            spans.append(html.escape(word))
            continue
        color = "48,164,108" if weight > 0 else "229,72,77"
        spans.append(
            f'<span class="w" style="background:rgba({color},{0.75 * strength:.2f})" title="{weight:+.2f}">{html.escape(word)}</span>'
        )
    legend = "Green pulls toward positive, red away from it: a first-order estimate (gradient × input, and the n-grams' own weights)."
    return f'<div class="words">{"".join(spans)}</div><div class="note" style="margin-top:.6rem">{legend}</div>'


def read_texts(path: str) -> tuple[list[str], str]:
    """The texts of a file, and what is to be known of its reading, in Markdown. Raises `UserError` for a wrong file or too many
    rows."""
    table = read_table(path, ["text"], bounds=replace(PAGE, rows=MAX_ROWS))
    rows = list(zip(table.numbers, table.columns["text"], strict=True))
    for number, text in rows:
        if text is not None and (wrong := problem("text", text)):
            raise UserError(f"{path}, row {number}: {wrong}")
    texts = [text for _, text in rows if text is not None]
    if not texts:
        raise UserError(f"{path}: there is no text in it")
    empty = "" if path.lower().endswith(".txt") else empty_rows([number for number, text in rows if text is None])
    return texts, "\n\n".join([*table.notes, *([f"{empty}."] if empty else [])])


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    model = common.chosen(name, "sentiment", models)
    return common.load_at_visit(build(model, model.card), model)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
