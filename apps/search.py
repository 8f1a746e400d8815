"""The search page: texts found by what they mean, in English or French, and those that say the same.

python apps/search.py
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from nlp_gru.data_files import PAGE, empty_rows, problem, read_table
from nlp_gru.errors import UserError
from nlp_gru.tools.similarity.encoder import DuplicateGroup
from nlp_gru.tools.similarity.group_files import write_groups
from nlp_gru.tools.similarity.index import Index

from . import batch, common, endpoints, frame, snippets
from .search_view import STYLE, listed, marks, note, ranked

MAX_CHARACTERS, MAX_QUERY, MAX_ROWS = 40_000, 500, 20_000
HITS, SHOWN_GROUPS = 5, 50
CLOSEST, VECTOR = "closest", "vector"  # what a file's rows can get
FILES = [".txt", ".csv", ".tsv", ".jsonl", ".parquet"]
TEXTS = """Breakfast is served from seven to ten in the dining room.
You can park your car behind the house; it costs nothing.
Check-out is at eleven. Late departures cost 20 euros.
The swimming pool is closed from November to March.
Dogs are welcome, but please keep them off the beds.
The wireless network is called Alpenrose, and the code is on your key card.
Le petit déjeuner est servi de sept à dix heures dans la salle à manger.
Taxis to the airport leave every hour; please book the evening before.
If you lose your key, ring the bell at the side door.
Towels are changed every second day.
You can park your car for free behind the house."""
QUERIES = [
    "Where can I leave my car?",
    "May I bring my pet?",
    "Où puis-je garer ma voiture ?",
    "I cannot get online",
]


class Encoder(Protocol):
    @property
    def sha256(self) -> str: ...
    @property
    def dimensions(self) -> int: ...
    def encode(self, texts: Any, dimensions: int | None = None) -> Any: ...
    def encode_passages(self, texts: Any, places: Any, dimensions: int) -> Any: ...
    def search(self, query: Any, texts: Any, k: int = 10) -> Any: ...
    def explain(self, query: str, text: str) -> list[tuple[str, float]]: ...
    def stream(self, texts: Any) -> Iterator[Any]: ...
    def duplicates(self, texts: Any, threshold: float = 0.9) -> list[DuplicateGroup]: ...
    def similarity(self, first: Any, second: Any) -> Any: ...


@dataclass(frozen=True)
class Corpus:
    """The texts of a file, and where each stands."""

    name: str
    texts: list[str]
    sources: list[str]
    index: Index


def build(encoder: Encoder, card: str = "") -> gr.Blocks:
    """The page over any object that answers like `nlp_gru.TextEncoder`."""
    with gr.Blocks(title="Search · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(
            "# Search\nAsk in English or French, in your own words. A small GRU compares meanings on this machine;"
            " nothing leaves it.",
            elem_classes="page-title",
        )
        with gr.Tab("Search"):
            search_tab(page, encoder)
        with gr.Tab("Duplicates"):
            duplicates_tab(encoder)
        with gr.Tab("A file of texts"):
            batch_tab(encoder)
        common.about(card)
        snippets.tab("similarity")
        endpoints.similarity(encoder)
    return page


def search_tab(page: gr.Blocks, encoder: Encoder) -> None:
    def search(query: str, texts: str, corpus: Corpus | None) -> str:
        if not query.strip():
            return note("What comes closest appears here.")
        start = time.perf_counter()
        try:
            if corpus is not None:
                hits, count = corpus.index.search(query[:MAX_QUERY], HITS), len(corpus.texts)
            else:
                lines = pasted(texts)
                hits, count = encoder.search(query[:MAX_QUERY], lines, HITS), len(lines)
            milliseconds = 1000 * (time.perf_counter() - start)
            marked = [marks(encoder, query[:MAX_QUERY], hit) for hit in hits]
        except UserError as error:
            raise endpoints.complaint(str(error)) from None
        if not hits:
            return note("There are no texts to search: paste some, or choose a file.")
        return ranked(
            hits,
            marked,
            f"{count:,} {'text' if count == 1 else 'texts'} compared in {milliseconds:,.0f} ms on this machine. "
            "Marked are the words that bring a text near; the number is the cosine, of which 1 is the most.",
        )

    def open_file(path: str | None, progress: gr.Progress = gr.Progress()) -> tuple[Corpus | None, str]:  # noqa: B008
        if path is None:
            return None, file_note()
        texts, sources, said = rows(path)
        index = Index(encoder)  # type: ignore[arg-type]
        for at in progress.tqdm(range(0, len(texts), 500), unit="parts"):
            index.add(texts[at : at + 500], sources[at : at + 500])
        corpus = Corpus(Path(path).name, texts, sources, index)
        return corpus, f"**{corpus.name}:** {len(texts):,} texts are searched instead of those above. {said}".rstrip()

    corpus = gr.State(time_to_live=3600)
    with gr.Row():
        query = gr.Textbox(
            label="Question",
            show_label=False,
            container=False,
            placeholder="What are you looking for?",
            max_lines=1,
            max_length=MAX_QUERY,
            autofocus=True,
            scale=1,
            min_width=200,
        )
        go = gr.Button("Search", variant="primary", scale=0, min_width=100, size="md")
    gr.Examples(QUERIES, query, label="Try one")
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            found = gr.HTML(
                note("What comes closest appears here."),
                css_template=STYLE,
                label="Found",
                show_label=False,
                container=True,
                padding=True,
                apply_default_css=False,
            )
        with gr.Column(scale=2, min_width=320):
            texts = texts_box(9)
            upload = file_box()
            said = gr.Markdown(file_note())
    ask: dict[str, Any] = {
        "fn": search,
        "inputs": [query, texts, corpus],
        "outputs": found,
        "api_visibility": "undocumented",
    }
    gr.on(
        [go.click, query.submit],
        **ask,
        trigger_mode="always_last",
        api_name="search_details",
        show_progress="minimal",
    )
    gr.on(
        [query.change, texts.change],
        **ask,
        api_name="search_typed",
        queue=False,
        trigger_mode="always_last",
        show_progress="hidden",
    )
    upload.change(open_file, upload, [corpus, said], api_name="search_file", api_visibility="undocumented").success(
        search, [query, texts, corpus], found, api_name="search_again", api_visibility="private", show_progress="hidden"
    )
    frame.remember(page, "search", query=query, texts=texts)


def duplicates_tab(encoder: Encoder) -> None:
    def find(path: str | None, texts: str, threshold: float) -> tuple[str, str, str | None]:
        lines, sources, said = rows(path) if path else (pasted(texts), [], "")
        try:
            groups = encoder.duplicates(lines, threshold)
        except UserError as error:
            raise endpoints.complaint(str(error)) from None
        sources = sources or [f"text {i + 1}" for i in range(len(lines))]
        target = common.new_file("duplicates.csv")
        write_groups(target, groups, sources)
        duplicates = sum(len(group.indices) - 1 for group in groups)
        counted = (
            f"**{duplicates:,} of {len(lines):,} texts** {'repeats' if duplicates == 1 else 'repeat'} another one"
            if duplicates
            else f"**No text repeats another one** among {len(lines):,}"
        )
        more = f" Shown are the first {SHOWN_GROUPS} groups." if len(groups) > SHOWN_GROUPS else ""
        return f"{counted}. {said}{more}", listed(groups[:SHOWN_GROUPS], sources), str(target) if groups else None

    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            texts = texts_box(8)
        with gr.Column(scale=2, min_width=320):
            upload = file_box()
            threshold = gr.Slider(
                0.5,
                1,
                0.8,
                step=0.01,
                label="How alike, at least",
                info="0.9: nearly the same words; 0.8: other words, too",
            )
            go = gr.Button("Find duplicates", variant="primary")
    summary = gr.Markdown(file_note())
    found = gr.HTML("", css_template=STYLE, padding=False, apply_default_css=False, elem_classes="small-print")
    download = gr.File(label="All groups", interactive=False, visible=False, height=140)
    go.click(
        find,
        [upload, texts, threshold],
        [summary, found, download],
        api_name="duplicates_file",
        api_visibility="undocumented",
    ).success(lambda path: gr.update(visible=path is not None), download, download, api_visibility="private")


def batch_tab(encoder: Encoder) -> None:
    """Every row of a file with the closest of some texts, or with its vector."""

    def answers(
        texts: Iterator[str], _: gr.Request | None, wanted: str, pool: str, path: str | None
    ) -> Iterator[dict[str, Any]]:
        if wanted == VECTOR:
            for vector in encoder.stream(texts):
                yield {"vector": [round(value, 6) for value in vector.tolist()]}
            return
        known, sources, _said = rows(path) if path else (pasted(pool), [], "")
        if not known:
            raise UserError("There are no texts to compare with: paste some, or choose a file.")
        index = Index(encoder)  # type: ignore[arg-type]
        index.add(known, sources or [f"text {i + 1}" for i in range(len(known))])
        while part := list(islice(texts, batch.PART)):
            for hits in index.search(part, 1):
                best = hits[0]
                yield {"closest": best.text, "place": best.source, "cosine": round(best.score, 4)}

    wanted = gr.Radio(
        [("The closest of these texts", CLOSEST), ("Its vector, for programs", VECTOR)],
        value=CLOSEST,
        label="For each row of the file",
    )
    with gr.Row() as pools:
        pool = texts_box(5)
        other = file_box()
    wanted.change(lambda value: gr.update(visible=value == CLOSEST), wanted, pools, **common.QUIET)
    work = batch.Work(answers, "text", ("closest", "cosine", "vector"), "Compare all", "search_rows", "search")
    batch.tab(work, [wanted, pool, other])


def texts_box(lines: int) -> gr.Textbox:
    return gr.Textbox(
        TEXTS,
        label="Texts: one a line, or separated by blank lines",
        lines=lines,
        max_lines=14,
        max_length=MAX_CHARACTERS,
    )


def file_box() -> gr.File:
    return gr.File(label="Or a file", file_types=FILES, height=140)


def file_note() -> str:
    return (
        f"A .txt file with one text a line, or CSV, TSV, JSONL or Parquet with a column `text`; at most {MAX_ROWS:,}"
        f" rows and {common.MAX_UPLOAD // 1_000_000} MB."
    )


def pasted(texts: str) -> list[str]:
    """The paragraphs of a text in which blank lines stand between some, else its lines."""
    lines = texts[:MAX_CHARACTERS].strip().splitlines()
    if any(not line.strip() for line in lines):
        parts = "\n".join(line.strip() for line in lines).split("\n\n")
        return [part.strip() for part in parts if part.strip()]
    return [line.strip() for line in lines]


def rows(path: str) -> tuple[list[str], list[str], str]:
    """The texts of a file, where each stands, and what is to be known of its reading. Raises `gr.Error` for a wrong
    file."""
    name = Path(path).name
    try:
        table = read_table(path, ["text"], bounds=replace(PAGE, rows=MAX_ROWS))
        cells = list(zip(table.numbers, table.columns["text"], strict=True))
        for number, text in cells:
            if text is not None and (wrong := problem("text", text)):
                raise UserError(f"{path}, row {number}: {wrong}")
    except UserError as error:
        raise endpoints.complaint(str(error).replace(path, name)) from None
    full = [(number, text) for number, text in cells if text is not None]
    if not full:
        raise endpoints.complaint(f"{name}: there is no text in it")
    empty = "" if path.lower().endswith(".txt") else empty_rows([number for number, text in cells if text is None])
    notes = " ".join([*table.notes, *([f"{empty}."] if empty else [])])
    return [text for _, text in full], [f"{name}, row {number}" for number, _ in full], notes


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    model = common.chosen(name, "similarity", models)
    return common.load_at_visit(build(model, model.card), model)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
