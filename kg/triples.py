"""Records said in RDF quads: one named graph a document, one for the entities, one for the runs.

Everything here is a pure function of its arguments. Nodes are named, literals are in the canonical form that Oxigraph
gives back, and whole decimals are integers: every XSD integer is a decimal, and rdflib rewrites ``"1"^^xsd:decimal``.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import chain
from typing import Any, TypeAlias

from kg.gazetteer import Known
from kg.ledgers import Evidence, Finding, Ledgers, Quantity
from kg.ledgers import Kind as Found
from kg.records import (
    OFFERED,
    Answer,
    Class,
    Collection,
    Correction,
    Decision,
    Entity,
    Extraction,
    Figure,
    Kind,
    Mention,
    Outcome,
    Side,
    Span,
    Statement,
    Time,
    TimeKind,
    Type,
    Voice,
)
from kg.vocab import (
    ACT,
    BASE,
    DCTERMS,
    GEONAMES,
    KG,
    OA,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    THING_IRI,
    TIME,
    WGS,
    WIKIDATA,
    XSD,
    Iri,
    Literal,
    Quad,
    Term,
    iri,
    selector_iri,
    slug,
    span_iri,
)

Triple: TypeAlias = tuple[Iri, Iri, Term]

CONTEXT = 32
"""Code points of ``oa:prefix`` and ``oa:suffix``."""

ELLIPSIS = " … "
"""What stands in ``schema:text`` between the spans of a split statement."""

ENTITY_TYPES = {
    Kind.PERSON: (SCHEMA.Person, PROV.Agent),
    Kind.ORGANIZATION: (SCHEMA.Organization, PROV.Agent),
    Kind.GOVERNMENT: (SCHEMA.GovernmentOrganization, KG.Government, PROV.Agent),
    Kind.GROUP: (KG.Group, PROV.Agent),
    Kind.PLACE: (SCHEMA.Place,),
}
STATEMENT_TYPES = {
    Type.DIRECT: (KG.Statement, KG.DirectQuotation, SCHEMA.Quotation, PROV.Entity),
    Type.MIXED: (KG.Statement, KG.MixedQuotation, SCHEMA.Quotation, PROV.Entity),
    Type.INDIRECT: (KG.Statement, KG.IndirectStatement, SCHEMA.Claim, PROV.Entity),
}
TIME_TYPES = {TimeKind.MOMENT: TIME.Instant, TimeKind.DURATION: TIME.TemporalDuration}
CLASSES = {Class.REPORT: KG.Report, Class.STANCE: KG.Stance, Class.ACT: KG.Act}


# ---------------------------------------------------------------- graphs


def document_quads(collection: Collection, extraction: Extraction, *, run: Iri | None = None, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/{key}`` of one document, without repetition.

    Args:
        collection: Where the document's chains and voices were resolved.
        extraction: One of its extractions.
        run: The run that made the statements (``run_iri``), where it shall be named.
        base: Namespace of the data.

    Raises:
        KeyError: A voice of the document is not resolved in ``collection``.
        AttributeError: A statement's act is none of ``vocab.ACT``.
    """
    page = _Page(collection, extraction, base)
    names = statement_iris(extraction, base=base)
    homes = {mention: number for number, link in enumerate(extraction.chains) for mention in link.mentions}
    triples = chain(
        _article(page),
        chain.from_iterable(_mention(page, mention, homes.get(at)) for at, mention in enumerate(extraction.mentions)),
        chain.from_iterable(_statement(page, name, said, run) for name, said in zip(names, extraction.statements, strict=True)),
        _relays(extraction, names),
        chain.from_iterable(_time(page, time) for time in extraction.times),
        chain.from_iterable(_figure(page, figure, names) for figure in extraction.figures),
        _memberships(page),
        _doubts(page),
    )
    return _in_graph(triples, iri("graph", page.key, base))


def entity_quads(collection: Collection, *, version: str, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/entities``: actors, places and the decisions that made them, by this ``version`` or by a person."""
    program = iri("agent", f"newskg-{version}", base)
    about: list[Triple] = [(program, RDF.type, PROV.SoftwareAgent), (program, KG.toolVersion, Literal(version))]
    triples = chain(
        about,
        chain.from_iterable(_entity(entity, base) for entity in collection.entities),
        chain.from_iterable(_decision(decision, program, base) for decision in collection.decisions),
    )
    return _in_graph(triples, iri("graph", "entities", base))


def inferred_quads(collection: Collection, book: Ledgers, *, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/inferred``: quantities, findings with their evidence, and the plain edges that follow from them."""
    names = {e.document.key: statement_iris(e, base=base) for e in collection.extractions}
    figures = {e.document.key: [figure_iri(e.document.key, figure, base=base) for figure in e.figures] for e in collection.extractions}

    def at(evidence: Evidence) -> Iri:
        return (names if evidence.sort == "statement" else figures)[evidence.document][evidence.number]

    triples = chain(
        chain.from_iterable(_quantity(quantity, at, base) for quantity in book.quantities),
        chain.from_iterable(_finding(finding, at, base) for finding in book.findings),
        _accusations(collection, base),
    )
    return _in_graph(triples, iri("graph", "inferred", base))


EDGES = {
    Found.UPDATE: KG.updates,
    Found.CONFLICT: KG.conflictsWith,
    Found.AGREEMENT: KG.agreesWith,
    Found.DENIAL: KG.answers,
    Found.SAME_WORDS: KG.sameWordsAs,
    Found.REWORDED: KG.sameWordsAs,
}


def _quantity(quantity: Quantity, at: Callable[[Evidence], Iri], base: str) -> Iterator[Triple]:
    node = iri("quantity", quantity.slug, base)
    yield node, RDF.type, KG.Quantity
    yield node, RDF.type, SKOS.Concept
    yield node, RDFS.label, Literal(quantity.label, language="en")
    yield node, KG.cumulative, Literal("true" if quantity.cumulative else "false", XSD.boolean)
    yield node, SCHEMA.unitText, Literal(quantity.unit)
    for _, path in quantity.places:
        yield node, SCHEMA.about, _at(path, base)
    for figure in quantity.figures:
        yield at(figure), KG.measures, node


def _finding(finding: Finding, at: Callable[[Evidence], Iri], base: str) -> Iterator[Triple]:
    evidence = [at(part) for part in finding.evidence]
    node = iri("inference", _digest(finding.kind, *evidence), base)
    yield node, RDF.type, KG.Inference
    yield node, RDF.type, PROV.Activity
    yield node, KG.finding, Literal(finding.kind)
    yield node, KG.rule, Literal(finding.rule)
    yield node, KG.score, _number(finding.score, 4)
    yield node, KG.note, Literal(finding.note)
    for part in evidence:
        yield node, PROV.used, part
    if finding.about:
        yield node, SCHEMA.about, _at(finding.about, base) if "/" in finding.about else iri("quantity", finding.about, base)
    if finding.kind in EDGES:
        yield evidence[0], EDGES[finding.kind], evidence[1]


def _accusations(collection: Collection, base: str) -> Iterator[Triple]:
    """Yield who accuses whom: the plain edge; the statements say of what."""
    for extraction in collection.extractions:
        key = extraction.document.key
        for said in extraction.statements:
            who, whom = collection.entity_of(key, said.speaker), collection.entity_of(key, said.target)
            if who and whom and said.act == "accuse":
                yield entity_iri(who, base), KG.accuses, entity_iri(whom, base)


def authority_quads(entries: Iterable[Known], *, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/authority``: the concepts of authority files that the graph's entities are, and which file says so."""
    triples = chain.from_iterable(_concept(known) for known in sorted(entries, key=lambda known: known.id))
    return _in_graph(triples, iri("graph", "authority", base))


def _concept(known: Known) -> Iterator[Triple]:
    node = Iri(known.id)
    yield node, RDF.type, SKOS.Concept
    yield node, RDFS.label, _name(known.name)  # no skos:prefLabel: who looks for a name wants the entity, not what the file says of it
    yield node, KG.kind, getattr(KG, known.kind)
    yield node, DCTERMS.source, Literal(known.source)
    yield from _optional(
        node,
        (SKOS.exactMatch, known.geonames and Iri(GEONAMES.format(known.geonames))),
        (SKOS.exactMatch, known.wikidata and Iri(WIKIDATA.format(known.wikidata))),
    )


def correction_quads(corrections: Iterable[Correction], *, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/corrections``: what people said, who and when, and what they took back."""
    triples = chain.from_iterable(_correction(correction, base) for correction in corrections)
    return _in_graph(triples, iri("graph", "corrections", base))


def correction_key(correction: Correction) -> str:
    """Return the last part of a correction's IRI, by which it is taken back."""
    parts = (correction.answer, repr(correction.left), repr(correction.right), correction.value, correction.by, correction.at)
    return _digest(*parts)


def run_iri(version: str, model: str, data: str, *, base: str = BASE) -> Iri:
    """Return the IRI of a run: a hash of what its result depends on, so that the same work is the same run.

    Args:
        version: Version of newskg.
        model: Name and version of the language model.
        data: Digest or versions of word lists, gazetteer and authority files.
        base: Namespace of the data.
    """
    return iri("run", _digest(version, model, data), base)


def run_quads(version: str, model: str, data: str, *, base: str = BASE) -> Iterator[Quad]:
    """Yield the description of a run for ``graph/runs``; no time of day, so that a second run says the same."""
    run = run_iri(version, model, data, base=base)
    triples = (
        (run, RDF.type, KG.ExtractionRun),
        (run, RDF.type, PROV.Activity),
        (run, KG.toolVersion, Literal(version)),
        (run, KG.model, Literal(model)),
        (run, KG.data, Literal(data)),
    )
    return _in_graph(triples, iri("graph", "runs", base))


def entity_iri(entity: Entity, base: str = BASE) -> Iri:
    """Return ``place/{slug}`` for a place and ``actor/{slug}`` for everything else."""
    return _at(entity.path, base)


def _at(path: str, base: str) -> Iri:
    """Return the IRI of an ``Entity.path``."""
    kind, _, key = path.partition("/")
    return iri(kind, key, base)


def statement_iris(extraction: Extraction, *, base: str = BASE) -> tuple[Iri, ...]:
    """Return the IRI of each statement, in the order of ``extraction.statements``.

    It is made of the document and of the first and last character of the content, not of speaker or rule. Statements
    over the same characters are numbered from the second on (``-2``, ``-3``) by their source, then their cue, as the text has them.
    """
    statements = extraction.statements
    keys = [f"{extraction.document.key}-{said.content[0].start}-{said.content[-1].end}" for said in statements]
    return _numbered("statement", keys, [(said.source, said.cue) for said in statements], base)


# ---------------------------------------------------------------- document


@dataclass(frozen=True, slots=True)
class _Page:
    """One document in its collection, and how its parts are called."""

    collection: Collection
    extraction: Extraction
    base: str

    @property
    def key(self) -> str:
        return self.extraction.document.key

    @property
    def iri(self) -> Iri:
        return iri("doc", self.key, self.base)

    @property
    def language(self) -> str:
        return self.extraction.document.language

    def voice(self, voice: Voice | None) -> Iri | None:
        entity = self.collection.entity_of(self.key, voice)
        return None if entity is None else entity_iri(entity, self.base)

    def chain(self, index: int | None) -> Iri | None:
        at = None if index is None else self.collection.refers.get((self.key, index))
        return None if at is None else entity_iri(self.collection.entities[at], self.base)

    def government(self, country: str | None) -> Iri | None:
        at = None if country is None else self.collection.voices.get((self.key, country))
        return None if at is None else entity_iri(self.collection.entities[at], self.base)


def _article(page: _Page) -> Iterator[Triple]:
    document = page.extraction.document
    yield page.iri, RDF.type, SCHEMA.NewsArticle
    yield page.iri, RDF.type, PROV.Entity
    yield page.iri, SCHEMA.identifier, Literal(document.id)
    yield page.iri, SCHEMA.sha256, Literal(document.sha256)
    yield page.iri, SCHEMA.inLanguage, Literal(document.language)
    yield from _optional(
        page.iri,
        (SCHEMA.datePublished, document.date and _day(document.date)),
        (SCHEMA.headline, document.title and _worded(document.title, document.language)),
        (SCHEMA.url, document.url and Literal(document.url, XSD.anyURI)),
        (SCHEMA.publisher, document.publisher and Literal(document.publisher)),
    )


def _mention(page: _Page, mention: Mention, home: int | None) -> Iterator[Triple]:
    """Say what a name names; ``home`` is the chain it belongs to."""
    at = span_iri(page.iri, mention.span)
    country = None if home is None or not mention.metonym else page.extraction.chains[home].country
    yield from _span(page, mention.span)
    yield at, RDF.type, KG.Mention
    yield at, KG.kind, getattr(KG, mention.kind)
    yield at, KG.rule, Literal(mention.rule)
    yield from _optional(
        at,
        (KG.zone, mention.zone and Literal(mention.zone)),
        (KG.refersTo, page.chain(home)),
        (KG.metonymOf, page.government(country)),
    )


def _statement(page: _Page, name: Iri, said: Statement, run: Iri | None) -> Iterator[Triple]:
    text, speaker = page.extraction.document.text, page.voice(said.speaker)
    for kind in STATEMENT_TYPES[said.type]:
        yield name, RDF.type, kind
    yield name, SCHEMA.text, _worded(ELLIPSIS.join(span.of(text) for span in said.content), page.language)
    yield name, SCHEMA.isPartOf, page.iri
    yield name, PROV.wasQuotedFrom, page.iri
    yield name, KG.act, getattr(ACT, said.act)
    yield name, KG.actClass, CLASSES[said.kind]
    yield name, KG.dateStatus, getattr(KG, said.date_status)
    yield name, KG.rule, Literal(said.rule)
    yield name, KG.confidence, _number(said.confidence, 4)
    yield from _optional(
        name,
        (SCHEMA.appearance, page.iri if said.type is Type.INDIRECT else None),
        (KG.speaker, speaker),
        (SCHEMA.spokenByCharacter, None if said.type is Type.INDIRECT else speaker),
        (KG.speakerRule, Literal(said.speaker.rule) if said.speaker else None),
        (KG.speakerCertain, Literal("false", XSD.boolean) if said.speaker and not said.speaker.certain else None),
        (KG.speakerRole, said.role and _worded(said.role, page.language)),
        (KG.onBehalfOf, page.voice(said.on_behalf_of)),
        (KG.addressee, page.voice(said.addressee)),
        (KG.target, page.voice(said.target)),
        (SCHEMA.locationCreated, page.chain(said.place)),
        (KG.saidOn, said.date and _day(said.date)),
        (KG.cueLemma, said.lemma and Literal(said.lemma)),
        (KG.interpreted, Literal("true", XSD.boolean) if said.interpreted else None),
        (PROV.wasGeneratedBy, run),
    )
    yield from _optional(name, *((SCHEMA.about, subject) for subject in _subjects(page, said)))
    yield from _anchored(page, name, KG.content, said.content)
    yield from _anchored(page, name, KG.cue, said.cue)
    yield from _anchored(page, name, KG.sourceMention, said.source)
    yield from _anchored(page, name, KG.editorialInsertion, said.insertions)
    yield from _anchored(page, name, KG.charge, () if said.charge is None else (said.charge,))


def _subjects(page: _Page, said: Statement) -> Iterator[Iri | None]:
    """Yield what a content names, and the governments that some of the names stand for there."""
    yield from map(page.chain, said.about)
    for index in said.about:
        chain_ = page.extraction.chains[index]
        mentions = [page.extraction.mentions[number] for number in chain_.mentions]
        if any(mention.metonym and any(span.covers(mention.span) for span in said.content) for mention in mentions):
            yield page.government(chain_.country)


def _relays(extraction: Extraction, names: Sequence[Iri]) -> Iterator[Triple]:
    """Link each statement to those that its content passes on."""
    for name, said in zip(names, extraction.statements, strict=True):
        if said.nested_in is not None:
            yield names[said.nested_in], KG.relays, name


def _time(page: _Page, time: Time) -> Iterator[Triple]:
    """Say what time some words tell (OWL-Time's classes, EDTF's spelling)."""
    node = _when(page, time)
    yield node, RDF.type, KG.TimeExpression
    yield node, RDF.type, TIME_TYPES.get(time.kind, TIME.ProperInterval)
    yield node, SCHEMA.isPartOf, page.iri
    yield node, KG.timeKind, Literal(time.kind)
    yield node, KG.dateStatus, getattr(KG, time.status)
    yield from _optional(
        node,
        (KG.edtf, time.value and Literal(time.value)),
        (RDF.value, moment(time)),
        (KG.dateBasis, time.basis and Literal(time.basis)),
    )
    yield from _anchored(page, node, KG.anchor, (time.span,))


def _when(page: _Page, time: Time) -> Iri:
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


def figure_iri(key: str, figure: Figure, *, base: str = BASE) -> Iri:
    """Return the IRI of a figure of the document ``key``: made of its first and last character."""
    return iri("figure", f"{key}-{figure.span.start}-{figure.span.end}", base)


def _figure(page: _Page, figure: Figure, statements: Sequence[Iri]) -> Iterator[Triple]:
    """Say what a number is, what it counts, as of when, and who claims it: the innermost statement around it."""
    node = figure_iri(page.key, figure, base=page.base)
    yield node, RDF.type, KG.Figure
    yield node, RDF.type, SCHEMA.QuantitativeValue
    yield node, SCHEMA.isPartOf, page.iri
    yield node, KG.modifier, Literal(figure.modifier)
    currency = re.fullmatch(r"[A-Z]{3}", figure.unit)
    time = None if figure.as_of is None else page.extraction.times[figure.as_of]
    yield from _optional(
        node,
        (SCHEMA.value, None if figure.value is None else _number(figure.value, 4)),
        (SCHEMA.minValue, None if figure.low is None else _number(figure.low, 4)),
        (SCHEMA.maxValue, None if figure.high is None else _number(figure.high, 4)),
        (SCHEMA.unitCode if currency else SCHEMA.unitText, figure.unit and Literal(figure.unit)),
        (KG.asOf, moment(time) if time else None),
        (KG.asOfTime, _when(page, time) if time else None),
        (KG.shareOf, None if figure.base is None else figure_iri(page.key, page.extraction.figures[figure.base], base=page.base)),
    )
    for says, term in ((figure.projected, KG.projected), (figure.additional, KG.additional)):
        if says:
            yield node, term, Literal("true", XSD.boolean)
    if figure.statement is not None:
        yield statements[figure.statement], KG.claimsFigure, node
    yield from _anchored(page, node, KG.anchor, (figure.span,))
    yield from _anchored(page, node, KG.counts, figure.what)


def _memberships(page: _Page) -> Iterator[Triple]:
    """Say what posts the text gives people: whose, in what body, as of the article's day (the Organization Ontology's Membership)."""
    document = page.extraction.document
    held = [(number, role) for number, link in enumerate(page.extraction.chains) for role in link.roles]
    keys = [f"{page.key}-{role.span.start}-{role.span.end}" for _, role in held]
    names = _numbered("membership", keys, [number for number, _ in held], page.base)
    for name, (number, role) in zip(names, held, strict=True):
        yield name, RDF.type, ORG.Membership
        yield name, SCHEMA.isPartOf, page.iri
        yield name, SCHEMA.roleName, _worded(role.text, page.language)
        yield from _optional(
            name,
            (ORG.member, page.chain(number)),
            (ORG.organization, page.voice(role.of)),
            (KG.asOf, document.date and _day(document.date)),
        )
        yield from _anchored(page, name, KG.anchor, (role.span,))


def _doubts(page: _Page) -> Iterator[Triple]:
    doubts = page.extraction.doubts
    keys = [f"{page.key}-{doubt.span.start}-{doubt.span.end}" for doubt in doubts]
    for name, doubt in zip(_numbered("doubt", keys, [doubt.why for doubt in doubts], page.base), doubts, strict=True):
        yield name, RDF.type, KG.Doubt
        yield name, SCHEMA.isPartOf, page.iri
        yield name, KG.why, Literal(doubt.why)
        yield from _anchored(page, name, KG.anchor, (doubt.span,))


def _numbered(kind: str, keys: Sequence[str], ranks: Sequence[Any], base: str) -> tuple[Iri, ...]:
    """Mint one IRI a key; equal keys get ``-2``, ``-3`` ... from the second on by rank, ties as they come."""
    seen: Counter[str] = Counter()
    minted: dict[int, Iri] = {}
    for index in sorted(range(len(keys)), key=lambda index: ranks[index]):
        seen[keys[index]] += 1
        count = seen[keys[index]]
        minted[index] = iri(kind, keys[index] if count == 1 else f"{keys[index]}-{count}", base)
    return tuple(minted[index] for index in range(len(keys)))


def _anchored(page: _Page, subject: Iri, predicate: Iri, spans: Iterable[Span]) -> Iterator[Triple]:
    for span in spans:
        yield subject, predicate, span_iri(page.iri, span)
        yield from _span(page, span)


def _span(page: _Page, span: Span) -> Iterator[Triple]:
    """Say where a span stands and what it reads (Web Annotation: code points, context as it is)."""
    text, node = page.extraction.document.text, span_iri(page.iri, span)
    position, quote = selector_iri(node, "position"), selector_iri(node, "quote")
    yield node, RDF.type, OA.SpecificResource
    yield node, OA.hasSource, page.iri
    yield node, OA.hasSelector, position
    yield node, OA.hasSelector, quote
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, Literal(str(span.start), XSD.integer)
    yield position, OA.end, Literal(str(span.end), XSD.integer)
    yield quote, RDF.type, OA.TextQuoteSelector
    yield quote, OA.exact, Literal(span.of(text))
    yield quote, OA.prefix, Literal(text[max(0, span.start - CONTEXT) : span.start])
    yield quote, OA.suffix, Literal(text[span.end : span.end + CONTEXT])


# ---------------------------------------------------------------- entities


def _entity(entity: Entity, base: str) -> Iterator[Triple]:
    node = entity_iri(entity, base)
    for kind in (KG.UnnamedSource, PROV.Agent) if entity.unnamed else ENTITY_TYPES[entity.kind]:
        yield node, RDF.type, kind
    if entity.kind is Kind.PLACE and entity.feature == "country":
        yield node, RDF.type, SCHEMA.Country
    yield node, KG.kind, getattr(KG, entity.kind)
    yield node, KG.identitySource, Literal(entity.source)
    yield node, SKOS.prefLabel, _name(entity.name)
    for alias in entity.aliases:
        yield node, SKOS.altLabel, _name(alias)
    for role in entity.roles:
        yield node, SCHEMA.jobTitle, _name(role)
    yield from _optional(
        node,
        (KG.country, entity.country and Literal(entity.country)),
        (KG.actsFor, entity.acts_for and iri("actor", entity.acts_for, base)),
        (SKOS.exactMatch, entity.geonames and Iri(GEONAMES.format(entity.geonames))),
        (SKOS.exactMatch, entity.wikidata and Iri(WIKIDATA.format(entity.wikidata))),
        (SKOS.exactMatch, entity.authority and Iri(entity.authority)),
        (WGS.lat, None if entity.latitude is None else _number(entity.latitude, 6)),
        (WGS.long, None if entity.longitude is None else _number(entity.longitude, 6)),
    )


def _decision(decision: Decision, program: Iri, base: str) -> Iterator[Triple]:
    node = iri("decision", _digest(repr(decision.left), repr(decision.right), decision.outcome, decision.rule), base)
    left, right = (path and _at(path, base) for path in decision.entities)
    yield node, RDF.type, KG.MergeDecision
    yield node, RDF.type, PROV.Activity
    yield node, KG.left, Literal(str(decision.left))
    yield node, KG.right, Literal(str(decision.right))
    yield node, KG.outcome, getattr(KG, decision.outcome)
    yield node, KG.rule, Literal(decision.rule)
    yield node, KG.score, _number(decision.score, 4)
    for name, value in decision.features:
        yield node, KG.feature, Literal(f"{name}={_number(value, 4).text}")
    for side in (decision.left, decision.right):
        yield from _optional(node, (PROV.used, _where(side, base)))
    yield from _optional(node, (KG.entity, left), (KG.entity, right))
    if decision.by:
        yield from _by(node, decision.by, decision.at, PROV.SoftwareAgent if decision.rule == OFFERED else PROV.Person, base)
    else:
        yield node, PROV.wasAssociatedWith, program
    match = {Outcome.PROPOSED: SKOS.closeMatch, Outcome.REJECTED: OWL.differentFrom}.get(decision.outcome)
    other = right or (_where(decision.right, base) if decision.right.entry else None)
    if match is not None and isinstance(left, Iri) and isinstance(other, Iri) and left != other:
        yield left, match, other


def _correction(correction: Correction, base: str) -> Iterator[Triple]:
    node = iri("correction", correction_key(correction), base)
    yield node, RDF.type, KG.Correction
    yield node, RDF.type, PROV.Activity
    yield node, KG.answer, Literal(correction.answer)
    yield node, KG.left, Literal(str(correction.left))
    yield from _by(node, correction.by, correction.at, PROV.SoftwareAgent if correction.answer is Answer.OFFER else PROV.Person, base)
    yield from _optional(
        node,
        (KG.leftMention, _where(correction.left, base)),
        (KG.right, Literal(str(correction.right)) if correction.right else None),
        (KG.rightMention, _where(correction.right, base) if correction.right else None),
        (KG.value, correction.value and Literal(correction.value)),
    )
    if correction.taken_back_at:
        agent = _agent(correction.taken_back_by, base)
        yield node, KG.takenBackBy, agent
        yield node, PROV.invalidatedAtTime, _moment(correction.taken_back_at)
        yield agent, RDF.type, PROV.Person
        yield agent, SCHEMA.name, Literal(correction.taken_back_by)


def _by(node: Iri, name: str, at: str, kind: Iri, base: str) -> Iterator[Triple]:
    """Say which person or service did something, and when."""
    agent = _agent(name, base)
    yield node, PROV.wasAssociatedWith, agent
    yield node, PROV.endedAtTime, _moment(at)
    yield agent, RDF.type, kind
    yield agent, SCHEMA.name, Literal(name)


def _agent(name: str, base: str) -> Iri:
    """Return the IRI of a person or service: its name, readable, and a digest, since two names can read alike."""
    return iri("agent", f"{slug(name)}-{_digest(name)[:8]}", base)


def _where(side: Side, base: str) -> Iri | None:
    """Return where a side of a decision stands: the characters of its mention, or the entry itself."""
    if side.document:
        return span_iri(iri("doc", side.document, base), Span(side.start, side.end)) if side.end else None
    return external(side.entry)


def external(entry: str) -> Iri | None:
    """Return the IRI of ``geonames:2761369``, ``wikidata:Q1741`` or of what is one already; ``None`` for anything else."""
    for form, template in ((r"geonames:([0-9]{1,12})", GEONAMES), (r"wikidata:(Q[0-9]{1,12})", WIKIDATA)):
        if found := re.fullmatch(form, entry, re.ASCII):
            return Iri(template.format(found[1]))
    return Iri(entry) if THING_IRI.fullmatch(entry) else None


# ---------------------------------------------------------------- terms


def _in_graph(triples: Iterable[Triple], graph: Iri) -> Iterator[Quad]:
    return ((*triple, graph) for triple in dict.fromkeys(triples))


def _optional(subject: Iri, *pairs: tuple[Iri, Term | str | None]) -> Iterator[Triple]:
    """Yield the pairs whose value is there: neither ``None`` nor the empty string that came in for it."""
    for predicate, value in pairs:
        if isinstance(value, Iri | Literal):
            yield subject, predicate, value


def _worded(text: str, language: str) -> Literal:
    """Return text in a language; without a tag where ``language`` is not a tag (BCP 47, as RDF 1.1 spells it)."""
    tag = re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language)
    return Literal(text, language=language.lower() if tag else None)


def _name(name: str) -> Literal:
    """Return a name: English where its letters are Latin, else without a language, since nobody said which."""
    letters = (unicodedata.name(char, "") for char in name if char.isalpha())
    return Literal(name, language="en" if all(letter.startswith("LATIN") for letter in letters) else None)


def _day(text: str) -> Literal:
    """Return an ISO date or the day of an ISO moment as ``xsd:date``; other text stays text."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return Literal((found.date() if isinstance(found, datetime) else found).isoformat(), XSD.date)
    return Literal(text)


def _moment(text: str) -> Literal:
    """Return an ISO moment as ``xsd:dateTime``."""
    return Literal(text, XSD.dateTime)


def _number(value: float, digits: int) -> Literal:
    """Return a number rounded to ``digits`` decimals: ``xsd:decimal``, or ``xsd:integer`` where nothing is left behind the point."""
    whole, _, fraction = f"{round(value, digits) + 0.0:.{digits}f}".partition(".")
    fraction = fraction.rstrip("0")
    return Literal(f"{whole}.{fraction}", XSD.decimal) if fraction else Literal(whole, XSD.integer)


def _digest(*parts: str) -> str:
    """Return sixteen hex digits of a hash over parts that may hold anything."""
    return sha256("\0".join(f"{len(part)} {part}" for part in parts).encode()).hexdigest()[:16]
