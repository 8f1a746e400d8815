"""The page "Look inside": what a model keeps and lets go at each word, by the four equations of the GRU.

python apps/inside.py
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import gradio as gr

from nlp_gru.errors import UserError, optional
from nlp_gru.inspection.gates import GATES, Layer, Look
from nlp_gru.tools.registry import TOOLS

from . import common, endpoints, inside_view
from .assets import script
from .shelf import Shelf

HEARTBEAT = "heartbeat"  # reads numbers
MODELS = {
    "sentiment": TOOLS["sentiment"].title,
    "next_word": TOOLS["next_word"].title,
    "translation": "English to French",
    "translation-fr-en": "French to English",
    "chat": TOOLS["chat"].title,
}
TITLES = {**MODELS, HEARTBEAT: "A heartbeat"}
EXAMPLES = {
    "en": [
        "The food was not good, but the staff were wonderful.",
        "I never thought that I would like it.",
        "Where is the nearest station?",
        "How are you today?",
    ],
    "fr": ["Où se trouve la gare la plus proche ?", "Je n'aurais jamais cru que cela me plairait."],
    # two heartbeats, and one that comes too slowly after a usual one: values made by GutenTAG
    "ecg": [
        (
            "0.35 3.61 6.94 -0.14 -1.83 1.61 -0.65 0.16 0.16 0.02 0.09 -0.08 0.04 0.17 0.11 0.06 -0.00 0.06 -0.01 0.08 "
            "0.30 3.64 6.92 -0.27 -1.93 1.62 -0.59 0.17 0.08 -0.04 0.11 0.05 0.10 0.07 0.01 0.07 0.04 0.10 0.08 0.04"
        ),
        (
            "0.33 3.69 6.75 -0.71 -1.68 1.53 -0.68 0.12 0.09 -0.01 0.03 0.11 0.09 -0.05 0.12 0.05 0.00 0.09 -0.00 0.08"
            " 0.36 2.27 3.98 5.55 6.01 2.04 -0.86 -1.24 -1.05 0.68 0.95 -0.21 -0.36 0.11 0.18 0.04 -0.00 -0.07 -0.08"
            " 0.10"
        ),
    ],
}
MAX_WORDS, MAX_TOKENS, MAX_CHARACTERS = 60, 120, 600
SCRIPT = script("inside")
ABOUT = """
## What a GRU does at a word

It holds a *state*: some hundred numbers between −1 and 1, the *units*. At each word, or token of a rare word, it
computes three more lists of the same length from the word *x* and the state *h*:

- the **update gate** *z*, between 0 and 1: how much of each unit is kept;
- the **reset gate** *r*, between 0 and 1: how much of the past has a say in what is new;
- the **candidate** *n*, between −1 and 1: what each unit would become if nothing were kept.

The new state is a mixture of old and new: *h′ = (1 − z) ∘ n + z ∘ h*. A word at which *z* is near 1 passes almost
without a trace; one at which it is near 0 overwrites what was there.

## How the figures are made

- The model reads the text as it always does. Then the equations, as they stand in `nlp_gru/backbone/gru.py`, read it
  once more, and the two are compared at every look; the largest difference stands beside the picture. The equations
  here leave out the biases.
- A share is a mean over all units. Where a word has several tokens, what is kept is the product of their gates,
  because each token keeps a share of what the one before has left. So rare words, which have more tokens, seem to
  wipe out more: they do.
- *Encoder* layers read the text, forward or backward; *decoder* layers write, and are shown over what the model
  wrote: a translation, a reply. Autocomplete has a decoder alone and reads your text with it.
- A high share kept says that the state changed little, not that the word did not matter.
- *A heartbeat* is a GRU of 16 units that reads an ECG, one number after another, and expects the next one. It learned
  from beats that a program made (GutenTAG), in the study of the lecture's claims; it is there to be looked at and
  says nothing of anybody's heart.
"""
Looker = Callable[[Any, str, bool], Look]  # (model's name or a tool, text, whether tokens are shown) -> what was found


@dataclass(frozen=True)
class Looks:
    """What the page answers. seen: a looker that remembers; names: of the page's own models."""

    seen: Looker
    names: Mapping[str, str]
    shelf: Shelf

    def find(self, text: str, model: Any, tokens: bool) -> Look:
        if isinstance(model, str) and model not in self.names:
            raise UserError(f"{model}: no such model; there is {', '.join(self.names)}")
        if not text.strip():
            raise UserError("the text is empty: type a sentence to look at")
        words = len(text.split())
        if words > MAX_WORDS or len(text) > MAX_CHARACTERS:
            size = f"{words} words" if words > MAX_WORDS else f"{len(text):,} characters"
            raise UserError(
                f"{size} are too many to look at; the most is {MAX_WORDS} words or {MAX_CHARACTERS} characters"
            )
        return self.seen(model, text.encode("utf-8", "replace").decode("utf-8"), tokens)

    def show(
        self,
        text: str,
        second: str | None,
        model: str,
        which: str,
        layer: str | None,
        gate: str,
        tokens: bool,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """The panel, the one beside it, and the choice of a layer. which: a kept model, or nothing for the page's
        own."""
        asked = self.shelf.asked(which, request) or model
        gate = gate if gate in GATES else GATES[0]
        if not text.strip():
            hint = "Type a sentence: here you see what the model keeps at each of its words."
            return inside_view.message(hint), gr.update(visible=False), gr.skip()
        try:
            found = self.find(text, asked, tokens)
            chosen = next((one for one in found.layers if one.name == layer), found.layers[0])
            other = self.beside(second, asked, tokens, chosen, gate) if second and second.strip() else None
            choices = gr.update(
                choices=[one.name for one in found.layers], value=chosen.name, visible=len(found.layers) > 1
            )
        except UserError as error:
            return inside_view.message(str(error), is_error=True), gr.update(visible=False), gr.skip()
        return inside_view.panel(found, chosen, gate), gr.update(value=other, visible=other is not None), choices

    def beside(self, text: str, model: Any, tokens: bool, first: Layer, gate: str) -> str:
        """The panel of a second text: the same layer, and the same units in the same order."""
        try:
            found = self.find(text, model, tokens)
        except UserError as error:
            return inside_view.message(str(error), is_error=True)
        chosen = next((one for one in found.layers if one.name == first.name), found.layers[0])
        return inside_view.panel(found, chosen, gate, first)


def build(looker: Looker, names: Mapping[str, str], card: str = "") -> gr.Blocks:
    """The page over any function that answers like `nlp_gru.inspection.inside.look`. names: of models, each with what
    people call it; the first one opens. The last few looks are kept, so that changing gate or layer costs no
    reading."""
    first = next(iter(names))
    shelf = Shelf(None, [name for name in MODELS if name in TOOLS])
    looks = Looks(lru_cache(8)(looker), names, shelf)

    def inspect(text: str, model: str = first, layer: str = "") -> dict[str, Any]:
        """Tell what a GRU keeps and lets go at each word of a text.

        Args:
            text: at most 60 words
            model: "sentiment", "next_word", "translation", "translation-fr-en" or "chat", where the page has them, or
                "heartbeat", whose text is numbers
            layer: a layer's number or words of its name, as "decoder, layer 2"; all layers if empty

        Returns:
            {"text", "written": what the model wrote, "difference": between equations and fused path, "layers":
            [{"name", "units", "summary", "words": [{"word", "tokens", "kept", "reset", "moved", "sentence"}, ...]},
            ...]}
        """
        found = looks.find(text, model, False)
        layers: list[Layer] | None = [found.layer(layer)] if layer else None
        return found.as_dict(layers)

    with gr.Blocks(title="Look inside · nlp-gru", analytics_enabled=False) as page:
        gr.Markdown(
            "# Look inside\nWhat does a model keep at each word, and what does it let go? Every gate of the GRU, on"
            " this machine.",
            elem_classes="page-title",
        )
        with gr.Tab("Look"):
            picker = shelf.picker(page, "inside", "bundled, as chosen below")
            with gr.Row():
                with gr.Column(scale=3, min_width=300):
                    text = gr.Textbox(
                        EXAMPLES[reads(first)][0],
                        label="Text",
                        lines=3,
                        max_lines=6,
                        max_length=MAX_CHARACTERS,
                        elem_id="inside-text",
                        placeholder=f"Type or paste a sentence, at most {MAX_WORDS} words …",
                    )
                    second = gr.Textbox(
                        "",
                        label="Compare with",
                        max_lines=3,
                        max_length=MAX_CHARACTERS,
                        elem_id="inside-second",
                        placeholder="A second sentence, to stand beside the first …",
                    )
                    examples = {
                        language: (
                            gr.Examples(
                                EXAMPLES[language], text, label="Try one", visible=language == reads(first)
                            ).dataset
                        )
                        for language in EXAMPLES
                    }
                with gr.Column(scale=2, min_width=300):
                    model = gr.Radio(
                        [(shown, name) for name, shown in names.items()],
                        value=first,
                        label="Model",
                        visible=len(names) > 1,
                    )
                    layer = gr.Dropdown([], label="Layer", visible=False)
                    tokens = gr.Checkbox(label="Show the tokens of words", info="A rare word is read in several.")
            gate = gr.Radio(
                [
                    ("Update gate z", "update"),
                    ("Reset gate r", "reset"),
                    ("Candidate n", "candidate"),
                    ("Hidden state h′", "hidden"),
                ],
                value="update",
                label="Picture of",
            )
            panel: dict[str, Any] = {
                "css_template": inside_view.STYLE,
                "js_on_load": SCRIPT,
                "apply_default_css": False,
                "container": True,
                "padding": True,
                "min_width": 320,
            }
            with gr.Row():
                found = gr.HTML(inside_view.message("The model is being loaded …"), **panel)
                other = gr.HTML("", visible=False, **panel)
        with gr.Tab("How to read it"):
            gr.Markdown(ABOUT)
        common.about(card)
        model.input(
            translated,
            [text, model],
            [text, *examples.values()],
            api_visibility="private",
            queue=False,
            show_progress="hidden",
        )
        picker.change(lambda which: gr.update(visible=not which and len(names) > 1), picker, model, **common.QUIET)
        asked = {
            "fn": looks.show,
            "inputs": [text, second, model, picker, layer, gate, tokens],
            "outputs": [found, other, layer],
            "api_visibility": "private",
            "queue": False,
            "trigger_mode": "always_last",
            "show_progress": "hidden",
        }
        found.ask(**asked)  # by the script, once the page is there
        gr.on([text.change, second.change, model.input, picker.change, layer.input, gate.input, tokens.input], **asked)
        endpoints.offer(inspect, "inspect")
    return page


def reads(model: str) -> str:
    """The language of a model's examples."""
    return "ecg" if model == HEARTBEAT else "fr" if model.endswith("fr-en") else "en"


def translated(text: str, model: str) -> list[Any]:
    """For another model: the text, unless it is an example in the wrong language, or words for numbers, and which
    examples are shown."""
    language = reads(model)
    foreign = any(text in known for code, known in EXAMPLES.items() if code != language)
    foreign |= language == "ecg" and bool(re.search(r"[^\W\d_]", text))
    return [
        EXAMPLES[language][0] if foreign else gr.skip(),
        *(gr.update(visible=code == language) for code in EXAMPLES),
    ]


def over(models: Mapping[str, Any]) -> Looker:
    """A looker over models by name, each a `common.Model` or what `nlp_gru.load` gives; one at a time is looked at."""
    lock = threading.Lock()

    def look(name: Any, text: str, tokens: bool) -> Look:
        with optional():
            from nlp_gru.inspection import heartbeat, inside

        with lock:
            model = heartbeat.bundled() if name == HEARTBEAT else models[name] if isinstance(name, str) else name
            return inside.look(model, text, tokens=tokens, limit=MAX_TOKENS)

    return look


def page(name: str | None = None, models: common.Models | None = None) -> gr.Blocks:
    """The page over the bundled models, loaded when first looked at, or over one model folder."""
    if name is not None:
        model = common.Model(name)
        return build(over({name: model.load()}), {name: MODELS.get(name, name)}, model.card)
    ready = {known: common.Model(known) for known in MODELS} | dict(models or {})
    return build(over(ready), TITLES)


if __name__ == "__main__":
    from .serving import launch

    launch(page())
