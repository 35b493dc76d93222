"""``ontology/shapes.ttl`` read into functions, so that an article is checked in milliseconds.

The same answers as a whole SHACL engine gives (``standard``), for the constructs that our shapes use: a test holds the two together.
Types are taken as they are told, without subclass axioms. The three constraints that are written in SPARQL have a reading of their own
here, by the name of their shape.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF as RDFLIB_RDF
from rdflib.namespace import SH

from kg.validate.facts import Facts, literal
from kg.validate.violations import Severity, Violation
from kg.vocab import KG, OA, RDF, SCHEMA, XSD, Iri, Literal, Term, ontology_folder

SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}

Path: TypeAlias = Callable[[Facts, Term], list[Term]]
"""From a node to its values, each once."""
Test: TypeAlias = Callable[[Facts, Term, Sequence[Term]], Iterable[Term | None]]
"""From a node and its values to the values that are wrong; ``None`` where the node as a whole is."""
Reader: TypeAlias = Callable[[rdflib.Graph, rdflib.term.Node, rdflib.term.Node], Test]
"""From a shapes graph, a shape and an argument of one of its constraints to the test that it asks for."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A rule about nodes, with the rules about their properties.

    Attributes:
        path: How to get from a node to the values in question; ``None`` where the node itself is in question.
        classes, subjects_of, objects_of: Which nodes it is about.
    """

    name: str
    message: str
    severity: Severity
    path: Path | None
    tests: tuple[Test, ...]
    parts: tuple["Shape", ...]
    classes: tuple[Iri, ...] = ()
    subjects_of: tuple[Iri, ...] = ()
    objects_of: tuple[Iri, ...] = ()

    def targets(self, facts: Facts, kinds: dict[Iri, list[Iri]]) -> Iterable[Term]:
        """Return the nodes it is about, each once; ``kinds`` has the nodes of each class."""
        found: list[Term] = [node for kind in self.classes for node in kinds.get(kind, ())]
        found += [subject for predicate in self.subjects_of for subject, _ in facts.pairs(predicate)]
        found += [value for predicate in self.objects_of for _, value in facts.pairs(predicate)]
        return dict.fromkeys(found)

    def wrong(self, facts: Facts, node: Term) -> Iterator[tuple["Shape", Term | None]]:
        """Yield each rule that a node breaks, with the value that breaks it, ``None`` where there is none to name."""
        values = [node] if self.path is None else self.path(facts, node)
        for test in self.tests:
            for value in test(facts, node, values):
                yield self, value
        for part in self.parts:
            for value in values:
                yield from part.wrong(facts, value)

    def holds(self, facts: Facts, node: Term) -> bool:
        """Tell whether a node breaks no rule."""
        return next(self.wrong(facts, node), None) is None


def check(facts: Facts) -> list[Violation]:
    """Return what breaks a shape, sorted; warnings too, told by their severity."""
    kinds: dict[Iri, list[Iri]] = {}
    for subject, kind in facts.pairs(RDF.type):
        if isinstance(kind, Iri):
            kinds.setdefault(kind, []).append(subject)
    found = {
        _violation(facts, node, rule, value)
        for shape in shapes()
        for node in shape.targets(facts, kinds)
        for rule, value in shape.wrong(facts, node)
    }
    return sorted(found)


def _violation(facts: Facts, node: Term, rule: Shape, value: Term | None) -> Violation:
    name, told = Iri(_text(node)), None if value is None else _text(value)
    passage = facts.passage_of(name) if told is None or told == name else told
    return Violation(facts.article_of(name), name, f"shape.{rule.name}", rule.message, passage, rule.severity)


# ---------------------------------------------------------------- reading the shapes


@cache
def shapes() -> tuple[Shape, ...]:
    """Return the shapes of ``ontology/shapes.ttl`` that name their targets, by IRI; read once a process."""
    return read(rdflib.Graph().parse(ontology_folder() / "shapes.ttl"))


def read(graph: rdflib.Graph) -> tuple[Shape, ...]:
    """Return the shapes of a graph that name their targets, by IRI.

    Raises:
        ValueError: A construct is in use that this reading does not know.
    """
    return tuple(_shape(graph, node) for node in sorted(graph.subjects(RDFLIB_RDF.type, SH.NodeShape), key=str))


def _shape(graph: rdflib.Graph, node: rdflib.term.Node) -> Shape:
    tests, parts = [], []
    for predicate, value in sorted(graph.predicate_objects(node), key=str):
        if predicate == SH.property:
            parts.append(_shape(graph, value))
        elif predicate in _READERS:
            tests.append(_READERS[predicate](graph, node, value))
        elif predicate not in _OTHERS:
            raise ValueError(f"{predicate} of {graph.value(node, SH.name) or node} has no reading here")
    constraint, path = graph.value(node, SH.sparql), graph.value(node, SH.path)
    severity = graph.value(node, SH.severity)
    return Shape(
        name=str(graph.value(node, SH.name) or ""),
        message=str(graph.value(node, SH.message) or graph.value(constraint, SH.message) or ""),
        severity=SEVERITIES[severity] if isinstance(severity, rdflib.URIRef) else Severity.VIOLATION,
        path=None if path is None else _path(graph, path),
        tests=tuple(tests),
        parts=tuple(sorted(parts, key=lambda part: part.name)),
        classes=_iris(graph, node, SH.targetClass),
        subjects_of=_iris(graph, node, SH.targetSubjectsOf),
        objects_of=_iris(graph, node, SH.targetObjectsOf),
    )


_OTHERS = {
    *(RDFLIB_RDF.type, SH.name, SH.message, SH.severity, SH.path, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf),
    *(SH.qualifiedMinCount, SH.qualifiedMaxCount),
}
"""What is no constraint, or is read with another."""


def _iris(graph: rdflib.Graph, node: rdflib.term.Node, predicate: rdflib.URIRef) -> tuple[Iri, ...]:
    return tuple(sorted(Iri(str(value)) for value in graph.objects(node, predicate)))


def _path(graph: rdflib.Graph, node: rdflib.term.Node) -> Path:
    """Return how to follow a predicate, some predicates, or several paths one after the other."""
    if isinstance(node, rdflib.URIRef):
        predicate = Iri(str(node))
        return lambda facts, subject: facts.all(subject, predicate)
    if choices := graph.value(node, SH.alternativePath):
        ways = [_path(graph, way) for way in Collection(graph, choices)]
        return lambda facts, subject: list(dict.fromkeys(value for way in ways for value in way(facts, subject)))
    steps = [_path(graph, step) for step in Collection(graph, node)]
    if not steps:
        raise ValueError(f"{node} is a kind of path that has no reading here")
    return lambda facts, subject: _walk(facts, subject, steps)


def _walk(facts: Facts, subject: Term, steps: Sequence[Path]) -> list[Term]:
    reached = [subject]
    for step in steps:
        reached = list(dict.fromkeys(value for node in reached for value in step(facts, node)))
    return reached


def _term(node: rdflib.term.Node) -> Term:
    if not isinstance(node, rdflib.Literal):
        return Iri(str(node))
    datatype = None if node.datatype is None or node.datatype == rdflib.XSD.string else Iri(str(node.datatype))
    return Literal(str(node), datatype, node.language)


# ---------------------------------------------------------------- the constraints (https://www.w3.org/TR/shacl/#core-components)


def _each(wrong: Callable[[Facts, Term], bool]) -> Test:
    """Return the test that looks at each value alone."""
    return lambda facts, _, values: [value for value in values if wrong(facts, value)]


def _min_count(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    least = int(str(value))
    return lambda facts, node, values: (None,) if len(values) < least else ()


def _max_count(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    most = int(str(value))
    return lambda facts, node, values: (None,) if len(values) > most else ()


def _class(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    kind = Iri(str(value))
    return _each(lambda facts, term: not facts.has(term, RDF.type, kind))


def _node_kind(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    kind = {SH.IRI: Iri, SH.Literal: Literal}[rdflib.URIRef(str(value))]
    return _each(lambda _, term: not isinstance(term, kind))


def _datatype(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    datatype = Iri(str(value))
    return _each(lambda _, term: not _is_a(term, datatype))


def _is_a(term: Term, datatype: Iri) -> bool:
    """Tell whether a term is a literal of a datatype, and well written where rdflib knows how it is written."""
    if not isinstance(term, Literal) or term.language is not None or (term.datatype or XSD.string) != datatype:
        return False
    read = literal(term)
    return not read.ill_typed and (read.value is not None or datatype == XSD.anyURI)


def _in(graph: rdflib.Graph, _: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    known = {_term(item) for item in Collection(graph, value)}
    return _each(lambda _, term: term not in known)


def _min_length(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    least = int(str(value))
    return _each(lambda _, term: len(_text(term)) < least)


def _max_length(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    most = int(str(value))
    return _each(lambda _, term: len(_text(term)) > most)


def _pattern(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    pattern = re.compile(str(value))
    return _each(lambda _, term: pattern.search(_text(term)) is None)


def _text(term: Term) -> str:
    return term.text if isinstance(term, Literal) else term


def _min_inclusive(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    least = literal(_number(value))
    return _each(lambda _, term: (_order(term, least) or 0) < 0 or _order(term, least) is None)


def _max_inclusive(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    most = literal(_number(value))
    return _each(lambda _, term: (_order(term, most) or 0) > 0 or _order(term, most) is None)


def _number(node: rdflib.term.Node) -> Literal:
    return Literal(str(node), XSD.integer)


def _order(term: Term, other: rdflib.Literal) -> int | None:
    """Return -1, 0 or 1 as a literal is less than, equal to or more than a number; ``None`` where that has no answer."""
    if not isinstance(term, Literal) or isinstance((mine := literal(term)).value, str):
        return None
    try:
        return 0 if mine.eq(other) else 1 if mine > other else -1
    except TypeError:
        return None


def _less_than(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    return _pairwise(Iri(str(value)), lambda mine, other: mine < other)


def _at_most(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    return _pairwise(Iri(str(value)), lambda mine, other: mine <= other)


def _pairwise(predicate: Iri, fits: Callable[[rdflib.Literal | str, rdflib.Literal | str], bool]) -> Test:
    """Return the test that sets each value beside each object of another predicate: texts beside texts, numbers beside numbers."""

    def test(facts: Facts, node: Term, values: Sequence[Term]) -> list[Term]:
        others = [_comparable(other) for other in facts.all(node, predicate)]
        return [value for value in values if not all(_fits(_comparable(value), other) for other in others)]

    def _fits(mine: rdflib.Literal | str, other: rdflib.Literal | str) -> bool:
        return isinstance(mine, rdflib.Literal) is isinstance(other, rdflib.Literal) and fits(mine, other)

    return test


def _comparable(term: Term) -> rdflib.Literal | str:
    """Return what is compared of a term: of an IRI and of a literal whose value is a text the text, of others the literal."""
    if isinstance(term, Iri):
        return str(term)
    read = literal(term)
    return read.value if isinstance(read.value, str) else read


def _equals(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    predicate = Iri(str(value))
    return lambda facts, node, values: set(values) ^ set(facts.all(node, predicate))


def _disjoint(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    predicate = Iri(str(value))
    return _with_node(lambda facts, node, term: facts.has(node, predicate, term))


def _with_node(wrong: Callable[[Facts, Term, Term], bool]) -> Test:
    return lambda facts, node, values: [value for value in values if wrong(facts, node, value)]


def _unique_lang(_: rdflib.Graph, __: rdflib.term.Node, ___: rdflib.term.Node) -> Test:
    def test(_: Facts, __: Term, values: Sequence[Term]) -> tuple[None, ...]:
        languages = [value.language for value in values if isinstance(value, Literal) and value.language]
        return (None,) if len(set(languages)) < len(languages) else ()

    return test


def _has_value(_: rdflib.Graph, __: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    wanted = _term(value)
    return lambda facts, node, values: () if wanted in values else (None,)


def _qualified(graph: rdflib.Graph, node: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    shape = _shape(graph, value)
    least, most = (graph.value(node, bound) for bound in (SH.qualifiedMinCount, SH.qualifiedMaxCount))

    def test(facts: Facts, _: Term, values: Sequence[Term]) -> tuple[None, ...]:
        count = sum(shape.holds(facts, term) for term in values)
        return (None,) if (least and count < int(str(least))) or (most and count > int(str(most))) else ()

    return test


def _not(graph: rdflib.Graph, _: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    shape = _shape(graph, value)
    return _each(shape.holds)


def _or(graph: rdflib.Graph, _: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    choices = [_shape(graph, choice) for choice in Collection(graph, value)]
    return _each(lambda facts, term: not any(choice.holds(facts, term) for choice in choices))


def _xone(graph: rdflib.Graph, _: rdflib.term.Node, value: rdflib.term.Node) -> Test:
    choices = [_shape(graph, choice) for choice in Collection(graph, value)]
    return _each(lambda facts, term: sum(choice.holds(facts, term) for choice in choices) != 1)


# ---------------------------------------------------------------- the constraints in SPARQL


def _sparql(graph: rdflib.Graph, node: rdflib.term.Node, _: rdflib.term.Node) -> Test:
    name = str(graph.value(node, SH.name))
    if name not in _NATIVE:
        raise ValueError(f"the query of {name} has no reading here")
    return _NATIVE[name]


def _inside_content(facts: Facts, node: Term, _: Sequence[Term]) -> list[Term]:
    """Return the cues and sources of a statement that lie within a span of its content."""
    outer = [where for span in facts.all(node, KG.content) for where in _positions(facts, span)]
    parts = [part for predicate in (KG.cue, KG.sourceMention) for part in facts.all(node, predicate)]
    return [
        part
        for part in parts
        if any(_at_least(start, first) and _at_least(last, end) for start, end in _positions(facts, part) for first, last in outer)
    ]


def _positions(facts: Facts, span: Term) -> list[tuple[Term, Term]]:
    selectors = facts.all(span, OA.hasSelector)
    return [(start, end) for node in selectors for start in facts.all(node, OA.start) for end in facts.all(node, OA.end)]


def _said_after(facts: Facts, node: Term, _: Sequence[Term]) -> list[Term]:
    """Return the days on which something was said that are later than the publication of its article."""
    published = [day for article in facts.all(node, SCHEMA.isPartOf) for day in facts.all(article, SCHEMA.datePublished)]
    return [day for day in facts.all(node, KG.saidOn) if any(_at_least(day, other) and not _at_least(other, day) for other in published)]


def _at_least(mine: Term, other: Term) -> bool:
    """Tell whether ``mine >= other`` is true in SPARQL: not where two terms cannot be compared."""
    if not (isinstance(mine, Literal) and isinstance(other, Literal)):
        return False
    try:
        return literal(other).__le__(literal(mine)) is True
    except TypeError:
        return False


_NATIVE: dict[str, Test] = {
    "statement.insideQuotation": _inside_content,
    "statement.insideContent": _inside_content,
    "statement.saidAfter": _said_after,
}
_READERS: dict[rdflib.term.Node, Reader] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH["class"]: _class,
    SH.nodeKind: _node_kind,
    SH.datatype: _datatype,
    SH["in"]: _in,
    SH.minLength: _min_length,
    SH.maxLength: _max_length,
    SH.pattern: _pattern,
    SH.minInclusive: _min_inclusive,
    SH.maxInclusive: _max_inclusive,
    SH.lessThan: _less_than,
    SH.lessThanOrEquals: _at_most,
    SH.equals: _equals,
    SH.disjoint: _disjoint,
    SH.uniqueLang: _unique_lang,
    SH.hasValue: _has_value,
    SH.qualifiedValueShape: _qualified,
    SH["not"]: _not,
    SH["or"]: _or,
    SH.xone: _xone,
    SH.sparql: _sparql,
}
