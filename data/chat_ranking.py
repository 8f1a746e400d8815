"""Train the dual encoder of nlp_gru/tools/chat/ranking.py on the replies of data/dialogues.txt and of other dialogues.

    python data/chat_ranking.py --dialogues DIR        # DIR is data/prepared/chat; two minutes on one core

Writes nlp_gru/pretrained/chat/ranking.safetensors, with the general replies of data/general_replies.txt, and prints how
often the true reply of a dialogue that was kept out is ranked first among 20.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from chat import is_kept_out, typed, written_dialogues
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from nlp_gru.heads.chat import hits
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.model_folder.tensors import save_tensors
from nlp_gru.tools.chat import ranking
from nlp_gru.tools.chat.faults import is_sound
from nlp_gru.tools.chat.honesty import is_claim
from nlp_gru.tools.similarity.encoder import bundled_encoder

GENERAL = Path(__file__).parent / "general_replies.txt"  # a line each, below the name of their kind
MESSAGES = [Path(__file__).parent / f"{name}_messages.csv" for name in ("plain", "everyday")]  # with their moods
FILLINGS = 4  # of a written dialogue
OTHERS, SOURCES = 6000, ("chitchat", "self_dialogue", "topical_chat", "persuasion_for_good")  # dialogues beside them
SHARE = 0.4  # of a batch that is written
HIDDEN, PLACES, DROPOUT = 192, 192, 0.5
ROWS = 64  # dimensions kept of general replies
STEPS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 1200, 512, 2e-3, 0.3


class Rows(NamedTuple):
    """said: the last turns of each row, the very last first; replies; turns: a number for what a row's reply is one of
    several to."""

    said: list[list[str]]
    replies: list[str]
    turns: list[int]


def rows(dialogues: Iterator[tuple[int, Sequence[str], int]]) -> Rows:
    """Of (a dialogue's number, its turns, the step from reply to reply)."""
    found = Rows([], [], [])
    for number, turns, step in dialogues:
        for i in range(1, len(turns), step):
            found.said.append(list(turns[max(i - ranking.TURNS, 0) : i][::-1]))
            found.replies.append(turns[i])
            found.turns.append(1000 * number + i)
    return found


def written(held_out: bool) -> Iterator[tuple[int, Sequence[str], int]]:
    draw = random.Random(0)
    for number, turns in enumerate(written_dialogues(), 1):
        if is_kept_out(turns) == held_out:
            for _ in range(1 if held_out else FILLINGS):
                yield number, list(typed(turns, draw)), 2


def others(folder: Path) -> Iterator[tuple[int, Sequence[str], int]]:
    frame = pd.read_parquet(folder / "train.parquet")
    frame = frame[frame.source.isin(SOURCES)]
    for number, turns in enumerate(frame.turns.sample(min(OTHERS, len(frame)), random_state=0), 1):
        yield -number, list(turns), 1


class Side(nn.Module):
    """See `nlp_gru.tools.chat.ranking.Side`."""

    def __init__(self, size: int, direct: int):
        super().__init__()
        self.direct = nn.Linear(direct, PLACES)
        self.hidden, self.output = nn.Linear(size, HIDDEN), nn.Linear(HIDDEN, PLACES, bias=False)

    def forward(self, values: Tensor) -> Tensor:
        inner = F.dropout(F.relu(self.hidden(F.dropout(values, 0.1, self.training))), DROPOUT, self.training)
        return F.normalize(self.output(inner) + self.direct(values[:, : self.direct.in_features]), dim=-1)

    def stored(self) -> dict[str, np.ndarray]:
        parts = {"hidden": self.hidden.weight, "hidden_bias": self.hidden.bias, "output": self.output.weight}
        parts |= {"direct": self.direct.weight, "bias": self.direct.bias}
        return {name: value.detach().numpy() for name, value in parts.items()}


class Vectors:
    """Of every text once; what is not there is all zeros."""

    def __init__(self, parts: Sequence[Rows]):
        texts = dict.fromkeys(t for part in parts for own in [*part.said, part.replies] for t in own)
        self.places = {text: i for i, text in enumerate(texts)}
        listed = list(texts)
        found = [bundled_encoder().encode(listed[i : i + 5000]) for i in range(0, len(listed), 5000)]
        self.values = torch.tensor(np.concatenate([*found, np.zeros_like(found[0][:1])]))

    def of(self, part: Rows) -> tuple[Tensor, Tensor]:
        """Places among `values` of what was said (N, TURNS) and of the replies (N)."""
        none = len(self.values) - 1
        said = [[self.places[t] for t in own] + [none] * (ranking.TURNS - len(own)) for own in part.said]
        return torch.tensor(said), torch.tensor([self.places[t] for t in part.replies])


def train(parts: Sequence[Rows], kept: Rows) -> tuple[Side, Side]:
    torch.manual_seed(0)
    draw = np.random.default_rng(0)
    vectors = Vectors([*parts, kept])
    size = vectors.values.shape[1]
    context, reply = Side(ranking.TURNS * size, size), Side(size, size)
    sharpness = nn.Parameter(torch.tensor(2.5))
    weights = [*context.parameters(), *reply.parameters(), sharpness]
    optimiser = torch.optim.AdamW(weights, LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    places = [vectors.of(part) for part in parts]
    named = [np.array(part.turns) for part in parts]
    sizes = (int(SHARE * BATCH), BATCH - int(SHARE * BATCH))
    for _ in range(STEPS):
        some = [draw.integers(0, len(part.replies), n) for part, n in zip(parts, sizes, strict=True)]
        said, replies = (torch.cat([own[i][r] for own, r in zip(places, some, strict=True)]) for i in (0, 1))
        names = torch.tensor(np.concatenate([own[r] for own, r in zip(named, some, strict=True)]))
        scores = context(vectors.values[said].flatten(1)) @ reply(vectors.values[replies]).T * sharpness.exp()
        same = (names[:, None] == names) | (replies[:, None] == replies)  # another right reply
        loss = F.cross_entropy(scores.masked_fill(same.fill_diagonal_(False), -torch.inf), torch.arange(BATCH))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    context.eval()
    reply.eval()
    said, replies = vectors.of(kept)
    with torch.no_grad():
        found = hits(context(vectors.values[said].flatten(1)), reply(vectors.values[replies]))
    print(f"the true one of 20 replies, of {len(replies):,} that were kept out: {found:.1%}")
    return context, reply


def general() -> list[list[str]]:
    """The general replies of each of `ranking.KINDS`. Raises `SystemExit` where the file has other ones."""
    kinds, found = [], []
    for part in GENERAL.read_text(encoding="utf-8").strip().split("\n\n"):
        kind, *texts = part.splitlines()
        kinds.append(kind.removeprefix("# "))
        found.append([text for text in texts if is_sound(text, []) and not is_claim(text)])
    if tuple(kinds) != ranking.KINDS:
        raise SystemExit(f"{GENERAL}: it has {kinds}, not {list(ranking.KINDS)}")
    return found


def moods() -> tuple[np.ndarray, np.ndarray]:
    """Weights (3, D) and biases (3,) of a regression on labelled messages: negative, neutral, positive."""
    messages = pd.concat([pd.read_csv(path, keep_default_na=False) for path in MESSAGES])
    model = LogisticRegression(C=3, max_iter=500, class_weight="balanced")
    model.fit(bundled_encoder().encode(list(messages.text)), messages.label)
    return model.coef_.astype(np.float32), model.intercept_.astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=PRETRAINED / "chat" / ranking.FILE)
    args = parser.parse_args()
    sides = train([rows(written(False)), rows(others(args.dialogues))], rows(written(True)))
    kinds = general()
    texts = [text for own in kinds for text in own]
    with torch.no_grad():
        places = sides[1](torch.tensor(bundled_encoder().encode(texts))).numpy()
    onto = np.linalg.svd(places, full_matrices=False)[2][:ROWS]
    mood, mood_bias = moods()
    tensors = {"rows": places @ onto.T, "onto": onto, "mood": mood, "mood_bias": mood_bias}
    for name, side in zip((ranking.CONTEXT, ranking.REPLY), sides, strict=True):
        tensors |= {f"{name}.{part}": value for part, value in side.stored().items()}
    about = {"general": json.dumps(texts), "sizes": json.dumps([*map(len, kinds)])}
    save_tensors(args.out, tensors, {"encoder": bundled_encoder().sha256, **about})
    print(f"{args.out}: {args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
