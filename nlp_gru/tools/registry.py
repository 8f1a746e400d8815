"""The table of tools: what `load`, the command line, the pages, the endpoints and the fuzzers know of each, declared
once.

A new tool is one `Tool` here. Its models are found by the head that their folder's config.json names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nlp_gru.data_files.parts import Kind
from nlp_gru.model_folder.folder import sha256
from nlp_gru.text.word_list import bundled_words
from nlp_gru.tools.chat.bank import load_bank
from nlp_gru.tools.chat.chatbot import ChatBot, Reply
from nlp_gru.tools.chat.ranking import load_ranking
from nlp_gru.tools.faq.bot import FaqBot
from nlp_gru.tools.keyboard.keyboard import Keyboard, Suggestion
from nlp_gru.tools.sentiment import Sentiment, SentimentAnalyser
from nlp_gru.tools.similarity.encoder import TextEncoder, Vectors
from nlp_gru.tools.translation.translator import Translation, Translator


@dataclass(frozen=True)
class Tool:
    """One tool.

    name: of its head and of its bundled model. title, does: on pages; does is one sentence. holds: its class. columns:
    of the files it learns from. asked: the column that it answers. example: a text to try it on. most: characters of
    one text, on pages and over HTTP.
    answers: an answer to each text, in order. line, value: an answer as one line of text, and as JSON. make: from a
    model and its folder to the tool, with the keyword `options` that `load` passes on; open: from a folder that no
    engine reads, instead. figure: the score of its model that is shown, (data set, name). in_batches: whether many
    texts at once are faster. fields: an answer as columns of a data file, each with its kind and how its value comes
    from the answer. part: rows of a file that take about ten seconds. beside: the tool on whose page it is shown, if it
    has none of its own.
    """

    name: str
    title: str
    does: str
    holds: type
    columns: tuple[str, ...]
    asked: str
    example: str
    most: int
    answers: Callable[[Any, Sequence[str]], Iterator[Any]]
    line: Callable[[Any], str]
    value: Callable[[Any], Any] = asdict
    make: Callable[..., Any] | None = None
    open: Callable[[Path], Any] | None = None
    options: tuple[str, ...] = ()
    figure: tuple[str, str] = ("", "")
    in_batches: bool = False
    fields: Mapping[str, tuple[Kind, Callable[[Any], Any]]] = field(default_factory=dict)
    part: int = 1_000
    beside: str = ""


def _rounded(vector: Vectors) -> list[float]:
    return [round(value, 6) for value in vector.tolist()]


def _words(found: list[Suggestion]) -> str:
    return "\t".join(f"{word.text} {word.score:.3f}" for word in found)


def _verdict(found: Sentiment) -> str:
    return f"{found.label}\t{found.score:.3f}" + "\tunsure" * found.unsure


def _text(found: Translation | Reply) -> str:
    return str(found.text)


def _translation(found: Translation) -> dict[str, Any]:
    sentences = [{**asdict(sentence), "unsure": sentence.unsure} for sentence in found.sentences]
    return {**asdict(found), "sentences": sentences}


def _streamed(tool: Any, texts: Sequence[str]) -> Iterator[Any]:
    return iter(tool.stream(texts, size=max(len(texts), 1)))


def _suggested(tool: Any, texts: Sequence[str]) -> Iterator[Any]:
    return (tool.suggest(text) for text in texts)


def _replied(tool: Any, texts: Sequence[str]) -> Iterator[Any]:
    return (tool.reply([text], seed=0) for text in texts)


_REPLY: dict[str, tuple[Kind, Callable[[Any], Any]]] = {
    "reply": ("text", _text),
    "reply_score": ("number", lambda found: float(found.score)),
}
TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            name="sentiment",
            title="Sentiment",
            does="Is it positive or negative? A verdict at every key, with the words that decided.",
            holds=SentimentAnalyser,
            columns=("text", "label"),
            asked="text",
            example="The cast is wonderful, I was moved to tears.",
            most=40_000,
            answers=_streamed,
            line=_verdict,
            make=lambda model, folder: SentimentAnalyser(model),
            figure=("imdb", "accuracy"),
            in_batches=True,
            fields={
                "sentiment": ("text", lambda found: found.label),
                "sentiment_score": ("number", lambda found: found.score),
                "sentiment_unsure": ("flag", lambda found: found.unsure),
            },
            part=20_000,
        ),
        Tool(
            name="next_word",
            title="Autocomplete",
            does="Which word comes next? Three suggestions at every key; it forgives typos and can learn from you.",
            holds=Keyboard,
            columns=("text",),
            asked="text",
            example="I would like ",
            most=40_000,
            answers=_suggested,
            line=_words,
            value=lambda found: [asdict(word) for word in found],
            make=lambda model, folder, **options: Keyboard(model, words=bundled_words(folder), **options),
            options=("layout", "blocklist"),
            figure=("everyday", "keystrokes_saved"),
            fields={"next_words": ("texts", lambda found: [word.text for word in found])},
        ),
        Tool(
            name="translation",
            title="Translation",
            does="English to French and back, with alternatives and the words that each was made from.",
            holds=Translator,
            columns=("source", "target"),
            asked="source",
            example="Where is the nearest station?",
            most=5_000,
            answers=_streamed,
            line=_text,
            value=_translation,
            make=lambda model, folder: Translator(model),
            figure=("tatoeba", "bleu"),
            in_batches=True,
            fields={"translation": ("text", _text)},
        ),
        Tool(
            name="chat",
            title="Chat",
            does="Small talk, or a bot that answers from your own questions and answers.",
            holds=ChatBot,
            columns=("turns",),
            asked="text",
            example="I'm tired today.",
            most=2_000,
            answers=_replied,
            line=_text,
            make=lambda model, folder, **options: ChatBot(
                model, bank=load_bank(folder), ranking=load_ranking(folder), **options
            ),
            options=("contacts",),
            figure=("dialogues", "hits_at_1"),
            fields=_REPLY,
            part=200,
        ),
        Tool(
            name="faq",
            title="Questions and answers",
            does="A bot that answers from your own questions and answers, and says when it has no answer.",
            holds=FaqBot,
            columns=("question", "answer"),
            asked="question",
            example="When do you open?",
            most=2_000,
            answers=_replied,
            line=_text,
            open=FaqBot.load,
            beside="chat",
            fields=_REPLY,
        ),
        Tool(
            name="similarity",
            title="Search",
            does="Find texts by what they mean, in English or French, and texts that say the same.",
            holds=TextEncoder,
            columns=("text",),
            asked="text",
            example="When do you open?",
            most=100_000,
            answers=_streamed,
            line=lambda vector: " ".join(f"{value:.4f}" for value in vector),
            value=_rounded,
            make=lambda model, folder: TextEncoder(model, sha256(folder / "model.safetensors")),
            figure=("sts_benchmark", "spearman"),
            in_batches=True,
            fields={"vector": ("numbers", lambda found: found)},
            part=20_000,
        ),
    )
}


def tool_of(held: Any) -> Tool:
    """Return the entry of what `load` gave. Raise `TypeError` for anything else."""
    for tool in TOOLS.values():
        if isinstance(held, tool.holds):
            return tool
    raise TypeError(f"a tool is what nlp_gru.load gives, not {type(held).__name__}")
