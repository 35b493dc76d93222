"""The frozen records that travel through the house.

Three families, in the order in which data walks:

    read      Span Zone Document
    extracted Mention Role Chain Voice Statement Time Figure Doubt Extraction      one document, depends on nothing else
    resolved  Entity Side Decision Correction Original Collection the whole collection
    told      Article Actor Appearance Said Claim Finding Quantity Overview  what a graph says when it is read back

Offsets are Unicode code points into ``Document.text``, half open. Tuples are ordered as the text is.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType


class Kind(StrEnum):
    """What a name names. ``GOVERNMENT`` is never a mention's kind, only an actor's."""

    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"
    GROUP = "group"
    GOVERNMENT = "government"


class ZoneKind(StrEnum):
    """A stretch of text that is not the article's running body."""

    HEADER = "header"
    DATELINE = "dateline"
    CAPTION = "caption"
    CREDIT = "credit"
    TEASER = "teaser"
    BOILERPLATE = "boilerplate"


class Type(StrEnum):
    """How words are given: all in quotation marks, none, or some."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Class(StrEnum):
    """What is attributed: a proposition, an attitude, or an undertaking (FORMAT: ``class``)."""

    REPORT = "report"
    STANCE = "stance"
    ACT = "act"


class Outcome(StrEnum):
    """What was decided about two names."""

    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    REJECTED = "rejected"


# ---------------------------------------------------------------- read


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range ``[start, end)`` of code points in ``Document.text``.

    Raises:
        ValueError: The range is empty, backward or starts before the text.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"empty or backward span [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that this span covers."""
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        """Tell whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Tell whether the two spans share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch that is not body, and what it is."""

    span: Span
    kind: ZoneKind


@lru_cache(64)
def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it was read; ``text`` is never edited afterwards.

    Attributes:
        id: Name of the source: the file's stem or the record's ``id``.
        text: The decoded characters, nothing stripped.
        date: Publication date, ISO 8601, where the source states one; never invented.
        author: Who wrote it, as its source states it: one name or several in one text.
        language: BCP 47 tag.
        zones: What is not body, in text order, without overlap.
    """

    id: str
    text: str
    title: str | None = None
    date: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    language: str = "en"
    zones: tuple[Zone, ...] = ()

    @property
    def sha256(self) -> str:
        """Hex digest of the text in UTF-8, which for a UTF-8 file is the digest of its bytes."""
        return _digest(self.text)

    @property
    def key(self) -> str:
        """First sixteen digits of ``sha256``: what the document's IRIs are made of."""
        return self.sha256[:16]

    def zone_at(self, span: Span) -> ZoneKind | None:
        """Return the kind of the zone that ``span`` starts in, ``None`` for the body."""
        number = bisect_right(self.zones, span.start, key=lambda zone: zone.span.start) - 1
        return self.zones[number].kind if number >= 0 and span.start < self.zones[number].span.end else None


# ---------------------------------------------------------------- extracted


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of a person, organisation, place or group where it stands.

    Attributes:
        name: The name without titles, articles or a possessive ending.
        rule: How the kind was found: ``model`` or the repair that set it.
        zone: The zone it stands in, ``None`` for the body.
        metonym: It stands for the government of the place it names.
    """

    span: Span
    kind: Kind
    name: str
    rule: str
    zone: ZoneKind | None = None
    metonym: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What a text says that somebody is: a title or an apposition.

    Attributes:
        text: As worded, white space folded (``Prime Minister``, ``head of the Regional Studies Center``).
        span: Where it stands.
        of: The body, government or person that it belongs to, where its words name one.
    """

    text: str
    span: Span
    of: "Voice | None" = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The mentions of one document that name one thing.

    Attributes:
        name: The fullest of the mentions' names; ties go to the first.
        mentions: Indexes into ``Extraction.mentions``, ascending.
        roles: Titles and appositions, one a wording.
        country: ISO 3166-1 alpha-2 code that a title, possessor or place list gives.
        acronyms: Short forms that the text itself teaches: ``Long Form (ACRONYM)``.
        known: Identifier of the one gazetteer entry it can only be, else ``None``.
        candidates: Identifiers of the gazetteer entries that it could be where nothing decides, the likeliest first.
        gender: ``m`` or ``f`` where a title tells (Ms., spokesman); never from a first name, nor from "his", which is misread too often.
        credited: Every mention stands in a credit line: the maker of a picture, never a speaker.
    """

    kind: Kind
    name: str
    mentions: tuple[int, ...]
    roles: tuple[Role, ...] = ()
    country: str | None = None
    acronyms: tuple[str, ...] = ()
    known: str | None = None
    candidates: tuple[str, ...] = ()
    gender: str | None = None
    credited: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """Who is meant, inside one document: exactly one of a chain, a government, or words for somebody unnamed.

    Attributes:
        chain: Index into ``Extraction.chains``.
        government: ISO 3166-1 alpha-2 code of the country whose government is meant.
        unnamed: The describing words, where nobody is named.
        rule: How this was found (``name``, ``pronoun``, ``description`` ...).
        certain: ``False`` where a careful reader could decide otherwise.
    """

    rule: str
    chain: int | None = None
    government: str | None = None
    unnamed: str | None = None
    certain: bool = True

    def __post_init__(self) -> None:
        if sum(x is not None for x in (self.chain, self.government, self.unnamed)) != 1:
            raise ValueError("a voice is one chain, one government or one unnamed description")


UNNAMED = "unnamed: "
"""What marks a description where a name would stand."""


def voice_name(voice: Voice) -> str:
    """Return a voice's government code, or its description marked as one; what ``Collection.voices`` is keyed by."""
    return voice.government or f"{UNNAMED}{voice.unnamed}"


@dataclass(frozen=True, slots=True)
class Statement:
    """Words or a position that the article attributes to somebody.

    Attributes:
        type: Direct, indirect or mixed.
        content: What was said; outer quotation marks left out. Several spans where the cue splits it.
        cue: The words that attribute it; empty for a quotation without a cue.
        source: The noun phrase that speaks, as it stands; empty where the text gives none.
        lemma: Lemma of the cue's head word, lower case; empty without a cue.
        act: Name of a speech act in ``ontology/acts.ttl``.
        kind: Report, stance or act.
        rule: The construction that found it.
        confidence: In [0, 1].
        speaker: Who speaks; ``None`` where the text does not decide (then there is a ``Doubt``).
        on_behalf_of: For whom the speaker speaks.
        role: The speaker's role as this source words it.
        addressee: To whom.
        target: Whom an accusation, criticism, call or warning is aimed at.
        charge: What the target is accused of.
        place: Chain of the place where it was said.
        date: ISO date on which it was said, where the text states it.
        date_status: ``stated``, ``derived``, ``unresolved`` (a day is told, its year is not) or ``notStated``.
        insertions: Bracketed words of an editor inside the content.
        about: Chains that the content mentions, ascending.
        nested_in: Index of the statement whose content holds this one.
        interpreted: The act is the reporter's reading ("in an apparent rejection of").
    """

    type: Type
    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    lemma: str
    act: str
    kind: Class
    rule: str
    confidence: float
    speaker: Voice | None = None
    on_behalf_of: Voice | None = None
    role: str | None = None
    addressee: Voice | None = None
    target: Voice | None = None
    charge: Span | None = None
    place: int | None = None
    date: str | None = None
    date_status: str = "notStated"
    insertions: tuple[Span, ...] = ()
    about: tuple[int, ...] = ()
    nested_in: int | None = None
    interpreted: bool = False


class TimeKind(StrEnum):
    """How much time an expression tells."""

    MOMENT = "moment"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    INTERVAL = "interval"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Time:
    """A time as a text tells it.

    Attributes:
        span: The words that tell it.
        kind: Its granularity; a duration is never a date.
        value: In the spelling of EDTF level 1 (ISO 8601-2): ``2023-09-29``, ``2023-09``, ``2023``, ``2023-09-25/2023-10-01``, ``2020/..``,
            ``2023-09-29T06:00+04:00``; ``XXXX-09-29`` where nothing tells the year; ``P30Y`` for a duration; empty where nothing tells it.
        status: ``stated`` (the words tell all of it), ``derived`` (with the date in ``basis``) or ``unresolved``.
        basis: What it was derived from: ``published`` (the date of the document) or ``collection``; else empty.
    """

    span: Span
    kind: TimeKind
    value: str
    status: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the text tells of something.

    Attributes:
        span: The number with its scale word and currency, without its modifier: ``$11.5 million``, ``two-thirds``.
        value: The number; for percent and fractions of something in per cent. ``None`` for vague ones (``tens of thousands``) and ranges.
        low, high: Bounds, where the text tells a range, a bound (``at least``) or a vague number; both ends belong to it.
        unit: ``people``, ``percent``, an ISO 4217 code, or the noun that is counted, singular.
        modifier: ``exact``, ``about``, ``some``, ``more than``, ``at least``, ``over``, ``less than``, ``at most``, ``nearly``.
        what: The words that say what is counted, without the number; the noun phrase and its relative clause or verb phrase.
        noun: Lemma of what is counted (``person``, ``inhabitant``); ``""`` where nothing says it.
        verb: Lemma of the verb that the counted do or suffer (``enter``, ``flee``, ``kill``); ``""`` without one.
        places: (relation, chain) of the places that say where: ``in``, ``from``, ``to``, ``of``; sorted.
        as_of: Index into ``Extraction.times`` of the time as of which it holds, where the text states one.
        statement: Index of the innermost statement whose content holds it; ``None`` for the article's own voice.
        base: Index into ``Extraction.figures`` of what a share is a share of.
        projected: It is possible, expected or planned, not told to have happened.
        additional: It is added to another count: ``another 300``.
    """

    span: Span
    value: float | None
    unit: str
    modifier: str
    what: tuple[Span, ...] = ()
    low: float | None = None
    high: float | None = None
    noun: str = ""
    verb: str = ""
    places: tuple[tuple[str, int], ...] = ()
    as_of: int | None = None
    statement: int | None = None
    base: int | None = None
    projected: bool = False
    additional: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that was seen and not decided, with the reason."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one document; depends on that document alone."""

    document: Document
    mentions: tuple[Mention, ...]
    chains: tuple[Chain, ...]
    statements: tuple[Statement, ...]
    doubts: tuple[Doubt, ...]
    times: tuple[Time, ...] = ()
    figures: tuple[Figure, ...] = ()


# ---------------------------------------------------------------- resolved


@dataclass(frozen=True, slots=True)
class Entity:
    """One actor or place of the collection.

    Attributes:
        slug: Last part of its IRI, unique among actors or among places.
        name: Preferred label.
        feature: What a place is where that is known: ``country``, ``territory``, ``region``, ``city`` ...
        aliases: Other names that texts or authority files use, sorted.
        country: ISO 3166-1 alpha-2 code.
        geonames: GeoNames id; ``wikidata``: Wikidata id. Only where certain.
        acts_for: Slug of the actor it speaks for.
        roles: Roles as worded in the texts, sorted.
        unnamed: Nobody is named: a description such as ``doctors at the scene``.
        source: Where the identity comes from: ``text``, ``gazetteer`` or an authority file's name.
        authority: IRI of the authority file's concept for it.
        close: External ids (``geonames:2761369``) that it may have, the likeliest first; none of them is stated as its own.
    """

    slug: str
    kind: Kind
    name: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    geonames: str | None = None
    wikidata: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    acts_for: str | None = None
    roles: tuple[str, ...] = ()
    unnamed: bool = False
    source: str = "text"
    feature: str = ""
    authority: str | None = None
    close: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return the end of its IRI: ``place/{slug}`` for a place, ``actor/{slug}`` for everything else."""
        return f"{'place' if self.kind is Kind.PLACE else 'actor'}/{self.slug}"


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """One of the two things that a decision compares: a name in a document, or an entry of a gazetteer or service.

    Attributes:
        name: As the document or the entry has it.
        document: Key of the document; empty for an entry.
        start, end: Where the name first stands in the document; 0 and 0 for an entry.
        entry: ``geonames:2761369``, ``wikidata:Q1741`` or an IRI; empty for a name in a document.
    """

    name: str
    document: str = ""
    start: int = 0
    end: int = 0
    entry: str = ""

    def __str__(self) -> str:
        """Return it for reading: ``Ana Reyes @7112da30854ce4aa``, ``Vienna [geonames:2761369]``."""
        return f"{self.name} @{self.document}" if self.document else f"{self.name} [{self.entry}]"


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """Why two names are, may be, or are not one entity.

    Attributes:
        rule: Name of the rule; ``score`` in [0, 1].
        entities: ``Entity.path`` of both sides: equal where they are one; empty for an entry.
        features: What was weighed, name and value, sorted by name; where a rule of ours weighed it, they add up to the score.
        by: Who decided, where a person did; ``at``: when, as ISO 8601.
    """

    left: Side
    right: Side
    outcome: Outcome
    rule: str
    score: float
    entities: tuple[str, str] = ("", "")
    features: tuple[tuple[str, float], ...] = ()
    by: str = ""
    at: str = ""


class Answer(StrEnum):
    """What a person can say about a name; ``OFFER`` is what a service suggests and no person has judged."""

    SAME = "same"
    DIFFERENT = "different"
    KIND = "kind"
    LINK = "link"
    SPEAKER = "speaker"
    OFFER = "offer"


OFFERED = "offered"
"""The rule of a decision that only repeats what a service suggests."""


@dataclass(frozen=True, slots=True, order=True)
class Correction:
    """What a person decided or a service offered; it outlives every build and is never deleted, only taken back.

    Attributes:
        left: The name it is about; for ``SPEAKER`` the first characters of the statement's content.
        right: The other name, for ``SAME`` and ``DIFFERENT``; the service's entry, for ``OFFER``.
        value: The kind, the external id or IRI, the speaker's name as the document has it, or what an offer weighs
            (``name=0.97 service=98 match=1``).
        by: Who said so; ``at``: when, as ISO 8601.
        taken_back_by: Who took it back; ``taken_back_at``: when.
    """

    answer: Answer
    left: Side
    right: Side | None
    value: str
    by: str
    at: str
    taken_back_by: str = ""
    taken_back_at: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether nobody took it back."""
        return not self.taken_back_at


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier document that a document prints, whole or cut, and what of it stands there in the same words.

    Attributes:
        extraction: The earlier document as the collection has it.
        share: How much of the shorter of the two stands in the other, in [0, 1].
        statements: Index of a statement of the copy → index of the one that it repeats.
        figures: The same of figures.
    """

    extraction: Extraction
    share: float
    statements: Mapping[int, int]
    figures: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents with their entities.

    Attributes:
        extractions: Sorted by document key.
        entities: Sorted by kind and slug.
        decisions: Sorted.
        refers: ``(document key, chain index)`` → position in ``entities``.
        voices: ``(document key, government code or unnamed words)`` → position in ``entities``.
        originals: Document key → what it is a copy of, the earliest first; nothing for others.
    """

    extractions: tuple[Extraction, ...]
    entities: tuple[Entity, ...]
    decisions: tuple[Decision, ...]
    refers: Mapping[tuple[str, int], int] = field(default_factory=lambda: MappingProxyType({}))
    voices: Mapping[tuple[str, str], int] = field(default_factory=lambda: MappingProxyType({}))
    originals: Mapping[str, tuple[Original, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def originals_of(self, key: str) -> tuple[Original, ...]:
        """Return what the document ``key`` is a copy of, the earliest first."""
        return self.originals.get(key, ())

    def repeated(self, key: str) -> frozenset[int]:
        """Return the indexes of the statements of the document ``key`` that are its originals'."""
        return frozenset(at for original in self.originals_of(key) for at in original.statements)

    def entity_of(self, key: str, voice: Voice | None) -> Entity | None:
        """Return the entity behind a voice of the document ``key``, ``None`` for no voice."""
        if voice is None:
            return None
        if voice.chain is not None:
            return self.entities[self.refers[key, voice.chain]]
        return self.entities[self.voices[key, voice_name(voice)]]


# ---------------------------------------------------------------- told


@dataclass(frozen=True, slots=True)
class Article:
    """A document of a graph, with the text kept beside it; ``copy_of``: IRIs of the articles that it prints."""

    iri: str
    key: str
    id: str
    text: str
    title: str | None = None
    date: str | None = None
    url: str | None = None
    publisher: str | None = None
    language: str = "en"
    copy_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor or place of a graph; ``mentions`` counts where texts name it, 0 where nobody counted."""

    iri: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    acts_for: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    links: tuple[str, ...] = ()
    unnamed: bool = False
    mentions: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Appearance:
    """Where else a statement stands: the IRI of an article that is a copy, and characters there."""

    article: str
    span: Span


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a graph; IRIs where it points at actors, places, articles and statements.

    Attributes:
        answers: The accusations that it denies.
        appearances: Where its words stand in other articles; several in one where a cue splits them.
    """

    iri: str
    article: str
    type: str
    act: str
    kind: str
    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    confidence: float
    speaker: str | None = None
    on_behalf_of: str | None = None
    role: str | None = None
    addressee: str | None = None
    target: str | None = None
    place: str | None = None
    date: str | None = None
    date_status: str = "notStated"
    about: tuple[str, ...] = ()
    nested_in: str | None = None
    interpreted: bool = False
    answers: tuple[str, ...] = ()
    appearances: tuple[Appearance, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a graph.

    Attributes:
        value, low, high, unit, modifier: As in ``Figure``.
        statement: IRI of the innermost statement that holds it; ``None`` where the article says it in its own voice.
        as_of: As of when it holds, in EDTF; empty where nothing tells.
        basis: What tells it: ``text``, ``said`` (the day of the statement), ``published`` (the day of the article) or nothing.
    """

    iri: str
    article: str
    span: Span
    modifier: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    statement: str | None = None
    as_of: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """How figures of one quantity stand to each other.

    Attributes:
        kind: A value of ``kg:finding``: ``update``, ``agreement`` or ``conflict``.
        evidence: IRIs of the figures, the later one first where the graph says which.
        note: In words, for people.
    """

    kind: str
    evidence: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """What several figures measure.

    Attributes:
        cumulative: It can only grow.
        claims: Sorted by IRI.
        findings: Those of which it holds all the evidence, sorted.
    """

    iri: str
    label: str
    unit: str
    cumulative: bool
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """All articles, actors and statements of a graph, each sorted by IRI (statements by article and offset).

    Attributes:
        quantities: Those with a figure, sorted by IRI; empty where they were not read.
    """

    articles: tuple[Article, ...]
    actors: tuple[Actor, ...]
    statements: tuple[Said, ...]
    quantities: tuple[Quantity, ...] = ()
