"""The bundled translators on everyday sentences, odd input, and within their limits of size and time."""

import pytest

import nlp_gru
from nlp_gru.heads.checkpoint import load_model
from nlp_gru.model_folder.bundled import PRETRAINED

pytestmark = pytest.mark.slow

EVERYDAY = {
    "translation": [
        ("Where is the station?", "gare"),
        ("I am tired.", "fatigué"),
        ("Thank you very much.", "merci"),
        ("See you tomorrow.", "demain"),
        ("The weather is nice today.", "temps"),
        ("I would like a glass of water, please.", "verre d'eau"),
        ("How old are you?", "âge"),
        ("She is reading a book.", "livre"),
        ("We have two children.", "deux enfants"),
        ("It is raining.", "pleut"),
        ("What time is it?", "heure"),
        ("My brother lives in Paris.", "frère"),
        ("I don't understand the question.", "comprends pas"),
        ("The cat is sleeping on the bed.", "chat"),
        ("Can you help me?", "aider"),
    ],
    "translation-fr-en": [
        ("Où est la gare ?", "station"),
        ("Je suis fatigué.", "tired"),
        ("Merci beaucoup.", "thank"),
        ("À demain !", "tomorrow"),
        ("Il fait beau aujourd'hui.", "today"),
        ("Je voudrais un verre d'eau, s'il vous plaît.", "glass of water"),
        ("Quel âge as-tu ?", "how old"),
        ("Elle lit un livre.", "book"),
        ("Nous avons deux enfants.", "two children"),
        ("Il pleut.", "raining"),
        ("Quelle heure est-il ?", "what time"),
        ("Mon frère habite à Paris.", "my brother"),
        ("Je ne comprends pas la question.", "understand"),
        ("Le chat dort sur le lit.", "cat"),
        ("Peux-tu m'aider ?", "help me"),
    ],
}


@pytest.fixture(scope="module", params=EVERYDAY)
def translator(request):
    return request.param, nlp_gru.load(request.param)


def test_everyday_sentences(translator):
    name, translate = translator
    wrong = {
        s: t.text
        for (s, word), t in zip(EVERYDAY[name], translate([s for s, _ in EVERYDAY[name]]), strict=True)
        if word not in t.text.casefold()
    }
    assert len(wrong) <= 1, wrong


def test_other_translations_are_offered(translator):
    name, translate = translator
    found = translate([source for source, _ in EVERYDAY[name]], alternatives=4)
    offered = [sentence.alternatives for t in found for sentence in t.sentences]
    assert sum(map(bool, offered)) > 5 and all(
        p >= 0.6 * s.score for t in found for s in t.sentences for _, p in s.alternatives
    )


def test_names_and_addresses_are_kept(translator):
    name, translate = translator
    text = {"translation": "I met {} yesterday.", "translation-fr-en": "J'ai rencontré {} hier."}[name]
    for kept in ("Zoltan", "Kowalski", "https://example.org/a?b=1", "anna@example.org"):
        assert kept in translate(text.format(kept)).text
    assert translate("🦊").text == "🦊"


def test_small_letters_and_capitals_come_back():
    translate = nlp_gru.load("translation")
    assert translate("where is the station").text == translate("Where is the station?").text.rstrip(" ?").replace(
        "Où", "où"
    )
    assert translate("WHERE IS THE STATION?").text.isupper()


def test_size_and_card(translator):
    name, _ = translator
    folder = PRETRAINED / name
    assert sum(p.stat().st_size for p in folder.iterdir()) < 9.3e6 and not (folder / "tokenizer.json").exists()
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert card.startswith(f"# Model card: {name}\n") and "| set | tatoeba |" in card and "| rows | 2,000 |" in card
    assert load_model(name).is_name("Zrgbl", False)


def test_long_text_without_a_full_stop(read_characters):
    """It is cut into parts of a sentence's length, each of which is read about once."""
    text = "we walked along the river and " * 350
    result = nlp_gru.load("translation")(text, beam=1)
    assert len(result.sentences) > 20 and len(result.text) > 1000
    assert read_characters() < 2 * len(text)
