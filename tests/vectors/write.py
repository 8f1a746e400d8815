"""Inputs and what Python makes of them, for pytest and for `node --test`: python tests/vectors/write.py"""

from __future__ import annotations

import json
import random
from pathlib import Path

from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.text.canonical import RESERVED, canonical
from nlp_gru.text.conventions import rewritten
from nlp_gru.text.letters import phrase
from nlp_gru.text.placeholders import mark, pieces, without_marks
from nlp_gru.text.tokenizer import Tokenizer

HERE = Path(__file__).parent
LETTERS = "abIiDQLlSs'\"-/ (\n[*_#@.,0 3!%&~éÉßİıſKÅ’“—\u00a0\tqQuUÿŸDždzǅ😀\u0301" + "".join(RESERVED)
TEXTS = [
    "", " ", "Not bad.", "NOT BAD", "not bad", "Où est la gare ?", "L'Homme qu'il a vu, l'élève.", '"Dogs," he said.', "(Yes)",
    "well-known and/or 3rd", "don’t — I’M “sure”", "👍👎 ❤️ 👩‍👩‍👧 :) <3", "a\n\nb\tc", "1,234.56 €", "日本語 العربية Ελληνικά",
    "e\u0301te\u0301", "http://a.b/C?d=E", "Hello {name}, <b>bold</b>", "\x00\x07", "x" * 50, "JEAN-PAUL O'NEILL McDonald iPhone",
]  # fmt: skip

KEPT = [
    "Dear {first_name}, your order %(id)s ships on {{ date }}.", "Press ${KEY} or %s, %1$s, %.2f and 50% more", "100 % sure, 20 %d",
    "<p>Read <a href=\"https://a.b/c?d=1\">this</a> &amp; that<br/></p>", "**Note:** run `make test` in ~/src/app first",
    "See [the guide](https://x.y/z) or C:\\Temp\\a.txt, /etc/hosts and notes.yaml", "nlp-gru train --data my_file.csv -k $HOME camelCase",
    "Gate B12, flight LH4711, call +49 30 1234 5678 at 6:30 p.m. or 9 am", "It costs $1,250.50, €99 or 12.5% of 3,000,000",
    "Mr. Snow and Dr. Green-Lee met Mrs O'Hara.", "Mr. and Mrs. Young", "@sam #fun 🎉👍🏽 mail me: x.y@z.org", "on 3/4/2021 at 18:05",
    "and/or tea/coffee/milk", "a_b __init__ x_1 iPhone eBay v2.1", "{a} {b} {c} {d} {e} {f} {g} {h} {i} {j}", "1 2 3 10 200 3000", "",
]  # fmt: skip
GARDES = [
    "Le billet coûte 12,50 €, le lot 1 250 000 €.", "Rendez-vous à 18 h 30, 9h ou 7h05.", "M. Petit et Mme Grand, Mlle Roche, le Dr Noir",
    "M. et Mme Blanc", "Appelez le 04 78 12 34 56 {nom}", "Il reste 5 % et 2,5 %.", "« Bonjour %s »", "Page 93, vol AF1234",
]  # fmt: skip


def kept(text: str, language: str) -> tuple[object, ...]:
    text = without_marks(text)
    marked, strings = mark(text, lambda word, begins: word == "Sam", language)
    other = "fr" if language == "en" else "en"
    parts = pieces(text, lambda word, begins: word == "Sam", language)
    return text, language, marked, strings, [rewritten(s, language, other) for s in strings], parts


LETTERS_EN = ["Dear Anna,", "dear Tom,", "My dear Rose,", "Hi Luca!", "Thanks, Ben.", "Kind regards,", "love", "Love,", "Happy birthday, Emma!",
              "Dear Sir or Madam,", "see you soon", "I look forward to hearing from you.", "Hello World Wide Web", "Good morning", "Dear Mr. White,"]  # fmt: skip
LETTERS_FR = [
    "Chère Anna,",
    "Cher Monsieur,",
    "Salut Paul !",
    "Bonne année !",
    "Cordialement,",
    "bonjour",
    "Merci, Zoé.",
    "À bientôt",
    "Cher ami",
]


def texts() -> list[str]:
    draw = random.Random(0)
    return TEXTS + ["".join(draw.choices(LETTERS, k=draw.randint(1, 14))) for _ in range(1000)]


def write(name: str, cases: list[tuple[object, ...]]) -> None:
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases)
    (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write("canonical", [(text, canonical(text)) for text in texts()])
    write("placeholders", [kept(t, "en") for t in KEPT + TEXTS] + [kept(t, "fr") for t in GARDES + TEXTS])
    cases = [(t, "en", phrase(t, "en", "fr")) for t in LETTERS_EN + TEXTS]
    write("letters", cases + [(t, "fr", phrase(t, "fr", "en")) for t in LETTERS_FR + TEXTS])
    tokenizer = Tokenizer.load(PRETRAINED / "tokenizer.json")
    write("tokenizer", [(text, ids := tokenizer.encode(text), tokenizer.decode(ids)) for text in texts()])
