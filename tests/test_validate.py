"""What breaks a shape is found, and every changed character is named."""

import json
import re
from itertools import chain

import pytest
import rdflib
import town
from breaking import breaks, broken
from conftest import ROOT
from desk import kg
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.records import Collection, Document, Doubt, Extraction, Span
from kg.store import Format, Store, kept_texts, parse
from kg.tables import Heard, Together
from kg.triples import document_quads, entity_quads, figure_iri, run_iri, statement_iris, table_quads
from kg.validate import (
    Severity,
    Violation,
    by_rule,
    check_document,
    ordered,
    prove_quads,
    prove_store,
    shapes_report,
    shared_names,
    slice_proof,
)
from kg.validate.shapes import read, shapes
from kg.vocab import (
    ACT,
    GEONAMES,
    KG,
    OA,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    TIME,
    WGS,
    WIKIDATA,
    XSD,
    Iri,
    Literal,
    Term,
    iri,
    selector_iri,
    span_iri,
)

G = iri("graph", town.KEY)
DOC = iri("doc", town.KEY)
DIRECT, ACCUSATION, HURT, RELAYED = statement_iris(town.EXTRACTION)
SPAN = span_iri(DOC, town.at("has accused"))
POSITION, QUOTE = selector_iri(SPAN, "position"), selector_iri(SPAN, "quote")
PERSON = iri("actor", "ana-reyes")
WESTLAND = iri("actor", "government-of-westland")
LINDMERE = iri("place", "lindmere")
OTHER_SPAN = span_iri(iri("doc", "0"), Span(0, 3))
TWELVE, NOBODY = (figure_iri(town.KEY, figure) for figure in town.FIGURES)
DAY, NIGHT = (iri("when", f"{town.KEY}-{time.span.start}-{time.span.end}") for time in town.TIMES)
QUANTITY, FINDING = iri("quantity", "people-hurt"), iri("inference", "0")
BOOK = iri("graph", "inferred")
INFERRED = [
    (QUANTITY, RDF.type, KG.Quantity, BOOK),
    (QUANTITY, RDFS.label, Literal("people hurt", language="en"), BOOK),
    (QUANTITY, KG.cumulative, Literal("true", XSD.boolean), BOOK),
    (QUANTITY, SCHEMA.unitText, Literal("people"), BOOK),
    (QUANTITY, SCHEMA.about, LINDMERE, BOOK),
    (TWELVE, KG.measures, QUANTITY, BOOK),
    (NOBODY, KG.conflictsWith, TWELVE, BOOK),
    (RELAYED, KG.sameWordsAs, HURT, BOOK),
    (PERSON, KG.accuses, WESTLAND, BOOK),
    (FINDING, RDF.type, KG.Inference, BOOK),
    (FINDING, KG.finding, Literal("conflict"), BOOK),
    (FINDING, KG.rule, Literal("share"), BOOK),
    (FINDING, KG.score, Literal("0.9", XSD.decimal), BOOK),
    (FINDING, KG.note, Literal("nobody and 12"), BOOK),
    (FINDING, PROV.used, TWELVE, BOOK),
]
COUNTED = [
    *table_quads(Together("actor/ana-reyes", "place/lindmere", 2)),
    *table_quads(Heard("actor/ana-reyes", "Lindmere Courier", 1, 2)),
]
QUADS = [*town.quads(), *INFERRED, *COUNTED]


def only(kind: Iri, quads=QUADS) -> Iri:
    """The first node of a class, by name."""
    return min(subject for subject, predicate, value, _ in quads if (predicate, value) == (RDF.type, kind))


TOGETHER, VOICE = only(KG.CoMention), only(KG.Voice)
DECISION, CORRECTION, POST, DOUBT, RUN = (only(k) for k in (KG.MergeDecision, KG.Correction, ORG.Membership, KG.Doubt, KG.ExtractionRun))


def without(subject, predicate, value=None, quads=QUADS):
    return [quad for quad in quads if (quad[0], quad[1]) != (subject, predicate) or value not in (None, quad[2])]


def having(subject, predicate, value, quads=QUADS):
    return [*quads, (subject, predicate, value, G)]


def changed(subject, predicate, value):
    return having(subject, predicate, value, without(subject, predicate))


def integer(number):
    return Literal(str(number), XSD.integer)


def broken_shapes(quads) -> list[Violation]:
    """What breaks a shape, by the fast reading of the shapes."""
    return [wrong for wrong in prove_quads(quads, {}).violations if wrong.rule.startswith("shape.")]


# ---------------------------------------------------------------- shapes


def test_the_town_breaks_no_shape():
    assert broken_shapes(QUADS) == []


def test_an_empty_graph_breaks_no_shape():
    assert broken_shapes([]) == []


BROKEN = {
    "statement without article": (DIRECT, "shape.statement.document", without(DIRECT, SCHEMA.isPartOf)),
    "statement of two articles": (DIRECT, "shape.statement.document", having(DIRECT, SCHEMA.isPartOf, iri("doc", "0"))),
    "quoted from elsewhere": (DIRECT, "shape.statement.quotedFrom", changed(DIRECT, PROV.wasQuotedFrom, iri("doc", "0"))),
    "statement without content": (ACCUSATION, "shape.statement.content", without(ACCUSATION, KG.content)),
    "content that is no span": (ACCUSATION, "shape.statement.content", changed(ACCUSATION, KG.content, DOC)),
    "empty text": (DIRECT, "shape.statement.text", changed(DIRECT, SCHEMA.text, Literal("", language="en"))),
    "no text": (DIRECT, "shape.statement.text", without(DIRECT, SCHEMA.text)),
    "two acts": (DIRECT, "shape.statement.act", having(DIRECT, KG.act, ACT.deny)),
    "act of nobody's scheme": (DIRECT, "shape.statement.act", changed(DIRECT, KG.act, iri("actor", "say"))),
    "act that only looks like one": (DIRECT, "shape.statement.act", changed(DIRECT, KG.act, Iri(ACT.base + "sai"))),
    "no class": (DIRECT, "shape.statement.class", without(DIRECT, KG.actClass)),
    "confidence above one": (DIRECT, "shape.statement.confidence", changed(DIRECT, KG.confidence, Literal("1.01", XSD.decimal))),
    "confidence below zero": (DIRECT, "shape.statement.confidence", changed(DIRECT, KG.confidence, Literal("-0.5", XSD.decimal))),
    "confidence in words": (DIRECT, "shape.statement.confidence", changed(DIRECT, KG.confidence, Literal("high"))),
    "no rule": (DIRECT, "shape.statement.rule", without(DIRECT, KG.rule)),
    "no status of the date": (DIRECT, "shape.statement.dateStatus", without(DIRECT, KG.dateStatus)),
    "a day that is not stated": (DIRECT, "shape.statement.dayAndStatus", changed(DIRECT, KG.dateStatus, KG.notStated)),
    "a stated day that is missing": (ACCUSATION, "shape.statement.dayAndStatus", changed(ACCUSATION, KG.dateStatus, KG.stated)),
    "said after publication": (DIRECT, "shape.statement.saidAfter", changed(DIRECT, KG.saidOn, Literal("2024-05-05", XSD.date))),
    "direct and no quotation": (DIRECT, "shape.statement.quotation", without(DIRECT, RDF.type, SCHEMA.Quotation)),
    "indirect and no claim": (HURT, "shape.statement.claim", without(HURT, RDF.type, SCHEMA.Claim)),
    "two types": (HURT, "shape.statement.type", having(HURT, RDF.type, KG.MixedQuotation)),
    "cue inside a quotation": (
        DIRECT,
        "shape.statement.insideQuotation",
        having(DIRECT, KG.cue, span_iri(DOC, town.at("[on the bridge]"))),
    ),
    "relays what is no statement": (HURT, "shape.statement.relays", having(HURT, KG.relays, DOC)),
    "end before start": (POSITION, "shape.span.start", changed(POSITION, OA.end, integer(0))),
    "no start": (POSITION, "shape.span.start", without(POSITION, OA.start)),
    "start before the text": (POSITION, "shape.span.start", changed(POSITION, OA.start, integer(-1))),
    "no end": (POSITION, "shape.span.end", without(POSITION, OA.end)),
    "span without position": (SPAN, "shape.span.position", without(SPAN, OA.hasSelector, POSITION)),
    "span without quote": (SPAN, "shape.span.quote", without(SPAN, OA.hasSelector, QUOTE)),
    "span of no article": (SPAN, "shape.span.source", without(SPAN, OA.hasSource)),
    "empty exact": (QUOTE, "shape.span.exact", changed(QUOTE, OA.exact, Literal(""))),
    "no prefix": (QUOTE, "shape.span.prefix", without(QUOTE, OA.prefix)),
    "mention of no kind": (span_iri(DOC, town.at("Norburg")), "shape.mention.kind", without(span_iri(DOC, town.at("Norburg")), KG.kind)),
    "actor without label": (PERSON, "shape.entity.label", without(PERSON, SKOS.prefLabel)),
    "place without label": (iri("place", "lindmere"), "shape.entity.label", without(iri("place", "lindmere"), SKOS.prefLabel)),
    "latitude beyond the pole": (
        iri("place", "lindmere"),
        "shape.entity.latitude",
        changed(iri("place", "lindmere"), WGS.lat, integer(91)),
    ),
    "article without digest": (DOC, "shape.article.sha256", without(DOC, SCHEMA.sha256)),
    "article without a name": (DOC, "shape.article.identifier", without(DOC, SCHEMA.identifier)),
    "article of two languages": (DOC, "shape.article.language", having(DOC, SCHEMA.inLanguage, Literal("hy"))),
    "two headlines": (DOC, "shape.article.headline", having(DOC, SCHEMA.headline, Literal("Closed again", language="en"))),
    "address that is a text": (DOC, "shape.article.url", changed(DOC, SCHEMA.url, Literal("news.example"))),
    "cue that is no span": (DIRECT, "shape.statement.cue", having(DIRECT, KG.cue, PERSON)),
    "source that is no span": (DIRECT, "shape.statement.source", having(DIRECT, KG.sourceMention, PERSON)),
    "insertion that is no span": (DIRECT, "shape.statement.insertion", having(DIRECT, KG.editorialInsertion, PERSON)),
    "charge that is no span": (ACCUSATION, "shape.statement.charge", changed(ACCUSATION, KG.charge, PERSON)),
    "content of another article": (
        DIRECT,
        "shape.statement.ownSpans",
        having(OTHER_SPAN, OA.hasSource, iri("doc", "0"), having(DIRECT, KG.content, OTHER_SPAN)),
    ),
    "two days": (DIRECT, "shape.statement.saidOn", having(DIRECT, KG.saidOn, Literal("2024-05-02", XSD.date))),
    "about a text": (DIRECT, "shape.statement.about", having(DIRECT, SCHEMA.about, Literal("bridge"))),
    "two runs": (DIRECT, "shape.statement.run", having(DIRECT, PROV.wasGeneratedBy, run_iri("0", "", ""))),
    "claimed figure that is none": (DIRECT, "shape.statement.figure", having(DIRECT, KG.claimsFigure, PERSON)),
    "no suffix": (QUOTE, "shape.span.suffix", without(QUOTE, OA.suffix)),
    "mention without a rule": (
        span_iri(DOC, town.at("Norburg")),
        "shape.mention.rule",
        without(span_iri(DOC, town.at("Norburg")), KG.rule),
    ),
    "mention of two": (
        span_iri(DOC, town.at("Norburg")),
        "shape.mention.refersTo",
        having(span_iri(DOC, town.at("Norburg")), KG.refersTo, LINDMERE),
    ),
    "doubt without a span": (DOUBT, "shape.doubt.anchor", without(DOUBT, KG.anchor)),
    "doubt in another article": (DOUBT, "shape.doubt.article", changed(DOUBT, SCHEMA.isPartOf, iri("doc", "0"))),
    "doubt without a reason": (DOUBT, "shape.doubt.why", changed(DOUBT, KG.why, Literal(""))),
    "figure without an article": (TWELVE, "shape.figure.document", without(TWELVE, SCHEMA.isPartOf)),
    "figure of another article": (TWELVE, "shape.figure.ownSpans", changed(TWELVE, SCHEMA.isPartOf, iri("doc", "0"))),
    "figure without a span": (TWELVE, "shape.figure.anchor", without(TWELVE, KG.anchor)),
    "counting what is no span": (TWELVE, "shape.figure.counts", having(TWELVE, KG.counts, PERSON)),
    "modifier of ours by nobody": (TWELVE, "shape.figure.modifier", changed(TWELVE, KG.modifier, Literal("roughly"))),
    "value in words": (TWELVE, "shape.figure.value", changed(TWELVE, SCHEMA.value, Literal("twelve"))),
    "least above most": (NOBODY, "shape.figure.least", changed(NOBODY, SCHEMA.minValue, integer(11))),
    "least above the value": (TWELVE, "shape.figure.least", having(TWELVE, SCHEMA.minValue, integer(13))),
    "two upper bounds": (NOBODY, "shape.figure.most", having(NOBODY, SCHEMA.maxValue, integer(20))),
    "figure without a number": (TWELVE, "shape.figure.number", without(TWELVE, SCHEMA.value)),
    "people and euros": (TWELVE, "shape.figure.unit", having(TWELVE, SCHEMA.unitCode, Literal("EUR"))),
    "currency in words": (TWELVE, "shape.figure.currency", having(TWELVE, SCHEMA.unitCode, Literal("euros"))),
    "as of what is no time": (TWELVE, "shape.figure.asOf", changed(TWELVE, KG.asOfTime, DOC)),
    "share of two": (NOBODY, "shape.figure.shareOf", having(NOBODY, KG.shareOf, NOBODY)),
    "projected in words": (NOBODY, "shape.figure.projected", changed(NOBODY, KG.projected, Literal("yes"))),
    "additional and not": (NOBODY, "shape.figure.additional", having(NOBODY, KG.additional, Literal("false", XSD.boolean))),
    "figure and no quantitative value": (TWELVE, "shape.figure.type", without(TWELVE, RDF.type, SCHEMA.QuantitativeValue)),
    "time without an article": (DAY, "shape.time.document", without(DAY, SCHEMA.isPartOf)),
    "time of another article": (DAY, "shape.time.ownSpans", changed(DAY, SCHEMA.isPartOf, iri("doc", "0"))),
    "time without a span": (DAY, "shape.time.anchor", without(DAY, KG.anchor)),
    "time of no kind": (DAY, "shape.time.kind", changed(DAY, KG.timeKind, Literal("season"))),
    "time without a status": (DAY, "shape.time.dateStatus", changed(DAY, KG.dateStatus, KG.notStated)),
    "time spelt twice": (DAY, "shape.time.edtf", having(DAY, KG.edtf, Literal("2024"))),
    "two values": (DAY, "shape.time.value", having(DAY, RDF.value, Literal("2024", XSD.gYear))),
    "derived from hearsay": (DAY, "shape.time.basis", changed(DAY, KG.dateBasis, Literal("hearsay"))),
    "instant and interval": (DAY, "shape.time.type", having(DAY, RDF.type, TIME.Instant)),
    "derived and not said": (DAY, "shape.time.valueAndStatus", without(DAY, KG.edtf)),
    "a duration that is a day": (NIGHT, "shape.time.duration", having(NIGHT, RDF.value, Literal("2024-05-03", XSD.date))),
    "quantity without a label": (QUANTITY, "shape.quantity.label", without(QUANTITY, RDFS.label)),
    "quantity that may grow": (QUANTITY, "shape.quantity.cumulative", changed(QUANTITY, KG.cumulative, Literal("maybe"))),
    "quantity of two units": (QUANTITY, "shape.quantity.unit", having(QUANTITY, SCHEMA.unitText, Literal("families"))),
    "quantity of a text": (QUANTITY, "shape.quantity.about", changed(QUANTITY, SCHEMA.about, Literal("Lindmere"))),
    "a statement measures": (DIRECT, "shape.quantity.figure", having(DIRECT, KG.measures, QUANTITY)),
    "a figure of two quantities": (TWELVE, "shape.quantity.measured", having(TWELVE, KG.measures, LINDMERE)),
    "finding of nothing known": (FINDING, "shape.inference.finding", changed(FINDING, KG.finding, Literal("truth"))),
    "finding without a rule": (FINDING, "shape.inference.rule", without(FINDING, KG.rule)),
    "finding surer than sure": (FINDING, "shape.inference.score", changed(FINDING, KG.score, integer(2))),
    "finding without a note": (FINDING, "shape.inference.note", without(FINDING, KG.note)),
    "finding about a person": (FINDING, "shape.inference.evidence", changed(FINDING, PROV.used, PERSON)),
    "a person appears again": (PERSON, "shape.appearance.of", having(PERSON, KG.appearance, SPAN)),
    "appears again in no text": (PERSON, "shape.appearance.span", having(DIRECT, KG.appearance, PERSON)),
    "appears again in no copy": (SPAN, "shape.appearance.copy", having(DIRECT, KG.appearance, SPAN)),
    "a copy of a person": (DOC, "shape.article.copyOf", having(DOC, KG.copyOf, PERSON)),
    "a copy of a copy": (DOC, "shape.article.original", having(DOC, KG.copyOf, DOC)),
    "a statement updates": (DIRECT, "shape.edge.figure", having(DIRECT, KG.updates, TWELVE)),
    "a figure contradicts a person": (NOBODY, "shape.edge.figures", changed(NOBODY, KG.conflictsWith, PERSON)),
    "a person answers": (PERSON, "shape.edge.statement", having(PERSON, KG.answers, DIRECT)),
    "a statement repeats a person": (RELAYED, "shape.edge.statements", changed(RELAYED, KG.sameWordsAs, PERSON)),
    "three together": (TOGETHER, "shape.comention.between", having(TOGETHER, KG.between, WESTLAND)),
    "together in one article": (TOGETHER, "shape.comention.articles", changed(TOGETHER, KG.articles, integer(1))),
    "voice of nobody": (VOICE, "shape.voice.of", without(VOICE, KG.voiceOf)),
    "voice in two outlets": (VOICE, "shape.voice.outlet", having(VOICE, SCHEMA.publisher, Literal("Courier"))),
    "voice in an article without a statement": (VOICE, "shape.voice.articles", changed(VOICE, KG.articles, integer(3))),
    "voice with some statements": (VOICE, "shape.voice.statements", changed(VOICE, KG.statements, Literal("some"))),
    "run without a version": (RUN, "shape.run.version", without(RUN, KG.toolVersion)),
    "run without a model": (RUN, "shape.run.model", without(RUN, KG.model)),
    "run without data": (RUN, "shape.run.data", without(RUN, KG.data)),
    "actor of two kinds": (PERSON, "shape.entity.kind", having(PERSON, KG.kind, KG.place)),
    "two things of Wikidata": (
        PERSON,
        "shape.entity.wikidata",
        having(PERSON, SKOS.exactMatch, Iri(WIKIDATA.format("Q2")), having(PERSON, SKOS.exactMatch, Iri(WIKIDATA.format("Q1")))),
    ),
    "two things of GeoNames": (LINDMERE, "shape.entity.geonames", having(LINDMERE, SKOS.exactMatch, Iri(GEONAMES.format("1")))),
    "the same for sure": (PERSON, "shape.entity.sameAs", having(PERSON, Iri(OWL.base + "sameAs"), WESTLAND)),
    "longitude twice around": (LINDMERE, "shape.entity.longitude", changed(LINDMERE, WGS.long, integer(400))),
    "decision without an outcome": (DECISION, "shape.decision.outcome", without(DECISION, KG.outcome)),
    "decision without a rule": (DECISION, "shape.decision.rule", without(DECISION, KG.rule)),
    "decision surer than sure": (DECISION, "shape.decision.score", changed(DECISION, KG.score, integer(7))),
    "decision about nothing": (DECISION, "shape.decision.left", without(DECISION, KG.left)),
    "decision about one name": (DECISION, "shape.decision.right", without(DECISION, KG.right)),
    "decision by nobody": (DECISION, "shape.decision.by", without(DECISION, PROV.wasAssociatedWith)),
    "decision about an article": (DECISION, "shape.decision.entity", changed(DECISION, KG.entity, DOC)),
    "correction that says maybe": (CORRECTION, "shape.correction.answer", changed(CORRECTION, KG.answer, Literal("maybe"))),
    "correction by nobody": (CORRECTION, "shape.correction.by", without(CORRECTION, PROV.wasAssociatedWith)),
    "correction in spring": (CORRECTION, "shape.correction.at", changed(CORRECTION, PROV.endedAtTime, Literal("spring"))),
    "correction about nothing": (CORRECTION, "shape.correction.about", without(CORRECTION, KG.leftMention)),
    "post of nobody": (POST, "shape.post.member", without(POST, ORG.member)),
    "post without a name": (POST, "shape.post.role", changed(POST, SCHEMA.roleName, Literal(""))),
    "post without a span": (POST, "shape.post.anchor", without(POST, KG.anchor)),
    "post of another article": (POST, "shape.post.ownSpans", changed(POST, SCHEMA.isPartOf, iri("doc", "0"))),
    "post of no article": (POST, "shape.post.article", without(POST, SCHEMA.isPartOf)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_graph_is_named_by_node_and_rule(name):
    node, rule, quads = BROKEN[name]
    found = [wrong for wrong in broken_shapes(quads) if (wrong.node, wrong.rule) == (node, rule)]
    assert {wrong.severity for wrong in found} == {Severity.VIOLATION}
    assert {wrong.article for wrong in found} <= {"town", ""}
    assert all(wrong.message for wrong in found)


DUBIOUS = {
    "no speaker": (DIRECT, "shape.statement.speaker", without(DIRECT, KG.speaker)),
    "a place speaks": (DIRECT, "shape.statement.speakerKind", changed(DIRECT, KG.speaker, iri("place", "lindmere"))),
    "accusation without target": (ACCUSATION, "shape.statement.accusation", without(ACCUSATION, KG.target)),
    "target is the speaker": (ACCUSATION, "shape.statement.self", having(ACCUSATION, KG.target, iri("actor", "government-of-westland"))),
    "cue inside a paraphrase": (HURT, "shape.statement.insideContent", having(HURT, KG.cue, span_iri(DOC, town.at("told", "scene")))),
    "date in words": (DOC, "shape.article.date", changed(DOC, SCHEMA.datePublished, Literal("spring"))),
    "alias that is the label": (PERSON, "shape.entity.alias", having(PERSON, SKOS.altLabel, Literal("Ana Reyes", language="en"))),
    "a place accuses": (LINDMERE, "shape.edge.accuses", having(LINDMERE, KG.accuses, WESTLAND)),
}


@pytest.mark.parametrize("name", DUBIOUS)
def test_what_an_editor_should_look_at_is_a_warning_and_no_violation(name):
    node, rule, quads = DUBIOUS[name]
    found = broken_shapes(quads)
    assert {(wrong.node, wrong.rule) for wrong in found} == {(node, rule)}
    assert {wrong.severity for wrong in found} == {Severity.WARNING}


def test_every_shape_has_a_graph_here_that_breaks_it():
    named = set(re.findall(r'sh:name "([^"]+)"', (ROOT / "ontology" / "shapes.ttl").read_text("utf-8")))
    assert {rule.removeprefix("shape.") for _, rule, _ in chain(BROKEN.values(), DUBIOUS.values())} == named


@pytest.mark.parametrize("name", [*BROKEN, *DUBIOUS])
def test_the_fast_reading_of_the_shapes_says_what_a_whole_engine_says(name):
    _, _, quads = (BROKEN | DUBIOUS)[name]
    assert broken_shapes(quads) == list(ordered(shapes_report(quads)))


@settings(max_examples=40, deadline=None)
@given(breaks())
def test_both_readings_agree_however_a_graph_is_broken(how):
    quads = broken(QUADS, how)
    assert broken_shapes(quads) == list(ordered(shapes_report(quads)))


def test_a_shape_that_the_fast_reading_does_not_know_is_refused():
    closed = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetClass <urn:c> ; sh:closed true ."
    with pytest.raises(ValueError, match="closed"):
        read(rdflib.Graph().parse(data=closed, format="turtle"))


def test_every_shape_has_a_message():
    assert [
        part for shape in shapes() for part in (shape, *shape.parts) if (part.tests and not part.message) or not (part.name or part.parts)
    ] == []


def test_a_violation_names_its_article():
    (wrong,) = [wrong for wrong in broken_shapes(changed(QUOTE, OA.exact, Literal(""))) if wrong.rule == "shape.span.exact"]
    assert wrong == Violation("town", QUOTE, "shape.span.exact", "a span has exactly one text, and that is not empty", "")


def test_what_is_missing_is_shown_with_the_words_of_its_statement():
    (wrong,) = broken_shapes(without(ACCUSATION, KG.target))
    assert (wrong.article, wrong.passage) == ("town", "cutting the power lines")


# ---------------------------------------------------------------- article by article

PAGE = list(document_quads(town.COLLECTION, town.EXTRACTION, run=run_iri(*town.RUN)))
KNOWN = list(entity_quads(town.COLLECTION.entities, town.COLLECTION.decisions, version=town.RUN[0]))


def of_the_article(quads) -> list[Violation]:
    """What a check of a whole graph finds, in the order of one article."""
    return sorted(prove_quads(quads, town.TEXTS, kept=town.TEXTS).violations)


def test_the_article_of_the_town_is_proved_before_it_is_written():
    assert check_document(PAGE, town.TEXT, known=KNOWN) == []


def test_an_article_without_its_people_is_told():
    assert {"shape.entity.label", "shape.statement.speakerKind"} <= {wrong.rule for wrong in check_document(PAGE, town.TEXT)}


@settings(max_examples=60, deadline=None)
@given(breaks())
def test_an_article_alone_is_judged_as_in_the_whole_graph(how):
    quads = broken(PAGE, how)
    assert check_document(quads, town.TEXT, known=KNOWN) == of_the_article([*quads, *KNOWN])


@pytest.fixture(scope="module")
def town_store(tmp_path_factory):
    """A folder for one store after the other."""
    return tmp_path_factory.mktemp("town")


def stored(output, quads) -> Store:
    """An open store that holds quads."""
    return Store(town.stored(output, quads))


@settings(max_examples=30, deadline=None)
@given(breaks())
def test_a_store_is_judged_part_by_part_as_in_one_piece(town_store, how):
    with stored(town_store, broken(QUADS, how)) as store:
        assert prove_store(store, town.TEXTS, kept=town.TEXTS) == prove_quads(store.quads(), town.TEXTS, kept=town.TEXTS)


@pytest.mark.model
def test_the_seeds_are_proved_part_by_part_as_in_one_piece(seeds):
    output, _ = seeds
    texts = kept_texts(output)
    with Store(output) as store:
        assert prove_store(store, texts) == prove_quads(store.quads(), texts)


def test_what_another_graph_says_of_an_article_is_judged_too(tmp_path):
    more = (DIRECT, KG.confidence, Literal("0.1", XSD.decimal), iri("graph", "import-desk"))
    with stored(tmp_path, [*QUADS, more]) as store:
        found = prove_store(store, town.TEXTS).violations
    assert [(wrong.node, wrong.rule) for wrong in found] == [(DIRECT, "shape.statement.confidence")]


def test_two_actors_of_one_name_are_told_unless_they_are_known_to_be_two():
    names: list[tuple[Iri, str]] = [(PERSON, "Ana Reyes"), (PERSON, "Reyes"), (WESTLAND, "reyes")]
    apart: list[tuple[Iri, Term]] = [(WESTLAND, PERSON)]
    (wrong,) = shared_names(names, [])
    assert (wrong.node, wrong.rule, wrong.passage, wrong.severity) == (WESTLAND, "shared.name", "reyes", Severity.WARNING)
    assert shared_names(names, apart) == []


def test_broken_rules_are_counted_the_severe_ones_first():
    warning = Violation("", "a", "shape.z", "m", severity=Severity.WARNING)
    found = [warning, *(Violation("", node, rule, "m") for node, rule in (("a", "shape.b"), ("b", "shape.b"), ("a", "shape.a")))]
    assert by_rule(found) == [("violation", "shape.b", 2), ("violation", "shape.a", 1), ("warning", "shape.z", 1)]


@pytest.mark.model
def test_the_command_writes_what_it_found_for_machines(seeds):
    told = json.loads(kg("validate", "--format", "json", "--store", seeds[0]).stdout)
    assert (told["articles"], {wrong["severity"] for wrong in told["violations"]}) == (5, {"warning"})
    assert sum(row["times"] for row in told["rules"]) == len(told["violations"])


# ---------------------------------------------------------------- slice proof


def test_the_town_is_proved():
    assert slice_proof(QUADS, town.TEXTS) == []


TAMPERED = {
    "exact": (SPAN, "slice.exact", changed(QUOTE, OA.exact, Literal("has  accused"))),
    "look-alike": (SPAN, "slice.exact", changed(QUOTE, OA.exact, Literal("hаs accused"))),
    "two exacts": (SPAN, "slice.exact", having(QUOTE, OA.exact, Literal("has praised"))),
    "no exact": (SPAN, "slice.exact", without(QUOTE, OA.exact)),
    "prefix": (SPAN, "slice.prefix", changed(QUOTE, OA.prefix, Literal("x"))),
    "suffix": (SPAN, "slice.suffix", changed(QUOTE, OA.suffix, Literal(""))),
    "start": (SPAN, "slice.exact", changed(POSITION, OA.start, integer(156))),
    "offsets and name": (SPAN, "slice.name", changed(POSITION, OA.start, integer(156))),
    "two starts": (SPAN, "slice.range", having(POSITION, OA.start, integer(3))),
    "start in words": (SPAN, "slice.range", changed(POSITION, OA.start, Literal("three"))),
    "no end": (SPAN, "slice.range", without(POSITION, OA.end)),
    "no article": (SPAN, "slice.range", without(SPAN, OA.hasSource)),
    "other article": (SPAN, "slice.text", changed(SPAN, OA.hasSource, iri("doc", "0"))),
    "digest": (DOC, "slice.digest", changed(DOC, SCHEMA.sha256, Literal("0" * 64))),
    "other words again": (DIRECT, "slice.appearance", having(DIRECT, KG.appearance, SPAN)),
    "statement": (DIRECT, "slice.statement", changed(DIRECT, SCHEMA.text, Literal("We worked all day.", language="en"))),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_graph_is_named_by_node_and_rule(name):
    node, rule, quads = TAMPERED[name]
    assert (node, rule) in {(wrong.node, wrong.rule) for wrong in slice_proof(quads, town.TEXTS)}


def test_a_violation_names_article_and_passage():
    (wrong,) = slice_proof(changed(QUOTE, OA.exact, Literal("has praised")), town.TEXTS)
    assert wrong == Violation(
        "town", SPAN, "slice.exact", "the article has 'has accused', the graph has 'has praised'", "characters 157–168: has accused"
    )


def test_one_changed_character_of_the_text_breaks_the_proof():
    tampered = town.TEXT.replace("accused", "Accused")
    rules = {(wrong.node, wrong.rule) for wrong in slice_proof(QUADS, {town.KEY: tampered})}
    assert {(DOC, "slice.digest"), (SPAN, "slice.exact")} <= rules


def test_a_missing_text_is_told_once_for_each_span_and_article():
    assert {wrong.rule for wrong in slice_proof(QUADS, {})} == {"slice.text"}


@pytest.mark.parametrize("format", [Format.TURTLE, Format.NQUADS])
def test_an_exported_file_is_proved_and_a_changed_copy_is_not(tmp_path, format):
    file = tmp_path / f"graph.{format}"
    with Store(town.stored(tmp_path / "output", [(*quad[:3], G) for quad in QUADS])) as store:
        store.write(format, file)
    assert slice_proof(parse(file, G), town.TEXTS) == []
    assert broken_shapes(parse(file, G)) == []
    file.write_text(
        file.read_text("utf-8")
        .replace('exact "has accused"', 'exact "has Accused"')
        .replace('exact> "has accused"', 'exact> "has Accused"'),
        "utf-8",
    )
    assert [(wrong.node, wrong.rule) for wrong in slice_proof(parse(file, G), town.TEXTS)] == [(SPAN, "slice.exact")]


@st.composite
def texts_with_spans(draw):
    text = draw(st.text(min_size=1, max_size=60))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


@settings(deadline=None, max_examples=40)
@given(texts_with_spans(), st.data())
def test_any_text_is_proved_after_a_round_trip_and_any_changed_character_is_named(folder, drawn, data):
    text, where = drawn
    document = Document("any", text)
    extraction = Extraction(document, (), (), (), (Doubt(where, "why"),))
    graph = iri("graph", document.key)
    with Store(town.stored(folder, document_quads(Collection((extraction,), (), ()), extraction))) as store:
        quads = list(store.quads(graph))
    assert slice_proof(quads, {document.key: text}) == []

    at = data.draw(st.integers(where.start, where.end - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda char: char != text[at]))
    node = span_iri(iri("doc", document.key), where)
    assert (node, "slice.exact") in {
        (wrong.node, wrong.rule) for wrong in slice_proof(quads, {document.key: text[:at] + other + text[at + 1 :]})
    }


def test_a_name_from_outside_that_is_no_iri_of_ours_is_no_crash():
    odd = Iri("urn:x")
    quads = [(odd, RDF.type, OA.SpecificResource, G), (odd, OA.hasSource, Literal("text"), G)]
    assert {wrong.rule for wrong in slice_proof(quads, {})} == {"slice.range"}
