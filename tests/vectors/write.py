"""Inputs and what Python makes of them, for pytest and for `node --test`: python tests/vectors/write.py"""

from __future__ import annotations

import json
import random
from pathlib import Path

from nlp_gru.bundled import PRETRAINED
from nlp_gru.text.canonical import RESERVED, canonical
from nlp_gru.tokenizer import Tokenizer

HERE = Path(__file__).parent
LETTERS = "abIiDQLlSs'\"-/ (\n[*_#@.,0 3!%&~éÉßİıſKÅ’“—\u00a0\tqQuUÿŸDždzǅ😀\u0301" + "".join(RESERVED)
TEXTS = [
    "", " ", "Not bad.", "NOT BAD", "not bad", "Où est la gare ?", "L'Homme qu'il a vu, l'élève.", '"Dogs," he said.', "(Yes)",
    "well-known and/or 3rd", "don’t — I’M “sure”", "👍👎 ❤️ 👩‍👩‍👧 :) <3", "a\n\nb\tc", "1,234.56 €", "日本語 العربية Ελληνικά",
    "e\u0301te\u0301", "http://a.b/C?d=E", "Hello {name}, <b>bold</b>", "\x00\x07", "x" * 50, "JEAN-PAUL O'NEILL McDonald iPhone",
]  # fmt: skip


def texts() -> list[str]:
    draw = random.Random(0)
    return TEXTS + ["".join(draw.choices(LETTERS, k=draw.randint(1, 14))) for _ in range(1000)]


def write(name: str, cases: list[tuple[object, ...]]) -> None:
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases)
    (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write("canonical", [(text, canonical(text)) for text in texts()])
    tokenizer = Tokenizer.load(PRETRAINED / "tokenizer.json")
    write("tokenizer", [(text, ids := tokenizer.encode(text), tokenizer.decode(ids)) for text in texts()])
