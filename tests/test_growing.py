"""A collection that grows, shrinks and changes is at every moment what it is when all its documents come at once."""

import random
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from desk import article

from kg.gazetteer import Gazetteer
from kg.records import (
    Answer,
    Chain,
    Class,
    Correction,
    Decision,
    Entity,
    Extraction,
    Kind,
    Role,
    Span,
    Statement,
    Time,
    TimeKind,
    Type,
    Voice,
)
from kg.resolve import Resolution, components, dating, resolve
from kg.resolve.bearers import side

PEOPLE = [
    "Vahan Tumasian",
    "Tumasian Vahan",
    "Reyes Ana",
    "Ana Duarte Reyes",
    "Ana Reyes Duarte",
    "Vahan Tumasyan",
    "Ana Reyes",
    "Anna Reyes",
    "Ivan Reyes",
    "Reyes",
    "Tumasian",
    "Oslo",
    "Vahan Oslo",
]
BODIES = ["Norden Rescue Board", "NRB", "Norden Rescue Bord", "Ana Reyes", "Oslo", "Nordic Rice Bank"]
PLACES = ["Oslo", "Stockholm", "Reyes", "NRB"]
KNOWN = ["geonames:3143244", "geonames:2673730", "geonames:1"]


def chain(chance: random.Random) -> Chain:
    """A name of somebody, of a place or a body, few enough that they meet."""
    kind = chance.choice([Kind.PERSON, Kind.PERSON, Kind.ORGANIZATION, Kind.PLACE])
    name = chance.choice({Kind.PERSON: PEOPLE, Kind.ORGANIZATION: BODIES, Kind.PLACE: PLACES}[kind])
    if kind is Kind.PLACE:
        known = chance.choice([None, *KNOWN])
        open_ = () if known else tuple(chance.sample(KNOWN, chance.choice([0, 0, 2])))
        return Chain(kind, name, (), known=known, candidates=open_, country=chance.choice([None, "NO", "SE"]))
    acronyms = ("NRB",) if name.startswith("Nor") and chance.random() < 0.4 else ()
    return Chain(kind, name, (), acronyms=acronyms, gender=chance.choice([None, None, "m", "f"]) if kind is Kind.PERSON else None)


def voice(chance: random.Random, chains: int) -> Voice:
    """A voice of an article."""
    named = Voice("test", chain=chance.randrange(chains))
    return chance.choice([named, named, Voice("test", government=chance.choice(["NO", "SE"])), Voice("test", unnamed="a doctor")])


def read(number: int, chance: random.Random) -> Extraction:
    """An article with names, posts, statements and perhaps a day without a year."""
    chains = [chain(chance) for _ in range(chance.randint(2, 5))]
    day = chance.choice([None, "1999-01-01", "2024-05-02", "2024-05-03"])
    plain = article(f"article {number}", *chains, date=day, rule=chance.choice(["model", "model", "gazetteer"]))
    said = tuple(
        Statement(
            Type.INDIRECT,
            (Span(at, at + 1),),
            (),
            (),
            "",
            "say",
            Class.REPORT,
            "test",
            1.0,
            speaker=voice(chance, len(chains)),
            on_behalf_of=chance.choice([None, voice(chance, len(chains))]),
        )
        for at in range(chance.randint(0, 3))
    )
    times = (Time(Span(0, 1), TimeKind.DAY, "XXXX-05-01", "unresolved"),) if chance.random() < 0.5 else ()
    posts = (Role("Mayor", Span(0, 1), voice(chance, len(chains))),) if chance.random() < 0.5 else ()
    return replace(plain, chains=(replace(plain.chains[0], roles=posts), *plain.chains[1:]), statements=said, times=times)


def said(chance: random.Random, library: Sequence[Extraction]) -> list[Correction]:
    """What people said of some names."""
    sides = [side(extraction, number) for extraction in library for number in range(len(extraction.chains))]
    found = []
    for _ in range(chance.choice([0, 0, 0, 3])):
        answer = chance.choice([Answer.SAME, Answer.DIFFERENT, Answer.KIND, Answer.LINK])
        left, right = sorted(chance.sample(sides, 2))
        value = {Answer.KIND: chance.choice(["person", "place"]), Answer.LINK: chance.choice(["none", *KNOWN])}.get(answer, "")
        found.append(Correction(answer, left, None if value else right, value, "Eva", "2026-05-01T10:00:00Z"))
    return found


class Mirror:
    """A collection, and what its changes add up to for somebody who hears nothing else."""

    def __init__(self, gazetteer: Gazetteer, articles: Iterable[Extraction], said: Sequence[Correction]) -> None:
        self.articles = {article.document.key: article for article in articles}
        self.resolution = Resolution(sqlite3.connect(":memory:"), gazetteer, self.articles.__getitem__, said)
        self.entities: set[Entity] = set()
        self.decisions: set[Decision] = set()
        self.documents: dict[str, tuple[object, ...]] = {}

    def become(self, keys: set[str]) -> None:
        """Make the collection hold these documents."""
        here = self.resolution.keys()
        for key in sorted(here - keys):
            self.resolution.drop(key)
            del self.documents[key]
        for key in sorted(keys - here):
            self.resolution.add(self.articles[key])
        self.resolution.settle()
        changes = list(self.resolution.changes())
        for change in changes:
            self.entities -= set(change.gone)
            self.decisions -= set(change.undone)
        for change in changes:
            self.entities |= set(change.new)
            self.decisions |= set(change.made)
            assert set(change.kept) <= self.decisions
        for key in self.resolution.touched():
            self.documents[key] = self.told(key)
        self.resolution.accept()

    def told(self, key: str) -> tuple[object, ...]:
        """What the graph of a document depends on."""
        alone = self.resolution.document(self.articles[key])
        return (
            alone.extractions,
            {node: alone.entities[place].path for node, place in alone.refers.items()},
            {node: alone.entities[place].path for node, place in alone.voices.items()},
        )


@pytest.fixture
def soon(monkeypatch):
    """Borders that small collections cross: names are soon frequent, and articles of one matter."""
    monkeypatch.setattr(components, "RARE", 1)
    monkeypatch.setattr(dating, "SHARED", 2)


@pytest.mark.parametrize("seed", range(120))
def test_what_comes_and_goes_in_any_order_adds_up_to_what_is_there(soon, gazetteer: Gazetteer, seed: int) -> None:
    chance = random.Random(seed)
    library = [read(number, chance) for number in range(chance.randint(2, 9))]
    told = said(chance, library)
    mirror = Mirror(gazetteer, library, told)
    for _ in range(4):
        keys = set(chance.sample(sorted(mirror.articles), chance.randint(1, len(library))))
        mirror.become(keys)
        whole = resolve([mirror.articles[key] for key in keys], gazetteer, told)
        assert mirror.resolution.collection() == whole
        assert mirror.entities == set(whole.entities)
        assert mirror.decisions == set(whole.decisions)
        assert mirror.documents == {key: mirror.told(key) for key in keys}
