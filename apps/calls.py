"""Calls of the endpoints, put right before gradio sees them: left-out parameters get their values, and what cannot be
called is refused with one sentence."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

import gradio as gr

from .refusal import Refusal

CALL = re.compile(r"/gradio_api/(run|api|call|call/v2)/([^/]+)/?")
QUEUE = "/gradio_api/queue/join"
MAX_NAME = 100


class Calls:
    """What of a page can be called."""

    def __init__(self, page: gr.Blocks):
        self._page = page

    @cached_property
    def endpoints(self) -> dict[str, list[dict[str, Any]]]:
        """The public endpoints' parameters, by name."""
        named = self._page.get_api_info()["named_endpoints"]
        return {name.lstrip("/"): info["parameters"] for name, info in named.items()}

    def mended(self, path: str, body: Any) -> Any:
        """Return the body of a call as gradio wants it. Raises `Refusal`."""
        found = CALL.fullmatch(path)
        if not found and path != QUEUE:
            return body
        if not isinstance(body, dict):
            raise Refusal(400, 'The body is a JSON object, such as {"data": ["a text"]}.')
        if found and found[1] == "call/v2":
            return self._by_name(found[2], body)
        self._check(body)
        if body.get("fn_index") is not None:  # the pages' own calls
            return body
        if not found:
            raise Refusal(400, "fn_index is missing: call an endpoint by its name, at /gradio_api/call/NAME.")
        return {**body, "data": self._filled(found[2], body["data"])}

    def _check(self, body: dict[str, Any]) -> None:
        if not isinstance(body.get("data"), list):
            raise Refusal(400, 'data is missing: the body is a JSON object, such as {"data": ["a text"]}.')
        index, session = body.get("fn_index"), body.get("session_hash")
        if index is not None and (type(index) is not int or index not in self._page.fns):
            raise Refusal(404, "There is no such function.")
        if session is not None and not (isinstance(session, str) and 0 < len(session) <= MAX_NAME):
            raise Refusal(400, f"session_hash is a text of at most {MAX_NAME} characters.")

    def _parameters(self, name: str) -> list[dict[str, Any]]:
        if name not in self.endpoints:
            raise Refusal(404, f"There is no such endpoint; there is {', '.join(sorted(self.endpoints))}.")
        return self.endpoints[name]

    def _filled(self, name: str, data: list[Any]) -> list[Any]:
        parameters = self._parameters(name)
        rest = parameters[len(data) :]
        if len(data) > len(parameters) or not all(p["parameter_has_default"] for p in rest):
            raise Refusal(400, f"{len(data)} values do not fit: {name} takes {_listed(parameters)}.")
        return [*data, *(p["parameter_default"] for p in rest)]

    def _by_name(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        parameters = self._parameters(name)
        required = {p["parameter_name"] for p in parameters if not p["parameter_has_default"]}
        if not required <= set(body) <= {p["parameter_name"] for p in parameters}:
            raise Refusal(400, f"These parameters do not fit: {name} takes {_listed(parameters)}.")
        return body


def _listed(parameters: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{p['parameter_name']}={json.dumps(p['parameter_default'])}"
        if p["parameter_has_default"]
        else p["parameter_name"]
        for p in parameters
    )
