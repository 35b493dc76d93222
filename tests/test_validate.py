"""What breaks a shape is found, and every changed character is named."""

import pytest
import town
from hypothesis import given
from hypothesis import strategies as st

from kg.records import Collection, Document, Doubt, Extraction, Span
from kg.store import Format, Store, parse
from kg.triples import document_quads, statement_iris
from kg.validate import Severity, Violation, shapes_report, slice_proof
from kg.vocab import ACT, KG, OA, PROV, RDF, SCHEMA, SKOS, WGS, XSD, Iri, Literal, iri, selector_iri, span_iri

QUADS = town.quads()
G = iri("graph", town.KEY)
DOC = iri("doc", town.KEY)
DIRECT, ACCUSATION, HURT, RELAYED = statement_iris(town.EXTRACTION)
SPAN = span_iri(DOC, town.at("has accused"))
POSITION, QUOTE = selector_iri(SPAN, "position"), selector_iri(SPAN, "quote")
PERSON = iri("actor", "ana-reyes")


def without(subject, predicate, value=None, quads=QUADS):
    return [quad for quad in quads if (quad[0], quad[1]) != (subject, predicate) or value not in (None, quad[2])]


def having(subject, predicate, value, quads=QUADS):
    return [*quads, (subject, predicate, value, G)]


def changed(subject, predicate, value):
    return having(subject, predicate, value, without(subject, predicate))


def integer(number):
    return Literal(str(number), XSD.integer)


# ---------------------------------------------------------------- shapes


def test_the_town_breaks_no_shape():
    assert shapes_report(QUADS) == []


def test_an_empty_graph_breaks_no_shape():
    assert shapes_report([]) == []


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
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_graph_is_named_by_node_and_rule(name):
    node, rule, quads = BROKEN[name]
    found = [wrong for wrong in shapes_report(quads) if (wrong.node, wrong.rule) == (node, rule)]
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
}


@pytest.mark.parametrize("name", DUBIOUS)
def test_what_an_editor_should_look_at_is_a_warning_and_no_violation(name):
    node, rule, quads = DUBIOUS[name]
    found = shapes_report(quads)
    assert {(wrong.node, wrong.rule) for wrong in found} == {(node, rule)}
    assert {wrong.severity for wrong in found} == {Severity.WARNING}


def test_a_violation_names_its_article():
    (wrong,) = [wrong for wrong in shapes_report(changed(QUOTE, OA.exact, Literal(""))) if wrong.rule == "shape.span.exact"]
    assert wrong == Violation("town", QUOTE, "shape.span.exact", "a span has exactly one text, and that is not empty", "")


def test_what_is_missing_is_shown_with_the_words_of_its_statement():
    (wrong,) = shapes_report(without(ACCUSATION, KG.target))
    assert (wrong.article, wrong.passage) == ("town", "cutting the power lines")


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
    with Store(tmp_path / "output", writable=True) as store:
        store.replace(G, [(*quad[:3], G) for quad in QUADS])
        store.write(format, file)
    assert slice_proof(parse(file, G), town.TEXTS) == []
    assert shapes_report(parse(file, G)) == []
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
def shared_store(tmp_path_factory):
    with Store(tmp_path_factory.mktemp("any"), writable=True) as store:
        yield store


@given(texts_with_spans(), st.data())
def test_any_text_is_proved_after_a_round_trip_and_any_changed_character_is_named(shared_store, drawn, data):
    text, where = drawn
    document = Document("any", text)
    extraction = Extraction(document, (), (), (), (Doubt(where, "why"),))
    graph = iri("graph", document.key)
    shared_store.replace(graph, document_quads(Collection((extraction,), (), ()), extraction))
    quads = list(shared_store.quads(graph))
    shared_store.drop(graph)
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
