"""The graphs of the entities, with the decisions that made them, and of what authority files say of them."""

from collections.abc import Iterable, Iterator
from itertools import chain

from kg.gazetteer import Known
from kg.records import Collection, Entity, Kind
from kg.triples.decisions import decision_triples
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


def entity_quads(collection: Collection, *, version: str, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/entities``: actors, places and the decisions that made them, by this ``version`` or by a person."""
    program = iri("agent", f"newskg-{version}", base)
    about: list[Triple] = [(program, RDF.type, PROV.SoftwareAgent), (program, KG.toolVersion, Literal(version))]
    triples = chain(
        about,
        chain.from_iterable(_entity(entity, base) for entity in collection.entities),
        chain.from_iterable(decision_triples(decision, program, base) for decision in collection.decisions),
    )
    return in_graph(triples, iri("graph", "entities", base))


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
