"""The graph of what follows from several articles: quantities, findings, and who accuses whom."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from kg.ledgers import Changes, Evidence, Finding, Kind, Ledgers, Paths, Quantity
from kg.records import Collection, Extraction, Original
from kg.triples.names import digest, names_of, path_iri
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
    paths = {
        extraction.document.key: evidence_paths(extraction, collection.originals_of(extraction.document.key))
        for extraction in collection.extractions
    }

    def at(evidence: Evidence) -> Iri:
        of = paths[evidence.document]
        return path_iri((of.statements if evidence.sort == "statement" else of.figures)[evidence.number], base)

    triples = chain(_ledgers(book, at, base), _accusations(collection, base))
    return in_graph(triples, iri("graph", "inferred", base))


def evidence_paths(extraction: Extraction, originals: Iterable[Original] = ()) -> Paths:
    """Return what the statements and figures of a document are called below any base, for ``kg.ledgers.told``."""
    names = names_of(extraction, originals, base="")
    return Paths(tuple(map(str, names.statements)), tuple(map(str, names.figures)))


def changed_quads(changes: Changes, *, base: str = BASE) -> tuple[tuple[Quad, ...], tuple[Quad, ...]]:
    """Return the quads that leave ``graph/inferred`` and those that enter it, after an update of ledgers whose evidence has paths.

    What something that stays still says is not among those that leave. All updates from nothing on add up to ``inferred_quads``.
    """

    def at(evidence: Evidence) -> Iri:
        return path_iri(evidence.path, base)

    def quads(book: Ledgers, accusers: Iterable[tuple[str, str]]) -> dict[Quad, None]:
        triples = chain(_ledgers(book, at, base), _accused(accusers, base))
        return dict.fromkeys(in_graph(triples, iri("graph", "inferred", base)))

    gone, came = quads(changes.gone, changes.cleared), quads(changes.came, changes.accused)
    stay = came.keys() | quads(Ledgers(changes.standing, ()), ()).keys()
    return tuple(quad for quad in gone if quad not in stay), tuple(quad for quad in came if quad not in gone)


def _ledgers(book: Ledgers, at: Callable[[Evidence], Iri], base: str) -> Iterator[Triple]:
    for quantity in book.quantities:
        yield from _quantity(quantity, at, base)
    for finding in book.findings:
        yield from _finding(finding, at, base)


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
    pairs = (
        (who.path, whom.path)
        for extraction in collection.extractions
        for repeated in [collection.repeated(extraction.document.key)]
        for at, said in enumerate(extraction.statements)
        if said.act == "accuse"
        and at not in repeated
        and (who := collection.entity_of(extraction.document.key, said.speaker))
        and (whom := collection.entity_of(extraction.document.key, said.target))
    )
    return _accused(pairs, base)


def _accused(pairs: Iterable[tuple[str, str]], base: str) -> Iterator[Triple]:
    """Yield who accuses whom: the plain edge; the statements say of what."""
    return ((path_iri(who, base), KG.accuses, path_iri(whom, base)) for who, whom in pairs)
