"""The tables of docs/results.md, from the figures that evaluations and benchmarks wrote down: no figure is copied by
hand.

python benchmarks/tables.py            # writes the tables anew

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`. Figures come from the models' metrics.json
(`nlp-gru eval --save`) and from benchmarks/results/*.json (`--save` of the benchmark of that name).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from saving import saved

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs/results.md"
NONE = "-"


def metrics(model: str) -> dict[str, dict[str, float]]:
    return dict(json.loads((ROOT / f"nlp_gru/pretrained/{model}/metrics.json").read_text(encoding="utf-8")))


def percent(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.1f} %"


SENTIMENT = {  # test set: how it is called, and the figure that is given
    "imdb": ("IMDB, half of the published test, accuracy", "accuracy"),
    "sst2": ("SST-2 dev, accuracy", "accuracy"),
    "clothing": ("clothing reviews, accuracy", "accuracy"),
    "pros_cons": ("pros and cons, accuracy", "accuracy"),
    "uci": ("UCI sentences (128), accuracy", "accuracy"),
    "semeval": ("SemEval tweets, three classes", "macro_recall"),
    "goemotions": ("GoEmotions comments, three classes", "macro_recall"),
    "emobank": ("EmoBank: news, letters, fiction, three classes", "macro_recall"),
    "vader": ("VADER's rated tweets, reviews and editorials, three classes", "macro_recall"),
    "xed": ("XED subtitle lines, three classes", "macro_recall"),
}
TRANSLATION = {
    "tatoeba": "Tatoeba",
    "diabla": "DiaBLa, chat",
    "cds_blog": "Canadian Digital Service, blog",
    "ui_text": "web sites and apps",
}


def sentiment() -> list[list[str]]:
    own, known = metrics("sentiment"), saved("sentiment_peers")
    peers = {
        "TF-IDF + logistic regression": saved("sentiment_baseline"),
        "MiniLM + logistic regression": known.get("minilm", {}),
        "VADER": known.get("vader", {}),
        "TextBlob": known.get("textblob", {}),
    }
    rows = [["test set", "nlp-gru", "calibration error, 15 bins", *peers]]
    for name, (title, figure) in SENTIMENT.items():
        others = (percent(found.get(name, {}).get(figure)) for found in peers.values())
        rows.append([title, percent(own[name][figure]), percent(own[name]["ece"]), *others])
    return rows


def translation() -> list[list[str]]:
    rows = [["test set", "English to French, BLEU", "chrF2", "French to English, BLEU", "chrF2"]]
    models = [metrics("translation"), metrics("translation-fr-en")]
    for name, title in TRANSLATION.items():
        cells = [f"{m[name][f]:.1f} ({m[name][f + '_greedy']:.1f})" for m in models for f in ("bleu", "chrf")]
        rows.append([title, *cells])
    return rows


def similarity() -> list[list[str]]:
    found = saved("similarity")
    titles = list(next(iter(found.values())))
    return [["figure", *titles], *([name, *(f"{100 * own[t]:.1f}" for t in titles)] for name, own in found.items())]


def confidence() -> list[list[str]]:
    models = [saved("translation_confidence"), saved("translation-fr-en_confidence")]

    found = [f"{m['tatoeba']['found']:.0f} / {m['all']['found']:.0f} %" for m in models]
    unsure = [f"{m['tatoeba']['unsure']:.1f} / {m['all']['unsure']:.1f} %" for m in models]
    chrf = [f"{m['all']['chrf of unsure']:.0f} / {m['all']['chrf of sure']:.0f}" for m in models]
    return [
        ["figure", "English to French", "French to English"],
        ["of the worst tenth by chrF2, among the tenth with the least confidence: Tatoeba / all four sets", *found],
        ["marked as unsure: Tatoeba / all", *unsure],
        ["mean chrF2 of what is marked / of the rest, all", *chrf],
    ]


def autocomplete() -> list[list[str]]:
    own, slips = saved("next_word"), saved("typos")
    everything, messages = (own["typing"][name] for name in ("all", "text messages"))
    phrases, typed = own["phrases"], slips["typing"]
    slip, clean, every = slips["slips"], slips["untouched"]["Tatoeba"], slips["untouched"]["all rows"]
    words, added = slips["words"], own["memory"]

    def share(part: dict[str, int]) -> str:
        return f"{100 * part['changed'] / part['words']:.2f}"

    return [
        ["figure", "nlp-gru"],
        ["keystrokes saved, three suggestions, 1,000 rows", percent(everything["keystrokes_saved"])],
        [
            "next word right: first / among three",
            f"{100 * everything['next_word_first']:.1f} / {percent(everything['next_word_among_3'])}",
        ],
        ["keystrokes saved on the text messages alone", percent(messages["keystrokes_saved"])],
        [
            "phrases of two to four words, 500 rows: shown / right / keystrokes saved without and with them",
            f"{phrases['shown']} / {phrases['right']:.0f} % / {phrases['without']:.1f} and {phrases['with']:.1f} %",
        ],
        [
            "keystrokes saved where 5 % of the letters are slips that nobody mends, against none,"
            f" {typed['0.0']['rows']} rows; words that stay wrong",
            f"{typed['0.05']['saved']:.1f} against {typed['0.0']['saved']:.1f} %; {typed['0.05']['wrong']:.1f} %",
        ],
        [
            f"one slip in a word of four letters or more ({slip['slips']:,}): right word first / among three",
            f"{slip['first']:.1f} / {slip['among three']:.1f} %",
        ],
        [
            f"words changed by `correct()`: of {clean['words']:,} in clean sentences / of {every['words']:,} in all,"
            " chats and text messages too",
            f"{share(clean)} / {share(every)} %",
        ],
        [
            f"suggestions that are no words, of {words['suggestions']:,} at {words['places']:,} places"
            " (`pip install wordfreq`)",
            f"{100 * words['no words'] / words['suggestions']:.1f} %",
        ],
        [
            "what the memory adds, in points of keystrokes saved: five people who chat / a clerk in a coffee shop /"
            " three long texts",
            " / ".join(f"{points:.1f}" for points in added.values()),
        ],
        [
            "a suggestion at a key, computing time, p50 / p95; for a word with a slip",
            f"{messages['ms_p50']:.1f} / {messages['ms_p95']:.1f} ms; {slip['ms_p50']:.1f} / {slip['ms_p95']:.1f} ms",
        ],
        ["process memory beyond the imports", f"{own['memory, MB']:.0f} MB"],
    ]


def kinds() -> list[list[str]]:
    titles = {"unlisted": "labels that the list lacks", "items": "items in a line"}
    right = saved("translation_kinds")
    rows = [["kind", "English to French", "French to English"]]
    return [*rows, *([titles.get(kind, kind), *(f"{n} of {of}" for n, of in c.values())] for kind, c in right.items())]


def faq() -> list[list[str]]:
    found = saved("faq")
    clinc, banking = found["clinc150"], found["banking77"]

    def row(title: str, of: dict[str, dict[str, float]], figure: str) -> list[str]:
        return [title, *(f"{of[n][figure]:.1f} %" for n in of)]

    return [
        ["from so many questions an answer", *clinc],
        row("CLINC150: right answer first", clinc, "right first, %"),
        row("right among three", clinc, "right among three, %"),
        row("answered and right at its own threshold", clinc, "answered and right, %"),
        row("out of scope, refused there", clinc, "outside refused, %"),
        row("BANKING77: right answer first", banking, "right first, %"),
    ]


ASKED = {
    "sentiment": "sentiment, a film review of 230 words",
    "next_word": "three suggestions for a word, its context read anew",
    "translation": "translation, a sentence to French",
    "translation-fr-en": "translation, a sentence to English",
    "chat": "chat, a reply",
}


def runtime() -> list[list[str]]:
    rows = [["one answer", "computing time, median", "95 of 100 within", "the same by PyTorch", "answers the same"]]
    for name, title in ASKED.items():
        own = saved("runtime")[name]
        times = [f"{own[figure]:.1f} ms" for figure in ("onnx_ms", "onnx_ms_p95", "torch_ms")]
        rows.append([title, *times, f"{own['same']:.0f} %"])
    return rows


PEERS = {
    "nlp-gru": "nlp-gru (encoder of 5 MB)",
    "minilm": "all-MiniLM-L6-v2, its teacher (91 MB)",
    "tfidf": "TF-IDF of words and letters",
    "rapidfuzz": "RapidFuzz's token ratio",
}


def faq_peers() -> list[list[str]]:
    found = saved("faq_peers")
    rows = [["from so many questions an answer", "CLINC150: 1", "3", "10", "BANKING77: 1", "3", "10"]]
    for peer, title in PEERS.items():
        clinc = [f"{right:.1f} % ({refused:.0f} %)" for right, refused in found[peer]["clinc150"].values()]
        rows.append([title, *clinc, *(f"{right:.1f} %" for (right,) in found[peer]["banking77"].values())])
    return rows


def pages() -> list[list[str]]:
    wide, narrow = saved("pages").values()
    rows = [
        [
            "page",
            "kB",
            "requests",
            "first paint",
            "layout shift while it opens",
            "when the answer comes",
            "the same on a phone",
        ]
    ]
    for one, phone in zip(wide, narrow, strict=True):
        shifts = [f"{of[f'shift {when}']:.3f}" for of in (one, phone) for when in ("while opening", "with the answer")]
        paint = f"{one['first paint, ms']} ms"
        cells = [str(one["kB"]), str(one["requests"]), paint, *shifts[:2], " / ".join(shifts[2:])]
        rows.append([one["page"].replace("-", " "), *cells])
    return rows


def chat() -> list[list[str]]:
    own, ranking = saved("chat"), next(iter(metrics("chat").values()))
    bot, people = own["bot"], own["people"]
    faults = ("repeated trigram inside", "<unk> or broken text", "empty")
    counted = [" / ".join(f"{100 * part[fault]:.1f}" for fault in faults) for part in (bot, people)]
    return [
        ["figure", "nlp-gru", "for comparison"],
        [
            "the true next turn first among 20 (self-dialogue, chitchat, Topical-Chat and coffee orders alone)",
            f"{percent(ranking['hits_at_1'])} ({percent(own['chats_hits_at_1'])})",
            "34.1 % (TF-IDF retrieval, those four)",
        ],
        [
            f"{own['replies']:,} replies: three words repeated inside / `<unk>` or broken / empty",
            f"{counted[0]} %",
            f"people {counted[1]} %",
        ],
        [
            "the ten most frequent replies together",
            percent(bot["ten most frequent replies"]),
            f"people {percent(people['ten most frequent replies'])}",
        ],
        [
            "distinct-2",
            percent(bot["distinct-2"]),
            f"people {percent(people['distinct-2'])}; DialoGPT publishes 39.9 % on Reddit",
        ],
        [
            "a whole reply, computing time, p50 / p95",
            f"{own['ms_p50']:.0f} / {own['ms_p95']:.0f} ms",
            "-",
        ],
    ]


def companion() -> list[list[str]]:
    danger, made, read = saved("danger"), saved("chat_dialogues"), saved("chat_judged")
    first, second = danger["danger_held_out: all of danger"], danger["danger_second: all of danger"]
    alike = [danger[f"{name}: none"] for name in ("danger_held_out", "danger_second")]
    ordinary, typed, faults = danger["ordinary turns"], danger["typed turns"], made["faults"]

    def told(own: dict[str, float]) -> str:
        return f"{percent(own['alarm'])} / {percent(own['kind'])}"

    def shares(own: dict[str, Any]) -> str:
        return f"{percent(own['accepted'])} ({', '.join(f'{100 * share:.0f}' for share in own['readings'])})"

    return [
        ["figure", "nlp-gru", "for comparison"],
        [
            f"{first['rows']} messages of people in danger, most of them indirect: seen / taken for the right kind",
            told(first),
            "6.7 / 5.8 % by the nearest of a thousand examples",
        ],
        [f"{second['rows']} others, by the author of the examples, written before most of these", told(second), NONE],
        [
            f"harmless messages that sound like danger, {alike[0]['rows']} and {alike[1]['rows']}: taken for danger",
            " and ".join(percent(own["alarm"]) for own in alike),
            NONE,
        ],
        [
            f"{ordinary['rows']:,} turns of the test dialogues, taken for danger",
            f"{100 * ordinary['alarm']:.2f} %",
            "0.09 % by the nearest example",
        ],
        [
            f"{typed['rows']:,} turns typed to a bot, of the written dialogues that were kept out, taken for danger",
            f"{100 * typed['alarm']:.2f} %",
            NONE,
        ],
        [
            f"{made['dialogues']:,} dialogues of the bot with itself, replies at turn {made['turn']}:"
            f" {' / '.join(faults)} fault",
            " / ".join(f"{100 * of['turn']:.2f}" for of in faults.values()) + " %",
            NONE,
        ],
        [
            f"{read['ours']['replies']} replies in scripted dialogues of twelve turns that a stranger would accept, by"
            " most of three readings (each reading, %)",
            shares(read["ours"]),
            f"SmolLM2-135M-Instruct {shares(read['smollm'])} of {read['smollm']['replies']}",
        ],
        [
            f"the same of the {read['ours']['late replies']} whose scripts were written last and not read before",
            percent(read["ours"]["late accepted"]),
            NONE,
        ],
    ]


TABLES: dict[str, Callable[[], list[list[str]]]] = {
    "sentiment": sentiment,
    "translation": translation,
    "similarity": similarity,
    "autocomplete": autocomplete,
    "kinds": kinds,
    "confidence": confidence,
    "faq": faq,
    "faq_peers": faq_peers,
    "runtime": runtime,
    "pages": pages,
    "chat": chat,
    "companion": companion,
}


def markdown(rows: list[list[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" + "|---:" * (len(rows[0]) - 1) + "|", *body])


def rendered(text: str) -> str:
    """Return a document with its tables made anew."""

    def table(match: re.Match[str]) -> str:
        return f"{match[1]}\n\n{markdown(TABLES[match[2]]())}\n\n{match[3]}"

    return re.sub(r"(<!-- table: (\w+) -->).*?(<!-- end of table -->)", table, text, flags=re.S)


if __name__ == "__main__":
    RESULTS.write_text(rendered(RESULTS.read_text(encoding="utf-8")), encoding="utf-8")
