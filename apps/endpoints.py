"""The tools as HTTP endpoints, and with `nlp-gru demo --mcp` as MCP tools: JSON in, JSON out, stable names.

Each function adds one page's endpoints to the `gr.Blocks` it is called in. The docstrings are what `openapi.json` and
MCP clients show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import wraps
from typing import Any

import gradio as gr
from gradio.context import LocalContext
from gradio.events import api

from nlp_gru.errors import UserError
from nlp_gru.tools.registry import TOOLS, Tool

from . import log
from .refusal import INTERNAL
from .turns import Turns

MAX_TURNS, MAX_CANDIDATES, MAX_TEXTS, MAX_HITS = 100, 100, 1_000, 100
TURNS = Turns()
AT_ONCE = 24  # queued calls that may wait for their turn at once; beyond them gradio's own queue keeps the order


def complaint(message: str) -> gr.Error:
    """To raise: what the person at the page, or the caller, is told; nothing is printed."""
    return gr.Error(message, print_exception=False)


def offer(function: Callable[..., Any], name: str) -> None:
    """Add a function to the page as an endpoint. What the caller can mend reaches them as one sentence; of anything
    else nothing is told."""

    @wraps(function)
    async def endpoint(*arguments: Any, **settings: Any) -> Any:
        blocks, event = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
        try:
            return await TURNS.run(function, *arguments, gone=lambda: has_left(blocks, event), **settings)
        except UserError as error:
            raise complaint(str(error)) from None
        except gr.Error:
            raise
        except Exception as error:
            log.report(error)
            raise complaint(INTERNAL) from None

    api(endpoint, api_name=name, concurrency_id="endpoints", concurrency_limit=AT_ONCE)


def has_left(blocks: gr.Blocks | None, event: str | None) -> bool:
    """Return whether nobody waits any more for the answer to a queued call."""
    jobs = blocks._queue.active_jobs if blocks and event else []
    return any(job._id == event and not job.alive for batch in list(jobs) if batch for job in batch)


def checked(head: str, *texts: str) -> None:
    """Raises `UserError` for a text longer than the tool of that name takes from a page; of similarity, all texts
    together."""
    most = TOOLS[head].most
    for text in texts:
        if not isinstance(text, str):
            raise UserError("a text is a string")
        if len(text) > most:
            raise UserError(f"{len(text):,} characters are too many; the most is {most:,}")


def one_text(tool: Tool, model: Any) -> None:
    """The endpoint of a tool that has none of its own."""

    def answer(text: str) -> Any:
        checked(tool.name, text)
        return tool.value(next(iter(tool.answers(model, [text]))))

    answer.__doc__ = f"{tool.does}\n\n        Args:\n            text: at most {tool.most:,} characters\n"
    offer(answer, tool.name)


def sentiment(model: Any) -> None:
    def sentiment(text: str) -> dict[str, Any]:
        """Judge what a text feels: positive, neutral or negative, with each class's probability.

        Args:
            text: a review, a message, a comment; at most 40,000 characters

        Returns:
            {"label": the likeliest class, "score": its probability, "scores": {class: probability}}
        """
        checked("sentiment", text)
        return asdict(model(text))

    offer(sentiment, "sentiment")


def next_word(model: Any) -> None:
    def suggest(text: str, prefix: str = "", k: int = 3) -> list[dict[str, Any]]:
        """Suggest the words that may come next in an English text.

        Args:
            text: what was written before the word, with the space after the last one; at most 40,000 characters
            prefix: the letters already typed of the word
            k: how many suggestions, 1 to 20

        Returns:
            [{"text": the whole word, "score": its probability}, ...], the likeliest first
        """
        checked("next_word", text, prefix)
        if not isinstance(k, int) or not 1 <= k <= 20:
            raise UserError(f"k is a whole number from 1 to 20, not {k!r}")
        return [asdict(s) for s in model.fork().suggest(text, prefix, k)]

    def generate(
        text: str, max_words: int = 60, temperature: float = 0.7, top_p: float = 0.9, seed: int | None = None
    ) -> str:
        """Go on with an English text, word by word.

        Args:
            text: the beginning; at most 40,000 characters
            max_words: the most words to add, 1 to 200
            temperature: 0 always takes the likeliest word, 1 follows the model's own odds
            top_p: only the likeliest words that together have this probability are considered
            seed: the same seed gives the same text

        Returns:
            what was added
        """
        checked("next_word", text)
        if not isinstance(max_words, int) or not 1 <= max_words <= 200:
            raise UserError(f"max_words is a whole number from 1 to 200, not {max_words!r}")
        return str(model.fork().generate(text, max_words, temperature=temperature, top_p=top_p, seed=seed))

    offer(suggest, "suggest")
    offer(generate, "generate")


def translation(model: Callable[[str], Any], directions: Sequence[str], beam: int) -> None:
    def translate(text: str, direction: str = directions[0]) -> str:
        """Translate a text between English and French.

        Args:
            text: sentences, line breaks and lists stay as they are; at most 5,000 characters
            direction: "en-fr" or "fr-en"

        Returns:
            the translation
        """
        return str(translated(text, direction).text)

    def translate_sentences(text: str, direction: str = directions[0]) -> dict[str, Any]:
        """Translate a text between English and French, and say of each sentence how sure its translation is.

        Args:
            text: sentences, line breaks and lists stay as they are; at most 5,000 characters
            direction: "en-fr" or "fr-en"

        Returns:
            {"text": the translation, "language": what the text seems to be written in ("en", "fr", "other" or ""),
            "hint": what to tell whoever gave it if that is not the language translated from, "sentences": [{"source",
            "text", "confidence": the chance that it is right, 0 to 1, "unsure": whether it is rather wrong}, ...]}
        """
        found = translated(text, direction)
        sentences = [
            {"source": s.source, "text": s.text, "confidence": round(s.confidence, 4), "unsure": s.unsure}
            for s in found.sentences
        ]
        return {"text": found.text, "language": found.language, "hint": found.hint, "sentences": sentences}

    def translated(text: str, direction: str) -> Any:
        checked("translation", text)
        if direction not in directions:
            raise UserError(f"{direction}: no such direction; there is {', '.join(directions)}")
        return model(direction)(text, beam=beam)

    offer(translate, "translate")
    offer(translate_sentences, "translate_sentences")


def chat(bot: Any, turns: Callable[[list[Any]], list[str]], respond: Callable[[Any, list[str]], Any]) -> None:
    def chat(message: str, history: list[dict[str, Any]] = []) -> str:  # noqa: B006
        """Reply to a message with small talk; it knows no facts.

        Args:
            message: what was just said; at most 2,000 characters
            history: what was said before it, each as {"role": "user" or "assistant", "content": text}

        Returns:
            the reply
        """
        if not isinstance(history, list) or len(history) > MAX_TURNS:
            raise UserError(f"history is a list of at most {MAX_TURNS} messages")
        try:
            said = turns(history)
        except (AttributeError, TypeError):
            raise UserError('each message of the history is {"role": "user" or "assistant", "content": text}') from None
        checked("chat", message, *said)
        return str(respond(bot, [*said, message]).text)

    def score(message: str, candidates: list[str], history: list[dict[str, Any]] = []) -> list[float]:  # noqa: B006
        """Say how well each candidate would follow a message, -1 to 1: for choosing among ready answers.

        Args:
            message: what was just said
            candidates: at most 100 replies to choose from
            history: what was said before it, as for chat

        Returns:
            one number a candidate, in their order; the highest fits best
        """
        if not isinstance(candidates, list) or len(candidates) > MAX_CANDIDATES:
            raise UserError(f"candidates is a list of at most {MAX_CANDIDATES} texts")
        checked("chat", message, *candidates)
        return [float(s) for s in bot.score([*turns(history), message], candidates)]

    offer(chat, "chat")
    if hasattr(bot, "score"):
        offer(score, "score")


def similarity(encoder: Any) -> None:
    def search(query: str, texts: list[str], k: int = 5) -> list[dict[str, Any]]:
        """Find the texts that come closest to a question, in English or French, in whatever words.

        Args:
            query: what is searched
            texts: at most 1,000, with at most 100,000 characters in all
            k: how many to find, 1 to 100

        Returns:
            [{"text", "score": the cosine, -1 to 1, "index": its place among the texts, "passage": the part that comes
            closest, "source": ""}, ...], the closest first
        """
        together(texts, query)
        if not isinstance(k, int) or not 1 <= k <= MAX_HITS:
            raise UserError(f"k is a whole number from 1 to {MAX_HITS}, not {k!r}")
        return [asdict(hit) for hit in encoder.search(query, texts, k)]

    def similarity(text: str, others: list[str]) -> list[float]:
        """Say how alike in meaning a text and each of the others are, -1 to 1, in English or French.

        Args:
            text: the one
            others: at most 1,000, with at most 100,000 characters in all

        Returns:
            one number for each of the others, in their order
        """
        together(others, text)
        return [round(float(cosine), 4) for cosine in encoder.similarity(text, others)]

    def duplicates(texts: list[str], threshold: float = 0.9) -> list[dict[str, Any]]:
        """Group the texts that say the same; each group begins with its first text, with which the others are compared.

        Args:
            texts: at most 1,000, with at most 100,000 characters in all
            threshold: how alike the texts of a group are at least, above 0 and at most 1

        Returns:
            [{"indices": their places among the texts, "texts", "scores": the cosine of each with the first}, ...]
        """
        together(texts)
        if not isinstance(threshold, int | float):
            raise UserError(f"threshold is a number above 0 and at most 1, not {threshold!r}")
        return [asdict(group) for group in encoder.duplicates(texts, threshold)]

    def together(texts: list[str], *more: str) -> None:
        if not isinstance(texts, list) or len(texts) > MAX_TEXTS:
            raise UserError(f"texts are a list of at most {MAX_TEXTS:,} texts")
        checked("similarity", *more, *texts)
        checked("similarity", "".join([*more, *texts]))

    offer(search, "search")
    offer(similarity, "similarity")
    offer(duplicates, "duplicates")
