"""Ordinary questions and requests that belong to no FAQ, against which a bot of questions and answers holds what it is
asked.

    python data/faq_background.py --source DIR         # DIR holds the files named below

Writes nlp_gru/faq_data/background.safetensors (their mean, and int8 vectors of the first values) and words.json (in how
many of them each word is). To be run again whenever the encoder is another. CLINC150 and BANKING77, on which bots are
measured, and HWU64, on which they are adjusted, are left out.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

from common import arguments, clean, read
from safetensors.numpy import save_file

import nlp_gru
from nlp_gru.arrays import unit_rows
from nlp_gru.model_folder.weights import SCALE, narrowed
from nlp_gru.tools.faq.background import DIMENSIONS, FOLDER
from nlp_gru.tools.faq.words import words
from nlp_gru.tools.similarity.encoder import bundled_encoder

DIALOGUES = {"schema_guided_train": 700, "self_dialogue_train": 700, "taskmaster4_coffee_train": 150}
TEXTS = {"tatoeba_english_train": 900, "snips_intents_train": 350}
WORDS = 12_000  # questions whose words are counted
LEAST = 2  # questions that a kept word is in


def questions(source: Path) -> list[tuple[str, list[str]]]:
    """For each source its questions, in a random order that is always the same."""
    draw = random.Random(0)
    result = []
    for name in (*DIALOGUES, *TEXTS):
        table = read(source, name)
        if name in TEXTS:
            found = {clean(t) for t in table.text if t.endswith("?") or name.startswith("snips")}
        else:
            turns = (
                (t, s == speakers[0])
                for row, speakers in zip(table.turns, table.speakers, strict=True)
                for t, s in zip(row, speakers, strict=True)
            )
            found = {clean(t) for t, user in turns if t.endswith("?") or (user and not name.startswith("self"))}
        some = sorted(t for t in found if 8 <= len(t) <= 120)
        draw.shuffle(some)
        result.append((name, some))
    return result


def main() -> None:
    source = arguments(__doc__, "faq_background").parse_args().source
    found = questions(source)
    most = {**DIALOGUES, **TEXTS}
    chosen = [text for name, some in found for text in some[: most[name]]]
    vectors = nlp_gru.load("similarity").encode(chosen)
    mean = vectors.mean(0)
    rows, scale = narrowed(unit_rows((vectors - mean)[:, :DIMENSIONS]))
    tensors = {"mean": mean, "vectors": rows, "vectors" + SCALE: scale}
    FOLDER.mkdir(exist_ok=True)
    save_file(tensors, FOLDER / "background.safetensors")
    counted = [text for _, some in found for text in some[: WORDS // len(found)]]
    count = Counter(word for text in counted for word in set(words(text)))
    table = {word: n for word, n in sorted(count.items()) if n >= LEAST and not word.isdigit()}
    content = {"encoder": bundled_encoder().sha256, "rows": len(counted), "words": table}
    (FOLDER / "words.json").write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(chosen):,} questions, {len(table):,} words")


if __name__ == "__main__":
    main()
