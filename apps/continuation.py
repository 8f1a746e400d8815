"""What the autocomplete page does to go on with a whole text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from nlp_gru.tools.registry import TOOLS

from . import endpoints
from .assets import render

PROMPTS = ["Once upon a time", "Dear Anna, thank you for", "The best thing about this city is"]
MAX_CHARACTERS = TOOLS["next_word"].most
FRAME = 0.05  # seconds between two pictures of a growing text


def tab(model: Any) -> None:
    def generate(prompt: str, temperature: float, top_p: float, words: float, seed: str) -> Iterator[str]:
        if seed and not seed.isdecimal():
            raise endpoints.complaint("A seed is a whole number, or nothing.")
        prompt, new, shown = clean(prompt)[-MAX_CHARACTERS:], "", 0.0
        options: dict[str, Any] = {"temperature": temperature, "top_p": top_p, "seed": int(seed) if seed else None}
        for piece in model.fork().generate(prompt, int(words), stream=True, **options):
            new += piece
            if time.perf_counter() - shown > FRAME:
                yield continuation(prompt, new)
                shown = time.perf_counter()
        yield continuation(prompt, new)

    with gr.Row():
        with gr.Column(scale=3):
            prompt = gr.Textbox(PROMPTS[0], label="Prompt", lines=4, max_lines=12, max_length=MAX_CHARACTERS)
            with gr.Row():
                go = gr.Button("Generate", variant="primary", min_width=120)
                stop = gr.Button("Stop", min_width=120)
            result = gr.HTML(continuation("", ""), container=True, padding=True, min_height=200)
            gr.Examples(PROMPTS, prompt, label="Try one")
        with gr.Column(scale=2):
            heat = gr.Slider(0, 1.5, 0.7, step=0.05, label="Temperature", info="0: always the likeliest word")
            top_p = gr.Slider(0.05, 1, 0.9, step=0.05, label="Top-p", info="1: all words, less: the likeliest")
            words = gr.Slider(10, 200, 60, step=10, label="Words")
            seed = gr.Textbox(label="Seed", info="Optional: the same seed gives the same text", max_length=9)
    run = go.click(
        generate,
        [prompt, heat, top_p, words, seed],
        result,
        api_name="next_word_generate",
        api_visibility="undocumented",
        show_progress="hidden",
    )
    stop.click(None, cancels=run, api_visibility="private")


def clean(text: str) -> str:
    """Without halves of surrogate pairs, which cannot be sent."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def continuation(prompt: str, new: str) -> str:
    """The prompt and, marked, what the model added."""
    return render("continuation.html", prompt=prompt, new=new)
