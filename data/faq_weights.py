"""The weights of `nlp_gru.tools.faq.decide`: by which signals a bot's best answer is right, over many draws of bots.

    python data/faq_weights.py --source DIR        # DIR holds hwu64 and the dialogues of STRANGE, as named below

One half of the draws are bots of some intents of HWU64, which are asked other rows of them and what lies outside: other
intents, and questions out of dialogues. The other half are bots of the small FAQs in data/faq_made, of all rows and of
some, so that what the rows left out would answer lies near outside. CLINC150 and BANKING77 are not looked at.

Prints the weights, and for each kind of question in data/faq_made what bots do with it: the share that is answered
rightly or, where nothing fits, refused. First for the FAQs that are fitted on, by weights fitted without the FAQ
itself, by which ODDS was chosen; then for those of MEASURED, which are kept out of it all.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from common import arguments, clean, read
from meaning import slip

from nlp_gru.tools.faq.background import background
from nlp_gru.tools.faq.decide import CONSTANTS, columns
from nlp_gru.tools.faq.fits import SIGNALS, Index
from nlp_gru.tools.similarity.encoder import bundled_encoder

DRAWS, QUESTIONS, ANSWERS = 2, (1, 2, 3, 5, 10, 30, 80), (12, 30, 48)  # of HWU64
INSIDE, OUTSIDE = 200, 100  # questions asked in a draw, twice OUTSIDE: near and far
SPARE = 8  # rows of an intent beside those that are learned
STRANGE = {"multiwoz": 500, "persuasion_for_good": 500, "topical_chat": 500, "chitchat": 500, "casino": 500}
MADE = Path(__file__).parent / "faq_made"
MEASURED = {"foodbox", "hotel", "office", "telecom", "vet"}  # made FAQs that nothing is fitted on
SIZES, PARTS = (2, 3, 4, 5, 6, 8, 10, 12), 2  # rows of a made FAQ in a draw; draws of each size
LEARNED, FULLER = (
    (0.3, 0.6),
    (6, 10, 13, 13),
)  # share of the asked questions that are learned too, in draws of these sizes
SLIPS = 2  # made in the reworded questions, which are asked with them too
WHOLE = 3.0  # what a question to a whole FAQ counts
LACKING = 0.7  # questions whose rows are left out of a draw, for each that it can answer
TRIED = (1.0, 2.0, 3.0, 4.0)  # values of ODDS that are reported
PENALTY = 3.0  # on squared weights, of signals of variance 1
ALONE_BY_QUESTIONS = "sure"  # which says something only with several questions an answer


@dataclass(frozen=True)
class Asked:
    """A bot's answers to B questions. columns (B, D); right, inside (B,): whether the best answer is right, and whether
    there is one; kinds (B,); counts (B,): the weights of the questions; source: the FAQ's name, or "hwu64"."""

    columns: np.ndarray
    right: np.ndarray
    inside: np.ndarray
    kinds: np.ndarray
    counts: np.ndarray
    source: str


def encode(texts: Sequence[str], known: dict[str, np.ndarray] = {}) -> np.ndarray:  # noqa: B006 - kept between calls
    """Their vectors, each computed once."""
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(new, bundled_encoder().encode(new), strict=True))
    return np.stack([known[text] for text in texts])


def ask(
    questions: Sequence[str], target: np.ndarray, answers: Sequence[str], asked: Sequence[str], wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(B, D) the columns of WEIGHTS, and whether the best answer was right, (B,), of a bot."""
    index = Index(questions, target, answers, encode(questions), encode(answers), background())
    meant = [index.known.corrected(text) for text in asked]
    fits = index(meant, encode(meant))
    found = columns(fits.signals, index.traits)
    return found.reshape(len(found), -1), fits.totals.argmax(1) == wanted


def draw(
    table: pd.DataFrame, strange: list[str], many: int, answers: int, named: bool, choice: np.random.Generator
) -> Asked:
    """A bot of HWU64. named: whether the intent's name is the answer's text, which else says nothing."""
    sizes = table.intent.value_counts()
    chosen = list(choice.permutation(sorted(sizes.index[sizes >= many + SPARE]))[:answers])
    learned = np.concatenate([choice.choice(np.flatnonzero(table.intent == y), many, replace=False) for y in chosen])
    spoken = [y.replace("_", " ") if named else f"Answer {i}." for i, y in enumerate(chosen)]
    own = table.intent.isin(chosen).to_numpy()
    inside = np.setdiff1d(np.flatnonzero(own), learned)
    inside = choice.choice(inside, min(INSIDE, len(inside)), replace=False)
    near, far = choice.choice(np.flatnonzero(~own), OUTSIDE), choice.choice(len(strange), OUTSIDE)
    texts, place = table.text.to_numpy(object), {y: i for i, y in enumerate(chosen)}
    asked = [*texts[inside], *texts[near], *(strange[i] for i in far)]
    wanted = np.array([*(place[y] for y in table.intent.iloc[inside]), *[-1] * (2 * OUTSIDE)])
    x, right = ask(list(texts[learned]), np.repeat(np.arange(len(chosen)), many), spoken, asked, wanted)
    kinds = np.repeat(["inside", "near", "far"], [len(inside), OUTSIDE, OUTSIDE])
    return Asked(x, right, wanted >= 0, kinds, np.ones(len(asked)), "hwu64")


@dataclass(frozen=True)
class Made:
    """A FAQ of data/faq_made: its (question, answer) rows, and questions with their kinds and the rows that answer them
    or -1."""

    name: str
    rows: list[tuple[str, str]]
    asked: list[str]
    kinds: np.ndarray
    wanted: np.ndarray


def made() -> Iterator[Made]:
    for path in sorted(MADE.glob("*_asked.csv")):
        name = path.stem.removesuffix("_asked")
        with (MADE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = [(row["question"], row["answer"]) for row in csv.DictReader(file)]
        with path.open(encoding="utf-8", newline="") as file:
            asked = list(csv.DictReader(file))
        draw = random.Random(0)
        reworded = [row for row in asked if row["kind"] == "reworded"]
        asked += [row | {"kind": "misspelled", "question": misspelled(row["question"], draw)} for row in reworded]
        wanted = np.array([int(row["row"] or 0) - 1 for row in asked])
        yield Made(name, rows, [row["question"] for row in asked], np.array([row["kind"] for row in asked]), wanted)


def misspelled(text: str, draw: random.Random) -> str:
    """The text with SLIPS letters left out, doubled, swapped or hit beside their keys."""
    for _ in range(SLIPS):
        text = slip(text, draw)
    return text


def part(faq: Made, kept: Sequence[int], learned: Sequence[int] = ()) -> Asked:
    """A bot of some rows, which learns some of the asked questions too and is asked the others."""
    place = {row: i for i, row in enumerate(kept)}
    questions = [faq.rows[row][0] for row in kept] + [faq.asked[i] for i in learned]
    target = np.array([*range(len(kept)), *(place[faq.wanted[i]] for i in learned)])
    others = np.setdiff1d(np.arange(len(faq.asked)), learned)
    wanted = np.array([place.get(row, -1) for row in faq.wanted[others]])
    x, right = ask(questions, target, [faq.rows[row][1] for row in kept], [faq.asked[i] for i in others], wanted)
    lacking = (wanted < 0) & (faq.wanted[others] >= 0)
    counts = np.full(len(others), WHOLE if len(questions) == len(faq.rows) else 1.0)
    counts[lacking] = LACKING * (wanted >= 0).sum() / max(lacking.sum(), 1)
    kinds = np.where(lacking, "left out", faq.kinds[others])
    return Asked(x, right, wanted >= 0, kinds, counts, faq.name)


def parts(faq: Made, choice: np.random.Generator) -> Iterator[Asked]:
    """The whole FAQ first."""
    yield part(faq, range(len(faq.rows)))
    for size in SIZES * PARTS:
        yield part(faq, sorted(choice.choice(len(faq.rows), size, replace=False)))
    for share in LEARNED:
        for size in FULLER:
            kept = sorted(choice.choice(len(faq.rows), size, replace=False))
            yield part(faq, kept, [i for i in np.flatnonzero(np.isin(faq.wanted, kept)) if choice.random() < share])


def fitted(asked: Sequence[Asked]) -> np.ndarray:
    """Logistic regression by Newton's method, (3, signals + 2) as `decide.columns` has them."""
    names = [*SIGNALS, *CONSTANTS]
    used = np.ones((3, len(names)), bool)
    used[[0, 2], names.index(ALONE_BY_QUESTIONS)] = False
    x = np.concatenate([a.columns for a in asked])[:, used.ravel()]
    right, counts = np.concatenate([a.right for a in asked]), np.concatenate([a.counts for a in asked])
    scale = x.std(0)
    scale[scale == 0] = 1  # the constant
    x, weights = x / scale, np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        curvature = (x.T * (counts * p * (1 - p))) @ x + PENALTY * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, x.T @ (counts * (p - right)) + PENALTY * weights)
    found = np.zeros(used.shape)
    found[used] = weights / scale
    return found


def strangers(source: Path) -> list[str]:
    """Questions out of dialogues of which the background holds none."""
    result = []
    for name, most in STRANGE.items():
        table = read(source, f"{name}_train")
        found = sorted({clean(t) for turns in table.turns for t in turns if t.endswith("?") and 8 <= len(t) <= 120})
        random.Random(0).shuffle(found)
        result += found[:most]
    return result


Outcomes = dict[tuple[float, str], list[bool]]


def note(outcomes: Outcomes, asked: Sequence[Asked], weights: np.ndarray) -> None:
    """Add what becomes of the questions to the whole FAQ, the first of `asked`, for some values of ODDS."""
    whole = asked[0]
    logits = whole.columns @ weights.ravel()
    for odds in TRIED:
        given = logits + np.log(odds) >= 0
        right = np.where(whole.inside, given & whole.right, ~given)
        for kind, fine in zip(whole.kinds, right, strict=True):
            outcomes.setdefault((odds, str(kind)), []).append(bool(fine))


def report(outcomes: Outcomes) -> None:
    for odds in TRIED:
        kinds = {kind: some for (o, kind), some in outcomes.items() if o == odds}
        told = "  ".join(f"{kind} {100 * np.mean(some):.0f} % of {len(some)}" for kind, some in kinds.items())
        print(f"odds {odds}: {told}  mean {100 * np.mean([np.mean(some) for some in kinds.values()]):.1f}")


def main() -> None:
    source = arguments(__doc__, "faq_weights").parse_args().source
    table, strange, choice = read(source, "hwu64_intents_train"), strangers(source), np.random.default_rng(1)
    asked = [a for faq in made() for a in parts(faq, choice)]
    bots = [(many, answers) for many in QUESTIONS for answers in ANSWERS] * DRAWS
    asked += [draw(table, strange, *bot, (i + i // len(ANSWERS)) % 3 == 0, choice) for i, bot in enumerate(bots)]
    own = [a for a in asked if a.source not in MEASURED]
    weights = fitted(own)
    for name, row in zip((*SIGNALS, *CONSTANTS), weights.T, strict=True):
        print(f'    "{name}": ({", ".join(f"{value:.2f}" for value in row)}),')
    fitted_on, kept_out = Outcomes(), Outcomes()
    for name in dict.fromkeys(a.source for a in asked if a.source != "hwu64"):
        some = [a for a in asked if a.source == name]
        without = weights if name in MEASURED else fitted([a for a in own if a.source != name])
        note(kept_out if name in MEASURED else fitted_on, some, without)
    report(fitted_on)
    print("kept out:")
    report(kept_out)


if __name__ == "__main__":
    main()
