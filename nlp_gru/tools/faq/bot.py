"""The Python API of a bot of questions and answers: it finds the answer, asks what was meant, or says that it has
none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.errors import MAX_CANDIDATES, MAX_ENCODED, UserError, check_seed, check_text, check_texts, number
from nlp_gru.model_folder.options import FaqOptions
from nlp_gru.text.casing import letters
from nlp_gru.text.tokenizer import valid_unicode
from nlp_gru.tools.chat.chatbot import MAX_TURN, ChatBot, Reply, bundled_chat, read_turns
from nlp_gru.tools.faq import folder as faq_folder
from nlp_gru.tools.faq.background import background
from nlp_gru.tools.faq.decide import OFFERED, adjusted, probabilities
from nlp_gru.tools.faq.fits import Index
from nlp_gru.tools.faq.folder import Learned, Stored
from nlp_gru.tools.faq.manners import manners
from nlp_gru.tools.faq.words import words
from nlp_gru.tools.similarity.encoder import bundled_encoder

if TYPE_CHECKING:
    from nlp_gru.data_files.rows import Rows

SHOWN, CLOSEST = 8, 3  # candidates and nearest questions of a reply
BATCH = 64  # questions looked up at once
LEAST_ANSWERS = 2


class FaqBot:
    """Answers the questions that it knows, in other words and with typing errors too, and says so when it has no
    answer.

    >>> from nlp_gru import FaqBot
    >>> bot = FaqBot([("When do you open?", "At nine."), ("Where are you?", "In Rome.")])
    >>> bot.reply("when r u opening").text
    'At nine.'
    """

    def __init__(
        self,
        rows: Sequence[tuple[str, str]],
        options: FaqOptions | None = None,
        vectors: Array | None = None,
        answer_vectors: Array | None = None,
        learned: Learned | None = None,
    ):
        """rows: (question, answer); several questions may share an answer. vectors, answer_vectors: of the bundled
        encoder, where they are known; learned: from these rows, where that is known. Raise `UserError` for a question
        with two answers, an empty one, or a single answer."""
        self.options = options or FaqOptions()
        self._learn(checked(rows), vectors, answer_vectors, learned)

    def _learn(
        self,
        rows: list[tuple[str, str]],
        vectors: Array | None,
        answer_vectors: Array | None,
        learned: Learned | None = None,
    ) -> None:
        """Take these rows, which are `checked`, for all that there are."""
        questions = [question for question, _ in rows]
        self.rows, self.answers = rows, list(dict.fromkeys(answer for _, answer in rows))
        place = {answer: i for i, answer in enumerate(self.answers)}
        self.target = np.array([place[answer] for _, answer in rows])
        self.vectors = _encode(questions) if vectors is None else vectors
        self.answer_vectors = _encode(self.answers) if answer_vectors is None else answer_vectors
        fit = learned.fit if learned else None
        self.index = Index(questions, self.target, self.answers, self.vectors, self.answer_vectors, background(), fit)
        self.shift = learned.shift if learned else adjusted(self.index)

    @classmethod
    def from_rows(cls, rows: Rows, options: FaqOptions | None = None) -> FaqBot:
        """A bot of a data file's rows. Raise `UserError` naming file and row."""
        where = [rows.where(i) for i in range(len(rows))]
        return cls(checked(list(zip(rows["question"], rows["answer"], strict=True)), where, rows.files), options)

    @classmethod
    def load(cls, folder: str | Path) -> FaqBot:
        """A bot that was saved. Raise `UserError` for a folder that is damaged, of another encoder or of an earlier
        version."""
        found = faq_folder.load(Path(folder))
        return cls(found.rows, found.options, found.vectors, found.answer_vectors, found.learned)

    def save(self, folder: str | Path) -> None:
        """Write the bot as a model folder, without the encoder, which comes with the package."""
        learned = Learned(self.index.fit, self.shift)
        faq_folder.save(Stored(self.rows, self.options, self.vectors, self.answer_vectors, learned), Path(folder))

    def reply(self, history: Sequence[str] | str, *, seed: int | None = None, threshold: float | None = None) -> Reply:
        """Return the answer to the last turn; where none fits well enough, the nearest questions or a refusal.

        threshold: the fit, from 0 to 1, from which it answers; the bot's own if not given. seed: of small talk, where
        that takes over. Raise `TypeError` for what is not text, `UserError` where there is no turn to reply to or a
        setting is out of range.
        """
        turns, seed = read_turns([history] if isinstance(history, str) else history), check_seed(seed)
        reply = self._replies([turns[-1]], self._threshold(threshold))[0]
        if not reply.answered and self.options.small_talk:
            talk = self.small_talk.reply(turns, seed=seed)
            return Reply(talk.text, talk.score, reply.candidates, answered=False, closest=reply.closest)
        return reply

    def replies(self, questions: Sequence[str], *, threshold: float | None = None) -> list[Reply]:
        """Return a reply to each question, in order, without small talk. Raise as `reply`."""
        check_texts(questions)
        some = list(islice(questions, MAX_CANDIDATES + 1))
        check_text(*some)
        if len(some) > MAX_CANDIDATES:
            raise UserError(f"more than {MAX_CANDIDATES:,} questions at once are too many; ask in parts")
        limit = self._threshold(threshold)
        return [reply for i in range(0, len(some), BATCH) for reply in self._replies(some[i : i + BATCH], limit)]

    def _threshold(self, threshold: float | None) -> float:
        return self.options.threshold if threshold is None else number("threshold", threshold, 0, 1)

    def _replies(self, asked: Sequence[str], threshold: float) -> list[Reply]:
        texts = [valid_unicode(text[-MAX_TURN:]).strip() for text in asked]
        meant = [self.index.known.corrected(text) for text in texts]
        forms = [*texts, *(m for m, t in zip(meant, texts, strict=True) if m != t)]
        vectors = _encode(forms)
        fits = self.index(forms, vectors)
        shares = probabilities(fits, self.index.traits, self.shift)
        second = iter(range(len(texts), len(forms)))
        result = []
        for i, (text, other) in enumerate(zip(texts, meant, strict=True)):
            j = next(second) if other != text else i
            best = j if shares[j].max() > shares[i].max() else i
            polite = manners(text, vectors[i], float((self.vectors @ vectors[i]).max()))
            result.append(self._reply(forms[best], shares[best], fits.nearest[best], polite, threshold))
        return result

    def _reply(self, text: str, shares: Array, nearest: Array, polite: str, threshold: float) -> Reply:
        said = bool(words(text))
        if not said:
            shares = np.zeros_like(shares)  # emoji and marks alone say nothing that could be looked up
        order = np.argsort(-shares, kind="stable")[:SHOWN]
        candidates = tuple((self.answers[i], round(float(shares[i]), 4)) for i in order)
        closest = self._closest(nearest)
        if polite:
            return Reply(polite, 1.0, candidates, closest=closest)
        fit = candidates[0][1]
        if fit >= threshold and said:
            return Reply(candidates[0][0], fit, candidates, closest=closest)
        if fit >= OFFERED * threshold and said:
            offers = " or ".join(f"“{question}”" for question in closest)
            return Reply(f"Did you mean {offers}?", fit, candidates, answered=False, closest=closest, offered=True)
        return Reply(self.options.refusal, fit, candidates, answered=False, closest=closest)

    def _closest(self, nearest: Array) -> tuple[str, ...]:
        """The nearest questions of different answers, the best first."""
        found: dict[int, str] = {}
        for i in np.argsort(-nearest, kind="stable"):
            found.setdefault(int(self.target[i]), self.rows[i][0])
            if len(found) == CLOSEST:
                break
        return tuple(found.values())

    def add(self, question: str, answer: str) -> None:
        """Learn a question with its answer, new or known, at once. Raise `UserError` where it has another answer
        already."""
        rows = checked([*self.rows, (question, answer)])
        if len(rows) == len(self.rows):
            return
        new = rows[-1][1] not in self.answers
        more = _encode([rows[-1][1]]) if new else self.answer_vectors[:0]
        vectors = np.concatenate([self.vectors, _encode([rows[-1][0]])])
        self._learn(rows, vectors, np.concatenate([self.answer_vectors, more]))

    def remove(self, question: str) -> None:
        """Forget a question, and its answer with its last one. Raise `UserError` for one that is not known, and where a
        single answer would be left."""
        kept = [i for i, (known, _) in enumerate(self.rows) if letters(known) != letters(question)]
        if len(kept) == len(self.rows):
            raise UserError(f"the question {question.strip()[:100]!r} is not known")
        rows = checked([self.rows[i] for i in kept])
        left = [self.answers.index(answer) for answer in dict.fromkeys(answer for _, answer in rows)]
        self._learn(rows, self.vectors[kept], self.answer_vectors[left])

    @cached_property
    def small_talk(self) -> ChatBot:
        return bundled_chat()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.rows)} questions, {len(self.answers)} answers)"


def checked(rows: Sequence[tuple[str, str]], where: Sequence[str] = (), files: str = "") -> list[tuple[str, str]]:
    """The rows without spaces around and without repeats. where: how to call each row. Raise `UserError` as
    `FaqBot`."""
    first: dict[str, tuple[int, str]] = {}
    result = []
    for i, (question, answer) in enumerate(rows):
        name = where[i] if where else f"row {i + 1}"
        if not all(isinstance(text, str) and text.strip() for text in (question, answer)):
            raise UserError(f"{name}: a question and an answer are needed, and one of them is empty or no text")
        pair = valid_unicode(question).strip(), valid_unicode(answer).strip()
        j, known = first.setdefault(letters(question) or pair[0], (i, pair[1]))
        if known != pair[1]:
            other = where[j] if where else f"row {j + 1}"
            raise UserError(f"{name}: the question {pair[0]!r} has another answer in {other}")
        if j == i:
            result.append(pair)
    if len({answer for _, answer in result}) < LEAST_ANSWERS:
        raise UserError(
            f"{f'{files}: ' if files else ''}two answers at least are needed to choose from, and there is only one"
        )
    return result


def _encode(texts: Sequence[str]) -> Array:
    """(N, 384) float32, unit vectors, of any number of texts."""
    parts = [bundled_encoder().encode(texts[i : i + MAX_ENCODED]) for i in range(0, len(texts), MAX_ENCODED)]
    return np.concatenate(parts) if parts else bundled_encoder().encode([])
