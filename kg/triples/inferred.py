"""The graph of what follows from several articles: quantities, findings, and who accuses whom."""

from collections.abc import Callable, Iterator
from itertools import chain

from kg.ledgers import Evidence, Finding, Kind, Ledgers, Quantity
from kg.records import Collection
from kg.triples.names import digest, entity_iri, figure_iri, path_iri, statement_iris
from kg.triples.terms import Triple, decimal, in_graph
from kg.vocab import BASE, KG, PROV, RDF, RDFS, SCHEMA, SKOS, XSD, Iri, Literal, Quad, iri

EDGES = {
    Kind.UPDATE: KG.updates,
    Kind.CONFLICT: KG.conflictsWith,
    Kind.AGREEMENT: KG.agreesWith,
    Kind.DENIAL: KG.answers,
    Kind.SAME_WORDS: KG.sameWordsAs,
    Kind.REWORDED: KG.sameWordsAs,
}


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
    return in_graph(triples, iri("graph", "inferred", base))


def _quantity(quantity: Quantity, at: Callable[[Evidence], Iri], base: str) -> Iterator[Triple]:
    node = iri("quantity", quantity.slug, base)
    yield node, RDF.type, KG.Quantity
    yield node, RDF.type, SKOS.Concept
    yield node, RDFS.label, Literal(quantity.label, language="en")
    yield node, KG.cumulative, Literal("true" if quantity.cumulative else "false", XSD.boolean)
    yield node, SCHEMA.unitText, Literal(quantity.unit)
    for _, path in quantity.places:
        yield node, SCHEMA.about, path_iri(path, base)
    for figure in quantity.figures:
        yield at(figure), KG.measures, node


def _finding(finding: Finding, at: Callable[[Evidence], Iri], base: str) -> Iterator[Triple]:
    evidence = [at(part) for part in finding.evidence]
    node = iri("inference", digest(finding.kind, *evidence), base)
    yield node, RDF.type, KG.Inference
    yield node, RDF.type, PROV.Activity
    yield node, KG.finding, Literal(finding.kind)
    yield node, KG.rule, Literal(finding.rule)
    yield node, KG.score, decimal(finding.score, 4)
    yield node, KG.note, Literal(finding.note)
    for part in evidence:
        yield node, PROV.used, part
    if finding.about:
        yield node, SCHEMA.about, path_iri(finding.about, base) if "/" in finding.about else iri("quantity", finding.about, base)
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
