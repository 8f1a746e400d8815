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


def train_tab(page: gr.Blocks, desk: running.Desk, load: Callable[[str], Any]) -> None:
    def choose(head: str) -> dict[Any, Any]:
        usual = defaults(head)
        return {
            needs: view.KINDS[head].needs,
            upload: None,
            report_panel: view.waiting(),
            go: gr.update(interactive=False),
            example: gr.update(visible=sample_of(head) is not None),
            epochs: gr.update(value=usual["train.epochs"], visible=head != "faq"),
            rate: gr.update(value=usual["train.lr"], visible=head != "faq"),
            share: gr.update(visible=head != "faq"),
            refusal: gr.update(visible=head == "faq"),
            languages: gr.update(visible=head == "translation"),
            **editor.emptied(head),
        }

    def sample(head: str) -> str:
        source = sample_of(head)
        if source is None:
            raise endpoints.complaint("There is no sample for it.")
        copy = common.new_file(source.name)  # gradio hands out no file from elsewhere
        shutil.copy(source, copy)
        return str(copy)

    def train(
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
            run = desk.start(visitor(request), begin(report, settings, percent / 100, pair))
        except (UserError, OSError) as error:
            return {parts.status: progress(str(error), kind="error")}
        return shown(run)

    def resume(request: gr.Request) -> dict[Any, Any]:
        try:
            desk.resume(visitor(request))
        except (UserError, OSError) as error:
            return {parts.status: progress(str(error), kind="error")}
        return look(None, request)

    def look(seen: str | None, request: gr.Request) -> dict[Any, Any]:
        """What is new about the visitor's training since it was last looked at."""
        run = desk.of(visitor(request))
        return {parts.timer: gr.skip()} if run is None or run.state == seen else shown(run)

    def shown(run: running.Run) -> dict[Any, Any]:
        runs, ready = run.phase == "running", run.phase == "ready"
        found = {
            parts.seen: run.state,
            parts.timer: gr.Timer(active=runs),
            parts.go: gr.update(interactive=not runs),
            parts.stop: gr.update(interactive=runs),
            parts.again: gr.update(interactive=run.phase == "stopped"),
            parts.result: gr.update(visible=ready),
            parts.status: progress(
                run.message, run.share if runs or ready else None, "error" if run.phase == "failed" else "note", runs
            ),
            parts.plots: view.charts(run.task.head, run.task.training.curve),
        }
        return found | (finished(run) if ready else {})

    def finished(run: running.Run) -> dict[Any, Any]:
        asked = trials(run.task.report, run.task.held)
        return {
            parts.words: "\n".join(f"- {s}" for s in run.sentences),
            parts.figures: view.validations(run.task.training.curve),
            parts.wrong: run.wrong,
            parts.download: run.archive,
            parts.chips: gr.update(samples=[[t] for t in asked], visible=bool(asked)),
            parts.own: trial.panel("Your model"),
            parts.other: trial.panel("The bundled model"),
        }

    def ask(text: str, request: gr.Request) -> Iterator[tuple[str, str]]:
        run = desk.of(visitor(request))
        if run is None or run.task.model is None:
            raise endpoints.complaint("Train a model first.")
        task = run.task
        mine = trial.panel("Your model", trial.answer(task.head, task.model, text))
        name = trial.bundled(task.head, task.languages)
        yield mine, trial.panel("The bundled model", hint="…")
        if name:
            yield mine, trial.panel("The bundled model", trial.answer(task.head, load(name), text))
        else:
            yield (
                mine,
                trial.panel("The bundled model", hint="No bundled model translates between these languages."),
            )

    def halt(request: gr.Request) -> None:
        desk.stop(visitor(request))

    def opened(request: gr.Request) -> Any:
        wanted = request.query_params.get("head", "")
        return wanted if wanted in view.KINDS else gr.skip()

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
    parts = outputs()
    options = [epochs, rate, share, refusal, source, target, *choosers]
    head.change(
        choose,
        head,
        [needs, upload, report_panel, parts.go, example, epochs, rate, share, refusal, languages, *editor.outputs],
        **common.QUIET,
    )
    go = parts.go
    upload.change(view.look, [head, upload], [report_panel, go, *choosers], **common.QUIET)
    gr.on(
        [c.input for c in choosers], view.look, [head, upload, *choosers], [report_panel, go, *choosers], **common.QUIET
    )
    example.click(sample, head, upload, **common.QUIET)
    all_parts = list(vars(parts).values())
    page.load(opened, None, head, **common.QUIET)
    page.load(look, parts.seen, all_parts, **common.QUIET)
    parts.timer.tick(look, parts.seen, all_parts, **common.QUIET)
    go.click(train, [head, upload, *options], all_parts, concurrency_limit=None, **common.QUIET)
    parts.again.click(resume, None, all_parts, concurrency_limit=None, **common.QUIET)
    parts.stop.click(halt, None, None, queue=False, **common.QUIET)
    gr.on([parts.question.submit, parts.both.click], ask, parts.question, [parts.own, parts.other], **common.QUIET)
    parts.chips.click(lambda chip: chip[0], parts.chips, parts.question, **common.QUIET).then(
        ask, parts.question, [parts.own, parts.other], **common.QUIET
    )


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
