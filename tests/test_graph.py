"""The library face: build, open, ask, take away."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import pytest
import rdflib
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import SKOS

import kg
from kg.errors import InputError, KgError, QueryError, StoreError
from kg.graph import SHOWN, Edges, Graph, Rows, plain, prove_file
from kg.store import Blank, Format, Table, Triples
from kg.vocab import XSD, Iri, Literal

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


# ---------------------------------------------------------------- rows

SOME = Rows(("who", "n"), ((Literal("Ana Reyes", language="en"), Literal("3", XSD.integer)), (Iri("a:b"), None)))


def test_rows_are_dictionaries_of_plain_values():
    assert list(SOME) == [{"who": "Ana Reyes", "n": 3}, {"who": "a:b", "n": None}]
    assert (len(SOME), SOME[1], SOME[-1]["who"]) == (2, {"who": "a:b", "n": None}, "a:b")


def test_rows_print_as_the_command_prints_them():
    assert str(SOME).splitlines() == ["who         n", "─────────────", "Ana Reyes   3", "<a:b>", "2 rows"]
    assert SOME.text("csv") == "who,n\r\nAna Reyes,3\r\na:b,\r\n"
    assert repr(SOME) == "<2 rows of who, n>"


def test_triples_have_the_columns_of_triples():
    edges = Edges(((Iri("a:s"), Iri("a:p"), Blank("b0")),))
    assert list(edges) == [{"subject": "a:s", "predicate": "a:p", "object": "_:b0"}]
    assert edges.text("ttl").endswith("<a:s> <a:p> _:b0 .\n")


VALUES = {
    "integer": (Literal("7", XSD.integer), 7),
    "decimal": (Literal("0.5", XSD.decimal), 0.5),
    "yes": (Literal("true", XSD.boolean), True),
    "no": (Literal("false", XSD.boolean), False),
    "day": (Literal("2023-09-28", XSD.date), date(2023, 9, 28)),
    "moment": (Literal("2023-09-28T06:00:00Z", XSD.dateTime), datetime(2023, 9, 28, 6, tzinfo=UTC)),
    "a day that Python has not": (Literal("-0044-03-15", XSD.date), "-0044-03-15"),
    "a number that is none": (Literal("INFO", XSD.decimal), "INFO"),
    "a year": (Literal("2023", XSD.gYear), "2023"),
    "a text of digits": (Literal("2023"), "2023"),
    "an IRI": (Iri("a:b"), "a:b"),
    "nothing": (None, None),
}


@pytest.mark.parametrize(("term", "value"), VALUES.values(), ids=VALUES)
def test_a_term_is_the_value_that_python_has_for_it(term, value):
    assert plain(term) == value
    assert type(plain(term)) is type(value)


class Reader(HTMLParser):
    """The tags and the text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert attrs == []

    def handle_data(self, data):
        self.cells.append(data)


@given(st.text(min_size=1))
def test_a_notebook_shows_every_text_as_text(text):
    read = Reader(Rows((text,), ((Literal(text),),))._repr_html_())
    assert read.tags <= {"table", "thead", "tbody", "tr", "th", "td", "bdi", "p"}
    assert "".join(read.cells) == f"{text}{text}1 row"


def test_a_notebook_shows_the_first_rows_of_many_and_says_so():
    html = Rows(("n",), ((Literal("1", XSD.integer),),) * (SHOWN + 1))._repr_html_()
    assert (html.count("<td>"), html.endswith(f"<p>{SHOWN + 1} rows, {SHOWN} shown</p>")) == (SHOWN, True)


# ---------------------------------------------------------------- ready questions and records


def test_a_ready_question_is_asked_by_name(graph):
    assert {row["who"] for row in graph.ask("verbatim", speaker="Peskov")} == {"Dmitry Peskov"}


def test_a_number_and_a_day_may_be_given_as_such(graph, tmp_path):
    (tmp_path / "late.rq").write_text(
        "# title: Late\n# about: From a day on.\n# param day (date): the day\n# param least (number): any\n# example: kg ask late\n"
        "SELECT ?day ?least ?article WHERE { ?article schema:datePublished ?date FILTER (?date >= ?day && ?least < 2) }",
        "utf-8",
    )
    assert len(graph.ask("late", questions=tmp_path, day=date(2023, 9, 28), least=1)) > 0
    assert len(graph.ask("late", questions=str(tmp_path), day=date(2023, 9, 28), least=2.5)) == 0


@pytest.mark.parametrize(
    ("question", "given", "message"),
    [
        ("verbatm", {}, "there is no question 'verbatm'. Did you mean verbatim"),
        ("verbatim", {"speker": "x"}, "has no parameter --speker. Did you mean --speaker"),
        ("verbatim", {"speaker": "Nobody Atall"}, "nothing in the graph is called 'Nobody Atall'"),
        ("topics", {}, "topics wants --word"),
    ],
)
def test_a_wrong_question_is_an_error_with_a_mend(graph, question, given, message):
    with pytest.raises(QueryError, match=message):
        graph.ask(question, **given)


def test_actors_and_articles_come_by_iri(graph):
    assert [actor.iri for actor in graph.actors()] == sorted(actor.iri for actor in graph.actors())
    assert len(graph.articles()) == 5


def test_a_graph_with_a_namespace_of_its_own_is_opened_with_it(seeds):
    with kg.open(seeds[0], base="https://data.example/") as graph:
        assert graph.query("ASK { ?s kg:speaker actor:dmitry-peskov }") is False


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
    with pytest.raises(KgError, match=r"tells no format.*ttl, trig, nq, nt, jsonld, rdfxml, graphml, gexf, csv, ftm"):
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
    kg.build([ROOT / "seeds"], output=tmp_path)
    assert len(list((tmp_path / "stores").glob("?"))) == 1
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
