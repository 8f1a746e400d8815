"""The lecture's example: a GRU that has read about the weather says that a nice day is sunny, and what its gates do
meanwhile."""

from __future__ import annotations

import itertools
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from nlp_gru.backbone.gru import run_slowly

WIDTH = 32
SKIES = {"nice": "sunny", "bad": "rainy", "cold": "snowy", "wild": "stormy"}
TIMES = ["today", "again", "this morning", "at the coast", "in the mountains"]
CORPUS = [
    f"{start} is {kind} {time} , it is {sky}".split()
    for (kind, sky), time, start in itertools.product(SKIES.items(), TIMES, ["the weather", "the day"])
]
PROMPT = ["the", "weather", "is", "nice", "today"]


def weather(seed: int, updates: int = 1200) -> dict[str, Any]:
    """Train on the corpus; then the probability of "sunny" after "the weather is nice today , it is", of it after "bad"
    in place of "nice", and for each word of the prompt the mean of every gate."""
    words = sorted({word for line in CORPUS for word in line})
    number = {word: i for i, word in enumerate(words)}
    torch.manual_seed(seed)
    embedding, gru = nn.Embedding(len(words), 16), nn.GRU(16, WIDTH, batch_first=True)
    model = nn.ModuleList([embedding, gru, out := nn.Linear(WIDTH, len(words))])
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    batches = [
        torch.tensor([[number[word] for word in line] for line in CORPUS if len(line) == length])  # (B, S)
        for length in sorted({len(line) for line in CORPUS})
    ]
    for update in range(updates):
        ids = batches[update % len(batches)]
        loss = F.cross_entropy(out(gru(embedding(ids[:, :-1]))[0]).flatten(0, 1), ids[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()

    @torch.no_grad()
    def next_word(kind: str) -> dict[str, float]:
        line = f"the weather is {kind} today , it is".split()
        states = gru(embedding(torch.tensor([[number[word] for word in line]])))[0]
        odds = out(states)[0, -1].softmax(-1)
        best = odds.topk(4)
        return {words[int(i)]: float(p) for p, i in zip(best.values, best.indices, strict=True)}

    with torch.no_grad():
        x = embedding(torch.tensor([[number[word] for word in PROMPT]]))
        gates = run_slowly(gru, x)
        fused = gru(x)[0]
    return {
        "nice": next_word("nice"),
        "bad": next_word("bad"),
        "update": gates.update[0].mean(-1).tolist(),
        "reset": gates.reset[0].mean(-1).tolist(),
        "units": gates.update[0, :, :16].tolist(),
        "difference": float((gates.hidden - fused).abs().max()),
    }
