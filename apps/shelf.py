"""Whose models a page can use: its own one, and those that the visitor has kept, picked by name."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

import gradio as gr

from nlp_gru.errors import UserError
from nlp_gru.model_folder.library import Kept, Library

from . import common
from .endpoints import complaint
from .guard import VISITOR

OPEN = 3  # kept models of a page that stay loaded


def visitor(request: gr.Request | None) -> str:
    """The name of who has logged in; empty where nobody has to."""
    return unquote(request.headers.get(VISITOR, "")) if request is not None else ""


def open_choice(choices: Sequence[Any] = (), value: str | None = None, **settings: Any) -> gr.Dropdown:
    """A choice whose names are each visitor's own: what was chosen is checked where it is used, not against the page's
    own names."""
    made = gr.Dropdown(list(choices), value=value, **settings)
    setattr(made, "preprocess", lambda payload: payload if isinstance(payload, str) else "")  # noqa: B010
    return made


class Shelf:
    """A page's models by name, the empty name being its own one. heads: of the kept models that it can use."""

    def __init__(self, own: Any, heads: Sequence[str]):
        self._own, self._heads = own, heads
        self._open: OrderedDict[tuple[str, float], common.Model] = OrderedDict()
        self._lock = threading.Lock()

    def kept(self, who: str) -> list[Kept]:
        return [kept for kept in Library(who).models() if kept.head in self._heads]

    def get(self, name: str | None, who: str) -> Any:
        """Return the tool of that name. Raises `UserError` where the visitor has none."""
        if not name:
            return self._own
        kept = Library(who).get(name)
        if kept.head not in self._heads:
            raise UserError(f"{name}: this page has no use for a model of this kind")
        key = (str(kept.folder), (kept.folder / "config.json").stat().st_mtime)
        with self._lock:
            model = self._open.setdefault(key, common.Model(str(kept.folder)))
            self._open.move_to_end(key)
            if len(self._open) > OPEN:
                self._open.popitem(last=False)
        return model.load()  # outside the lock: a model that takes long lets others be used meanwhile

    def asked(self, name: str | None, request: gr.Request | None) -> Any:
        """Return the tool of that name for who asks. Raises `gr.Error` where they have none."""
        try:
            return self.get(name, visitor(request))
        except UserError as error:
            raise complaint(str(error)) from None

    def ways(self, page: gr.Blocks, own: Sequence[tuple[str, str]], label: str) -> gr.Dropdown:
        """A choice among what the page can do by itself and the kept models; hidden where there is but one. own:
        (shown, value)."""
        chosen = open_choice(
            own, own[0][1], label=label, visible=len(own) > 1, filterable=False, min_width=280, scale=2
        )

        def offer(request: gr.Request) -> Any:
            found = [(kept.name, kept.name) for kept in self.kept(visitor(request))]
            return gr.update(choices=[*own, *found], visible=True) if found else gr.skip()

        page.load(offer, None, chosen, **common.QUIET)
        return chosen

    def picker(self, page: gr.Blocks, name: str, own: str = "bundled") -> gr.Dropdown:
        """A choice among the models, which is there once the visitor has kept one; it is remembered, and the address
        may name one (`?model=my-bot`). name: of the page, for the browser's memory; own: what the page's own model is
        called."""
        chosen = open_choice([(own, "")], "", label="Model", visible=False, filterable=False, elem_classes="picker")
        before = gr.Textbox(visible=False)

        def offer(wanted: str, request: gr.Request) -> Any:
            found = self.kept(visitor(request))
            if not found:
                return gr.skip()
            names = [kept.name for kept in found]
            wanted = request.query_params.get("model") or wanted
            value = wanted if wanted in names else ""
            return gr.update(choices=[(own, ""), *((n, n) for n in names)], value=value, visible=True)

        kept = f"{name}-model"
        page.load(
            offer,
            before,
            chosen,
            js=f"() => window.nlpGru.read({json.dumps(kept)}).name ?? ''",
            api_visibility="private",
            show_progress="hidden",
        )
        chosen.input(
            None,
            chosen,
            None,
            js=f"(name) => {{ window.nlpGru.write({json.dumps(kept)}, {{ name }}); return []; }}",
            api_visibility="private",
        )
        return chosen
