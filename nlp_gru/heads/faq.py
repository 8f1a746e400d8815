"""A bot of one's own questions and answers: the shared encoder finds the answer, or finds that there is none.

Each answer is a class, and its questions are the rows: the network is that of the sentiment head. How sure it may be is not
read from the probabilities, which are shares among the answers, but from the energy of its logits (Liu et al. 2020,
https://arxiv.org/abs/2010.03759), with a threshold under which a given share of held-out questions would have no answer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nlp_gru.batch import Batch, bucket, collate, frame
from nlp_gru.dataset import Rows
from nlp_gru.errors import RowError, UserError
from nlp_gru.forms import letters
from nlp_gru.heads.head import Head
from nlp_gru.heads.sentiment import Example, SentimentHead
from nlp_gru.recipe import FaqOptions
from nlp_gru.sentiment import clip

LEAST_QUESTIONS = 5  # of an answer, before one of them is held out
LEAST_HELD_OUT = 30
NGRAM_WEIGHTS = 4_000_000


class FaqHead(SentimentHead):
    Options = FaqOptions
    columns = ("question", "answer")
    options: FaqOptions

    @classmethod
    def complete(cls, options: Any, rows: Rows) -> FaqOptions:
        """Options whose labels are the answers. Raises `UserError` for a question with two answers, or a single answer."""
        first: dict[str, int] = {}
        for i, (question, answer) in enumerate(zip(rows["question"], rows["answer"], strict=True)):
            if not all(isinstance(text, str) and text.strip() for text in (question, answer)):
                raise UserError(
                    f"{rows.where(i)}: a question and an answer are needed, and one of them is empty or no text"
                )
            j = first.setdefault(letters(question), i)
            if rows["answer"][j].strip() != answer.strip():
                raise UserError(
                    f"{rows.where(i)}: the question {question.strip()!r} has another answer in {rows.where(j)}"
                )
        answers = sorted({answer.strip() for answer in rows["answer"]})
        if len(answers) < 2:
            raise UserError(f"{rows.files}: two answers at least are needed to choose from, and there is only one")
        ngrams = min(options.ngrams, NGRAM_WEIGHTS // len(answers))
        return FaqOptions(**{**options.model_dump(), "labels": answers, "ngrams": ngrams})

    @classmethod
    def hold_out(cls, rows: Rows, seed: int) -> tuple[Rows, Rows]:
        """A tenth of the questions, of answers that have several. Where that is too few, all are learned from and what is
        validated on are the same questions with a word left out: a poor man's paraphrase."""
        draw = random.Random(seed)
        of: dict[str, list[int]] = {}
        for i, answer in enumerate(rows["answer"]):
            of.setdefault(str(answer).strip(), []).append(i)
        held = []
        for places in of.values():
            if len(places) >= LEAST_QUESTIONS:
                held += draw.sample(places, max(len(places) // 10, 1))
        if len(held) >= LEAST_HELD_OUT:
            out = set(held)
            return rows.take([i for i in range(len(rows)) if i not in out]), rows.take(sorted(held))
        copies = [i for i in range(len(rows)) for _ in range(2)]
        valid = rows.take(copies)
        valid["question"] = [_without_a_word(str(q), draw) for q in valid["question"]]
        return rows, valid

    @classmethod
    def alike(cls, *parts: Rows) -> tuple[Rows, ...]:
        return parts

    @classmethod
    def warning(cls, rows: Rows) -> str:
        return ""  # an answer may have one question alone

    def adopt(self, other: Head) -> list[str]:
        return []

    def examples(self, rows: Rows, max_length: int) -> list[Example]:
        place = {answer: i for i, answer in enumerate(self.options.labels)}
        examples = []
        for i, ids in enumerate(self.tokenizer.encode_batch(clip(q.strip()) for q in rows["question"])):
            answer = rows["answer"][i].strip()
            if answer not in place:
                raise RowError(i, f"the model has no answer '{answer}'")
            examples.append(Example(np.asarray(frame(ids, max_length), dtype=np.int32), place[answer]))
        return examples

    @torch.no_grad()
    def finish(self, batches: Sequence[Batch]) -> None:
        """Also choose the threshold: the energy that `refused` of the held-out questions do not reach."""
        super().finish(batches)
        energies = torch.cat([self.energy(b) for b in batches])
        threshold = round(float(torch.quantile(energies, self.options.refused)), 4)
        self.options = self.options.model_copy(update={"threshold": threshold})

    def energy(self, batch: Batch) -> Tensor:
        """(B,): high where the text is like those that some answer belongs to."""
        return self.blended(self.encoder.embedding(batch.ids), batch).logsumexp(-1)

    @torch.inference_mode()
    def answers(self, questions: Sequence[str], batch_tokens: int = 8192) -> list[tuple[bool, dict[str, float]]]:
        """For each question: whether it has an answer at all, and every answer's probability if it has."""
        framed = [frame(i, self.options.max_length) for i in self.tokenizer.encode_batch(map(clip, questions))]
        found: dict[int, tuple[bool, dict[str, float]]] = {}
        for indices in bucket([(len(f),) for f in framed], batch_tokens):
            batch = collate([framed[i] for i in indices])
            logits = self.blended(self.encoder.embedding(batch.ids), batch)
            fits = (logits.logsumexp(-1) >= self.options.threshold).tolist()
            for i, fit, row in zip(indices, fits, logits.softmax(-1).tolist(), strict=True):
                found[i] = (fit, dict(zip(self.options.labels, row, strict=True)))
        return [found[i] for i in range(len(framed))]


def _without_a_word(text: str, draw: random.Random) -> str:
    words = text.split()
    if len(words) > 2:
        del words[draw.randrange(len(words))]
    return " ".join(words)
