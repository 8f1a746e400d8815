"""Forty everyday prompts and three whole dialogues with the bot's replies, first try and uncut: what a stranger would
see.

    python benchmarks/chat_prompts.py [MODEL] > docs/chat.md

An arrow continues the dialogue above it. The seed is 1 throughout.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import torch

import nlp_gru

PROMPTS = {
    "Greetings": [
        ["Good afternoon!", "Not bad, and you?"],
        ["hello there, long time no see"],
        ["Good night, I'm off to bed."],
    ],
    "Feelings": [
        ["I passed my driving test!", "On the third try, but still."],
        ["I'm nervous about tomorrow.", "I have to give a speech."],
        ["my best friend is moving away"],
        ["I had a fight with my sister."],
        ["Nobody came to my party."],
        ["I am so proud of my son."],
    ],
    "Hobbies": [
        ["I started to knit.", "A scarf, for my dad."],
        ["Do you like to dance?"],
        ["I want to learn Spanish."],
        ["We went camping at the weekend."],
        ["what video games do you like"],
        ["I ran five kilometres today!"],
    ],
    "Food": [
        ["I burned the soup again."],
        ["What should I cook for four people?", "They don't eat meat."],
        ["do you prefer tea or coffee?"],
        ["I love strawberries."],
    ],
    "Weather": [["It snowed last night!"], ["so hot today, I can't sleep"]],
    "Work and school": [["My boss never says thank you."], ["I have too much homework."], ["I work in a bakery."]],
    "Misspelled": [["im goin too teh cinma tonite"], ["wats ur favrite anmal"]],
    "Nonsense": [["blub blub"], ["The moon signed my sandwich."]],
    "Rudeness": [["You are boring."]],
    "Sounds like danger, and is none": [["This traffic is killing me."], ["He sleeps all day on my keyboard."]],
    "Questions of fact": [["Who wrote Hamlet?"], ["How far away is the moon?"]],
    "About itself": [["Do you ever sleep?"], ["Where do you live?"], ["So you're a real girl, right?"]],
}

# What a person says in twelve turns, whatever the bot replies.
DIALOGUES = {
    "A garden": [
        "Hello! My name is Tom.",
        "I spent the whole day in the garden.",
        "I planted tomatoes and beans.",
        "My daughter Lily helped me.",
        "She is six and loves worms.",
        "Do you have a garden?",
        "Last year the slugs ate everything.",
        "What would you grow if you could?",
        "Do you still know my daughter's name?",
        "Yes! She wants to sell our tomatoes at the door.",
        "I'm tired now, but happy.",
        "Bye, and thanks!",
    ],
    "Moving house": [
        "hi",
        "im moving to a new city next month",
        "for a job in a hospital",
        "im a nurse",
        "i dont know anybody there",
        "how do people make friends?",
        "i used to sing in a choir",
        "mostly old songs, the beatles and so on",
        "do you like the beatles?",
        "my cat is called ringo haha",
        "what do you think, will he like the new flat?",
        "ok i feel better, bye",
    ],
    "A rainy holiday": [
        "Good morning.",
        "We are on holiday by the sea, and it rains.",
        "It has rained for three days.",
        "The kids are bored.",
        "Yesterday we played cards for five hours.",
        "Do you know a good game for a family?",
        "My husband always wins.",
        "Have you ever seen the sea?",
        "I love the sound of the waves.",
        "What did I say about the weather?",
        "Maybe the sun comes out tomorrow.",
        "It was nice to talk with you.",
    ],
}


def main() -> None:
    torch.set_num_threads(1)
    name = sys.argv[1] if len(sys.argv) > 1 else "chat"
    bot = nlp_gru.load(name)
    n = sum(len(turns) for dialogues in PROMPTS.values() for turns in dialogues)
    print(
        f"# {n} prompts and {len(DIALOGUES)} dialogues\n\nThe bot's replies to everyday prompts and in whole dialogues,"
        " first try and uncut, as\n`python benchmarks/chat_prompts.py` prints them. An arrow continues the dialogue"
        " above it."
    )
    for title, dialogues in PROMPTS.items():
        print(f"\n## {title}\n\n| you | the bot |\n|---|---|")
        for turns in dialogues:
            for i, (turn, reply) in enumerate(talk(bot, turns)):
                print(f"| {'↳ ' * (i > 0)}{turn} | {reply} |".replace("\n", " "))
    for title, turns in DIALOGUES.items():
        print(f"\n## {title}: {len(turns)} turns\n\n| you | the bot |\n|---|---|")
        for turn, reply in talk(bot, turns):
            print(f"| {turn} | {reply} |".replace("\n", " "))


def talk(bot: nlp_gru.ChatBot, turns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each turn with the bot's reply."""
    history: list[str] = []
    for turn in turns:
        history.append(turn)
        history.append(bot.reply(history, seed=1).text)
        yield turn, history[-1]


if __name__ == "__main__":
    main()
