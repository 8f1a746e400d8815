"""A run that can be stopped: its two buttons, of which one can be pressed, and the file that it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from . import common

BUSY = (gr.update(interactive=False), gr.update(interactive=True))  # of the buttons that start and stop
IDLE = (gr.update(interactive=True), gr.update(interactive=False))


def buttons(label: str) -> tuple[gr.Button, gr.Button]:
    """A row with the button that starts and the one that stops."""
    with gr.Row():
        go = gr.Button(label, variant="primary", min_width=120)
        stop = gr.Button("Stop", min_width=120, interactive=False)
    return go, stop


def wire(
    pressed: tuple[gr.Button, gr.Button],
    function: Callable[..., Iterator[tuple[Any, ...]]],
    inputs: Sequence[Any],
    outputs: tuple[gr.Markdown, Any, gr.File],
    api_name: str,
) -> None:
    """Run a function that yields at each point where it may be stopped.

    pressed: as from `buttons`. outputs: what is said of the run, what it shows, and its file, which is there once it is
    written.
    """
    go, stop = pressed
    said, _, download = outputs
    at_once: dict[str, Any] = {**common.QUIET, "queue": False}
    go.click(lambda: BUSY, None, [go, stop], **at_once)
    run = go.click(
        function, list(inputs), list(outputs), api_name=api_name, api_visibility="undocumented", show_progress_on=said
    )
    run.success(lambda path: gr.update(visible=path is not None), download, download, api_visibility="private")
    run.then(lambda: IDLE, None, [go, stop], **at_once)
    stop.click(lambda: (*IDLE, "Stopped."), None, [go, stop, said], cancels=run, **at_once)
