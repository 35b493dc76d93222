"""The graphs of the entities, with the decisions that made them, and of what authority files say of them."""

from collections.abc import Iterable, Iterator
from itertools import chain

from kg.gazetteer import Known
from kg.records import Decision, Entity, Kind
from kg.resolve import Change
from kg.triples.decisions import decision_triples, match_triples
from kg.triples.names import entity_iri
from kg.triples.terms import Triple, decimal, in_graph, named, optional
from kg.vocab import BASE, DCTERMS, GEONAMES, KG, PROV, RDF, RDFS, SCHEMA, SKOS, WGS, WIKIDATA, Iri, Literal, Quad, iri

ENTITY_TYPES = {
    Kind.PERSON: (SCHEMA.Person, PROV.Agent),
    Kind.ORGANIZATION: (SCHEMA.Organization, PROV.Agent),
    Kind.GOVERNMENT: (SCHEMA.GovernmentOrganization, KG.Government, PROV.Agent),
    Kind.GROUP: (KG.Group, PROV.Agent),
    Kind.PLACE: (SCHEMA.Place,),
}


def entity_quads(entities: Iterable[Entity], decisions: Iterable[Decision], *, version: str, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/entities``: actors, places and the decisions that made them, by this ``version`` or by a person."""
    program = iri("agent", f"newskg-{version}", base)
    triples = chain(
        program_triples(version, base),
        chain.from_iterable(_entity(entity, base) for entity in entities),
        chain.from_iterable(chain(decision_triples(decision, program, base), match_triples(decision, base)) for decision in decisions),
    )
    return in_graph(triples, iri("graph", "entities", base))


def program_triples(version: str, base: str) -> tuple[Triple, ...]:
    """Say which program decided where no person did."""
    program = iri("agent", f"newskg-{version}", base)
    return (program, RDF.type, PROV.SoftwareAgent), (program, KG.toolVersion, Literal(version))


def changed_entity_quads(change: Change, *, version: str, base: str = BASE) -> tuple[frozenset[Quad], frozenset[Quad]]:
    """Return the quads that leave ``graph/entities`` with a change, and those that enter it; what stays told is in neither."""
    graph = iri("graph", "entities", base)
    program = {(*triple, graph) for triple in program_triples(version, base)}
    gone = frozenset(entity_quads(change.gone, change.undone, version=version, base=base)) - program
    new = frozenset(entity_quads(change.new, change.made, version=version, base=base))
    kept = frozenset((*edge, graph) for decision in change.kept for edge in match_triples(decision, base))
    return gone - new - kept, new - gone


def authority_quads(entries: Iterable[Known], *, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/authority``: the concepts of authority files that the graph's entities are, and which file says so."""
    triples = chain.from_iterable(_concept(known) for known in sorted(entries, key=lambda known: known.id))
    return in_graph(triples, iri("graph", "authority", base))


def _entity(entity: Entity, base: str) -> Iterator[Triple]:
    node = entity_iri(entity, base)
    for kind in (KG.UnnamedSource, PROV.Agent) if entity.unnamed else ENTITY_TYPES[entity.kind]:
        yield node, RDF.type, kind
    if entity.kind is Kind.PLACE and entity.feature == "country":
        yield node, RDF.type, SCHEMA.Country
    yield node, KG.kind, getattr(KG, entity.kind)
    yield node, KG.identitySource, Literal(entity.source)
    yield node, SKOS.prefLabel, named(entity.name)
    for alias in entity.aliases:
        yield node, SKOS.altLabel, named(alias)
    for role in entity.roles:
        yield node, SCHEMA.jobTitle, named(role)
    yield from optional(
        node,
        (KG.country, entity.country and Literal(entity.country)),
        (KG.actsFor, entity.acts_for and iri("actor", entity.acts_for, base)),
        (SKOS.exactMatch, entity.geonames and Iri(GEONAMES.format(entity.geonames))),
        (SKOS.exactMatch, entity.wikidata and Iri(WIKIDATA.format(entity.wikidata))),
        (SKOS.exactMatch, entity.authority and Iri(entity.authority)),
        (WGS.lat, None if entity.latitude is None else decimal(entity.latitude, 6)),
        (WGS.long, None if entity.longitude is None else decimal(entity.longitude, 6)),
    )


def _concept(known: Known) -> Iterator[Triple]:
    node = Iri(known.id)
    yield node, RDF.type, SKOS.Concept
    yield node, RDFS.label, named(known.name)  # no skos:prefLabel: who looks for a name wants the entity, not what the file says of it
    yield node, KG.kind, getattr(KG, known.kind)
    yield node, DCTERMS.source, Literal(known.source)
    yield from optional(
        node,
        (SKOS.exactMatch, known.geonames and Iri(GEONAMES.format(known.geonames))),
        (SKOS.exactMatch, known.wikidata and Iri(WIKIDATA.format(known.wikidata))),
    )
