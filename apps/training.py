"""The training page: a model of one's own from a file, watched while it learns and tried beside the bundled one.

python apps/training.py
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import gradio as gr

from nlp_gru.data_files.labels import HELD_OUT
from nlp_gru.errors import UserError

from . import check_file, columns, common, curves, endpoints, trial
from . import training_view as view
from .chat_train import PROGRESS_STYLE, default_refusal, progress
from .task import NAME, Task, begin, chosen, defaults, trials

SAMPLES = Path(__file__).parents[1] / "data/samples"  # in a checkout; an installed package is without them
TITLE = "# Train your own\nTeach a model from your own file, on this machine; nothing leaves it."
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build(bundled: Callable[[str], Any]) -> gr.Blocks:
    """The page. bundled: a bundled model by its name, made when it is first asked."""
    load = cache(bundled)
    tasks: WeakValueDictionary[str, Task] = WeakValueDictionary()  # by browser tab

    def choose(head: str) -> dict[Any, Any]:
        usual = defaults(head)
        return {
            needs: view.KINDS[head].needs, upload: None, report_panel: view.waiting(), go: gr.update(interactive=False),
            example: gr.update(visible=sample_of(head) is not None), epochs: gr.update(value=usual["train.epochs"], visible=head != "faq"), rate: gr.update(value=usual["train.lr"], visible=head != "faq"),
            share: gr.update(visible=head != "faq"), refusal: gr.update(visible=head == "faq"),
            languages: gr.update(visible=head == "translation"),
        }  # fmt: skip

    def sample(head: str) -> str:
        source = sample_of(head)
        if source is None:
            raise endpoints.complaint("There is no sample for it.")
        copy = common.new_file(source.name)  # gradio hands out no file from elsewhere
        shutil.copy(source, copy)
        return str(copy)

    def train(old: Task | None, head: str, path: str | None, epochs: float | None, rate: float | None, percent: float,
              refusal: str, source: str, target: str, first: str | None, second: str | None, request: gr.Request) -> Iterator[dict[Any, Any]]:  # fmt: skip
        try:
            if path is None:
                raise UserError("Choose a file first.")
            pair = (source.strip().lower(), target.strip().lower())
            settings = chosen(head, epochs, rate, refusal, pair)
            new = begin(
                check_file.check(head, path, columns.renamed(head, (first, second))), settings, percent / 100, pair
            )
        except (UserError, OSError) as error:
            yield {status: progress(str(error), kind="error")}
            return
        if old is not None:
            old.training.remove()
        tasks[str(request.session_hash)] = new
        yield from follow(new, "Starting …")

    def resume(old: Task | None) -> Iterator[dict[Any, Any]]:
        if old is None:
            return
        saved = old.training.saved
        try:
            old.training.resume()
        except (UserError, OSError) as error:
            yield {status: progress(str(error), kind="error")}
            return
        yield from follow(
            old, f"Going on from update {saved:,} …" if saved else "Nothing was saved yet: starting again …"
        )

    def follow(current: Task, opening: str) -> Iterator[dict[Any, Any]]:
        training, shown = current.training, ""
        began = time.perf_counter()
        yield {task: current, go: gr.update(interactive=False), stop: gr.update(interactive=True), result: gr.update(visible=False),
               again: gr.update(interactive=False), status: progress(opening, 0), plots: view.charts(current.head, training.curve)}  # fmt: skip
        try:
            for done, text in training.steps():
                new = view.charts(current.head, training.curve)
                yield {
                    status: progress(opening if text.startswith("Starting") else text, done),
                    **({plots: new} if new != shown else {}),
                }
                shown = new
            current.seconds += time.perf_counter() - began
            if training.stopped:
                saved = training.saved
                rest = (f"Resume goes on from update {saved:,}, its last validation." if saved
                        else "Nothing was saved yet, so Resume starts again.")  # fmt: skip
                yield {status: progress(f"Stopped. {rest}"), again: gr.update(interactive=True)}
                return
            yield {status: progress("Getting the model ready …", 1), plots: view.charts(current.head, training.curve)}
            yield finished(current)
        except (UserError, OSError) as error:
            training.remove()
            yield {task: None, status: progress(str(error), kind="error")}
        finally:  # also when nobody is there any more
            training.stop()

    def finished(current: Task) -> dict[Any, Any]:
        training, report = current.training, current.report
        sentences = view.in_words(current.head, training.figures, len(current.held))
        log = view.validations(training.curve)
        current.model = training.load()
        readme = view.card(current.head, report, current.settings, sentences)
        (training.folder / "README.md").write_text(readme, encoding="utf-8")
        asked = trials(report, current.held)
        return {
            status: progress(f"Your model is ready: {len(report.numbers):,} rows, {current.seconds:.0f} seconds.", 1),
            result: gr.update(visible=True), words: "\n".join(f"- {s}" for s in sentences), figures: log,
            download: training.pack(), chips: gr.update(samples=[[t] for t in asked], visible=bool(asked)),
            question: "", own: trial.panel("Your model"), other: trial.panel("The bundled model"),
        }  # fmt: skip

    def ask(text: str, current: Task | None) -> Iterator[tuple[str, str]]:
        if current is None or current.model is None:
            raise endpoints.complaint("Train a model first.")
        mine = trial.panel("Your model", trial.answer(current.head, current.model, text))
        name = trial.bundled(current.head, current.languages)
        yield mine, trial.panel("The bundled model", '<div class="note">…</div>')
        if name:
            yield mine, trial.panel("The bundled model", trial.answer(current.head, load(name), text))
        else:
            yield mine, trial.panel("The bundled model", '<div class="note">None knows these languages.</div>')

    def leave(request: gr.Request) -> None:
        current = tasks.pop(str(request.session_hash), None)
        if current is not None:
            current.training.remove()

    first = next(iter(view.KINDS))
    usual = defaults(first)
    with gr.Blocks(title="Train your own · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(TITLE, elem_classes="page-title")
        task = gr.State(delete_callback=lambda value: value and value.training.remove())
        head = gr.Radio(
            [(kind.name, name) for name, kind in view.KINDS.items()], value=first, label="What shall it learn?"
        )
        with gr.Row():
            with gr.Column(scale=2, min_width=320):
                needs = gr.Markdown(view.KINDS[first].needs)
                upload = gr.File(label="File", file_types=[".csv", ".tsv", ".jsonl", ".parquet", ".txt"], height=140)
                with gr.Row():
                    choosers = columns.choosers()
                example = gr.Button("Use the sample file", visible=sample_of(first) is not None)
                refusal = gr.Textbox(
                    default_refusal(), label="What it says when no answer fits", max_length=300, visible=False
                )
                with gr.Row(visible=False) as languages:
                    source = gr.Textbox("en", label="From (language code)", max_length=3, min_width=120)
                    target = gr.Textbox("fr", label="To (language code)", max_length=3, min_width=120)
                with gr.Accordion("Advanced", open=False):
                    epochs = gr.Number(usual["train.epochs"], label="Epochs", info="Times that it reads all rows")
                    rate = gr.Number(usual["train.lr"], label="Learning rate", info="Larger: bolder steps", step=0.0001)
                    share = gr.Slider(
                        5, 50, 100 * HELD_OUT, step=5, label="Held out for validation, %", info="Never learned from"
                    )
            with gr.Column(scale=3, min_width=320):
                report_panel = gr.HTML(view.waiting(), css_template=view.STYLE, container=True, padding=True)
        with gr.Row():
            go = gr.Button("Train", variant="primary", min_width=90, interactive=False)
            stop = gr.Button("Stop", min_width=90, interactive=False)
            again = gr.Button("Resume", min_width=90, interactive=False)
        status = gr.HTML(progress("A file of a hundred rows takes about half a minute, one of a thousand reviews about a minute."),
                         css_template=PROGRESS_STYLE, elem_classes="small-print")  # fmt: skip
        plots = gr.HTML("", css_template=curves.STYLE, elem_classes="small-print")
        with gr.Column(visible=False) as result:
            gr.Markdown("## How good it is")
            words = gr.Markdown()
            with gr.Accordion("All validations", open=False):
                figures = gr.HTML("", css_template=view.STYLE)
            gr.Markdown("## Try it beside the bundled model")
            with gr.Row(equal_height=True):
                question = gr.Textbox(label="Text", lines=1, max_lines=4, max_length=2_000, scale=1, min_width=180, elem_id="training-question")  # fmt: skip
                both = gr.Button("Ask both", variant="primary", scale=0, min_width=120)
            chips = gr.Dataset(components=["textbox"], samples=[["…"]], label="Try one of yours", visible=False)
            with gr.Row(equal_height=True):
                with gr.Column(min_width=300):
                    own = gr.HTML(trial.panel("Your model"), css_template=trial.STYLE, container=True, padding=True)
                with gr.Column(min_width=300):
                    other = gr.HTML(
                        trial.panel("The bundled model"), css_template=trial.STYLE, container=True, padding=True
                    )
            download = gr.File(label="Your model as a folder (.zip)", interactive=False, height=100)
            gr.Markdown(
                f'Unpacked, it is used with `nlp-gru predict {NAME} "text"`, and in Python with `nlp_gru.load("{NAME}")`.'
            )
        options = [epochs, rate, share, refusal, source, target, *choosers]
        head.change(
            choose, head, [needs, upload, report_panel, go, example, epochs, rate, share, refusal, languages], **QUIET
        )
        upload.change(view.look, [head, upload], [report_panel, go, *choosers], **QUIET)
        gr.on(
            [chooser.input for chooser in choosers],
            view.look,
            [head, upload, *choosers],
            [report_panel, go, *choosers],
            **QUIET,
        )
        example.click(sample, head, upload, **QUIET)
        shown = [task, go, stop, again, status, plots, result, words, figures, download, chips, question, own, other]
        for event in (  # without a limit: who has to wait is told so
            go.click(train, [task, head, upload, *options], shown, concurrency_limit=None, **QUIET),
            again.click(resume, task, shown, concurrency_limit=None, **QUIET),
        ):
            event.then(lambda: (gr.update(interactive=True), gr.update(interactive=False)), None, [go, stop], **QUIET)
        stop.click(lambda current: current.training.stop() if current else None, task, None, queue=False, **QUIET)
        gr.on([question.submit, both.click], ask, [question, task], [own, other], **QUIET)
        chips.click(lambda chip: chip[0], chips, question, **QUIET).then(ask, [question, task], [own, other], **QUIET)
        page.unload(leave)
    return page


def sample_of(head: str) -> Path | None:
    path = SAMPLES / view.KINDS[head].sample
    return path if path.is_file() else None


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    """name: a model folder to compare with, in place of the bundled model of its head."""
    shared = dict(models or {})

    def bundled(wanted: str) -> Any:
        return (shared.get(wanted) or common.Model(wanted)).load()

    if name is None:
        return build(bundled)
    from nlp_gru.model_folder.bundled import find_model

    head = json.loads((find_model(name) / "config.json").read_text(encoding="utf-8"))["head"]
    shared[{"faq": "chat"}.get(head, head)] = common.Model(name)
    return build(bundled)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
