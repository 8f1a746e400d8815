"""What the chat page does to make a bot of one's own questions and answers: `nlp-gru train` in a process of its own."""

from __future__ import annotations

import html
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from nlp_gru.apps import common, conversation
from nlp_gru.apps.conversation import Bot, Talker

from nlp_gru.errors import UserError

PROGRESS_STYLE = """
.track { background: var(--border-color-primary); border-radius: .4rem; height: .6rem; overflow: hidden; margin-top: .5rem; }
.fill { display: block; height: 100%; border-radius: .4rem; background: #0d9488; }
.error { color: var(--error-text-color); }
"""
QUESTIONS = 4  # of the file, to begin with
COLUMNS = ("question", "answer")
MAX_ROWS = 20_000
SAMPLE = Path(__file__).parents[1] / "data/samples/chat.csv"  # in a checkout; an installed package is without it
UPDATE = re.compile(r"update (\d+)/(\d+)")


def command(data: Path, out: Path, refusal: str, small_talk: bool) -> list[str]:
    """The command line that trains. The refusal is written as a TOML text, which has no place for control characters."""
    text = json.dumps("".join(c if c.isprintable() else " " for c in refusal).strip(), ensure_ascii=False)
    return [sys.executable, "-m", "nlp_gru", "train", "chat", "--data", str(data), "--out", str(out),
            "--set", f"faq.refusal={text}", "--set", f"faq.small_talk={str(small_talk).lower()}"]  # fmt: skip


def default_refusal() -> str:
    from nlp_gru.recipe import FaqOptions

    return str(FaqOptions.model_fields["refusal"].default)


def read(path: str) -> tuple[list[str], list[str]]:
    """The questions and the answers of a file. Raises `UserError` for a wrong file or too many rows."""
    from nlp_gru.dataset import read

    try:
        rows = read([path], COLUMNS)
    except UserError as error:
        raise UserError(without_folder(str(error), path)) from None
    if len(rows) > MAX_ROWS:
        raise UserError(
            f"{len(rows):,} rows are too many here; the most is {MAX_ROWS:,} (nlp-gru train takes any number)"
        )
    return [str(q).strip() for q in rows["question"]], [str(a).strip() for a in rows["answer"]]


def without_folder(message: str, path: str) -> str:
    """The upload's own name in place of where it happens to lie."""
    return message.replace(path, Path(path).name)


def tab(bot: Bot | Talker) -> None:
    def train(path: str | None, refusal: str, small_talk: bool) -> Iterator[dict[Any, Any]]:
        if path is None:
            raise conversation.complaint("Choose a file first.")
        yield {
            go: gr.update(interactive=False),
            result: gr.update(visible=False),
            status: progress("Reading the file …", 0),
        }
        try:
            questions, answers = read(path)
            with Training(path, refusal, small_talk) as training:
                start = time.perf_counter()
                yield {job: training, stop: gr.update(interactive=True), status: progress("Starting …", 0)}
                for share, text in training.steps():
                    yield {status: progress(text, share)}
                if training.stopped:
                    yield {status: progress("Stopped. Nothing of it is kept.")}
                    return
                trained = training.load()
                if small_talk and isinstance(bot, Talker):
                    trained.small_talk = bot  # it would load one of its own
            text = f"{len(questions):,} questions, {len(set(answers)):,} answers, {time.perf_counter() - start:.0f} seconds."
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

    own, job = gr.State(), gr.State()
    gr.Markdown("A bot that knows what you tell it: give it questions with their answers, several wordings of each question if you can. "
                f"A CSV, TSV, JSONL or Parquet file with the columns `question` and `answer`, at most {MAX_ROWS:,} rows.")  # fmt: skip
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            upload = gr.File(label="File", file_types=[".csv", ".tsv", ".jsonl", ".parquet"], height=150)
        with gr.Column(scale=2, min_width=320):
            refusal = gr.Textbox(default_refusal(), label="What it says when no answer fits", max_length=300)
            small_talk = gr.Checkbox(label="Small talk where no answer fits", visible=isinstance(bot, Talker))
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            example = gr.Button("Use the sample file", visible=SAMPLE.is_file())
        with gr.Column(scale=2, min_width=320), gr.Row():
            go = gr.Button("Train", variant="primary", min_width=120)
            stop = gr.Button("Stop", min_width=120, interactive=False)
    status = gr.HTML(progress("It takes about half a minute for a hundred rows."), css_template=PROGRESS_STYLE)
    with gr.Column(visible=False) as result:
        chatbot, panel, chips = conversation.show(own, None, [], "own")
        download = gr.File(label="Your bot as a model folder", interactive=False, height=100)
        gr.Markdown(
            'Unpacked, it opens here with `nlp-gru demo chat --model my-bot`, and in Python with `nlp_gru.load("my-bot")`.'
        )
    example.click(sample, None, upload, api_visibility="private", show_progress="hidden")
    run = go.click(train, [upload, refusal, small_talk], [go, stop, job, own, status, result, download, chatbot, panel, chips],
                   api_visibility="private", show_progress="hidden")  # fmt: skip
    run.then(lambda: (gr.update(interactive=True), gr.update(interactive=False)), None, [go, stop], api_visibility="private",
             show_progress="hidden")  # fmt: skip
    stop.click(lambda job: job.stop() if job else None, job, None, api_visibility="private", show_progress="hidden")


def progress(text: str, share: float | None = None, kind: str = "note") -> str:
    bar = (
        "" if share is None else f'<div class="track"><span class="fill" style="width:{100 * share:.1f}%"></span></div>'
    )
    return f'<div class="{kind}" role="status">{html.escape(text)}</div>{bar}'


class Training:
    """A training that has been started. Use it as a context: what has not ended well by then is stopped and removed."""

    def __init__(self, data: str, refusal: str, small_talk: bool):
        self.data, self.stopped, self.last = data, False, ""
        self.folder = common.new_file("my-bot")
        # A process that is killed leaves its temporary files behind, so they are kept beside the model.
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self.folder.parent))
        self.process = subprocess.Popen(
            command(Path(data), self.folder, refusal or default_refusal(), small_talk), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            env={**os.environ, **temporary, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    def lines(self) -> Iterator[str]:
        """What it prints, and an empty line in every second without: at each gradio may find that nobody is there any more."""
        found: queue.Queue[str | None] = queue.Queue()

        def read() -> None:
            assert self.process.stdout is not None
            with self.process.stdout as output:
                for line in output:
                    found.put(line)
            found.put(None)

        threading.Thread(target=read, daemon=True).start()
        while True:
            try:
                line = found.get(timeout=1)
            except queue.Empty:
                line = ""
            if line is None:
                return
            yield line

    def steps(self) -> Iterator[tuple[float, str]]:
        """The share that is done, in words too, at least once a second. Raises `UserError` where it fails."""
        share, text = 0.0, "Starting …"
        first: tuple[int, float] | None = None  # the time before it went into starting
        for line in self.lines():
            self.last = line.strip() or self.last
            if found := UPDATE.match(line):
                done, total, now = int(found[1]), int(found[2]), time.perf_counter()
                first = first or (done, now)
                share, text = done / total, f"Update {done:,} of {total:,}"
                if done > first[0]:
                    text += f", about {(now - first[1]) / (done - first[0]) * (total - done):,.0f} s left"
            yield share, text
        if self.process.wait() and not self.stopped:
            reason = without_folder(self.last.removeprefix("nlp-gru: "), self.data)
            raise UserError(reason if self.process.returncode == 2 else f"the training failed: {reason}")

    def load(self) -> Any:
        """The bot. Its folder keeps what is needed to use it, not what is needed to train on."""
        shutil.rmtree(self.folder / "training", ignore_errors=True)
        return common.load(str(self.folder))[0]

    def pack(self) -> str:
        """A .zip file of the bot's folder."""
        return shutil.make_archive(str(self.folder), "zip", self.folder.parent, self.folder.name)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.stopped = True
            self.process.kill()

    def __enter__(self) -> Training:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self.process.wait():
            shutil.rmtree(self.folder.parent, ignore_errors=True)
