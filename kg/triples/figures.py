"""The times and the figures that a document tells."""

import re
from collections.abc import Iterator

from kg.records import Figure, Time, TimeKind
from kg.triples.names import Names
from kg.triples.page import Page, anchored
from kg.triples.terms import Triple, decimal, optional
from kg.vocab import KG, RDF, SCHEMA, TIME, XSD, Iri, Literal, iri

TIME_TYPES = {TimeKind.MOMENT: TIME.Instant, TimeKind.DURATION: TIME.TemporalDuration}


def time_triples(page: Page, time: Time) -> Iterator[Triple]:
    """Say what time some words tell (OWL-Time's classes, EDTF's spelling)."""
    node = when_iri(page, time)
    yield node, RDF.type, KG.TimeExpression
    yield node, RDF.type, TIME_TYPES.get(time.kind, TIME.ProperInterval)
    yield node, SCHEMA.isPartOf, page.iri
    yield node, KG.timeKind, Literal(time.kind)
    yield node, KG.dateStatus, getattr(KG, time.status)
    yield from optional(
        node,
        (KG.edtf, time.value and Literal(time.value)),
        (RDF.value, moment(time)),
        (KG.dateBasis, time.basis and Literal(time.basis)),
    )
    yield from anchored(page, node, KG.anchor, (time.span,))


def when_iri(page: Page, time: Time) -> Iri:
    """Return the IRI of a time that a document tells: made of its first and last character."""
    return iri("when", f"{page.key}-{time.span.start}-{time.span.end}", page.base)


def moment(time: Time) -> Literal | None:
    """Return what a time tells as the XSD type of its granularity; ``None`` where XSD has none (weeks, intervals) or nothing tells it."""
    if hour := re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?([+-]\d\d:\d\d|Z)?", time.value):
        return Literal(f"{hour[1]}{hour[2] or ':00'}{hour[3] or ''}", XSD.dateTime)
    forms = {
        r"\d{4}-\d\d-\d\d": XSD.date,
        r"\d{4}-(0[1-9]|1[0-2])": XSD.gYearMonth,
        r"\d{4}": XSD.gYear,
        r"P.+": XSD.duration,
    }
    if match := re.fullmatch(r"XXXX(-\d\d-\d\d)", time.value):
        return Literal(f"-{match[1]}", XSD.gMonthDay)
    return next((Literal(time.value, kind) for form, kind in forms.items() if re.fullmatch(form, time.value)), None)


def figure_triples(page: Page, node: Iri, figure: Figure, names: Names) -> Iterator[Triple]:
    """Say what a number is, what it counts, as of when, and who claims it: the innermost statement around it."""
    yield node, RDF.type, KG.Figure
    yield node, RDF.type, SCHEMA.QuantitativeValue
    yield node, SCHEMA.isPartOf, page.iri
    yield node, KG.modifier, Literal(figure.modifier)
    currency = re.fullmatch(r"[A-Z]{3}", figure.unit)
    time = None if figure.as_of is None else page.extraction.times[figure.as_of]
    yield from optional(
        node,
        (SCHEMA.value, None if figure.value is None else decimal(figure.value, 4)),
        (SCHEMA.minValue, None if figure.low is None else decimal(figure.low, 4)),
        (SCHEMA.maxValue, None if figure.high is None else decimal(figure.high, 4)),
        (SCHEMA.unitCode if currency else SCHEMA.unitText, figure.unit and Literal(figure.unit)),
        (KG.asOf, moment(time) if time else None),
        (KG.asOfTime, when_iri(page, time) if time else None),
        (KG.shareOf, None if figure.base is None else names.figures[figure.base]),
    )
    for says, term in ((figure.projected, KG.projected), (figure.additional, KG.additional)):
        if says:
            yield node, term, Literal("true", XSD.boolean)
    if figure.statement is not None:
        yield names.statements[figure.statement], KG.claimsFigure, node
    yield from anchored(page, node, KG.anchor, (figure.span,))
    yield from anchored(page, node, KG.counts, figure.what)
