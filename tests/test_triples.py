"""What a graph says about an article, its statements and its actors."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import rdflib
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import graph_diff

from kg.records import Collection, Document, Entity, Extraction, Kind, Span
from kg.store import Format, Store, turtle
from kg.triples import document_quads, entity_quads, run_iri, statement_iris
from kg.vocab import ACT, KG, OA, PROV, RDF, SCHEMA, SKOS, WGS, XSD, Iri, Literal, iri, selector_iri, span_iri

DOC = iri("doc", town.KEY)
BRIDGE, POWER, HURT, RELAYED = statement_iris(town.EXTRACTION)
TRIPLES = {quad[:3] for quad in town.quads()}


def values(subject, predicate):
    return {value for found, name, value in TRIPLES if (found, name) == (subject, predicate)}


def span(words, after=""):
    return span_iri(DOC, town.at(words, after))


def entity_triples(**changes):
    entity = replace(Entity("x", Kind.PLACE, "X"), **changes)
    return {
        quad[1:3]
        for quad in entity_quads((entity,), (), version="1")
        if quad[0].startswith(("https://newskg.example/actor", "https://newskg.example/place"))
    }


# ---------------------------------------------------------------- golden


def test_the_town_is_the_golden_graph():
    golden = rdflib.Graph().parse(Path(__file__).parent / "golden" / "town.ttl")
    told = rdflib.Graph().parse(data=turtle(TRIPLES), format="turtle")
    _, missing, extra = graph_diff(golden, told)
    assert (sorted(missing), sorted(extra)) == ([], [])


def test_a_document_graph_repeats_no_quad():
    quads = list(document_quads(town.COLLECTION, town.EXTRACTION))
    assert len(quads) == len(set(quads))


def test_every_document_has_its_own_graph():
    assert {quad[3] for quad in document_quads(town.COLLECTION, town.EXTRACTION)} == {iri("graph", town.KEY)}


def test_the_base_is_in_every_name_that_is_not_a_term():
    quads = list(document_quads(town.COLLECTION, town.EXTRACTION, base="https://data.example/"))
    assert {subject[:21] for subject, *_ in quads} == {"https://data.example/"}
    assert not [quad for quad in quads if "newskg.example" in "".join(map(str, quad))]


# ---------------------------------------------------------------- article


def test_an_article_tells_where_it_is_from():
    assert values(DOC, SCHEMA.identifier) == {Literal("town")}
    assert values(DOC, SCHEMA.sha256) == {Literal(sha256(town.TEXT.encode()).hexdigest())}
    assert values(DOC, SCHEMA.datePublished) == {Literal("2024-05-04", XSD.date)}
    assert values(DOC, SCHEMA.headline) == {Literal("The bridge is open", language="en")}


@pytest.mark.parametrize(
    ("told", "published"),
    [
        ("2024-05-04", Literal("2024-05-04", XSD.date)),
        ("2024-05-04T10:00:00Z", Literal("2024-05-04", XSD.date)),
        ("20240504", Literal("2024-05-04", XSD.date)),
        ("spring 2024", Literal("spring 2024")),
        ("2024-02-31", Literal("2024-02-31")),
    ],
)
def test_a_date_is_a_day_or_stays_as_it_was_worded(told, published):
    extraction = Extraction(Document("a", "text", date=told), (), (), (), ())
    quads = document_quads(Collection((extraction,), (), ()), extraction)
    assert {quad[2] for quad in quads if quad[1] == SCHEMA.datePublished} == {published}


def test_a_language_that_is_no_tag_does_not_break_the_title():
    extraction = Extraction(Document("a", "text", title="T", language="not a tag"), (), (), (), ())
    quads = document_quads(Collection((extraction,), (), ()), extraction)
    assert {quad[2] for quad in quads if quad[1] == SCHEMA.headline} == {Literal("T")}


# ---------------------------------------------------------------- spans and mentions


def test_a_span_carries_its_offsets_its_words_and_what_stands_around_them():
    where = town.at("has accused")
    node = span("has accused")
    assert values(selector_iri(node, "position"), OA.start) == {Literal(str(where.start), XSD.integer)}
    assert values(selector_iri(node, "position"), OA.end) == {Literal(str(where.end), XSD.integer)}
    assert values(selector_iri(node, "quote"), OA.exact) == {Literal("has accused")}
    assert values(selector_iri(node, "quote"), OA.prefix) == {Literal(town.TEXT[where.start - 32 : where.start])}
    assert values(selector_iri(node, "quote"), OA.suffix) == {Literal(town.TEXT[where.end : where.end + 32])}


def test_a_mention_refers_to_its_entity_and_a_metonym_to_the_government_too():
    node = span("Norburg")
    assert values(node, KG.refersTo) == {iri("place", "norburg")}
    assert values(node, KG.metonymOf) == {iri("actor", "government-of-westland")}
    assert values(span("Lindmere"), KG.metonymOf) == set()


def test_a_mention_in_a_caption_says_so():
    assert values(span("Ana Reyes"), KG.zone) == {Literal("caption")}
    assert values(span("Norburg"), KG.zone) == set()


# ---------------------------------------------------------------- statements


def test_a_split_quotation_is_one_statement_with_two_contents():
    assert values(BRIDGE, KG.content) == {span("We worked all night [on the bridge],"), span("Nobody slept.")}
    assert values(BRIDGE, SCHEMA.text) == {Literal("We worked all night [on the bridge], … Nobody slept.", language="en")}
    assert values(BRIDGE, KG.editorialInsertion) == {span("[on the bridge]")}


def test_a_quotation_names_its_speaker_in_both_vocabularies():
    assert values(BRIDGE, RDF.type) == {KG.Statement, KG.DirectQuotation, SCHEMA.Quotation, PROV.Entity}
    assert values(BRIDGE, KG.speaker) == values(BRIDGE, SCHEMA.spokenByCharacter) == {iri("actor", "ana-reyes")}
    assert values(BRIDGE, KG.speakerRole) == {Literal("Mayor", language="en")}


def test_a_paraphrase_is_a_claim_that_appears_in_the_article():
    assert values(POWER, RDF.type) == {KG.Statement, KG.IndirectStatement, SCHEMA.Claim, PROV.Entity}
    assert values(POWER, SCHEMA.appearance) == {DOC}
    assert values(POWER, SCHEMA.spokenByCharacter) == set()


def test_an_accusation_has_act_target_and_charge():
    assert values(POWER, KG.act) == {ACT.accuse}
    assert values(POWER, KG.target) == {iri("actor", "valley-union")}
    assert values(POWER, KG.charge) == {span("cutting the power lines")}
    assert values(POWER, KG.interpreted) == {Literal("true", XSD.boolean)}


def test_words_passed_on_hang_on_the_statement_that_passes_them_on():
    assert values(HURT, KG.relays) == {RELAYED}
    assert values(RELAYED, KG.speaker) == {iri("actor", f"{town.KEY}-doctors-at-the-scene")}


def test_a_speaker_who_is_not_certain_is_marked():
    assert values(HURT, KG.speakerRule) == {Literal("pronoun")}
    assert values(HURT, KG.speakerCertain) == {Literal("false", XSD.boolean)}
    assert values(BRIDGE, KG.speakerCertain) == set()


def test_no_day_is_invented():
    assert values(BRIDGE, KG.saidOn) == {Literal("2024-05-03", XSD.date)}
    assert values(POWER, KG.saidOn) == set()
    assert values(POWER, KG.dateStatus) == {KG.notStated}


@pytest.mark.parametrize(
    ("statement", "confidence"),
    [
        (BRIDGE, Literal("0.97", XSD.decimal)),
        (POWER, Literal("0.5", XSD.decimal)),
        (HURT, Literal("1", XSD.integer)),
        (RELAYED, Literal("0.8333", XSD.decimal)),
    ],
)
def test_a_confidence_is_written_in_its_shortest_form(statement, confidence):
    assert values(statement, KG.confidence) == {confidence}


def test_statements_over_the_same_words_are_numbered_as_their_sources_stand():
    first, second, third = (
        replace(town.STATEMENTS[3], source=source) for source in ((town.at("she"),), (town.at("her"),), (town.at("Doctors at the scene"),))
    )
    extraction = replace(town.EXTRACTION, statements=(first, second, third))
    plain = str(RELAYED)
    assert statement_iris(extraction) == (f"{plain}-3", f"{plain}-2", plain)


def test_doubts_over_the_same_words_stay_apart():
    doubt = town.EXTRACTION.doubts[0]
    extraction = replace(town.EXTRACTION, doubts=(replace(doubt, why="b"), replace(doubt, why="a")))
    found = {(quad[0], quad[2].text) for quad in document_quads(town.COLLECTION, extraction) if quad[1] == KG.why}
    plain = iri("doubt", f"{town.KEY}-{doubt.span.start}-{doubt.span.end}")
    assert found == {(plain, "a"), (f"{plain}-2", "b")}


def test_a_statement_without_speaker_stays_without():
    extraction = replace(town.EXTRACTION, figures=(), statements=(replace(town.STATEMENTS[0], speaker=None),))
    predicates = {quad[1] for quad in document_quads(town.COLLECTION, extraction)}
    assert not predicates & {KG.speaker, KG.speakerRule, SCHEMA.spokenByCharacter}


def test_the_run_is_named_where_it_is_given():
    assert values(BRIDGE, PROV.wasGeneratedBy) == {run_iri(*town.RUN)}
    assert PROV.wasGeneratedBy not in {quad[1] for quad in document_quads(town.COLLECTION, town.EXTRACTION)}


# ---------------------------------------------------------------- entities and runs


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        (Kind.PERSON, {SCHEMA.Person, PROV.Agent}),
        (Kind.ORGANIZATION, {SCHEMA.Organization, PROV.Agent}),
        (Kind.GOVERNMENT, {SCHEMA.GovernmentOrganization, KG.Government, PROV.Agent}),
        (Kind.GROUP, {KG.Group, PROV.Agent}),
        (Kind.PLACE, {SCHEMA.Place}),
    ],
)
def test_the_type_of_an_entity_follows_its_kind(kind, types):
    assert {value for name, value in entity_triples(kind=kind) if name == RDF.type} == types


def test_an_unnamed_source_is_no_person_of_the_graph():
    assert {value for name, value in entity_triples(kind=Kind.PERSON, unnamed=True) if name == RDF.type} == {KG.UnnamedSource, PROV.Agent}


def test_a_country_is_told_from_other_places():
    assert (RDF.type, SCHEMA.Country) in entity_triples(country="XW", feature="country")


@pytest.mark.parametrize("other", [{"feature": "city"}, {"feature": "territory"}, {"kind": Kind.GOVERNMENT}])
def test_a_place_inside_a_country_is_not_called_one(other):
    assert (RDF.type, SCHEMA.Country) not in entity_triples(**{"country": "XW", "feature": "country"} | other)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("José", Literal("José", language="en")),
        ("Анна", Literal("Анна")),
        ("9/11", Literal("9/11", language="en")),
        ("安 Reyes", Literal("安 Reyes")),
    ],
)
def test_a_name_is_called_english_only_in_latin_letters(name, label):
    assert (SKOS.prefLabel, label) in entity_triples(name=name)


@pytest.mark.parametrize(
    ("degrees", "literal"),
    [(48.25, Literal("48.25", XSD.decimal)), (-16.0, Literal("-16", XSD.integer)), (-0.0, Literal("0", XSD.integer))],
)
def test_coordinates_are_written_in_their_shortest_form(degrees, literal):
    assert (WGS.lat, literal) in entity_triples(latitude=degrees, longitude=1.0)


def test_a_place_links_to_where_else_it_is_known():
    found = entity_triples(geonames="1", wikidata="Q2")
    links = {value for name, value in found if name == SKOS.exactMatch}
    assert links == {"https://sws.geonames.org/1/", "http://www.wikidata.org/entity/Q2"}


def test_a_decision_keeps_what_was_weighed():
    decision = next(subject for subject, name, value in TRIPLES if (name, value) == (KG.outcome, KG.accepted))
    assert values(decision, KG.entity) == {iri("actor", "ana-reyes")}
    assert values(decision, KG.feature) == {Literal("similarity=0.9"), Literal("type=1")}


def test_another_model_is_another_run():
    assert run_iri("1", "m 1", "d") == run_iri("1", "m 1", "d")
    assert len({run_iri("1", "m 1", "d"), run_iri("1", "m 2", "d"), run_iri("1", "m", " 1d")}) == 3


# ---------------------------------------------------------------- any text, any seed

PRINT_DIGESTS = """
import sys, tempfile, hashlib, pathlib, town
from kg.store import Format, Store
with Store(town.stored(pathlib.Path(tempfile.mkdtemp()), town.quads())) as store:
    print(*(hashlib.sha256(store.dump(format)).hexdigest() for format in Format))
"""


def digests(seed):
    found = dict(os.environ, PYTHONHASHSEED=seed, PYTHONPATH=os.pathsep.join(sys.path))
    return subprocess.run([sys.executable, "-c", PRINT_DIGESTS], env=found, check=True, capture_output=True, text=True).stdout


def test_files_are_byte_identical_whatever_the_hash_seed():
    assert digests("1") == digests("2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


@st.composite
def texts_with_spans(draw):
    text = draw(st.text(min_size=1, max_size=90))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


@settings(deadline=None, max_examples=40)
@given(texts_with_spans())
def test_any_text_comes_back_from_turtle_as_it_was(folder, drawn):
    text, where = drawn
    town_of_one = replace(
        town.EXTRACTION,
        document=Document("any", text),
        mentions=(),
        statements=(),
        times=(),
        figures=(),
        doubts=(replace(town.EXTRACTION.doubts[0], span=where),),
    )
    graph = iri("graph", "any")
    with Store(town.stored(folder, [(*quad[:3], graph) for quad in document_quads(Collection((), (), ()), town_of_one)])) as store:
        told = rdflib.Graph().parse(data=store.dump(Format.TURTLE), format="turtle")
    quote = rdflib.URIRef(selector_iri(span_iri(iri("doc", town_of_one.document.key), where), "quote"))
    assert [str(value) for value in told.objects(quote, rdflib.URIRef(OA.exact))] == [text[where.start : where.end]]
    assert [str(value) for value in told.objects(quote, rdflib.URIRef(OA.prefix))] == [text[max(0, where.start - 32) : where.start]]
    assert [str(value) for value in told.objects(quote, rdflib.URIRef(OA.suffix))] == [text[where.end : where.end + 32]]


def test_nodes_are_named():
    assert all(isinstance(subject, Iri) and "://" in subject for subject, _, _ in TRIPLES)
