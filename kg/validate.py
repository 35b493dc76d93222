"""SHACL shapes and the slice proof over a graph.

The proof needs the texts and nothing else: every span's ``oa:exact`` is what the article has between its offsets, and
every article is the one whose digest the graph names. Both checks take quads, so that a store and an exported file are checked alike.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import TypeAlias

import pyshacl
import rdflib
from rdflib.namespace import SH

from kg.triples import CONTEXT, ELLIPSIS
from kg.vocab import KG, OA, RDF, SCHEMA, Iri, Literal, Quad, Term, ontology_folder


class Severity(StrEnum):
    """How bad it is: only violations make a graph invalid."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """Something in a graph that breaks a rule.

    Attributes:
        article: ``schema:identifier`` of the article it belongs to; empty where there is none.
        node: IRI of the node that breaks the rule.
        rule: Name of the rule: ``slice.exact`` ..., or the shape's own.
        message: What is wrong, in a sentence.
        passage: Where, as ``characters 12–40: the words``; for a shape the value that is wrong, or the words of a node that lacks one.
        severity: How bad it is.
    """

    article: str
    node: str
    rule: str
    message: str
    passage: str = ""
    severity: Severity = Severity.VIOLATION


# ---------------------------------------------------------------- shapes

_SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}


def shapes_report(quads: Iterable[Quad]) -> list[Violation]:
    """Check the union of all graphs against ``ontology/shapes.ttl``.

    Returns:
        What breaks a shape, sorted; warnings too, told by their severity.
    """
    facts = _Facts(quads)
    shapes = rdflib.Graph().parse(ontology_folder() / "shapes.ttl")
    quiet = logging.getLogger("kg.shacl")
    data = facts.graph().parse(ontology_folder() / "acts.ttl")  # so that an act can be told from what only looks like one
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, meta_shacl=False, logger=quiet)
    if not isinstance(results, rdflib.Graph):
        raise TypeError(f"pyshacl gave no graph of results: {results!r}")
    return sorted({_from_result(results, shapes, result, facts) for result in results.subjects(rdflib.RDF.type, SH.ValidationResult)})


def _from_result(results: rdflib.Graph, shapes: rdflib.Graph, result: rdflib.term.Node, facts: "_Facts") -> Violation:
    node = Iri(str(results.value(result, SH.focusNode)))
    source = results.value(result, SH.sourceShape) or rdflib.BNode()
    name = shapes.value(source, SH.name) or results.value(result, SH.sourceConstraintComponent)
    severity = results.value(result, SH.resultSeverity)
    value = results.value(result, SH.value)
    return Violation(
        article=facts.article_of(node),
        node=node,
        rule=f"shape.{str(name).rpartition('#')[2]}",
        message="; ".join(sorted(str(message) for message in results.objects(result, SH.resultMessage))),
        passage=facts.passage_of(node) if value is None or str(value) == node else str(value),
        severity=_SEVERITIES.get(severity, Severity.VIOLATION) if isinstance(severity, rdflib.URIRef) else Severity.VIOLATION,
    )


# ---------------------------------------------------------------- slice proof


def slice_proof(quads: Iterable[Quad], texts: Mapping[str, str], *, kept: Mapping[str, str] = MappingProxyType({})) -> list[Violation]:
    """Prove every span, every statement's text and every article against the texts.

    Args:
        quads: The graph.
        texts: Document key → text.
        kept: Document key → the text as it was read, to show where a changed one parts from it.

    Returns:
        What does not hold, sorted; empty when all is proved.
    """
    facts = _Facts(quads)
    articles = facts.of_type(SCHEMA.NewsArticle)
    spans = facts.of_type(OA.SpecificResource)
    statements = facts.of_type(KG.Statement)
    found = [
        *(wrong for article in articles for wrong in _prove_article(facts, article, texts, kept)),
        *(wrong for span in spans for wrong in _prove_span(facts, span, texts)),
        *(wrong for statement in statements for wrong in _prove_statement(facts, statement)),
    ]
    return sorted(set(found))


def _prove_article(facts: "_Facts", article: Iri, texts: Mapping[str, str], kept: Mapping[str, str]) -> Iterator[Violation]:
    text = texts.get(_key(article))
    if text is None:
        yield facts.violation(article, "slice.text", "the text of the article is missing")
        return
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if facts.words(article, SCHEMA.sha256) != [digest]:
        before = kept.get(_key(article), text)
        passage = "" if before == text else f"first at character {_parting(before, text)}: {_around(text, before)}"
        yield facts.violation(article, "slice.digest", f"the text's SHA-256 is {digest}, the graph says otherwise", passage)


def _prove_span(facts: "_Facts", span: Iri, texts: Mapping[str, str]) -> Iterator[Violation]:
    sources = [source for source in facts.all(span, OA.hasSource) if isinstance(source, Iri)]
    ranges = facts.ranges(span)
    if len(sources) != 1 or len(ranges) != 1 or not 0 <= ranges[0][0] < ranges[0][1]:
        yield facts.violation(span, "slice.range", "the span does not name exactly one article, one start and a later end")
        return
    start, end = ranges[0]
    text = texts.get(_key(sources[0]))
    if text is None:
        yield facts.violation(span, "slice.text", f"the text of {sources[0]} is missing")
        return
    if span != f"{sources[0]}#char={start},{end}":
        yield facts.violation(span, "slice.name", f"the span is called otherwise than its offsets {start} and {end}")
    expected = {
        OA.exact: ("slice.exact", text[start:end]),
        OA.prefix: ("slice.prefix", text[max(0, start - CONTEXT) : start]),
        OA.suffix: ("slice.suffix", text[end : end + CONTEXT]),
    }
    quotes = [quote for quote in facts.all(span, OA.hasSelector) if facts.has(quote, RDF.type, OA.TextQuoteSelector)]
    for predicate, (rule, words) in expected.items():
        told = [value for quote in quotes for value in facts.words(quote, predicate)]
        if told != [words]:
            yield facts.violation(
                span,
                rule,
                f"the article has {_listed([words], told)}, the graph has {_listed(told, [words])}",
                f"characters {start}–{end}: {words}",
            )


def _prove_statement(facts: "_Facts", statement: Iri) -> Iterator[Violation]:
    """A statement's text is its content spans, joined."""
    spans = sorted((where, span) for span in facts.all(statement, KG.content) for where in facts.ranges(span))
    words = ELLIPSIS.join(word for _, span in spans for quote in facts.all(span, OA.hasSelector) for word in facts.words(quote, OA.exact))
    told = facts.words(statement, SCHEMA.text)
    if told != [words]:
        yield facts.violation(
            statement, "slice.statement", f"its content reads {_listed([words], told)}, the graph has {_listed(told, [words])}", words
        )


def _listed(values: list[str], others: list[str]) -> str:
    """Return texts in quotation marks, each cut to where it parts from the first of the others."""
    return " and ".join(repr(_around(value, others[0] if others else "")) for value in values) or "nothing"


def _parting(text: str, other: str) -> int:
    """Return the first position where two texts differ, the length of the shorter one if it begins the other."""
    return next((at for at, pair in enumerate(zip(text, other, strict=False)) if pair[0] != pair[1]), min(len(text), len(other)))


def _around(text: str, other: str) -> str:
    """Return some words around the place where a text parts from another."""
    start = max(0, _parting(text, other) - CONTEXT)
    end = start + 3 * CONTEXT
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _key(article: Iri) -> str:
    return article.rpartition("/")[2]


# ---------------------------------------------------------------- a file beside its store


def differences(quads: Iterable[Quad], store: Iterable[Quad]) -> list[Violation]:
    """Compare a file's triples with those of the store that it was exported from, graphs aside.

    Returns:
        A violation for each triple that the file lacks, and a warning for each that only the file has, sorted.
    """
    facts, known = _Facts(quads), _Facts(store)
    lost = [known.violation(node, "export.missing", f"the file lacks {_told(*told)}") for node, *told in known.triples() - facts.triples()]
    more = [facts.violation(node, "export.added", f"the store lacks {_told(*told)}") for node, *told in facts.triples() - known.triples()]
    return sorted([*lost, *(replace(found, severity=Severity.WARNING) for found in more)])


def _told(predicate: Term, value: Term) -> str:
    """Return a predicate and its object as they are read."""
    return f"{str(predicate).rpartition('#')[2].rpartition('/')[2]} {repr(value.text) if isinstance(value, Literal) else value}"


# ---------------------------------------------------------------- facts


_Index: TypeAlias = defaultdict[tuple[Term, Iri], list[Term]]


class _Facts:
    """The triples of a graph by subject and predicate, each once."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._index: _Index = defaultdict(list)
        self._types: defaultdict[Iri, list[Iri]] = defaultdict(list)
        for subject, predicate, value in dict.fromkeys((subject, predicate, value) for subject, predicate, value, _ in quads):
            self._index[subject, predicate].append(value)
            if predicate == RDF.type and isinstance(value, Iri):
                self._types[value].append(subject)

    def triples(self) -> set[tuple[Iri, Iri, Term]]:
        return {
            (subject, predicate, value)
            for (subject, predicate), values in self._index.items()
            if isinstance(subject, Iri)
            for value in values
        }

    def all(self, subject: Term, predicate: Iri) -> list[Term]:
        return self._index.get((subject, predicate), [])

    def has(self, subject: Term, predicate: Iri, value: Term) -> bool:
        return value in self.all(subject, predicate)

    def words(self, subject: Term, predicate: Iri) -> list[str]:
        """Return the texts of the literals, sorted."""
        return sorted(value.text for value in self.all(subject, predicate) if isinstance(value, Literal))

    def of_type(self, kind: Iri) -> list[Iri]:
        return sorted(self._types[kind])

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
        """Return the words of a statement, a span or a quote selector; empty for others."""
        quotes = (node, *self.all(node, OA.hasSelector))
        found = [*self.words(node, SCHEMA.text), *(word for quote in quotes for word in self.words(quote, OA.exact))]
        return found[0] if found else ""

    def violation(self, node: Iri, rule: str, message: str, passage: str = "") -> Violation:
        return Violation(self.article_of(node), node, rule, message, passage)

    def graph(self) -> rdflib.Graph:
        """Return the triples as rdflib has them."""
        graph = rdflib.Graph()
        for (subject, predicate), values in self._index.items():
            for value in values:
                graph.add((_to_rdflib(subject), rdflib.URIRef(predicate), _to_rdflib(value)))
        return graph


def _to_rdflib(term: Term) -> rdflib.URIRef | rdflib.Literal:
    if isinstance(term, Iri):
        return rdflib.URIRef(term)
    datatype = None if term.datatype is None else rdflib.URIRef(term.datatype)
    return rdflib.Literal(term.text, lang=term.language, datatype=datatype, normalize=False)
