"""What a copy shares with the articles that it prints: which these are, and where their statements and figures stand in it."""

from collections.abc import Iterator, Sequence

from kg.copies import RULE
from kg.records import Original
from kg.triples.names import Names, digest
from kg.triples.page import Page, anchored
from kg.triples.terms import Triple, decimal
from kg.vocab import KG, PROV, RDF, Literal, iri

FINDING = "copy"


def copy_triples(page: Page, originals: Sequence[Original], names: Names) -> Iterator[Triple]:
    """Say what a document is a copy of and how much they have in common, and where it repeats what they say; nothing for others."""
    for original in originals:
        yield from _copy(page, original)
    for at in sorted(names.repeated):
        yield from anchored(page, names.statements[at], KG.appearance, page.extraction.statements[at].content)
    for at in sorted(names.restated):
        yield from anchored(page, names.figures[at], KG.appearance, (page.extraction.figures[at].span,))


def _copy(page: Page, original: Original) -> Iterator[Triple]:
    of = iri("doc", original.extraction.document.key, page.base)
    node = iri("inference", digest(FINDING, page.iri, of), page.base)
    yield page.iri, KG.copyOf, of
    yield node, RDF.type, KG.Inference
    yield node, RDF.type, PROV.Activity
    yield node, KG.finding, Literal(FINDING)
    yield node, KG.rule, Literal(RULE)
    yield node, KG.score, decimal(original.share, 4)
    yield node, KG.note, Literal(_note(page, original))
    yield node, PROV.used, page.iri
    yield node, PROV.used, of


def _note(page: Page, original: Original) -> str:
    mine, theirs = page.extraction.document.id, original.extraction.document.id
    return f"{mine} prints {theirs}: {original.share:.0%} of {RULE} stand in the other"
