"""What a layer learns: sentiment from few and many reviews, and the next token of a review."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.batch import bucket
from nlp_gru.data_files.rows import Rows
from nlp_gru.heads.sentiment import SentimentHead
from nlp_gru.lecture.cells import LAYERS, fast, width_beside
from nlp_gru.lecture.reviews import splits
from nlp_gru.lecture.training import optimizer_for, update
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER
from nlp_gru.model_folder.options import ModelConfig, SentimentOptions
from nlp_gru.text.tokenizer import Tokenizer

EMBEDDING, WIDTH, TOKENS, CHARACTERS = 64, 128, 128, 1000
BATCH_ROWS, STEPS = 32, 64


def sentiment(
    cell: str, rows: int, seed: int, epochs: float, lr: float, settings: dict[str, Any] | None = None, on: str = "test"
) -> dict[str, float]:
    """Accuracy on held-out reviews (`on`: "test" or "valid") of a model that learned from `rows` others, from nothing.
    Of a review the first 128 tokens are read; the layer has as many parameters as a GRU of width 128. settings: of
    `ModelConfig`.
    """
    config = settings or {}
    hidden = width_beside(cell, EMBEDDING, WIDTH)
    torch.manual_seed(seed)
    head = SentimentHead.build(
        ModelConfig(**{"embedding": EMBEDDING, "hidden": hidden, "bidirectional": False, "cell": cell, **config}),
        SentimentOptions(labels=["negative", "positive"], dense=64, dropout=config.get("dropout", 0.0)),
        Tokenizer.load(SHARED_TOKENIZER),
    )
    learned = splits()["train"]
    learned = learned.iloc[np.random.default_rng(seed).permutation(len(learned))[:rows]]
    examples = head.examples(_rows(learned), TOKENS)
    sizes = [head.size(e) for e in examples]
    plan = [
        b for epoch in range(math.ceil(epochs)) for b in bucket(sizes, 4096, seed=seed + epoch, batch_rows=BATCH_ROWS)
    ]
    plan = plan[: max(round(len(plan) * epochs / math.ceil(epochs)), 1)]
    optimizer, schedule = optimizer_for(head, lr, len(plan))
    head.train()
    for indices in plan:
        with torch.autocast("cpu", torch.bfloat16):
            nll, count = head.loss(head.collate([examples[i] for i in indices]))
        update(head, nll / count, optimizer, schedule)
    held_out = head.examples(_rows(splits()[on]), TOKENS)
    batches = bucket([head.size(e) for e in held_out], 8192)
    head.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        figures = head.metrics([head.collate([held_out[i] for i in b]) for b in batches])
    return {"accuracy": figures["accuracy"], "parameters": sum(p.numel() for p in head.encoder.layers.parameters())}


class LanguageModel(nn.Module):
    """Tokens (B, S) -> logits (B, S, V) of the next one; input and output share their table."""

    def __init__(self, cell: str, vocabulary: int):
        super().__init__()
        hidden = width_beside(cell, EMBEDDING, WIDTH)
        self.embedding = nn.Embedding(vocabulary, EMBEDDING)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.layer, self.out = LAYERS[fast(cell)](EMBEDDING, hidden), nn.Linear(hidden, EMBEDDING)

    def forward(self, ids: Tensor) -> Tensor:
        return F.linear(self.out(self.layer(self.embedding(ids))), self.embedding.weight)


def next_word(cell: str, seed: int, updates: int) -> dict[str, float]:
    """Perplexity per token on held-out reviews after so many updates of 2,048 tokens, at equal parameters of the
    layer."""
    tokenizer = Tokenizer.load(SHARED_TOKENIZER)
    learned = splits()["train"]
    learned = learned.iloc[np.random.default_rng(seed).permutation(len(learned))]
    needed = BATCH_ROWS * (STEPS + 1)
    torch.manual_seed(seed)
    model = LanguageModel(cell, len(tokenizer))
    optimizer, schedule = optimizer_for(model, 3e-3, updates)
    for ids in _stream(tokenizer, learned, needed, updates):
        update(model, _nll(model, ids), optimizer, schedule)
    with torch.no_grad():
        losses = [float(_nll(model, ids)) for ids in _stream(tokenizer, splits()["test"], needed, 50)]
    return {"perplexity": math.exp(float(np.mean(losses)))}


def _nll(model: nn.Module, ids: Tensor) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(ids[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten())


def _stream(tokenizer: Tokenizer, rows: pd.DataFrame, needed: int, count: int) -> Any:
    """`count` batches (32, 65) of running text, from the first row again if it is not enough."""
    kept: list[int] = []
    texts = iter(())
    for _ in range(count):
        while len(kept) < needed:
            text = next(texts, None)
            if text is None:
                texts = iter(rows.text)
                continue
            kept += tokenizer.encode(text[: 4 * CHARACTERS])
        yield torch.tensor(kept[:needed]).view(BATCH_ROWS, STEPS + 1)
        kept = kept[needed:]


def _rows(frame: pd.DataFrame) -> Rows:
    texts = [text[:CHARACTERS] for text in frame.text]
    return Rows({"text": texts, "label": [str(v) for v in frame.label]}, [("imdb", i) for i in range(len(texts))])
