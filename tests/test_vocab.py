"""The terms of ``vocab`` and the files of ``ontology/`` say the same."""

import json

import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from kg.records import Span
from kg.store import parse
from kg.vocab import ACT, KG, PREFIXES, SCHEMA, XSD, Iri, Literal, Terms, data_prefixes, iri, ontology_folder, selector_iri, span_iri

VOCABULARY = rdflib.Graph().parse(ontology_folder() / "newskg.ttl")
SCHEME = rdflib.Graph().parse(ontology_folder() / "acts.ttl")
RDF_TYPE = Iri(str(RDF.type))
TOP = {"report", "stance", "act"}


def described(graph: rdflib.Graph, terms: Terms) -> set[str]:
    return {str(subject).removeprefix(terms.base) for subject in graph.subjects() if str(subject).startswith(terms.base)}


@pytest.mark.parametrize(("graph", "terms"), [(VOCABULARY, KG), (SCHEME, ACT)], ids=["newskg.ttl", "acts.ttl"])
def test_the_code_and_the_ontology_name_the_same_terms(graph, terms):
    assert described(graph, terms) == set(terms)


@pytest.mark.parametrize("name", sorted(KG))
def test_every_term_says_what_it_is_and_how_it_fits_in(name):
    term = rdflib.URIRef(KG.base + name)
    assert VOCABULARY.value(term, RDFS.label)
    assert str(VOCABULARY.value(term, RDFS.comment)).endswith(".")
    assert VOCABULARY.value(term, RDFS.isDefinedBy) == rdflib.URIRef("https://w3id.org/newskg/ontology")
    assert any(VOCABULARY.value(term, fit) for fit in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.scopeNote))


@pytest.mark.parametrize("name", sorted(set(ACT) - TOP))
def test_every_act_stands_under_one_class_and_is_defined(name):
    act = rdflib.URIRef(ACT.base + name)
    broader = [str(top).removeprefix(ACT.base) for top in SCHEME.objects(act, SKOS.broader)]
    assert len(broader) == 1
    assert set(broader) <= TOP
    assert SCHEME.value(act, SKOS.definition)
    assert SCHEME.value(act, SKOS.prefLabel)
    assert SCHEME.value(act, rdflib.URIRef(KG.actClass)) == rdflib.URIRef(KG.base + broader[0].capitalize())


def test_the_scheme_of_acts_has_report_stance_and_act_on_top():
    scheme = rdflib.URIRef("https://w3id.org/newskg/act")
    assert {str(top).removeprefix(ACT.base) for top in SCHEME.objects(scheme, SKOS.hasTopConcept)} == TOP
    assert set(SCHEME.subjects(SKOS.topConceptOf, scheme)) == set(SCHEME.objects(scheme, SKOS.hasTopConcept))


def test_no_term_is_both_a_class_and_a_property():
    kinds = [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual]
    found = [term for kind in kinds for term in VOCABULARY.subjects(RDF.type, kind)]
    assert len(found) == len(set(found)) == len(set(KG))


@pytest.mark.parametrize("name", ["newskg.ttl", "acts.ttl"])
def test_the_ontology_names_every_node(name):
    nodes = {node for triple in rdflib.Graph().parse(ontology_folder() / name) for node in triple}
    assert not [node for node in nodes if isinstance(node, rdflib.BNode)]


def test_a_misspelt_term_is_an_error():
    with pytest.raises(AttributeError, match="speeker"):
        _ = KG.speeker


def test_the_context_turns_short_names_into_our_terms(tmp_path):
    context = json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"))
    said, speaker, graph = Iri("https://newskg.example/statement/x-1-2"), Iri("https://newskg.example/actor/a"), Iri("https://x.example/g")
    node = {"id": said, "type": "Statement", "speaker": speaker, "confidence": "0.5", "text": "a"}
    file = tmp_path / "said.jsonld"
    file.write_text(json.dumps({**context, **node}), "utf-8")
    assert set(parse(file, graph)) == {
        (said, RDF_TYPE, KG.Statement, graph),
        (said, KG.speaker, speaker, graph),
        (said, KG.confidence, Literal("0.5", XSD.decimal), graph),
        (said, SCHEMA.text, Literal("a", language="en"), graph),
    }


def test_the_context_names_no_term_of_ours_that_there_is_not():
    context = json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"))["@context"]
    terms = [value for value in context.values() if not isinstance(value, float)]
    names = [value.get("@id") or value["@reverse"] if isinstance(value, dict) else value for value in terms]
    assert {name.removeprefix("kg:") for name in names if name.startswith("kg:")} <= set(KG)


def test_a_span_is_named_after_its_article_and_characters():
    span = span_iri(iri("doc", "00ff"), Span(3, 9))
    assert span == "https://newskg.example/doc/00ff#char=3,9"
    assert selector_iri(span, "quote") == "https://newskg.example/doc/00ff#char=3,9;quote"


def test_a_key_cannot_leave_its_namespace():
    assert iri("actor", "../x y#z") == "https://newskg.example/actor/..%2Fx%20y%23z"


def test_prefixes_of_data_and_terms_do_not_clash():
    assert not set(PREFIXES) & set(data_prefixes())
