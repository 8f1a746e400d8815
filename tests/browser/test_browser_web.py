"""The page without a server, in a real browser: the same answers as in Python, and still there when the network is
gone. Runs where Chromium is installed and ONNX Runtime Web can be had from npm's registry."""

import pytest
from browser import needs_chromium, windows
from folder_server import hosted

import nlp_gru
from nlp_gru import web
from nlp_gru.errors import UserError
from nlp_gru.web import runtime

pytestmark = [pytest.mark.browser, needs_chromium]
TEXTS = [
    "Where is the nearest station?",
    "I am tired. we can go home now",
    "Dr. Smith called 555-123 at 10:30. See https://a.b/c?d. 🙂",
    "STOP THAT\n\n - first\n - second, please",
    "  ",
    "the food was not good",
    "Tom's friend Anna Karlsdottir-Jones lives in Paris; he doesn't.",
    "No. 5 costs $10.50! Or did it, in 1999?",
    "日本語テキスト",
    "a" * 900 + " b. " + "word " * 200,
    "Mrs. J. B. Smith, etc. and so on",
]


def written(folder, bot):
    """A server of the page in a folder, with all bundled models and a bot."""
    try:
        files = runtime.load(fetch=True)
    except UserError as error:
        pytest.skip(str(error))
    nlp_gru.FaqBot([("When do you open?", "At nine."), ("Where can I park?", "Behind the house.")]).save(bot)
    web.write(folder, web.names([*web.names([]), str(bot)]), files)
    return hosted(folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = written(tmp_path_factory.mktemp("web"), tmp_path_factory.mktemp("bots") / "my-bot")
    yield server
    server.shutdown()


def address(server):
    return f"http://127.0.0.1:{server.server_port}/"


def show(page, tab):
    page.locator(f"#tab-{tab}").click()
    page.wait_for_selector(f"#tab-{tab}[data-ready]", timeout=60_000)


def test_the_models_answer_as_in_python(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()

        def ask(name, method, *arguments):
            call = """async ([name, method, ...args]) => {
              const tool = await nlpGru.tool(name);
              return method ? tool[method](...args) : tool(...args);
            }"""
            return page.evaluate(call, [name, method, *arguments])

        analyse, keyboard = nlp_gru.load("sentiment"), nlp_gru.load("next_word")
        for text in [*TEXTS, "It was great. " * 200]:
            assert ask("sentiment", "", text)["scores"] == pytest.approx(analyse(text).scores, abs=0.01)
        for text in ["", "I would like to ", "See you ", "I dont knwo", "Hello. HO", "word.", "日本"]:
            there = {s["text"]: s["score"] for s in ask("next_word", "suggest", text)}
            here = {s.text: s.score for s in keyboard.suggest(text, k=6)}
            assert {word: here[word] for word in there} == pytest.approx(there, abs=0.02)
        assert ask("next_word", "correct", "i dont knwo")["text"] == keyboard.correct("i dont knwo")[0]
        bot = nlp_gru.load("chat")
        wanted = bot.reply(["Are you a robot?"], seed=1)
        assert ask("chat", "reply", ["Are you a robot?"], {"seed": 1})["text"] == wanted.text
        assert (
            ask("similarity", "search", "when do you open", ["Parking is free.", "We open at nine."])[0]["index"] == 1
        )
        assert ask("translation", "", "She is tired.")["text"] == "Elle est fatiguée."
        with pytest.raises(Exception, match="UserError: a text of 1,000,001 characters"):
            ask("sentiment", "", "a" * 1_000_001)


def test_a_question_is_cancelled(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()
        found = page.evaluate("""async () => {
              const keyboard = await nlpGru.tool("next_word");
              const stop = new AbortController();
              const parts = [];
              setTimeout(() => stop.abort(), 300);
              try {
                const options = { maxWords: 1000, stream: true, signal: stop.signal };
                for await (const part of keyboard.generate("Once", options)) parts.push(part);
              } catch (error) {
                return [error.name, parts.length, (await keyboard.suggest("See you ")).length];
              }
            }""")
        assert found[0] == "AbortError" and found[1] < 800 and found[2] == 3


CUT = """() => [...document.querySelectorAll("main section:not([hidden]) *, nav *, header *, footer *")]
  .filter((e) => e.children.length === 0 && e.textContent.trim() && e.tagName !== "TEXTAREA")
  .filter((e) => getComputedStyle(e).overflowX !== "visible")
  .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
  .map((e) => e.outerHTML.slice(0, 100))"""
TARGETS = "nav button, main section:not([hidden]) :is(button, select, input[type=text])"
SMALL = """(targets) => [...document.querySelectorAll(targets)]
  .filter((e) => e.offsetParent).map((e) => [e.textContent, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([text, box]) => `${text}: ${box.width} × ${box.height}`)"""


@pytest.mark.parametrize("width", [1280, 390])
def test_text_of_twice_the_size_loses_nothing_and_targets_are_large(server, width):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page(width)
        for tab, box, answer in (
            ("sentiment", "#sentiment-text", ".verdict:text-is('positive')"),
            ("next_word", "#next-word-text", ".chips button:enabled"),
            ("translation", "#translation-text", ".output:not(:empty)"),
        ):
            show(page, tab)
            page.fill(box, "It is wonderful and ")
            page.wait_for_selector(f"main section:not([hidden]) {answer}")
            assert width > 700 or page.evaluate(SMALL, TARGETS) == [], tab
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, tab
            assert page.evaluate(CUT) == [], tab
            page.evaluate("document.documentElement.style.fontSize = ''")


def test_back_leads_to_the_tool_before_and_colours_mean_the_same(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.fill("#sentiment-text", "It was awful, and I was bored.")
        page.wait_for_selector(".verdict:text-is('negative')")
        tint = (
            "getComputedStyle([...document.querySelectorAll('.words span')].find((s) => s.textContent.trim() ==="
            " 'awful')).backgroundColor"
        )
        page.wait_for_selector(".words span[title]")
        assert page.evaluate(tint).startswith("rgba(229, 72, 77"), "a negative word is red in a negative text, too"
        assert page.evaluate("getComputedStyle(document.querySelector('.verdict')).color") == "rgb(229, 72, 77)"
        show(page, "translation")
        page.fill("#translation-text", "She is tired.")
        page.wait_for_selector(".output:text-is('Elle est fatiguée.')")
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "Elle est fatiguée."
        page.go_back()
        page.wait_for_selector("#panel-sentiment:not([hidden])")
        assert page.evaluate("location.hash") == "#sentiment"
        page.go_forward()
        page.wait_for_selector("#panel-translation:not([hidden])")


def test_what_tab_would_write_stands_in_grey_behind_the_caret(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()
        show(page, "next_word")
        box, grey = page.locator("#next-word-text"), page.locator(".ghost span")
        box.press_sequentially("I would like to or")
        page.wait_for_selector(".ghost span:text-is('der a')")
        phrase = page.locator(".chips .phrase")
        assert (
            phrase.inner_text().startswith("order a")
            and phrase.get_attribute("aria-label") == "Take the phrase order a"
        )
        box.press("Escape")
        assert grey.count() == 0
        box.press_sequentially("d")  # the answer of before still fits
        page.wait_for_selector(".ghost span:text-is('er a')")
        box.press("Tab")
        assert box.input_value() == "I would like to order a "
        page.keyboard.press("Control+z")
        assert box.input_value() == "I would like to ord", "what was taken is undone at once"
        box.press("Home")
        page.wait_for_selector(".ghost span", state="detached")
        box.fill("Zorblax is here. ")
        page.get_by_role("button", name="Learn this text").click()
        page.get_by_text("3 words learned").click()
        page.get_by_role("button", name="Forget Zorblax").click()
        page.get_by_text("2 words learned").wait_for()
        page.reload()
        page.get_by_text("2 words learned").wait_for()
        assert box.input_value() == "Zorblax is here. "
        page.get_by_role("button", name="Forget what I typed").click()
        page.wait_for_selector("#tab-next_word[data-ready]")
        page.get_by_text("2 words learned").wait_for()
        assert box.input_value() == ""


def test_a_translation_is_chosen_among_others_and_a_wrong_direction_is_told(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()
        show(page, "translation")
        page.fill("#translation-text", "Where is the nearest station? She is tired.")
        page.wait_for_selector(".option")
        first, second = (page.locator(".option").nth(i).locator("span").first.inner_text() for i in (0, 1))
        before = page.locator(".output").inner_text()
        assert before.startswith(first) and first != second
        page.locator(".option").nth(1).click()
        page.locator(".output").get_by_text(before.replace(first, second), exact=True).wait_for()
        assert page.locator(".option").nth(1).get_attribute("aria-pressed") == "true"
        page.locator(".heat thead th").get_by_text("Where", exact=True).wait_for()  # that of the sentence chosen
        page.fill("#translation-text", "Où est la gare ? Je suis en retard.")
        page.get_by_role("button", name="Translate from French").click()
        page.locator(".output").get_by_text("station").wait_for()
        assert page.input_value("#translation-text") == "Où est la gare ? Je suis en retard."


def test_a_dialogue_is_there_again_and_another_reply_is_taken(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()
        show(page, "chat")
        page.fill("#chat-text", "I just got a new puppy.")
        page.keyboard.press("Enter")
        page.locator(".log .bot").wait_for()
        page.get_by_text("What else it might have said").click()
        other = page.locator("#panel-chat .option span").first.inner_text()
        page.locator("#panel-chat .option").first.click()
        assert page.locator(".log p").all_inner_texts() == ["I just got a new puppy.", other]
        page.reload()
        page.wait_for_selector("#tab-chat[data-ready]", timeout=60_000)
        assert page.locator(".log p").all_inner_texts() == ["I just got a new puppy.", other]
        page.get_by_role("button", name="New dialogue").click()
        page.reload()
        page.wait_for_selector("#tab-chat[data-ready]", timeout=60_000)
        assert page.locator(".log p").count() == 0


def test_cards_name_data_and_licences(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page(390)
        for tab, names in {
            "sentiment": ["sentiment"],
            "next_word": ["next_word"],
            "translation": ["translation", "translation-fr-en"],
            "chat": ["chat"],
            "similarity": ["similarity"],
        }.items():
            show(page, tab)
            card = page.locator(f"#panel-{tab} details.card").last
            card.locator("summary").click()
            card.locator("table").first.wait_for()
            assert [name for name in card.locator("h2").all_inner_texts() if name != "my-bot"] == names
            assert all(text in card.inner_text() for text in ("Trained on", "Limits.", "Reproduce")), tab
            heads = card.locator("thead").all_inner_texts()
            assert tab == "similarity" or any("licence" in head for head in heads), tab
            assert not any(sign in card.inner_text() for sign in ("**", "<!--", "|---")), tab
            assert page.evaluate("document.documentElement.scrollWidth") == 390, tab


def test_it_installs_as_an_app(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        tools = page.context.new_cdp_session(page)
        found = tools.send("Page.getAppManifest")
        assert not found["errors"] and '"standalone"' in found["data"]
        # A window without a profile of its own never installs, whatever the page; nothing else may stand in the way.
        errors = {error["errorId"] for error in tools.send("Page.getInstallabilityErrors")["installabilityErrors"]}
        assert errors <= {"in-incognito"}, errors


TABS = ("sentiment", "next_word", "translation", "chat", "similarity")


def serious(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    return [v["id"] for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True), (1280, True), (390, False)])
def test_nothing_serious_for_accessibility_before_and_after_use(server, width, dark):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page(width, dark)
        for tab in TABS:
            show(page, tab)
            assert not serious(page), (tab, "opened")
        use_every_tab(page)
        for tab in TABS:
            show(page, tab)
            details = page.locator(f"#panel-{tab} details.card").last
            details.locator("summary").click()
            details.locator("table").first.wait_for()
            assert not serious(page), (tab, "used")


def test_every_tab_and_no_network(server):
    with windows(address(server), "#tab-sentiment[data-ready]") as open_page:
        page = open_page(390, dark=True)
        use_every_tab(page)
        for tab in TABS:
            show(page, tab)
            assert page.evaluate("document.documentElement.scrollWidth") == 390
        if page.locator("#keep").is_visible():  # else every model was used, and so kept, by now
            page.locator("#keep").click()
        page.wait_for_selector("#keep", state="hidden", timeout=60_000)
        page.evaluate("""new Promise((done) => navigator.serviceWorker.controller ? done()
              : navigator.serviceWorker.addEventListener("controllerchange", () => done()))""")
        server.shutdown()
        server.server_close()
        page.context.set_offline(True)
        page.reload()
        page.wait_for_selector("#tab-similarity[data-ready]")
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
    page.wait_for_selector(".chips button:nth-child(1):has-text('later')")
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
    box.fill("i dont knwo")
    page.get_by_role("button", name="Mend slips").click()
    page.wait_for_selector("text=i → I, dont → don't, knwo → know")
    assert box.input_value() == "I don't know"
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
    page.get_by_label("Model", exact=True).locator("visible=true").select_option("my-bot")
    for question, wanted in (
        ("wher can I prak", "Behind the house."),
        ("What time is it?", "Did you mean"),
    ):
        page.fill("#chat-text", question)
        page.wait_for_selector("button:text-is('Send'):enabled")
        page.keyboard.press("Enter")
        page.wait_for_selector(f'.log .bot:has-text("{wanted}")')
    page.get_by_role("button", name="When do you open?").click()
    page.wait_for_selector(".log .bot:text-is('At nine.')")
    show(page, "similarity")
    page.fill("#search-query", "where can I leave my car")
    page.wait_for_selector("#panel-similarity ol li:nth-child(1):has-text('Parking is free')")
