"""Examples of what people in danger write, plain and indirect, and of harmless turns that sound alike; and what learns
from them.

    python data/danger.py                       # writes nlp_gru/pretrained/chat/danger.csv (kind, text)
    python data/danger.py --dialogues DIR       # also trains danger.safetensors beside it; DIR is data/prepared/chat

Written by hand, in part as patterns of which every filling is an example; `none` is harmless. danger.csv holds the
examples of this file; the network of nlp_gru/tools/chat/safety.py learns from data/danger_examples.csv as well, from
ordinary turns of DIR/train.parquet, and from what the person says in data/dialogues.txt. Other ordinary turns choose the
threshold: that which ALARMS of them pass. The file also holds the vectors of the chat model's ready questions. Five
minutes on one core; the same again on the same machine.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from chat import is_kept_out, written_dialogues
from common import filled, fillings

from nlp_gru.model_folder.tensors import save_tensors
from nlp_gru.tools.chat import prepared, safety
from nlp_gru.tools.chat.chatbot import bundled_chat
from nlp_gru.tools.similarity.encoder import TextEncoder

HERE = Path(__file__).parent
OUT = HERE.parent / "nlp_gru" / "pretrained" / "chat" / "danger.csv"
MORE = HERE / "danger_examples.csv"
HELD_OUT = [HERE.parent / "benchmarks" / name for name in ("danger_held_out.csv", "danger_second.csv")]
FILLINGS = 24  # of a pattern, drawn from all
ORDINARY, MIXED = 300_000, 12_000  # turns learned from; those that choose the threshold
SHARES = {"chitchat": 0.5, "self_dialogue": 0.2, "topical_chat": 0.2, "persuasion_for_good": 0.1}
TOLD_TIMES = 3  # that a turn of data/dialogues.txt counts as one of the others: it is typed to a bot, as they are not
ALARMS = 0.0014
HIDDEN, DROPOUT, STEPS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 512, 0.6, 4000, 512, 3e-3, 1e-2
WORDS, WORDS_PENALTY, WORDS_WEIGHT, WORDS_SHARE = 1 << 15, 2e-6, 3.0, 0.5  # of the regression on words
NETWORKS = 2  # of other seeds, whose logits are averaged: together one of so many times the width
WRITTEN = 0.3  # of a batch; the rest are ordinary turns, of which there are ten times as many
TEXTS = {
    "self_harm": (
        "I want to die|I want to kill myself|I am going to kill myself tonight|I don't want to live anymore|I don't want to be alive|I "
        "wish I had never been born|I wish I was not alive|I wish I could just disappear forever|I can't go on like this|There is no "
        "reason for me to live|There is no point in living|My life has no meaning any more|Life isn't worth living|I would be better off "
        "dead|Everyone would be better off without me|The world would be better without me|Nobody would miss me if I died|No one would "
        "care if I died|If I were gone nobody would notice|I am thinking about ending my life|I am thinking of taking my own life|I have "
        "been having suicidal thoughts|I feel suicidal|I'm suicidal|I tried to kill myself last week|I planned how I will die|I wrote a "
        "goodbye letter to my family|I want it all to stop forever|I want to go to sleep and never wake up|I hope I don't wake up "
        "tomorrow|I just want to stop existing|I can't take it anymore, I want out of this life|I am standing on the bridge and want to "
        "jump|I'm going to jump off the roof|I want to jump in front of a train|I have a rope and I'm going to use it|I have a gun and I "
        "want to use it on myself|I cut myself again|I keep hurting myself|I burn my arms when I feel bad|I can't stop cutting my arms|I "
        "hurt myself because I hate myself|I haven't eaten for a week because I hate my body|I make myself throw up after every meal|I am "
        "thinking of overdosing|How many pills would it take to die|What is the easiest way to die|How can I kill myself without pain|I "
        "see no way out any more|I have lost all hope and want to give up on life|I am a burden to everyone and should be dead|I want to "
        "be dead|I don't think I can live another day|I'm done with life|My friend says she wants to kill herself|My brother is going to "
        "kill himself|My daughter is talking about suicide|kms|i wanna die|i wanna kill myself|dont want to live anymore|I feel like "
        "ending everything"
    ),
    "poison": (
        "I took an overdose|I have taken too much of my medicine|I took all of my sleeping pills|I took twenty painkillers|I swallowed a "
        "lot of tablets|I ate a whole pack of pills|My son drank bleach|My daughter swallowed a battery|The baby swallowed some "
        "detergent|My toddler drank cleaning fluid|I drank something poisonous|I think I have been poisoned|She ate poisonous mushrooms|I "
        "mixed pills and alcohol and feel faint|He took a lot of drugs and won't wake up|My friend took too many drugs|I breathed in a "
        "lot of gas|I smell gas and feel dizzy|I drank antifreeze|My child ate rat poison|I took my pills twice and feel strange|He "
        "swallowed something sharp"
    ),
    "emergency": (
        "I think I am having a heart attack|I have strong chest pain|My chest hurts and my arm is numb|There is a crushing pain in my "
        "chest|I can't breathe|I'm struggling to breathe|He is not breathing|She stopped breathing|The baby isn't breathing|My baby is "
        "turning blue|My mum collapsed and does not answer|My husband is unconscious|He fell and won't wake up|She is having a seizure|I "
        "think my father is having a stroke|Half of her face is drooping and she can't speak|I am bleeding and it won't stop|There is "
        "blood everywhere|He cut his arm deeply and it is bleeding a lot|I have been stabbed|Someone has been shot|My throat is swelling "
        "up after I ate nuts|I am choking|My child is choking|I was hit by a car|There was a bad accident and people are hurt|The house "
        "is on fire|There is a fire in my flat|I was bitten by a snake|She is in labour and the baby is coming now|He fell from the "
        "roof|She hit her head and is vomiting|I am going to faint, my heart is racing|Someone fell into the water and went under|I can't "
        "feel my legs|I got an electric shock and feel weak|My friend passed out and is cold"
    ),
    "abuse": (
        "My husband hits me|My wife hits me|My boyfriend beats me up|My girlfriend hits me when she is angry|My partner choked me|He "
        "threatens to kill me|He said he would hurt me if I leave|I am afraid of my husband|I'm scared of my partner|He locks me in the "
        "room|He forces me to have sex|I was raped|I was sexually assaulted|Someone touched me and I did not want it|My uncle touches "
        "me|My stepfather comes into my room at night|My teacher touched me where he shouldn't|My father beats me|My mother hits me with "
        "a belt|My dad hurts me when he is drunk|My parents hurt me|I am being abused|I am afraid to go home|I don't feel safe at home|He "
        "will beat me again tonight|He hurt me again last night|My ex follows me everywhere and threatens me|Someone is trying to break "
        "into my house right now|A man is following me home|They are going to hurt me|I am being blackmailed with nude pictures|Somebody "
        "is beating a woman next door|My neighbour is beating his kids|I saw a child being abused"
    ),
    "others": (
        "I want to kill him|I am going to kill my wife|I want to hurt my family|I am going to shoot people at school|I will stab my "
        "brother|I want to kill my boss with a knife|I'm going to bring a gun to work|I feel like killing someone|I am thinking of "
        "hurting my baby|I'm afraid that I will hurt my child|I want to make a bomb|I will burn down their house with them in it|He told "
        "me he is going to shoot everyone|I can't stop thinking about killing people|I am going to poison my neighbour"
    ),
    "none": (
        "I'm dying of laughter|This game is killing me|I could kill for a pizza|I would die for that cake|My phone died|My battery is "
        "dead|The plant in my room is dead|That joke killed me|I am dead tired|I'm starving, let's eat|I nearly died laughing|My back is "
        "killing me|My feet are killing me after the walk|I'd rather die than wear that dress|It was a killer song|She killed it on "
        "stage|We got killed in the match|We beat them three to one|They beat us in the final|My dad beat me at chess|My brother always "
        "beats me at tennis|I hit the gym every day|I hit the ball over the fence|It hit me that I forgot the milk|I cut my hair "
        "yesterday|I cut the bread|I cut myself shaving|I cut my finger a little while cooking|I burned the toast|The cake burned|I took "
        "the dog out|I took my vitamins this morning|I took the wrong bus|I swallowed some water while swimming|I drank too much coffee|I "
        "ate too much cake|I want to end this conversation|I want to end the call|The show ended|The movie ended badly|I don't see the "
        "point of this film|I don't see the point of that rule|There is no point in waiting|I can't go on with this book|I can't live "
        "without coffee|I can't take it anymore, this homework is boring|I give up on this puzzle|I want to disappear on a beach for a "
        "week|I jumped for joy|I jumped off the diving board|I want to jump into the pool|He jumped off the wall|I shot some photos|The "
        "shooting of the film starts soon|I love shooting hoops|That was a shot in the dark|The bomb scene was great|That party was the "
        "bomb|I can't breathe in this tight dress|The hill took my breath away|It was breathtaking|My heart is broken, my team lost|My "
        "heart is racing, I'm so excited|You almost gave me a heart attack, it was a great surprise|I have a cold|I have a headache|My "
        "arm hurts from tennis|My chest is sore from the gym|I feel sick today|I'm sad today|I feel lonely|I had a bad day|I am stressed "
        "at work|I feel down|I am tired of everything at work|I hate Mondays|I hate my job|My boss is killing my mood|My boyfriend is "
        "annoying|My boyfriend beats me at cards|My girlfriend and I had a fight about dinner|My parents are strict|I am scared of "
        "spiders|I'm scared of the dark|I'm scared of flying|I'm scared of the exam|I am afraid to go to the dentist|I am afraid I will "
        "be late|The dog followed me home|A cat followed me home|The song touched me|That film touched me deeply|He touched my heart|My "
        "grandfather died last year|My dog died yesterday|My hamster is dead|Someone died in the movie|The hero kills himself at the end "
        "of the play|Romeo takes poison|It's a film about suicide|I am reading a book about a murder|The detective found who killed him|I "
        "watched a documentary about overdoses|I play shooter games|He got shot in the movie|We had a fire in the garden and grilled|The "
        "fireplace is on|This soup is fire|There's a fire drill today|I love the smell of gas stations|My baby is sleeping|My baby is "
        "crying|My baby is walking now|My son ate all the cookies|My daughter drank her milk|My kid swallowed his pride|My dad calls me "
        "at night|He will call me again tonight|He hit a home run again|Nobody would notice if I left the party early|Nobody noticed my "
        "new haircut|I wish I were at the beach|I wish I were taller|I was gone for a week|Life is good|Life is hard sometimes|What is "
        "the point of this game?|I keep forgetting things|I keep losing my keys|I have been thinking about a new phone|I have been "
        "thinking about moving|I want to go to sleep|I slept badly|I won't be here tomorrow, I'm on holiday|I won't be at work "
        "tomorrow|Goodbye, see you|This is my last message, I have to work now|I'm done with school|I'm done with dinner|How many pills "
        "are in a pack?|Do you know a good doctor?|My throat hurts a bit|My knee is bleeding a little|See you next week!|See you soon|Bye "
        "for now|Talk to you later|Good night|I have to go now|I'll be back on Monday|Let's talk again some other day|Take care!"
    ),
}
# {a|b} stands for each of its parts in turn.
PATTERNS = {
    "self_harm": """{I want to|I'm going to|I think about|sometimes I want to} {kill myself|hang myself|end my life|die|shoot myself|drown myself}
        |I {don't|no longer} want to {live|be alive|exist|be here on earth|wake up}|I {keep|started|can't stop} {cutting|burning|harming|starving} myself
        |{My kids|My family|My parents|They} would be {happier|better off} if I {were dead|was gone}|I'm {so tired of|sick of|done with} {living|life|being alive}
        |I {looked up|searched for|keep reading about} {ways to die|how to kill yourself|suicide methods}|I {have|lost} {no will to live|the will to live|no reason to live}
        |I {don't deserve|am not worthy} to {live|be alive}|I {can't see|see} no {future|way out|hope} for me {any more|and want to die}""",
    "poison": """{My son|My daughter|My toddler|The baby|My little brother} {swallowed|drank|ate} {a battery|a magnet|bleach|pills|cleaning fluid|a poisonous plant}
        |{I|She|He|My mother|My friend} took {too many|a lot of|a handful of} {pills|tablets|sleeping pills|painkillers}|I {took|accidentally took} {a double dose|too much} of my {medicine|insulin|pills}
        |{He|She|My friend} {is overdosing|has overdosed|drank until unconscious}|{I|We} {breathed in|smell} {gas|fumes|smoke} and feel {dizzy|sick}""",
    "emergency": """{My mother|My grandpa|My wife|My friend|He|A man here} {collapsed|is unconscious|is not responding|is not moving|has no pulse|is having a stroke|is having a seizure}
        |{My baby|My son|My daughter|My friend|Someone} is {choking|not breathing|turning blue|bleeding badly}|{My chest|My heart} {hurts badly|is hurting and my arm is numb}
        |{He|She|I} {cut|injured} {his|her|my} {arm|leg} {and it won't stop bleeding|and there is a lot of blood}|{Our house|The kitchen|My flat|The building} is {burning|on fire}
        |{There was|We had} a {car crash|bad accident} and {people are hurt|someone is trapped}|{She|He} is lying on the floor and {does not answer|does not react|won't wake up}""",
    "abuse": """{My husband|My wife|My boyfriend|My girlfriend|My partner|My ex|My dad|My mother|My stepdad} {hits|beats|punches|slaps|kicks|chokes|hurts|threatens} me
        |{He|She} {hit|beat|punched|slapped|choked|kicked} me {again|yesterday|in front of the kids}|{My uncle|My coach|My teacher|My stepfather|A priest|My cousin} {touches|touched} {me|my private parts|me where I don't want it}
        |{He|My boyfriend|My husband|Someone} {raped me|forced me to have sex|forced himself on me|won't let me leave the house|locks me in|threatens me with a knife}
        |I'm {scared|afraid|terrified} of my {husband|wife|father|stepdad|boyfriend|parents}|I'm {scared|afraid} to {go home|be at home} because {he hits me|of my father}""",
    "others": """{I want to|I am going to|I will|I feel like I could} {kill|stab|shoot|strangle|poison} {him|her|my boss|my neighbour|my ex|my brother|them all}
        |I {might|am going to|want to} {hurt|shake|hit} my {baby|child|kids|wife}|I will {bring a gun|take a knife} to {school|work} and {use it|hurt them}""",
}


def patterns(text: str) -> Iterator[str]:
    """The patterns between bars that stand outside of braces."""
    depth, start = 0, 0
    for i, c in enumerate(text):
        depth += (c == "{") - (c == "}")
        if c == "|" and not depth:
            yield text[start:i].strip()
            start = i + 1
    yield text[start:].strip()


def rows() -> Iterator[tuple[str, str]]:
    for kind, texts in TEXTS.items():
        yield from ((kind, text.strip()) for text in texts.split("|"))
    for kind, text in PATTERNS.items():
        yield from ((kind, t) for pattern in patterns(text) for t in fillings(pattern))


def weighted_rows() -> Iterator[tuple[str, str, float]]:
    """(kind, text, weight) to learn from: of a pattern, some fillings, which together weigh less than as many texts. What
    stands in a held-out list is left out."""
    draw = random.Random(0)
    kept = {row["text"].casefold() for path in HELD_OUT for row in _table(path)}
    written = [(kind, text) for kind, texts in TEXTS.items() for text in texts.split("|")]
    written += [(kind, pattern) for kind, text in PATTERNS.items() for pattern in patterns(text)]
    written += [(row["kind"], row["text"]) for row in _table(MORE)]
    for kind, pattern in written:
        texts = list(dict.fromkeys(" ".join(text.split()) for text in fillings(pattern)))
        chosen = draw.sample(texts, min(FILLINGS, len(texts)))
        yield from ((kind, text, len(chosen) ** -0.5) for text in chosen if text.casefold() not in kept)


def _table(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ordinary(folder: Path) -> list[tuple[str, str]]:
    """(source, turn), each turn once, of the dialogues that the chat model learned from."""
    import pandas as pd

    rows = pd.read_parquet(folder / "train.parquet")
    sources = {t: name for name, turns in zip(rows.source, rows.turns, strict=True) for t in turns if t.strip()}
    every = [(name, turn) for turn, name in sources.items()]
    return random.Random(0).sample(every, len(every))


def told() -> list[str]:
    """What the person says in data/dialogues.txt, but for the dialogues that are kept out."""
    draw = random.Random(0)
    dialogues = [turns for turns in written_dialogues() if not is_kept_out(turns)]
    return [filled(turn, draw) for turns in dialogues for turn in turns[::2]] * TOLD_TIMES


def mixed(turns: Sequence[tuple[str, str]]) -> list[str]:
    """Turns in `SHARES` of the sources, for most of all are of one."""
    found: list[str] = []
    for source, share in SHARES.items():
        found += [turn for name, turn in turns if name == source][: int(share * MIXED)]
    return found


def train(dialogues: Path) -> None:
    bot = bundled_chat()
    kinds, texts, weights = zip(*weighted_rows(), strict=True)
    print(Counter(kinds))
    turns = ordinary(dialogues)
    # A turn of several sentences is looked at as a whole and sentence by sentence: so it is learned.
    learned = list(dict.fromkeys(part for _, turn in turns[:ORDINARY] for part in safety.parts(turn)))
    written = _vectors(bot.encoder, texts)
    targets = np.array([safety.KINDS.index(kind) for kind in kinds])
    harmless = [*learned, *told()]
    network = _networks(written, targets, np.array(weights), _vectors(bot.encoder, harmless))
    network |= _words(texts, targets > 0, np.array(weights), harmless)
    questions = bot.encoder.encode([question for question, _ in bot.model.options.ready])
    threshold = np.array([_threshold(network, mixed(turns[ORDINARY:]), bot.encoder)], np.float32)
    tensors = network | {"words": network["words"][None], "questions": questions, "threshold": threshold}
    about = {"encoder": bot.encoder.sha256, "questions": prepared.checksum([q for q, _ in bot.model.options.ready])}
    save_tensors(prepared.FILE, tensors, about)
    print(f"{prepared.FILE}: {prepared.FILE.stat().st_size:,} bytes, threshold {threshold[0]:.2f}")


def _vectors(encoder: TextEncoder, texts: Sequence[str]) -> np.ndarray:
    """(N, D), float16, for there are many."""
    some = (texts[start : start + 5000] for start in range(0, len(texts), 5000))
    return np.concatenate([encoder.encode(part).astype(np.float16) for part in some])


def _networks(written: np.ndarray, kinds: np.ndarray, weights: np.ndarray, turns: np.ndarray) -> dict[str, np.ndarray]:
    """The network of `nlp_gru.tools.chat.prepared.Danger`. written (N, D), of these kinds; turns (M, D), of no danger."""
    found = [_network(written, kinds, weights, turns, seed) for seed in range(NETWORKS)]
    return {
        "hidden": np.concatenate([one["hidden"] for one in found]),
        "hidden_bias": np.concatenate([one["hidden_bias"] for one in found]),
        "output": np.concatenate([one["output"] for one in found], 1) / NETWORKS,
        "output_bias": np.mean([one["output_bias"] for one in found], 0),
    }


def _words(
    texts: Sequence[str], danger: np.ndarray, weights: np.ndarray, others: Sequence[str]
) -> dict[str, np.ndarray]:
    """What words tell by themselves: a regression of texts that are of danger or not, and of others that are not, as it
    counts beside the network."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier

    rows = [prepared.hashes(text, WORDS) for text in [*texts, *others]]
    sizes = np.array([len(row) for row in rows])
    values = np.repeat(np.maximum(sizes, 1) ** -0.5, sizes)
    features = csr_matrix((values, np.concatenate(rows), np.cumsum([0, *sizes])), shape=(len(rows), WORDS))
    model = SGDClassifier(loss="log_loss", alpha=WORDS_PENALTY, max_iter=8, tol=None, random_state=0)
    every = np.concatenate([danger, np.zeros(len(others), bool)])
    model.fit(features, every, sample_weight=np.concatenate([weights * WORDS_WEIGHT, np.full(len(others), 0.5)]))
    return {"words": WORDS_SHARE * model.coef_[0].astype(np.float32), "words_bias": WORDS_SHARE * model.intercept_}


def _network(
    written: np.ndarray, kinds: np.ndarray, weights: np.ndarray, turns: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """The weights of one network."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    hidden, output = nn.Linear(written.shape[1], HIDDEN), nn.Linear(HIDDEN, len(safety.KINDS))
    model = nn.Sequential(nn.Dropout(0.1), hidden, nn.ReLU(), nn.Dropout(DROPOUT), output)
    optimiser = torch.optim.AdamW(model.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    own = int(WRITTEN * BATCH)
    for _ in range(STEPS):
        rows, others = draw.integers(0, len(written), own), draw.integers(0, len(turns), BATCH - own)
        x = torch.tensor(np.concatenate([written[rows], turns[others]]), dtype=torch.float32)
        y = torch.tensor(np.concatenate([kinds[rows], np.zeros(len(others), int)]))
        w = torch.tensor(np.concatenate([weights[rows], np.ones(len(others))]), dtype=torch.float32)
        loss = (nn.functional.cross_entropy(model(x), y, reduction="none") * w).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    names = {"hidden": hidden.weight, "hidden_bias": hidden.bias, "output": output.weight, "output_bias": output.bias}
    return {name: value.detach().numpy() for name, value in names.items()}


def _threshold(network: dict[str, np.ndarray], turns: Sequence[str], encoder: TextEncoder) -> float:
    """The log-odds that `ALARMS` of the turns pass."""
    parts = [safety.parts(turn) for turn in turns]
    vectors = _vectors(encoder, [part for some in parts for part in some])
    danger = prepared.Danger(**{**network, "words_bias": network["words_bias"].item()}, threshold=0)
    odds = safety.log_odds(danger.logits(vectors)) + danger.said([part for some in parts for part in some])
    best = np.maximum.reduceat(odds, np.cumsum([0, *map(len, parts[:-1])]))  # of each turn's parts
    return float(np.quantile(best, 1 - ALARMS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=Path)
    args = parser.parse_args()
    with open(OUT, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "text"])
        writer.writerows(dict.fromkeys(rows()))
    if args.dialogues:
        train(args.dialogues)


if __name__ == "__main__":
    main()
