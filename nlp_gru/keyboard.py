"""The Python API of the next-word model: suggestions while typing, text generation, and a memory of its user."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from nlp_gru.errors import UserError, check_flag, check_seed, check_text, check_texts, number, shortened, whole_number
from nlp_gru.limits import MAX_NGRAM, MAX_SKIPPED, MAX_SUGGESTIONS, MAX_TEMPERATURE, MAX_TOP_K, MAX_WORDS
from nlp_gru.memory import Memory
from nlp_gru.search import sample
from nlp_gru.suggest import Spelling, WordSearch
from nlp_gru.tokenizer import EOS, SPECIAL, Decoder

if TYPE_CHECKING:
    from nlp_gru.heads.next_word import NextWord

PIECES_A_WORD, SPARE_PIECES = 6, 50  # at most: a text may go on without a blank for ever
LEAST = 1e-3  # a word so much less likely than the best is noise


@dataclass(frozen=True)
class Suggestion:
    """text: a whole word; score: its probability, given the context and the letters typed."""

    text: str
    score: float


class Keyboard:
    """Suggests and continues. It holds what has been typed last, so each typist needs one of their own: see `fork`."""

    def __init__(self, head: NextWord, spelling: Spelling | None = None):
        self.head = head
        self.memory = Memory()
        self.search = WordSearch(head, spelling)
        self._lock = threading.Lock()

    def fork(self) -> Keyboard:
        """Another keyboard over the same weights, with an empty memory."""
        return Keyboard(self.head, self.search.spelling)

    def suggest(self, context: str = "", prefix: str = "", k: int = 3, skip: Collection[str] = ()) -> list[Suggestion]:
        """The k likeliest words (fewer where fewer are found), best first, but for the one that stands there already.

        context: the text before the word, only the last 1,000 characters of which are read. prefix: the letters of the
        word typed so far. The two are read as one text, whose last blank is where the word begins: it does not matter
        how a caller splits them. k = 0 gives none, and more than 50 gives 50. skip: words not to be offered, such as those
        that a typist who reads every suggestion did not take at the letters before. Raises `TypeError` for what is not text,
        `UserError` for a negative k.
        """
        check_text(context, prefix)
        check_texts(skip)
        check_text(*(skip := list(islice(skip, MAX_SKIPPED + 1))))
        if len(skip) > MAX_SKIPPED:
            raise UserError(f"more than {MAX_SKIPPED} words to skip are too many")
        if isinstance(k, int) and k < 0:
            raise UserError(f"k is the number of suggestions, 0 or more, not {shortened(k)}")
        k = min(whole_number("k", k, 0, sys.maxsize), MAX_SUGGESTIONS)
        text = (context[-4000:] + prefix)[-4000:]
        prefix = re.split(r"\s", text)[-1]
        context, prefix = text[: len(text) - len(prefix)], prefix[-100:]
        if k == 0 or re.search(r"[^\w'’\-]$", prefix):  # after "word." no letters are left to add
            return []
        hidden = {word.casefold() for word in skip}
        wanted = k + bool(prefix) + sum(word.startswith(prefix.casefold()) for word in hidden)
        with self._lock:
            words = self.search.search(context, prefix, wanted)
            share = self.memory.trust(context)
            scores = {word: (1 - share) * p for word, p in words.p.items()}
            spelling = {word: text for word, (_, text) in words.spelling.items()}
            mass = (1 - share) * words.mass
            for word, p in self.memory.words(context, prefix, wanted).items():
                scores[word] = scores.get(word, 0.0) + p
                mass += p
                spelling.setdefault(word, self.memory.spelling.get(word, word))
        ranked = [
            (word, match_case(spelling[word], prefix), min(p / max(mass, 1e-30), 1.0))
            for word, p in sorted(scores.items(), key=lambda item: -item[1])
        ]
        return [
            Suggestion(text, p)
            for word, text, p in ranked
            if word not in hidden and text != prefix and p >= LEAST * ranked[0][2]
        ][:k]

    @overload
    def generate(
        self,
        prompt: str = ...,
        max_words: int = ...,
        *,
        temperature: float = ...,
        top_k: int = ...,
        top_p: float = ...,
        no_repeat_ngram_size: int = ...,
        seed: int | None = ...,
        stop_at_sentence: bool = ...,
        stream: Literal[False] = ...,
    ) -> str: ...
    @overload
    def generate(
        self,
        prompt: str = ...,
        max_words: int = ...,
        *,
        temperature: float = ...,
        top_k: int = ...,
        top_p: float = ...,
        no_repeat_ngram_size: int = ...,
        seed: int | None = ...,
        stop_at_sentence: bool = ...,
        stream: Literal[True],
    ) -> Iterator[str]: ...
    def generate(
        self, prompt: str = "", max_words: int = 60, *, temperature: float = 0.7, top_k: int = 0, top_p: float = 0.9,
        no_repeat_ngram_size: int = 4, seed: int | None = None, stop_at_sentence: bool = False, stream: bool = False,
    ) -> str | Iterator[str]:  # fmt: skip
        """What may follow `prompt`: new text alone, to be appended to it; at most `max_words` words.

        temperature, top_k, top_p, no_repeat_ngram_size, seed: see `nlp_gru.search.sample`. stop_at_sentence: end with the
        first sentence. stream: an iterator over pieces of the text, none of which splits a character. Raises `UserError` for
        settings out of range, `TypeError` for what is not text.
        """
        check_text(prompt)
        max_words = whole_number("max_words", max_words, 0, MAX_WORDS)
        settings: dict[str, object] = {
            "temperature": number("temperature", temperature, 0, MAX_TEMPERATURE),
            "top_k": whole_number("top_k", top_k, 0, MAX_TOP_K),
            "top_p": number("top_p", top_p, 0, 1, above=True),
            "seed": check_seed(seed),
            "no_repeat_ngram_size": whole_number("no_repeat_ngram_size", no_repeat_ngram_size, 0, MAX_NGRAM),
        }
        check_flag("stop_at_sentence", stop_at_sentence)
        parts = self._generate(prompt, max_words, stop_at_sentence, settings)
        if stream:
            return parts
        return "".join(parts)

    def _generate(
        self, prompt: str, max_words: int, stop_at_sentence: bool, settings: dict[str, object]
    ) -> Iterator[str]:
        search = WordSearch(self.head, self.search.spelling)
        spaced = prompt.rstrip(" ")
        p, state = search.context(spaced)
        skip_blank = spaced != prompt  # the blank is there already: the first piece's own is left out

        def step(piece: int, state: object) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], object]:
            return self.head.read([piece], state)  # type: ignore[arg-type]

        decoder = Decoder(self.head.tokenizer, before=spaced)
        words, text = 0, ""
        # Where the text need not stop at a sentence, it has no end: on to a new sentence.
        banned = [i for i in range(len(SPECIAL)) if i != EOS or not stop_at_sentence]
        endless = sample(p, state, step, banned=banned, alike=search.spelling.alike, **settings)  # type: ignore[arg-type]
        pieces = islice(endless, PIECES_A_WORD * max_words + SPARE_PIECES)
        for piece in pieces:
            if piece == EOS:
                return
            new = decoder.step(piece)
            if not new:
                continue  # a part of a character
            begins = new[0].isspace() or not text
            if begins and words == max_words:
                return
            words += begins
            if stop_at_sentence and text and text[-1] in ".!?…" and new[0].isspace():
                return
            text += new
            yield new.lstrip(" ") if skip_blank and text == new else new

    def learn(self, text: str) -> None:
        """Remember the words and phrases of `text` and mix them into what is suggested from now on."""
        check_text(text)
        with self._lock:
            self.memory.learn(text)

    def forget(self) -> None:
        """Clear the memory."""
        with self._lock:
            self.memory.forget()

    @property
    def learned(self) -> int:
        """How many words have been learned."""
        return self.memory.learned

    def save_memory(self, path: str | Path) -> None:
        """Write the memory to a file; nothing else ever stores or sends it."""
        with self._lock:
            self.memory.save(path)

    def load_memory(self, path: str | Path) -> None:
        """Replace the memory by the file's. Raises `UserError`, keeping the old one, when the file is not one of ours."""
        with self._lock:
            self.memory.load(path)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(learned={self.learned})"


def match_case(word: str, prefix: str) -> str:
    """`word` in the capitals of the letters typed: "Or" makes "order" "Order", "OR" makes it "ORDER"."""
    if len(prefix) > 1 and prefix.isupper():
        return word.upper()
    if prefix[:1].isupper() and word[:1].islower():
        return word[:1].upper() + word[1:]
    return word
