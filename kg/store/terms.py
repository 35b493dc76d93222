"""Our own terms and Oxigraph's: what goes in, what comes out, and what a query answers."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.errors import StoreError
from kg.vocab import XSD, Iri, Literal, Quad


class Blank(str):
    """A blank node that a query made; our own graphs hold none."""

    __slots__ = ()


Value: TypeAlias = Iri | Literal | Blank
Triple: TypeAlias = tuple[Value, Iri, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """What SELECT answers: a value or ``None`` (unbound) in each column of each row, in the engine's order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Triples:
    """What CONSTRUCT and DESCRIBE answer."""

    rows: tuple[Triple, ...]


Answer: TypeAlias = Table | Triples | bool

_LONG = 240
_STRING = XSD.string
_NO_NAME = re.compile(r"[<>\\\s]")
"""What would end an IRI within a line, or change it; what else an IRI may not hold Oxigraph knows."""
_ESCAPED = {code: rf"\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | str.maketrans(
    {'"': r"\"", "\\": r"\\", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
)
"""What canonical N-Quads escape, and how (RDF 1.2 N-Quads): as Oxigraph writes them, whose lines are compared with ours."""
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f\ufffe\uffff]')
_LANGUAGE = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


# ---------------------------------------------------------------- in


def to_triple(triple: Triple) -> ox.Triple:
    """Return Oxigraph's triple for ours."""
    subject, predicate, value = triple
    return ox.Triple(_to_node(subject), ox.NamedNode(predicate), to_term(value))


def to_quad(quad: Quad) -> ox.Quad:
    """Return Oxigraph's quad for ours."""
    subject, predicate, value, graph = quad
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), to_term(value), ox.NamedNode(graph))


def to_term(value: Value) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return Oxigraph's term for ours.

    Raises:
        ValueError: It is no IRI or no language tag.
    """
    if not isinstance(value, Literal):
        return _to_node(value)
    if value.language is not None:
        return ox.Literal(value.text, language=value.language)
    return ox.Literal(value.text, datatype=ox.NamedNode(value.datatype or _STRING))


def _to_node(value: Value) -> ox.NamedNode | ox.BlankNode:
    if isinstance(value, Literal):
        raise ValueError(f"a literal cannot be a subject: {value.text!r}")
    return ox.BlankNode(value) if isinstance(value, Blank) else ox.NamedNode(value)


def to_lines(quads: Iterable[Quad]) -> Iterator[str]:
    """Yield the N-Quads line of each quad: Oxigraph reads these three times as fast as its own terms are made in Python.

    Raises:
        ValueError: An IRI or a language tag holds what would end it.
    """
    named = _Named()
    for subject, predicate, value, graph in quads:
        object_ = _literal(value, named) if isinstance(value, Literal) else named[value]
        yield f"{named[subject]} {named[predicate]} {object_} {named[graph]} .\n"


class _Named(dict[str, str]):
    """IRI → how it stands in a line, each looked at once."""

    def __missing__(self, iri: str) -> str:
        if _NO_NAME.search(iri):
            raise ValueError(f"this is no IRI: {iri!r}")
        self[iri] = text = f"<{iri}>"
        return text


def _literal(value: Literal, named: _Named) -> str:
    text = value.text.translate(_ESCAPED) if _TO_ESCAPE.search(value.text) else value.text
    if value.language is not None:
        if not _LANGUAGE.fullmatch(value.language):
            raise ValueError(f"this is no language tag: {value.language!r}")
        return f'"{text}"@{value.language}'
    return f'"{text}"' if value.datatype is None else f'"{text}"^^{named[value.datatype]}'


# ---------------------------------------------------------------- out


def from_term(term: object) -> Value:
    """Return our own term for one of Oxigraph's; a plain string has no datatype."""
    read = _READ.get(type(term))
    if read is None:
        raise ValueError(f"triples within triples are not supported: {term}")
    return read(term)


def _from_literal(term: ox.Literal) -> Literal:
    if term.language is not None:
        return Literal(term.value, None, term.language)
    datatype = term.datatype.value
    return Literal(term.value, None if datatype == _STRING else Iri(datatype))


_READ: dict[type, Callable[[Any], Value]] = {
    ox.NamedNode: lambda term: Iri(term.value),
    ox.Literal: _from_literal,
    ox.BlankNode: lambda term: Blank(term.value),
}


def from_triple(triple: ox.Triple) -> Triple:
    """Return our own triple for one of Oxigraph's."""
    return from_term(triple.subject), Iri(triple.predicate.value), from_term(triple.object)


def from_quad(quad: ox.Quad, graph: Iri | None = None) -> Quad:
    """Return our own quad; ``graph`` is the home of one without a graph.

    Raises:
        StoreError: It holds a blank node or stands in no graph.
    """
    subject, predicate, value = from_triple(quad.triple)
    home = graph if isinstance(quad.graph_name, ox.DefaultGraph) else from_term(quad.graph_name)
    if not isinstance(subject, Iri) or isinstance(value, Blank) or not isinstance(home, Iri):
        raise StoreError(f"a blank node stands in {quad}", "Give it an IRI: every node of our graphs has one.")
    return subject, predicate, value, home


def answer(found: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Answer:
    """Return what a query found, read to its end."""
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if isinstance(found, ox.QueryTriples):
        return Triples(tuple(from_triple(triple) for triple in found))
    columns = tuple(variable.value for variable in found.variables)
    return Table(columns, tuple(tuple(None if term is None else from_term(term) for term in row) for row in found))


def brief(error: Exception) -> str:
    """Return a parser's message in one line, without its long lists of characters that it would have liked."""
    words = " ".join(str(error).split())
    return words if len(words) <= _LONG else f"{words[:_LONG].rpartition(', ')[0]} …"
