"""The Python API of chat: replies to a dialogue, and scores for replies that are given."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import TypeVar

import numpy as np

from nlp_gru.arrays import softmax
from nlp_gru.decoding.sampling import sample_many
from nlp_gru.errors import (
    MAX_CANDIDATES,
    MAX_REPLY_WORDS,
    MAX_SAMPLED_WORDS,
    MAX_SAMPLES,
    MAX_TEMPERATURE,
    MAX_TURNS,
    UserError,
    check_seed,
    check_text,
    check_texts,
    number,
    whole_number,
)
from nlp_gru.model_folder.bundled import find_model
from nlp_gru.onnx_engine.folder import load_onnx
from nlp_gru.text.casing import letters
from nlp_gru.text.tokenizer import EOS, valid_unicode
from nlp_gru.text.word_list import english_words
from nlp_gru.tools.chat import prepared, recall, safety
from nlp_gru.tools.chat.bank import Bank, load_bank, stems, turn_vector
from nlp_gru.tools.chat.faults import is_sound, said_before, stale
from nlp_gru.tools.chat.honesty import instead, is_about_the_bot, is_claim, is_out_of_place
from nlp_gru.tools.chat.ranking import TURNS, Place, Ranking, load_ranking
from nlp_gru.tools.protocols import ChatModel
from nlp_gru.tools.similarity.encoder import TextEncoder, bundled_encoder

MAX_TURN = 2000  # characters of a turn that are read: its last ones
# The cosine from which a turn is taken for a question that has a ready answer; where it asks the bot about itself, or
# greets and no more, less will do.
READY_MIN_COSINE, PERSONAL_MIN_COSINE = 0.8, 0.6
READY_SPREAD = 0.1  # by which a cosine may be below the best one for its answer to be said in its place
SHARP = 50.0  # on cosines, where several have
REPLY_TOKENS = 256  # of a reply that is scored: its first ones
BATCH_TOKENS = 512  # read at once, with padding: what a session once needed, it keeps
TOKENS_A_WORD = 2  # at most, of those that a reply is cut at
# What a candidate's rank is made of: the mean log-probability of its tokens after the dialogue, less this share of the
# mean after nothing, plus this many times the cosine of the dual encoder.
UNEXPECTED, MATCH = 1.0, 10.0
MEANT = 10.0  # on the rank, times the cosine of the sentences' dual encoder
CLASH = 8.0  # off the rank, times how badly the moods agree
# Off the rank, times the share of a candidate that stands in earlier turns and the share that half of the last ones
# have.
AGAIN = 3.0
NEAR = 22.0  # on the rank of a reply from the bank, times the cosine of the turn it was written to with the last one
FINALISTS = 10  # candidates whose likelihood is looked at: the best by what else makes their rank
BANK_NEAREST, BANK_MIN_COSINE = 8, 0.52  # turns of the bank whose replies compete, and how like the last one they are
# A turn that greets, thanks or takes leave.
GREETING = re.compile(
    r"^\W*(?:hi+|hello|hey+|hiya|yo|good (?:morning|afternoon|evening|day)|thanks|thank you|thx)\b"
    r"|\b(?:(?:good)?bye+|good ?night|cya|see (?:you|ya)|talk to you|gotta go|have to go)\b",
    re.I,
)
# A turn that wants an answer.
QUESTION = re.compile(
    r"\?\W*$|^\W*(?:what|how|why|who|where|when|which|do|does|did|can|could|should|would|will|is|are|am|have|has|was|were|"
    r"tell me|say)\b",
    re.I,
)
OPINION = re.compile(r"\b(?:you (?:think|say|believe|suggest|recommend|know|remember)|your (?:opinion|advice))\b", re.I)
# General replies that compete, safe ones and others, and the cosine that they are taken to have.
GENERAL, SAFE_COSINE, GENERAL_COSINE = 16, 0.56, 0.46


@dataclass(frozen=True)
class Reply:
    """text; score: 0 to 1, the share of this candidate among all; candidates: all of them with their shares, this one
    first and then the best.

    Of a bot of questions and answers, score and shares are fits, each from 0 to 1 and comparable between questions.
    answered: False where none fits well enough; offered: that the text asks whether one of the nearest questions was
    meant; closest: the nearest known questions, each of another answer.
    """

    text: str
    score: float
    candidates: tuple[tuple[str, float], ...] = ()
    answered: bool = True
    closest: tuple[str, ...] = ()
    offered: bool = False


class ChatBot:
    """Small talk. It keeps nothing: the caller hands in the turns so far, the user's last.

    contacts: whom a person in danger is told to call; keys as in `nlp_gru.tools.chat.safety.HELP`. bank, ranking:
    written replies, which compete with those it makes up; both are left aside where they were made for another
    sentence encoder.
    """

    def __init__(
        self,
        model: ChatModel,
        contacts: Mapping[str, str] | None = None,
        bank: Bank | None = None,
        ranking: Ranking | None = None,
    ):
        self.model = model
        self._bank, self._ranking = bank, ranking
        self.contacts = contacts or {}

    def reply(
        self,
        history: Sequence[str],
        *,
        candidates: int = 8,
        temperature: float = 0.8,
        top_p: float = 0.9,
        max_words: int = 40,
        seed: int | None = None,
    ) -> Reply:
        """The best of so many sampled replies, of the bank's nearest and of general ones, by how well each follows the
        dialogue and how little it would follow anything (maximum mutual information, Li et al. 2016,
        https://arxiv.org/abs/1510.03055). Before that, in this order: a turn that speaks of danger gets a reply that
        points to help (`nlp_gru.tools.chat.safety`), a question about what the user told before is answered with it
        (`nlp_gru.tools.chat.recall`), and one with a ready answer, as those about the bot itself, gets that one.

        temperature: 0 gives always the same reply; so does a seed. Raises `TypeError` for what is not text, `UserError`
        where there is no turn to reply to, a setting is out of range or a text longer than a million characters.
        """
        candidates = whole_number("candidates", candidates, 1, MAX_SAMPLES)
        max_words = whole_number("max_words", max_words, 1, MAX_REPLY_WORDS)
        if candidates * max_words > MAX_SAMPLED_WORDS:
            raise UserError(
                f"candidates times max_words is {candidates * max_words:,}; the most is {MAX_SAMPLED_WORDS:,}"
            )
        temperature = number("temperature", temperature, 0, MAX_TEMPERATURE)
        top_p, seed = number("top_p", top_p, 0, 1, above=True), check_seed(seed)
        turns = read_turns(history)
        said = {letters(t) for t in turns}
        first = self._prepared(turns, said, temperature, seed)
        if first is not None:
            return first
        context = self.model.join(self.model.tokenizer.encode_batch(turns))
        texts = self._sampled(context, candidates if temperature > 0 else 1, temperature, top_p, max_words, seed)
        place, gains = self._written(turns, random.Random(seed) if temperature > 0 else None)
        written = {text: gain for text, gain in gains.items() if text.count(" ") < max_words}
        own = dict(zip(written, self.model.tokenizer.encode_batch(written), strict=True))
        fresh = self._fit({**texts, **own}, turns)
        if not fresh:  # all repeat something, or claim what no program has: others are looked for
            texts = self._sampled(context, max(candidates, 8), max(temperature, 0.8), top_p, max_words, seed or 0)
            fresh = self._fit(texts, turns)
        if not fresh:
            return Reply(instead(turns[-1], random.Random(seed or 0), set(turns)), 0.0)
        again = np.array([said_before(text, turns) + stale(text, turns) for text in fresh])
        ranks = np.array([written.get(text, 0.0) for text in fresh]) - AGAIN * again
        ranks += MATCH * self.model.match(context, list(fresh.values())) + self._meant(place, list(fresh))
        last = np.sort(np.argsort(-ranks, kind="stable")[:FINALISTS])  # what comes next takes longer
        best = [list(fresh)[i] for i in last]
        shares = softmax(ranks[last] + self._likely(context, [fresh[text] for text in best]))
        return _reply(best, shares, int(shares.argmax()))

    def _prepared(self, turns: Sequence[str], said: set[str], temperature: float, seed: int | None) -> Reply | None:
        """The reply to danger, to a question about what was told, or to one that has a ready answer."""
        texts = safety.parts(turns[-1])
        vectors = self.encoder.encode(texts)
        if kind := self._alarm.of(texts, vectors):
            return Reply(safety.reply(kind, self.contacts), 1.0)
        if recall.is_asked(turns[-1]):
            told = recall.recalled(turns[-3::-2][::-1], turns[-1], self.encoder)
            if told:
                return Reply(told, 1.0)
        known = {
            text: cosine for text, cosine in self._known(turns[-1], vectors[0]).items() if letters(text) not in said
        }
        if not known:
            return None
        shares = softmax(SHARP * np.array(list(known.values())))
        draw = np.random.default_rng(seed)
        chosen = int(draw.choice(len(shares), p=shares)) if temperature > 0 else int(shares.argmax())
        return _reply(list(known), shares, chosen)

    def _sampled(
        self, context: Sequence[int], rows: int, temperature: float, top_p: float, max_words: int, seed: int | None
    ) -> dict[str, list[int]]:
        """Sampled replies to a context (`join`) with their tokens, each once."""
        found = sample_many(
            self.model.step,
            self.model.read([context], rows),
            rows,
            TOKENS_A_WORD * max_words,
            temperature=temperature,
            top_p=top_p,
            seed=seed,
        )
        texts = {self.model.tokenizer.decode(ids).strip(): list(ids) for ids in found if ids}
        texts.pop("", None)
        return texts

    def _fit(self, texts: Mapping[str, list[int]], turns: Sequence[str]) -> dict[str, list[int]]:
        """Those of the sampled replies that say something new, once, in sound words, that a program may say."""
        known = english_words()
        return {
            text: ids
            for text, ids in texts.items()
            if not is_claim(text) and not is_out_of_place(text, turns) and is_sound(text, turns, known)
        }

    @cached_property
    def bank(self) -> Bank | None:
        return _made_for(self.encoder, self._bank)

    @cached_property
    def ranking(self) -> Ranking | None:
        return _made_for(self.encoder, self._ranking)

    @cached_property
    def encoder(self) -> TextEncoder:
        return bundled_encoder()

    @cached_property
    def _alarm(self) -> safety.Alarm:
        return safety.Alarm(self.encoder)

    def score(self, history: Sequence[str], candidates: Sequence[str]) -> list[float]:
        """How well each candidate follows the dialogue, -1 to 1: the cosine of the dual encoder. Of a long one, the
        start is read.

        Raises as `reply`.
        """
        turns = read_turns(history)
        check_texts(candidates)
        replies = list(islice(candidates, MAX_CANDIDATES + 1))
        check_text(*replies)
        if len(replies) > MAX_CANDIDATES:
            raise UserError(f"more than {MAX_CANDIDATES:,} candidates are too many")
        if not replies:
            return []
        encode = self.model.tokenizer.encode_batch
        context = self.model.join(encode(turns))
        ids = [i[:REPLY_TOKENS] for i in encode([r[:MAX_TURN] for r in replies])]
        return [float(s) for some in _batches(ids) for s in self.model.match(context, some)]

    @cached_property
    def questions(self) -> np.ndarray:
        """The vectors (N, D) of the questions that have a ready answer."""
        asked = [question for question, _ in self.model.options.ready]
        known = prepared.ready(asked, self.encoder.sha256)
        return self.encoder.encode(asked) if known is None else known

    def _known(self, turn: str, vector: np.ndarray) -> dict[str, float]:
        """The ready answers of questions that are like the turn, whose vector is (D,), each with the nearest one's
        cosine."""
        if not self.model.options.ready:
            return {}
        personal = is_about_the_bot(turn) or (GREETING.search(turn) is not None and len(safety.parts(turn)) == 1)
        cosines = (self.questions @ vector).tolist()
        near: dict[str, float] = {}
        for (_, answer), cosine in zip(self.model.options.ready, cosines, strict=True):
            if cosine >= (PERSONAL_MIN_COSINE if personal else READY_MIN_COSINE):
                near[answer] = max(
                    round(cosine, 3), near.get(answer, 0.0)
                )  # of answers to one question, the first is first
        best = max(near.values(), default=0.0)
        return {answer: cosine for answer, cosine in near.items() if cosine > best - READY_SPREAD}

    def _written(self, turns: Sequence[str], draw: random.Random | None) -> tuple[Place | None, dict[str, float]]:
        """Where the dialogue lies, and written replies with what each gains in rank by that: those of the bank to what
        is like the last turn, and general ones that follow the dialogue. draw: of the general ones, half are drawn."""
        place, found = None, dict[str, float]()
        if self.bank is None and self.ranking is None:
            return place, found
        vectors = self.encoder.encode(turns[: -1 - TURNS : -1])  # the last first
        if self.bank is not None:
            told = stems(" ".join(turns))
            for i, cosine in self.bank.nearest(turn_vector(vectors), BANK_NEAREST):
                if cosine >= BANK_MIN_COSINE:
                    fit = [reply.text for reply in self.bank.replies[i] if reply.about <= told]
                    found = dict.fromkeys(fit, NEAR * cosine) | found
        if self.ranking is not None:
            place = self.ranking.read(vectors)
            for kind, cosine in _kinds(turns[-1]):
                for text in self.ranking.nearest(place, kind, GENERAL):
                    if draw is None or draw.random() < 0.5:
                        found[text] = max(found.get(text, 0.0), NEAR * cosine)
        return place, found

    def _likely(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> np.ndarray:
        """(N,) how likely each reply is after a context, and how unlikely after nothing, for each token."""
        sizes = np.array([len(r) + 1 for r in replies])
        given = self.model.log_p(context, replies) / sizes
        alone = self.model.log_p([EOS], replies) / sizes
        likely: np.ndarray = given - UNEXPECTED * alone
        return likely

    def _meant(self, place: Place | None, replies: Sequence[str]) -> np.ndarray:
        """(N,) what each reply's meaning adds to its rank."""
        if self.ranking is None or place is None:
            return np.zeros(len(replies))
        cosines, clash = self.ranking.scores(self.encoder, place, replies)
        meant: np.ndarray = MEANT * cosines - CLASH * clash
        return meant

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.model.options.context_turns} turns)"


Part = TypeVar("Part", Bank, Ranking)


def _made_for(encoder: TextEncoder, part: Part | None) -> Part | None:
    """The part, unless it was made for another encoder."""
    return part if part is not None and part.encoder == encoder.sha256 else None


def _kinds(turn: str) -> list[tuple[str, float]]:
    """The kinds of general replies to a turn, and the cosine that they are taken to have."""
    if not QUESTION.search(turn):
        return [("usual", GENERAL_COSINE), ("safe", SAFE_COSINE)]
    return [("own" if is_about_the_bot(turn) and not OPINION.search(turn) else "open", SAFE_COSINE)]


def read_turns(history: Sequence[str]) -> list[str]:
    """The turns with something in them, each cut to its end. Raises as `ChatBot.reply`."""
    if isinstance(history, str):
        raise TypeError("a history is a list of turns, not one text")
    check_texts(history)
    turns = list(islice(history, MAX_TURNS + 1))
    if len(turns) > MAX_TURNS:
        raise UserError(f"a dialogue of more than {MAX_TURNS:,} turns is too long")
    check_text(*turns)
    last = [t for t in (valid_unicode(turn[-MAX_TURN:]).strip() for turn in turns[-100:]) if t]
    if not last or not turns[-1].strip():
        raise UserError("there is no turn to reply to: the last one is empty")
    return last


def _batches(sequences: Sequence[list[int]]) -> Iterator[Sequence[list[int]]]:
    """The sequences, in order, so many at a time that they fit into memory."""
    rows = max(BATCH_TOKENS // max(1, *map(len, sequences)), 1)
    for start in range(0, len(sequences), rows):
        yield sequences[start : start + rows]


def _reply(texts: Sequence[str], shares: np.ndarray, chosen: int) -> Reply:
    order = sorted(range(len(texts)), key=lambda i: (i != chosen, -float(shares[i])))
    return Reply(texts[chosen], float(shares[chosen]), tuple((texts[i], float(shares[i])) for i in order))


@cache
def bundled_chat() -> ChatBot:
    """Return the chat bot that comes with the package, loaded once."""
    folder = find_model("chat")
    model = load_onnx(folder)
    assert model is not None  # the engine knows what it bundles
    return ChatBot(model, bank=load_bank(folder), ranking=load_ranking(folder))
