"""Written replies, which compete with what the chat bot makes up."""

from dataclasses import replace

import numpy as np
import pytest

import nlp_gru
from nlp_gru.errors import UserError
from nlp_gru.model_folder.bundled import PRETRAINED
from nlp_gru.tools.chat.bank import EARLIER, FILE, Bank, Written, load_bank, stems, turn_vector
from nlp_gru.tools.chat.honesty import is_claim


@pytest.fixture(scope="module")
def bot():
    return nlp_gru.load("chat")


def written(text, *about):
    return Written(text, frozenset(about))


def bank_of(bot, asked, replies):
    vectors = bot.encoder.encode(asked)
    return Bank(replies, vectors, np.eye(vectors.shape[1], dtype=np.float32), bot.encoder.sha256)


@pytest.fixture
def bank():
    draw = np.random.default_rng(0)
    rows, onto = draw.normal(size=(30, 4)).astype(np.float32), draw.normal(size=(4, 6)).astype(np.float32)
    replies = [
        [Written(f"Reply {i}, é!", frozenset({"reply", str(i)})), written("Oh.")][: 1 + i % 2] for i in range(30)
    ]
    return Bank(replies, rows, onto, "sum")


def test_the_nearest_come_first(bank):
    vector = np.ones(6, np.float32)
    cosines = bank.rows @ bank.onto @ vector
    found = bank.nearest(vector, 5)
    assert [i for i, _ in found] == np.argsort(-cosines)[:5].tolist()
    assert [cosine for _, cosine in found] == pytest.approx(np.sort(cosines)[::-1][:5])
    assert sorted(i for i, _ in bank.nearest(vector, 99)) == list(range(30))


def test_a_bank_is_read_as_it_was_written(bank, tmp_path):
    bank.save(tmp_path / FILE)
    read = load_bank(tmp_path)
    assert read is not None and read.encoder == "sum" and [list(own) for own in read.replies] == bank.replies
    assert read.rows == pytest.approx(bank.rows, abs=0.03) and read.onto == pytest.approx(bank.onto, abs=0.03)
    assert load_bank(tmp_path / "elsewhere") is None


def test_a_damaged_bank_is_named(bank, tmp_path):
    Bank(bank.replies[:-1], bank.rows, bank.onto, "sum").save(tmp_path / FILE)
    with pytest.raises(UserError, match="do not belong together"):
        load_bank(tmp_path)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:-50])
    with pytest.raises(UserError, match="damaged"):
        load_bank(tmp_path)


def test_replies_of_the_bank_compete_and_are_not_said_twice(bot):
    asked, replies = ["I'd love to see the stars from a desert.", "My soup is cold."], ["A great trip!", "Warm it up."]
    vectors = bot.encoder.encode(asked)
    own = Bank(
        [[written(reply)] for reply in replies], vectors, np.eye(vectors.shape[1], dtype=np.float32), bot.encoder.sha256
    )
    history = ["I would love to see the stars from the desert."]
    shares = dict(nlp_gru.ChatBot(bot.model, bank=own).reply(history, seed=1).candidates)
    assert shares[replies[0]] > 0 and replies[1] not in shares
    later = nlp_gru.ChatBot(bot.model, bank=own).reply([*history, replies[0], asked[0]], seed=1)
    assert replies[0] not in dict(later.candidates)


def test_the_turn_before_counts_a_little(bot):
    last, before, _ = vectors = bot.encoder.encode(["Yes, a bit.", "Does it hurt?", "It hurts."])
    wanted = (last + EARLIER * before) / np.linalg.norm(last + EARLIER * before)
    assert turn_vector(vectors) == pytest.approx(wanted, abs=1e-3)
    assert turn_vector(vectors[:1]) == pytest.approx(vectors[0], abs=1e-3)


def test_a_reply_about_what_was_not_told_does_not_compete(bot):
    own = bank_of(bot, ["My soup is cold."], [[written("Cold soup again!", "soup"), written("Warm it up.")]])
    assert stems("My SOUPS, 3 of them!") == {"soup", "3", "them"}
    shares = dict(nlp_gru.ChatBot(bot.model, bank=own).reply(["My dinner is cold."], seed=1).candidates)
    assert "Warm it up." in shares and "Cold soup again!" not in shares


def test_a_bank_of_another_encoder_is_not_used(bot):
    foreign = replace(bank_of(bot, ["My soup is cold."], [[written("Warm it up.")]]), encoder="another")
    reply = nlp_gru.ChatBot(bot.model, bank=foreign).reply(["My soup is cold."], seed=1)
    assert "Warm it up." not in dict(reply.candidates)


def test_the_bundled_bank_claims_no_life():
    found = load_bank(PRETRAINED / "chat")
    assert found is not None and len(found.replies) > 1_000
    texts = [reply.text for own in found.replies for reply in own]
    assert not [text for text in texts if is_claim(text) or set("{|}") & set(text)]
