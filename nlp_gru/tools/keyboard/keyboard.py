"""The Python API of the next-word model: suggestions while typing, corrections, text generation, and a memory of its
user."""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, overload

import numpy as np

from nlp_gru.decoding.correction import RARE, Corrector
from nlp_gru.decoding.sampling import sample
from nlp_gru.decoding.word_search import Spelling, Words, WordSearch
from nlp_gru.errors import (
    MAX_NGRAM,
    MAX_SKIPPED,
    MAX_SUGGESTIONS,
    MAX_TEMPERATURE,
    MAX_TOP_K,
    MAX_WORDS,
    UserError,
    check_flag,
    check_seed,
    check_text,
    check_texts,
    number,
    shortened,
    whole_number,
)
from nlp_gru.text.slips import LAYOUTS, one_apostrophe
from nlp_gru.text.tokenizer import EOS, SPECIAL, Decoder
from nlp_gru.text.typing import MOST_READ, Typed, begins_small, match_case, split, with_apostrophe
from nlp_gru.text.word_list import WordList
from nlp_gru.tools.keyboard.known_words import KnownWords
from nlp_gru.tools.keyboard.memory import Memory
from nlp_gru.tools.keyboard.mending import Change, mend
from nlp_gru.tools.keyboard.phrases import Ahead, set_phrase
from nlp_gru.tools.protocols import NextWordModel

TOKENS_A_WORD, SPARE_TOKENS = 6, 50  # at most: a text may go on without a blank for ever
ROUNDS, ROUNDS_BESIDE_LIST = 5, 4  # steps of the model for one suggestion, at most
# The share of a word that is not on the list, from which it is offered beside words that are, and by itself.
UNKNOWN_LEAST, UNKNOWN_ALONE = 0.3, 0.1
LEAST = 1e-3  # a word so much less likely than the best is noise


@dataclass(frozen=True)
class Suggestion:
    """text: a whole word; score: its probability, given the context and the letters typed."""

    text: str
    score: float


class Keyboard:
    """Suggests, corrects and continues. It holds what has been typed last, so each typist needs one of their own: see
    `fork`."""

    def __init__(
        self,
        model: NextWordModel,
        spelling: Spelling | None = None,
        words: WordList | None = None,
        blocklist: bool = True,
        layout: str = "qwerty",
    ):
        """Make a keyboard over a model.

        words: what it knows; without, it offers all that the model spells and corrects nothing. blocklist: never offer
        slurs and obscene words; they can be typed all the same. layout: of the keys, one of
        `nlp_gru.text.slips.LAYOUTS`; it says which letters are beside each other. Raises `UserError` for another
        layout.
        """
        check_flag("blocklist", blocklist)
        if layout not in LAYOUTS:
            raise UserError(f"layout is one of {', '.join(LAYOUTS)}, not {shortened(str(layout))}")
        self.model, self.blocklist, self.layout = model, blocklist, layout
        self.memory = Memory()
        self.search = WordSearch(model, spelling)
        self.known = KnownWords(words, self.memory, blocklist)
        self.ahead = Ahead(WordSearch(model, self.search.spelling), self.known, self.memory)
        self.corrector = Corrector(words, layout) if words is not None else None
        self._lock = threading.Lock()

    def fork(self) -> Keyboard:
        """Return another keyboard over the same weights and words, with an empty memory."""
        return Keyboard(self.model, self.search.spelling, self.known.words, self.blocklist, self.layout)

    def suggest(
        self, context: str = "", prefix: str = "", k: int = 3, skip: Collection[str] = (), correct: bool = True
    ) -> list[Suggestion]:
        """Return the k likeliest words (fewer where fewer are found), best first, but for the one that stands there
        already.

        context: the text before the word, only the last 1,000 characters of which are read. prefix: the letters of the
        word typed so far. The two are read as one text, and the word begins at its last blank, quotation mark, bracket
        or slash: it does not matter how a caller splits them. k = 0 gives none, and more than 50 gives 50. skip: words
        not to be offered, such as those that a typist who reads every suggestion did not take at the letters before.
        correct: also words that begin otherwise, where the letters look like a slip. Raises `TypeError` for what is not
        text, `UserError` for a negative k.
        """
        check_text(context, prefix)
        check_flag("correct", correct)
        hidden = _hidden(skip)
        if isinstance(k, int) and k < 0:
            raise UserError(f"k is the number of suggestions, 0 or more, not {shortened(k)}")
        k = min(whole_number("k", k, 0, sys.maxsize), MAX_SUGGESTIONS)
        typed = split(context[-MOST_READ:] + prefix)
        if k == 0 or typed.ended:
            return []
        wanted = k + bool(typed.word) + sum(word.startswith(typed.word.casefold()) for word in hidden)
        with self._lock:
            found = self._candidates(typed, wanted, correct)
        best = max((p for _, _, p in found), default=0.0)
        offered = [
            Suggestion(with_apostrophe(text, typed.apostrophe), p)
            for word, text, p in found
            if word not in hidden and p >= LEAST * best and self.known.may_offer(word)
        ]
        # A finished word is confirmed only where nothing else is to be said of it.
        literal = with_apostrophe(typed.word, typed.apostrophe)
        return ([s for s in offered if s.text != literal] or offered)[:k]

    def phrase(self, text: str, skip: Collection[str] = ()) -> Suggestion | None:
        """Return the two to four words that go on with the text, or None where the keyboard is not sure of them, as
        most often.

        text: the last 1,000 characters are read; a word that it ends in is the first of the phrase, which has all of
        its letters. skip: words with which no phrase is to begin, such as those that were offered at the letters before
        and not taken. The score is the probability that all of the words follow. Raises `TypeError` for what is not
        text, `UserError` for more than 200 words to skip.
        """
        check_text(text)
        hidden = _hidden(skip)
        typed = split(text[-MOST_READ:])
        if typed.ended or not typed.spaced:
            return None
        with self._lock:
            words, p = set_phrase(typed.context, typed.word)
            best = next(iter(self._candidates(typed, 1, correct=False)), None)
            if best is not None and self.ahead.fits(best[0]):
                grown, share = self.ahead.grown(typed.context, best[1], best[2])
                if len(grown) > len(words):
                    words, p = grown, share
        if not words or one_apostrophe(words[0]).casefold() in hidden:
            return None
        found = " ".join([match_case(words[0], typed.word), *words[1:]])
        return Suggestion(with_apostrophe(found, typed.apostrophe), p)

    def _candidates(self, typed: Typed, wanted: int, correct: bool) -> list[tuple[str, str, float]]:
        """(word in small letters, as it is to be written, probability), best first."""
        listed = self._listed(typed, wanted, correct)
        words = self._search(typed, wanted, ROUNDS_BESIDE_LIST if listed else ROUNDS)
        if listed and all(slip for *_, slip in listed) and max(p for _, _, p, _ in listed) < words.mass:
            words = self._search(typed, wanted, ROUNDS)  # it may be a word that is not on the list
        share = self.memory.trust(typed.context)
        scores = {word: (1 - share) * p for word, p in words.p.items()}
        spelling = {word: text for word, (_, text) in words.spelling.items()}
        mass = (1 - share) * words.mass
        for word, p in self.memory.words(typed.context, typed.word, wanted).items():
            scores[word] = scores.get(word, 0.0) + p
            mass += p
            spelling.setdefault(word, self.memory.spelling.get(word, word))
        scores = self._unknown_last(scores, mass)
        for word, text, p, slip in listed:
            if word not in scores:
                scores[word], spelling[word] = (1 - share) * p, text
                mass += slip * (1 - share) * p
        small = None if typed.word[:1].isupper() else begins_small(typed.context)
        found = []
        for word, p in sorted(scores.items(), key=lambda item: -item[1]):
            text = match_case(self.known.written(word, spelling[word]), typed.word)
            if small is not None:
                text = self.known.as_typist_begins(word, text, small)
            found.append((word, text, min(p / max(mass, 1e-30), 1.0)))
        return found

    def _unknown_last(self, scores: dict[str, float], mass: float) -> dict[str, float]:
        """Words with their probabilities, those behind the known ones that the model spells by itself, if they are
        likely at all among all that goes on with the letters."""
        known = {word: p for word, p in scores.items() if self.known.knows(word)}
        least = min(known.values(), default=1.0)
        needed = (UNKNOWN_LEAST if known else UNKNOWN_ALONE) * mass
        unknown = {word: min(p, least) for word, p in scores.items() if word not in known and p > needed}
        return known | unknown

    def _search(self, typed: Typed, wanted: int, rounds: int) -> Words:
        """What goes on with the letters typed; behind a hyphen also what would be a word by itself."""
        knows = self.known.knows
        words = self.search.search(typed.context, typed.word, wanted, rounds=rounds, known=knows)
        stem, hyphen, part = typed.word.rpartition("-")
        if stem and self.known.words is not None:
            stem += hyphen
            parts = self.search.search(typed.context + stem, part, wanted, rounds=rounds, known=knows)
            for word, p in parts.p.items():
                if knows(word):
                    whole = stem.casefold() + word
                    words.p[whole] = words.p.get(whole, 0.0) + p
                    words.spelling.setdefault(whole, (p, stem + parts.spelling[word][1]))
            words.mass += parts.mass
        return words

    def _listed(self, typed: Typed, k: int, correct: bool) -> list[tuple[str, str, float, bool]]:
        """(word in small letters, as it is to be written, probability, whether there is a slip) of known words: those
        that go on with the letters typed and those that may have been meant."""
        if self.corrector is None or not typed.word[:1].isalpha() or not typed.spaced:
            return []
        words = self.corrector.words
        p, title = self.search.known_words(typed.context, words)
        found = [(meant, False) for meant in self.corrector.completions(typed.word, p, k)]
        if correct:
            found += [(m, True) for m in self.corrector.meant(typed.word, p + RARE * words.shares, k)]
        result = []
        for meant, slip in found:
            word = words.words[meant.place]
            text = word[0].upper() + word[1:] if title[meant.place] else word
            result.append((words.folded[meant.place], text, meant.p, slip))
        return result

    def correct(self, text: str) -> tuple[str, list[Change]]:
        """Return the text with its slips mended, and what was changed, in order.

        Words that are known or that the keyboard has been taught stay as they are, and so do names, numbers and
        addresses. Without a list of words nothing is changed. Raises `TypeError` for what is not text, `UserError` for
        more than a million characters.
        """
        check_text(text)
        if self.corrector is None:
            return text, []
        with self._lock:
            return mend(text, self.corrector, self.known, self.search)

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
        self,
        prompt: str = "",
        max_words: int = 60,
        *,
        temperature: float = 0.7,
        top_k: int = 0,
        top_p: float = 0.9,
        no_repeat_ngram_size: int = 4,
        seed: int | None = None,
        stop_at_sentence: bool = False,
        stream: bool = False,
    ) -> str | Iterator[str]:
        """What may follow `prompt`: new text alone, to be appended to it; at most `max_words` words.

        temperature, top_k, top_p, no_repeat_ngram_size, seed: see `nlp_gru.decoding.sampling.sample`. stop_at_sentence:
        end with the first sentence. stream: an iterator over pieces of the text, none of which splits a character.
        Raises `UserError` for settings out of range, `TypeError` for what is not text.
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
        search = WordSearch(self.model, self.search.spelling)
        spaced = prompt.rstrip(" ")
        p, state = search.context(spaced)
        skip_blank = spaced != prompt  # the blank is there already: the first token's own is left out

        def step(token: int, state: object) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], object]:
            return self.model.read([token], state)

        decoder = Decoder(self.model.tokenizer, before=spaced)
        words, text = 0, ""
        # Where the text need not stop at a sentence, it has no end: on to a new sentence.
        banned = [i for i in range(len(SPECIAL)) if i != EOS or not stop_at_sentence]
        endless = sample(p, state, step, banned=banned, alike=search.spelling.alike, **settings)  # type: ignore[arg-type]
        tokens = islice(endless, TOKENS_A_WORD * max_words + SPARE_TOKENS)
        for token in tokens:
            if token == EOS:
                return
            new = decoder.step(token)
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
        """Remember the words and phrases of `text` and mix them into what is suggested from now on.

        What looks like a password or the number of a card or account is left out (`nlp_gru.tools.keyboard.private`).
        """
        check_text(text)
        with self._lock:
            self.memory.learn(text)

    def forget(self, word: str | None = None) -> None:
        """Clear the memory, or forget one word in it, whatever its capitals."""
        check_text(word or "")
        with self._lock:
            if word is None:
                self.memory.forget()
            else:
                self.memory.delete(word)

    def learned_words(self) -> list[tuple[str, int]]:
        """Return each word that was learned and how often it was used, the most frequent first."""
        with self._lock:
            return self.memory.learned_words()

    @property
    def learned(self) -> int:
        """How many words have been learned."""
        return self.memory.learned

    def save_memory(self, path: str | Path) -> None:
        """Write the memory to a file; nothing else ever stores or sends it."""
        with self._lock:
            self.memory.save(path)

    def load_memory(self, path: str | Path) -> None:
        """Replace the memory by the file's. Raises `UserError`, keeping the old one, when the file is not one of
        ours."""
        with self._lock:
            self.memory.load(path)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(learned={self.learned})"


def _hidden(skip: Collection[str]) -> set[str]:
    """Words not to be offered, in small letters. Raises `TypeError` for what are no texts, `UserError` for too many."""
    check_texts(skip)
    check_text(*(words := list(islice(skip, MAX_SKIPPED + 1))))
    if len(words) > MAX_SKIPPED:
        raise UserError(f"more than {MAX_SKIPPED} words to skip are too many")
    return {one_apostrophe(word).casefold() for word in words}
