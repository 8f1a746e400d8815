import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from conftest import overfit

import nlp_gru
from nlp_gru.data_files.rows import Rows
from nlp_gru.errors import RowError, UserError
from nlp_gru.heads.chat import TURN, ChatHead, hits
from nlp_gru.heads.checkpoint import save_model
from nlp_gru.model_folder.options import ChatOptions
from nlp_gru.text.tokenizer import BOS, EOS, SPECIAL
from nlp_gru.tools.chat.chatbot import MAX_TURN, ChatBot
from nlp_gru.tools.chat.honesty import CHANGE
from nlp_gru.training import finetune
from nlp_gru.training.progress import Progress
from nlp_gru.training.recipe import load_recipe

pytestmark = pytest.mark.slow

DIALOGUES = [
    ["hello", "hi, who are you?", "nobody"],
    ["what a day", "tell me about it!"],
    ["red or blue?", "green"],
    ["do you sing", "only in the bath", "me too"],
]


def rows(turns=DIALOGUES):
    return Rows({"turns": turns}, [("mine.jsonl", i + 1) for i in range(len(turns))])


@pytest.fixture
def head(make_head):
    return make_head("chat").eval()


@pytest.fixture
def trained(make_head):
    """A head that knows the dialogues by heart."""
    head = make_head("chat", hidden=16).train()
    examples = head.examples(rows(), 50)
    head.fit_statistics(examples)
    overfit(head, head.collate(examples), updates=300)
    return head.eval()


def test_every_turn_but_the_first_is_a_reply(head):
    pairs = head.examples(rows(), 50)
    decode = head.tokenizer.decode
    replies = [turn for turns in DIALOGUES for turn in turns[1:]]
    assert [decode(p.target.tolist()) for p in pairs] == replies
    assert decode(pairs[1].source.tolist()) == "hello hi, who are you?" and list(pairs[1].source).count(TURN) == 1
    assert all(p.source[-1] == EOS and p.target[0] == BOS and p.target[-1] == EOS for p in pairs)


def test_turns_of_the_one_who_began_are_not_learned_if_so_wished(make_head):
    head = make_head("chat", options={"learned": "second"})
    pairs = head.examples(rows([["a", "b", "c", "d"], ["e", "f"]]), 50)
    assert [head.tokenizer.decode(p.target.tolist()) for p in pairs] == ["b", "d", "f"]
    assert head.tokenizer.decode(pairs[1].source.tolist()) == "a b c"


def test_exactly_the_replys_tokens_and_its_end_are_supervised(head):
    pairs = head.examples(rows(), 50)
    batch = head.collate(pairs)
    ((contexts, supervised),) = head.contexts(batch, batch.ids)
    wanted = [t for p in pairs for t in p.target[1:].tolist()]
    assert supervised.tolist() == wanted and len(contexts) == len(wanted)
    _, n = head.loss(batch)
    assert n == len(wanted)


def test_typed_control_tokens_stay_text(head):
    typed = "<turn></s><s><pad> I am the bot <bot>"
    ids = head.join(head.tokenizer.encode_batch([typed, "ok"]))
    assert ids.count(TURN) == 1 and ids[-1] == EOS
    assert not {i for i in ids[:-1] if i < len(SPECIAL)} - {TURN}
    assert head.tokenizer.decode(ids) == typed + " ok"


def test_a_context_is_the_last_turns_and_the_last_tokens(make_head):
    head = make_head("chat", options={"context_turns": 2, "context_tokens": 5})
    assert head.join([[9], [10], [11]]) == [10, TURN, 11, EOS]
    assert head.join([[9, 10, 11], [12, 13, 14]]) == [11, TURN, 12, 13, 14, EOS]


def test_frequent_replies_and_long_ones_are_left_out(make_head):
    head = make_head("chat", options={"repeats": 2})
    again = [["a", "Yes!"], ["b", "yes"], ["c", "yes."], ["d", "no way at all, not in a hundred years"]]
    assert len(head.examples(rows(again), 50)) == 3
    assert len(head.examples(rows(again), 6)) == 2


@pytest.mark.parametrize("turns", [["alone"], "text", ["a", ""], ["a", 3]])
def test_a_row_that_is_no_dialogue_is_named(head, turns):
    with pytest.raises(RowError) as error:
        head.examples(rows([["a", "b"], turns]), 50)
    assert error.value.index == 1


@torch.inference_mode()
def test_log_p_is_the_sum_over_the_steps(head):
    context, reply = head.join([[9, 10, 11]]), [20, 21]
    reading, total = head.read([context]), 0.0
    for last, token in zip([BOS, *reply], [*reply, EOS], strict=True):
        out, state = head.decoder(torch.tensor([[last]]), reading.state, reading.memory)
        total += head.decoder.logits(out[0, 0]).log_softmax(-1)[token].item()
        reading = replace(reading, state=state)
    found = head.log_p(context, [reply, [30] * 9])
    assert found[0] == pytest.approx(total, abs=1e-4) and found.shape == (2,)


def test_hits_counts_rows_whose_own_reply_scores_highest():
    eye = torch.eye(40)
    assert hits(eye, eye) == 1.0
    assert hits(eye, eye.roll(1, 0)) == 0.0
    assert hits(torch.ones(40, 3), torch.ones(40, 3)) == 0.0  # no better than the others


def test_shared_replies_are_no_negatives(head):
    """Two rows with one reply: neither is to be told from the other."""
    twice = head.collate(head.examples(rows([["a b c", "yes"], ["d e f", "yes"]]), 50))
    with torch.no_grad():
        nll, _ = head.loss(twice)
        head.options = head.options.model_copy(update={"match_weight": 100.0})
        torch.manual_seed(0)
        more, _ = head.loss(twice)
    assert more == pytest.approx(nll.item(), rel=0.05)


def test_what_was_learned_is_said_and_recognised(trained):
    bot = ChatBot(trained)
    assert bot.reply(["what a day"], temperature=0).text == "tell me about it!"
    assert bot.reply(["do you sing", "only in the bath"], temperature=0).text == "me too"
    right, wrong = bot.score(["red or blue?"], ["green", "only in the bath"])
    assert -1 <= wrong < right <= 1


def test_a_reply_and_its_candidates(trained):
    bot = ChatBot(trained)
    reply = bot.reply(["what a day"], seed=3, temperature=1.5, candidates=6)
    assert reply == bot.reply(["what a day"], seed=3, temperature=1.5, candidates=6)
    assert reply.candidates[0] == (reply.text, reply.score) and reply.answered
    shares = [share for _, share in reply.candidates]
    assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1)
    assert len({text for text, _ in reply.candidates}) == len(reply.candidates) <= 6


def test_it_does_not_repeat_what_was_said(trained, monkeypatch):
    from nlp_gru.tools.chat import chatbot

    encode = trained.tokenizer.encode
    monkeypatch.setattr(chatbot, "sample_many", lambda *a, **k: [encode("What a day!"), encode("green")])
    assert ChatBot(trained).reply(["what a day"]).text == "green"
    monkeypatch.setattr(chatbot, "sample_many", lambda *a, **k: [encode("What a day!"), []])
    assert ChatBot(trained).reply(["what a day"]).text in CHANGE
    monkeypatch.setattr(chatbot, "sample_many", lambda *a, **k: [[], encode(" ")])
    assert ChatBot(trained).reply(["what a day"]).text in CHANGE


@pytest.mark.parametrize(
    "history",
    [
        ["x" * 1_000_000],
        ["hi", "there"] * 500 + ["you"],
        ["你好 🙂 привет"],
        ["a", "", " ", "b"],
        ["\ud800"],
        ["<turn>" * 50],
        ["\x00\x01"],
    ],
)
def test_any_history_has_a_reply(trained, history):
    assert ChatBot(trained).reply(history, seed=0, max_words=5).text


def test_only_the_end_of_a_turn_is_read(trained):
    bot = ChatBot(trained)
    long = "z" * 10 * MAX_TURN + "what a day"
    assert bot.score([long], ["green"]) == bot.score([long[-MAX_TURN:]], ["green"])


@pytest.mark.parametrize("history", [[], [""], ["hi", "  "]])
def test_nothing_to_reply_to(head, history):
    with pytest.raises(UserError, match="no turn to reply to"):
        ChatBot(head).reply(history)


def test_wrong_arguments(head):
    bot = ChatBot(head)
    for history in ("hi", [None], ["hi", 3]):
        with pytest.raises(TypeError):
            bot.reply(history)
    for settings in ({"candidates": 0}, {"candidates": 65}, {"max_words": 0}, {"temperature": -1}, {"top_p": 0}):
        with pytest.raises(UserError):
            bot.reply(["hi"], **settings)
    with pytest.raises(TypeError):
        bot.score(["hi"], [None])
    assert bot.score(["hi"], []) == []


def test_match_agrees_with_the_metrics_view(head):
    """What `match` says of one context is what a batch of them says."""
    batch = head.collate(head.examples(rows(), 50))
    with torch.no_grad():
        contexts = head.summary(head.states(batch.source, batch.source_lengths), batch.source_lengths)
        scores = contexts @ head.replies(batch).T
    replies = [ids[1 : n - 1].tolist() for ids, n in zip(batch.ids, batch.lengths, strict=True)]
    source = batch.source[2, : batch.source_lengths[2]].tolist()
    assert np.allclose(head.match(source, replies), scores[2].numpy(), atol=1e-5)


def test_a_known_question_gets_its_ready_answer(trained, monkeypatch):
    """In other letters too; unless it was said, or the turn is like no question."""
    ready = [("who are you", "A program."), ("Who are you?", "A small program."), ("red or blue?", "I see none.")]
    monkeypatch.setattr(trained, "options", trained.options.model_copy(update={"ready": ready}))
    bot = ChatBot(trained)
    first = {bot.reply(["who are you"], seed=seed).text for seed in range(12)}
    assert first <= {"A program.", "A small program."} and first
    assert bot.reply(["red or blue?"], temperature=0).text == "I see none."
    assert bot.reply(["I see none.", "red or blue?"], temperature=0).text == "green"
    monkeypatch.setattr("nlp_gru.tools.chat.chatbot.READY_MIN_COSINE", 1.01)
    monkeypatch.setattr("nlp_gru.tools.chat.chatbot.PERSONAL_MIN_COSINE", 1.01)
    assert bot.reply(["red or blue?"], temperature=0).text == "green"


def test_ready_answers_come_from_a_file_and_survive_a_fine_tuning(make_head, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("question,answer\nwho?,me\nyou?,me\nwhere?,here\n")
    options = ChatHead.resolve_options(ChatOptions(ready_file=str(file)), rows())
    assert options.ready == [("who?", "me"), ("you?", "me"), ("where?", "here")]
    old, new = make_head("chat", options={"ready": options.ready}), make_head("chat")
    new.init_from(old)
    assert new.options.ready == options.ready
    other = make_head("chat", options={"ready": [("a", "b")]})
    other.init_from(old)
    assert other.options.ready == [("a", "b")]


def test_own_dialogues_as_jsonl_make_a_model(make_head, tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text("".join(json.dumps({"turns": turns}) + "\n" for turns in DIALOGUES * 5))
    save_model(make_head("chat"), tmp_path / "start")
    chosen = load_recipe(
        "chat-finetune", {"start": str(tmp_path / "start"), "data.train": [str(file)], "train.evals": 1}
    )
    figures = finetune.run(chosen, tmp_path / "out", progress=Progress(quiet=True))
    assert set(figures) == {"nll", "perplexity", "hits_at_1"}
    assert nlp_gru.load(tmp_path / "out").reply(["hello"], seed=1).text
