import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_gru.errors import UserError
from nlp_gru.model_folder.bundled import SHARED_TOKENIZER, bundled_models, find_model
from nlp_gru.model_folder.folder import ModelFolder
from nlp_gru.text.canonical import plain
from nlp_gru.text.tokenizer import SPECIAL, Decoder, Tokenizer, read_tokenizer

TOKENIZER = Tokenizer.load(SHARED_TOKENIZER)


@given(st.text(max_size=60))
def test_every_string_survives_but_for_nfc_and_typographic_marks(text):
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == plain(text)


@pytest.mark.parametrize(
    "text", ["Où est la gare ?", "naïve café, l'œuvre", "日本語 العربية", "👩‍👩‍👧 ❤️ 🙂", "a\n\tb  c ", "\x00\x07"]
)
def test_round_trip(text):
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == text


@given(st.text(max_size=30))
def test_tokens_one_at_a_time_give_the_same_text(text):
    ids, decoder = TOKENIZER.encode(text), Decoder(TOKENIZER)
    assert "".join(decoder.step(i) for i in ids) + decoder.end() == TOKENIZER.decode(ids)


@pytest.mark.parametrize(
    ("sequence", "text"),
    [
        (b"\xc3\xba e", "ú e"),
        (b"\xc3\xba\x80", "ú\ufffd"),
        (b"\xf0\x9f", ""),
        (b"\xf0\x9f\xc3\xa9", "\ufffdé"),
        (b"\xff", "\ufffd"),
    ],
)
def test_bytes_in_any_order_give_valid_text(sequence, text):
    """An unlikely draw may end a character too early, or begin in its middle."""
    decoder, ids = Decoder(TOKENIZER), {TOKENIZER.token(i): i for i in TOKENIZER._bytes}
    assert "".join(decoder.step(ids[f"<0x{byte:02X}>"]) for byte in sequence) == text


def test_a_token_after_a_broken_character():
    decoder, ids = Decoder(TOKENIZER), {TOKENIZER.token(i): i for i in TOKENIZER._bytes}
    assert [decoder.step(i) for i in (ids["<0xC3>"], *TOKENIZER.encode("!"))] == ["", "\ufffd!"]


@pytest.mark.parametrize("special", [*SPECIAL, "<0x0A>"])
def test_typed_control_tokens_stay_text(special):
    ids = TOKENIZER.encode(f"a {special} b{special}")
    assert not set(ids) & set(range(len(SPECIAL)))
    assert TOKENIZER.decode(ids) == f"a {special} b{special}"


def test_lone_surrogates_have_an_answer():
    assert TOKENIZER.decode(TOKENIZER.encode("a\ud800b")) == "a\ufffdb"


def test_typographic_apostrophe_is_the_plain_one():
    assert TOKENIZER.encode("don’t") == TOKENIZER.encode("don't")


def test_offsets_cover_the_text():
    text = "Voilà: it’s 🙂 fine"
    ids, offsets = TOKENIZER.encode_with_offsets(text)
    assert len(ids) == len(offsets)
    assert offsets[0][0] == 0 and offsets[-1][1] == len(text)


def test_every_frequent_word_is_a_token():
    texts = [f"the cat {i} sat on the mat, didn't it? Où est le chat de l'Homme n° {i * 7}" for i in range(300)]
    learned = Tokenizer.learn(texts, 500)
    assert all(len(learned.encode(word)) == 1 for word in ("the", "mat", "didn't", "où", "est", "de", "homme"))
    for text in [*texts[:20], "unseen words, ünïcödé 🙂", "  blanks ", "1234567", "The MAT"]:
        assert learned.decode(learned.encode(text)) == text


def test_vocabulary_serves_two_languages():
    assert 11_900 <= len(TOKENIZER) <= 12_000
    for text in ("Where is the station?", "Où est-ce que tu habites ?"):
        assert len(TOKENIZER.encode(text)) <= 1.7 * len(text.split()) + 2


@pytest.mark.parametrize("word", ["dog", "cancel", "not", "yes", "thanks", "umbrella", "don't", "élève", "bonjour"])
def test_a_word_has_the_same_tokens_wherever_it_stands(word):
    ids = TOKENIZER.encode(word)
    for before in ("", "the ", '"', "(", "a\n", "- ", "« ", "well-"):
        assert TOKENIZER.encode(before + word)[-len(ids) :] == ids
    for form in (word.capitalize(), word.upper()):
        assert TOKENIZER.encode(form)[1:] == ids


@pytest.mark.parametrize("emoji", ["👍", "👎", "😡", "😊", "❤️", "😂", ":)", ":(", "<3"])
def test_an_emoji_is_a_token(emoji):
    assert len(TOKENIZER.encode(emoji)) == 1


def test_digits_are_tokens():
    assert [TOKENIZER.token(i) for i in TOKENIZER.encode("2024")] == list("2024")


def test_no_word_is_mixed_with_marks():
    tokens = (TOKENIZER.token(i) for i in range(len(SPECIAL), len(TOKENIZER)) if not TOKENIZER.is_byte(i))
    mixed = [p for p in tokens if re.search(r"[^\W\d_]", p) and re.search(r"[^\w▁']", p)]
    assert not mixed


def test_offsets_of_what_unicode_composes():
    text = "e\u0301te\u0301 “OK” I’m"
    ids, offsets = TOKENIZER.encode_with_offsets(text)
    shown = [(TOKENIZER.token(i), text[a:b]) for i, (a, b) in zip(ids, offsets, strict=True)]
    assert "".join(part for _, part in shown) == text
    assert ("▁I'm", " I’m") in shown


def test_a_tokenizer_of_the_first_edition_is_understood():
    first = Tokenizer.load(Path(__file__).parents[1] / "fixtures/tokenizer-1.json")
    assert (first.edition, TOKENIZER.edition) == (1, 2)
    assert first.decode(first.encode("Dog, “dog”")) == 'Dog, "dog"'
    assert all(len(read_tokenizer(ModelFolder(name))) == len(TOKENIZER) for name in bundled_models())


def test_a_folder_without_its_tokenizer_says_what_to_do(tmp_path):
    shutil.copytree(find_model("similarity"), tmp_path / "model")
    config = tmp_path / "model" / "config.json"
    values = json.loads(config.read_text())
    values["sha256"]["tokenizer.json"] = "0" * 64
    config.write_text(json.dumps(values))
    with pytest.raises(UserError, match=r"copy the tokenizer\.json it was trained with into the folder"):
        read_tokenizer(ModelFolder(tmp_path / "model"))


def test_garbage_is_refused(tmp_path):
    path = tmp_path / "tokenizer.json"
    for content in ("", "{}", '{"version":"1.0"}', "\x00" * 50):
        path.write_text(content)
        with pytest.raises(UserError, match=r"tokenizer\.json"):
            Tokenizer.load(path)
    with pytest.raises(UserError):
        Tokenizer.load(tmp_path / "missing.json")


def test_learning_from_nothing_is_an_error():
    with pytest.raises(UserError, match="cannot learn"):
        Tokenizer.learn([])
