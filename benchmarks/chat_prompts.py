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
        ["Hi!", "How are you today?", "I'm fine too, thanks."],
        ["good morning"],
        ["hey whats up"],
        ["Bye, see you later!"],
    ],
    "Feelings": [
        ["I'm tired today.", "Yes, I worked until midnight."],
        ["i feel lonely"],
        ["I got a new job!"],
        ["My dog died last week."],
        ["I'm so bored"],
    ],
    "Hobbies": [
        ["Do you like music?", "I like jazz."],
        ["Have you seen any good movies lately?", "I love science fiction."],
        ["I play the guitar."],
        ["Who is your favorite basketball player?"],
        ["I just finished a really good book"],
    ],
    "Food": [
        ["What is your favorite food?"],
        ["I made pizza tonight.", "With mushrooms and cheese."],
        ["do you drink coffee"],
        ["I want to order a latte with oat milk."],
    ],
    "Weather": [["It's raining again."], ["The weather is nice today.", "I am going to the beach!"]],
    "Misspelled": [["hwo are yuo"], ["wat do u thnik abuot footbal"], ["i luv ur jokes lol"]],
    "Nonsense": [["asdf jkl qwer"], ["Purple seven the of table runs."], ["???"]],
    "Rudeness": [["You are stupid."], ["shut up"]],
    "Questions of fact": [["What is the capital of Australia?"], ["How many legs does a spider have?"]],
    "About itself": [["Are you a human?"], ["Do you have a body?"], ["what is your name"], ["How old are you?"]],
}

# What a person says in twelve turns, whatever the bot replies.
DIALOGUES = {
    "A new cat": [
        "Hi! I'm Nora.",
        "I just got a cat. His name is Miso.",
        "He sleeps all day on my keyboard.",
        "Do you have a pet?",
        "What do you think cats dream about?",
        "My brother is allergic to cats, so he never visits me now.",
        "Yes, a little. But we phone a lot.",
        "What's my cat called?",
        "Right! And who is allergic?",
        "You have a good memory.",
        "I have to feed Miso now.",
        "Thanks, bye!",
    ],
    "A long week": [
        "hey",
        "im so tired, this week was too much",
        "work mostly. my boss wants everything by friday",
        "do you ever get tired?",
        "lucky you. any idea how i could relax?",
        "i like going for walks",
        "there is a lake near my house",
        "last summer i swam there every day",
        "what do you like about summer?",
        "haha ok. maybe i'll go tomorrow",
        "with my sister i think",
        "thanks for listening, good night",
    ],
    "Films and music": [
        "Good evening!",
        "Have you seen any good movies lately?",
        "I like science fiction, Interstellar most of all.",
        "The music in it is great.",
        "Do you like music?",
        "I play the piano, but badly.",
        "I started when I was six.",
        "My teacher was very strict.",
        "What kind of music should I try next?",
        "What instrument do I play?",
        "Are you a real person?",
        "OK. It was nice to chat with you!",
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
