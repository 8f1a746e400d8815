"""The JavaScript library with its models, in Node: the same answers as in Python; and as a package of npm's. Runs where
Node is installed and ONNX Runtime Web can be had from npm's registry."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_javascript import needs_node, node

import nlp_gru
from nlp_gru import web
from nlp_gru.errors import UserError
from nlp_gru.web import runtime

pytestmark = [pytest.mark.slow, needs_node]
ASK = Path(__file__).parents[2] / "benchmarks/javascript.mjs"
EXPLAINED = [
    "The food was terrible, but we laughed. It cost $3.50! 👎 Never again...",
    "It isn't well-made;\nthe lid fell off :(",
    "",
    "so, so good " * 40,
]
TEXTS = [
    "It was great, and we will come again.",
    "The food was not good.",
    "",
    "Où est la gare ?",
    "🙂",
    "It was great. " * 200,
]
TYPED = [
    "",
    "I would like to ",
    "I would like to o",
    "See you ",
    "i dont knwo wha",
    "Hello. HO",
    "word.",
    "well-kn",
    "日本",
    "the 4",
]
SLIPPED = ["i dont knwo teh wether", "See you on monday, my freind!", "Recieve http://teh.com", "Nothing to mend here."]
ASKED = ["when r u opening", "where is parking", "hello", "Is there a moon?", "!!!"]
DIALOGUES = [
    ["Are you a robot?"],
    ["My cat is called Tim.", "Nice!", "What is my cat called?"],
    ["I took a whole bottle of pills"],
    ["Do you like jazz?"],
]
TRANSLATED: list[tuple[str, dict[str, int]]] = [
    ("Where is the station?\nI am late.", {"alternatives": 1}),
    ("Dear Anna,", {}),
    ("Je ne sais pas où est la gare.", {}),
    ("Ich weiß leider nicht, wo der Bahnhof heute ist.", {}),
]
ROWS = [("When do you open?", "At nine."), ("What are your hours?", "At nine."), ("Where can I park?", "Behind it.")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    try:
        files = runtime.load(fetch=True)
    except UserError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("site")
    nlp_gru.FaqBot(ROWS).save(folder / "my-bot")
    web.write(folder / "site", web.names([*web.names([]), str(folder / "my-bot")]), files, page=False)
    return folder / "site"


@pytest.fixture(scope="module")
def answers(site):
    """What Node says, all in one go."""
    calls = {
        "sentiment": ("sentiment", "", [[t] for t in TEXTS]),
        "explain": ("sentiment", "explain", [[t, "positive"] for t in EXPLAINED]),
        "suggest": ("autocomplete", "suggest", [[t] for t in TYPED]),
        "correct": ("next_word", "correct", [[t] for t in SLIPPED]),
        "translation": (
            "translation",
            "",
            [[text, options] for text, options in TRANSLATED],
        ),
        "align": ("translation", "align", [["She is tired.", "Elle est fatiguée."]]),
        "encode": ("similarity", "encode", [[t] for t in TEXTS]),
        "search": ("similarity", "search", [["when do you open", [a for _, a in ROWS] + ["x"], {"k": 2}]]),
        "duplicates": ("similarity", "duplicates", [[["A dog.", "One euro.", "a dog", " "], {"threshold": 0.8}]]),
        "reply": ("chat", "reply", [[t, {"temperature": 0}] for t in DIALOGUES]),
        "score": ("chat", "score", [[["Do you like jazz?"], ["I love jazz.", "Two eggs, please."]]]),
        "faq": ("my-bot", "reply", [[t] for t in ASKED]),
    }
    questions, out = site.parent / "calls.json", site.parent / "answers.json"
    named = {name: dict(zip(("model", "method", "inputs"), call, strict=True)) for name, call in calls.items()}
    questions.write_text(json.dumps(named), encoding="utf-8")
    done = subprocess.run(
        [node(), ASK, site / "lib/index.js", site, questions, out], capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    return {name: answer["found"] for name, answer in found.items()}


def test_classes_and_vectors(answers):
    analyse, encoder = nlp_gru.load("sentiment"), nlp_gru.load("similarity")
    for text, there, vector in zip(TEXTS, answers["sentiment"], answers["encode"], strict=True):
        here = analyse(text)
        assert there["scores"] == pytest.approx(here.scores, abs=0.01), text
        assert there["unsure"] == here.unsure, text
        assert encoder.encode(text) @ vector == pytest.approx(1, abs=0.01), text
    for text, there in zip(EXPLAINED, answers["explain"], strict=True):
        here = analyse.explain(text, "positive")
        assert [word for word, _ in there] == [word for word, _ in here]
        assert [weight for _, weight in there] == pytest.approx([weight for _, weight in here], abs=0.2), text
    (hits,) = answers["search"]
    assert [hit["text"] for hit in hits] == [
        h.text for h in encoder.search("when do you open", [a for _, a in ROWS] + ["x"], k=2)
    ]
    assert answers["duplicates"][0][0]["indices"] == [0, 2] and len(answers["duplicates"][0]) == 1


def test_words_and_slips(answers):
    keyboard = nlp_gru.load("next_word")
    for text, there in zip(TYPED, answers["suggest"], strict=True):
        here = {s.text: s.score for s in keyboard.suggest(text, k=6)}
        assert len(there) == min(3, len(keyboard.suggest(text)))
        assert {s["text"]: s["score"] for s in there} == pytest.approx(
            {s["text"]: here[s["text"]] for s in there}, abs=0.02
        ), text
    for text, there in zip(SLIPPED, answers["correct"], strict=True):
        mended, changes = keyboard.correct(text)
        assert there["text"] == mended
        assert [tuple(c.values()) for c in there["changes"]] == [(c.start, c.end, c.before, c.after) for c in changes]


def test_translations(answers):
    translate = nlp_gru.load("translation")
    for (text, options), there in zip(TRANSLATED, answers["translation"], strict=True):
        found = translate(text, **options)
        assert (there["text"], there["language"], there["hint"]) == (found.text, found.language, found.hint)
        for sentence, wanted in zip(there["sentences"], found.sentences, strict=True):
            assert [other for other, _ in sentence["alternatives"]] == [other for other, _ in wanted.alternatives]
            assert sentence["confidence"] == pytest.approx(wanted.confidence, abs=0.02)
            assert sentence["unsure"] == wanted.unsure
    here = translate.align("She is tired.", "Elle est fatiguée.")
    (there,) = answers["align"]
    assert tuple(there["source"]) == here.source and tuple(there["target"]) == here.target
    for row, wanted in zip(there["weights"], here.weights, strict=True):
        assert row == pytest.approx(wanted, abs=0.02)


def test_replies(answers):
    bot, faq = nlp_gru.load("chat"), nlp_gru.FaqBot(ROWS)
    for turns, there in zip(DIALOGUES[:3], answers["reply"][:3], strict=True):
        assert there["text"] == bot.reply(turns, temperature=0).text
    assert answers["score"][0] == pytest.approx(
        bot.score(["Do you like jazz?"], ["I love jazz.", "Two eggs, please."]), abs=0.02
    )
    for text, there in zip(ASKED, answers["faq"], strict=True):
        here = faq.reply(text)
        assert (there["text"], there["answered"], there["offered"]) == (here.text, here.answered, here.offered), text
        assert there["score"] == pytest.approx(here.score, abs=0.03)
        assert tuple(there["closest"]) == here.closest


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_the_package_is_used_in_a_fresh_folder(site, tmp_path):
    offline = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"]
    lib = shutil.copytree(web.LIB, tmp_path / "lib")
    done = subprocess.run(["npm", "pack", lib, *offline], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (archive,) = tmp_path.glob("nlp-gru-*.tgz")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "package.json").write_text('{"type": "module"}')
    done = subprocess.run(["npm", "install", archive, *offline], cwd=fresh, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (fresh / "try.js").write_text(
        f"""import {{ load }} from "nlp-gru";
        const analyse = await load("sentiment", {{ from: {json.dumps(str(site))} }});
        console.log((await analyse("I loved every minute of it")).label);"""
    )
    done = subprocess.run([node(), "try.js"], cwd=fresh, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "positive", done.stderr


def test_the_documentation_runs(site, tmp_path):
    document = (Path(__file__).parents[2] / "docs/javascript.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```js\n(.*?)```", document, re.S)
    assert len(blocks) == 2
    (tmp_path / "site").symlink_to(site)
    (tmp_path / "try.mjs").write_text("".join(blocks), encoding="utf-8")
    done = subprocess.run([node(), "try.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for wanted in (
        "label: 'positive'",
        "text: 'order'",
        "I don't know",
        "Où se trouve la gare ?",
        "We open at nine.",
        "At nine.",
    ):
        assert wanted in done.stdout


def test_a_damaged_model_is_refused(site, tmp_path):
    folder = shutil.copytree(site, tmp_path / "site")
    (weights,) = folder.glob("models/sentiment-*/weights.bin")
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    script = f"""import {{ load }} from {json.dumps((folder / "lib/index.js").as_uri())};
    await load("sentiment").catch((error) => console.log(error.name, error.message));"""
    done = subprocess.run([node(), "--input-type=module", "-e", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.startswith("UserError") and "is damaged" in done.stdout, done.stderr
