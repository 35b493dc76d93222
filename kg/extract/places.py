"""Places: which of the places of one name a document means.

In this order: what an authority file holds; the country or region that the text itself states (``Vienna, Virginia``); and otherwise
weight, which is people, times what the rest of the document speaks of: the country, the region, sure places nearby. The heaviest is
taken only with a margin; without one nothing is decided, and the likeliest are kept as candidates. Names are never matched fuzzily.
One name means one place in one document, unless a stated container says otherwise. Weights were set on sixty texts of our own
(``tests/test_places.py``), on none of the seeds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import asin, cos, prod, radians, sin, sqrt

from spacy.tokens import Doc, Span

from kg.extract.containers import WITHIN, Container, inside, row, stated
from kg.extract.names import LOCATIVE
from kg.gazetteer import Gazetteer, Known, fold
from kg.records import Kind, Mention

MARGIN = 5
"""How many times heavier than the next a place must be."""
OWN_NAME = 5
"""A place's first name counts more than an alias: Goris is Goris, not Gori."""
COUNTRY = 20
"""For a country that the document names or in which a sure place lies."""
SPOKEN_OF = 10
"""For a region that the document names, and for each of two sure places in a region or beside a town."""
CLOSE = 50
"""What its region and its neighbours together can add to a town."""
BESIDE = 10
"""For a country in a row with countries, a region in a row with regions: invasions of Georgia and Ukraine."""
SISTER = 3
"""For a region beside another region of its country: Georgia, Florida and Alabama."""
STATE = 6
"""A country is meant rather than a region of the same name elsewhere."""
PROVINCE = 15
"""A province is meant rather than its own town of the same name if it has fifteen times its people: Syunik, but not New York."""
SEAT = 40
"""A capital is meant rather than a region of the same name in its country: Washington."""
SAID, SAID_LATER = 10_000, 100
"""For the place that the text itself states at the same name, before or after."""
NEARBY = 100.0
"""Kilometres at which nearness to a sure place is worth half."""
WIDEST = 9.0
"""Degrees of latitude, a thousand kilometres, beyond which distance is not even measured."""
SMALL_TOWN = 10_000
"""A smaller town is meant only where the document speaks of its country."""
MOST = 5
"""How many candidates are kept, none a hundredth as heavy as the first."""
FAINT = 100
ROUNDS = 3
"""A state is sure by its neighbours, a town by that state, a further town by that town; then no more."""
DIRECTIONS = frozenset(
    "north south east west center centre central northern southern eastern western northeast northwest southeast southwest".split()
)
"""Names of provinces somewhere, and words for a part of anything: the West."""
EARTH = 6371.0


@dataclass(frozen=True, slots=True)
class Place:
    """The mentions of one place.

    Attributes:
        mentions: Indexes of its mentions, ascending.
        known: The entry that is meant, ``None`` where the margin is too small.
        candidates: Without ``known`` the ids of the likeliest entries, at most five, likeliest first.
    """

    mentions: tuple[int, ...]
    known: Known | None = None
    candidates: tuple[str, ...] = ()


def locate(doc: Doc, mentions: Sequence[Mention], gazetteer: Gazetteer, title: str = "") -> tuple[Place, ...]:
    """Return the places of a document, by first mention; each mention of a place is in exactly one.

    Args:
        doc: The parsed text.
        mentions: All mentions of the document; people and peoples count as evidence.
        gazetteer: What names can mean.
        title: The document's title where the text does not hold it.
    """
    readings = _readings(doc, mentions, gazetteer)
    senses = _senses(readings, _persons(mentions), gazetteer)
    signs = (*_peoples(mentions, gazetteer), *_titled(title, gazetteer), *_containing(readings))
    sure = {number: sense.rivals[0] for number, sense in enumerate(senses) if sense.certain}
    weighed: list[Weighed] = []
    for _ in range(ROUNDS):  # first by what names and containers make sure, then also by what that made sure
        weighed = [_weighed(sense, senses, sure, signs, gazetteer) for sense in senses]
        sure = {number: found.known for number, found in enumerate(weighed) if found.known}
    return _places(senses, weighed)


def distance(left: tuple[float, float], right: tuple[float, float]) -> float:
    """Return the kilometres between two points given as degrees north and east (haversine, on a sphere)."""
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (left, right))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


# ---------------------------------------------------------------- evidence


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that the document speaks of: a country, by its name or people, or a sure place; ``name`` is where that comes from."""

    name: str
    country: str | None
    known: Known | None = None


@dataclass(frozen=True)
class Evidence:
    """What the document speaks of, put together."""

    signs: tuple[Sign, ...]

    @cached_property
    def countries(self) -> frozenset[str]:
        """Codes of countries that are named or in which a sure place lies."""
        return frozenset(sign.country for sign in self.signs if sign.country)

    @cached_property
    def units(self) -> frozenset[str]:
        """Ids of regions that are named."""
        regions = (sign.known for sign in self.signs if sign.known and sign.known.feature in ("region", "territory"))
        return frozenset(id for region in regions for id in (region.id, f"geonames:{region.geonames}"))

    @cached_property
    def towns(self) -> tuple[Known, ...]:
        """Sure towns."""
        return tuple({sign.known.id: sign.known for sign in self.signs if sign.known and sign.known.feature not in WITHIN}.values())

    @cached_property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Where the sure towns lie."""
        return tuple((x.latitude, x.longitude) for x in self.towns if x.latitude is not None and x.longitude is not None)

    @cached_property
    def regions(self) -> frozenset[str | None]:
        """Codes of countries of which a region is named."""
        return frozenset(sign.known.country for sign in self.signs if sign.known and sign.known.feature == "region")

    @cached_property
    def held(self) -> Counter[str | None]:
        """How many sure towns lie in each region and country."""
        return Counter(id for town in self.towns for id in (town.region, town.country))

    def nearness(self, place: Known) -> float:
        """Return 1 for a place far from all sure towns, up to 10 for each of the two nearest; half of the nine more at ``NEARBY``."""
        if place.latitude is None or place.longitude is None:
            return 1.0
        here = (place.latitude, place.longitude)
        away = sorted(distance(here, point) for point in self.points if abs(point[0] - here[0]) < WIDEST)
        return prod(1 + (SPOKEN_OF - 1) / (1 + (far / NEARBY) ** 2) for far in away[:2])


def _peoples(mentions: Iterable[Mention], gazetteer: Gazetteer) -> Iterator[Sign]:
    """Yield the countries whose people the document names."""
    for mention in mentions:
        if mention.kind is Kind.GROUP and (code := gazetteer.demonym(mention.name.split()[-1])):
            yield Sign(mention.name, code)


def _titled(title: str, gazetteer: Gazetteer) -> Iterator[Sign]:
    """Yield the countries and regions that a title names."""
    words = title.split()
    for at in range(len(words)):
        for end in range(at + 1, min(len(words), at + 3) + 1):
            name = " ".join(words[at:end]).strip(",:;?!()“”\"'").removesuffix("'s").removesuffix("’s")
            if not name[:1].isupper():
                continue
            known = next(iter(gazetteer.look_up(name)), None)
            if known is not None and known.feature in WITHIN:
                yield Sign(fold(name), known.country, known)
            elif code := gazetteer.demonym(name):
                yield Sign(name, code)


# ---------------------------------------------------------------- readings


@dataclass(frozen=True, slots=True)
class Reading:
    """One mention of a place with what the words around it leave of its entries.

    Attributes:
        number: Index of the mention.
        name: The name without a container inside it (``Paris`` of ``Paris, Texas``); ``key``: that, folded.
        entries: All it can be here, most prominent first.
        containers: In what it lies, with those meanings that hold one of the entries.
        stated: The text itself says which it is.
        lost: The text says that it lies where no entry lies.
        located: A preposition of place stands before it.
        row: What the names in a row with it are, as features.
    """

    number: int
    name: str
    entries: tuple[Known, ...]
    containers: tuple[Container, ...] = ()
    stated: bool = False
    lost: bool = False
    located: bool = False
    row: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The name, folded."""
        return fold(self.name)


def _readings(doc: Doc, mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Reading]:
    """Return the readings of all mentions of places; a name that is another's container means what holds the other."""
    found: list[tuple[int, Reading]] = []
    end = -1
    for number, mention in enumerate(mentions):
        if mention.kind is not Kind.PLACE:
            continue
        span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
        if span is None:
            found.append((-1, Reading(number, mention.name, _places_named(mention.name, gazetteer))))
            continue
        unit = _short_form(span, gazetteer, behind=span.start == end + 1 and doc[end].text == ",")
        told = None if unit is None else Reading(number, unit.name, (unit,), stated=True)
        found.append((span.start, told or _reading(number, _bare(span, gazetteer), gazetteer)))
        end = span.end
    holding = {container.at: container.entries for _, reading in found for container in reading.containers}
    return [_as_container(reading, holding.get(at, ())) for at, reading in found]


def _as_container(reading: Reading, entries: tuple[Known, ...]) -> Reading:
    """Return the reading of a name that holds another place as that of what holds it."""
    holds = bool(entries) and not reading.stated and set(entries) <= set(reading.entries)
    return replace(reading, entries=entries, stated=True) if holds else reading


def _places_named(name: str, gazetteer: Gazetteer) -> tuple[Known, ...]:
    """Return the places that a name can mean; what an authority file holds excludes all others."""
    entries = tuple(known for known in gazetteer.look_up(name) if known.kind is Kind.PLACE)
    return entries[:1] if entries and _authoritative(entries[0]) else entries


def _bare(span: Span, gazetteer: Gazetteer) -> Span:
    """Return a name without the container inside it; a name that is known whole is left whole."""
    comma = next((token.i for token in span if token.text == "," and token.i > span.start), None)
    return span if comma is None or gazetteer.look_up(span.text) else span.doc[span.start : comma]


def _reading(number: int, span: Span, gazetteer: Gazetteer) -> Reading:
    """Return what one mention can mean."""
    before = span.doc[span.start - 1].lower_ if span.start else ""
    name = " ".join(span.text.split())
    entries = _places_named(name, gazetteer)
    if not entries or _authoritative(entries[0]):
        return Reading(number, name, entries, located=before in LOCATIVE)
    said = stated(span.doc, span, gazetteer)
    left, holding, missed = entries, list[Container](), False
    for container in said.containers:
        holders = tuple(holder for holder in container.entries if any(inside(entry, holder) for entry in left))
        left = tuple(entry for entry in left if any(inside(entry, holder) for holder in holders)) or left
        holding += [container._replace(entries=holders)] if holders else []
        missed |= not holders
    left = tuple(entry for entry in left if entry.feature in said.features) or left
    lost = said.firm and missed and not holding and left[0].feature not in WITHIN
    told = left != entries or bool(holding)
    return Reading(number, name, left, tuple(holding), told, lost, before in LOCATIVE, row(span, gazetteer))


def _short_form(span: Span, gazetteer: Gazetteer, *, behind: bool) -> Known | None:
    """Return the state that a name shortens: ``Ill.``; ``IL`` only ``behind`` a place; not D.C., which is a town in that unit too."""
    point = "." if span.end < len(span.doc) and span.doc[span.end].text == "." else ""
    unit = gazetteer.abbreviation(span.text) if behind or span.text.endswith(".") else None
    unit = unit or (gazetteer.abbreviation(f"{span.text}{point}") if behind else None)
    town = unit and next((known for known in gazetteer.look_up(span.text) if known.region == unit.id), None)
    return None if town else unit


def _authoritative(known: Known) -> bool:
    """Tell whether an entry comes from an authority file."""
    return known.source.endswith(".ttl")


def _containing(readings: Iterable[Reading]) -> Iterator[Sign]:
    """Yield the countries and regions that hold a place of the document."""
    for reading in readings:
        for container in reading.containers:
            if len(container.entries) == 1:
                yield Sign(fold(container.entries[0].name), container.entries[0].country, container.entries[0])


# ---------------------------------------------------------------- senses


@dataclass(frozen=True, slots=True)
class Sense:
    """The mentions of one name that are bound to mean the same.

    Attributes:
        key: The name, folded.
        mentions: Their indexes, ascending.
        rivals: The entries between which weight decides, most prominent first.
        stated: The text itself says which place it is; ``lost``: one that no entry is.
        doubtful: A part of a person's name that never stands where only a place can, or a word for a direction.
        row: What the names in a row with it are, as features.
        bounds: Ids of what the text states to hold a place of this name.
    """

    key: str
    mentions: tuple[int, ...]
    rivals: tuple[Known, ...]
    stated: bool
    lost: bool
    doubtful: bool
    row: frozenset[str]
    bounds: frozenset[str]

    @property
    def certain(self) -> bool:
        """Whether no weighing is needed: an authority's entry, a country, the only entry in a stated container."""
        alone = len(self.rivals) == 1 and not self.lost
        return alone and (self.stated or self.rivals[0].feature in WITHIN or _authoritative(self.rivals[0]))


def _senses(readings: Iterable[Reading], persons: frozenset[str], gazetteer: Gazetteer) -> list[Sense]:
    """Return the senses of a document, by first mention: readings of one name with the same entries left."""
    groups: dict[tuple[str, tuple[Known, ...], bool], list[Reading]] = defaultdict(list)
    bounds: dict[str, set[str]] = defaultdict(set)
    for reading in readings:
        groups[reading.key, reading.entries, reading.lost].append(reading)
        bounds[reading.key].update(entry.id for container in reading.containers for entry in container.entries)
    return [
        Sense(
            key=key,
            mentions=tuple(reading.number for reading in group),
            rivals=_rivals(key, entries, gazetteer),
            stated=any(reading.stated for reading in group),
            lost=lost,
            doubtful=key in DIRECTIONS or (key in persons and not any(reading.located for reading in group)),
            row=frozenset().union(*(reading.row for reading in group)),
            bounds=frozenset(bounds[key]),
        )
        for (key, entries, lost), group in groups.items()
    ]


def _persons(mentions: Iterable[Mention]) -> frozenset[str]:
    """Return the first and last words of the full names of people, folded."""
    names = (mention.name.split() for mention in mentions if mention.kind is Kind.PERSON)
    return frozenset(fold(word) for name in names if len(name) > 1 for word in (name[0], name[-1]))


def _rivals(key: str, entries: tuple[Known, ...], gazetteer: Gazetteer) -> tuple[Known, ...]:
    """Return the entries between which weight decides.

    What an authority file holds has none. A country has the regions of other countries, but no towns: Georgia the state, but
    nobody means a Lebanon in Ohio who does not say so. A territory without inhabitants of its own in the data has none.
    """
    if not entries or _authoritative(entries[0]):
        return entries
    first, own = entries[0], {entry.id for entry in entries if fold(entry.name) == key}
    if first.feature == "country" or (first.feature == "territory" and (first.id in own or not own)):
        states = (entry for entry in entries[1:] if entry.feature == "region" and entry.country != first.country)
        return (first, *states) if first.population else (first,)
    places = tuple(entry for entry in entries if entry.feature not in ("country", "territory"))
    for region in (entry for entry in places if entry.feature == "region"):
        towns = [entry for entry in places if inside(entry, region)]
        largest = max((town.population for town in towns), default=0)
        loser = towns if gazetteer.people(region) > PROVINCE * largest else [region]
        places = tuple(entry for entry in places if not towns or entry not in loser)
    return places or entries


# ---------------------------------------------------------------- weighing


@dataclass(frozen=True, slots=True)
class Weighed:
    """The rivals of a sense, heaviest first (ties by id), with what is decided; no rivals for a name that nobody knows."""

    ranking: tuple[tuple[float, Known], ...]
    known: Known | None
    lost: bool

    @property
    def candidates(self) -> tuple[str, ...]:
        """The ids of the likeliest entries; of a place said to lie where none lies only one that stands out: Sevastopol, Russia."""
        likely = [known.id for weight, known in self.ranking[:MOST] if weight * FAINT >= self.ranking[0][0]]
        outstanding = len(self.ranking) == 1 or (len(self.ranking) > 1 and self.ranking[0][0] > MARGIN * self.ranking[1][0])
        return tuple(likely[:outstanding] if self.lost else likely)


def _weighed(sense: Sense, senses: Sequence[Sense], sure: Mapping[int, Known], signs: tuple[Sign, ...], gazetteer: Gazetteer) -> Weighed:
    """Weigh a sense by what the rest of the document speaks of; a name and its own containers are no evidence about it."""
    if sense.certain:
        return Weighed(((1.0, sense.rivals[0]),), sense.rivals[0], lost=False)
    own = (Sign(senses[number].key, known.country, known) for number, known in sorted(sure.items()))
    others = (sign for sign in (*signs, *own) if sign.name != sense.key)
    evidence = Evidence(tuple(sign for sign in others if sign.known is None or sign.known.id not in sense.bounds))
    said = _said(sense, senses, sure)
    rows = ((_weight(entry, sense, evidence, gazetteer) * said.get(entry.id, 1), entry) for entry in sense.rivals)
    ranking = tuple(sorted(rows, key=lambda row: (-row[0], row[1].id)))
    lost = sense.lost or any(x.lost and x.key == sense.key and x.mentions < sense.mentions and not sense.stated for x in senses)
    return Weighed(ranking, ranking[0][1] if ranking and not lost and _decides(sense, ranking, evidence) else None, lost)


def _decides(sense: Sense, ranking: tuple[tuple[float, Known], ...], evidence: Evidence) -> bool:
    """Tell whether the heaviest entry is meant."""
    weight, best = ranking[0]
    if len(ranking) > 1 and weight <= MARGIN * ranking[1][0]:
        return False
    if sense.stated or best.feature in ("country", "territory"):
        return True
    if sense.doubtful:
        return best.feature == "region" and best.country in evidence.countries
    return best.feature == "region" or best.population >= SMALL_TOWN or best.country in evidence.countries


def _said(sense: Sense, senses: Sequence[Sense], sure: Mapping[int, Known]) -> dict[str, int]:
    """Return what the text states at other mentions of the name, with its factor."""
    return {
        known.id: SAID if senses[number].mentions < sense.mentions else SAID_LATER
        for number, known in sorted(sure.items())
        if senses[number].key == sense.key and senses[number].stated and not sense.stated
    }


def _weight(entry: Known, sense: Sense, evidence: Evidence, gazetteer: Gazetteer) -> float:
    """Return what speaks for an entry."""
    weight = float(max(gazetteer.people(entry), 1))
    weight *= OWN_NAME if fold(entry.name) == sense.key else 1
    weight *= COUNTRY if entry.country in evidence.countries else 1
    weight *= BESIDE if entry.feature in sense.row else 1
    if entry.feature in ("country", "territory"):
        neighbours = len(gazetteer.neighbours(entry.country or "") & evidence.countries)
        return weight * STATE * _twice(neighbours) * _twice(evidence.held[entry.country])
    if entry.feature == "region":
        weight *= _twice(evidence.held[entry.id]) * (SISTER if entry.country in evidence.regions else 1)
        return weight / (SEAT if any(rival.capital_of == entry.country for rival in sense.rivals) else 1)
    near = evidence.nearness(entry) * (SPOKEN_OF if entry.region in evidence.units else 1)
    return weight * min(near, CLOSE) * sqrt(1 + len(entry.aliases))


def _twice(count: int) -> int:
    """Return the factor of a count of signs, of which the first two count."""
    return (1, SPOKEN_OF, SPOKEN_OF**2)[min(count, 2)]


def _places(senses: Sequence[Sense], weighed: Sequence[Weighed]) -> tuple[Place, ...]:
    """Return one place for all senses decided alike; what is undecided of a name is one, a bare name with the first stated one."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, (sense, found) in enumerate(zip(senses, weighed, strict=True)):
        alike = (n for n, other in enumerate(senses) if other.key == sense.key and other.stated and weighed[n].known is None)
        home = number if sense.stated else next(alike, -1)
        groups[(found.known.id, 0) if found.known else (sense.key, home)].append(number)
    places = []
    for group in groups.values():
        first = weighed[group[0]]
        members = sorted(number for sense in group for number in senses[sense].mentions)
        places.append(Place(tuple(members), first.known, () if first.known else first.candidates))
    return tuple(sorted(places, key=lambda place: place.mentions))
