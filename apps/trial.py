"""A trained model beside the bundled one: both are asked the same, and their answers are shown alike."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from nlp_gru.errors import UserError
from nlp_gru.tools.registry import TOOLS

SHOWN = 6  # labels or words of an answer
TRANSLATORS = {("en", "fr"): "translation", ("fr", "en"): "translation-fr-en"}
STYLE = """
.heading { margin-bottom: .4rem; }
.said { font-size: 1.15rem; line-height: 1.5; overflow-wrap: anywhere; white-space: pre-wrap; margin-bottom: .5rem; }
.bars { grid-template-columns: minmax(0, max-content) minmax(3rem, 1fr) max-content; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; margin-bottom: .4rem;
  background: #fef3c7; color: #78350f; }
.error { color: var(--error-text-color); }
"""


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
        return f'<div class="error">{html.escape(str(error))}</div>'


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
    badge = "" if reply.answered else f'<div class="badge">{unsure}</div>'
    return badge + said(reply.text)


def said(text: str) -> str:
    return f'<div class="said">{html.escape(text)}</div>'


def bars(shares: Sequence[tuple[str, float]]) -> str:
    """The likeliest names with their probabilities."""
    rows = "".join(
        f'<span class="word" title="{html.escape(name)}">{html.escape(name)}</span><span class="track"><span'
        f' class="fill" style="width:{100 * p:.1f}%;background:#0d9488"></span></span><span'
        f' class="number">{100 * p:.1f} %</span>'
        for name, p in shares[:SHOWN]
    )
    more = f'<div class="note">and {len(shares) - SHOWN:,} more</div>' if len(shares) > SHOWN else ""
    return f'<div class="bars">{rows}</div>{more}'


def panel(heading: str, content: str = "") -> str:
    """A model's answer under its name."""
    content = content or '<div class="note">Its answer appears here.</div>'
    return f'<div class="heading">{html.escape(heading)}</div>{content}'
