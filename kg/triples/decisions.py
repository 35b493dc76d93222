"""Who is who, as the program or a person decided it; and what people said."""

from collections.abc import Iterable, Iterator
from itertools import chain

from kg.records import Answer, Correction, Decision, Outcome, Side, Span
from kg.triples.names import digest, external, path_iri
from kg.triples.terms import Triple, decimal, in_graph, instant, optional
from kg.vocab import BASE, KG, OWL, PROV, RDF, SCHEMA, SKOS, Iri, Literal, Quad, iri, slug, span_iri


def correction_quads(corrections: Iterable[Correction], *, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/corrections``: what people said, who and when, and what they took back."""
    triples = chain.from_iterable(_correction(correction, base) for correction in corrections)
    return in_graph(triples, iri("graph", "corrections", base))


def correction_key(correction: Correction) -> str:
    """Return the last part of a correction's IRI, by which it is taken back."""
    parts = (correction.answer, repr(correction.left), repr(correction.right), correction.value, correction.by, correction.at)
    return digest(*parts)


def decision_triples(decision: Decision, program: Iri, base: str) -> Iterator[Triple]:
    """Say what was decided of two sides, by what rule or by whom; ``program`` decided where nobody else did."""
    node = iri("decision", digest(repr(decision.left), repr(decision.right), decision.outcome, decision.rule), base)
    left, right = (path and path_iri(path, base) for path in decision.entities)
    yield node, RDF.type, KG.MergeDecision
    yield node, RDF.type, PROV.Activity
    yield node, KG.left, Literal(str(decision.left))
    yield node, KG.right, Literal(str(decision.right))
    yield node, KG.outcome, getattr(KG, decision.outcome)
    yield node, KG.rule, Literal(decision.rule)
    yield node, KG.score, decimal(decision.score, 4)
    for name, value in decision.features:
        yield node, KG.feature, Literal(f"{name}={decimal(value, 4).text}")
    for side in (decision.left, decision.right):
        yield from optional(node, (PROV.used, _where(side, base)))
    yield from optional(node, (KG.entity, left), (KG.entity, right))
    if decision.by:
        yield node, PROV.wasAssociatedWith, _agent(decision.by, base)  # whom graph/corrections describes
        yield node, PROV.endedAtTime, instant(decision.at)
    else:
        yield node, PROV.wasAssociatedWith, program


def match_triples(decision: Decision, base: str) -> Iterator[Triple]:
    """Say what a decision makes of its entities: one may be, or is not, the other. Several decisions can say the same."""
    left, right = (path_iri(path, base) if path else None for path in decision.entities)
    match = {Outcome.PROPOSED: SKOS.closeMatch, Outcome.REJECTED: OWL.differentFrom}.get(decision.outcome)
    other = right or (_where(decision.right, base) if decision.right.entry else None)
    if match is not None and left is not None and other is not None and left != other:
        yield left, match, other


def _correction(correction: Correction, base: str) -> Iterator[Triple]:
    node = iri("correction", correction_key(correction), base)
    yield node, RDF.type, KG.Correction
    yield node, RDF.type, PROV.Activity
    yield node, KG.answer, Literal(correction.answer)
    yield node, KG.left, Literal(str(correction.left))
    agent = _agent(correction.by, base)
    yield node, PROV.wasAssociatedWith, agent
    yield node, PROV.endedAtTime, instant(correction.at)
    yield agent, RDF.type, PROV.SoftwareAgent if correction.answer is Answer.OFFER else PROV.Person
    yield agent, SCHEMA.name, Literal(correction.by)
    yield from optional(
        node,
        (KG.leftMention, _where(correction.left, base)),
        (KG.right, Literal(str(correction.right)) if correction.right else None),
        (KG.rightMention, _where(correction.right, base) if correction.right else None),
        (KG.value, correction.value and Literal(correction.value)),
    )
    if correction.taken_back_at:
        agent = _agent(correction.taken_back_by, base)
        yield node, KG.takenBackBy, agent
        yield node, PROV.invalidatedAtTime, instant(correction.taken_back_at)
        yield agent, RDF.type, PROV.Person
        yield agent, SCHEMA.name, Literal(correction.taken_back_by)


def _agent(name: str, base: str) -> Iri:
    """Return the IRI of a person or service: its name, readable, and a digest, since two names can read alike."""
    return iri("agent", f"{slug(name)}-{digest(name)[:8]}", base)


def _where(side: Side, base: str) -> Iri | None:
    """Return where a side of a decision stands: the characters of its mention, or the entry itself."""
    if side.document:
        return span_iri(iri("doc", side.document, base), Span(side.start, side.end)) if side.end else None
    return external(side.entry)
