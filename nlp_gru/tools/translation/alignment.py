"""Which words of a source a translation was written from: the decoder's attention, gathered from tokens to words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp_gru.text.placeholders import PLACEHOLDERS, protect, protect_again, without_placeholders
from nlp_gru.text.tokenizer import EOS, Decoder, Tokenizer
from nlp_gru.tools.protocols import TranslationModel

END = "</s>"


@dataclass(frozen=True)
class Alignment:
    """weights[t][s]: how far the model looked at source word s while it wrote target word t; each row sums to 1. The
    last word of each side is the end of the sentence."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]


def align(model: TranslationModel, source: str, target: str) -> Alignment:
    """The weights with which the model would write `target` after reading `source`, both one sentence."""
    safe, kept = protect(without_placeholders(source), model.is_name)
    source_ids = model.tokenizer.encode(safe)
    target_ids = model.tokenizer.encode(protect_again(without_placeholders(target), kept))
    weights = model.attention([*source_ids, EOS], target_ids)  # (T + 1, S + 1), of tokens
    source_words, target_words = (words(model.tokenizer, ids, kept) for ids in (source_ids, target_ids))
    columns = [*(place for _, place in source_words), [len(source_ids)]]
    rows = [*(place for _, place in target_words), [len(target_ids)]]
    table = tuple(tuple(float(weights[row][:, column].sum(1).mean()) for column in columns) for row in rows)
    return Alignment((*(w for w, _ in source_words), END), (*(w for w, _ in target_words), END), table)


# A placeholder; a word with what an apostrophe puts before or behind it ("qu'", "don't") or a hyphen before it ("-il");
# other signs.
_WORD = re.compile(rf"[{PLACEHOLDERS}]|-?\w+['’](?=\w{{3}})|-?\w+(?:['’]\w{{1,2}}(?!\w))?|[^\w\s{PLACEHOLDERS}]+")


def words(tokenizer: Tokenizer, ids: Sequence[int], kept: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Words and punctuation marks, each with the places of its tokens in `ids`; `kept` are the strings of the marks."""
    decoder = Decoder(tokenizer)
    text, starts = "", []  # of each token: where its first letter stands in the text; bytes of one character together
    for id in ids:
        added = decoder.step(id)
        starts.append(len(text) + len(added) - len(added.lstrip()))
        text += added
    text += decoder.end()
    found = list(_WORD.finditer(text))
    places: list[list[int]] = [[] for _ in found]
    for i, start in enumerate(starts):
        owner = next((k for k, match in enumerate(found) if start < match.end()), len(found) - 1)
        if owner >= 0:
            places[owner].append(i)
    named: list[tuple[str, list[int]]] = []
    for match, place in zip(found, places, strict=True):
        word = kept[PLACEHOLDERS.index(match[0])] if match[0] in PLACEHOLDERS[: len(kept)] else match[0]
        if place:
            named.append((word, place))
        elif named:  # a token that holds two words
            named[-1] = (named[-1][0] + word, named[-1][1])
    return named
