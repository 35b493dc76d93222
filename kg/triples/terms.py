"""Triples, and the literals in them, in the canonical form that Oxigraph gives back.

Whole decimals are integers: every XSD integer is a decimal, and rdflib rewrites ``"1"^^xsd:decimal``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

from kg.vocab import XSD, Iri, Literal, Quad, Term

Triple: TypeAlias = tuple[Iri, Iri, Term]


def in_graph(triples: Iterable[Triple], graph: Iri) -> Iterator[Quad]:
    """Yield triples as quads of a graph, without repetition, in the order in which they come."""
    return ((*triple, graph) for triple in dict.fromkeys(triples))


def optional(subject: Iri, *pairs: tuple[Iri, Term | str | None]) -> Iterator[Triple]:
    """Yield the pairs whose value is there: neither ``None`` nor the empty string that came in for it."""
    for predicate, value in pairs:
        if isinstance(value, (Iri, Literal)):
            yield subject, predicate, value


def worded(text: str, language: str) -> Literal:
    """Return text in a language; without a tag where ``language`` is not a tag (BCP 47, as RDF 1.1 spells it)."""
    tag = re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", language)
    return Literal(text, language=language.lower() if tag else None)


@lru_cache(4096)
def named(name: str) -> Literal:
    """Return a name: English where its letters are Latin, else without a language, since nobody said which."""
    letters = (unicodedata.name(char, "") for char in name if char.isalpha())
    return Literal(name, language="en" if all(letter.startswith("LATIN") for letter in letters) else None)


@lru_cache(4096)
def day(text: str) -> Literal:
    """Return an ISO date or the day of an ISO moment as ``xsd:date``; other text stays text."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            found = read(text)
        except ValueError:
            continue
        return Literal((found.date() if isinstance(found, datetime) else found).isoformat(), XSD.date)
    return Literal(text)


def instant(text: str) -> Literal:
    """Return an ISO moment as ``xsd:dateTime``."""
    return Literal(text, XSD.dateTime)


def decimal(value: float, digits: int) -> Literal:
    """Return a number rounded to ``digits`` decimals: ``xsd:decimal``, or ``xsd:integer`` where nothing is left behind the point."""
    whole, _, fraction = f"{round(value, digits) + 0.0:.{digits}f}".partition(".")
    fraction = fraction.rstrip("0")
    return Literal(f"{whole}.{fraction}", XSD.decimal) if fraction else Literal(whole, XSD.integer)
