"""The page "Look inside" over a fake model, through the same HTTP interface that the browser uses."""

import re
import subprocess
import sys

import numpy as np
import pytest
from browser import served

from nlp_gru.errors import UserError
from nlp_gru.inspection.gates import Layer, Look, Word

pytestmark = pytest.mark.slow

gradio_client = pytest.importorskip("gradio_client")
NAMES = {"one": "One layer", "two-fr-en": "Two layers"}


class Fake:
    """Keeps the more of a unit the longer the word is; counts how often it was asked."""

    def __init__(self):
        self.calls = 0

    def __call__(self, name, text, tokens):
        self.calls += 1
        if "long" in text:
            raise UserError("the text has 999 tokens, and 120 are the most to look at; shorten it")
        shown = list(text.replace(" ", "")) if tokens else text.split()
        layers = [layer("encoder, layer 1", shown, 0)]
        if name != "one":
            layers += [layer("decoder, layer 1", [w.upper() for w in shown], 1)]
        return Look(text, text.upper() if name != "one" else "", tuple(layers))


def layer(name, shown, seed, units=64):
    draw = np.random.default_rng(seed)
    words = tuple(Word(text, tuple(text[:9:2]), (i,)) for i, text in enumerate(shown))
    update = np.array([[len(w) / 10] * units for w in shown], dtype=np.float32).clip(0, 1)
    candidate = draw.uniform(-1, 1, (len(shown), units)).astype(np.float32)
    hidden = [np.zeros(units, np.float32)]
    for z, n in zip(update, candidate, strict=True):
        hidden.append((1 - z) * n + z * hidden[-1])
    return Layer(name, words, False, 1 - update, update, candidate, np.stack(hidden[1:]), np.stack(hidden[:-1]), 3e-7)


@pytest.fixture(scope="module")
def fake():
    return Fake()


@pytest.fixture(scope="module")
def client(fake):
    from nlp_gru.apps import inside

    with served(inside.build(fake, NAMES, "# the card")) as url:
        yield gradio_client.Client(url, verbose=False)


def test_endpoint(client):
    answer = client.predict("ab abcd", api_name="/inspect")
    assert [w["word"] for w in answer["layers"][0]["words"]] == ["ab", "abcd"] and answer["written"] == ""
    assert [w["kept"] for w in answer["layers"][0]["words"]] == pytest.approx([0.2, 0.4]) and answer[
        "difference"
    ] == 3e-7
    answer = client.predict("ab abcd", "two-fr-en", "decoder", api_name="/inspect")
    assert [one["name"] for one in answer["layers"]] == ["decoder, layer 1"] and answer["written"] == "AB ABCD"


def test_only_the_endpoint_is_public(client):
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/inspect"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "the text is empty"),
        (("word " * 61,), "61 words are too many to look at; the most is 60 words"),
        (("w" * 601,), "601 characters are too many"),
        (("so long",), "999 tokens"),
        (("x", "three"), "three: no such model; there is one, two-fr-en"),
        (("x", "one", "decoder"), "no layer fits 'decoder'"),
    ],
)
def test_mistakes_say_why_without_a_traceback(client, arguments, message):
    with pytest.raises(Exception, match=re.escape(message)) as error:
        client.predict(*arguments, api_name="/inspect")
    assert "Traceback" not in str(error.value)


def test_another_layer_costs_no_reading(client, fake):
    client.predict("read me once", "two-fr-en", api_name="/inspect")
    before = fake.calls
    client.predict("read me once", "two-fr-en", "decoder", api_name="/inspect")
    assert fake.calls == before


@pytest.mark.parametrize("gate", ["update", "reset", "candidate", "hidden"])
def test_panel(gate):
    from nlp_gru.apps import inside_view

    found = Fake()("two", 'I <script>alert(1)</script> {{value}} ${value} &amp; "quoted" \'', False)
    shown = inside_view.panel(found, found.layers[1], gate)
    assert "<script" not in shown.lower() and "&lt;SCRIPT&gt;" in shown and "&amp;AMP;" in shown
    assert shown.count('class="step"') == 7 and shown.count('aria-pressed="true"') == 1
    assert shown.count("<i class=n style") + shown.count("<i style") == 7 * inside_view.UNITS
    assert (shown.count("<i class=n style") > 0) == (gate in inside_view.SIGNED)
    assert "48 units" in shown and "all 64 units" in shown and "agree to 3e-07" in shown and "swap" in shown
    assert shown.count('scope="row"') == 7, "the table has every word"


def test_cells_show_the_values():
    """Where a cell says w, the value is w times the scale, negative where it is marked so."""
    from nlp_gru.apps import inside_view

    one = layer("encoder, layer 1", ["a", "abcdefgh"], 3)
    for gate in inside_view.TITLES:
        units, cells, scale = inside_view._cells(one, gate, one)
        for i, row in enumerate(cells):
            drawn = [float(strength) * scale * (-1 if negative else 1) for negative, strength in row]
            np.testing.assert_allclose(drawn, one.by_word(gate)[i, units], atol=0.006)


def test_the_sums_are_right():
    from nlp_gru.apps import inside_view

    one = layer("encoder, layer 1", ["a", "abcd"], 5)
    panel = inside_view.panel(Look("", "", (one,)), one, "update").replace("−", "-")
    shown = panel[panel.index("</button>", panel.index(">abcd<")) :]
    z, n, z2, h, new = re.search(
        r"\(1 - ([\d.]+)\) · \(?(-?[\d.]+)\)? \+ ([\d.]+) · \(?(-?[\d.]+)\)? ≈ (-?[\d.]+)", shown
    ).groups()
    assert z == z2 == "0.40" and (1 - float(z)) * float(n) + float(z) * float(h) == pytest.approx(float(new), abs=0.01)


def test_a_text_in_another_language_gives_way_to_an_example():
    from nlp_gru.apps import inside

    english, french = inside.EXAMPLES["en"], inside.EXAMPLES["fr"]
    assert inside.translated(english[1], "translation-fr-en")[0] == french[0]
    assert inside.translated(french[1], "chat")[0] == english[0]
    assert inside.translated("Mine", "translation-fr-en")[0] != french[0]


def test_bundled_models_are_loaded_when_looked_at():
    from nlp_gru.apps import common, inside

    model = common.Model("sentiment")
    look = inside.over({"sentiment": model})
    assert model._tool is None
    assert [w.text for w in look("sentiment", "not good", False).layers[0].words] == ["start", "not", "good", "end"]
    with pytest.raises(UserError, match="and 120 are the most"):
        look("sentiment", "Zugspitze " * 60, False)


def test_page_needs_no_torch_to_be_built():
    code = "import sys; from nlp_gru.apps import inside; inside.page(); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_second_text_shows_the_same_units():
    from nlp_gru.apps import inside_view

    first, second = layer("encoder, layer 1", ["a", "bcd"], 1), layer("encoder, layer 1", ["xyz", "q", "r"], 2)
    assert list(first.telling_units(48)) != list(second.telling_units(48))
    units = re.search(r'data-units="([^"]+)"', inside_view.panel(Look("", "", (first,)), first, "hidden"))[1]
    shown = inside_view.panel(Look("", "", (second,)), second, "hidden", first)
    assert f'data-units="{units}"' in shown and "the same as beside it" in shown


def test_a_kept_model_can_be_looked_into(tmp_path, monkeypatch):
    from nlp_gru.apps import common, inside

    from nlp_gru.model_folder.bundled import PRETRAINED
    from nlp_gru.model_folder.library import HOME, Library

    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    Library().keep(PRETRAINED / "sentiment", "mine")
    look = inside.over({})
    tool = common.load(str(Library().get("mine").folder))
    assert [w.text for w in look(tool, "not good", False).layers[0].words] == ["start", "not", "good", "end"]


def test_a_second_box_that_was_never_touched_is_empty(fake):
    """A browser sends null for it."""
    from nlp_gru.apps import inside

    page = inside.build(fake, NAMES)
    show = next(event.fn for event in page.fns.values() if getattr(event.fn, "__name__", "") == "show")
    panel, other, _ = show("ab abcd", None, "one", "", None, "update", False, None)
    assert "How much it keeps" in panel and other["visible"] is False
    assert show("ab abcd", "x y", "one", "", None, "update", False, None)[1]["visible"] is True
