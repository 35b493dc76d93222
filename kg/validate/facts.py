"""The triples of a graph by subject and predicate, each once."""

import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache

import rdflib

from kg.validate.violations import Violation
from kg.vocab import OA, RDF, SCHEMA, Iri, Literal, Quad, Term


class Facts:
    """What a graph, or a part of one, says.

    Args:
        quads: What is to be checked.
        known: What the rest of the graph says of things that are named here. It answers questions and is not checked itself.
    """

    def __init__(self, quads: Iterable[Quad], known: Iterable[Quad] = ()) -> None:
        self._about: dict[Term, dict[Iri, dict[Term, None]]] = {}
        self._said: dict[Iri, dict[tuple[Iri, Term], None]] = {}
        for subject, predicate, value, _ in quads:
            self._about.setdefault(subject, {}).setdefault(predicate, {})[value] = None
            self._said.setdefault(predicate, {})[subject, value] = None
        for subject, predicate, value, _ in known:
            self._about.setdefault(subject, {}).setdefault(predicate, {})[value] = None

    def triples(self) -> set[tuple[Iri, Iri, Term]]:
        """Return what is to be checked."""
        return {(subject, predicate, value) for predicate, pairs in self._said.items() for subject, value in pairs}

    def pairs(self, predicate: Iri) -> Iterator[tuple[Iri, Term]]:
        """Yield subject and object of each triple with a predicate that is to be checked."""
        return iter(self._said.get(predicate, ()))

    def all(self, subject: Term, predicate: Iri) -> list[Term]:
        """Return the objects of a subject, in the order in which they came."""
        return list(self._about.get(subject, {}).get(predicate, ()))

    def has(self, subject: Term, predicate: Iri, value: Term) -> bool:
        """Tell whether something is said."""
        return value in self._about.get(subject, {}).get(predicate, ())

    def words(self, subject: Term, predicate: Iri) -> list[str]:
        """Return the texts of the literals, sorted."""
        return sorted(value.text for value in self.all(subject, predicate) if isinstance(value, Literal))

    def of_type(self, kind: Iri) -> list[Iri]:
        """Return what is of a class, sorted."""
        return sorted(subject for subject, value in self.pairs(RDF.type) if value == kind)

    def ranges(self, span: Term) -> list[tuple[int, int]]:
        """Return every pair of a start and an end that the span's position selectors give; none where one is no number."""
        selectors = [node for node in self.all(span, OA.hasSelector) if self.has(node, RDF.type, OA.TextPositionSelector)]
        pairs = [(start, end) for node in selectors for start in self.words(node, OA.start) for end in self.words(node, OA.end)]
        return [(int(start), int(end)) for start, end in pairs if start.isdecimal() and end.isdecimal()]

    def article_of(self, node: Iri) -> str:
        """Return the identifier of the article that a node is, is part of or is cut from; empty for others."""
        span = Iri(node.partition(";")[0])
        for article in (node, *self.all(node, SCHEMA.isPartOf), *self.all(span, OA.hasSource)):
            if names := self.words(article, SCHEMA.identifier):
                return names[0]
        return ""

    def passage_of(self, node: Iri) -> str:
        """Return the words of a statement, a span, a quote selector or what is anchored in one; empty for others."""
        quotes = (node, *self.all(node, OA.hasSelector))
        found = [*self.words(node, SCHEMA.text), *(word for quote in quotes for word in self.words(quote, OA.exact))]
        return found[0] if found else ""

    def violation(self, node: Iri, rule: str, message: str, passage: str = "") -> Violation:
        """Return a violation of a node, with its article."""
        return Violation(self.article_of(node), node, rule, message, passage)

    def graph(self) -> rdflib.Graph:
        """Return all triples as rdflib has them."""
        graph = rdflib.Graph()
        for subject, said in self._about.items():
            for predicate, values in said.items():
                for value in values:
                    graph.add((to_rdflib(subject), rdflib.URIRef(predicate), to_rdflib(value)))
        return graph


def to_rdflib(term: Term) -> rdflib.URIRef | rdflib.Literal:
    """Return a term as rdflib has it, its text untouched."""
    return rdflib.URIRef(term) if isinstance(term, Iri) else literal(term)


@lru_cache(4096)
def literal(term: Literal) -> rdflib.Literal:
    """Return a literal as rdflib has it, its text untouched."""
    datatype = None if term.datatype is None else rdflib.URIRef(term.datatype)
    teller = logging.getLogger("rdflib.term")  # it logs a traceback for a day like 2024-13-01, which the shapes tell
    before, teller.disabled = teller.disabled, True
    try:
        return rdflib.Literal(term.text, lang=term.language, datatype=datatype, normalize=False)
    finally:
        teller.disabled = before
