"""Messages put together from parts written by hand: comparisons, wishes, two halves of a story, and what stands around
a message.

`rows()` gives (text, label) pairs, the same ones at every call. Within a subject every small flaw goes with every great
merit, and every small merit with every great flaw: the half that comes last, or that "although" does not introduce,
decides.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from common import fold

VALID = 8  # folds of 100, of which nothing is put together
MESSAGES = Path(__file__).parent / "everyday_messages.csv"
COMPARED, WISHED, CONTRASTED, FRAMED = 450, 450, 1100, 650  # texts of each label
THINGS = """phone|laptop|tablet|camera|vacuum cleaner|kettle|toaster|fridge|washing
    machine|mattress|pillow|tent|rucksack|bike|car|van|pushchair|stroller|coat|pair of boots|pair of
    jeans|handbag|watch|printer|router|headset|mouse|keyboard|monitor|blender|pan|knife|lawnmower|drill|sofa|desk|chair|lamp|album|film|book|season|episode|version|menu|layout|app|website|
    timetable|landlord|manager|teacher|dentist|surgery|supplier|provider|bank|insurer|hotel|campsite|canteen|café|gym|nursery|flat|office|commute|recipe|brand|model|machine|boiler"""
BETTER = """The new {t} is so much better than the old one|better than my last {t}|This {t} beats the one
    before|Happier with this {t} than with any other|I prefer this {t} to the last by far |a huge improvement on the
    previous {t}|my old {t} couldn't do half of this|I should have changed my {t} years ago|it puts my last {t} to
    shame|No {t} has ever suited me so well |so glad we changed our {t}|Best {t} I've had so far, and I've had a
    few|easier to live with than our last {t}|I wouldn't go back to the old {t} if you paid me|finally a {t} that
    does what it should|it's a different world from our last {t}|the last {t} drove me mad, this one I love|Compared
    with the old {t} it's heaven|a better {t} you won't find for the money |We tried three, and this {t} was easily
    the nicest|this {t} has made me forget all the others"""
WORSE = """The old {t} was so much better|worse than my last {t}|I preferred the previous {t}|Give me my old {t}
    back|I miss our old {t}|a step backwards from the last {t}|the last {t} never gave me this trouble|I wish I'd
    kept my old {t}|we should never have changed our {t}|Even my first {t} was better than this|it makes our last
    {t} look like luxury|we were happier with the old {t} |This {t} isn't a patch on the one before|the new {t} is a
    downgrade|Worst {t} I've had, and I've had a few|nothing like as good as our last {t}|Compared with the old {t}
    it's a disaster|this {t} does less than the old one and costs more|I can't get used to the new {t}, the old one
    was fine|we got rid of a good {t} for this|any other {t} would have done better"""
APART = """The new {t} is from a different firm than the old one|my last {t} was blue, this one is grey|Is the new {t}
    the same as the old one?|we had the other {t} from 2015 to 2019|Which {t} did you have before?|the old {t} is
    still in the list, under the new one|this {t} costs the same as the last|I've had this {t} since May, the one
    before since 2012|how is this {t} different from the last one|the second {t} came a year after the first|my
    sister has the same {t}|We have changed our {t}, the new details are below|do you want the old {t} or the new
    one|both are listed under "{t}"|it replaces the {t} from last year|the first {t} was hers, the second is
    mine|our new {t} starts in June|there are two kinds of {t} on the page|I'm comparing this {t} with two others"""
FEATURES = """a lid|a handle|a timer|pockets|a longer cable|a bigger screen|a second USB port|a dark mode|an undo
    button|a search box|an off switch|a volume control|proper instructions|spare batteries|a carry case|a charger in
    the box|a table of contents|subtitles|an index|a map of the site|more plugs by the bed|a kettle in the room|a
    lift|air conditioning|a bin|a changing table|a ramp|a bench|somewhere to lock a bike|a vegetarian option|a
    children's portion|a waiting room|an evening class|a weekend slot|a direct line|an email address|a calendar
    view|a zip instead of buttons|a softer lining|a night light|a rain cover|a reverse gear|a mirror|a belt|half
    sizes|an export to Excel|a weekly summary|a family ticket|a later bus"""
MISSED = """It would be nice if it had {f}|would be nice to have {f}|I wish it had {f}|wish there was {f}|If only it
    had {f}|needs {f}|really needs {f}|what it lacks is {f}|why doesn't it have {f}|Could do with {f}|how can you
    sell it without {f}|no {p}, in this day and age|I'd be happier with {f}|I expected {f} at that price|it's a pity
    there's no {p}|shame about the missing {p}|Would it kill them to add {f}|you'd think they'd give you {f}|I was
    looking for {f} and there isn't any|it would be so much better with {f}|all it wants is {f} and I wouldn't be
    moaning|please add {f}, it's no fun without"""
HAD = """I love that it has {f}|it even has {f}|at last one with {f}|finally {f}|and it's got {f}, which made our
    day|So glad there's {f} now|you added {f}, thank you|the best thing about it is {f}|the {p} makes all the
    difference|they've thought of everything, even {f}|I asked for {f} and you built it, wow|couldn't do without the
    {p}|the {p} alone is worth the money|my mum cheered when she saw there was {f}|who thought of {f}? Genius|It
    came with {f}, a lovely surprise"""
ASKED = """Does it come with {f}?|do you have one with {f}|I'm looking for one with {f}|it has {f}|There is {f} on
    page two of the catalogue|is there {f}|the larger one comes with {f}|the drawing shows {f}|we ordered the one
    with {f}|does the price include {f}|The plan is to add {f} in spring|where is the {p}|What does one with {f}
    cost?|the other model has {f}|how do I get {f}|this one has {f}, that one doesn't|I'd take the one with {f},
    please|{f} can be ordered separately"""
# subject: small flaws # great merits
ENDED_WELL = {
    "film": """the start is slow|the first half drags|it's twenty minutes too long|the effects look cheap|the plot
        makes little sense|I guessed the end|the title is silly|the dialogue creaks|the trailer gave it all away|the
        villain is a bore # the cast is wonderful|the ending made me cry|the music is gorgeous|we laughed till it
        hurt|I've never seen a better performance|the last scene took my breath away|I'd watch it again tomorrow|the
        two leads are a joy|it stayed with me for days|every shot is beautiful""",
    "book": """the first chapters are hard going|the print is tiny|the middle sags|there are too many names|it starts
        with forty pages of weather|the cover is hideous|the hero gets on your nerves # I couldn't put it down|the
        last page gave me goosebumps|it's the best thing I've read this year|I've already bought her next one|it
        made me laugh out loud on the bus|the writing is superb|I finished it in one night""",
    "meal": """the chairs were hard|we waited an hour for a table|the starter was cold|it was noisy|the wine list is
        short|the portions are small|parking was a nightmare|they forgot our bread|the bill made me gulp # the fish
        was heavenly|the waiter was a darling|I dream of that pudding|we can't wait to go back|the cook came out and
        hugged my gran|everything melted on the tongue|we had a wonderful evening|it was the best curry of my life""",
    "hotel": """the room was tiny|the lift was broken|the carpet has seen better days|the bed creaked|breakfast was
        dull|we heard every lorry|check-in took for ever|the bathroom was dated|it rained all week # the staff
        couldn't have been kinder|the view took our breath away|we slept like babies|they upgraded us for
        nothing|the kids didn't want to leave|we've booked again for next year|it was spotless|we felt at home from
        the first minute""",
    "thing": """the box was dented|the instructions are a joke|it took an afternoon to put together|the colour isn't
        what I ordered|it's heavier than I thought|it smells a bit at first|the buttons are fiddly|it's
        ugly|delivery took three weeks|the lid sticks # it works like a dream|I use it every day and love it|it's
        built like a tank|it has changed my mornings|my mother is over the moon with it|it does the job
        perfectly|I've recommended it to all my friends|it has never let me down|I wouldn't be without it""",
    "app": """the sign-up is a pain|it looks like something from 1998|the icons are confusing|it crashed once on day
        one|there are too many emails|the free version does little|it took a while to find my way # it saves me
        hours every week|I can't imagine work without it|it's lightning fast now|support is brilliant|it does
        exactly what I need|it's the best I've tried|my whole team loves it""",
    "service": """I had to ring twice|the first answer was wrong|it took a week|they lost my form once|the first man
        was rude|the hold music is torture|I was ready to cancel|the website is a maze # Leila put everything right
        in minutes|they refunded every penny and said sorry|the engineer was a gem|I've never been treated so
        well|they went out of their way for us|it's all sorted and I'm delighted|they've won a customer for life|the
        second lad was brilliant""",
    "health": """the waiting room was packed|the needle stung|I was terrified|the first tablets made me sick|it's an
        hour's drive|parking costs a fortune|the first week was agony # the doctor was kind and took her time|I can
        walk without pain again|the nurses were angels|I feel like a new woman|they saved my sight|my son came out
        smiling|I'm sleeping again at last""",
    "school": """the building is falling to bits|the first term was hard|maths is still a struggle|the uniform costs a
        bomb|she cried on the first morning|the classes are big # he loves his teacher|she comes home singing|he's
        made wonderful friends|her marks have shot up|he can't wait for Mondays|the concert had us all in tears of
        joy""",
    "work": """the pay is low|the coffee is dreadful|the hours are long|the office is freezing|the first month was
        chaos|my desk wobbles # my colleagues are the best|I've never been happier in a job|my boss has my back|they
        made me permanent today|I learn something every day and love it|we have such fun""",
    "journey": """the flight was late|the seats were hard|we missed the first boat|it poured for two days|the road was
        full of holes|our bags came a day late|the map was useless # the crew was lovely|we saw dolphins|the view
        from the top was worth every step|it was the trip of a lifetime|a stranger drove us all the way to the
        door|we didn't stop smiling|the children still talk about it""",
    "home": """the move was hell|the boiler's noisy|the stairs are steep|the kitchen is dark|the neighbours have a
        drum kit|the paint smelled for a week # we love it here|the garden is paradise|the landlord is a saint|the
        kids have never slept so well|we wouldn't live anywhere else|it finally feels like ours""",
    "sport": """we were three down at half time|it was freezing|the referee was blind|I came last|my legs are killing
        me|we lost our captain after ten minutes # we won it in the last minute|I've never been so proud|the crowd
        sang to the end|I beat my best time by a minute|what a comeback|I'd do it all over again""",
    "family": """the turkey was burnt|the speeches were endless|it rained on the marquee|the boys quarrelled in the
        car|the cake fell over|we'd hardly slept # it was the happiest day of our lives|gran danced all night|we
        laughed more than we have in years|all of us were together at last|it was a perfect day|she said yes""",
}
# subject: small merits # great flaws
ENDED_BADLY = {
    "film": """the cast is good|the idea is clever|it opens well|the pictures are pretty|the first half is fun|I like
        the director|the songs are nice|the trailer was great # I nearly fell asleep|the ending ruined
        everything|the script is dreadful|I wanted my money back|it drags on for ever|there isn't one laugh in it|it
        left me cold|we walked out after an hour""",
    "book": """the cover is beautiful|the first chapter is gripping|she can write|the setting is interesting|my
        friends all loved it|I enjoyed his last one # I gave up on page ninety|the story goes nowhere|every
        character is unbearable|it bored me to tears|the end is an insult|half of it is padding""",
    "meal": """the terrace is lovely|the starter was tasty|the waiter was nice|the menu sounds great|it's in a pretty
        street|the bread was fresh|the prices are fair # the main was burnt|we were both sick all night|we waited
        two hours for it|there was a hair in it|the fish was off|they charged us twice|nobody came to take our
        order|it tasted of nothing""",
    "hotel": """the lobby is grand|the location is great|the breakfast was all right|the staff were friendly|the pool
        looks nice|the view is pretty|it was easy to find # the room was filthy|we didn't sleep at all|there were
        bed bugs|they lost our booking|it stank of drains|somebody took my watch|there was no hot water for three
        days|I'd never stay there again""",
    "thing": """it looks good|delivery was quick|it's nicely wrapped|the price was fair|it was easy to set up|it feels
        solid|the colour is lovely|it worked at first # it broke within a week|it doesn't do what it should|it
        burned my hand|nobody answers about the refund|it's useless in the rain|the motor died|it's already in the
        bin|it gave me a rash""",
    "app": """it looks pretty|the idea is good|it's free|I liked it last year|the new design is fresh|sign-up was
        quick # it crashes every time|it lost all my photos|I can't log in any more|the adverts drive me mad|it
        drains my battery|support never answers|it's a scam""",
    "service": """they were polite|you answered quickly|the website is nice|the first lady was helpful|the music is
        all right|I've been with you for years # nothing was solved|I'm still waiting for my money|they hung up on
        me|the engineer never came|you've charged me again|I've had enough|it's been a nightmare|nobody cares""",
    "health": """the building is new|the nurse was sweet|the car park is free|we got in on time|the doctor seems
        clever # they lost my results|I'm in more pain than before|he didn't listen to a word|my operation is off
        again|the infection came back|we were sent home with nothing""",
    "school": """the head is charming|the buildings are new|the uniform looks smart|the website promises a lot|his old
        teacher was lovely # he's being bullied and nobody acts|she cries every morning|he's learned nothing all
        year|they've cut music and sport|her teacher shouts|the exam was a disaster""",
    "work": """the pay is good|the office is nice|my colleagues are friendly|the coffee is free|the view is great #
        the boss is a bully|I'm worn out|they fired me today|I dread every Monday|nobody says thank you|they haven't
        paid us|my hours were cut again""",
    "journey": """the seats were comfy|the ticket was cheap|we left on time|the crew smiled|the weather was fine|the
        boat is new # they lost our bags|we missed our own wedding party|I was ill the whole way|we spent the night
        on the floor|they cancelled the way home|it was the worst trip of my life""",
    "home": """the kitchen is new|the rent is low|the garden is big|the street is quiet|it has a nice front # the roof
        leaks on our bed|there's mould in every room|the landlord does nothing|we've had rats since May|we freeze
        every winter|I can't stand it here any more""",
    "sport": """we led for an hour|the stadium is pretty|the sun was out|the first set was mine|the new kit looks good
        # we lost it in the last minute|I tore my knee|we've gone down|the coach walked out|the crowd booed us
        off|it was embarrassing to watch""",
    "family": """the cake was nice|the church looked pretty|the band was all right|the sun shone|everybody came # they
        fought all evening|my coat was stolen|nobody danced|my dad left in tears|she isn't speaking to me now|the
        food poisoned half of us""",
}
BUTS = ("{0}, but {1}", "{0} but {1}", "{0}. But {1}", "{0}, and yet {1}", "{0}. {1}", "{0}; {1}", "{0}. However, {1}")
ALTHOUGHS = (
    "Although {0}, {1}",
    "Even though {0}, {1}",
    "{1}, even though {0}",
    "{1}, although {0}",
    "OK, {0}, but {1}",
)
OPENINGS = """Hi,|Hello,|Hi there,|Hello team,|Dear all,|Hi Anna,|Morning,|Good afternoon,|Hi again,|Just so you
    know,|FYI:|Quick update:|So,|Well,|Re: order 40817.|Regarding ticket 2291:|About my booking: |About
    yesterday:|As I said on the phone,|For the record,|Message for the manager:|To whom it may
    concern:|Today:|Feedback:|Comment:"""
CLOSINGS = """Regards, J. Hill|Kind regards|Sam|Order number 55-1204.|My customer number is 90211.|I'm in Leeds, by
    the way.|That was on Tuesday.|This is about the flat in Mill Lane.|Sent from my phone|It's the one we bought in
    May.|Customer since 2016.|I'm at work until five.|We were four adults.|This was at the branch in Derby.|(Room
    12)|- Maria, 3B|Photo attached."""


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("|")]


def rows() -> Iterator[tuple[str, str]]:
    draw = random.Random(1)
    for label, frames in (("positive", BETTER), ("negative", WORSE), ("neutral", APART)):
        for frame in draw.choices(_parts(frames), k=COMPARED):
            yield _written(frame.format(t=draw.choice(_parts(THINGS))), draw), label
    for label, frames in (("negative", MISSED), ("positive", HAD), ("neutral", ASKED)):
        for frame in draw.choices(_parts(frames), k=WISHED):
            feature = draw.choice(_parts(FEATURES))
            yield _written(frame.format(f=feature, p=feature.removeprefix("a ").removeprefix("an ")), draw), label
    for label, stories in (("positive", ENDED_WELL), ("negative", ENDED_BADLY)):
        parts = [[_parts(half) for half in story.split("#")] for story in stories.values()]
        for _ in range(CONTRASTED):
            first, last = map(draw.choice, draw.choice(parts))
            frame = draw.choice(BUTS if draw.random() < 0.7 else ALTHOUGHS)
            yield _written(frame.format(first, _capital(last) if frame == "{0}. {1}" else last), draw), label
    yield from _framed(draw)


def _framed(draw: random.Random) -> Iterator[tuple[str, str]]:
    """Messages with an opening or a closing that says nothing of how it was, or two of a label together."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        messages = [m for m in csv.DictReader(file) if fold(m["text"]) >= VALID]
    for label in ("negative", "neutral", "positive"):
        own = [m["text"] for m in messages if m["label"] == label and len(m["text"]) > 20]
        for text in draw.sample(own, min(FRAMED, len(own))):
            text = text if text[-1] in ".?!" else f"{text}."
            chance = draw.random()
            if chance < 0.4:
                yield f"{draw.choice(_parts(OPENINGS))} {text}", label
            elif chance < 0.7:
                yield f"{_capital(text)} {draw.choice(_parts(CLOSINGS))}", label
            else:
                yield f"{_capital(text)} {_capital(draw.choice(own))}", label


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _written(text: str, draw: random.Random) -> str:
    """As people write: with or without a capital and a full stop."""
    if draw.random() < 0.6:
        text = _capital(text)
    return text if text[-1] in ".?!" else text + draw.choice((".", ".", "", "", "!"))
