"""What one document tells the ledgers: its statements and counted figures with those who speak by name, nothing else of the collection."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from kg.extract.quantities import quantity as measured
from kg.ledgers.judging import Amount, share
from kg.ledgers.records import Evidence, Finding
from kg.records import Entity, Extraction, Figure, Original, Voice

_DATE = re.compile(r"(?<![\dX-])\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?(?!-)(?!\d)")
"""A day, month or year in EDTF; of an interval the last one counts. Seasons (2020-22) and centuries are none."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A statement.

    Attributes:
        words: What was said, white space folded.
        name: Who speaks, for reading; the article where the text does not decide.
        speaker, target: Paths of the actors; ``accused`` is the target's name.
        unnamed: The speaker is described, not named.
    """

    at: Evidence
    act: str
    words: str
    name: str
    speaker: str | None = None
    unnamed: bool = False
    target: str | None = None
    accused: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that measures something, with its quantity.

    Attributes:
        claim: It says how many there are or were: not ``thousands``, not ``another 300``, not how many there could be.
        name: Who claims it, for reading; the article where no statement holds it.
        voice: Path of the speaker of the innermost statement around it; for an article's own voice its origin.
        when: Day, month or year as of which it holds (ISO 8601): as the text says, else when it was said or published; or empty.
        sort: Name of the quantity's class.
        places: (relation, path, name), sorted.
    """

    at: Evidence
    amount: Amount
    claim: bool
    name: str
    voice: str
    when: str
    sort: str
    noun: str
    unit: str
    places: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything of one resolved document that ledgers need; two that are equal change nothing.

    Attributes:
        document: Its key.
        statements, figures: Those of its own; what a copy repeats is told by its original.
        heard: Paths of the actors who speak in it, in whoever's words, sorted.
        origin: Key of the document that it prints, else its own: what has one origin says nothing twice.
        shares: What follows from this document alone: whether its shares fit what they are shares of.
    """

    document: str
    statements: tuple[Saying, ...]
    figures: tuple[Counted, ...]
    shares: tuple[Finding, ...]
    heard: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Paths:
    """The ends of the IRIs of a document's statements and figures, in their order."""

    statements: Sequence[str]
    figures: Sequence[str]


def told(
    extraction: Extraction,
    entity: Callable[[Voice | None], Entity | None],
    place: Callable[[int], Entity],
    paths: Paths | None = None,
    originals: Iterable[Original] = (),
) -> Told:
    """Return what a resolved document tells.

    Args:
        extraction: The document.
        entity: Who is behind a voice of it.
        place: The entity of a chain, by its index.
        paths: What its statements and figures are called where somebody asks for them.
        originals: What it is a copy of.
    """
    known = tuple(originals)
    repeated, restated = ({at for of in known for at in pairs(of)} for pairs in (attrgetter("statements"), attrgetter("figures")))
    key = extraction.document.key
    origin = known[0].extraction.document.key if known else key
    named = paths or Paths([""] * len(extraction.statements), [""] * len(extraction.figures))
    said = [Evidence("statement", key, number, path) for number, path in enumerate(named.statements)]
    counted = [Evidence("figure", key, number, path) for number, path in enumerate(named.figures)]
    return Told(
        key,
        tuple(_saying(extraction, at, entity) for at in said if at.number not in repeated),
        tuple(one for one in _counted(extraction, counted, entity, place, origin) if one.at.number not in restated),
        tuple(one for one in _shares(extraction, counted) if one.evidence[0].number not in restated),
        tuple(sorted({who.path for one in extraction.statements if (who := entity(one.speaker)) is not None})),
        origin,
    )


def _saying(extraction: Extraction, at: Evidence, entity: Callable[[Voice | None], Entity | None]) -> Saying:
    document, said = extraction.document, extraction.statements[at.number]
    words = " ".join(" ".join(span.of(document.text) for span in said.content).split())
    who, whom = entity(said.speaker), entity(said.target)
    return Saying(
        at,
        said.act,
        words,
        who.name if who else _article(extraction),
        who.path if who else None,
        who is not None and who.unnamed,
        whom.path if whom else None,
        whom.name if whom else "",
    )


def _article(extraction: Extraction) -> str:
    return f"article {extraction.document.id}"


def _counted(
    extraction: Extraction,
    figures: Sequence[Evidence],
    entity: Callable[[Voice | None], Entity | None],
    place: Callable[[int], Entity],
    origin: str,
) -> Iterator[Counted]:
    for at, figure in zip(figures, extraction.figures, strict=True):
        what, amount = measured(figure, extraction.chains), _amount(figure)
        if what is None or amount.number is None:
            continue
        claim = figure.value is not None and not figure.projected and not figure.additional
        who = None if figure.statement is None else entity(extraction.statements[figure.statement].speaker)
        name, voice = (who.name, who.path) if who else (_article(extraction), origin)
        where = {(relation, spot.path, spot.name) for relation, chain in what.places for spot in (place(chain),)}
        yield Counted(at, amount, claim, name, voice, _when(extraction, figure), what.sort.name, what.noun, what.unit, tuple(sorted(where)))


def _amount(figure: Figure) -> Amount:
    return Amount(figure.value, figure.low, figure.high, figure.modifier)


def _when(extraction: Extraction, figure: Figure) -> str:
    as_of = extraction.times[figure.as_of].value if figure.as_of is not None else ""
    said = extraction.statements[figure.statement].date if figure.statement is not None else None
    return next((found[-1] for day in (as_of, said or "", extraction.document.date or "") if (found := _DATE.findall(day))), "")


def _shares(extraction: Extraction, figures: Sequence[Evidence]) -> Iterator[Finding]:
    """Yield whether shares fit what they are shares of, where the same statement counts what the share restates."""
    for at, figure in zip(figures, extraction.figures, strict=True):
        if figure.unit != "percent" or figure.base is None or figure.value is None:
            continue
        base = extraction.figures[figure.base]
        counted = [
            number
            for number, other in enumerate(extraction.figures)
            if other.statement == figure.statement
            and other.unit == base.unit
            and number != figure.base
            and other.span.start < figure.span.start
        ]
        if counted and base.value:
            evidence = (at, figures[counted[-1]], figures[figure.base])
            yield share(evidence, _amount(figure), _amount(extraction.figures[counted[-1]]), base.value)
