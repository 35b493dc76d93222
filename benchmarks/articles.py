"""Invented news articles without end, shaped like real ones, the same for the same seed.

    python -m benchmarks.articles 1000 > FILE.jsonl

About 450 words each: a dateline, speakers with posts, direct, indirect and mixed quotations, accusations and what the accused say,
figures with their days, real places. Nobody in them exists. People and bodies come back by Simon's law (Biometrika 42, 1955): with a
fixed chance the next one is new, else it is one of all that were named before, so that a few are in many articles, most in one, and the
number of people grows with the collection: some 20,000 in 10,000 articles.

Since the writer knows what it writes, it also gives the records that reading would give, without a language model (``extractions``).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random

import click

from benchmarks.measuring import gazetteer
from kg.records import (
    Chain,
    Class,
    Document,
    Extraction,
    Figure,
    Kind,
    Mention,
    Role,
    Span,
    Statement,
    Time,
    TimeKind,
    Type,
    Voice,
    Zone,
    ZoneKind,
)

NEW_PERSON, NEW_BODY = 0.42, 0.5
"""The chance that the next person or body was never named before."""
FIRST_DAY = date(2021, 1, 4)

GIVEN = (
    "Adela Albin Alma Anders Anika Anton Arvo Aurel Bela Benno Birgit Bruno Carla Ciro Dagmar Dalia Danilo Dario Edda Elio Elna Emil "
    "Enzo Erna Ersin Fabian Fadil Farid Flora Frida Gerda Gideon Gitta Goran Greta Gunnar Hanno Hedda Helmi Hugo Ida Ilka Ilya Imre Ines "
    "Irma Ivana Jakob Janos Jasna Jelena Jonas Jorma Jovan Kamil Karin Katya Klara Kosta Lalla Lars Lea Lenka Levan Lidia Ludmila Luka "
    "Magda Maia Malik Marit Marko Mira Miro Nadia Nadim Nils Nina Nora Olga Orhan Oskar Otto Paola Petra Rada Rafael Ramon Renata "
    "Rita Roman Runa Samir Sanna Selim Sergei Signe Silvia Sonja Stefan Tamar Tarik Tekla Tomas Ulla Vera Viktor Vilma Yana Zdenka Zora"
).split()
FAMILY_START = (
    "Abel Alder Andr Arsen Bal Bar Bel Bor Brand Brav Cald Cerv Dal Dor Dragom Elm Fal Fenn Ferr Gal Garib Gor Grad Hak Hal Has Holm "
    "Ivar Jar Kald Kar Kasp Kov Kren Lag Lind Lor Mal Mar Melk Mir Mor Nar Nov Orl Pal Pavl Petr Rad Ravn Rom Ruz Sab Sand Sar Ser Sol "
    "Stan Sten Sul Tal Tar Tir Tom Ulr Val Var Vas Vik Vol Yar Zal Zar Zim"
).split()
FAMILY_END = (
    "ak ando aniz ara asso atti aux avic beck berg dahl dottir eanu eira ekis enko ero escu eva gaard ienko ikova imov ini itz kova kyan "
    "land lund mann mark nes o oro os osz ov ova ovic rud sen shvili ski skov son stad strom uk ulis vall velt wick yan zade zic"
).split()
SPELLINGS = (
    ("kyan", "kian"),
    ("yan", "ian"),
    ("ov", "off"),
    ("ovic", "ovich"),
    ("enko", "yenko"),
    ("ski", "sky"),
    ("ic", "ić"),
    ("strom", "ström"),
)
"""Endings that newsrooms spell in two ways."""
PLACES = (
    *(
        ("Portugal", "Lisbon"),
        ("Spain", "Madrid"),
        ("Austria", "Vienna"),
        ("Hungary", "Budapest"),
        ("Poland", "Warsaw"),
        ("Greece", "Athens"),
    ),
    *(("Norway", "Oslo"), ("Finland", "Helsinki"), ("Denmark", "Copenhagen"), ("Romania", "Bucharest"), ("Bulgaria", "Sofia")),
    *(
        ("Croatia", "Zagreb"),
        ("Estonia", "Tallinn"),
        ("Latvia", "Riga"),
        ("Lithuania", "Vilnius"),
        ("Georgia", "Tbilisi"),
        ("Turkey", "Ankara"),
    ),
    *(
        ("Armenia", "Yerevan"),
        ("Azerbaijan", "Baku"),
        ("Kazakhstan", "Astana"),
        ("Morocco", "Rabat"),
        ("Tunisia", "Tunis"),
        ("Egypt", "Cairo"),
    ),
    *(("Kenya", "Nairobi"), ("Ghana", "Accra"), ("Peru", "Lima"), ("Chile", "Santiago"), ("Ecuador", "Quito"), ("Bolivia", "La Paz")),
    *(
        ("Nepal", "Kathmandu"),
        ("Mongolia", "Ulaanbaatar"),
        ("Vietnam", "Hanoi"),
        ("Japan", "Tokyo"),
        ("Jordan", "Amman"),
        ("Iceland", "Reykjavik"),
    ),
)
POSTS = (
    "Mayor, Governor, Deputy Governor, Interior Minister, Transport Minister, Health Minister, Foreign Minister, Energy Minister, "
    "Police Chief, Chief Engineer, Professor, Senator, Ambassador, Bishop, Colonel"
).split(", ")
OFFICES = "spokesman, spokeswoman, director, chairman, deputy head, lawyer, economist, press officer, coordinator".split(", ")
FIELDS = (
    "Relief Water Harbour Rail Grain Forest Farmers Nurses Election Border Aid Energy Mining Fishing Heritage Weather Road Refugee".split()
)
BODIES = "Agency Union Council Commission Institute Fund Society League Board Alliance".split()
THINGS = (
    "the bridge, the dam, the harbour road, the pumping station, the grain terminal, the ferry line, the border crossing, the power plant, "
    "the gas pipeline, the relief convoy, the old hospital, the school on the hill, the railway tunnel, the salt mine, the fish market, "
    "the water treaty, the ceasefire line, the refugee camp, the tax office, the coal port, the observatory, the valley road, the archive"
).split(", ")
HAPPENINGS = (
    "A landslide buried part of {thing} near {place} before dawn, and rescue teams worked into the night.",
    "Work on {thing} stopped for the second time this year after a dispute over unpaid wages.",
    "Talks about {thing} broke off in {place} without a date for the next round.",
    "Smoke was seen over {thing} for hours, and shops in the centre of {place} stayed shut.",
    "The crowd in front of the town hall of {place} grew through the afternoon and went home in the rain.",
    "Traders said prices had doubled since {thing} was closed, though shelves in {place} were full.",
    "It was the third such incident at {thing} since the spring.",
    "Trucks waited in a line several kilometres long, and drivers slept in their cabins.",
    "The inspectors left {place} without a word to the cameras that had waited for them since morning.",
    "Families carried water from the river while engineers looked for the fault at {thing}.",
)
CLAIMS = (
    "{thing} will stay closed for {n} days",
    "nobody had asked the people of {place} about {thing}",
    "the repairs of {thing} would cost {n} times what was planned",
    "we have waited {n} months for an answer from {place}",
    "there is no danger to anybody who lives near {thing}",
    "every family in {place} will be paid by the end of the year",
    "the {n} inspectors were sent away from {thing} at gunpoint",
    "{thing} belongs to the people of {place} and to nobody else",
    "the talks with the {org} have not even begun",
    "the report of the {org} on {thing} leaves out half of the truth",
    "{n} of our trucks are still waiting at {thing}",
    "what happened at {thing} must never happen again in {place}",
    "the new law gives the {org} powers that no other country knows",
    "the water at {thing} has fallen for {n} weeks without a pause",
    "the {org} was warned {n} times before {thing} failed",
)
FRAGMENTS = (
    "a danger to every child in {place}, an insult to the dead, a step back by {n} years, a matter of days, the shame of {place}, "
    "more than a mistake, a gift to the {org}, the worst week of the year"
).split(", ")
CHARGES = (
    "hiding the state of {thing}, shelling {thing}, delaying {thing} on purpose, taking bribes over {thing}, "
    "driving families out of {place}, ignoring {n} warnings about {thing}, blocking aid for {place}, forging the votes of {place}"
).split(", ")
PLANS = (
    "to reopen {thing} within {n} weeks, to send {n} engineers to {place}, to take the {org} to court, to leave {place} before the winter, "
    "to publish the plans for {thing}, to pay for {thing} alone"
).split(", ")
COUNTED = (
    ("people had fled {place}", "flee", "from"),
    ("people were killed in {place}", "kill", "in"),
    ("people had reached {place}", "reach", "to"),
    ("people were injured in {place}", "injure", "in"),
    ("people live in {place}", "live", "in"),
)
SAID = (("said", "say", "say"), ("told reporters", "tell", "say"), ("insisted", "insist", "assert"), ("claimed", "claim", "claim"))
MONTHS = "January February March April May June July August September October November December".split()
MODIFIERS = (("", "exact"), ("about ", "about"), ("more than ", "more than"), ("at least ", "at least"), ("nearly ", "nearly"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented: ``other`` is how some newsrooms spell the family name, ``office`` what they do in which body."""

    given: str
    family: str
    other: str
    post: str
    office: str
    body: int
    woman: bool


@dataclass(slots=True)
class Cast:
    """Everybody and every body that was named so far; who is named next follows from it alone."""

    random: Random
    people: list[Person] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)

    def person(self) -> int:
        """Return the number of the next person, a new one or one that was named before."""
        if not self.named or self.random.random() < NEW_PERSON:
            self.people.append(self._new_person())
            self.named.append(len(self.people) - 1)
        else:
            self.named.append(self.random.choice(self.named))
        return self.named[-1]

    def body(self) -> int:
        """Return the number of the next body, a new one or one that was named before."""
        if not self.heard or self.random.random() < NEW_BODY:
            country, _ = self.random.choice(PLACES)
            self.bodies.append(f"{country} {self.random.choice(FIELDS)} {self.random.choice(BODIES)}")
            self.heard.append(len(self.bodies) - 1)
        else:
            self.heard.append(self.random.choice(self.heard))
        return self.heard[-1]

    def _new_person(self) -> Person:
        random = self.random
        family = random.choice(FAMILY_START) + random.choice(FAMILY_END)
        endings = [(one, two) for one, two in SPELLINGS if family.endswith(one)]
        other = family.removesuffix(endings[0][0]) + endings[0][1] if endings else family
        post = random.choice(POSTS) if random.random() < 0.5 else ""
        return Person(random.choice(GIVEN), family, other, post, random.choice(OFFICES), self.body(), random.random() < 0.5)


class Writer:
    """One article while it is written, with what reading it would find."""

    def __init__(self, cast: Cast, day: date) -> None:
        self.random, self.cast, self.day = cast.random, cast, day
        self.text = ""
        self.mentions: list[Mention] = []
        self.links: dict[tuple[Kind, str], list[int]] = {}
        self.roles: dict[tuple[Kind, str], list[Role]] = {}
        self.statements: list[Statement] = []
        self.times: list[Time] = []
        self.figures: list[Figure] = []
        self.known: set[int] = set()
        self.spelt = cast.random.random() < 0.15
        self.country, self.city = cast.random.choice(PLACES)

    def put(self, words: str) -> Span:
        """Write words; return where they stand."""
        start = len(self.text)
        self.text += words
        return Span(start, len(self.text))

    def since(self, start: int) -> Span:
        """Return the span from a place to here."""
        return Span(start, len(self.text))

    def name(self, kind: Kind, key: str, words: str | None = None) -> Span:
        """Write a name of something that is called ``key``."""
        span = self.put(words or key)
        self.links.setdefault((kind, key), []).append(len(self.mentions))
        self.mentions.append(Mention(span, kind, words or key, "model"))
        return span

    def fill(self, pattern: str, *, begins: bool = False) -> Span:
        """Write a pattern with its slots filled; return where it stands, its first letter large where it ``begins`` a sentence."""
        start = len(self.text)
        for number, part in enumerate(pattern.replace("}", "{").split("{")):
            if number % 2 == 0:
                self.text += part
            elif part == "place":
                self.name(Kind.PLACE, self.random.choice((self.country, self.city, self.city)))
            elif part == "org":
                self.name(Kind.ORGANIZATION, self.cast.bodies[self.cast.body()])
            elif part == "thing":
                self.put(self.random.choice(THINGS))
            else:
                self.put(str(self.random.randint(2, 90)))
        if begins:
            self.text = self.text[:start] + self.text[start].upper() + self.text[start + 1 :]
        return self.since(start)

    def person(self, number: int) -> tuple[Span, int]:
        """Write who somebody is, in full the first time; return the whole noun phrase, and the number of their chain."""
        someone, start = self.cast.people[number], len(self.text)
        family = someone.other if self.spelt else someone.family
        full = f"{someone.given} {family}"
        if number in self.known:
            self.name(Kind.PERSON, full, family)
            return self.since(start), self.chain(Kind.PERSON, full)
        self.known.add(number)
        role = ""
        if someone.post:
            role, span = someone.post, self.put(someone.post)
            self.put(" ")
        self.name(Kind.PERSON, full)
        if not someone.post:
            self.put(", ")
            begun = len(self.text)
            self.put(f"{'a' if someone.office[0] not in 'aeo' else 'an'} {someone.office} of the ")
            self.name(Kind.ORGANIZATION, self.cast.bodies[someone.body])
            role, span = f"{someone.office} of the {self.cast.bodies[someone.body]}", self.since(begun)
            self.put(",")
        self.roles.setdefault((Kind.PERSON, full), []).append(Role(role, span))
        return self.since(start), self.chain(Kind.PERSON, full)

    def chain(self, kind: Kind, key: str) -> int:
        """Return the number of a chain."""
        return list(self.links).index((kind, key))

    def statement(
        self,
        type_: Type,
        content: Span,
        cue: Span,
        source: Span,
        speaker: int,
        lemma: str,
        act: str,
        *,
        kind: Class = Class.REPORT,
        target: int | None = None,
        date: str | None = None,
    ) -> None:
        """Keep a statement with what its content is about; an accusation's content is its charge."""
        inside = [[content.covers(self.mentions[mention].span) for mention in mentions] for mentions in self.links.values()]
        self.statements.append(
            Statement(
                type=type_,
                content=(content,),
                cue=(cue,),
                source=(source,),
                lemma=lemma,
                act=act,
                kind=kind,
                rule="frame.invented",
                confidence=0.9,
                speaker=Voice("name", chain=speaker),
                target=None if target is None else Voice("name", chain=target),
                charge=None if target is None else content,
                date=date,
                date_status="derived" if date else "notStated",
                about=tuple(number for number, covered in enumerate(inside) if any(covered)),
            )
        )

    def when(self) -> tuple[Span, str]:
        """Write a day of the last week; return where it stands, and the day."""
        told = self.day - timedelta(self.random.randint(0, 6))
        span = self.put(f"{MONTHS[told.month - 1]} {told.day}")
        self.times.append(Time(span, TimeKind.DAY, told.isoformat(), "derived", "published"))
        return span, told.isoformat()


# ---------------------------------------------------------------- paragraphs


def direct(writer: Writer, who: int) -> None:
    """“The dam is safe,” Mayor Ana Reyes said on May 3."""
    writer.put("“")
    content = writer.fill(writer.random.choice(CLAIMS), begins=True)
    writer.put(",” ")
    source, speaker = writer.person(who)
    writer.put(" ")
    words, lemma, act = writer.random.choice(SAID)
    cue = writer.put(words)
    writer.put(" on ")
    _, day = writer.when()
    writer.put(". ")
    writer.statement(Type.DIRECT, content, cue, source, speaker, lemma, act, date=day)


def indirect(writer: Writer, who: int) -> None:
    """Reyes said that nobody had asked the people of Vienna about the dam."""
    source, speaker = writer.person(who)
    writer.put(" ")
    words, lemma, act = writer.random.choice(SAID)
    cue = writer.put(words)
    writer.put(" that ")
    content = writer.fill(writer.random.choice(CLAIMS))
    writer.put(". ")
    writer.statement(Type.INDIRECT, content, cue, source, speaker, lemma, act)


def mixed(writer: Writer, who: int) -> None:
    """Reyes said the delay was “an insult to the dead”."""
    source, speaker = writer.person(who)
    writer.put(" ")
    cue = writer.put("said")
    writer.put(" ")
    start = len(writer.text)
    writer.put("the delay was “")
    writer.fill(writer.random.choice(FRAGMENTS))
    writer.put("”")
    content = writer.since(start)
    writer.put(". ")
    writer.statement(Type.MIXED, content, cue, source, speaker, "say", "say")


def accusation(writer: Writer, who: int) -> None:
    """Reyes accused the Spain Rail Board of hiding the state of the dam. The Spain Rail Board denied this."""
    source, speaker = writer.person(who)
    writer.put(" ")
    cue = writer.put("accused")
    writer.put(" the ")
    body = writer.cast.bodies[writer.cast.body()]
    writer.name(Kind.ORGANIZATION, body)
    target = writer.chain(Kind.ORGANIZATION, body)
    writer.put(" of ")
    content = writer.fill(writer.random.choice(CHARGES))
    writer.put(". ")
    writer.statement(Type.INDIRECT, content, cue, source, speaker, "accuse", "accuse", target=target)
    if writer.random.random() < 0.6:
        writer.put("The ")
        source = writer.name(Kind.ORGANIZATION, body)
        writer.put(" ")
        cue = writer.put("denied")
        writer.put(" ")
        content = writer.fill(writer.random.choice(CHARGES))
        writer.put(". ")
        writer.statement(Type.INDIRECT, content, cue, source, target, "deny", "deny", kind=Class.STANCE)


def pledge(writer: Writer, who: int) -> None:
    """Reyes promised to reopen the dam within 3 weeks."""
    source, speaker = writer.person(who)
    writer.put(" ")
    cue = writer.put("promised")
    writer.put(" ")
    content = writer.fill(writer.random.choice(PLANS))
    writer.put(". ")
    writer.statement(Type.INDIRECT, content, cue, source, speaker, "promise", "pledge", kind=Class.ACT)


def figure(writer: Writer, who: int) -> None:
    """More than 4,200 people had fled Vienna as of May 3, Reyes said."""
    start = len(writer.text)
    words, modifier = writer.random.choice(MODIFIERS)
    writer.text += words.capitalize()
    value = writer.random.randint(12, 990) * writer.random.choice((1, 1, 10, 100))
    number = writer.put(f"{value:,}")
    writer.put(" ")
    pattern, verb, relation = writer.random.choice(COUNTED)
    what = writer.fill(pattern)
    place = next(key for key, mentions in writer.links.items() if len(writer.mentions) - 1 in mentions)
    writer.put(" as of ")
    writer.when()
    content = writer.since(start)
    writer.put(", ")
    source, speaker = writer.person(who)
    writer.put(" ")
    cue = writer.put("said")
    writer.put(". ")
    writer.statement(Type.INDIRECT, content, cue, source, speaker, "say", "say")
    writer.figures.append(
        Figure(
            span=number,
            value=float(value),
            unit="people",
            modifier=modifier,
            what=(what,),
            low=float(value) if modifier in {"more than", "at least"} else None,
            high=float(value) if modifier == "nearly" else None,
            noun="people",
            verb=verb,
            places=((relation, writer.chain(*place)),),
            as_of=len(writer.times) - 1,
            statement=len(writer.statements) - 1,
        )
    )


def happening(writer: Writer, _: int) -> None:
    """Two sentences of the reporter's own."""
    for pattern in writer.random.sample(HAPPENINGS, 2):
        writer.fill(pattern, begins=True)
        writer.put(" ")


SPOKEN = (direct, direct, indirect, indirect, mixed, accusation, pledge, figure)


# ---------------------------------------------------------------- articles


def articles(count: int, seed: int = 0) -> Iterator[Document]:
    """Yield invented articles, the first ones the same however many are wanted."""
    return (extraction.document for extraction in extractions(count, seed, known=lambda _: (None, None)))


def extractions(count: int, seed: int = 0, *, known: Callable[[str], tuple[str | None, str | None]] | None = None) -> Iterator[Extraction]:
    """Yield invented articles with what reading them would find, the first ones the same however many are wanted.

    Args:
        count: How many.
        seed: Of everything.
        known: From the name of a place to its identifier in the gazetteer and its country; by default it is looked up.
    """
    cast = Cast(Random(seed))
    for number in range(count):
        yield _article(cast, number, known or looked_up)


@cache
def looked_up(place: str) -> tuple[str | None, str | None]:
    """Return identifier and country of the first place of a name in the gazetteer."""
    found = gazetteer().look_up(place)
    return (found[0].id, found[0].country) if found else (None, None)


def _article(cast: Cast, number: int, known: Callable[[str], tuple[str | None, str | None]]) -> Extraction:
    writer = Writer(cast, FIRST_DAY + timedelta(number // 8))
    dateline = writer.put(f"{writer.city.upper()}, {MONTHS[writer.day.month - 1]} {writer.day.day} —")
    writer.put(" ")
    happening(writer, 0)
    voices = [cast.person() for _ in range(cast.random.randint(3, 6))]
    for _ in range(cast.random.randint(8, 12)):
        writer.text = writer.text.rstrip() + "\n\n"
        for tell in (cast.random.choice(SPOKEN), cast.random.choice((*SPOKEN, happening, happening, happening, happening))):
            tell(writer, cast.random.choice(voices))
    text = writer.text.rstrip() + "\n"
    title = f"Dispute in {writer.city} goes on"
    zones = (Zone(dateline, ZoneKind.DATELINE),)
    document = Document(f"invented-{number:06}", text, title=title, date=writer.day.isoformat(), zones=zones)
    return Extraction(
        document, tuple(writer.mentions), _chains(writer, known), tuple(writer.statements), (), tuple(writer.times), tuple(writer.figures)
    )


def _chains(writer: Writer, known: Callable[[str], tuple[str | None, str | None]]) -> tuple[Chain, ...]:
    found = []
    for (kind, name), mentions in writer.links.items():
        id_, country = known(name) if kind is Kind.PLACE else (None, None)
        roles: Sequence[Role] = writer.roles.get((kind, name), ())
        found.append(Chain(kind, name, tuple(mentions), tuple(roles), country, (), id_))
    return tuple(found)


@click.command(help=__doc__)
@click.argument("count", type=click.IntRange(1))
@click.option("--seed", default=0, show_default=True, help="Of everything that is drawn.")
def main(count: int, seed: int) -> None:
    """Write articles as JSON Lines."""
    for document in articles(count, seed):
        row = {"id": document.id, "title": document.title, "date": document.date, "text": document.text}
        click.echo(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
