"""What people use where the chapter "beyond words" uses a recurrent layer: `others` by name, the naive method first.

Notation as in `nlp_gru.lecture.series`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nlp_gru.lecture import series
from nlp_gru.lecture.series import YEAR, Array, windows


def padded(rows: list[Array]) -> Array:
    """N arrays (S, F) -> (N, S, F), the shorter ones with zeros behind."""
    size = max(map(len, rows))
    return np.stack([np.pad(r, ((0, size - len(r)), (0, 0))) for r in rows]).astype(np.float32)


def nearest(task: str, patch: int) -> dict[str, Any]:
    """Accuracy of the class of the nearest series under dynamic time warping."""
    train, test = (series.labelled(task, split, patch) for split in ("TRAIN", "TEST"))
    closest = np.array([dtw(own, train.series).argmin() for own in test.series])
    return {"others": {"nearest under time warping": float((train.labels[closest] == test.labels).mean())}}


def dtw(own: Array, others: list[Array]) -> Array:
    """(N,): the cost of warping own (S, F) onto each of N others, squared, without a window, the values of a step
    together."""
    theirs, ends = padded(others).transpose(1, 0, 2), [len(s) for s in others]
    before = np.full((len(theirs) + 1, len(ends)), np.inf)  # (1 + T, N): the cheapest ways up to the step before
    before[0] = 0
    for step in own:
        cost, here = ((step - theirs) ** 2).sum(-1), np.full_like(before, np.inf)
        for t in range(len(theirs)):
            here[t + 1] = cost[t] + np.minimum(np.minimum(before[t + 1], before[t]), here[t])
        before = here
    return before[ends, np.arange(len(ends))]


def rocket(task: str, seed: int, kernels: int = 1000) -> dict[str, Any]:
    """Accuracy of a ridge classifier over the highest value and the share above 0 of random convolutions: a small
    ROCKET (Dempster et al. 2020, https://arxiv.org/abs/1910.13051)."""
    import torch
    from sklearn.linear_model import RidgeClassifierCV

    train, test = (series.labelled(task, split) for split in ("TRAIN", "TEST"))
    x = torch.from_numpy(padded(train.series + test.series)).transpose(1, 2)  # (N, F, S)
    draw, features = np.random.default_rng(seed), []
    for _ in range(kernels):
        width = int(draw.choice([7, 9, 11]))
        reach = int(2 ** draw.uniform(0, np.log2(max((x.shape[2] - 1) / (width - 1), 1.01))))
        weights = torch.from_numpy(draw.normal(size=(1, x.shape[1], width)).astype(np.float32))
        bias, padding = torch.tensor([draw.uniform(-1, 1)]).float(), int(draw.integers(2)) * (width - 1) * reach // 2
        y = torch.conv1d(x, weights - weights.mean(-1, keepdim=True), bias, 1, padding, reach)[:, 0]
        features += [y.amax(-1), (y > 0).float().mean(-1)]
    learned, asked = np.split(torch.stack(features, 1).numpy(), [len(train.series)])
    scale = learned.std(0) + 1e-8
    model = RidgeClassifierCV(np.logspace(-3, 3, 10)).fit(learned / scale, train.labels)
    return {"others": {"ROCKET": float(model.score(asked / scale, test.labels))}}


def forecast(task: str) -> dict[str, Any]:
    """Mean absolute errors."""
    from sklearn.linear_model import RidgeCV

    data, found = series.forecasts(task), {}
    if task == "Airline":
        months = series.column("Airline/Airline.csv", 1)
        ends = range(series.TEST_FROM, len(months) - YEAR + 1)
        found["the same months of the last year"] = np.stack([months[end - YEAR : end] for end in ends])
        found["exponential smoothing"] = np.exp(smoothing(np.log(months), ends))
    else:
        found["the mean day"] = data.target.mean(0)
        found["the nearest day"] = data.target[((data.test[:, None] - data.given) ** 2).sum(-1).argmin(1)]
        found["ridge regression"] = RidgeCV(np.logspace(-3, 3, 13)).fit(data.given, data.target).predict(data.test)
    errors = {name: float(np.abs(values - data.came).mean()) for name, values in found.items()}
    return {"others": errors, "came": data.came[0].tolist()}


def smoothing(y: Array, ends: range) -> Array:
    """(N, 12): the year after each of the ends by triple exponential smoothing of y (S,) (Holt 1957, Winters 1960),
    additive, with the rates that err least before the first of the ends."""
    from scipy.optimize import minimize

    def run(rates: Array, size: int) -> tuple[float, dict[int, Array]]:
        level, trend, season = (
            y[:YEAR].mean(),
            (y[YEAR : 2 * YEAR] - y[:YEAR]).mean() / YEAR,
            [*y[:YEAR] - y[:YEAR].mean()],
        )
        wrong, ahead = 0.0, {}
        for t in range(YEAR, size):
            error = y[t] - (level + trend + season[t - YEAR])
            level, trend = level + trend + rates[0] * error, trend + rates[1] * error
            season.append(season[t - YEAR] + rates[2] * error)
            wrong, ahead[t + 1] = wrong + error**2, level + trend * np.arange(1, YEAR + 1) + season[-YEAR:]
        return wrong, ahead

    best = minimize(lambda rates: run(rates, ends[0])[0], (0.3, 0.03, 0.1), bounds=[(0, 1)] * 3, method="Nelder-Mead")
    ahead = run(best.x, len(y))[1]
    return np.stack([ahead[end] for end in ends])


def detect(task: str, lengths: tuple[int, ...] = (10, 20, 50, 200)) -> dict[str, Any]:
    """The best of several moving z-scores, as if one knew how many steps each should look back, and the distance of
    each stretch from the nearest one of the usual course."""
    data, size = series.course(task), series.ALARM_STEPS
    scores = []
    for length in lengths:
        before, now = windows(data.test, length)[:-1], data.test[length:]
        score = np.abs(now - before.mean(1)) / (before.std(1) + 1e-3 * data.usual.std())
        scores.append(data.alarm(np.append(np.zeros(length), score)))
    best = max(scores, key=lambda score: score["margin"])
    known = windows(data.usual, size)[:2000]
    far = [((known - stretch) ** 2).sum(1).min() for stretch in windows(data.test, size)]
    margin = data.alarm(np.pad(far, (size // 2, size - 1 - size // 2)))["margin"]
    others = {"moving z-score": best["margin"], "nearest stretch": margin}
    return {"others": others, "curve": best["curve"], "test": data.shown(data.test), "marks": data.shown(data.marks)}
