"""Whether a text is English, French or neither: by how often each of its tokens stood on either side of the training
pairs.

Both bundled translators keep the counts of the tokens they learned to write, so nothing is stored for this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.bundled import PRETRAINED, SHARED_TOKENIZER
from nlp_gru.model_folder.weights import Weights
from nlp_gru.text.placeholders import KEPT
from nlp_gru.text.tokenizer import Tokenizer

NAMES = {"en": "English", "fr": "French"}
OTHER = "other"
CERTAIN = 8.0  # log-odds from which a sentence is in the one language rather than the other
READ = 2000  # characters of a text
LEAST_LETTERS, LEAST_WORDS = 8, 3  # without which a text is not called foreign
# What makes text foreign: fitted on Tatoeba's valid sentences in English, French, German and Spanish and on unused
# sentences of manuals. Both factors are per character: of the log-probability in the likelier language, of the log-odds
# between the two.
FOREIGN = (-6.7, -5.1, -13.4 - 5)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*['’]?")


class Languages:
    """Tells English and French apart, and from others. Reads its counts when it is first asked."""

    def __init__(self, folder: Path = PRETRAINED):
        self._folder = folder

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return Tokenizer.load(SHARED_TOKENIZER)

    @cached_property
    def log_p(self) -> Array:
        """(2, V): the log-probability of each token in English and in French."""
        rows = []
        for name in ("translation-fr-en", "translation"):
            file = Weights(self._folder / name / "model.safetensors")
            counts = file.load("frequency", "F32", (len(self._tokenizer),)) + 0.5
            rows.append(np.log(counts / counts.sum()))
        return np.stack(rows)

    def odds(self, texts: Sequence[str]) -> list[float]:
        """Return the log-odds of each text to be English rather than French; 0 for one without letters."""
        return [float(en - fr) for en, fr in map(self._summed, self._tokenizer.encode_batch(texts))]

    def recognise(self, text: str) -> str:
        """Return "en", "fr", "other" for a third language, or "" where it cannot be told: a word, a name, a number."""
        text = text[:READ]
        plain = _plain(text)
        en, fr = self._summed(self._tokenizer.encode(plain))
        size = max(len(plain), 1)
        of_p, of_odds, start = FOREIGN
        long_enough = size >= LEAST_LETTERS and len(_WORD.findall(text)) >= LEAST_WORDS
        if long_enough and of_p * max(en, fr) / size + of_odds * abs(en - fr) / size + start > 0:
            return OTHER
        return "" if abs(en - fr) < CERTAIN else "en" if en > fr else "fr"

    def _summed(self, ids: Sequence[int]) -> Array:
        return np.asarray(self.log_p[:, list(ids)].sum(1))


LANGUAGES = Languages()


def hint(language: str, source: str, target: str) -> str:
    """Return what to tell who gave a text of `language` to be translated from `source` to `target`; "" if nothing is
    wrong."""
    if language == OTHER and {source, target} == set(NAMES):
        return "This looks like neither English nor French; I only know these two."
    if language == target and language in NAMES and source in NAMES:
        return f"This looks like {NAMES[target]} already; translate it from {NAMES[target]} to {NAMES[source]} instead?"
    return ""


def _plain(text: str) -> str:
    """A text's words in small letters: names, which are of no language, and what is no word are left out."""
    text = KEPT.sub(" ", text)
    found = _WORD.findall(text.lower() if text.isupper() else text)
    return " ".join([*(word.lower() for word in found[:1]), *(word for word in found[1:] if word.islower())])
