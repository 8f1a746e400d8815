"""The Python API of translation: texts of any length, sentence by sentence, with alternatives and alignments."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import overload

from nlp_gru.decoding.beam import Hypothesis
from nlp_gru.errors import (
    MAX_ALIGNED,
    MAX_ALIGNED_TOKENS,
    MAX_BATCH,
    MAX_BEAM,
    UserError,
    check_text,
    check_texts,
    whole_number,
)
from nlp_gru.text import labels, number_words
from nlp_gru.text.batching import bucket
from nlp_gru.text.casing import Form, forms, letters
from nlp_gru.text.conventions import polished, prepared, rewritten
from nlp_gru.text.letters import is_closing, is_signature, phrase, with_names, with_stand_ins
from nlp_gru.text.placeholders import NAME, IsName, is_intact, protect, restore, segments, without_placeholders
from nlp_gru.text.sentences import Part, segment
from nlp_gru.text.tokenizer import EOS, valid_unicode
from nlp_gru.tools.protocols import TranslationModel
from nlp_gru.tools.translation.alignment import Alignment, align
from nlp_gru.tools.translation.confidence import UNSURE, confidence
from nlp_gru.tools.translation.dictionary import DICTIONARY
from nlp_gru.tools.translation.language import CERTAIN, LANGUAGES, NAMES, OTHER, hint

BATCH_HYPOTHESES = 320  # of all sentences that are read at once; so 64 of them with a beam of 5
BATCH_TOKENS = 4096  # with padding
_TAG = r"(?:</?(?:[A-Za-z][^<>]*|\d{1,2}/?)>|\*\*|~~)\s*"
_WRAPPED = re.compile(rf"(?P<before>(?:{_TAG})*)(?P<core>.*?\w.*?)(?P<after>(?:\s*{_TAG})*)", re.S)
FAR_BELOW = 0.6  # of the best one's score, below which a translation is no alternative
_FACT = re.compile(
    r"\d+|(?<=[^\W\d_][ ,] )[A-ZÀ-Þ]\w+|(?<=[^\W\d_] )[A-ZÀ-Þ]\w+"
)  # numbers, and words with a capital inside a sentence
RECENT = 256  # sentences whose translations are kept


@dataclass(frozen=True)
class Sentence:
    """source: a part of the text; text: its translation; score: the mean probability of its tokens (geometric);
    alternatives: further translations with their scores, best first; confidence: the chance that the translation is
    right (see `nlp_gru.tools.translation.confidence`), 0 where there is none."""

    source: str
    text: str
    score: float
    alternatives: tuple[tuple[str, float], ...] = ()
    confidence: float = 1.0

    @property
    def unsure(self) -> bool:
        """Whether the translation is rather wrong than right."""
        return self.confidence < UNSURE


@dataclass(frozen=True)
class Translation:
    """text: the translation, with the line breaks and list marks of its source; score: the mean over its sentences.

    language: what the source seems to be written in, "en", "fr", "other" for a third language, or "" where it cannot be
    told. hint: what to tell whoever gave the text, if that is not the language translated from; else "".
    """

    text: str
    score: float
    sentences: tuple[Sentence, ...]
    language: str = ""
    hint: str = ""

    def marked(self, mark: str = " [?]") -> str:
        """Return the text with a mark behind each sentence that is unsure."""
        found, at = "", 0
        for sentence in self.sentences:
            end = self.text.index(sentence.text, at) + len(sentence.text)
            found += self.text[at:end] + (mark if sentence.unsure else "")
            at = end
        return found + self.text[at:]


class Translator:
    """Translates: `translate(text)` gives a `Translation`, `translate(texts)` a list of them in the same order."""

    def __init__(self, model: TranslationModel):
        self.model = model
        self._lock = threading.Lock()
        self._recent: dict[tuple[str, int, int], Sentence] = {}  # a text that is being typed comes again and again

    @property
    def source(self) -> str:
        """The language translated from, as an ISO 639-1 code."""
        return self.model.options.source

    @property
    def target(self) -> str:
        """The language translated to."""
        return self.model.options.target

    @overload
    def __call__(self, texts: str, beam: int = ..., alternatives: int = ...) -> Translation: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, texts: Iterable[str], beam: int = ..., alternatives: int = ...) -> list[Translation]: ...
    def __call__(
        self, texts: str | Iterable[str], beam: int = 5, alternatives: int = 0
    ) -> Translation | list[Translation]:
        """beam: hypotheses followed at once, 1 (greedy, fastest) to 50. alternatives: how many further translations of
        each sentence are wanted, at most beam - 1; there are fewer where others are much less likely, or would change a
        number, a name or only the punctuation. Every string has an answer; what holds no letter stays as it is. Raises
        `TypeError` for what is not text, `UserError` for numbers out of range and for a text of more than a million
        characters.
        """
        if isinstance(texts, str):
            return next(self.stream([texts], beam, alternatives))
        return list(self.stream(texts, beam, alternatives))

    def stream(
        self, texts: Iterable[str], beam: int = 5, alternatives: int = 0, size: int = 256
    ) -> Iterator[Translation]:
        """The same, one after the other, reading `size` texts at a time: for files that do not fit into memory."""
        check_texts(texts)
        beam = whole_number("beam", beam, 1, MAX_BEAM)
        alternatives = whole_number("alternatives", alternatives, 0, beam - 1, " (beam - 1)")
        size = whole_number("size", size, 1, MAX_BATCH)
        return self._stream(iter(texts), beam, alternatives, size)

    def _stream(self, texts: Iterator[str], beam: int, alternatives: int, size: int) -> Iterator[Translation]:
        while some := list(islice(texts, size)):
            check_text(*some)
            yield from self._translate([valid_unicode(text) for text in some], beam, alternatives + 1)

    def align(self, source: str, target: str) -> Alignment:
        """Where the model looks in `source`, one sentence, while it writes `target`, a translation by whomever.

        Raises `TypeError` for what is not text, `UserError` for sentences that are too long to be compared word by
        word.
        """
        check_text(source, target, most=MAX_ALIGNED)
        tokens = [len(ids) for ids in self.model.tokenizer.encode_batch([source, target])]
        if tokens[0] * tokens[1] > MAX_ALIGNED_TOKENS:
            raise UserError(
                f"sentences of {tokens[0]} and {tokens[1]} tokens are too long to be compared; take one sentence"
            )
        return align(self.model, source, target)

    def _translate(self, texts: Sequence[str], beam: int, best: int) -> Iterator[Translation]:
        split = self._segmented(texts)
        languages = [LANGUAGES.recognise(text) if self._knows_both else "" for text in texts]
        wanted = list(dict.fromkeys(part.text for parts in split for part in parts if part.is_sentence))
        done = self._known(wanted, beam, best)
        new = [sentence for sentence in wanted if sentence not in done]
        if new:
            done |= zip(new, self._sentences(new, beam, best), strict=True)
        self._remember(done, beam, best)
        for parts, language in zip(split, languages, strict=True):
            sentences = tuple(done[p.text] for p in parts if p.is_sentence)
            if language == OTHER:
                sentences = tuple(replace(sentence, confidence=0.0) for sentence in sentences)
            text = "".join(done[p.text].text if p.is_sentence else p.text for p in parts)
            score = sum(s.score for s in sentences) / len(sentences) if sentences else 1.0
            is_same = bool(sentences) and 2 * sum(s.text == s.source for s in sentences) > len(sentences)
            told = hint(language, self.source, self.target) if language != self.target or is_same else ""
            yield Translation(text, score, sentences, language, told)

    def _segmented(self, texts: Sequence[str]) -> list[list[Part]]:
        """The parts of texts, which may be the lines of one; the name below a letter's last words is none to
        translate."""
        split = [segment(text, self.source) for text in texts]
        closed = False
        for parts in split:
            for i, part in enumerate(parts):
                if part.is_sentence:
                    if closed and (i == 0 or "\n" in parts[i - 1].text) and is_signature(part.text):
                        parts[i] = Part(part.text, False)
                    closed = is_closing(part.text, self.source)
        return split

    def _known(self, sentences: Sequence[str], beam: int, best: int) -> dict[str, Sentence]:
        with self._lock:
            return {s: self._recent[s, beam, best] for s in sentences if (s, beam, best) in self._recent}

    def _remember(self, done: dict[str, Sentence], beam: int, best: int) -> None:
        with self._lock:
            for text, sentence in done.items():
                self._recent.pop((text, beam, best), None)
                self._recent[text, beam, best] = sentence
            for key in list(self._recent)[:-RECENT]:
                del self._recent[key]

    def _sentences(self, sentences: Sequence[str], beam: int, best: int) -> list[Sentence]:
        languages = self.source, self.target
        lists = phrase, labels.label, DICTIONARY.word
        listed = {i: next(filter(None, (find(s, *languages) for find in lists)), None) for i, s in enumerate(sentences)}
        found = {i: Sentence(sentences[i], text, 1.0) for i, text in listed.items() if text}
        encoded = self.model.tokenizer.encode_batch(sentences)
        for i, (sentence, ids) in enumerate(zip(sentences, encoded, strict=True)):
            if self._is_spelled_out(sentence, ids):
                found[i] = Sentence(sentence, sentence, 0.0, confidence=0.0)
        found = {i: Sentence(sentences[i], sentences[i], 1.0) for i in self._left_alone(sentences)} | found
        readable = [i for i in range(len(sentences)) if i not in found]
        found |= zip(readable, self._read([sentences[i] for i in readable], beam, best), strict=True)
        return [found[i] for i in range(len(sentences))]

    @property
    def _knows_both(self) -> bool:
        return {self.source, self.target} == set(NAMES)

    def _left_alone(self, sentences: Sequence[str]) -> list[int]:
        """The places of the sentences that are in the target language already."""
        if not self._knows_both:
            return []
        sign = 1 if self.target == "en" else -1
        return [i for i, odds in enumerate(LANGUAGES.odds(sentences)) if sign * odds >= CERTAIN]

    def _is_spelled_out(self, sentence: str, ids: Sequence[int]) -> bool:
        """Whether it is in a script that the vocabulary knows by its bytes alone, of which no translation can come."""
        return len(ids) > len(sentence) and sum(self.model.tokenizer.is_byte(i) for i in ids) > len(ids) / 4

    def _read(self, sentences: Sequence[str], beam: int, best: int) -> list[Sentence]:
        clean = [without_placeholders(s) for s in sentences]
        wrapped = [_WRAPPED.fullmatch(s) for s in clean]
        cores = [m["core"] if m else s for m, s in zip(wrapped, clean, strict=True)]
        results = self._attempt(sentences, cores, beam, best)
        self._mend_numbers(results, sentences, cores, beam, best)
        self._mend_names(results, sentences, cores, beam, best)
        for i, result in enumerate(results):
            if (
                result is None
            ):  # the placeholders did not come through: what stands between them is translated by itself
                results[i] = self._in_segments(sentences[i], cores[i], beam)
        weights = self.model.options.confidence
        known = [replace(r, confidence=min(r.confidence, confidence(r.score, r.text, weights))) for r in results if r]
        return [_unwrapped(r, m) for r, m in zip(known, wrapped, strict=True)]

    def _mend_numbers(
        self, results: list[Sentence | None], sentences: Sequence[str], cores: Sequence[str], beam: int, best: int
    ) -> None:
        """Where a number in words was lost, try it in digits."""
        languages = self.source, self.target
        wrong = [i for i, r in enumerate(results) if r and number_words.lost(cores[i], r.text, languages)]
        given = [number_words.in_digits(cores[i], self.source) for i in wrong]
        for i, new in zip(wrong, self._attempt([sentences[i] for i in wrong], given, beam, best), strict=True):
            if new and not number_words.lost(cores[i], new.text, languages):
                results[i] = new

    def _mend_names(
        self, results: list[Sentence | None], sentences: Sequence[str], cores: Sequence[str], beam: int, best: int
    ) -> None:
        """Where a name did not come through, try one that the model knows in its place."""
        lost = [i for i, r in enumerate(results) if r is None and self._knows_both and self._names(cores[i])]
        given = [with_stand_ins(cores[i], self._names(cores[i]), self.source) for i in lost]
        again = self._attempt([sentences[i] for i in lost], [text for text, _ in given], beam, 1)
        for i, (_, stand_ins), new in zip(lost, given, again, strict=True):
            text = new and with_names(new.text, stand_ins, self.target)
            if new and text and all(name in text for name in self._names(cores[i])):
                results[i] = replace(new, text=text)

    def _attempt(self, sentences: Sequence[str], cores: Sequence[str], beam: int, best: int) -> list[Sentence | None]:
        """A translation of each sentence in which all that is kept came through, or None. cores: without the tags
        around them."""
        tried = [(i, form) for i, core in enumerate(cores) for form in forms(core, self.source, self.target)]
        texts = [prepared(form.text, self.source, self.target) for _, form in tried]
        safe = [protect(text, self._is_name(form), self.source) for text, (_, form) in zip(texts, tried, strict=True)]
        found = self._search([text for text, _ in safe], beam, beam)  # all, since some may lose a placeholder
        results: list[Sentence | None] = [None] * len(sentences)
        likeliest = [0.0] * len(sentences)
        for (i, form), (source, kept), hypotheses in zip(tried, safe, found, strict=True):
            back = [rewritten(string, self.source, self.target) for string in kept]
            restored = [
                (polished(cores[i], t, self.target), p, size)
                for h, p, size in hypotheses
                if (text := restore(h, back, source)) is not None
                and (t := form.restore(text))
                and is_intact(cores[i], t)
            ]
            new = _sentence(sentences[i], [(t, p) for t, p, _ in restored], best)
            if new and (likelihood := form.likelihood(*restored[0])) > likeliest[i]:
                results[i], likeliest[i] = new, likelihood
        return results

    def _is_name(self, form: Form) -> IsName:
        """Which words of a form are kept as names: not its first, where that was typed in small letters."""
        if not form.lowered:
            return self.model.is_name
        return lambda word, begins: not form.text.startswith(word) and self.model.is_name(word, begins)

    def _names(self, text: str) -> list[str]:
        return [m[0] for m in NAME.finditer(text) if self.model.is_name(m[0], m.start() == 0)]

    def _in_segments(self, sentence: str, core: str, beam: int) -> Sentence:
        """The sentence put together of what is kept and of the translations of what stands between."""
        parts = segments(core, self.model.is_name, self.source)
        if not any(kept for _, kept in parts):  # nothing to hold on to, and yet no hypothesis
            return Sentence(sentence, sentence, 0.0, confidence=0.0)
        between = [text.strip() for text, kept in parts if not kept and any(c.isalpha() for c in text)]
        done = dict(zip(between, self._read(between, beam, 1), strict=True))
        found = ""
        for text, kept in parts:
            if kept:
                found += rewritten(text, self.source, self.target)
            elif (inner := text.strip()) in done:
                found += text.replace(inner, done[inner].text, 1)
            else:
                found += text
        sure = float(is_intact(core, found))
        return Sentence(sentence, found, min((part.score for part in done.values()), default=1.0), confidence=sure)

    def _search(self, sources: Sequence[str], beam: int, best: int) -> list[list[tuple[str, float, int]]]:
        """The best translations of each source with the mean probability of their tokens and how many these are, EOS
        included."""
        model, decode = self.model, self.model.tokenizer.decode
        ids = [[*tokens, EOS] for tokens in model.tokenizer.encode_batch(sources)]
        found: list[list[Hypothesis]] = [[] for _ in ids]
        for rows in bucket([(len(i),) for i in ids], BATCH_TOKENS, batch_rows=min(64, BATCH_HYPOTHESES // beam)):
            for i, hypotheses in zip(rows, model.search([ids[i] for i in rows], beam, best), strict=True):
                found[i] = sorted(hypotheses, key=self._rank, reverse=True)
        return [
            [(decode(h.tokens).strip(), math.exp(h.log_p / (n := len(h.tokens) + 1)), n) for h in hypotheses]
            for hypotheses in found
        ]

    def _rank(self, hypothesis: Hypothesis) -> float:
        """What hypotheses are sorted by: the mean log-probability of their tokens, less for what of the source they
        leave out."""
        return hypothesis.log_p / (len(hypothesis.tokens) + 1) + self.model.options.coverage * hypothesis.coverage

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.source!r} -> {self.target!r})"


def _sentence(source: str, texts: Sequence[tuple[str, float]], best: int) -> Sentence | None:
    distinct: dict[str, float] = {}
    for text, p in texts:
        if text:
            distinct.setdefault(text, p)
    first, *others = distinct.items() or [("", 0.0)]
    same = [(text, p) for text, p in others if p >= FAR_BELOW * first[1] and _says_the_same(first[0], text)]
    return Sentence(source, *first, tuple(same[: best - 1])) if first[0] else None


def _says_the_same(text: str, other: str) -> bool:
    """Whether a translation differs from another in its words, but in no number and no name."""
    facts = (sorted(_FACT.findall(t)) for t in (text, other))
    return letters(text) != letters(other) and next(facts) == next(facts)


def _unwrapped(sentence: Sentence, wrapped: re.Match[str] | None) -> Sentence:
    """The sentence with the tags around it back in place."""
    if wrapped is None:
        return sentence
    before, after = wrapped["before"], wrapped["after"]
    alternatives = tuple((f"{before}{text}{after}", p) for text, p in sentence.alternatives)
    return replace(sentence, text=f"{before}{sentence.text}{after}", alternatives=alternatives)
