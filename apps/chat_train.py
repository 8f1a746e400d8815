"""The chat page's tab that makes a bot of one's own questions and answers."""

from __future__ import annotations

import html
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from nlp_gru.data_files import MissingColumn
from nlp_gru.errors import UserError

from . import check_file, columns, common, conversation, endpoints, job
from .conversation import Bot, Talker

PROGRESS_STYLE = """
.track { background: var(--border-color-primary); border-radius: .4rem; height: .6rem; overflow: hidden; margin-top: .5rem; }
.fill { display: block; height: 100%; border-radius: .4rem; background: #0d9488; }
.error { color: var(--error-text-color); }
"""
QUESTIONS = 4  # of the file, to begin with
SAMPLE = Path(__file__).parents[1] / "data/samples/chat.csv"  # in a checkout; an installed package is without it


def command(data: Path, out: Path, refusal: str, small_talk: bool) -> list[str]:
    """The command line that trains."""
    return job.command("chat", data, out, {"faq.refusal": refusal, "faq.small_talk": small_talk})


def start(report: check_file.Report, refusal: str, small_talk: bool) -> job.Training:
    """A training of the rows that were found good, just started. Raises `UserError` while there is another one."""
    folder = common.new_file("my-bot")
    try:
        data, _, _ = check_file.write(report, folder.parent)
    except BaseException:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise
    return job.Training(
        command(data, folder, refusal or default_refusal(), small_talk), folder, {str(data): report.name}
    )


def default_refusal() -> str:
    from nlp_gru.model_folder.options import FaqOptions

    return str(FaqOptions.model_fields["refusal"].default)


def look(path: str | None, *names: str | None) -> tuple[Any, ...]:
    """What is in a file, or wrong with it, whether it can be trained on, and the choosers of its columns. names: those chosen."""
    names = names or (None,) * columns.MOST
    if path is None:
        return gr.update(), gr.update(interactive=False), *columns.hidden()
    choosers = [gr.update()] * columns.MOST if any(names) else columns.hidden()
    try:
        found = counted(check_file.check("faq", path, columns.renamed("faq", names)))
        return progress(found), gr.update(interactive=True), *choosers
    except UserError as error:
        if isinstance(error, MissingColumn) and not any(names):
            choosers = columns.offered("faq", error, names)
        return progress(str(error), kind="error"), gr.update(interactive=False), *choosers


def counted(report: check_file.Report) -> str:
    """How much is in a file and what is left out of it."""
    text = f"{len(report.numbers):,} questions, {len(report.counts):,} answers"
    if report.left_out:
        number, reason = report.left_out[0]
        rows = "1 row is" if len(report.left_out) == 1 else f"{len(report.left_out):,} rows are"
        text += f"; {rows} left out (row {number:,}: {reason})"
    notes = " ".join(note for note in report.notes if "Windows" in note)
    return f"{text}. {notes}".rstrip()


def tab(bot: Bot | Talker) -> None:
    def train(path: str | None, refusal: str, small_talk: bool, *names: str | None) -> Iterator[dict[Any, Any]]:
        if path is None:
            raise endpoints.complaint("Choose a file first.")
        yield {
            go: gr.update(interactive=False),
            result: gr.update(visible=False),
            status: progress("Reading the file …", 0),
        }
        try:
            report = check_file.check("faq", path, columns.renamed("faq", names))
            questions, answers = report.kept["question"], report.kept["answer"]
            with start(report, refusal, small_talk) as training:
                began = time.perf_counter()
                yield {task: training, stop: gr.update(interactive=True), status: progress("Starting …", 0)}
                for share, text in training.steps():
                    yield {status: progress(text, share)}
                if training.stopped:
                    yield {status: progress("Stopped. Nothing of it is kept.")}
                    return
                trained = training.load()
                if small_talk and isinstance(bot, Talker):
                    trained.small_talk = bot  # it would load one of its own
            text = f"{counted(report)} It took {time.perf_counter() - began:.0f} seconds."
            first = list(dict(zip(reversed(answers), reversed(questions), strict=True)).values())[::-1]
            samples = gr.update(samples=[[q[: conversation.MAX_CHARACTERS]] for q in first[:QUESTIONS]], visible=True)
            yield {own: trained, status: progress(f"Your bot is ready: {text}", 1), result: gr.update(visible=True),
                   download: training.pack(), chatbot: [], panel: conversation.considered(), chips: samples}  # fmt: skip
        except (UserError, OSError) as error:
            yield {status: progress(str(error), kind="error")}

    def sample() -> str:
        copy = common.new_file(SAMPLE.name)  # gradio hands out no file from elsewhere
        shutil.copy(SAMPLE, copy)
        return str(copy)

    own, task = gr.State(), gr.State(delete_callback=lambda training: training and training.remove())
    gr.Markdown("A bot that knows what you tell it: give it questions with their answers, several wordings of each question if you can. "
                f"A CSV, TSV, JSONL or Parquet file with the columns `question` and `answer`, at most {check_file.NEEDS['faq'].most:,} rows.")  # fmt: skip
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            upload = gr.File(label="File", file_types=[".csv", ".tsv", ".jsonl", ".parquet"], height=150)
            with gr.Row():
                choosers = columns.choosers()
        with gr.Column(scale=2, min_width=320):
            refusal = gr.Textbox(default_refusal(), label="What it says when no answer fits", max_length=300)
            small_talk = gr.Checkbox(label="Small talk where no answer fits", visible=isinstance(bot, Talker))
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            example = gr.Button("Use the sample file", visible=SAMPLE.is_file())
        with gr.Column(scale=2, min_width=320), gr.Row():
            go = gr.Button("Train", variant="primary", min_width=120, interactive=False)
            stop = gr.Button("Stop", min_width=120, interactive=False)
    status = gr.HTML(progress("A thousand rows take a few seconds."), css_template=PROGRESS_STYLE)
    with gr.Column(visible=False) as result:
        chatbot, panel, chips = conversation.show(own, None, [], "own")
        download = gr.File(label="Your bot as a model folder", interactive=False, height=100)
        gr.Markdown(
            'Unpacked, it opens here with `nlp-gru demo chat --model my-bot`, and in Python with `nlp_gru.load("my-bot")`.'
        )
    upload.change(look, [upload], [status, go, *choosers], api_visibility="private", show_progress="hidden")
    for chooser in choosers:
        chooser.input(
            look, [upload, *choosers], [status, go, *choosers], api_visibility="private", show_progress="hidden"
        )
    example.click(sample, None, upload, api_visibility="private", show_progress="hidden")
    run = go.click(train, [upload, refusal, small_talk, *choosers], [go, stop, task, own, status, result, download, chatbot, panel, chips],
                   api_visibility="private", show_progress="hidden", concurrency_limit=None)  # fmt: skip
    run.then(lambda: (gr.update(interactive=True), gr.update(interactive=False)), None, [go, stop], api_visibility="private",
             show_progress="hidden")  # fmt: skip
    stop.click(
        lambda training: training.stop() if training else None,
        task,
        None,
        queue=False,
        api_visibility="private",
        show_progress="hidden",
    )


def progress(text: str, share: float | None = None, kind: str = "note") -> str:
    bar = (
        "" if share is None else f'<div class="track"><span class="fill" style="width:{100 * share:.1f}%"></span></div>'
    )
    return f'<div class="{kind}" role="status">{html.escape(text)}</div>{bar}'
