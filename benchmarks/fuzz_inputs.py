"""Texts and settings that nobody means, and those that somebody types: what `benchmarks/fuzz.py` asks the tools."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SENTENCES = (
    "I loved every minute of it, and the ending is worth the wait.",
    "Where is the station?",
    "She isn't tired, is she?",
    "Worst. Film. Ever!!! 0/10",
    "Je voudrais une baguette, s'il vous plaît.",
    "M. Dupont arrivera à 8h30 le 3 mai 2024.",
    "- milk\n- eggs\n\n1. Buy them\n2. Cook",
    "Write to anna@example.org or see https://www.example.org/a?b=c#d.",
    "I'm fine 🙂 and you? 👩‍👩‍👧‍👦",
    "Don’t “quote” me – please…",
    "Hello, how are you? What's your favorite movie?",
    "thx c u l8r",
)
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</s><pad><unk><s>",
    "<turn><bot><en>",
    "{{7*7}}",
    "' OR 1=1; DROP TABLE users; --",
    "%s%n%x",
    "../../etc/passwd",
    "$(reboot)",
    "\\x00\\u0000",
    "\x1b[31mred",
    "&#x1F600;",
    "```python\nimport os\n```",
    "[a](javascript:b)",
    "=cmd|' /C calc'!A0",
    "\r\nSet-Cookie: a=b",
)
CLUSTERS = (
    "👩🏽‍🚀",
    "🏳️‍🌈",
    "👨‍👩‍👧‍👦",
    "🇫🇷",
    "1️⃣",
    "e\u0301",
    "a\u0316\u0317\u0318\u0319\u0320",
    "ก็",
    "क्ष",
    "한",
    "\u1112\u1161\u11ab",
    "ﷺ",
    "𝔘",
    "ß",
    "İ",
    "ŉ",
    "ǆ",
    "ﬁ",
    "\u202eabc\u202c",
    "\u2066x\u2069",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    "\u2028",
    "\u0085",
    "\x01",
    "\x08",
    "▁",
    "\ud83d",
)
ODD: tuple[Any, ...] = (
    None,
    3,
    1.5,
    b"text",
    ["text"],
    ("a", "b"),
    {"a": 1},
    {1},
    True,
    object(),
    float("nan"),
    Path("x"),
    np.zeros(3),
    str,
    [None],
    [3],
    [[]],
    [b"x"],
)
NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    1,
    2,
    3,
    1.0,
    0.5,
    1e-300,
    -0.0,
    10**9,
    -(10**30),
    10**400,
    1 << 63,
    float("nan"),
    float("inf"),
    -float("inf"),
    True,
    None,
    "3",
    "x",
    [],
    (1,),
    np.int64(2),
    np.float32(0.5),
    np.bool_(True),
    1 + 2j,
)


CASES: tuple[Callable[[str], str], ...] = (str, str.upper, str.title, str.swapcase)


def characters(draw: random.Random) -> str:
    """Any of Unicode, lone surrogates too; mostly of one block."""
    size = draw.choice([1, 5, 40, 300, 2000])
    if draw.random() < 0.3:
        return "".join(chr(draw.randrange(0x110000)) for _ in range(size))
    start = draw.choice(
        [
            0x20,
            0x80,
            0x250,
            0x370,
            0x400,
            0x590,
            0x600,
            0x900,
            0xE00,
            0x1E00,
            0x2000,
            0x3040,
            0x4E00,
            0xAC00,
            0xD800,
            0xE000,
            0x1F300,
            0x20000,
            0xE0000,
            0x10FF00,
        ]
    )
    return "".join(chr(min(start + draw.randrange(256), 0x10FFFF)) for _ in range(size))


def sentences(draw: random.Random) -> str:
    return draw.choice(" \n\t").join(draw.choices(SENTENCES, k=draw.choice([1, 1, 1, 3, 12])))


def mutated(draw: random.Random) -> str:
    text = list(sentences(draw)[:800])
    for _ in range(draw.choice([1, 3, 20])):
        place = draw.randrange(len(text) + 1)
        text[place : place + draw.randrange(4)] = draw.choice(
            ["", " ", draw.choice(CLUSTERS), draw.choice(MARKUP), chr(draw.randrange(0x300)), *text[:3]]
        )
    return draw.choice(CASES)("".join(text))


def control(draw: random.Random) -> str:
    return "".join(chr(draw.randrange(0xA0)) for _ in range(draw.choice([1, 20, 500])))


def long_words(draw: random.Random) -> str:
    letters = draw.choice(["abcdefghij", "aeiou", "xyzqj'-", "ABC", "éèà", "0123456789", "a.b@c"])
    size = draw.choice([50, 500, 2000])
    return draw.choice(["", "I like "]) + "".join(draw.choices(letters, k=size)) + draw.choice(["", ".", " is good"])


def repeated(draw: random.Random) -> str:
    unit = draw.choice(
        [
            " ",
            "\n",
            "a",
            "A. ",
            "!",
            "a!",
            "- ",
            "1. ",
            "…",
            "’",
            "(",
            '"',
            "#",
            "7.",
            "ha",
            "Dr. ",
            "\t\n",
            "\0",
            *CLUSTERS,
            *MARKUP,
        ]
    )
    return (unit * draw.choice([2, 30, 500, 2000]))[:2000]


def clusters(draw: random.Random) -> str:
    return draw.choice(["", " "]).join(draw.choices(CLUSTERS, k=draw.choice([1, 8, 100])))


def markup(draw: random.Random) -> str:
    return draw.choice(["", " ", "\n"]).join(draw.choices([*MARKUP, *SENTENCES], k=draw.choice([1, 4, 15])))


def numbers(draw: random.Random) -> str:
    return draw.choice([" ", ",", ".", ":", "\n", ""]).join(
        str(draw.randrange(10 ** draw.choice([1, 3, 9]))) for _ in range(draw.choice([1, 10, 200]))
    )


def random_words(draw: random.Random) -> str:
    words = (
        "".join(draw.choices("abcdefghijklmnopqrstuvwxyzé'", k=draw.randrange(1, 12)))
        for _ in range(draw.choice([1, 5, 40, 250]))
    )
    return draw.choice(CASES)(" ".join(words))


KINDS: dict[str, Callable[[random.Random], str]] = {
    kind.__name__: kind
    for kind in (characters, sentences, mutated, control, long_words, repeated, clusters, markup, numbers, random_words)
}


def text(draw: random.Random, longest: int = 2000) -> str:
    """One of all these, of at most so many characters."""
    return KINDS[draw.choice(list(KINDS))](draw)[:longest]


def anything(draw: random.Random, longest: int = 2000) -> Any:
    """Mostly a text; one in fifty is none, one in a thousand is longer than any tool takes."""
    luck = draw.random()
    if luck < 0.02:
        return draw.choice(ODD)
    if luck < 0.021:
        return draw.choice("a \n🙂") * draw.choice([1_000_001, 3_000_000])
    return text(draw, longest)


def setting(draw: random.Random, *usual: Any) -> Any:
    """Mostly one of the usual values."""
    return draw.choice(NUMBERS) if draw.random() < 0.15 else draw.choice(usual)
