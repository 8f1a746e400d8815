"""Beyond words: the recurrent layers over numbers - speech, movement, devices, demand, sales, and what is odd in a
pulse.

Notation as in `nlp_gru.lecture.series`; B batch, O values of an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.backbone.batch import length_mask
from nlp_gru.backbone.gru import Recurrent
from nlp_gru.backbone.pooling import Pooling
from nlp_gru.lecture import series
from nlp_gru.lecture.baselines import padded
from nlp_gru.lecture.cells import width_beside
from nlp_gru.lecture.series import Array, Course
from nlp_gru.lecture.study import CELLS, Unit
from nlp_gru.lecture.training import optimizer_for, update

BATCH_ROWS, WINDOW = 32, 60  # rows a batch, and steps of the windows from which a usual course is learned
QUANTILES = torch.tensor(
    [0.1, 0.5, 0.9]
)  # of a forecast: the middle one is the answer, the others bound 80 % of what comes


class Fit(NamedTuple):
    """How a task is learned."""

    updates: int
    width: int = 64  # of a GRU with as many parameters
    lr: float = 3e-3  # of GRU and LSTM; of a plain RNN a third, as in the study of reviews
    noise: float = 0.0  # added to the values, whose deviation is 1
    dropout: float = 0.0
    patch: int = 1  # so many steps are read as one


# By cross-validation within the training halves; for the odd intervals nothing was chosen.
CLASSES = {
    "JapaneseVowels": Fit(300, noise=0.3, dropout=0.4),
    "BasicMotions": Fit(150, noise=0.3, dropout=0.4),
    "ACSF1": Fit(300, 32, dropout=0.2, patch=20),
}
FORECASTS = {
    "ItalyPowerDemand": Fit(600, lr=0.01, noise=0.05, dropout=0.1),
    "Airline": Fit(300, 32, noise=0.3, dropout=0.2),
}
COURSES = {"pulse": Fit(200, 32), "ECG": Fit(400, 32)}


class Series(nn.Module):
    """Values (B, S, F), lengths (B,) -> (B, O), read in both directions and pooled; with `steps`, in one direction,
    what is expected after each step, (B, S, O)."""

    def __init__(self, cell: Any, inputs: int, outputs: int, fit: Fit, steps: bool = False):
        super().__init__()
        hidden = width_beside(cell, inputs, fit.width)
        self.layer = Recurrent(inputs, hidden, cell, bidirectional=not steps)
        self.pool = None if steps else Pooling(2 * hidden, inputs)
        self.dropout = nn.Dropout(fit.dropout)
        self.out = nn.Linear(self.pool.output_size if self.pool else hidden, outputs)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        y = self.layer(x, lengths)  # (B, S, M)
        if self.pool is not None:
            y, _ = self.pool(y, x, length_mask(lengths, x.shape[1]))
        found: Tensor = self.out(self.dropout(y))
        return found

    def read(self, rows: list[Array], noise: float = 0.0) -> Tensor:
        """The same for N arrays (S, F) of any lengths."""
        x = torch.from_numpy(padded(rows))
        return self(x + noise * torch.randn_like(x), torch.tensor([len(r) for r in rows]))


def learned(
    cell: str, seed: int, fit: Fit, rows: list[Array], targets: Tensor, outputs: int, loss: Any, steps: bool = False
) -> Series:
    """A model of N series (S, F) and their targets (N, ...), trained on batches that are drawn anew for each update."""
    torch.manual_seed(seed)
    model = Series(cell, rows[0].shape[1], outputs, fit, steps)
    optimizer, schedule = optimizer_for(model, fit.lr / (3 if cell == "rnn" else 1), fit.updates)
    for _ in range(fit.updates):
        chosen = torch.randint(len(rows), (BATCH_ROWS,))
        update(model, loss(model.read([rows[i] for i in chosen], fit.noise), targets[chosen]), optimizer, schedule)
    return model.eval()


def classify(task: str, cell: str, seed: int, less: int = 1) -> dict[str, Any]:
    """Accuracy on the test half of a set after learning its training half, and how often each class was said of each.
    less: a part of the updates, here as in the other measurements."""
    fit = _less(CLASSES[task], less)
    train, test = (series.labelled(task, split, fit.patch) for split in ("TRAIN", "TEST"))
    every, count = np.concatenate(train.series), int(train.labels.max()) + 1
    given, asked = ([(s - every.mean(0)) / (every.std(0) + 1e-6) for s in half.series] for half in (train, test))
    model = learned(cell, seed, fit, given, torch.from_numpy(train.labels), count, F.cross_entropy)
    with torch.no_grad():
        said = model.read(asked).argmax(-1).numpy()
    table = np.zeros((count, count), int)
    np.add.at(table, (test.labels, said), 1)
    return {"accuracy": float((said == test.labels).mean()), "table": table.tolist()}


def forecast(task: str, cell: str, seed: int, less: int = 1) -> dict[str, Any]:
    """The mean absolute error, the share of what came between the outer quantiles, and the quantiles of the first
    forecast."""
    data = series.forecasts(task)
    targets, outputs = torch.from_numpy(data.target.copy()).float(), len(QUANTILES) * data.target.shape[1]
    model = learned(cell, seed, _less(FORECASTS[task], less), list(data.given[..., None]), targets, outputs, pinball)
    with torch.no_grad():
        found = model.read(list(data.test[..., None])).unflatten(1, (len(QUANTILES), -1)).transpose(0, 1)  # (3, M, 12)
    low, middle, high = data.restore(found.numpy())
    held = ((low <= data.came) & (data.came <= high)).mean()
    first = [quantile[0].tolist() for quantile in (low, middle, high)]
    return {"error": float(np.abs(middle - data.came).mean()), "held": float(held), "first": first}


def pinball(found: Tensor, came: Tensor) -> Tensor:
    """The loss that is least at the quantiles: found (B, 3 * T), came (B, T)."""
    error = came[:, None] - found.unflatten(1, (len(QUANTILES), -1))
    return torch.maximum(QUANTILES[:, None] * error, (QUANTILES[:, None] - 1) * error).mean()


def detect(task: str, cell: str, seed: int, less: int = 1) -> dict[str, Any]:
    """`Course.alarm` by the distance of each value from the one that was expected."""
    course = series.course(task)
    model, values = expecting(course, cell, seed, _less(COURSES[task], less)), course.scaled(course.test)[:, None]
    with torch.no_grad():
        expected = model.read([values[:-1]])[0].numpy()
    return course.alarm(np.append(0.0, np.abs(values[1:] - expected)))


def expecting(course: Course, cell: str, seed: int, fit: Fit) -> Series:
    """A model of the next value of the usual course."""
    known = series.windows(course.scaled(course.usual), WINDOW + 1)[..., None]  # (N, S + 1, 1)
    return learned(
        cell, seed, fit, list(known[:, :-1]), torch.from_numpy(known[:, 1:].copy()), 1, F.mse_loss, steps=True
    )


def heartbeat(less: int = 1) -> dict[str, Any]:
    """The small GRU of the page "Look inside", which expects the next value of an ECG: its tensors as lists."""
    course = series.course("ECG")
    state = expecting(course, "gru", 1, _less(Fit(600, 16), less)).state_dict()
    scale = {"mean": float(course.usual.mean()), "deviation": float(course.usual.std())}
    return {**scale, "tensors": {name: value.tolist() for name, value in state.items()}}


def plan(quick: bool) -> Iterator[Unit]:
    """The chapter's measurements. quick: one seed and a third of the updates."""
    more = {"less": 3} if quick else {}
    for seed in (1,) if quick else (1, 2, 3):
        for function, tasks in (("classify", CLASSES), ("forecast", FORECASTS), ("detect", COURSES)):
            for task, cell in product(tasks, CELLS):
                yield Unit(f"beyond.{function}", {"task": task, "cell": cell, "seed": seed, **more})
        for task in CLASSES:
            yield Unit("baselines.rocket", {"task": task, "seed": seed})
    for task, fit in CLASSES.items():
        yield Unit("baselines.nearest", {"task": task, "patch": fit.patch})
    for function, tasks in (("forecast", FORECASTS), ("detect", COURSES)):
        for task in tasks:
            yield Unit(f"baselines.{function}", {"task": task})
    yield Unit("beyond.heartbeat", more)


def _less(fit: Fit, less: int) -> Fit:
    return fit._replace(updates=fit.updates // less)
