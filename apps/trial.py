"""A trained model beside the bundled one: both are asked the same, and their answers are shown alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from nlp_gru.errors import UserError
from nlp_gru.tools.registry import TOOLS

from .assets import render, style

SHOWN = 6  # labels or words of an answer
TRANSLATORS = {("en", "fr"): "translation", ("fr", "en"): "translation-fr-en"}
STYLE = style("trial")


def bundled(head: str, languages: tuple[str, str]) -> str:
    """The name of the bundled model to compare with; nothing where there is none for these languages."""
    if head == "translation":
        return TRANSLATORS.get(languages, "")
    return "chat" if head == "faq" else head


def answer(head: str, model: Any, text: str) -> str:
    """What a model answers, as HTML. Any kind of model can stand for a head's own."""
    limit = TOOLS[head].most
    text = text.encode("utf-8", "ignore").decode("utf-8")
    try:
        if not text.strip():
            raise UserError("Write something first.")
        if len(text) > limit:
            raise UserError(f"{len(text):,} characters are too many; the most is {limit:,}.")
        return _answers(head, model, text)
    except UserError as error:
        return render("complaint.html", message=str(error))


def _answers(head: str, model: Any, text: str) -> str:
    if head == "sentiment":
        result = model(text)
        return said(result.label) + bars(sorted(result.scores.items(), key=lambda item: -item[1]))
    if head == "next_word":
        words = [(s.text, s.score) for s in model.suggest(text if text[-1:].isspace() else text + " ", "", SHOWN)]
        return said(f"{text.rstrip()} {words[0][0]}" if words else text) + bars(words)
    if head == "translation":
        return said(model(text, beam=5).text)
    reply = model.reply([text], seed=1)
    unsure = "Not sure" if getattr(reply, "offered", False) else "No answer fits"
    return said(reply.text, "" if reply.answered else unsure)


def said(text: str, badge: str = "") -> Markup:
    return render("said.html", text=text, badge=badge)


def bars(shares: Sequence[tuple[str, float]]) -> Markup:
    """The likeliest names with their probabilities."""
    shown = [(name, f"{100 * p:.1f}") for name, p in shares[:SHOWN]]
    return render("shares.html", shares=shown, more=f"{len(shares) - SHOWN:,}" if len(shares) > SHOWN else "")


def panel(heading: str, content: str = "", hint: str = "Its answer appears here.") -> Markup:
    """A model's answer, which is HTML, or a hint under its name."""
    return render("trial.html", heading=heading, content=Markup(content), hint=hint)
