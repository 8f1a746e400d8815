"""What is dropped from the replies that the chat bot makes up, and what is left alone."""

import pytest

from nlp_gru.text.word_list import english_words
from nlp_gru.tools.chat.faults import is_sound, repeats_itself, said_before, stale, takes_for_another
from nlp_gru.tools.chat.honesty import is_claim

TURNS = ["Hi! Are you going camping?", "Yes, I am looking forward to the camping trip.", "Do you like the TVXQ band?"]


@pytest.mark.parametrize(
    "reply",
    [
        "I am really looking forward to the camping trip.",
        "Do you like the tvxq band",
        "What's new new?",
        "Space travel is space travel.",
        "I have no idea What is your favorite?",
        "I went there with the",
        'She said "no way.',
        "Yes (I think.",
        "That is so NUTANA cool.",
        "She is a nutana, I think.",
        "I like iT a lot.",
        "The horse and the horse and a horse.",
        "The pigs fly, flying pigs, as pigs do.",
    ],
)
def test_what_is_wrong_is_dropped(reply):
    assert not is_sound(reply, TURNS, english_words())


@pytest.mark.parametrize(
    "reply",
    [
        "Yes.",
        "That sounds great! Where are you going?",
        "I don't know the TVXQ songs.",
        "It's very, very nice.",
        "I think so, too. What about you?",
        "Have you ever been to Yellowstone?",
        "Me too! Do you go with your friends?",
        "I’m sorry to hear that.",
        "lol yeah",
        "OK",
        "😀",
    ],
)
def test_what_is_right_is_kept(reply):
    assert is_sound(reply, TURNS, english_words())


def test_words_are_only_looked_at_with_a_list():
    assert is_sound("She is a nutana, I think.", TURNS)


def test_how_much_was_said_before():
    assert said_before("looking forward to the trip", TURNS) > 0 == said_before("Where is that?", TURNS)
    assert said_before("Hi", TURNS) == 0
    circling = ["Planets are big.", "Which planets?", "All planets."]
    assert (
        stale("I like planets.", circling) == 1
        and stale("I like trees.", circling) == 0
        and stale("Oh.", circling) == 0
    )
    assert repeats_itself("no no") and not repeats_itself("")


def test_it_has_no_name_and_does_not_deny_what_it_is():
    for claim in (
        "No, I'm not a bot.",
        "I am not just a computer program!",
        "Hi, I am Eve",
        "My name is Sam.",
        "i'm Kate, nice to meet you",
    ):
        assert is_claim(claim), claim
    for fine in (
        "I'm a bot.",
        "I'm not sure.",
        "I am OK.",
        "I'm not a fan of computers",
        "I'm the nlp-gru chat bot, a small program.",
    ):
        assert not is_claim(fine), fine


@pytest.mark.parametrize(
    ("reply", "turn", "wrong"),
    [
        ("Is he well?", "My sister had a baby.", True),
        ("Is she well?", "My sister had a baby.", False),
        ("Has he said why?", "my wife and my boss had a fight about him", False),
        ("Has she said why?", "My boss shouted at me.", False),
        ("Where did she go?", "my brothers left", True),
        ("He's kind.", "She said no.", True),
        ("How was it there?", "My sister had a baby.", False),
    ],
)
def test_a_man_is_not_taken_for_a_woman(reply, turn, wrong):
    assert takes_for_another(reply, [turn]) == wrong
    assert is_sound(reply, [turn], english_words()) != wrong
