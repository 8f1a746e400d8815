import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_gru.bundled import SHARED_TOKENIZER
from nlp_gru.errors import UserError
from nlp_gru.tokenizer import SPECIAL, TYPOGRAPHY, Decoder, Tokenizer

TOKENIZER = Tokenizer.load(SHARED_TOKENIZER)
PLAIN = str.maketrans({c: new for old, new in TYPOGRAPHY.items() for c in old[1:-1]})


@given(st.text(max_size=60))
def test_every_string_survives_but_for_nfc_and_typographic_marks(text):
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == unicodedata.normalize("NFC", text).translate(PLAIN)


@pytest.mark.parametrize(
    "text", ["Où est la gare ?", "naïve café, l'œuvre", "日本語 العربية", "👩‍👩‍👧 ❤️ 🙂", "a\n\tb  c ", "\x00\x07"]
)
def test_round_trip(text):
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == text


@given(st.text(max_size=30))
def test_pieces_one_at_a_time_give_the_same_text(text):
    ids, decoder = TOKENIZER.encode(text), Decoder(TOKENIZER)
    assert "".join(decoder.step(i) for i in ids) == TOKENIZER.decode(ids)


@pytest.mark.parametrize(
    ("sequence", "text"),
    [(b"\xc3\xba e", "ú e"), (b"\xc3\xba\x80", "ú\ufffd"), (b"\xf0\x9f", ""), (b"\xf0\x9f\xc3\xa9", "\ufffdé"), (b"\xff", "\ufffd")],
)  # fmt: skip
def test_bytes_in_any_order_give_valid_text(sequence, text):
    """An unlikely draw may end a character too early, or begin in its middle."""
    decoder, ids = Decoder(TOKENIZER), {TOKENIZER.piece(i): i for i in TOKENIZER._bytes}
    assert "".join(decoder.step(ids[f"<0x{byte:02X}>"]) for byte in sequence) == text


def test_a_piece_after_a_broken_character():
    decoder, ids = Decoder(TOKENIZER), {TOKENIZER.piece(i): i for i in TOKENIZER._bytes}
    word = TOKENIZER.encode("e")[0]
    assert [decoder.step(i) for i in (ids["<0xC3>"], word)] == ["", "\ufffde"]


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


def test_sentencepiece_and_tokenizers_agree():
    """What SentencePiece learned is what `tokenizers` runs: the same pieces from both, on text and on odd text."""
    import io

    import sentencepiece

    from nlp_gru import tokenizer as module

    model = io.BytesIO()
    texts = [f"the cat {i} sat on the mat, didn't it? Où est le chat n° {i * 7}" for i in range(300)]
    original, seen = module._from_sentencepiece, []
    module._from_sentencepiece = lambda sp: seen.append(sp) or original(sp)
    try:
        learned = Tokenizer.learn(texts, 400)
    finally:
        module._from_sentencepiece = original
    assert isinstance(seen[0], sentencepiece.SentencePieceProcessor) and model is not None
    for text in [*texts[:50], "unseen words, ünïcödé 🙂", "  blanks ", "1234567"]:
        assert learned.encode(text) == seen[0].encode(text)


def test_vocabulary_is_about_8k_and_serves_two_languages():
    assert 7900 <= len(TOKENIZER) <= 8000
    for text in ("Where is the station?", "Où est-ce que tu habites ?"):
        assert len(TOKENIZER.encode(text)) <= 1.7 * len(text.split()) + 2


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
