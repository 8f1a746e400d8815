"""The translation page: a translation while you type, what else it could be, where the model looked, and whole
documents.

python apps/translation.py
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from nlp_gru import documents
from nlp_gru.errors import UserError
from nlp_gru.tools.registry import TOOLS

from . import attention, batch, common, endpoints, frame, snippets, stoppable
from .assets import render, script
from .endpoints import complaint
from .shelf import Shelf

LANGUAGES = {"en": "English", "fr": "French"}
EXAMPLES = {
    "en": [
        "Where is the nearest station?",
        "I would like a table for two, please.",
        "What a beautiful day!",
        "She has been learning French for three years.",
        "The train is late. Could you wait for me?",
    ],
    "fr": [
        "Où se trouve la gare la plus proche ?",
        "Je voudrais une table pour deux, s'il vous plaît.",
        "Quelle belle journée !",
        "Elle apprend l'anglais depuis trois ans.",
        "Le train a du retard. Peux-tu m'attendre ?",
    ],
}
BEAM, ALTERNATIVES = 5, 3
MAX_CHARACTERS, MAX_BYTES = TOOLS["translation"].most, 1_000_000
FORMATS = tuple(
    suffix for suffix in documents.SUFFIXES if suffix not in documents.TABLES
)  # a table's column is named on the command line
PART, PREVIEW = 32, 3_000  # texts of a document translated at once; characters shown of it
SCRIPT = script("translation")


class Translator(Protocol):
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    def __call__(self, texts: str, /, beam: int, alternatives: int) -> Any: ...
    def stream(self, texts: Iterable[str], beam: int, *, size: int) -> Iterator[Any]: ...
    def align(self, source: str, target: str) -> Any: ...


Directions = Mapping[str, Callable[[], Translator]]


def build(models: Directions, card: str = "") -> gr.Blocks:
    """The page over objects that answer like `nlp_gru.Translator`, by direction as "en-fr"; each is made when first
    needed. The first direction opens; with one alone there is nothing to swap."""
    directions = list(models)

    @cache
    def make(direction: str) -> Translator:
        return models[direction]()

    def model(direction: str) -> Translator:
        if direction not in models:
            raise complaint(f"{direction}: no such direction; there is {', '.join(directions)}")
        try:
            return make(direction)
        except UserError as error:
            raise complaint(str(error)) from None

    shelf = Shelf(None, ("translation",))

    def picked(direction: str, which: str, request: gr.Request | None) -> Translator:
        """The page's own model of a direction, or a kept one, which has a direction of its own. For the moment in which
        a kept one was left and the page still shows its direction, the first of the page's."""
        return shelf.asked(which, request) or model(direction if direction in models else directions[0])

    def by_way(way: str, request: gr.Request | None) -> Translator:
        """The model that a file is translated with. way: a direction of the page, or a kept model's name."""
        return model(way) if way in models else picked("", way, request)

    def lines(texts: Iterator[str], request: gr.Request | None, way: str) -> Iterator[dict[str, Any]]:
        for result in by_way(way, request).stream(texts, BEAM, size=PART):
            yield {"translation": result.text, "score": round(result.score, 4)}

    with gr.Blocks(title="Translation · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(
            "# Translation\nWhat is it in the other language? A small GRU translates on this machine; nothing"
            " leaves it.",
            elem_classes="page-title",
        )
        own = [(" to ".join(names(d)), d) for d in directions]
        ways = partial(shelf.ways, page, own, "Direction, or a model of your own")
        with gr.Tab("Text"):
            picker = shelf.picker(page, "translation")
            text_tab(page, picked, directions, picker)
        with gr.Tab("Document"):
            document_tab(by_way, ways)
        with gr.Tab("Table"):
            batch.tab(
                batch.Work(lines, "source", ("translation", "score"), "Translate all", "translate_table", "translated"),
                [ways()],
            )
        common.about(card)
        snippets.tab("translation")

        endpoints.translation(model, directions, BEAM)
    return page


@dataclass(frozen=True)
class Desk:
    """What the tab Text answers. picked: the translator of a direction or of a kept model; languages: with examples."""

    picked: Callable[[str, str, gr.Request | None], Translator]
    directions: Sequence[str]
    languages: Sequence[str]

    def details(
        self, text: str, direction: str, which: str = "", request: gr.Request | None = None
    ) -> tuple[str, str, str]:
        if not text.strip():
            return "", note(), attention.options([])
        translator = self.picked(direction, which, request)
        start = time.perf_counter()
        result = run(translator, text)
        milliseconds = 1000 * (time.perf_counter() - start)
        hint = result.hint + (" ⇄ swaps the languages." if not which and "instead" in result.hint else "")
        told = note(len(text), result.score, milliseconds, hint, sum(s.unsure for s in result.sentences))
        return result.text, told, attention.options(result.sentences)

    def look(self, source: str, target: str, direction: str, which: str = "", request: gr.Request | None = None) -> str:
        if not (source and target):
            return attention.heat_map(None)
        translator = self.picked(direction, which, request)
        return attention.heat_map(translator.align(source[:MAX_CHARACTERS], target[:MAX_CHARACTERS]))

    def swap(self, text: str, translation: str, direction: str) -> tuple[Any, ...]:
        new = reverse(direction)
        shown = [gr.update(visible=language == new.split("-")[0]) for language in self.languages]
        return (
            new,
            gr.update(value=(translation or text)[:MAX_CHARACTERS], label=names(new)[0]),
            gr.update(value=text if translation else "", label=names(new)[1]),
            *shown,
        )

    def aimed(self, direction: str, which: str, request: gr.Request) -> list[Any]:
        """The direction that the browser remembered, or the kept model's own; with the labels, examples and swap that
        go with it."""
        shown = direction if direction in self.directions else self.directions[0]
        if which:
            model = self.picked("", which, request)
            shown = f"{model.source}-{model.target}"
        labels = [gr.update(label=name) for name in names(shown)]
        samples = [gr.update(visible=code == shown.split("-")[0]) for code in self.languages]
        return [shown, gr.update(interactive=not which), *labels, *samples]


def text_tab(
    page: gr.Blocks,
    picked: Callable[[str, str, gr.Request | None], Translator],
    directions: Sequence[str],
    picker: gr.Dropdown,
) -> None:
    first = directions[0]
    languages = [code for code in EXAMPLES if any(d.startswith(f"{code}-") for d in directions)]
    desk = Desk(picked, directions, languages)
    direction = gr.Textbox(first, label="Direction", visible="hidden")
    with gr.Row(elem_classes="translation-boxes"):
        source = gr.Textbox(
            label=names(first)[0],
            lines=7,
            max_lines=14,
            max_length=MAX_CHARACTERS,
            autofocus=True,
            elem_id="translation-source",
            min_width=300,
            placeholder="Type or paste a text …",
            html_attributes=gr.InputHTMLAttributes(spellcheck=False),
        )
        can_swap = reverse(first) in directions
        swapper = gr.Button("Swap the languages", elem_id="translation-swap", min_width=44, scale=0, visible=can_swap)
        target = gr.Textbox(
            label=names(first)[1],
            lines=7,
            max_lines=14,
            interactive=False,
            buttons=["copy"],
            elem_id="translation-target",
            min_width=300,
            placeholder="The translation appears here.",
        )
    with gr.Row(elem_classes="tight"):
        clear = gr.Button("Clear", size="sm", min_width=80)
        listen = gr.Button("Listen", size="sm", min_width=80)
    small = gr.HTML(note(), elem_classes="small-print")
    examples = {}
    for language in languages:
        shown = gr.Examples(EXAMPLES[language], source, label="Try one", visible=language == first.split("-")[0])
        examples[language] = shown.dataset
    panel: dict[str, Any] = {"container": True, "padding": True, "apply_default_css": False}
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            found = gr.HTML(attention.options([]), css_template=attention.LIST_STYLE, js_on_load=SCRIPT, **panel)
        with gr.Column(scale=3, min_width=320):
            heat = gr.HTML(attention.heat_map(None), css_template=attention.HEAT_STYLE, **panel)
    gr.HTML(
        render("translation_limits.html"),
        elem_classes="small-print",
    )
    sentence, option = gr.Textbox(visible=False), gr.Textbox(visible=False)
    # The script decides when to ask: when the typing pauses, at once for an example or a swap.
    answer = found.ask(
        desk.details,
        [source, direction, picker],
        [target, small, found],
        api_name="translate_details",
        api_visibility="undocumented",
        queue=False,
        js="(text, direction, which) => [window.translation.sent(), direction, which]",
        trigger_mode="always_last",
        show_progress="hidden",
    )
    answer.then(None, js="() => window.translation.answered()", api_visibility="private")
    found.choose(
        desk.look,
        [sentence, option, direction, picker],
        heat,
        api_name="translate_attention",
        api_visibility="undocumented",
        queue=False,
        js="(sentence, option, direction, which) => [...window.translation.chosen(), direction, which]",
        trigger_mode="always_last",
        show_progress="hidden",
    )
    found.take(None, target, target, js="(text) => [window.translation.taken(text)]", api_visibility="private")
    source.change(None, js="() => window.translation?.changed()", api_visibility="private")
    clear.click(None, None, source, js="() => ['']", api_visibility="private")
    listen.click(
        None,
        [target, direction],
        None,
        js="(text, direction) => window.translation.say(text, direction)",
        api_visibility="private",
    )
    restored = frame.remember(page, "translation", source=source, direction=direction)
    aim: dict[str, Any] = {
        "fn": desk.aimed,
        "inputs": [direction, picker],
        "outputs": [direction, swapper, source, target, *examples.values()],
        **common.QUIET,
        "queue": False,
    }
    for event in (restored.then(**aim), picker.change(**aim)):
        event.then(None, js="() => window.translation?.again()", api_visibility="private")
    swapped = swapper.click(
        desk.swap,
        [source, target, direction],
        [direction, source, target, *examples.values()],
        api_name="translate_swap",
        api_visibility="undocumented",
        queue=False,
        show_progress="hidden",
    )
    swapped.then(None, js="() => window.translation.again()", api_visibility="private")


def document_tab(by_way: Callable[[str, gr.Request | None], Translator], ways: Callable[[], gr.Dropdown]) -> None:
    def translate_file(
        path: str | None,
        way: str,
        request: gr.Request | None = None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> Iterator[tuple[str, str, str | None]]:
        if path is None:
            raise complaint("Choose a file first.")
        document, encoding = read_document(path)
        texts = document.texts
        total, read, start = sum(map(len, texts)), 0, time.perf_counter()
        progress(0, desc="Starting")
        translator = by_way(way, request)
        done: list[documents.Translated] = []
        for text, result in zip(texts, translator.stream(iter(texts), BEAM, size=PART), strict=True):
            done.append(documents.Translated(result.text, any(s.unsure for s in result.sentences)))
            read += len(text)
            if len(done) % PART == 0:  # a pause at which Stop can end it
                yield f"{len(done):,} of {len(texts):,} texts so far.", shown(done), None
                progress(read / total, desc=f"Text {len(done):,} of {len(texts):,}")
        name = Path(path)
        target = common.new_file(f"{name.stem.removesuffix('.' + translator.source)}.{translator.target}{name.suffix}")
        content = document.rebuilt(done, documents.Languages(translator.source, translator.target))
        documents.write(target, content, encoding)
        preview = content[:PREVIEW] if isinstance(content, str) else shown(done)
        seconds, unsure = time.perf_counter() - start, sum(text.unsure for text in done)
        rest = f" Below are the first {PREVIEW:,} characters." if len(preview) == PREVIEW else ""
        marked = f", {unsure:,} of them unsure" if unsure else ""
        yield (
            f"**{len(texts):,} {'text' if len(texts) == 1 else 'texts'}**{marked}, in {seconds:.1f} seconds.{rest}",
            preview,
            str(target),
        )

    def shown(done: Sequence[documents.Translated]) -> str:
        return "\n".join(text.text for text in done)[:PREVIEW]

    gr.Markdown(
        f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}, at most {MAX_BYTES // 1_000_000} MB, which takes some minutes."
        " Lines, tags, times and code stay as they are; a sentence that runs over several lines is translated as one."
    )
    with gr.Row():
        upload = gr.File(label="File", file_types=list(FORMATS), height=140, scale=3, min_width=280)
        way = ways()
    pressed = stoppable.buttons("Translate the file")
    summary = gr.Markdown(min_height=60)
    preview = gr.Textbox(label="Preview", lines=10, max_lines=18, interactive=False)
    download = gr.File(label="The whole translation", interactive=False, height=120, visible=False)
    stoppable.wire(pressed, translate_file, [upload, way], (summary, preview, download), "translate_file")


def run(translator: Translator, text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise complaint(
            f"{len(text):,} characters are too many; the most is {MAX_CHARACTERS:,} (a document may be longer)"
        )
    return translator(text, beam=BEAM, alternatives=ALTERNATIVES)


def names(direction: str) -> list[str]:
    return [LANGUAGES.get(code, code) for code in direction.split("-")]


def reverse(direction: str) -> str:
    return "-".join(reversed(direction.split("-")))


def read_document(path: str) -> tuple[documents.Document, str]:
    """An uploaded file's texts, and its encoding. What cannot be translated is refused with a reason."""
    file = Path(path)
    if file.suffix.lower() not in FORMATS:
        raise complaint(
            f"{file.name}: only {', '.join(FORMATS)} files can be translated; save it as one of them first."
        )
    if (size := file.stat().st_size) > MAX_BYTES:
        raise complaint(
            f"{file.name} has {size / 1e6:.1f} MB; the most is {MAX_BYTES // 1_000_000} MB. Cut it into parts."
        )
    try:
        return documents.read(file)
    except UserError as error:
        raise complaint(str(error)) from None


def note(length: int = 0, score: float = 0, milliseconds: float = 0, hint: str = "", unsure: int = 0) -> str:
    """The small print under the boxes. unsure: how many sentences are underlined."""
    return render(
        "small_print.html",
        length=length,
        score=score,
        milliseconds=milliseconds,
        hint=hint,
        unsure=unsure,
        most=MAX_CHARACTERS,
    )


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    opening = common.chosen(name, "translation", models)
    if name is not None:
        tool = opening.load()
        return build({f"{tool.source}-{tool.target}": lambda: tool}, opening.card)
    back = common.chosen(None, "translation-fr-en", models)
    both = build({"en-fr": opening.load, "fr-en": back.load}, f"{opening.card}\n\n{back.card}")
    return common.load_at_visit(both, opening)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
