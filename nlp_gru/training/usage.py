"""Figures of what a head is for, which batches cannot tell: keystrokes saved, translations as a user gets them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from nlp_gru.data_files.rows import Rows
from nlp_gru.heads.head import Head
from nlp_gru.heads.next_word import NextWord
from nlp_gru.heads.translation import TranslationHead, scores
from nlp_gru.tools.keyboard.keyboard import Keyboard
from nlp_gru.tools.translation.translator import Translator
from nlp_gru.training.keystrokes import type_texts

KEYSTROKE_ROWS = 1000
WORD_OR_MARK = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


def usage(head: Head, rows: Rows, figures: dict[str, float]) -> dict[str, float]:
    """Return more figures of a head over the rows, beside its `metrics` of them, which are `figures`."""
    measure: dict[type[Head], Callable[..., dict[str, float]]] = {
        NextWord: next_word_usage,
        TranslationHead: translation_usage,
    }
    found = measure.get(type(head))
    return found(head, rows, figures) if found else {}


def next_word_usage(head: NextWord, rows: Rows, figures: dict[str, float]) -> dict[str, float]:
    """Perplexity per word over all rows, and the keystrokes that three suggestions save over the first 1,000.

    Words are what blanks separate, or, counted as n-gram tools do, words and each mark beside them; the end of a row
    counts as one more. No word is unknown: rare ones are spelled out.
    """
    nll = figures["nll"] * sum(len(ids) + 1 for ids in head.tokenizer.encode_batch(rows["text"]))
    words = sum(len(text.split()) + 1 for text in rows["text"])
    tokens = sum(len(WORD_OR_MARK.findall(text)) + 1 for text in rows["text"])
    keyboard = Keyboard(head)
    tally = type_texts(lambda c, p, k: [s.text for s in keyboard.suggest(c, p, k)], rows["text"][:KEYSTROKE_ROWS])
    perplexities = {
        "perplexity_per_word": math.exp(nll / words),
        "perplexity_per_word_or_mark": math.exp(nll / tokens),
    }
    return {**perplexities, **tally.figures()}


def translation_usage(head: TranslationHead, rows: Rows, figures: dict[str, float]) -> dict[str, float]:
    """BLEU and chrF2 of all rows as a user gets them: whole texts, beam of 5, and greedy."""
    translate = Translator(head)
    found: dict[str, float] = {}
    for name, beam in (("", 5), ("_greedy", 1)):
        texts = [t.text for t in translate.stream(rows["source"], beam)]
        found |= {k + name: v for k, v in scores(texts, rows["target"]).items()}
    return found
