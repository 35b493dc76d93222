"""The graph of a document: the article, its mentions, and what stands in it."""

from collections.abc import Iterator
from itertools import chain

from kg.records import Collection, Extraction, Mention
from kg.triples.figures import figure_triples, time_triples
from kg.triples.names import numbered, statement_iris
from kg.triples.page import Page, anchored, selected
from kg.triples.statements import relays, statement_triples
from kg.triples.terms import Triple, day, in_graph, optional, worded
from kg.vocab import BASE, KG, ORG, PROV, RDF, SCHEMA, XSD, Iri, Literal, Quad, iri, span_iri


def document_quads(collection: Collection, extraction: Extraction, *, run: Iri | None = None, base: str = BASE) -> Iterator[Quad]:
    """Yield the graph ``graph/{key}`` of one document, without repetition.

    Args:
        collection: Where the document's chains and voices were resolved.
        extraction: One of its extractions.
        run: The run that made the statements (``run_iri``), where it shall be named.
        base: Namespace of the data.

    Raises:
        KeyError: A voice of the document is not resolved in ``collection``.
        AttributeError: A statement's act is none of ``vocab.ACT``.
    """
    page = Page(collection, extraction, base)
    names = statement_iris(extraction, base=base)
    homes = {mention: number for number, link in enumerate(extraction.chains) for mention in link.mentions}
    triples = chain(
        _article(page),
        chain.from_iterable(_mention(page, mention, homes.get(at)) for at, mention in enumerate(extraction.mentions)),
        chain.from_iterable(statement_triples(page, name, said, run) for name, said in zip(names, extraction.statements, strict=True)),
        relays(extraction, names),
        chain.from_iterable(time_triples(page, time) for time in extraction.times),
        chain.from_iterable(figure_triples(page, figure, names) for figure in extraction.figures),
        _memberships(page),
        _doubts(page),
    )
    return in_graph(triples, iri("graph", page.key, base))


def _article(page: Page) -> Iterator[Triple]:
    document = page.extraction.document
    yield page.iri, RDF.type, SCHEMA.NewsArticle
    yield page.iri, RDF.type, PROV.Entity
    yield page.iri, SCHEMA.identifier, Literal(document.id)
    yield page.iri, SCHEMA.sha256, Literal(document.sha256)
    yield page.iri, SCHEMA.inLanguage, Literal(document.language)
    yield from optional(
        page.iri,
        (SCHEMA.datePublished, document.date and day(document.date)),
        (SCHEMA.headline, document.title and worded(document.title, document.language)),
        (SCHEMA.url, document.url and Literal(document.url, XSD.anyURI)),
        (SCHEMA.publisher, document.publisher and Literal(document.publisher)),
        (SCHEMA.author, document.author and Literal(document.author)),
    )


def _mention(page: Page, mention: Mention, home: int | None) -> Iterator[Triple]:
    """Say what a name names; ``home`` is the chain it belongs to."""
    at = span_iri(page.iri, mention.span)
    country = None if home is None or not mention.metonym else page.extraction.chains[home].country
    yield from selected(page, mention.span)
    yield at, RDF.type, KG.Mention
    yield at, KG.kind, getattr(KG, mention.kind)
    yield at, KG.rule, Literal(mention.rule)
    yield from optional(
        at,
        (KG.zone, mention.zone and Literal(mention.zone)),
        (KG.refersTo, page.chain(home)),
        (KG.metonymOf, page.government(country)),
    )


def _memberships(page: Page) -> Iterator[Triple]:
    """Say what posts the text gives people: whose, in what body, as of the article's day (the Organization Ontology's Membership)."""
    document = page.extraction.document
    held = [(number, role) for number, link in enumerate(page.extraction.chains) for role in link.roles]
    keys = [f"{page.key}-{role.span.start}-{role.span.end}" for _, role in held]
    names = numbered("membership", keys, [number for number, _ in held], page.base)
    for name, (number, role) in zip(names, held, strict=True):
        yield name, RDF.type, ORG.Membership
        yield name, SCHEMA.isPartOf, page.iri
        yield name, SCHEMA.roleName, worded(role.text, page.language)
        yield from optional(
            name,
            (ORG.member, page.chain(number)),
            (ORG.organization, page.voice(role.of)),
            (KG.asOf, document.date and day(document.date)),
        )
        yield from anchored(page, name, KG.anchor, (role.span,))


def _doubts(page: Page) -> Iterator[Triple]:
    doubts = page.extraction.doubts
    keys = [f"{page.key}-{doubt.span.start}-{doubt.span.end}" for doubt in doubts]
    for name, doubt in zip(numbered("doubt", keys, [doubt.why for doubt in doubts], page.base), doubts, strict=True):
        yield name, RDF.type, KG.Doubt
        yield name, SCHEMA.isPartOf, page.iri
        yield name, KG.why, Literal(doubt.why)
        yield from anchored(page, name, KG.anchor, (doubt.span,))
