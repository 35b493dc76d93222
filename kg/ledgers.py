"""What follows from a collection when its statements and figures are laid side by side, each finding with its evidence.

Figures of one quantity over time, where an update is told from a conflict; shares against their base; accusations and who denied them,
was silent or was not heard; one quotation in several articles. Nothing here says what is true: a conflict is between claims.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations, pairwise
from math import inf

from kg.extract.quantities import Sort
from kg.extract.quantities import quantity as measured
from kg.records import Collection, Entity, Extraction, Figure, Statement
from kg.records import Kind as EntityKind
from kg.vocab import slug

SPREAD = {"about": 0.1, "some": 0.1, "nearly": 0.1}
"""How far an estimate may be off, as a share of it."""
ROUNDED = 0.005
ONE_ORDER = 3.0
"""Within which factor a count of those affected is set against a count of those who live there: then it likely is the same people."""
MANY = 60
"""From so many claims of a quantity on only neighbours are compared."""
DENIALS = frozenset({"deny", "reject", "refuse-comment"})
VERBATIM, REWORDED, OVERLAP = 0.92, 0.90, 0.3
"""Likeness of the letters of one quotation twice; of the meaning of one in other words, and the share of words it still has in common."""
_DATE = re.compile(r"(?<![\dX-])\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?(?!-)(?!\d)")
"""A day, month or year in EDTF; of an interval the last one counts. Seasons (2020-22) and centuries are none."""
SHORTEST = 4
"""Words that two quotations must have to be compared: "No comment" is said by everybody."""

Alike = Callable[[str, str], float]
"""How alike two texts are in meaning, in [0, 1]."""


class Kind(StrEnum):
    """What was found."""

    UPDATE = "update"
    AGREEMENT = "agreement"
    CONFLICT = "conflict"
    SHARE_FITS = "share-fits"
    SHARE_DIFFERS = "share-differs"
    DENIAL = "denial"
    NO_ANSWER = "no-answer"
    NOT_HEARD = "not-heard"
    SAME_WORDS = "same-words"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """What a finding rests on: the figure or statement with this index in the document with this key."""

    sort: str
    document: str
    number: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """What several figures measure.

    Attributes:
        slug: Last part of its IRI.
        label: For reading: ``people who fled from X to Y``.
        cumulative: It can only grow.
        figures: Its figures, by time told, then value, then document and place.
        places: Paths of the places with how they relate: ``from``, ``in``, ``to``.
    """

    slug: str
    label: str
    cumulative: bool
    unit: str
    figures: tuple[Evidence, ...]
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that follows, with its evidence.

    Attributes:
        evidence: The later figure, the answer or the later document first; what it is set against second.
        about: Slug of the quantity, or path of the actor who is accused or quoted.
        rule: Why.
        score: Of likeness, in [0, 1]; 1 where nothing is weighed.
        note: In words, for people.
    """

    kind: Kind
    evidence: tuple[Evidence, ...]
    about: str
    rule: str
    score: float
    note: str


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Quantities by slug, findings by kind and evidence."""

    quantities: tuple[Quantity, ...]
    findings: tuple[Finding, ...]


def ledgers(collection: Collection, alike: Alike | None = None) -> Ledgers:
    """Return what follows from a collection; the same whatever the order of its documents.

    Args:
        collection: Resolved documents.
        alike: Compares meanings, for quotations told in other words; without it only those told in the same are found.
    """
    book = _Book(collection)
    quantities = tuple(_quantities(book))
    found = [
        *(finding for quantity in quantities for finding in _counts(book, quantity)),
        *_shares(book),
        *_answers(book),
        *_repeated(book, alike),
    ]
    return Ledgers(quantities, tuple(sorted(found, key=lambda f: (f.kind, f.evidence, f.about))))


class _Book:
    """A collection with its statements and figures at hand."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.extractions = {e.document.key: e for e in collection.extractions}
        self.voices = _voices(collection.entities)

    def figure(self, at: Evidence) -> Figure:
        return self.extractions[at.document].figures[at.number]

    def statement(self, at: Evidence) -> Statement:
        return self.extractions[at.document].statements[at.number]

    def figures(self) -> Iterator[tuple[Evidence, Extraction, Figure]]:
        for key, extraction in self.extractions.items():
            for number, figure in enumerate(extraction.figures):
                yield Evidence("figure", key, number), extraction, figure

    def statements(self) -> Iterator[tuple[Evidence, Statement]]:
        for key, extraction in self.extractions.items():
            for number, said in enumerate(extraction.statements):
                yield Evidence("statement", key, number), said

    def claimant(self, at: Evidence) -> Entity | None:
        """Return who claims a figure: the speaker of the innermost statement around it; ``None`` for the article itself."""
        figure = self.figure(at)
        return None if figure.statement is None else self.speaker(Evidence("statement", at.document, figure.statement))

    def speaker(self, at: Evidence) -> Entity | None:
        return self.collection.entity_of(at.document, self.statement(at).speaker)

    def target(self, at: Evidence) -> Entity | None:
        return self.collection.entity_of(at.document, self.statement(at).target)

    def when(self, at: Evidence) -> str:
        """Return the day, month or year as of which a figure holds (ISO 8601): as the text says, else when it was said or published."""
        extraction, figure = self.extractions[at.document], self.figure(at)
        told = extraction.times[figure.as_of].value if figure.as_of is not None else ""
        said = extraction.statements[figure.statement].date if figure.statement is not None else None
        return next((found[-1] for day in (told, said or "", extraction.document.date or "") if (found := _DATE.findall(day))), "")

    def words(self, at: Evidence) -> str:
        text = self.extractions[at.document].document.text
        return " ".join(" ".join(span.of(text) for span in self.statement(at).content).split())

    def name(self, at: Evidence) -> str:
        who = self.claimant(at) if at.sort == "figure" else self.speaker(at)
        return who.name if who else f"article {self.extractions[at.document].document.id}"


def _voices(entities: Sequence[Entity]) -> dict[str, set[str]]:
    """Return path of an actor → paths of everybody who speaks for it, itself included."""
    by_slug = {entity.slug: entity for entity in entities if entity.kind is not EntityKind.PLACE}
    found: dict[str, set[str]] = defaultdict(set)
    for entity in entities:
        at: Entity | None = entity
        while at is not None and entity.path not in found[at.path]:
            found[at.path].add(entity.path)
            at = by_slug.get(at.acts_for) if at.acts_for else None
    return found


# ---------------------------------------------------------------- figures


def _quantities(book: _Book) -> Iterator[Quantity]:
    """Yield what the figures of the collection measure; one told with fewer places joins the only one that has all of them and more."""
    found: dict[tuple[str, str, str], dict[frozenset[tuple[str, str]], list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    sorts: dict[str, Sort] = {}
    for at, extraction, figure in book.figures():
        what = measured(figure, extraction.chains)
        if what is None or _number(figure) is None:
            continue
        paths = {(relation, book.collection.entities[book.collection.refers[at.document, chain]].path) for relation, chain in what.places}
        sorts[what.sort.name] = what.sort
        found[what.sort.name, what.noun, what.unit][frozenset(paths)].append(at)
    whole = {what: _merged(groups) for what, groups in sorted(found.items())}
    for (name, noun, unit), groups in sorted(whole.items(), key=lambda row: (not sorts[row[0][0]].broader, row[0])):  # the narrower first
        wider = whole.get((sorts[name].broader, noun, unit), {}) if sorts[name].broader else {}
        for places, members in sorted(groups.items(), key=lambda row: sorted(row[0])):
            if places in wider and _of_one_order(book, members, wider[places]):
                wider[places] += members
            else:
                yield _quantity(book, sorts[name], noun, unit, places, members)


def _of_one_order(book: _Book, few: Sequence[Evidence], many: Sequence[Evidence]) -> bool:
    """Tell whether every count of the few is of one order of size with some count of the many."""
    numbers = [_number(book.figure(at)) or 0.0 for at in many]
    return all(
        any(0 < n <= ONE_ORDER * (m or 0.0) and (m or 0.0) <= ONE_ORDER * n for n in numbers)
        for m in (_number(book.figure(a)) for a in few)
    )


def _merged(groups: Mapping[frozenset[tuple[str, str]], list[Evidence]]) -> dict[frozenset[tuple[str, str]], list[Evidence]]:
    """Join the figures told with fewer places to those of the only wider telling; without any place they stay alone."""
    kept = {places: list(members) for places, members in groups.items()}
    for places in sorted(groups, key=lambda places: (len(places), sorted(places))):
        wider = [other for other in kept if places < other and places]
        largest = [other for other in wider if not any(other < more for more in wider)]
        if len(largest) == 1:
            kept[largest[0]] += kept.pop(places)
    return kept


def _quantity(book: _Book, sort: Sort, noun: str, unit: str, places: frozenset[tuple[str, str]], members: Sequence[Evidence]) -> Quantity:
    names = {entity.path: entity.name for entity in book.collection.entities}
    order = sorted(places, key=lambda place: (("from", "in", "to").index(place[0]) if place[0] in ("from", "in", "to") else 3, place[1]))
    where = "".join(f" {relation} {names[path]}" for relation, path in order)
    share = "share of " if unit == "percent" else ""
    label = f"{share}{noun or unit} {sort.words}{where}"
    ordered = sorted(members, key=lambda at: (book.when(at), _number(book.figure(at)) or 0.0, at))
    return Quantity(slug(f"{label} {unit}"), label, sort.cumulative, unit, tuple(ordered), tuple(order))


def _number(figure: Figure) -> float | None:
    return figure.value if figure.value is not None else figure.low if figure.low is not None else figure.high


def _range(figure: Figure) -> tuple[float, float]:
    """Return between which numbers a figure says that something lies."""
    if figure.value is None:
        return figure.low if figure.low is not None else 0.0, figure.high if figure.high is not None else inf
    off = SPREAD.get(figure.modifier, ROUNDED) * figure.value
    if figure.modifier in ("more than", "at least", "over"):
        return figure.value - ROUNDED * figure.value, inf
    if figure.modifier in ("less than", "at most"):
        return 0.0, figure.value + ROUNDED * figure.value
    return figure.value - off, figure.value + off


def _fit(one: Figure, other: Figure) -> bool:
    (low, high), (other_low, other_high) = _range(one), _range(other)
    return low <= other_high and other_low <= high


def _counts(book: _Book, quantity: Quantity) -> Iterator[Finding]:
    """Yield how the figures of a quantity stand to each other."""
    if not quantity.places:  # of what happened nowhere in particular two articles tell two things
        return
    told = [at for at in quantity.figures if _is_claim(book.figure(at))]
    by_value = sorted(told, key=lambda at: (_number(book.figure(at)) or 0.0, book.when(at), at))
    every = quantity.cumulative or len(by_value) > MANY
    for one, other in pairwise(by_value) if every else combinations(by_value, 2):
        kind, rule = _compared(book, quantity, one, other)
        if kind is not None:
            lower, higher = (_told(book, at) for at in (one, other))
            note = f"{quantity.label}: {lower} and {higher}" if kind is not Kind.UPDATE else f"{quantity.label}: {lower}, then {higher}"
            yield Finding(kind, (other, one), quantity.slug, rule, 1.0, note)


def _is_claim(figure: Figure) -> bool:
    """Tell whether a figure says how many there are or were: not ``thousands``, not ``another 300``, not how many there could be."""
    return figure.value is not None and not figure.projected and not figure.additional


def _compared(book: _Book, quantity: Quantity, one: Evidence, other: Evidence) -> tuple[Kind | None, str]:
    """Return how the higher of two figures stands to the lower."""
    lower, higher, before, after = book.figure(one), book.figure(other), book.when(one), book.when(other)
    same_voice = book.claimant(one) == book.claimant(other) and (book.claimant(one) is not None or one.document == other.document)
    if _number(lower) == _number(higher) or (_fit(lower, higher) and not quantity.cumulative):
        return (None, "") if same_voice else (Kind.AGREEMENT, "they can both hold")
    if quantity.cumulative:
        if before and after and after[: len(before)] < before[: len(after)]:
            return Kind.CONFLICT, "a count that can only grow was higher before"
        if before and after and before == after and not same_voice and not _fit(lower, higher):
            return Kind.CONFLICT, "two counts of one day"
        return (
            Kind.UPDATE,
            "it can only grow, and the times do not speak against it" if before and after else "it can only grow; no time is told",
        )
    if same_voice:
        return Kind.UPDATE, "one voice at two times" if before != after else "one voice, two figures"
    return Kind.CONFLICT, "they cannot both hold"


def _told(book: _Book, at: Evidence) -> str:
    """Return a figure in words: ``84,770 (Ana Reyes, 2023-09-29)``."""
    figure = book.figure(at)
    modifier = "" if figure.modifier == "exact" else f"{figure.modifier} "
    return f"{modifier}{_number(figure):,g} ({', '.join(filter(None, (book.name(at), book.when(at))))})"


def _shares(book: _Book) -> Iterator[Finding]:
    """Yield whether shares fit what they are shares of, where the same statement counts what the share restates."""
    for at, extraction, figure in book.figures():
        if figure.unit != "percent" or figure.base is None or figure.value is None:
            continue
        base = extraction.figures[figure.base]
        counted = [
            (number, other)
            for number, other in enumerate(extraction.figures)
            if other.statement == figure.statement
            and other.unit == base.unit
            and number != figure.base
            and other.span.start < figure.span.start
        ]
        if not counted or not _number(base) or base.value is None:
            continue
        number, part = counted[-1]
        low, high = (100 * bound / base.value for bound in _range(part))
        wanted_low, wanted_high = _range(figure)
        fits = low <= wanted_high and wanted_low <= high
        share = 100 * (_number(part) or 0.0) / base.value
        note = f"{_number(part):,g} of {base.value:,g} are {share:.1f} %; stated: {figure.modifier} {figure.value:g} %"
        evidence = (at, Evidence("figure", at.document, number), Evidence("figure", at.document, figure.base))
        yield Finding(Kind.SHARE_FITS if fits else Kind.SHARE_DIFFERS, evidence, "", "arithmetic", 1.0, note)


# ---------------------------------------------------------------- accusations


def _answers(book: _Book) -> Iterator[Finding]:
    """Yield for each accusation the denials of the accused or of those who speak for them, or that there is none."""
    said_by: dict[str, list[Evidence]] = defaultdict(list)
    for at, _ in book.statements():
        if (who := book.speaker(at)) is not None:
            said_by[who.path].append(at)
    for at, said in book.statements():
        accused = book.target(at) if said.act == "accuse" else None
        if accused is None:
            continue
        heard = [other for path in sorted(book.voices[accused.path]) for other in said_by[path]]
        denials = [other for other in heard if book.statement(other).act in DENIALS and _on_the_same(book, at, other)]
        for denial in sorted(denials):
            yield Finding(
                Kind.DENIAL,
                (denial, at),
                accused.path,
                "the accused or somebody for them",
                1.0,
                f"{book.name(denial)}: {book.words(denial)}",
            )
        if not denials:
            kind = Kind.NO_ANSWER if any(other.document == at.document for other in heard) else Kind.NOT_HEARD
            rule = "speaks in this article and does not deny it" if kind is Kind.NO_ANSWER else "is not quoted in this article"
            yield Finding(kind, (at,), accused.path, rule, 1.0, f"{book.name(at)} accuses {accused.name}: {book.words(at)}")


def _on_the_same(book: _Book, accusation: Evidence, denial: Evidence) -> bool:
    """Tell whether a denial is of this accusation: in its article, or in words that it has too."""
    if accusation.document == denial.document:
        return True
    return bool(_words(book.words(accusation)) & _words(book.words(denial)))


# ---------------------------------------------------------------- quotations


def _words(text: str) -> set[str]:
    """Return the words of a text that say something: longer ones, in small letters."""
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 4}


def _repeated(book: _Book, alike: Alike | None) -> Iterator[Finding]:
    """Yield the statements of one speaker that several articles have, in the same words or in others, with what differs."""
    by_speaker: dict[str, list[Evidence]] = defaultdict(list)
    for at, _ in book.statements():
        if (who := book.speaker(at)) is not None and not who.unnamed and len(book.words(at).split()) >= SHORTEST:
            by_speaker[who.path].append(at)
    for path, said in sorted(by_speaker.items()):
        for one, other in _candidates(book, said):
            left, right = book.words(one), book.words(other)
            letters = SequenceMatcher(None, left.lower(), right.lower(), autojunk=False).ratio()
            if letters >= VERBATIM or _holds(left, right):
                yield Finding(
                    Kind.SAME_WORDS, (other, one), path, "the same words", round(max(letters, VERBATIM), 4), _difference(left, right)
                )
            elif alike is not None and (meaning := alike(left, right)) >= REWORDED:
                yield Finding(Kind.REWORDED, (other, one), path, "the same in other words", round(meaning, 4), _difference(left, right))


def _candidates(book: _Book, said: Sequence[Evidence]) -> Iterator[tuple[Evidence, Evidence]]:
    """Yield pairs of statements of different articles that share enough words, by an index of words."""
    words = {at: _words(book.words(at)) for at in said}
    having: dict[str, list[Evidence]] = defaultdict(list)
    for at in said:
        for word in words[at]:
            having[word].append(at)
    pairs = {(min(a, b), max(a, b)) for members in having.values() if len(members) <= MANY for a, b in combinations(members, 2)}
    for one, other in sorted(pairs):
        if one.document != other.document and len(words[one] & words[other]) >= OVERLAP * min(len(words[one]), len(words[other])):
            yield one, other


def _holds(one: str, other: str) -> bool:
    """Tell whether the shorter of two texts stands in the longer, letters alone."""
    few, many = sorted((" ".join(re.findall(r"\w+", text.lower())) for text in (one, other)), key=len)
    return few in many


def _difference(one: str, other: str) -> str:
    """Return what two texts do not share: ``-words of the first -``, ``+words of the second+``; empty where nothing differs."""
    left, right = one.split(), other.split()
    parts = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            parts += [f"-{' '.join(left[a:b])}-"] * (b > a) + [f"+{' '.join(right[c:d])}+"] * (d > c)
    return " ".join(parts)
