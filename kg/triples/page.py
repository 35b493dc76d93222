"""How the parts of a document are called, and where in its text they stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.records import Collection, Extraction, Span, Voice
from kg.triples.names import entity_iri
from kg.triples.terms import Triple
from kg.vocab import OA, RDF, XSD, Iri, Literal, iri, selector_iri, span_iri

CONTEXT = 32
"""Code points of ``oa:prefix`` and ``oa:suffix``."""


@dataclass(frozen=True)
class Page:
    """One document in its collection, and how its parts are called."""

    collection: Collection
    extraction: Extraction
    base: str

    @cached_property
    def key(self) -> str:
        """Return the key of the document."""
        return self.extraction.document.key

    @cached_property
    def iri(self) -> Iri:
        """Return the IRI of the document."""
        return iri("doc", self.key, self.base)

    @property
    def language(self) -> str:
        """Return the language of the document, as it was told."""
        return self.extraction.document.language

    def voice(self, voice: Voice | None) -> Iri | None:
        """Return the entity behind a voice; ``None`` for no voice."""
        entity = self.collection.entity_of(self.key, voice)
        return None if entity is None else entity_iri(entity, self.base)

    def chain(self, index: int | None) -> Iri | None:
        """Return what a chain of mentions refers to; ``None`` for no chain and for one that refers to nothing."""
        at = None if index is None else self.collection.refers.get((self.key, index))
        return None if at is None else entity_iri(self.collection.entities[at], self.base)

    def government(self, country: str | None) -> Iri | None:
        """Return the government of a country that the document lets speak; ``None`` for no country and where it does not."""
        at = None if country is None else self.collection.voices.get((self.key, country))
        return None if at is None else entity_iri(self.collection.entities[at], self.base)


def anchored(page: Page, subject: Iri, predicate: Iri, spans: Iterable[Span]) -> Iterator[Triple]:
    """Link a subject to spans of the document, and say where these stand."""
    for span in spans:
        yield subject, predicate, span_iri(page.iri, span)
        yield from selected(page, span)


def selected(page: Page, span: Span) -> Iterator[Triple]:
    """Say where a span stands and what it reads (Web Annotation: code points, context as it is)."""
    text, node = page.extraction.document.text, span_iri(page.iri, span)
    position, quote = selector_iri(node, "position"), selector_iri(node, "quote")
    yield node, RDF.type, OA.SpecificResource
    yield node, OA.hasSource, page.iri
    yield node, OA.hasSelector, position
    yield node, OA.hasSelector, quote
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, Literal(str(span.start), XSD.integer)
    yield position, OA.end, Literal(str(span.end), XSD.integer)
    yield quote, RDF.type, OA.TextQuoteSelector
    yield quote, OA.exact, Literal(span.of(text))
    yield quote, OA.prefix, Literal(text[max(0, span.start - CONTEXT) : span.start])
    yield quote, OA.suffix, Literal(text[span.end : span.end + CONTEXT])
