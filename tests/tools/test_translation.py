"""The translation head, and the translator over it."""

import numpy as np
import pytest
import torch
from conftest import ROOT, overfit

from nlp_gru.data_files import rows as dataset
from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import UserError
from nlp_gru.heads import HEADS
from nlp_gru.heads.checkpoint import load_model, save_model, start_from
from nlp_gru.model_folder.options import BaseOptions, ModelConfig
from nlp_gru.text.placeholders import PLACEHOLDERS
from nlp_gru.text.tokenizer import BOS, EOS
from nlp_gru.tools.translation.alignment import words
from nlp_gru.tools.translation.translator import Translator, _sentence
from nlp_gru.training import finetune
from nlp_gru.training.examples import make_examples
from nlp_gru.training.recipe import Recipe

pytestmark = pytest.mark.slow

PAIRS = {
    "Where is the station?": "Où est la gare ?",
    "I am tired.": "Je suis fatigué.",
    "He reads a book.": "Il lit un livre.",
    "She likes tea.": "Elle aime le thé.",
    "Good night!": "Bonne nuit !",
    "We met Ann here.": "Nous avons vu Ann ici.",
}


def rows(pairs=PAIRS):
    columns = {"source": list(pairs), "target": list(pairs.values())}
    return Rows(columns, [("pairs.csv", i + 1) for i in range(len(pairs))])


def seen_often(times=10):
    """The same, each pair several times: a name gets another placeholder every time."""
    return rows().take(list(range(len(PAIRS))) * times)


@pytest.fixture(scope="module")
def translator(tokenizer):
    """A model that has learned the pairs above by heart."""
    torch.manual_seed(0)
    config = ModelConfig(embedding=32, hidden=24, layers=2)
    options = HEADS["translation"].Options(copied_names=1.0, label_smoothing=0.0, negatives=200, known_words=64)
    head = HEADS["translation"].build(config, options, tokenizer)
    examples = head.examples(seen_often(), 50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nlp_gru.heads.translation.LEAST_PAIRS", 10)
        head.fit_statistics(examples)
    overfit(head, head.collate(examples), updates=150)
    return Translator(head.eval())


def test_what_was_learned_is_decoded_exactly(translator):
    pairs = {s: t for s, t in PAIRS.items() if "Ann" not in s}
    for beam in (1, 5):
        assert [t.text for t in translator(list(pairs), beam=beam)] == list(pairs.values())
    assert translator("I am tired.").score > 0.8


def test_lines_lists_and_blanks_are_kept(translator):
    text = "Good night!\n\n  - I am tired.  She likes tea.\r\n2) He reads a book.\n\t🙂\n"
    assert translator(text).text == (
        "Bonne nuit !\n\n  - Je suis fatigué.  Elle aime le thé.\r\n2) Il lit un livre.\n\t🙂\n"
    )
    assert [s.source for s in translator(text).sentences][1:3] == ["I am tired.", "She likes tea."]


def test_names_and_addresses_come_through(translator):
    for kept in ("Zgrzbrnk", "anna@example.org", "https://example.org/a?b=1", "🦊", "1984"):
        assert translator(f"We met {kept} here.").text == f"Nous avons vu {kept} ici."


def test_a_capital_makes_a_name_only_of_an_unknown_word(translator, make_head):
    is_name = translator.model.is_name
    assert is_name("Zgrzbrnk", False) and is_name("Zgrzbrnk", True) and not is_name("Zgrz-Tired", False)
    assert not is_name("Station", False) and not is_name("Where", True)
    assert not make_head("translation").is_name("Zgrzbrnk", False)  # it remembers no words, so any might be known


def test_alternatives_say_the_same():
    offered = [
        ("Il a 20 ans, dit Ann.", 0.8),
        ("Il a 20 ans dit Ann !", 0.79),
        ("Il a 21 ans, dit Ann.", 0.78),
        ("Elle a 20 ans, dit Ann.", 0.7),
        ("Il a 20 ans, dit Anne.", 0.7),
        ("Lui a 20 ans, dit Ann.", 0.4),
    ]
    assert _sentence("x", offered, 5).alternatives == (("Elle a 20 ans, dit Ann.", 0.7),)
    assert _sentence("x", offered[:1], 5).alternatives == () and _sentence("x", [("", 0.5)], 5) is None


def test_alternatives_differ_and_are_ordered(translator):
    [sentence] = translator("He reads a book.", beam=8, alternatives=4).sentences
    texts = [sentence.text, *(text for text, _ in sentence.alternatives)]
    assert len(set(texts)) == len(texts) <= 5 and texts[0] == "Il lit un livre."


def test_alignment_is_a_distribution_for_each_word(translator):
    found = translator.align("We met Zgrzbrnk here.", "Nous avons vu Zgrzbrnk ici.")
    assert found.source == ("We", "met", "Zgrzbrnk", "here", ".", "</s>")
    assert found.target == ("Nous", "avons", "vu", "Zgrzbrnk", "ici", ".", "</s>")
    weights = np.array(found.weights)
    assert weights.shape == (7, 6) and np.allclose(weights.sum(1), 1, atol=1e-5) and (weights >= 0).all()
    assert np.array(translator.align("", "").weights).shape == (1, 1)


def test_words_of_an_alignment(tokenizer):
    for text, expected in {
        "J'ai vu qu'une fille.": ["J'ai", "vu", "qu'", "une", "fille", "."],
        "Va-t-il bien ? Non !": ["Va", "-t", "-il", "bien", "?", "Non", "!"],
        "I don't know 🦊 日本": ["I", "don't", "know", "🦊", "日本"],
        "a - b": ["a", "-", "b"],
    }.items():
        ids = tokenizer.encode(text)
        found = words(tokenizer, ids, [])
        assert [word for word, _ in found] == expected
        assert sorted(i for _, places in found for i in places) == list(range(len(ids)))


def test_sentences_met_again_are_not_translated_again(translator, monkeypatch):
    first = translator("She likes tea. He reads a book.")
    monkeypatch.setattr(translator, "_search", lambda *a: pytest.fail("searched again"))
    assert translator("He reads a book.\nShe likes tea.").text.split("\n")[::-1] == [s.text for s in first.sentences]


ODD = [
    "",
    " \n ",
    "🙂",
    "日本語のテキスト",
    "!!! ... ---",
    "\x01\x02 here",
    "</s><pad>",
    "\ud800",
    "x" * 5000,
    "Je suis déjà en français.",
    "mixed текст και 🙂 text",
    "a. " * 300,
]


def test_every_text_has_an_answer(translator):
    for text, result in zip(ODD, translator(ODD, beam=2), strict=True):
        assert isinstance(result.text, str) and 0 <= result.score <= 1
        assert not set(result.text) & set(PLACEHOLDERS)
        assert bool(result.text.strip()) >= bool(text.strip(" \n\x01\x02")) or "\x01" in text


def test_a_long_text_without_a_full_stop_is_cut(translator):
    text = "he reads a book " * 60
    assert len(translator(text, beam=1).sentences) > 1


def test_one_text_is_translated_alike_alone_and_in_a_list(translator):
    texts = ["I am tired of tea.", "She likes the station here.", "Where is the book we met?", "no"]
    assert [translator(t).text for t in texts] == [t.text for t in translator(texts)]
    assert [t.text for t in translator.stream(iter(texts), size=1)] == [t.text for t in translator(texts)]


def test_settings_out_of_range(translator):
    for options in ({"beam": 0}, {"beam": 1000}, {"beam": 3, "alternatives": 3}, {"alternatives": -1}):
        with pytest.raises(UserError, match="is a number from"):
            translator("Good night!", **options)
    for wrong in (None, 3, [None], [b"x"]):
        with pytest.raises(TypeError):
            translator(wrong)


def test_reading_the_target_at_once_is_reading_it_step_by_step(make_head):
    head = make_head("translation").eval()
    source, target = [11, 12, 13, EOS], torch.tensor([[BOS, 20, 21, 22, 23]])
    reading = head.read([source])
    with torch.inference_mode():
        whole, _ = head.decoder(target, reading.state, reading.memory)
    for t in range(target.shape[1]):
        log_p, tokens, reading = head.step(target[0, t : t + 1].numpy(), reading, 50)
        with torch.inference_mode():
            logits = head.decoder.logits(whole[0, t]).log_softmax(-1)
        assert log_p[0] == pytest.approx([logits[p].item() for p in tokens[0]], abs=0.05)  # no control tokens here


def test_padding_of_the_source_is_invisible(make_head):
    head = make_head("translation").eval()
    long, short = [*range(20, 30), EOS], [40, 41, EOS]
    tokens = np.array([50, 50])
    together, alone = head.read([long, short]), head.read([short])
    a, b = (head.step(tokens[: len(r.memory.keys)], r, 8) for r in (together, alone))
    np.testing.assert_allclose(a[0][1], b[0][0], atol=1e-5)
    assert (a[1][1] == b[1][0]).all()


def test_the_decoder_starts_as_the_base(tokenizer, make_head):
    base = HEADS["base"].build(
        ModelConfig(embedding=16, hidden=6), BaseOptions(decoder_hidden=12, dimensions=8), tokenizer
    )
    head = make_head("translation")
    started = start_from(head, base)
    assert torch.equal(head.decoder.layers[0].weight_hh_l0, base.decoder.layers[0].weight_hh_l0)
    assert torch.equal(head.decoder.embedding.weight, base.decoder.embedding.weight)
    assert torch.equal(head.encoder.layers[0].rnn.weight_hh_l0, base.encoder.layers[0].rnn.weight_hh_l0)
    assert "decoder.layers.0.weight_hh_l0" in started and "decoder.layers.1.weight_hh_l0" not in started


def test_rows_with_an_empty_side_are_named(make_head):
    for pair in ({"a": "b", "Hello": "  "}, {"a": "b", "": "x"}):
        with pytest.raises(UserError, match=r"pairs\.csv, row 2: '(source|target)' is empty"):
            make_examples(make_head("translation"), rows(pair), 50)


def test_other_scripts_get_a_vocabulary_of_their_own(tokenizer):
    kind = HEADS["translation"]
    greek = rows({f"Πού είναι ο σταθμός αριθμός {i};": f"Τρένο {i} φεύγει στις εννέα" for i in range(40)})
    auto, new, characters = (
        kind.vocabulary(kind.Options(vocabulary=v, vocab_size=400), greek, tokenizer)
        for v in ("auto", "new", "characters")
    )
    assert auto is not tokenizer and len(auto) <= 400 and len(auto.encode("σταθμός")) < len(tokenizer.encode("σταθμός"))
    assert len(new) == len(auto) and len(characters.encode("σταθμός")) == 7
    assert kind.vocabulary(kind.Options(vocabulary="auto"), rows(), tokenizer) is tokenizer
    assert kind.vocabulary(kind.Options(vocabulary="shared"), greek, tokenizer) is tokenizer


def test_another_language_starts_without_the_words_of_the_first(make_head):
    """Else its own words would pass for names."""
    start, head = make_head("translation", seed=1), make_head("translation", seed=2)
    start.known[0] = 5
    started = start_from(head, start, same_vocabulary=False)
    assert "known" not in started and not head.is_name("Bahnhof", False)
    assert torch.equal(head.bridge.weight, start.bridge.weight) and "decoder.embedding.weight" not in started
    assert start_from(head, start) and head.known[0] == 5


def test_training_on_another_language_from_a_start_model(tmp_path, make_head):
    save_model(make_head("translation"), tmp_path / "start")
    file = tmp_path / "pairs.tsv"
    lines = [f"το τρένο {i}\tпоезд {i}" for i in range(60)]
    file.write_text("source\ttarget\n" + "\n".join(lines), encoding="utf-8")
    recipe = Recipe.model_validate(
        {
            "head": "translation",
            "start": str(tmp_path / "start"),
            "data": {"train": [str(file)]},
            "train": {"epochs": 2, "evals": 1, "batch_tokens": 200},
            "translation": {"vocabulary": "auto", "vocab_size": 330},
        }
    )
    figures = finetune.run(recipe, tmp_path / "out")
    assert {"nll", "perplexity", "bleu", "chrf"} <= set(figures)
    assert Translator(load_model(tmp_path / "out"))("το τρένο").text is not None


def test_the_sample_holds_pairs():
    sample = ROOT / "data/samples/translation.csv"
    table = dataset.read([str(sample)], ("source", "target"))
    assert len(table) >= 50 and len(set(table["source"])) == len(table)
