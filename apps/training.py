"""The training page: a model of one's own from a file, watched while it learns and tried beside the bundled one.

python apps/training.py
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from nlp_gru.data_files.labels import HELD_OUT
from nlp_gru.errors import UserError

from . import check_file, columns, common, curves, endpoints, own_models, rows_editor, running, trial
from . import training_view as view
from .progress import PROGRESS_STYLE, progress
from .shelf import visitor
from .task import NAME, begin, chosen, default_refusal, defaults, trials

SAMPLES = Path(__file__).parents[1] / "data/samples"  # in a checkout; an installed package is without them
TITLE = "# Train your own\nTeach a model from your own file, on this machine; nothing leaves it."


@dataclass
class Parts:
    """The components of the page that its functions write to."""

    seen: gr.State
    timer: gr.Timer
    go: gr.Button
    stop: gr.Button
    again: gr.Button
    status: gr.HTML
    plots: gr.HTML
    result: gr.Column
    words: gr.Markdown
    figures: gr.HTML
    wrong: gr.HTML
    download: gr.File
    chips: gr.Dataset
    question: gr.Textbox
    both: gr.Button
    own: gr.HTML
    other: gr.HTML


def build(bundled: Callable[[str], Any], links: Mapping[str, str] | None = None) -> gr.Blocks:
    """The page. bundled: a bundled model by its name, made when it is first asked; links: the address of the page that
    uses a kept model, by its head, where there are such pages."""
    load, desk = cache(bundled), running.Desk()
    with gr.Blocks(title="Train your own · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(TITLE, elem_classes="page-title")
        with gr.Tab("Train"):
            train_tab(page, desk, load)
        with gr.Tab("Your models") as models:
            own_models.tab(page, models, links or {})
    return page


@dataclass(frozen=True)
class Visit:
    """What the tab does for a visitor. load: a bundled model by its name."""

    desk: running.Desk
    load: Callable[[str], Any]
    parts: Parts

    def train(
        self,
        head: str,
        path: str | None,
        epochs: float | None,
        rate: float | None,
        percent: float,
        refusal: str,
        source: str,
        target: str,
        first: str | None,
        second: str | None,
        request: gr.Request,
    ) -> dict[Any, Any]:
        try:
            if path is None:
                raise UserError("Choose a file first.")
            pair = (source.strip().lower(), target.strip().lower())
            settings = chosen(head, epochs, rate, refusal, pair)
            report = check_file.check(head, path, columns.renamed(head, (first, second)))
            run = self.desk.start(visitor(request), begin(report, settings, percent / 100, pair))
        except (UserError, OSError) as error:
            return {self.parts.status: progress(str(error), kind="error")}
        return self.shown(run)

    def resume(self, request: gr.Request) -> dict[Any, Any]:
        try:
            self.desk.resume(visitor(request))
        except (UserError, OSError) as error:
            return {self.parts.status: progress(str(error), kind="error")}
        return self.look(None, request)

    def look(self, seen: str | None, request: gr.Request) -> dict[Any, Any]:
        """What is new about the visitor's training since it was last looked at."""
        run = self.desk.of(visitor(request))
        return {self.parts.timer: gr.skip()} if run is None or run.state == seen else self.shown(run)

    def shown(self, run: running.Run) -> dict[Any, Any]:
        runs, ready = run.phase == "running", run.phase == "ready"
        found = {
            self.parts.seen: run.state,
            self.parts.timer: gr.Timer(active=runs),
            self.parts.go: gr.update(interactive=not runs),
            self.parts.stop: gr.update(interactive=runs),
            self.parts.again: gr.update(interactive=run.phase == "stopped"),
            self.parts.result: gr.update(visible=ready),
            self.parts.status: progress(
                run.message, run.share if runs or ready else None, "error" if run.phase == "failed" else "note", runs
            ),
            self.parts.plots: view.charts(run.task.head, run.task.training.curve),
        }
        return found | (self.finished(run) if ready else {})

    def finished(self, run: running.Run) -> dict[Any, Any]:
        asked = trials(run.task.report, run.task.held)
        return {
            self.parts.words: "\n".join(f"- {s}" for s in run.sentences),
            self.parts.figures: view.validations(run.task.training.curve),
            self.parts.wrong: run.wrong,
            self.parts.download: run.archive,
            self.parts.chips: gr.update(samples=[[t] for t in asked], visible=bool(asked)),
            self.parts.own: trial.panel("Your model"),
            self.parts.other: trial.panel("The bundled model"),
        }

    def ask(self, text: str, request: gr.Request) -> Iterator[tuple[str, str]]:
        run = self.desk.of(visitor(request))
        if run is None or run.task.model is None:
            raise endpoints.complaint("Train a model first.")
        task = run.task
        mine = trial.panel("Your model", trial.answer(task.head, task.model, text))
        name = trial.bundled(task.head, task.languages)
        yield mine, trial.panel("The bundled model", hint="…")
        if name:
            yield mine, trial.panel("The bundled model", trial.answer(task.head, self.load(name), text))
        else:
            yield (
                mine,
                trial.panel("The bundled model", hint="No bundled model translates between these languages."),
            )

    def halt(self, request: gr.Request) -> None:
        self.desk.stop(visitor(request))


@dataclass
class Form:
    """The components in which a visitor says what is to be learned from which file."""

    head: gr.Radio
    needs: gr.Markdown
    upload: gr.File
    choosers: list[gr.Dropdown]
    example: gr.Button
    refusal: gr.Textbox
    languages: gr.Row
    source: gr.Textbox
    target: gr.Textbox
    epochs: gr.Number
    rate: gr.Number
    share: gr.Slider
    report: gr.HTML
    editor: rows_editor.Editor

    @property
    def options(self) -> list[Any]:
        return [self.epochs, self.rate, self.share, self.refusal, self.source, self.target, *self.choosers]

    def choose(self, head: str) -> dict[Any, Any]:
        """What changes in the form with what is to be learned."""
        usual = defaults(head)
        return {
            self.needs: view.KINDS[head].needs,
            self.upload: None,
            self.report: view.waiting(),
            self.example: gr.update(visible=sample_of(head) is not None),
            self.epochs: gr.update(value=usual["train.epochs"], visible=head != "faq"),
            self.rate: gr.update(value=usual["train.lr"], visible=head != "faq"),
            self.share: gr.update(visible=head != "faq"),
            self.refusal: gr.update(visible=head == "faq"),
            self.languages: gr.update(visible=head == "translation"),
            **self.editor.emptied(head),
        }

    @property
    def changing(self) -> list[Any]:
        """What `choose` changes."""
        shown = [self.needs, self.upload, self.report, self.example, self.epochs, self.rate, self.share, self.refusal]
        return [*shown, self.languages, *self.editor.outputs]


def form() -> Form:
    """Lay out the upper half of the page."""
    first = next(iter(view.KINDS))
    usual = defaults(first)
    head = gr.Radio(
        [(kind.name, name) for name, kind in view.KINDS.items()], value=first, label="What should it learn?"
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
    editor = rows_editor.Editor(first)
    editor.attach(head, upload, choosers)
    return Form(
        head,
        needs,
        upload,
        choosers,
        example,
        refusal,
        languages,
        source,
        target,
        epochs,
        rate,
        share,
        report_panel,
        editor,
    )


def sample(head: str) -> str:
    source = sample_of(head)
    if source is None:
        raise endpoints.complaint("There is no sample for it.")
    copy = common.new_file(source.name)  # gradio hands out no file from elsewhere
    shutil.copy(source, copy)
    return str(copy)


def opened(request: gr.Request) -> Any:
    wanted = request.query_params.get("head", "")
    return wanted if wanted in view.KINDS else gr.skip()


def train_tab(page: gr.Blocks, desk: running.Desk, load: Callable[[str], Any]) -> None:
    asked, parts = form(), outputs()
    visit, go, head, upload = Visit(desk, load, parts), parts.go, asked.head, asked.upload

    def choose(head: str) -> dict[Any, Any]:
        return {**asked.choose(head), go: gr.update(interactive=False)}

    head.change(choose, head, [*asked.changing, go], **common.QUIET)
    seen = [asked.report, go, *asked.choosers]
    upload.change(view.look, [head, upload], seen, **common.QUIET)
    gr.on([c.input for c in asked.choosers], view.look, [head, upload, *asked.choosers], seen, **common.QUIET)
    asked.example.click(sample, head, upload, **common.QUIET)
    all_parts = list(vars(parts).values())
    page.load(opened, None, head, **common.QUIET)
    page.load(visit.look, parts.seen, all_parts, **common.QUIET)
    parts.timer.tick(visit.look, parts.seen, all_parts, **common.QUIET)
    go.click(visit.train, [head, upload, *asked.options], all_parts, concurrency_limit=None, **common.QUIET)
    parts.again.click(visit.resume, None, all_parts, concurrency_limit=None, **common.QUIET)
    parts.stop.click(visit.halt, None, None, queue=False, **common.QUIET)
    both = [parts.own, parts.other]
    gr.on([parts.question.submit, parts.both.click], visit.ask, parts.question, both, **common.QUIET)
    chip = parts.chips.click(lambda chip: chip[0], parts.chips, parts.question, **common.QUIET)
    chip.then(visit.ask, parts.question, both, **common.QUIET)


def outputs() -> Parts:
    """Lay out the lower half of the page: the buttons, the curves, and what comes of a training."""
    seen, timer = gr.State(), gr.Timer(1.0, active=False)
    with gr.Row():
        go = gr.Button("Train", variant="primary", min_width=90, interactive=False)
        stop = gr.Button("Stop", min_width=90, interactive=False)
        again = gr.Button("Resume", min_width=90, interactive=False)
    status = gr.HTML(
        progress("A file of a hundred rows takes about half a minute, one of a thousand reviews about a minute."),
        css_template=PROGRESS_STYLE,
        elem_classes="small-print",
    )
    plots = gr.HTML("", css_template=curves.STYLE, elem_classes="small-print")
    with gr.Column(visible=False) as result:
        gr.Markdown("## How good it is")
        words = gr.Markdown()
        wrong = gr.HTML("", css_template=view.STYLE, elem_classes="small-print")
        with gr.Accordion("All validations", open=False):
            figures = gr.HTML("", css_template=view.STYLE)
        gr.Markdown("## Try it beside the bundled model")
        with gr.Row(equal_height=True):
            question = gr.Textbox(
                label="Text",
                lines=1,
                max_lines=4,
                max_length=2_000,
                scale=1,
                min_width=180,
                elem_id="training-question",
            )
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
    return Parts(
        seen,
        timer,
        go,
        stop,
        again,
        status,
        plots,
        result,
        words,
        figures,
        wrong,
        download,
        chips,
        question,
        both,
        own,
        other,
    )


def sample_of(head: str) -> Path | None:
    path = SAMPLES / view.KINDS[head].sample
    return path if path.is_file() else None


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    """name: a model folder to compare with, in place of the bundled model of its head."""
    shared = dict(models or {})

    def bundled(wanted: str) -> Any:
        return (shared.get(wanted) or common.Model(wanted)).load()

    if name is None:
        return build(bundled, own_models.LINKS if models else None)
    from nlp_gru.model_folder.bundled import find_model

    head = json.loads((find_model(name) / "config.json").read_text(encoding="utf-8"))["head"]
    shared[{"faq": "chat"}.get(head, head)] = common.Model(name)
    return build(bundled)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
