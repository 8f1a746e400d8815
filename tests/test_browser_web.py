"""The page without a server, in a real browser: the same answers as in Python, and still there when the network is gone.
Runs where Chromium is installed and ONNX Runtime Web can be had from npm's registry."""

import http.server
import random
import threading
from functools import partial

import pytest
from browser import needs_chromium, windows

import nlp_gru
from nlp_gru import web
from nlp_gru.errors import UserError
from nlp_gru.text.casing import forms
from nlp_gru.text.placeholders import mark
from nlp_gru.text.sentences import segment
from nlp_gru.tools.keyboard.memory import Memory
from nlp_gru.web import runtime

pytestmark = needs_chromium
TEXTS = [
    "Where is the nearest station?", "I am tired. we can go home now", "Dr. Smith called 555-123 at 10:30. See https://a.b/c?d. 🙂",
    "STOP THAT\n\n - first\n - second, please", "  ", "the food was not good", "Tom's friend Anna Karlsdottir-Jones lives in Paris; he doesn't.",
    "No. 5 costs $10.50! Or did it, in 1999?", "日本語テキスト", "a" * 900 + " b. " + "word " * 200, "Mrs. J. B. Smith, etc. and so on",
]  # fmt: skip
POOLS = [
    "abc ABC ",
    "éèàçœŒ’“”—–\u00a0▁",
    "日本語",
    "🙂👍🏽👩‍👩‍👧",
    "\x00\x01\x7f\u200d",
    "0123456789.,:/-",
    "<s></s><0x41><turn>",
    "İßſK\u0301e\u0301",
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    try:
        files = runtime.load(fetch=True)
    except UserError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("web")
    web.write(folder, web.names([]), files)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def address(server):
    return f"http://127.0.0.1:{server.server_port}/"


def show(page, tab):
    page.locator(f"#tab-{tab}").click()
    page.wait_for_selector(f"#tab-{tab}[data-ready]", timeout=60_000)


def test_texts_are_read_as_in_python(server):
    draw = random.Random(1)
    junk = ["".join(draw.choice(draw.choice(POOLS)) for _ in range(draw.randint(0, 40))) for _ in range(300)]
    tokenizer = nlp_gru.load("next_word").model.tokenizer
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()
        found = page.evaluate(
            """async (texts) => {
              const { Tokenizer } = await import("./tokenizer.js");
              const tokenizer = new Tokenizer(await (await fetch(nlpGru.models[0].tokenizer)).json());
              return texts.map((t) => tokenizer.encode(t)).map((ids) => [ids, tokenizer.decode(ids)]);
            }""",
            [*TEXTS, *junk],
        )
        for text, (ids, back) in zip([*TEXTS, *junk], found, strict=True):
            assert ids == tokenizer.encode(text)
            assert back == tokenizer.decode(ids)
        found = page.evaluate(
            """async (texts) => {
              const { segment, forms, mark } = await import("./text.js");
              return texts.map((t) => ({
                sentences: segment(t, "en").filter((p) => p.isSentence).map((p) => p.text),
                whole: segment(t, "en").map((p) => p.text).join(""),
                forms: t.trim() ? forms(t.trim()).map((f) => [f.text, f.restore("Le Chat dort.")]) : [],
                marked: mark(t, (word, begins) => word.length % 2 === 0 && !begins),
              }));
            }""",
            TEXTS,
        )
    for text, there in zip(TEXTS, found, strict=True):
        assert there["whole"] == text
        assert there["sentences"] == [p.text for p in segment(text, "en") if p.is_sentence]
        assert there["forms"] == [[f.text, f.restore("Le Chat dort.")] for f in forms(text.strip()) if text.strip()]
        marked, kept = mark(text, lambda word, begins: len(word) % 2 == 0 and not begins)
        assert there["marked"] == {"text": marked, "kept": kept}


def test_the_models_answer_as_in_python(server):
    memory = Memory()
    memory.learn("See you at the Zugspitze. See you at the Zugspitze, Anna!")
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()

        def ask(name, method, *arguments):
            return page.evaluate("(a) => nlpGru.ask(...a)", [name, method, *arguments])

        analyse, keyboard = nlp_gru.load("sentiment"), nlp_gru.load("next_word")
        plain = nlp_gru.Keyboard(keyboard.model, blocklist=False)  # the page has no list of words yet
        for text in [*TEXTS, "It was great. " * 200]:
            assert ask("sentiment", "predict", text)["scores"] == pytest.approx(analyse(text).scores, abs=0.01)
        for text in ["", "I would like to ", "I would like to o", "See you ", "I don", "Hello. HO", "word.", "日本"]:
            there = {s["text"]: s["score"] for s in ask("next_word", "suggest", text, 3)}
            here = {s.text: s.score for s in plain.suggest(text, k=6, correct=False)}
            assert len(there) == min(3, len(plain.suggest(text, correct=False)))
            assert {word: here[word] for word in there} == pytest.approx(there, abs=0.02)
        for name, texts in (("translation", TEXTS[:8]), ("translation-fr-en", ["Je suis fatigué.", "Où est la gare"])):
            translate = nlp_gru.load(name)
            same = [ask(name, "translate", text)["text"] == translate(text).text for text in texts]
            assert sum(same) >= len(texts) - 1, same  # int8 is rounded otherwise: near ties may fall the other way
        bot = nlp_gru.load("chat")
        assert ask("chat", "reply", ["Are you a robot?"])["candidates"][0][0] in dict(
            bot.reply(["Are you a robot?"]).candidates
        )
        found = ask("chat", "reply", ["Do you like jazz?"], {"seed": 1})
        assert found["text"] == found["candidates"][0][0] and len(found["candidates"]) > 1
        assert found == ask("chat", "reply", ["Do you like jazz?"], {"seed": 1})
        words = page.evaluate(
            """async () => {
              const { Memory } = await import("./memory.js");
              const memory = new Memory();
              memory.learn("See you at the Zugspitze. See you at the Zugspitze, Anna!");
              const again = new Memory();
              again.load(JSON.parse(JSON.stringify(memory)));
              return [Object.fromEntries(again.words("See you at the ", "z")), again.trust("See you at the "), again.toJSON()];
            }"""
        )
        assert words[0] == pytest.approx(memory.words("See you at the ", "z", 3))
        assert words[1] == pytest.approx(memory.trust("See you at the "))
        assert words[2] == {
            "format": 1,
            "learned": memory.learned,
            "counts": memory.counts,
            "spelling": memory.spelling,
        }


def test_every_tab_and_no_network(server):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page(390, dark=True)
        use_every_tab(page)
        for tab in ("sentiment", "next_word", "translation", "chat"):
            show(page, tab)
            found = [v["id"] for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
            assert not found, (tab, found)
            assert page.evaluate("document.documentElement.scrollWidth") == 390
        if page.locator("#keep").is_visible():  # else every model was used, and so kept, by now
            page.locator("#keep").click()
        page.wait_for_selector("#keep", state="hidden", timeout=60_000)
        page.evaluate(
            """new Promise((done) => navigator.serviceWorker.controller ? done()
              : navigator.serviceWorker.addEventListener("controllerchange", () => done()))"""
        )
        server.shutdown()
        server.server_close()
        page.context.set_offline(True)
        page.reload()
        page.wait_for_selector("#tab-chat[data-ready]")
        use_every_tab(page)


def use_every_tab(page):
    show(page, "sentiment")
    page.fill("#sentiment-text", "I loved it, every minute.")
    page.wait_for_selector(".verdict:text-is('positive')")
    page.wait_for_selector(".words span[title]")
    show(page, "next_word")
    box = page.locator("#next-word-text")
    box.fill("")
    box.press_sequentially("See you l")
    page.wait_for_selector(".chips button:has-text('later')")
    box.press("Tab")
    assert box.input_value() == "See you later "
    page.wait_for_selector("text=29 % of 14 keystrokes saved")
    box.press_sequentially("to go")
    page.wait_for_selector(".chips button:nth-child(1):text-matches('^go[a-z]', 'i')")
    box.press("Tab")
    assert box.input_value() == "See you later to go", "no rare word in the place of the one that stands there"
    box.fill("See you later ")
    page.get_by_role("button", name="Learn this text").click()
    page.wait_for_selector("text=words learned")
    page.get_by_role("button", name="Go on from here").click()
    page.wait_for_selector("button:text-is('Go on from here')")
    assert len(box.input_value().split()) > 10
    show(page, "translation")
    page.fill("#translation-text", "She is tired.")
    page.wait_for_selector(".output:text-is('Elle est fatiguée.')")
    page.wait_for_selector(".heat td[title]")
    page.get_by_role("button", name="Swap languages").click()
    page.wait_for_selector(".output:has-text('tired.')")
    page.get_by_role("button", name="Swap languages").click()
    show(page, "chat")
    count = page.locator(".log .bot").count()
    page.fill("#chat-text", "<b>Do you like music?</b>")
    page.keyboard.press("Enter")
    page.locator(".log .bot").nth(count).wait_for()
    assert page.locator(".log .me").last.inner_text() == "<b>Do you like music?</b>"
