"""The graph of what is counted over the articles: who is named together with whom, and who speaks in which outlet."""

from collections.abc import Iterator

from kg.tables import Change, Heard, Row, Together
from kg.triples.names import digest, path_iri
from kg.triples.terms import Triple, in_graph, optional
from kg.vocab import BASE, KG, RDF, SCHEMA, XSD, Literal, Quad, iri


def changed_table_quads(change: Change, *, base: str = BASE) -> tuple[frozenset[Quad], frozenset[Quad]]:
    """Return the quads that leave ``graph/tables`` with a change, and those that enter it; what stays told is in neither."""
    gone, new = (frozenset(() if row is None else table_quads(row, base=base)) for row in (change.before, change.after))
    return gone - new, new - gone


def table_quads(row: Row, *, base: str = BASE) -> Iterator[Quad]:
    """Yield what ``graph/tables`` says of a row."""
    return in_graph(_together(row, base) if isinstance(row, Together) else _heard(row, base), iri("graph", "tables", base))


def _together(row: Together, base: str) -> Iterator[Triple]:
    node = iri("comention", digest(row.one, row.other), base)
    yield node, RDF.type, KG.CoMention
    yield node, KG.between, path_iri(row.one, base)
    yield node, KG.between, path_iri(row.other, base)
    yield node, KG.articles, _whole(row.articles)


def _heard(row: Heard, base: str) -> Iterator[Triple]:
    node = iri("voice", digest(row.speaker, row.outlet), base)
    yield node, RDF.type, KG.Voice
    yield node, KG.voiceOf, path_iri(row.speaker, base)
    yield from optional(node, (SCHEMA.publisher, row.outlet and Literal(row.outlet)))
    yield node, KG.articles, _whole(row.articles)
    yield node, KG.statements, _whole(row.statements)


def _whole(number: int) -> Literal:
    return Literal(str(number), XSD.integer)
