"""The library face: build, open, ask, take away."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
import rdflib
from conftest import ROOT
from rdflib.namespace import SKOS

import kg
from kg.errors import InputError, QueryError, StoreError
from kg.graph import Graph, prove_file
from kg.store import Format, Store, Table, Triples

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def graph(seeds) -> Iterator[Graph]:
    with kg.open(seeds[0]) as opened:
        yield opened


def test_build_and_open_are_all_one_needs(tmp_path):
    (tmp_path / "a.txt").write_text("“The bridge is open,” Mayor Ana Reyes said.\n", "utf-8")
    report = kg.build([tmp_path / "a.txt"], output=tmp_path / "out")
    assert report.statements == {"direct": 1}
    with kg.open(tmp_path / "out") as graph:
        (said,) = graph.statements()
    assert [span.of("“The bridge is open,” Mayor Ana Reyes said.") for span in said.content] == ["The bridge is open,"]


def test_folders_may_be_texts(tmp_path):
    (tmp_path / "a.txt").write_text("It rained, Reyes said.\n", "utf-8")
    kg.build([str(tmp_path / "a.txt")], output=str(tmp_path / "out"))
    kg.open(str(tmp_path / "out")).close()


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert kg.__version__.count(".") == 2


def test_a_missing_graph_is_an_error_with_a_mend(tmp_path):
    with pytest.raises(StoreError, match="Run kg build first"):
        kg.open(tmp_path)


def test_select_construct_and_ask_have_answers_of_their_own(graph):
    assert isinstance(graph.query("SELECT ?s { ?s a kg:Statement }"), Table)
    assert isinstance(graph.query("CONSTRUCT { ?s a kg:Statement } WHERE { ?s a kg:Statement }"), Triples)
    assert graph.query("ASK { ?s a kg:Statement }") is True


def test_a_wrong_query_is_an_error_with_a_mend(graph):
    with pytest.raises(QueryError, match="does not parse"):
        graph.query("SELECT")


def test_statements_come_by_article_and_place(graph, seeds):
    statements = graph.statements()
    assert len(statements) == sum(seeds[1].statements.values())
    assert [(said.article, said.content) for said in statements] == sorted((said.article, said.content) for said in statements)


def test_networkx_gets_who_speaks_about_whom(graph):
    speech = graph.to_networkx()
    assert isinstance(speech, nx.DiGraph)
    peskov = "https://newskg.example/actor/dmitry-peskov"
    assert speech.nodes[peskov]["name"] == "Dmitry Peskov"
    assert speech.out_degree(peskov) > 0


@pytest.mark.parametrize("form", Format)
def test_export_takes_the_format_from_the_name_of_the_file(graph, tmp_path, form):
    graph.export(tmp_path / f"graph.{form}")
    graph.export(str(tmp_path / f"again.{form}"))
    assert (tmp_path / f"graph.{form}").read_bytes() == (tmp_path / f"again.{form}").read_bytes() != b""


@pytest.mark.parametrize("name", ["graph.docx", "graph"])
def test_a_name_without_an_rdf_ending_is_refused_with_the_choices(graph, tmp_path, name):
    with pytest.raises(StoreError, match=r"has no ending of an RDF format.*ttl, nq, nt, trig, jsonld, rdf"):
        graph.export(tmp_path / name)


def test_the_turtle_of_a_build_is_what_export_writes(graph, seeds, tmp_path):
    graph.export(tmp_path / "graph.ttl")
    assert (tmp_path / "graph.ttl").read_bytes() == (seeds[0] / "graph.ttl").read_bytes()


# ---------------------------------------------------------------- rdflib


def test_rdflib_asks_the_store_in_sparql(graph):
    sparql = "SELECT ?s WHERE { ?s kg:speaker/skos:prefLabel 'Dmitry Peskov'@en ; a kg:DirectQuotation }"
    found = graph.graph.query(sparql)
    assert sorted(str(row[0]).rpartition("-")[2] for row in found) == ["2163", "2516"]


OWN_WARNINGS = pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")
"""rdflib uses in its own code what it deprecates."""


@OWN_WARNINGS
def test_rdflib_reads_the_store_as_one_graph(graph, seeds):
    dataset = graph.graph
    assert isinstance(dataset, rdflib.Dataset)
    assert len(dataset) == len(rdflib.Graph().parse(seeds[0] / "graph.ttl"))
    assert str(dataset.value(rdflib.URIRef("https://newskg.example/actor/dmitry-peskov"), SKOS.prefLabel)) == "Dmitry Peskov"


def test_rdflib_sees_a_graph_a_document(graph):
    names = {str(one.identifier).rpartition("/")[2] for one in graph.graph.graphs()}
    assert {"entities", "runs"} < names
    assert len([name for name in names if len(name) == 16]) == 5


@OWN_WARNINGS
def test_rdflib_cannot_write_into_an_open_graph(graph):
    with pytest.raises(RuntimeError, match="read-write"):
        graph.graph.add((rdflib.URIRef("x:s"), rdflib.URIRef("x:p"), rdflib.URIRef("x:o")))


def test_the_same_dataset_is_given_each_time(graph):
    assert graph.graph is graph.graph


def test_a_closed_graph_gives_its_folder_free_though_rdflib_was_used(seeds, tmp_path):
    kg.build([ROOT / "seeds" / f"{name}.txt" for name in ("002_debeb84b39588bc0",)], output=tmp_path)
    with kg.open(tmp_path) as graph:
        dataset = graph.graph
        assert len(dataset) > 0
    with Store(tmp_path, writable=True) as store:
        assert len(store) > 0
    with pytest.raises(AttributeError):
        len(dataset)


# ---------------------------------------------------------------- proof


def test_the_proof_counts_what_it_sliced(graph):
    proof = graph.prove()
    assert proof.articles == 5
    assert proof.spans == len({span for said in graph.statements() for span in said.content}) or proof.spans > 500


def test_violations_come_before_warnings(graph, tmp_path):
    copy = tmp_path / "000_2541abd937358670.txt"
    copy.write_text("x" + (ROOT / "seeds" / copy.name).read_text("utf-8"), "utf-8")
    others = [path for path in (ROOT / "seeds").iterdir() if path.name != copy.name]
    found = [str(violation.severity) for violation in graph.prove([copy, *others]).violations]
    assert found == sorted(found)
    assert found[0] == "violation"


def test_an_unreadable_source_is_an_error(graph, tmp_path):
    with pytest.raises(InputError, match="none"):
        graph.prove([tmp_path / "none"])


def test_a_file_can_be_proved_in_place_of_the_store(graph, seeds, tmp_path):
    graph.export(tmp_path / "graph.nq")
    assert prove_file(tmp_path / "graph.nq", seeds[0]) == graph.prove()


def test_the_examples_of_the_docstrings_name_what_there_is():
    text = Path(kg.__file__).read_text("utf-8")
    assert "kg.build([" in text
    assert "kg.open(" in text
    assert all(callable(getattr(kg, name)) or isinstance(getattr(kg, name), str) for name in kg.__all__)
