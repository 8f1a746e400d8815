"""What the lecture claims, and what the study says of it."""

from __future__ import annotations

from dataclasses import dataclass

from nlp_gru.lecture.anatomy import CORPUS
from nlp_gru.lecture.figures import Study, accuracy, against, sweep, tip_differences
from nlp_gru.lecture.study import SIZES, TIP_RATES

CORPUS_SIZE = len(CORPUS)
CONFIRMED, HALF, NOT, UNSEEN = "confirmed", "half true", "not here", "no difference seen"


@dataclass(frozen=True)
class Claim:
    text: str
    verdict: str
    evidence: str


def all_claims(study: Study) -> list[Claim]:
    return [_sunny(study), *_parameters(), _faster(study), _par(study), _small(study), _longer(study), *_tips(study)]


def _verdict(signs: set[int]) -> str:
    """Of several differences' signs."""
    return {(): UNSEEN, (1,): CONFIRMED, (-1,): NOT}.get(tuple(sorted(signs - {0})), HALF)


def _sunny(study: Study) -> Claim:
    found = [result["nice"].get("sunny", 0.0) for _, result in study.find("anatomy.weather")]
    return Claim(
        "A GRU that has read about the weather says *sunny*",
        CONFIRMED if min(found) > 0.5 else NOT,
        f"probability {min(found):.3f} or more; after *bad* in place of *nice* another word",
    )


def _parameters() -> list[Claim]:
    return [
        Claim("Two gates instead of three", CONFIRMED, "reset and update, against input, forget and output"),
        Claim(
            "30 to 40 % fewer parameters than an LSTM",
            HALF,
            "a layer has exactly 25 % fewer: three matrices instead of four; a whole model saves less, for its"
            " embedding is the same",
        ),
    ]


def _faster(study: Study) -> Claim:
    def ratio(cell: str, bf16: bool, other_bf16: bool) -> tuple[float, float]:
        steps = study.choices("speed.layer", "steps")
        a, b = (
            [study.values("speed.layer", "tokens_per_second", cell=c, bf16=low, steps=n)[0] for n in steps]
            for c, low in ((cell, bf16), ("lstm", other_bf16))
        )
        found = [x / y for x, y in zip(a, b, strict=True)]
        return min(found), max(found)

    torch32, ours32 = ratio("gru", False, False), ratio("gru, ours", False, False)
    torch16, ours16 = ratio("gru", True, True), ratio("gru, ours", True, True)
    mixed = ratio("gru, ours", True, False)

    def span(pair: tuple[float, float]) -> str:
        return f"{pair[0]:.2f} to {pair[1]:.2f}"

    wins = min(ours32[0], ours16[0]) > 1
    loses = max(ours32[1], ours16[1]) < 1
    return Claim(
        "It trains faster than an LSTM of the same width",
        CONFIRMED if wins else NOT if loses else HALF,
        f"times the LSTM's tokens/s in the same precision: PyTorch's GRU {span(torch32)} (fp32), {span(torch16)}"
        f" (bf16); ours {span(ours32)} and {span(ours16)}. PyTorch's LSTM has a fused kernel on a CPU, its GRU has"
        f" none. Ours in bf16 against the LSTM in fp32: {span(mixed)}",
    )


def _sizes(study: Study) -> list[int]:
    return [n for n in SIZES if study.find("quality.sentiment", cell="lstm", rows=n, on="test")]


def _par(study: Study) -> Claim:
    most = _sizes(study)[-1]
    d = against(study, "lstm", most)
    gru, lstm = {"cell": "gru"}, {"cell": "lstm"}
    others = {
        name: study.difference(function, "perplexity", lstm, gru)
        for name, function in (("next token", "quality.next_word"), ("translation", "translation.perplexity"))
        if study.find(function)
    }
    signs = {d.sign, *(other.sign for other in others.values())}
    return Claim(
        "It is on par with the LSTM",
        NOT if signs == {-1} else HALF if -1 in signs else CONFIRMED,
        f"{most:,} reviews: GRU {accuracy(study, 'gru', most).text(100)} %, LSTM"
        f" {accuracy(study, 'lstm', most).text(100)} %; difference {d.text(100)} points"
        + "".join(f"; {name}: {other.text()} less perplexity" for name, other in others.items()),
    )


def _small(study: Study) -> Claim:
    few = [n for n in _sizes(study) if n <= 1000]
    found = {n: against(study, "lstm", n) for n in few}
    signs = {d.sign for d in found.values()}
    verdict = CONFIRMED if signs == {1} else NOT if signs == {-1} else HALF if 1 in signs else UNSEEN
    return Claim(
        "It is better on small data",
        verdict,
        "; ".join(f"{n:,} reviews: {d.text(100)} points against the LSTM" for n, d in found.items()),
    )


def _longer(study: Study) -> Claim:
    lags = study.choices("distance.recall", "lag")

    def reach(cell: str) -> int:
        right = {lag: study.interval("distance.recall", "accuracy", cell=cell, lag=lag).mean for lag in lags}
        return max((lag for lag, share in right.items() if share > 0.5), default=0)

    reached = {cell: reach(cell) for cell in ("gru", "lstm", "rnn")}
    return Claim(
        "It remembers longer than a plain RNN",
        CONFIRMED if reached["gru"] > reached["rnn"] else UNSEEN,
        f"more than half right at a distance of: GRU {reached['gru']}, LSTM {reached['lstm']}, plain RNN"
        f" {reached['rnn']} (of {', '.join(map(str, lags))})",
    )


def _tips(study: Study) -> list[Claim]:
    found = [tip_differences(study, lr) for lr in TIP_RATES]
    names = {
        "dropout off": "Tip: dropout",
        "both directions": "Tip: read in both directions",
        "layer normalisation": "Tip: layer normalisation",
        "convolution first": "Tip: convolution features first",
    }
    claims = []
    for name, text in names.items():
        signs = {(-1 if name == "dropout off" else 1) * each[name].sign for each in found}
        shown = ", ".join(f"{each[name].text(100)} at {lr:g}" for lr, each in zip(TIP_RATES, found, strict=True))
        claims.append(Claim(text, _verdict(signs), f"{name}: points by learning rate {shown}"))
    rates = sweep(study)
    best, worst = (f(rates, key=lambda lr: rates[lr].mean) for f in (max, min))
    gap = rates[best].mean - rates[worst].mean
    claims.append(
        Claim(
            "Tip: tune the learning rate",
            CONFIRMED if gap > 0.02 else UNSEEN,
            f"{rates[best].text(100)} % at {best:g}, {rates[worst].text(100)} % at {worst:g}",
        )
    )
    return claims
