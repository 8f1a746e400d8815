"""The sentiment page: a verdict while you type, the words that carried it, and whole files at once.

python apps/sentiment.py
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import gradio as gr

from nlp_gru.tools.registry import TOOLS

from . import batch, common, endpoints, frame, snippets
from .assets import render
from .shelf import Shelf

EXAMPLES = [
    "I loved every minute of it. The cast is wonderful and the ending made me cry.",
    "Two hours of my life that I will never get back.",
    "What time does the shop open on Sunday?",
    "Not bad at all, although the battery could last longer.",
    "I expected a masterpiece after all the praise, but it is slow, loud and far too long.",
]
COLORS = {"negative": "#e5484d", "neutral": "#8b8d98", "positive": "#30a46c"}
USUAL_COLOR = "#0d9488"
MAX_CHARACTERS = TOOLS["sentiment"].most


class Analyser(Protocol):
    @property
    def labels(self) -> Sequence[str]: ...
    def __call__(self, texts: str, /) -> Any: ...
    def stream(self, texts: Iterable[str]) -> Iterator[Any]: ...
    def explain(self, text: str, label: str | None = None) -> list[tuple[str, float]]: ...


def build(model: Analyser, card: str = "") -> gr.Blocks:
    """The page over any object that answers like `nlp_gru.SentimentAnalyser`."""
    shelf = Shelf(model, ("sentiment",))

    def judge(text: str, which: str = "", request: gr.Request | None = None) -> tuple[str, str]:
        if not text.strip():
            return bars({}), words([])
        chosen = shelf.asked(which, request)
        toward = "positive" if "positive" in chosen.labels else None
        start = time.perf_counter()
        result = chosen(text[:MAX_CHARACTERS])
        milliseconds = 1000 * (time.perf_counter() - start)
        marked = words(_weights(chosen, text[:MAX_CHARACTERS], result.label, toward), toward or result.label)
        doubt = (
            "The classes are nearly equally likely, or there is nothing to judge. "
            if getattr(result, "unsure", False)
            else ""
        )
        return bars(result.scores, f"{doubt}{milliseconds:.0f} ms on this machine"), marked

    def answers(texts: Iterator[str], request: gr.Request | None, which: str) -> Iterator[dict[str, Any]]:
        for result in shelf.asked(which, request).stream(texts):
            chances = {label: round(p, 4) for label, p in result.scores.items()}
            unsure = bool(getattr(result, "unsure", False))
            yield {"label": result.label, "score": round(result.score, 4), "unsure": unsure, **chances}

    with gr.Blocks(title="Sentiment · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(
            "# Sentiment\nIs it positive or negative? A small GRU reads the text on this machine; nothing leaves it.",
            elem_classes="page-title",
        )
        picker = shelf.picker(page, "sentiment")
        with gr.Tab("One text"):
            with gr.Row():
                with gr.Column(scale=3):
                    text = gr.Textbox(
                        label="Text",
                        lines=9,
                        max_lines=18,
                        max_length=MAX_CHARACTERS,
                        autofocus=True,
                        placeholder="Type or paste a review, a message, a comment …",
                    )
                with gr.Column(scale=2):
                    verdict = gr.HTML(bars({}), label="Verdict", show_label=False, container=True, padding=True)
                    marked = gr.HTML(words([]), label="Words", show_label=False, container=True, padding=True)
            gr.Examples(EXAMPLES, text, label="Try one")
            frame.remember(page, "sentiment", text=text)
        with gr.Tab("A file of texts"):
            shown = ("label", "score", "unsure")
            batch.tab(batch.Work(answers, "text", shown, "Judge all", "sentiment_file", "sentiment", "label"), [picker])
        common.about(card)
        snippets.tab("sentiment")
        gr.on(
            [text.input, text.change, picker.change],
            judge,
            [text, picker],
            [verdict, marked],
            api_name="sentiment_details",
            api_visibility="undocumented",
            queue=False,
            trigger_mode="always_last",
            show_progress="hidden",
        )
        endpoints.sentiment(model)
    return page


def bars(scores: dict[str, float], note: str = "") -> str:
    """The verdict and every class's probability, as HTML."""
    best = max(scores, key=scores.__getitem__, default="")
    return render("verdict.html", scores=scores, best=best, note=note, colors=COLORS, usual=USUAL_COLOR)


def _weights(analyser: Any, text: str, label: str, toward: str | None) -> list[tuple[str, float]]:
    """How far each word lifts `toward`: of a negative text, how little it lifts the verdict, which tells more where
    positive is far behind whatever is left out."""
    if toward and label == "negative":
        return [(word, -weight) for word, weight in analyser.explain(text, label)]
    weights: list[tuple[str, float]] = analyser.explain(text, toward)
    return weights


def words(weights: list[tuple[str, float]], toward: str = "positive") -> str:
    """The text with each word tinted by its weight: green pulls toward a label, red away from it."""
    top = max((abs(w) for _, w in weights), default=0.0) or 1.0
    parts = [(word, f"{weight:+.2f}", *_tint(weight / top)) for word, weight in weights]
    return render("tinted.html", parts=parts, toward=toward)


def _tint(share: float) -> tuple[str, str]:
    """The colour, if any, and its opacity for a weight, as a share of the largest."""
    if abs(share) < 0.08:
        return "", ""
    return "48,164,108" if share > 0 else "229,72,77", f"{0.45 * abs(share):.2f}"


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    model = common.chosen(name, "sentiment", models)
    return common.load_at_visit(build(model, model.card), model)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
