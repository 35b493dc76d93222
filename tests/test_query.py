"""Queries read this graph and nothing else, and their answers come as typed rows and as text."""

import csv
import io
import json
import socket
import threading

import pytest
import rdflib
import town

from kg.errors import QueryError
from kg.query import FORMATS, as_text, overview, refuse_unsafe, run
from kg.records import Span
from kg.store import Blank, Store, Table, Triples
from kg.triples import statement_iris
from kg.triples.names import figure_iri
from kg.vocab import KG, PROV, RDF, RDFS, SCHEMA, XSD, Iri, Literal, iri

G = iri("graph", "g")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store(town.stored(tmp_path_factory.mktemp("town"), town.quads())) as opened:
        yield opened


# ---------------------------------------------------------------- asking


def test_our_prefixes_need_no_declaration(store):
    answer = run(store, 'SELECT ?text { ?s kg:speaker actor:ana-reyes ; schema:text ?text FILTER(CONTAINS(?text, "Nobody")) }')
    assert answer == Table(("text",), ((Literal("We worked all night [on the bridge], … Nobody slept.", language="en"),),))


def test_a_prefix_that_the_query_declares_wins(store):
    assert run(store, "PREFIX kg: <https://elsewhere.example/> ASK { ?s kg:speaker ?o }") is False


def test_the_prefixes_follow_the_base(store):
    assert run(store, "ASK { ?s kg:speaker actor:ana-reyes }", base="https://data.example/") is False


def test_from_narrows_the_graph(store):
    assert run(store, "ASK FROM graph:entities { ?s a kg:Statement }") is False
    assert run(store, 'ASK { ?s a kg:Statement FILTER("from" != "") }') is True


def test_a_graph_can_be_asked_by_name(store):
    answer = run(store, "SELECT DISTINCT ?g { GRAPH ?g { ?s a kg:Statement } }")
    assert answer.rows == ((iri("graph", town.KEY),),)


def test_a_bound_value_is_a_term_and_no_text(store):
    sparql = "SELECT ?name ?s { ?s skos:prefLabel ?name }"
    assert len(run(store, sparql, bind={"name": Literal("Ana Reyes", language="en")}).rows) == 1
    assert run(store, sparql, bind={"name": Literal('x" } ; SERVICE <http://a.example/> {')}).rows == ()


def test_a_syntax_error_says_where_and_what_to_do(store):
    with pytest.raises(QueryError, match=r"does not parse: error at 1:\d+"):
        run(store, "SELECT ?x WHERE { ?x kg:speaker }")


# ---------------------------------------------------------------- refusing

REACHING = {
    "plain": "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "lower": "select * { service silent <U> { ?s ?p ?o } }",
    "prefixed": "SELECT * { SERVICE ex:x { ?s ?p ?o } }",
    "own prefix": "PREFIX : <U> SELECT * { SERVICE :x { ?s ?p ?o } }",
    "glued to a name": "SELECT * { SERVICEex:x { ?s ?p ?o } }",
    "glued to silent": "SELECT * { serviceSILENT<U>{ ?s ?p ?o } }",
    "glued to a number": "SELECT * { ?s ?p 1SERVICE <U> { ?a ?b ?c } }",
    "behind a comparison that looks like an IRI": "SELECT * { ?s ?p ?a FILTER(?a<2&&?c='>')SERVICE<U>{ ?x ?y 'z' } }",
    "behind a comment that looks like an IRI": "SELECT * { ?s ?p ?a FILTER(?a<?b)SERVICE#>\nex:x { ?x ?y ?z } }",
    "behind a comment that looks like a text": 'SELECT * { ?s ?p ?a FILTER(?a<ex:b#>"""\n)SERVICE <U> { ?x ?y ?z } #"""\n }',
    "behind a comment": "SELECT * { SERVICE#x\n<U> { ?s ?p ?o } }",
    "behind a carriage return": "SELECT * { #x\rSERVICE <U> { ?s ?p ?o } }",
    "behind an IRI with a mark": "SELECT * { <U#'> ?p ?o . SERVICE <U> { ?s ?p 'x' } }",
    "variable": "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?s ?p ?o } }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "load": "LOAD <U>",
    "load behind a prologue": "BASE <http://a.example/>\nPREFIX a: <b> LOAD SILENT <U> INTO GRAPH <c>",
}


@pytest.fixture(scope="module")
def listener():
    """A host that counts who calls."""
    server = socket.create_server(("127.0.0.1", 0))
    calls = []

    def answer():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            calls.append(1)
            with connection:
                connection.sendall(b"HTTP/1.1 500 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_the_listener_would_notice_a_call(store, listener):
    url, calls = listener
    before = len(calls)
    store.query(f"SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}")
    assert len(calls) > before


@pytest.mark.parametrize("name", REACHING)
def test_no_query_leaves_the_machine(store, listener, name):
    url, calls = listener
    before = len(calls)
    with pytest.raises(QueryError, match="would leave this machine"):
        run(store, f"PREFIX ex: <{url}> {REACHING[name]}".replace("<U", f"<{url}"))
    assert len(calls) == before


@pytest.mark.parametrize(
    "sparql",
    [
        'SELECT * { ?s schema:text ?t FILTER(CONTAINS(?t, "the service was")) }',
        "SELECT * { ?s schema:text 'load and \"service <x>\"' }",
        'SELECT * { ?s schema:text """a\nservice <x> of "ours\'s" """ }',
        "SELECT ?service ?load { ?service schema:text ?load }",
        "SELECT * { ?s kg:speaker actor:bbc-world-service ; kg:target actor:service }",
        "SELECT * { ?s kg:speaker <https://newskg.example/actor/bbc-world-service> . ?s a ?type }",
        "# which service?\nSELECT * { ?s ?p ?o }",
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT * { ?s a sd:Service }",
    ],
)
def test_the_words_may_stand_where_they_do_nothing(store, sparql):
    run(store, sparql)


def test_a_coded_keyword_is_refused(store):
    with pytest.raises(QueryError, match="backslash outside of a text"):
        run(store, "SELECT * { \\u0053ERVICE <http://a.example/> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "sparql",
    [
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "PREFIX a: <x:> DELETE WHERE { ?s ?p ?o }",
        "drop all",
        "CLEAR ALL",
        "# hello\nWITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_refused_by_name(store, sparql):
    before = len(store)
    with pytest.raises(QueryError, match="would change the graph"):
        run(store, sparql)
    assert len(store) == before


def test_an_update_behind_a_query_is_refused(store):
    with pytest.raises(QueryError):
        run(store, "SELECT * { ?s ?p ?o } ; DROP ALL")


def test_a_long_query_is_checked_in_no_time():
    refuse_unsafe("SELECT * { " + "?s <http://a.example/x#y> ?o . " * 20_000 + "}")


# ---------------------------------------------------------------- answers as text

TABLE = Table(
    ("who", "what"),
    (
        (iri("actor", "ana-reyes"), Literal('a, "b"\nc', language="en")),
        (Iri("https://elsewhere.example/x"), Literal("7", Iri("http://www.w3.org/2001/XMLSchema#integer"))),
        (Blank("b0"), None),
    ),
)


def test_a_table_shows_short_names_and_counts_its_rows():
    text = as_text(TABLE)
    assert "actor:ana-reyes" in text
    assert "<https://elsewhere.example/x>" in text
    assert text.endswith("3 rows\n")


def test_a_table_folds_to_its_width():
    text = as_text(Table(("what",), ((Literal("word " * 100),),)), width=40)
    assert max(map(len, text.splitlines())) <= 40
    assert text.count("word") == 100


@pytest.mark.parametrize("text", ["\x1b[31mred", "\x9b31m", "\u202egnol", "\x07", "[bold]markup[/bold]"])
def test_a_text_cannot_steer_the_terminal(text):
    shown = as_text(Table(("what",), ((Literal(text),),)))
    assert not set(shown) & {"\x1b", "\x9b", "\u202e", "\x07"}
    assert ("[bold]" in shown) == ("[bold]" in text)


def test_csv_is_as_sparql_defines_it():
    assert as_text(TABLE, "csv").startswith("who,what\r\n")
    assert list(csv.reader(io.StringIO(as_text(TABLE, "csv"), newline=""))) == [
        ["who", "what"],
        ["https://newskg.example/actor/ana-reyes", 'a, "b"\nc'],
        ["https://elsewhere.example/x", "7"],
        ["_:b0", ""],
    ]


def test_json_is_as_sparql_defines_it():
    body = json.loads(as_text(TABLE, "json"))
    assert body["head"] == {"vars": ["who", "what"]}
    assert body["results"]["bindings"] == [
        {
            "who": {"type": "uri", "value": "https://newskg.example/actor/ana-reyes"},
            "what": {"type": "literal", "value": 'a, "b"\nc', "xml:lang": "en"},
        },
        {
            "who": {"type": "uri", "value": "https://elsewhere.example/x"},
            "what": {"type": "literal", "value": "7", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
        },
        {"who": {"type": "bnode", "value": "b0"}},
    ]


@pytest.mark.parametrize(("format", "text"), [("table", "true"), ("csv", "answer\r\ntrue\r\n"), ("json", '"boolean": true')])
def test_yes_and_no_have_a_text(format, text):
    assert text in as_text(True, format)


def test_constructed_triples_become_turtle_that_rdflib_reads(store):
    answer = run(store, "CONSTRUCT { ?s kg:speaker ?a } WHERE { ?s kg:speaker ?a }")
    graph = rdflib.Graph().parse(data=as_text(answer, "ttl"), format="turtle")
    assert len(graph) == 4
    assert "kg:speaker actor:ana-reyes" in as_text(answer, "ttl")


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"ttl"}))
def test_constructed_triples_have_rows_too(format):
    text = as_text(Triples(((iri("actor", "a"), KG.kind, KG.person),)), format)
    assert "subject" in text
    assert "person" in text


def test_turtle_of_rows_is_refused_with_a_mend():
    with pytest.raises(QueryError, match="Ask with CONSTRUCT"):
        as_text(TABLE, "ttl")


def test_an_unknown_format_is_refused_with_the_choices():
    with pytest.raises(QueryError, match="table, csv, json, ttl"):
        as_text(TABLE, "xlsx")


# ---------------------------------------------------------------- the graph read back


@pytest.fixture(scope="module")
def told(store):
    return overview(store, town.TEXTS)


def test_the_article_comes_back_with_its_text(told):
    (article,) = told.articles
    assert (article.id, article.key, article.text, article.date) == ("town", town.KEY, town.TEXT, "2024-05-04")
    assert (article.title, article.url, article.publisher) == (town.DOCUMENT.title, town.DOCUMENT.url, town.DOCUMENT.publisher)


def test_actors_and_places_come_back_sorted_with_their_names(told):
    assert [actor.iri for actor in told.actors] == sorted(actor.iri for actor in told.actors)
    actors = {actor.name: actor for actor in told.actors}
    assert len(actors) == len(town.ENTITIES)
    assert actors["Ana Reyes"].kind == "person"
    assert actors["Ana Reyes"].aliases == ("Reyes",)
    assert actors["Ana Reyes"].acts_for == actors["Government of Westland"].iri
    assert (actors["Lindmere"].latitude, actors["Lindmere"].longitude) == (48.25, -16.0)
    assert actors["Lindmere"].links == ("https://sws.geonames.org/1234567/",)
    assert [actor.name for actor in told.actors if actor.unnamed] == ["Doctors at the scene", "the press"]


def test_statements_come_back_in_the_order_of_the_text_with_their_spans(told):
    direct, accusation, hurt, relayed = told.statements
    assert (direct.iri, accusation.iri, hurt.iri, relayed.iri) == statement_iris(town.EXTRACTION)
    assert direct.content == town.STATEMENTS[0].content
    assert direct.source == town.STATEMENTS[0].source
    assert (direct.type, direct.act, direct.kind, direct.role, direct.date) == ("direct", "say", "report", "Mayor", "2024-05-03")
    assert (accusation.act, accusation.interpreted) == ("accuse", True)
    assert accusation.target == iri("actor", "valley-union")
    assert hurt.confidence == 1.0
    assert relayed.nested_in == hurt.iri


def test_a_statement_without_cue_or_speaker_comes_back_without(tmp_path):
    kept = {"speaker", "cue", "sourceMention"}
    quads = [quad for quad in town.quads() if quad[1] not in {f"{KG.base}{name}" for name in kept}]
    with Store(town.stored(tmp_path, [(*quad[:3], G) for quad in quads])) as store:
        said = overview(store, town.TEXTS).statements[0]
    assert (said.speaker, said.cue, said.source) == (None, (), ())
    assert said.content[0] == Span(60, 96)


def test_two_speakers_of_one_statement_do_not_double_it(tmp_path):
    extra = (statement_iris(town.EXTRACTION)[0], KG.speaker, iri("actor", "zzz"), G)
    with Store(town.stored(tmp_path, [*((*quad[:3], G) for quad in town.quads()), extra])) as store:
        statements = overview(store, town.TEXTS).statements
    assert len(statements) == 4
    assert statements[0].speaker == iri("actor", "ana-reyes")


def test_entries_of_authority_files_are_no_actors(tmp_path):
    concept = Iri("http://www.w3.org/2004/02/skos/core#Concept")
    extra = (iri("place", "westland"), Iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), concept, G)
    with Store(town.stored(tmp_path, [*((*quad[:3], G) for quad in town.quads()), extra])) as store:
        assert len(overview(store, town.TEXTS).actors) == len(town.ENTITIES) - 1


def test_how_often_a_name_is_mentioned_is_read_where_it_is_asked_for(store, told):
    asked = overview(store, town.TEXTS, numbers=True)
    assert {actor.name: actor.mentions for actor in asked.actors if actor.mentions > 1} == {"Ana Reyes": 2, "Lindmere": 2}
    assert {actor.mentions for actor in told.actors} == {0}


def test_a_denial_comes_back_with_the_accusation_that_it_answers(tmp_path):
    direct, accusation, *_ = statement_iris(town.EXTRACTION)
    with Store(town.stored(tmp_path, [*((*quad[:3], G) for quad in town.quads()), (direct, KG.answers, accusation, G)])) as store:
        assert overview(store, town.TEXTS).statements[0].answers == (accusation,)


TWELVE, NOBODY = (figure_iri(town.KEY, figure) for figure in town.FIGURES)


def inferred(name, *evidence):
    """Return what the graph says of a finding with this evidence."""
    node = iri("inference", name)
    about = [(RDF.type, KG.Inference), (KG.finding, Literal("update")), (KG.rule, Literal("r")), (KG.note, Literal("It grew."))]
    return [(node, *pair) for pair in (*about, *((PROV.used, part) for part in evidence))]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """The town with a quantity that both of its figures measure, one that none measures, and a finding without all its evidence."""
    hurt, empty = iri("quantity", "hurt"), iri("quantity", "empty")
    extra = [
        *((node, RDF.type, KG.Quantity) for node in (hurt, empty)),
        *((node, RDFS.label, Literal("people hurt", language="en")) for node in (hurt, empty)),
        *((node, SCHEMA.unitText, Literal("people")) for node in (hurt, empty)),
        *((node, KG.cumulative, Literal("true", XSD.boolean)) for node in (hurt, empty)),
        *((figure, KG.measures, hurt) for figure in (TWELVE, NOBODY)),
        (NOBODY, KG.updates, TWELVE),
        *inferred("whole", TWELVE, NOBODY),
        *inferred("half", TWELVE, iri("figure", "nowhere")),
    ]
    quads = [(*quad[:3], G) for quad in (*town.quads(), *extra)]
    with Store(town.stored(tmp_path_factory.mktemp("measured"), quads)) as store:
        yield overview(store, town.TEXTS, numbers=True)


def test_a_quantity_comes_back_with_its_figures(measured):
    (quantity,) = measured.quantities
    assert (quantity.label, quantity.unit, quantity.cumulative) == ("people hurt", "people", True)
    assert {(claim.value, claim.low, claim.high, claim.modifier) for claim in quantity.claims} == {
        (12.0, None, None, "exact"),
        (0.0, 0.0, 10.5, "at most"),
    }
    assert {claim.span.of(town.TEXT) for claim in quantity.claims} == {"12", "Nobody"}


def test_a_figure_holds_on_the_day_that_is_told_nearest_to_it(measured):
    days = {claim.span.of(town.TEXT): (claim.as_of, claim.basis, claim.statement) for claim in measured.quantities[0].claims}
    assert days == {"12": ("2024-05-03", "text", statement_iris(town.EXTRACTION)[3]), "Nobody": ("2024-05-04", "published", None)}


def test_a_finding_comes_back_with_the_later_figure_first_and_only_with_all_its_evidence(measured):
    (finding,) = measured.quantities[0].findings
    assert (finding.kind, finding.evidence, finding.note) == ("update", (NOBODY, TWELVE), "It grew.")


def test_figures_are_read_only_where_they_are_asked_for(told):
    assert told.quantities == ()


def test_an_article_without_text_is_named(store):
    with pytest.raises(QueryError, match=f"article town \\({town.KEY}\\) is missing"):
        overview(store, {})


def test_an_empty_graph_has_an_empty_overview(tmp_path):
    with Store(town.stored(tmp_path, [])) as store:
        assert overview(store, {}) == overview(store, town.TEXTS)
        assert overview(store, {}).statements == ()
