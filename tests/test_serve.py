"""Whoever speaks SPARQL over HTTP gets whole answers or clear refusals, and nobody waits for somebody else's endless query."""

import csv
import io
import json
import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
import rdflib
import town
from conftest import ROOT, command, environment
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import DIRECT, ENDLESS, FORM, GREEDY, by_graph, eventually, output, running, serving
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from kg.serve.answering import Headless, Writer, names_dataset
from kg.serve.media import GRAPHS, HTML, RESULTS, preferred
from kg.serve.metrics import Metrics
from kg.serve.problems import Problem
from kg.serve.settings import BODY, HEAD, TARGET, is_loopback
from kg.store import rewrite
from kg.vocab import KG, RDF, SKOS, Literal, iri

__all__ = ["output"]

NAMES = "SELECT ?name WHERE { ?s kg:speaker/skos:prefLabel ?name } ORDER BY ?name"
ALL = "CONSTRUCT WHERE { ?s a kg:Statement }"
ARTICLE = f"graph:{town.KEY}"
GRAPH = iri("graph", town.KEY)
ENTITIES = iri("graph", "entities")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
MANY = "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def server(output):
    with serving(output) as served:
        yield served


@pytest.fixture(scope="module")
def strict(output):
    """A server with little patience."""
    with serving(output, "--timeout", "2", "--max-rows", "50", "--memory", "150") as served:
        yield served


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


# ---------------------------------------------------------------- the protocol, part by part (docs/serve.md has the same table)

ASK = "ASK { ?s a kg:Statement }"
Q = "/sparql?" + urlencode({"query": ASK})
PROTOCOL = {
    "query by GET": (200, "GET", Q, {}, b""),
    "query by HEAD": (200, "HEAD", Q, {}, b""),
    "query by POST of a form": (200, "POST", "/sparql", FORM, form(query=ASK)),
    "query by POST, directly": (200, "POST", "/sparql", DIRECT, ASK.encode()),
    "query by POST, directly, charset named": (
        200,
        "POST",
        "/sparql",
        {"Content-Type": "application/sparql-query; charset=UTF-8"},
        ASK.encode(),
    ),
    "unknown parameters are passed over": (200, "GET", f"{Q}&format=json&timeout=0", {}, b""),
    "a body with GET is passed over": (200, "GET", Q, {}, b"query=x"),
    "neither query nor parameters: the service description": (200, "GET", "/sparql", {}, b""),
    "no query by GET": (400, "GET", "/sparql?default-graph-uri=http%3A%2F%2Fa.example%2F", {}, b""),
    "no query by POST": (400, "POST", "/sparql", FORM, b""),
    "an empty query": (400, "POST", "/sparql", DIRECT, b""),
    "two queries by GET": (400, "GET", f"{Q}&query=ASK%7B%7D", {}, b""),
    "two queries in a form": (400, "POST", "/sparql", FORM, form(query=ASK) + b"&" + form(query=ASK)),
    "a query in the address and one in the body": (400, "POST", Q, DIRECT, ASK.encode()),
    "a query that does not parse": (400, "GET", "/sparql?query=SELECT", {}, b""),
    "a function that there is none of": (400, "POST", "/sparql", DIRECT, b"SELECT * { BIND(<urn:f>(1) AS ?x) }"),
    "a query that is not UTF-8": (400, "POST", "/sparql", DIRECT, b"ASK { ?s ?p '\xff' }"),
    "a parameter that is not UTF-8": (400, "GET", "/sparql?query=ASK%7B%FF%7D", {}, b""),
    "a dataset that is no IRI": (400, "GET", f"{Q}&default-graph-uri=none", {}, b""),
    "more parameters than anybody needs": (400, "POST", "/sparql", FORM, b"a=b&" * 2000),
    "an update in the parameter query": (400, "POST", "/sparql", FORM, form(query="DROP ALL")),
    "an update in the parameter update": (400, "POST", "/sparql", FORM, form(update="DROP ALL")),
    "an update by its media type": (415, "POST", "/sparql", {"Content-Type": "application/sparql-update"}, b"DROP ALL"),
    "a dataset for updates": (400, "GET", f"{Q}&using-graph-uri=urn%3Aa", {}, b""),
    "another media type": (415, "POST", "/sparql", {"Content-Type": "text/plain"}, ASK.encode()),
    "no media type": (415, "POST", "/sparql", {}, ASK.encode()),
    "another charset": (415, "POST", "/sparql", {"Content-Type": "application/sparql-query; charset=utf-16"}, ASK.encode("utf-16")),
    "a compressed body": (415, "POST", "/sparql", {**DIRECT, "Content-Encoding": "gzip"}, b"\x1f\x8b"),
    "none of the media types for a table": (406, "GET", Q, {"Accept": "text/turtle, image/png"}, b""),
    "none of the media types for a graph": (406, "POST", "/sparql", {**DIRECT, "Accept": "text/csv"}, ALL.encode()),
    "none of the media types for the description": (406, "GET", "/sparql", {"Accept": "image/png"}, b""),
    "PUT": (405, "PUT", "/sparql", DIRECT, ASK.encode()),
    "PATCH": (405, "PATCH", "/sparql", DIRECT, ASK.encode()),
    "DELETE": (405, "DELETE", "/sparql", {}, b""),
    "a preflight": (204, "OPTIONS", "/sparql", {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}, b""),
    "an address that is too long": (414, "GET", "/sparql?query=" + "a" * TARGET, {}, b""),
    "headers that are too long": (431, "GET", Q, {"X-Long": "a" * HEAD}, b""),
    "a body that is too long": (413, "POST", "/sparql", DIRECT, b" " * (BODY + 1)),
}


@pytest.mark.parametrize("name", PROTOCOL)
def test_each_part_of_the_protocol_has_its_status(server, name):
    status, method, target, headers, body = PROTOCOL[name]
    got = server.get(target, method=method, body=body or None, **headers)
    assert got.status == status
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", PROTOCOL)
def test_each_part_of_the_protocol_stands_in_the_documentation(name):
    assert f"| {name} | {PROTOCOL[name][0]} |" in (ROOT / "docs" / "serve.md").read_text("utf-8")


@pytest.mark.parametrize("name", [name for name, (status, method, *_) in PROTOCOL.items() if status >= 400])
def test_a_refusal_says_what_to_do(server, name):
    _, method, target, headers, body = PROTOCOL[name]
    problem = server.get(
        target, method=method, body=body or None, **headers | {"Accept": f"{headers.get('Accept', 'image/png')}, application/problem+json"}
    )
    told = json.loads(problem.body)
    assert problem.media == "application/problem+json"
    assert told["status"] == problem.status
    assert told["detail"]
    assert told["mend"].endswith(".")


def test_a_refusal_for_people_is_plain_text(server):
    got = server.ask("SELECT ?x WHERE { ?x kg:speaker }", "text/csv, */*")
    assert (got.status, got.media) == (400, "text/plain")
    assert got.text.startswith("the query does not parse: error at 1:")


def test_what_a_wrong_method_may_use_is_told(server):
    assert set(server.get("/sparql", method="DELETE").headers["allow"].replace(",", " ").split()) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_head_tells_the_length_and_sends_nothing(server):
    whole, head = server.get(Q), server.get(Q, method="HEAD")
    assert (head.body, head.headers["content-length"]) == (b"", str(len(whole.body)))


def test_scripts_of_any_site_may_ask(server):
    assert server.get(Q, Origin="https://a.example").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/health", "/metrics"])
def test_scripts_of_other_sites_may_not_read_what_is_no_data(server, path):
    assert "access-control-allow-origin" not in server.get(path, Origin="https://a.example").headers


# ---------------------------------------------------------------- media types

READERS = {
    "json": lambda body: [row["name"]["value"] for row in json.loads(body)["results"]["bindings"]],
    "xml": lambda body: [found.text for found in ElementTree.fromstring(body).iter("{http://www.w3.org/2005/sparql-results#}literal")],
    "csv": lambda body: [row["name"] for row in csv.DictReader(io.StringIO(body.decode(), newline=""))],
    "tsv": lambda body: [line.removesuffix("@en").strip('"') for line in body.decode().splitlines()[1:]],
}
QUIET = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's reader of JSON-LD warns of itself
RDF_READERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}


@pytest.mark.parametrize("media", RESULTS)
def test_a_table_comes_in_each_media_type(server, media):
    got = server.ask(NAMES, media)
    assert (got.status, got.media, got.headers["vary"]) == (200, media, "Accept")
    assert READERS[RESULTS[media]](got.body) == ["Ana Reyes", "Ana Reyes", "Doctors at the scene", "Government of Westland"]


@pytest.mark.parametrize("media", RESULTS)
def test_yes_and_no_come_in_each_media_type(server, media):
    got = server.ask(ASK, media)
    assert (got.status, got.media) == (200, media)
    assert b"true" in got.body


@QUIET
@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize("sparql", [ALL, "DESCRIBE actor:ana-reyes"], ids=["construct", "describe"])
def test_a_graph_comes_in_each_media_type(server, media, sparql):
    got = server.ask(sparql, media)
    assert (got.status, got.media) == (200, media)
    read = rdflib.Graph().parse(data=got.body, format=RDF_READERS[GRAPHS[media]])
    assert set(read) == set(rdflib.Graph().parse(data=server.ask(sparql, "application/n-triples").body, format="nt"))
    assert len(read) > 1


@QUIET
@pytest.mark.parametrize("media", GRAPHS)
def test_the_service_describes_itself_in_each_media_type(server, media):
    got = server.get("/sparql", Accept=media)
    described = rdflib.Graph().parse(data=got.body, format=RDF_READERS[GRAPHS[media]])
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    endpoint = rdflib.URIRef(f"{server.url}/sparql")
    assert (endpoint, sd.supportedLanguage, sd.SPARQL11Query) in described
    assert (endpoint, sd.feature, sd.UnionDefaultGraph) in described
    assert list(described.objects(predicate=rdflib.URIRef("http://rdfs.org/ns/void#documents"))) == [rdflib.Literal(1)]


def test_turtle_of_an_answer_is_the_same_bytes_each_time(server):
    first, second = (server.ask(ALL, "text/turtle").body for _ in range(2))
    assert first == second
    assert first.splitlines()[:2] == sorted(first.splitlines()[:2])


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, */*;q=0.1", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv; charset=utf-8; q=1.0", "text/csv"),
        ('text/tab-separated-values;header="a,b;q=0"', "text/tab-separated-values"),
        ("text/csv ; q = 0.9 , application/json;q=0.95", "application/json"),
        ("text/turtle", None),
        ("*/*;q=0", None),
        ("rubbish", "application/sparql-results+json"),
        ("rubbish, text/csv", "text/csv"),
    ],
)
def test_the_media_type_is_what_the_client_likes_best(accept, chosen):
    assert preferred(accept, tuple(RESULTS)) == chosen


@pytest.mark.parametrize("media", ["application/sparql-results+xml", "application/xml"])
def test_xml_keeps_a_carriage_return(server, media):
    got = server.ask(r'SELECT ?x { BIND("a\r\nb" AS ?x) }', media)
    assert next(ElementTree.fromstring(got.body).iter("{http://www.w3.org/2005/sparql-results#}literal")).text == "a\r\nb"


@pytest.mark.parametrize(
    ("sparql", "media"),
    [
        (r'SELECT ?x { BIND("\u0001" AS ?x) }', "application/sparql-results+xml"),
        (r'CONSTRUCT { <urn:a> <urn:b#c> "\u0001" } {}', "application/rdf+xml"),
    ],
)
def test_what_xml_cannot_hold_is_not_sent_as_xml(server, sparql, media):
    got = server.ask(sparql, f"{media}, application/problem+json;q=0.1")
    assert (got.status, json.loads(got.body)["detail"]) == (406, "XML cannot hold the character U+0001 of the answer")


# ---------------------------------------------------------------- datasets


def count(got) -> int:
    return int(got.rows[0]["n"]["value"])


@pytest.mark.parametrize("name", ["default-graph-uri", "from"])
def test_the_default_graph_can_be_named(server, name):
    narrowed = (
        server.ask(f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}> {{ ?s ?p ?o }}") if name == "from" else server.ask(COUNT, **{name: GRAPH})
    )
    assert count(narrowed) == len({quad[:3] for quad in town.quads() if quad[3] == GRAPH})


def test_several_default_graphs_are_one(server):
    both = server.get(f"/sparql?{urlencode([('query', COUNT), ('default-graph-uri', GRAPH), ('default-graph-uri', ENTITIES)])}")
    assert count(both) == len({quad[:3] for quad in town.quads() if quad[3] in (GRAPH, ENTITIES)})


def test_the_dataset_of_the_request_wins_over_that_of_the_query(server):
    narrowed = server.ask(f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}> {{ ?s ?p ?o }}", **{"default-graph-uri": ENTITIES})
    assert count(narrowed) == len({quad[:3] for quad in town.quads() if quad[3] == ENTITIES})


def test_named_graphs_can_be_chosen(server):
    got = server.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": GRAPH})
    assert [row["g"]["value"] for row in got.rows] == [GRAPH]


def test_with_named_graphs_alone_the_default_graph_is_empty(server):
    assert count(server.ask(COUNT, **{"named-graph-uri": GRAPH})) == 0


def test_a_graph_that_is_not_there_is_empty(server):
    assert count(server.ask(COUNT, **{"default-graph-uri": "urn:nowhere"})) == 0


def test_a_query_without_a_dataset_asks_the_union_of_all_graphs(server):
    assert count(server.ask(COUNT)) == len({quad[:3] for quad in town.quads()})


@pytest.mark.parametrize(
    ("sparql", "named"),
    [
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", True),
        ("ASK from named<urn:a>{ }", True),
        ("ASK { ?from ?p 'from' }", False),
        ("ASK { ?s <urn:x-from> from:from # from\n}", False),
        ('ASK { ?s ?p "a\\"from" }', False),
        ("PREFIX from: <urn:from> ASK { ?s from:a-from ?o }", False),
    ],
)
def test_only_the_keyword_names_a_dataset(sparql, named):
    assert names_dataset(sparql) is named


# ---------------------------------------------------------------- clients of others


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("way", [None, POSTDIRECTLY], ids=["form", "direct"])
@pytest.mark.parametrize(("wanted", "reader"), [(JSON, "json"), (XML, "xml"), (CSV, "csv"), (TSV, "tsv")])
def test_sparqlwrapper_reads_tables(server, method, way, wanted, reader):
    client = SPARQLWrapper(f"{server.url}/sparql", returnFormat=wanted)
    client.setMethod(POST if way else method)
    if way:
        client.setRequestMethod(way)
    client.setQuery("PREFIX skos: <http://www.w3.org/2004/02/skos/core#> " + NAMES.replace("kg:speaker", f"<{KG.speaker}>"))
    assert len(READERS[reader](client.query().response.read())) == 4


@QUIET
@pytest.mark.parametrize(("wanted", "format"), [(TURTLE, "turtle"), (RDFXML, "xml"), (JSONLD, "json-ld")])
def test_sparqlwrapper_reads_graphs(server, wanted, format):
    client = SPARQLWrapper(f"{server.url}/sparql", returnFormat=wanted)
    client.setQuery(f"CONSTRUCT WHERE {{ ?s a <{KG.Statement}> }}")
    assert len(rdflib.Graph().parse(data=client.query().response.read(), format=format)) == 4


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("wanted", ["xml", "json", "csv", "tsv"])
def test_rdflib_asks_as_if_the_graph_were_its_own(server, method, wanted):
    graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql", method=method, returnFormat=wanted))
    found = graph.query(f"SELECT ?name {{ ?s <{KG.speaker}>/<{SKOS.prefLabel}> ?name }}")
    assert sorted(str(row.name) for row in found) == ["Ana Reyes", "Ana Reyes", "Doctors at the scene", "Government of Westland"]


def test_rdflib_constructs_and_matches(server):
    graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql"))
    assert len(list(graph.triples((None, rdflib.RDF.type, rdflib.URIRef(KG.Statement))))) == 4
    assert len(graph.query(f"CONSTRUCT WHERE {{ ?s a <{KG.Statement}> }}").graph) == 4


@pytest.mark.parametrize("media", [*RESULTS, *GRAPHS])
def test_curl_gets_what_it_asks_for(server, media):
    sparql = NAMES if media in RESULTS else ALL
    line = ["curl", "-sf", "-w", "%{content_type}", "-o", os.devnull, "-H", f"Accept: {media}", "--data-urlencode", f"query={sparql}"]
    done = subprocess.run([*line, f"{server.url}/sparql"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(media)


# ---------------------------------------------------------------- limits


def test_an_endless_query_ends_at_its_limit_while_others_go_on(strict):
    with ThreadPoolExecutor(1) as elsewhere:
        started = time.monotonic()
        endless = elsewhere.submit(strict.ask, ENDLESS)
        eventually(lambda: strict.health()["workers"]["busy"] == 1)
        quick = [strict.ask(ASK).status for _ in range(20)]
        refused = endless.result()
        took = time.monotonic() - started
    assert quick == [200] * 20
    assert (refused.status, refused.text.partition(".")[0]) == (408, "the query took more than 2 seconds")
    assert 2 <= took < 10


def test_after_an_endless_query_there_are_as_many_workers_as_before(strict):
    strict.ask(ENDLESS)
    eventually(lambda: strict.health()["workers"] == {"alive": 2, "busy": 0, "waiting": 0})
    assert len(strict.workers()) == 2


def test_a_query_that_takes_too_much_memory_is_told_so(output):
    with serving(output, "--timeout", "20", "--memory", "64") as served:
        got = served.ask(GREEDY)
        assert (got.status, got.text.partition(".")[0]) == (503, "the query takes more memory than a query may")
        assert served.ask(ASK).status == 200


@pytest.mark.parametrize("depth", ["{" * 30_000 + "}" * 30_000, f"FILTER({'!' * 100_000}?s)"], ids=["brackets", "negations"])
def test_a_query_that_nests_too_deeply_is_told_so(server, depth):
    got = server.get("/sparql", method="POST", body=f"SELECT * {{ ?s ?p ?o {depth} }}".encode(), **DIRECT)
    assert (got.status, got.text.partition(".")[0]) == (400, "the query nests too deeply")


@pytest.mark.parametrize("media", RESULTS)
def test_as_many_rows_as_allowed_come_whole_and_more_do_not_come_at_all(strict, media):
    assert strict.ask(f"{MANY} LIMIT 50", media).status == 200
    refused = strict.ask(f"{MANY} LIMIT 51", f"{media}, text/plain;q=0.1")
    assert (refused.status, "the answer has more than 50 rows" in refused.text) == (413, True)


@pytest.mark.parametrize("media", GRAPHS)
def test_as_many_triples_as_allowed_come_whole_and_more_do_not_come_at_all(strict, media):
    assert strict.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 50", media).status == 200
    assert strict.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 51", media).status == 413


def test_a_large_answer_comes_whole(server):
    got = server.ask(f"{MANY} LIMIT 50000")
    assert len(got.body) > 2_000_000
    assert len(got.rows) == 50_000


def test_when_all_workers_are_busy_and_stay_busy_a_client_may_come_again(output):
    with serving(output, "--timeout", "1", "--workers", "1") as served, ThreadPoolExecutor(3) as elsewhere:
        answers = [answer.result() for answer in [elsewhere.submit(served.ask, ENDLESS) for _ in range(3)]]
        turned_away = [got for got in answers if got.status == 503]
        assert {got.status for got in answers} <= {408, 503}
        assert all(int(got.headers["retry-after"]) > 0 for got in turned_away)
        assert turned_away


def test_a_client_that_goes_away_takes_its_query_with_it(output):
    with serving(output, "--workers", "1") as served:
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            connection.sendall(f"GET /sparql?{urlencode({'query': ENDLESS})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            eventually(lambda: served.health()["workers"]["busy"] == 1)
        started = time.monotonic()
        assert served.ask(ASK).status == 200
        assert time.monotonic() - started < 5
        assert served.metric('kg_workers_killed_total{reason="client gone"}') == 1


def test_many_clients_at_once_are_all_answered(server):
    queries = [NAMES, ASK, COUNT, ALL] * 25
    with ThreadPoolExecutor(25) as clients:
        assert {got.status for got in clients.map(server.ask, queries)} == {200}


def test_a_client_that_only_dawdles_is_cut(server):
    pieces = {
        "nothing": b"",
        "half a head": b"GET / HTTP/1.1\r\nHost: loc",
        "half a body": b"POST /sparql HTTP/1.1\r\nHost: a.localhost\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 99\r\n\r\nASK",
    }
    with ThreadPoolExecutor(len(pieces)) as clients:
        answers = dict(zip(pieces, clients.map(server.raw, pieces.values()), strict=True))
    assert answers["nothing"] == b""
    assert answers["half a head"].startswith(b"HTTP/1.1 408 ")
    assert answers["half a body"].startswith(b"HTTP/1.1 408 ")


def test_a_worker_that_somebody_kills_is_replaced(output):
    with serving(output, "--workers", "1") as served:
        (old,) = served.workers()
        os.kill(old, signal.SIGKILL)
        eventually(lambda: served.ask(ASK).status == 200)
        assert served.workers() != {old}


# ---------------------------------------------------------------- a new generation


def test_what_is_built_meanwhile_is_served_from_the_next_query_on(tmp_path):
    rewrite(tmp_path / "output", by_graph(town.quads()))
    with serving(tmp_path / "output") as served:
        assert len(served.ask(NAMES).rows) == 4
        before = served.health()
        node, graph = iri("actor", "newcomer"), iri("graph", "new")
        rewrite(tmp_path / "output", {graph: [(node, SKOS.prefLabel, Literal("Newcomer", language="en"), graph)]})
        assert [served.ask(f"ASK {{ <{node}> ?p ?o }}").text for _ in range(4)] == ['{"head":{},"boolean":true}'] * 4
        after = served.health()
    assert after["generation"] > before["generation"]
    assert after["quads"] == before["quads"] + 1


def test_a_generation_that_was_served_goes_when_no_worker_reads_it(tmp_path):
    output = tmp_path / "output"
    rewrite(output, by_graph(town.quads()))
    graph = iri("graph", "new")
    with serving(output, "--workers", "1") as served:
        served.ask(ASK)
        rewrite(output, {graph: [(graph, RDF.type, KG.Statement, graph)]})
        served.ask(ASK)
        rewrite(output, {graph: [(graph, RDF.type, KG.Mention, graph)]})
        assert served.ask("ASK { graph:new a kg:Mention }").text.endswith("true}")
    assert len([entry for entry in (output / "stores").iterdir() if entry.is_dir()]) <= 2


# ---------------------------------------------------------------- what stands beside the endpoint


def test_the_start_page_lists_the_addresses_where_no_page_was_rendered(server):
    got = server.get("/")
    assert (got.status, got.media) == (200, HTML)
    assert 'href="/query"' in got.text


def test_the_start_page_is_the_rendered_page(output, server):
    (output / "graph.html").write_text("<!doctype html><title>Rendered</title>")
    try:
        assert server.get("/").text == server.get("/graph.html").text == "<!doctype html><title>Rendered</title>"
    finally:
        (output / "graph.html").unlink()


@pytest.mark.parametrize("name", ["newskg.ttl", "acts.ttl", "shapes.ttl", "context.jsonld"])
def test_the_vocabulary_can_be_read(server, name):
    got = server.get(f"/ontology/{name}")
    assert got.status == 200
    assert got.body == (ROOT / "ontology" / name).read_bytes()


@pytest.mark.parametrize("path", ["/nothing", "/ontology/nothing.ttl", "/actor/", "/report.html", "/sparql/", "/static/x"])
def test_what_is_not_there_is_not_found(server, path):
    assert server.get(path).status == 404


@pytest.mark.parametrize("path", ["/actor/ana-reyes", "/place/lindmere", f"/doc/{town.KEY}", f"/graph/{town.KEY}"])
@pytest.mark.parametrize("media", [HTML, *GRAPHS])
def test_the_iris_of_the_data_resolve(server, path, media):
    got = server.get(path, Accept=media)
    assert (got.status, got.media, got.headers["content-location"]) == (200, media, path)


def test_a_node_that_there_is_none_of_is_not_found(server):
    assert [server.get("/actor/nobody", Accept=media).status for media in (HTML, "text/turtle")] == [404, 404]


def test_the_page_of_questions_may_run_its_own_script_only(server):
    got = server.get("/query")
    policy = got.headers["content-security-policy"]
    assert (got.status, got.media) == (200, HTML)
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]


@pytest.mark.browser
def test_the_page_of_questions_asks_in_a_browser_under_its_policy(server, browser):
    page = browser.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{server.url}/query")
    page.fill("#query", NAMES)
    page.click("button[type=submit]")
    page.wait_for_selector("#shown table")
    assert page.locator("#shown tbody tr").count() == 4
    assert refused == []
    page.close()


@pytest.mark.browser
def test_a_page_of_the_graph_is_styled_and_its_links_lead_on(server, browser):
    page = browser.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{server.url}/actor/ana-reyes")
    page.click('main a[href^="/doc/"], main a[href^="/statement/"]')
    assert page.locator("h1").count() == 1
    assert refused == []
    page.close()


@pytest.mark.parametrize("path", ["/", "/sparql", "/query", "/health", "/metrics", "/actor/ana-reyes", "/nothing", "/ontology/newskg.ttl"])
def test_every_answer_has_strict_headers(server, path):
    headers = server.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_health_tells_the_graph_the_workers_and_the_limits(server):
    eventually(lambda: server.health()["status"] == "ok")
    told = server.health()
    assert told["quads"] == len(set(town.quads()))
    assert told["articles"] == 1
    assert told["workers"]["alive"] == 2
    assert told["limits"] == {"seconds": 30.0, "rows": 100_000, "megabytes": 1024, "body": BODY}
    assert set(told["closed_off"]) == {"network", "files"}


def test_metrics_count_queries_by_outcome(strict):
    before = [strict.metric(f'kg_queries_total{{outcome="{name}"}}') for name in ("ok", "bad_request")]
    strict.ask(ASK)
    strict.ask("SELECT")
    after = [strict.metric(f'kg_queries_total{{outcome="{name}"}}') for name in ("ok", "bad_request")]
    assert after == [number + 1 for number in before]


def test_the_histogram_adds_up():
    metrics = Metrics()
    metrics.query("ok", 0.005)
    metrics.query("ok", 0.02)
    metrics.query("ok", 100.0)
    text = metrics.text({})
    assert 'kg_query_seconds_bucket{le="0.005"} 1\n' in text
    assert 'kg_query_seconds_bucket{le="0.025"} 2\n' in text
    assert 'kg_query_seconds_bucket{le="60.0"} 2\n' in text
    assert 'kg_query_seconds_bucket{le="+Inf"} 3\n' in text
    assert "kg_query_seconds_sum 100.025000\nkg_query_seconds_count 3\n" in text


# ---------------------------------------------------------------- counting what the engine writes


ROWS = st.lists(st.text(), max_size=12)
CUTS = st.lists(st.integers(0, 4000), max_size=8)


def written(format: str, rows: list[str]) -> bytes:
    """A table of one column as the engine writes it."""
    import pyoxigraph as ox

    formats = {
        "json": ox.QueryResultsFormat.JSON,
        "xml": ox.QueryResultsFormat.XML,
        "csv": ox.QueryResultsFormat.CSV,
        "tsv": ox.QueryResultsFormat.TSV,
    }
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"urn:{number}"), ox.NamedNode("urn:p"), ox.Literal(text)) for number, text in enumerate(rows))
    data: bytes = store.query("SELECT ?text { ?s <urn:p> ?text }").serialize(format=formats[format])
    return data


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted({min(cut, len(data)) for cut in cuts} | {len(data)})
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
@given(rows=ROWS, cuts=CUTS)
def test_rows_are_counted_whatever_their_texts_and_wherever_the_bytes_are_cut(format, rows, cuts):
    rows = [row for row in rows if row.isprintable() or format != "xml"]
    data = pieces(written(format, rows), cuts)
    enough = Writer(lambda _: None, format, max(1, len(rows)))
    assert sum(map(enough.write, data)) == sum(map(len, data))
    if len(rows) > 1:
        few = Writer(lambda _: None, format, len(rows) - 1)
        with pytest.raises(Problem, match="rows"):
            list(map(few.write, data))


@given(CUTS)
def test_the_engines_own_prefixes_are_left_out_wherever_the_bytes_are_cut(cuts):
    body = b'<urn:a> <urn:b> "@prefix c: <d> .\\n" .\n@prefix'
    sent: list[bytes] = []
    out = Headless(sent.append)
    for piece in pieces(b"@prefix b: <urn:b> .\n@prefix a: <urn:a> .\n" + body, cuts):
        out.send(piece)
    out.end()
    assert b"".join(sent) == body


def test_an_answer_without_triples_is_no_bytes():
    sent: list[bytes] = []
    out = Headless(sent.append)
    out.send(b"@prefix a: <urn:a> .\n")
    out.end()
    assert sent == []


# ---------------------------------------------------------------- the command


def test_ctrl_c_ends_the_server_and_all_its_workers(output):
    with serving(output) as served:
        workers = served.workers()
        assert len(workers) == 2
    assert served.process.returncode == 0
    assert not any(map(running, workers))
    assert served.log.read_text().endswith("Stopped.\n")


def test_ctrl_c_does_not_wait_for_a_query(output):
    with serving(output) as served, socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(f"GET /sparql?{urlencode({'query': ENDLESS})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        eventually(lambda: served.health()["workers"]["busy"] == 1)
        started = time.monotonic()
        served.process.send_signal(signal.SIGINT)
        served.process.wait(10)
        assert time.monotonic() - started < 5
        assert connection.recv(100).startswith(b"HTTP/1.1 503 ")
    assert "Traceback" not in served.log.read_text()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux tells a process of its parent's end")
def test_a_killed_server_leaves_no_workers(output):
    with serving(output) as served:
        workers = served.workers()
        served.process.kill()
        eventually(lambda: not any(map(running, workers)))


def kg_serve(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command("serve", *words), capture_output=True, text=True, timeout=30, check=False, env=environment())


def test_a_missing_graph_is_told(tmp_path):
    done = kg_serve("--store", str(tmp_path))
    assert (done.returncode, done.stderr) == (1, f"Error: there is no graph in {tmp_path}. Run kg build first.\n")


def test_a_port_in_use_is_told(output, server):
    done = kg_serve("--store", str(output), "--port", str(server.port))
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: nobody can listen at 127.0.0.1:{server.port}: Address already in use. "
        "Choose another port with --port, or stop what listens there.\n"
    )


def test_a_host_that_is_elsewhere_is_told(output):
    done = kg_serve("--store", str(output), "--host", "192.0.2.1", "--port", "0")
    assert done.returncode == 1
    assert "nobody can listen at 192.0.2.1:0" in done.stderr
    assert "Choose another --host." in done.stderr


def test_it_says_that_only_this_machine_can_reach_it(server):
    assert "Only this machine can reach it." in server.log.read_text()


def test_it_warns_where_others_can_reach_it(output):
    with serving(output, "--host", "0.0.0.0") as served:
        assert "Warning: whoever can reach 0.0.0.0 can read the whole graph." in served.log.read_text()
        assert served.get("/health", Host="any.example").status == 200


def test_it_serves_ipv6(output):
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").read_text().strip():
        pytest.skip("this machine has no IPv6")
    with serving(output, "--host", "::1") as served:
        done = subprocess.run(["curl", "-sg", f"http://[::1]:{served.port}/health"], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout)["status"] == "ok"


def test_the_log_has_a_line_a_request_and_no_text_of_a_query(server):
    server.ask("SELECT ?secret { ?secret ?p ?o }")
    eventually(lambda: " 127.0.0.1 GET /sparql 200 " in server.log.read_text())
    assert "secret" not in server.log.read_text()


def test_the_log_can_have_the_texts_of_queries(output):
    with serving(output, "--verbose") as served:
        served.ask("ASK { ?wanted ?p\n'\x1b[31m' }")
        eventually(lambda: "ASK { ?wanted ?p '\ufffd[31m' }" in served.log.read_text())


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost.example", False),
        ("notlocalhost", False),
        ("127.0.0.1.example", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_what_stands_for_this_machine(host, own):
    assert is_loopback(host) is own
