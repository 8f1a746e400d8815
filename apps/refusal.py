"""What is told to a caller whose request is not served."""

from __future__ import annotations

from starlette.responses import JSONResponse, PlainTextResponse, Response

INTERNAL = "Something went wrong inside the server; the request was not answered."
FULL = "The disk of this server is full; try again later."
CLOSED = "This server asks for a login: send a name and password, or open the page in a browser."
NOTHING = "There is nothing at this address; the pages begin at /, and /gradio_api/openapi.json lists the endpoints."


class Refusal(Exception):
    """A request that is not served: its HTTP status, and one sentence that says what to mend."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status, self.sentence = status, sentence

    def response(self, plain: bool = False) -> Response:
        """Return the answer, as JSON or as plain text."""
        headers = {"connection": "close"}  # what is left of the request is not read
        if plain:
            return PlainTextResponse(self.sentence, self.status, headers)
        return JSONResponse({"error": self.sentence, "detail": self.sentence}, self.status, headers)
