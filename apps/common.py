"""What the pages share: one look, and serving on this machine only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gradio as gr

from nlp_gru.errors import UserError

# System fonts: the default theme would ask a font server.
THEME = gr.themes.Soft(
    primary_hue="teal",
    neutral_hue="slate",
    radius_size="md",
    font=["ui-sans-serif", "system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
).set(  # contrasts of 4.5 to 1 and more
    body_text_color_subdued="*neutral_600",
    body_text_color_subdued_dark="*neutral_300",
    block_label_text_color="*primary_800",
    block_title_text_color="*primary_800",
    color_accent="*primary_700",
    button_primary_background_fill="*primary_700",
    button_primary_background_fill_hover="*primary_800",
    button_primary_background_fill_dark="*primary_700",
    button_primary_background_fill_hover_dark="*primary_800",
    body_background_fill="*neutral_50",
    checkbox_label_background_fill_selected="*primary_700",
    checkbox_label_background_fill_selected_dark="*primary_700",
    block_border_width="1px",
    block_border_color="*neutral_200",
    input_border_width="1px",
    input_border_color="*neutral_300",
)
CSS = """
.gradio-container { max-width: 1080px !important; width: 100%; margin: 0 auto !important; }
footer { display: none !important; }
.page-title p { color: var(--body-text-color-subdued); margin-top: -.5rem; }
.words { font-size: 1.05rem; line-height: 1.9; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow-y: auto; }
.words span.w { border-radius: .3rem; padding: .1rem .15rem; }
.prose table { display: block; overflow-x: auto; border: 0 !important; }
.prose td, .prose th { word-break: normal !important; overflow-wrap: normal !important; }
.note { color: var(--body-text-color-subdued); font-size: .85rem; }
.bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: .45rem .75rem; align-items: center; }
.bars .track { background: var(--border-color-primary); border-radius: .4rem; height: .8rem; overflow: hidden; }
.bars .fill { display: block; height: 100%; border-radius: .4rem; }
.heading { font-weight: 600; margin-bottom: .6rem; }
.bars .word { max-width: 10rem; overflow: hidden; text-overflow: ellipsis; white-space: pre; }
.bars .number { text-align: right; font-variant-numeric: tabular-nums; }
.words .new { background: rgba(13,148,136,.18); border-radius: .3rem; padding: .1rem 0; box-decoration-break: clone; }
.ghost { position: absolute; z-index: 2; pointer-events: none; overflow: hidden; box-sizing: border-box; white-space: pre-wrap;
  border: 0 solid transparent; color: transparent; }
.ghost span { color: var(--neutral-500); }
.dark .ghost span { color: var(--neutral-400); }
.gradio-container input:is([type=checkbox], [type=radio]):not(:checked) { border-color: var(--neutral-500); }
.dark button[role=tab][aria-selected=true] { color: var(--primary-400); }
@media (max-width: 480px) { .tab-container button { padding: 0 .5rem; } }
@media (max-width: 760px) { .translation-boxes { flex-direction: column; } .translation-boxes > :not(button) { width: 100%; } #translation-swap { rotate: 90deg; } }
.small-print .html-container { padding: 0 !important; }
#translation-swap { align-self: center; width: 2.75rem !important; min-height: 2.75rem; padding: 0; font-size: 0; }
#translation-swap::before { content: "⇄"; content: "⇄" / ""; font-size: 1.25rem; }
#translation-target textarea { opacity: 1; color: var(--body-text-color); -webkit-text-fill-color: currentColor; }
#translation-target.waiting textarea { opacity: .55; }
.chat-messages .top-panel { display: none; }
.chat-messages .bot [aria-label$=": No answer fits"] .md { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .85rem;
  font-weight: 600; background: #fef3c7; color: #78350f; }
.verdict { font-size: 1.6rem; font-weight: 650; margin-bottom: .6rem; text-transform: capitalize; }
"""
MAX_UPLOAD = "20mb"


def load(name: str) -> tuple[Any, str]:
    """A model by name or folder, and its card's text."""
    import torch

    import nlp_gru

    torch.set_num_threads(1)  # two would wait for each other, spinning, at every step of the GRU
    return nlp_gru.load(name), card(name)


def card(name: str) -> str:
    """The text of a model's card, without its weights."""
    from nlp_gru.checkpoint import find_model

    path = find_model(name) / "README.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def launch(page: gr.Blocks, port: int, browser: bool) -> None:
    """Serve until Ctrl-C, on 127.0.0.1 alone, without analytics or sharing; uploads are deleted after an hour."""
    page.delete_cache = (3600, 3600)
    try:
        page.queue(max_size=64, default_concurrency_limit=2).launch(
            server_name="127.0.0.1", server_port=port or None, inbrowser=browser, share=False, theme=THEME, css=CSS,
            max_file_size=MAX_UPLOAD, show_error=False, footer_links=[],
        )  # fmt: skip
    except OSError:
        raise UserError(f"port {port} is taken; choose another with --port, or --port 0 for any that is free") from None


def new_file(name: str) -> Path:
    """A file in a fresh folder of gradio's cache, which cleans itself up."""
    folder = Path(os.environ.get("GRADIO_TEMP_DIR", Path(tempfile.gettempdir()) / "gradio")) / "results"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=folder)) / name
