"""What is said in a document: by whom, to whom, of whom, with which words."""

from collections.abc import Iterator

from kg.records import Class, Extraction, Statement, Type
from kg.triples.names import Names
from kg.triples.page import Page, anchored
from kg.triples.terms import Triple, day, decimal, optional, worded
from kg.vocab import ACT, KG, PROV, RDF, SCHEMA, XSD, Iri, Literal

ELLIPSIS = " … "
"""What stands in ``schema:text`` between the spans of a split statement."""

STATEMENT_TYPES = {
    Type.DIRECT: (KG.Statement, KG.DirectQuotation, SCHEMA.Quotation, PROV.Entity),
    Type.MIXED: (KG.Statement, KG.MixedQuotation, SCHEMA.Quotation, PROV.Entity),
    Type.INDIRECT: (KG.Statement, KG.IndirectStatement, SCHEMA.Claim, PROV.Entity),
}

CLASSES = {Class.REPORT: KG.Report, Class.STANCE: KG.Stance, Class.ACT: KG.Act}


def statement_triples(page: Page, name: Iri, said: Statement, run: Iri | None) -> Iterator[Triple]:
    """Say what a statement called ``name`` says and who says it; ``run`` made it, where that shall be named."""
    text, speaker = page.extraction.document.text, page.voice(said.speaker)
    for kind in STATEMENT_TYPES[said.type]:
        yield name, RDF.type, kind
    yield name, SCHEMA.text, worded(ELLIPSIS.join(span.of(text) for span in said.content), page.language)
    yield name, SCHEMA.isPartOf, page.iri
    yield name, PROV.wasQuotedFrom, page.iri
    yield name, KG.act, getattr(ACT, said.act)
    yield name, KG.actClass, CLASSES[said.kind]
    yield name, KG.dateStatus, getattr(KG, said.date_status)
    yield name, KG.rule, Literal(said.rule)
    yield name, KG.confidence, decimal(said.confidence, 4)
    yield from optional(
        name,
        (SCHEMA.appearance, page.iri if said.type is Type.INDIRECT else None),
        (KG.speaker, speaker),
        (SCHEMA.spokenByCharacter, None if said.type is Type.INDIRECT else speaker),
        (KG.speakerRule, Literal(said.speaker.rule) if said.speaker else None),
        (KG.speakerCertain, Literal("false", XSD.boolean) if said.speaker and not said.speaker.certain else None),
        (KG.speakerRole, said.role and worded(said.role, page.language)),
        (KG.onBehalfOf, page.voice(said.on_behalf_of)),
        (KG.addressee, page.voice(said.addressee)),
        (KG.target, page.voice(said.target)),
        (SCHEMA.locationCreated, page.chain(said.place)),
        (KG.saidOn, said.date and day(said.date)),
        (KG.cueLemma, said.lemma and Literal(said.lemma)),
        (KG.interpreted, Literal("true", XSD.boolean) if said.interpreted else None),
        (PROV.wasGeneratedBy, run),
    )
    yield from optional(name, *((SCHEMA.about, subject) for subject in _subjects(page, said)))
    yield from anchored(page, name, KG.content, said.content)
    yield from anchored(page, name, KG.cue, said.cue)
    yield from anchored(page, name, KG.sourceMention, said.source)
    yield from anchored(page, name, KG.editorialInsertion, said.insertions)
    yield from anchored(page, name, KG.charge, () if said.charge is None else (said.charge,))


def _subjects(page: Page, said: Statement) -> Iterator[Iri | None]:
    """Yield what a content names, and the governments that some of the names stand for there."""
    yield from map(page.chain, said.about)
    for index in said.about:
        link = page.extraction.chains[index]
        mentions = [page.extraction.mentions[number] for number in link.mentions]
        if any(mention.metonym and any(span.covers(mention.span) for span in said.content) for mention in mentions):
            yield page.government(link.country)


def relays(extraction: Extraction, names: Names) -> Iterator[Triple]:
    """Link each statement to those that its content passes on; what a copy repeats is linked by its original."""
    for at, said in enumerate(extraction.statements):
        if said.nested_in is not None and at not in names.repeated:
            yield names.statements[said.nested_in], KG.relays, names.statements[at]
