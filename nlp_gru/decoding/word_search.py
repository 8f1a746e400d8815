"""Whole words from a model of tokens: those that go on with the letters typed, with their probabilities.

A word is the sum of its tokenisations: a best-first search follows every sequence of tokens that spells the typed
letters, whatever the case, and goes on until no unfinished sequence can beat the k best words. It knows only two
functions of a model, `read` and `step`, and arrays of numpy.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.text.canonical import BLANK, JOINING, TITLE, UPPER, canonical, expects_word, plain, read
from nlp_gru.text.tokenizer import BOS, EOS, SPECIAL, Tokenizer
from nlp_gru.text.word_list import WordList

CONTEXT = 600  # characters of the context that are read at least; further back hardly matters for the next word
BLOCK = 400  # the window moves on in steps of so many, so that most keys find their context already read
LEAST_CASE = 0.01  # the probability of a token of `CASE` from which the words behind it are looked at
_INNER = re.compile(r"[\w'\-]")  # what may go on within a word


class StepModel(Protocol):
    """States are opaque; probabilities are (V,) or (N, V) float32."""

    tokenizer: Tokenizer

    def read(self, ids: Sequence[int], state: Any | None) -> tuple[Array, Any]: ...
    def step_many(self, ids: Sequence[int], states: Sequence[Any]) -> tuple[Array, list[Any]]: ...


class Spelling:
    """What each token spells, ready to be looked up by its first letters without regard to case."""

    def __init__(self, tokenizer: Tokenizer):
        size = len(tokenizer)
        # Bytes stand for rare characters; half a character is no suggestion.
        tokens = [tokenizer.token(i).replace("▁", " ") for i in range(size)]
        self.text = ["" if i < len(SPECIAL) or re.fullmatch(r"<0x..>", p) else p for i, p in enumerate(tokens)]
        entries = sorted((text.casefold(), i) for i, text in enumerate(self.text) if text)
        self.folded = [text for text, _ in entries]
        self.order = np.array([i for _, i in entries])
        self.begins = np.array([bool(re.match(r" ?\w", t)) or t == " " for t in self.text])  # may open a word
        self.case = [i for i, t in enumerate(self.text) if t in (TITLE, UPPER)]  # stand before a word and spell nothing
        self.inner = np.array([bool(t) and bool(_INNER.match(t)) for t in self.text])  # goes on with the word before
        self.ends = np.array([bool(t) and not _INNER.match(t) for t in self.text])  # the word before is over
        self.ends[EOS] = True
        self.ends_float = self.ends.astype(np.float32)
        same = {text.lstrip(" "): i for i, text in enumerate(self.text)}
        # With and without the blank before it, a token is the same word.
        self.alike = np.array([same[text.lstrip(" ")] if text.strip() else i for i, text in enumerate(self.text)])

    def starting_with(self, text: str) -> Array:
        """Ids of the tokens that begin with `text` (casefolded), the whole of which they spell."""
        low = bisect.bisect_left(self.folded, text)
        high = bisect.bisect_left(self.folded, text + "\U0010ffff")
        return self.order[low:high]

    def beginning_of(self, text: str) -> list[int]:
        """Ids of the tokens that spell a part of `text` (casefolded) from its start, but not all of it."""
        found: list[int] = []
        for n in range(1, len(text)):
            low = bisect.bisect_left(self.folded, text[:n])
            high = bisect.bisect_right(self.folded, text[:n])
            found += [int(i) for i in self.order[low:high]]
        return found


@dataclass
class Hypothesis:
    """A sequence of tokens: its text, its probability, and what of the target is still to be spelled."""

    ids: tuple[int, ...]
    text: str
    p: float
    rest: str

    @property
    def begun(self) -> bool:
        """Whether a letter stands there already."""
        return bool(self.text.strip(f" {TITLE}{UPPER}"))


@dataclass
class Words:
    """Words by their casefolded form: probability and the likeliest spelling. mass: that of all that fits the prefix.

    known: whether a word, casefolded, is one that is looked for.
    """

    prefix: str = ""  # casefolded
    mass: float = 0.0
    known: Callable[[str], bool] = lambda word: True
    p: dict[str, float] = field(default_factory=dict)
    spelling: dict[str, tuple[float, str]] = field(default_factory=dict)

    def add(self, text: str, p: float) -> None:
        word = read(text.replace(" ", BLANK)).strip()
        word = re.sub(r"[^\w]+$", "", word)  # "don'" is "don" with a mark
        key = word.casefold()
        if not key or not key.startswith(self.prefix):
            return
        self.p[key] = self.p.get(key, 0.0) + p
        if p > self.spelling.get(key, (0.0, ""))[0]:
            self.spelling[key] = (p, word)

    def best(self, k: int) -> list[tuple[str, float]]:
        top = sorted(self.p.items(), key=lambda item: -item[1])[:k]
        return [(self.spelling[key][1], p) for key, p in top]

    def threshold(self, k: int) -> float:
        """The probability of the k-th best word that is looked for: 0 while there are fewer."""
        if len(self.p) < k:
            return 0.0
        fitting = sorted((p for word, p in self.p.items() if self.known(word)), reverse=True)
        return fitting[k - 1] if len(fitting) >= k else 0.0


class WordSearch:
    """Words after a context, with the model's state kept between keystrokes."""

    def __init__(self, model: StepModel, spelling: Spelling | None = None):
        self.model = model
        self.spelling = spelling or Spelling(model.tokenizer)
        self.ids: list[int] = []  # what has been read
        self.read: dict[int, tuple[Array, Any]] = {}  # number of ids read -> (probabilities, state)
        self.steps: dict[tuple[int, ...], tuple[Array, Any]] = {}  # tokens after the context -> the same

    def context(self, text: str) -> tuple[Array, Any]:
        """(V,) probabilities of the token after `text`, and the state there; reads only what is new."""
        ids = [BOS, *self.model.tokenizer.encode(window(text))]
        same = next(
            (i for i, (a, b) in enumerate(zip(ids, self.ids, strict=False)) if a != b), min(len(ids), len(self.ids))
        )
        if same < len(ids) or same < len(self.ids):
            self.steps.clear()
        self.read = {n: value for n, value in list(self.read.items())[-64:] if n <= same}
        start = max(self.read, default=0)
        if start < len(ids):
            state = self.read[start][1] if start else None
            self.read[len(ids)] = self.model.read(ids[start:], state)
        self.ids = ids
        return self.read[len(ids)]

    def known_words(self, context: str, words: WordList) -> tuple[Array, Array]:
        """(W,) the probability of each word of a list after `context`, and (W,) whether it would have a capital.

        It is an estimate: see `WordList.first_tokens`.
        """
        first, share = words.first_tokens(self.model.tokenizer)
        spaced = context.rstrip(" ")
        p, state = self.context(spaced)
        small, title = p, np.zeros_like(p)
        cases = [Hypothesis((i,), "", float(p[i]), "") for i in self.spelling.case if p[i] > LEAST_CASE]
        rows = self._step(cases, state) if cases else {}
        for h in cases:
            title = title + h.p * rows[h.ids]
        return share * (small + title)[first], (title > small)[first]

    def spelled(self, context: str, word: str) -> float:
        """The probability of the likeliest tokens of `word` after `context`."""
        spaced = context.rstrip(" ")
        p, state = self.context(spaced)
        # What the word adds to the tokens of the context.
        ids = self.model.tokenizer.encode(window(context) + word)[len(self.ids) - 1 :]
        result = 1.0
        for i in ids:
            result *= float(p[i])
            (p,), (state,) = self.model.step_many([i], [state])
        return result

    def search(
        self,
        context: str,
        prefix: str,
        k: int,
        width: int = 12,
        rounds: int = 5,
        known: Callable[[str], bool] = lambda word: True,
    ) -> Words:
        """At least the k likeliest words (when there are so many) that begin with `prefix`, whatever its case.

        width: sequences followed at once; rounds: steps of the model at most; known: whether a word, casefolded, is one
        of those that are looked for: others are found on the way.
        """
        lead = re.match(r"[^\w]*", prefix)
        if lead and lead.group():  # marks before a word are not part of it
            context, prefix = context + lead.group(), prefix[lead.end() :]
        spaced = context.rstrip(" ")
        p0, state0 = self.context(spaced)
        target = self._target(spaced, context, prefix)
        words = Words(prefix.casefold(), known=known)
        open_: list[Hypothesis] = []
        self._extend(words, open_, Hypothesis((), "", 1.0, target), p0, width, 0.0)
        for _ in range(rounds):
            least = words.threshold(k)
            open_ = sorted((h for h in open_ if h.p > least), key=lambda h: -h.p)
            batch, open_ = open_[:width], open_[width:]
            if not batch:
                break
            rows = self._step(batch, state0)
            whole = [h for h in batch if not h.rest and h.begun and not self._joins(h)]
            if whole:
                over = np.stack([rows[h.ids] for h in whole]) @ self.spelling.ends_float  # (N,): the word ends here
                for h, p in zip(whole, over, strict=True):
                    words.add(h.text, h.p * float(p))
            least = words.threshold(k)
            for h in batch:
                self._extend(words, open_, h, rows[h.ids], width, least)
        return words

    def _target(self, spaced: str, context: str, prefix: str) -> str:
        """What the tokens of the next word must spell (casefolded): its letters, behind the blank, typed or
        understood."""
        typed = spaced != context
        if self.model.tokenizer.edition == 1:
            return " " * (bool(spaced) and typed and not spaced.endswith("\n")) + prefix.casefold()
        form = canonical(plain(prefix).casefold()).replace(BLANK, " ").removeprefix(" ")
        return " " * (typed or expects_word(plain(spaced[-20:]))) + form

    def _joins(self, h: Hypothesis) -> bool:
        """Whether a word follows that belongs to this one and has a token with a blank all the same: "well-"."""
        return self.model.tokenizer.edition > 1 and h.begun and h.text[-1] in JOINING

    def _extend(self, words: Words, open_: list[Hypothesis], h: Hypothesis, p: Array, width: int, least: float) -> None:
        """Put the likeliest continuations of `h` by one token on the open list; p (V,) are their probabilities."""
        spelling = self.spelling
        if h.rest or not h.ids:
            ids = spelling.starting_with(h.rest)
            if not h.begun:
                ids = ids[spelling.begins[ids]]
            words.mass += h.p * float(p[ids].sum())
            if not h.ids:
                open_ += [
                    Hypothesis((i,), spelling.text[i], float(p[i]), h.rest) for i in spelling.case if p[i] > least
                ]
            for i in spelling.beginning_of(h.rest):
                if h.p * p[i] > least:
                    open_.append(
                        Hypothesis(
                            (*h.ids, i), h.text + spelling.text[i], h.p * float(p[i]), h.rest[len(spelling.text[i]) :]
                        )
                    )
        elif not h.begun:  # only the blank so far
            ids = np.flatnonzero(spelling.inner)
        else:
            ids = np.flatnonzero((spelling.begins if self._joins(h) else spelling.inner) & (h.p * p > least))
        values = p[ids]
        if len(ids) > width:
            keep = np.argpartition(values, -width)[-width:]
            ids, values = ids[keep], values[keep]
        for i, value in zip(ids.tolist(), values.tolist(), strict=True):
            if h.p * value > least:
                open_.append(Hypothesis((*h.ids, i), h.text + spelling.text[i], h.p * value, ""))

    def _step(self, batch: Sequence[Hypothesis], root: Any) -> dict[tuple[int, ...], Array]:
        """Probabilities after each hypothesis; those met at an earlier key of the same word are remembered."""
        new = [h for h in batch if h.ids not in self.steps]
        if new:
            if len(self.steps) > 512:
                self.steps = {
                    h.ids[:n]: self.steps[h.ids[:n]]
                    for h in batch
                    for n in range(1, len(h.ids) + 1)
                    if h.ids[:n] in self.steps
                }
            states = [self.steps[h.ids[:-1]][1] if len(h.ids) > 1 else root for h in new]
            rows, after = self.model.step_many([h.ids[-1] for h in new], states)
            for h, row, state in zip(new, rows, after, strict=True):
                self.steps[h.ids] = (row, state)
        return {h.ids: self.steps[h.ids][0] for h in batch}


def window(text: str) -> str:
    """The last CONTEXT to CONTEXT + BLOCK characters, from a word's start on; the start moves only once in BLOCK
    characters."""
    if len(text) <= CONTEXT + BLOCK:
        return text
    start = (len(text) - CONTEXT) // BLOCK * BLOCK
    near = text[start : start + 100]
    found = re.search(r"\s", near)
    return text[start + found.end() :] if found else text[start:]
