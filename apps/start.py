"""The start page of all the pages: what each tool does, tried at once, how big and how good it is, and what it learned
from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import gradio as gr

from nlp_gru.errors import UserError
from nlp_gru.model_folder.bundled import PRETRAINED, megabytes, scores
from nlp_gru.tools.registry import TOOLS, Tool

from .assets import render, style
from .common import Models
from .frame import slug

MAX_CHARACTERS = 300
TITLE = """# Small language tools that stay at home
Five kinds of work, each done by a small GRU on this machine. Nothing you type leaves it."""
HEADLINE_STYLE = style("start_headline")
STYLE = style("start_answer")
TABLE_STYLE = style("start_table")


@dataclass(frozen=True)
class Card:
    """A card of the start page. answer: from a text to plain text and a note beside it."""

    name: str
    path: str
    does: str
    button: str
    example: str
    answer: Callable[[str], tuple[str, str]]


@dataclass(frozen=True)
class Facts:
    """A row of the table. score: the main figure in words; learned: the data sets."""

    tool: str
    megabytes: float
    score: str
    learned: str


def build(tools: Sequence[Card], more: Mapping[str, tuple[str, str]], facts: Sequence[Facts]) -> gr.Blocks:
    """The page. more: other pages, their path -> name and what they do."""
    with gr.Blocks(title="nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(TITLE, elem_classes="page-title")
        for row in range(0, len(tools), 2):
            with gr.Row(equal_height=True):
                for tool in tools[row : row + 2]:
                    card(page, tool)
        with gr.Row(equal_height=True):
            for path, (name, does) in more.items():
                with gr.Column(variant="panel", min_width=320, elem_classes="card"):
                    gr.HTML(
                        headline(name, path, does),
                        css_template=HEADLINE_STYLE,
                        apply_default_css=False,
                        elem_classes="small-print",
                    )
        gr.Markdown("## What is inside", elem_classes="section")
        gr.HTML(
            table(facts), padding=False, apply_default_css=False, css_template=TABLE_STYLE, elem_classes="small-print"
        )
        gr.Markdown(
            "The models' cards, on each page under *About the model*, name every data set with its licence, and how to"
            " repeat the figures.\n\n## For your own programs\nEvery tool is an HTTP endpoint of this address, too:"
            ' [openapi.json](gradio_api/openapi.json) describes them. In Python: `nlp_gru.load("sentiment")("I loved'
            ' it")`.',
            elem_classes="section",
        )
    return page


def card(page: gr.Blocks, tool: Card) -> None:
    def run(text: str) -> str:
        if not text.strip():
            return answer("", "Type something first.")
        return shown(lambda: tool.answer(text[:MAX_CHARACTERS]))

    def shown(found: Callable[[], tuple[str, str]]) -> str:
        try:
            return answer(*found())
        except UserError as error:
            return render("answer.html", error=str(error))

    example = cache(lambda: tool.answer(tool.example))  # the same for every visitor

    with gr.Column(variant="panel", min_width=320, elem_classes="card"):
        gr.HTML(
            headline(tool.name, tool.path, tool.does),
            css_template=HEADLINE_STYLE,
            apply_default_css=False,
            elem_classes="small-print",
        )
        with gr.Row():
            text = gr.Textbox(
                tool.example,
                label=f"Text for {tool.name.lower()}",
                show_label=False,
                container=False,
                max_length=MAX_CHARACTERS,
                max_lines=1,
                scale=1,
                min_width=140,
            )
            go = gr.Button(tool.button, scale=0, min_width=100, size="md")
        result = gr.HTML(answer("", "…"), css_template=STYLE, padding=False, elem_classes="small-print")
    opening = page.load(lambda: shown(example), None, result, api_visibility="private", show_progress="hidden")
    gr.on(
        [go.click, text.submit],
        run,
        text,
        result,
        cancels=opening,
        trigger_mode="always_last",
        api_visibility="private",
        show_progress="minimal",
    )


def headline(name: str, path: str, does: str) -> str:
    return render("headline.html", name=name, path=path, does=does)


def answer(text: str, note: str = "") -> str:
    return render("answer.html", text=text, note=note, error="")


def table(facts: Sequence[Facts]) -> str:
    return render("facts.html", facts=facts)


SCORES: dict[str, tuple[str, Callable[[dict[str, Any]], str], str]] = {
    "sentiment": (
        "Sentiment",
        lambda m: f"{100 * m['imdb']['accuracy']:.0f} % of film reviews right",
        "reviews, comments, tweets, and sentences that a larger model judged",
    ),
    "next_word": (
        "Autocomplete",
        lambda m: f"saves {100 * m['everyday']['keystrokes_saved']:.0f} % of the keystrokes",
        "dialogues, text messages, everyday sentences, some prose",
    ),
    "translation": (
        "English to French",
        lambda m: f"BLEU {m['tatoeba']['bleu']:.0f} on everyday sentences",
        "Tatoeba sentence pairs, web sites, manuals, Europarl",
    ),
    "translation-fr-en": (
        "French to English",
        lambda m: f"BLEU {m['tatoeba']['bleu']:.0f} on everyday sentences",
        "the same pairs, turned round",
    ),
    "chat": (
        "Chat",
        lambda m: f"finds the true next turn among 20 in {100 * m['dialogues']['hits_at_1']:.0f} %",
        "dialogues collected for research",
    ),
    "similarity": (
        "Search",
        lambda m: f"agrees with people on likeness to {100 * m['sts_benchmark']['spearman']:.0f} % (Spearman)",
        "a larger model's vectors of 1.5 million sentences",
    ),
}


def bundled() -> list[Facts]:
    """The facts about the bundled models, from their folders."""
    return [
        Facts(tool, megabytes(PRETRAINED / name), score(scores(PRETRAINED / name)), learned)
        for name, (tool, score, learned) in SCORES.items()
    ]


BUTTONS = {"sentiment": "Judge", "next_word": "Suggest", "translation": "Translate", "chat": "Say it"}


def tools(models: Models) -> list[Card]:
    """A card for each tool that can be tried with a text alone."""
    return [
        Card(
            tool.title,
            slug(tool.title),
            tool.does,
            BUTTONS.get(tool.name, "Try it"),
            tool.example,
            partial(NOTED.get(tool.name, partial(plainly, tool)), models[tool.name]),
        )
        for tool in TOOLS.values()
        if not tool.beside and tool.name != "similarity"
    ]


def plainly(tool: Tool, model: Any, text: str) -> tuple[str, str]:
    return tool.line(next(iter(tool.answers(model, [text])))), ""


def judge(model: Any, text: str) -> tuple[str, str]:
    result = model(text)
    return result.label, f"{100 * result.score:.0f} % sure"


def complete(model: Any, text: str) -> tuple[str, str]:
    found = model.suggest(text, "", 3)
    return " · ".join(word.text for word in found), ", ".join(f"{100 * word.score:.0f} %" for word in found)


NOTED = {"sentiment": judge, "next_word": complete}  # whose answers are shown with a note


MORE = {
    "search": (TOOLS["similarity"].title, TOOLS["similarity"].does),
    "look-inside": (
        "Look inside",
        "What does a model keep at each word, and what does it let go? Every gate of the GRU, for any sentence.",
    ),
    "train-your-own": (
        "Train your own",
        "Teach a model from your own file, watch it learn, and take it with you as a folder.",
    ),
}


def page(models: Models) -> gr.Blocks:
    return build(tools(models), MORE, bundled())
