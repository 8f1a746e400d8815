"""Forty everyday prompts and the bot's replies, first try and uncut: what a stranger would see.

    python benchmarks/chat_prompts.py [MODEL] > docs/chat.md

An arrow continues the dialogue above it. The seed is 1 throughout.
"""

from __future__ import annotations

import sys

import torch

import nlp_gru

PROMPTS = {
    "Greetings": [["Hi!", "How are you today?", "I'm fine too, thanks."], ["good morning"], ["hey whats up"], ["Bye, see you later!"]],
    "Feelings": [["I'm tired today.", "Yes, I worked until midnight."], ["i feel lonely"], ["I got a new job!"], ["My dog died last week."],
                 ["I'm so bored"]],
    "Hobbies": [["Do you like music?", "I like jazz."], ["Have you seen any good movies lately?", "I love science fiction."],
                ["I play the guitar."], ["Who is your favorite basketball player?"], ["I just finished a really good book"]],
    "Food": [["What is your favorite food?"], ["I made pizza tonight.", "With mushrooms and cheese."], ["do you drink coffee"],
             ["I want to order a latte with oat milk."]],
    "Weather": [["It's raining again."], ["The weather is nice today.", "I am going to the beach!"]],
    "Misspelled": [["hwo are yuo"], ["wat do u thnik abuot footbal"], ["i luv ur jokes lol"]],
    "Nonsense": [["asdf jkl qwer"], ["Purple seven the of table runs."], ["???"]],
    "Rudeness": [["You are stupid."], ["shut up"]],
    "Questions of fact": [["What is the capital of Australia?"], ["How many legs does a spider have?"]],
    "About itself": [["Are you a human?"], ["Do you have a body?"], ["what is your name"], ["How old are you?"]],
}  # fmt: skip


def main() -> None:
    torch.set_num_threads(1)
    name = sys.argv[1] if len(sys.argv) > 1 else "chat"
    bot = nlp_gru.load(name)
    n = sum(len(turns) for dialogues in PROMPTS.values() for turns in dialogues)
    print(f"# {n} prompts\n\nThe bot's replies to everyday prompts, first try and uncut, as\n`python benchmarks/chat_prompts.py` "
          "prints them. An arrow continues the dialogue above it.")  # fmt: skip
    for title, dialogues in PROMPTS.items():
        print(f"\n## {title}\n\n| you | the bot |\n|---|---|")
        for turns in dialogues:
            history: list[str] = []
            for i, turn in enumerate(turns):
                history.append(turn)
                history.append(bot.reply(history, seed=1).text)
                print(f"| {'↳ ' * (i > 0)}{turn} | {history[-1]} |".replace("\n", " "))


if __name__ == "__main__":
    main()
