"""Whatever is sent, nothing leaves this machine, no path leaves the folder, and the graph stays as it is."""

import socket
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import town
from conftest import environment
from serving import DIRECT, FORM, eventually, output, serving

from kg.store import Store

__all__ = ["output"]

HOSTILE = {
    "service": "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "service, lower case": "select * { service <U> { ?s ?p ?o } }",
    "service, mixed case": "SELECT * { SeRvIcE <U> { ?s ?p ?o } }",
    "service silent": "SELECT * { SERVICE SILENT <U> { ?s ?p ?o } }",
    "service, no space": "SELECT*{SERVICE<U>{?s ?p ?o}}",
    "service, tab": "SELECT * {\tSERVICE\t<U>\t{ ?s ?p ?o } }",
    "service, form feed": "SELECT * { SERVICE\f<U> { ?s ?p ?o } }",
    "service, line break": "SELECT * {\nSERVICE\n<U>\n{ ?s ?p ?o } }",
    "service behind a comment": "SELECT * { SERVICE#x\n<U> { ?s ?p ?o } }",
    "service behind a carriage return": "SELECT * { #x\rSERVICE <U> { ?s ?p ?o } }",
    "service behind a comment that looks like a text": 'SELECT * { ?s ?p ?a FILTER(?a<ex:b#>"""\n)SERVICE <U> { ?x ?y ?z } #"""\n }',
    "service behind a comparison that looks like an IRI": "SELECT * { ?s ?p ?a FILTER(?a<2&&?c='>')SERVICE<U>{ ?x ?y 'z' } }",
    "service behind a comment that looks like an IRI": "SELECT * { ?s ?p ?a FILTER(?a<?b)SERVICE#>\n<U> { ?x ?y ?z } }",
    "service behind an IRI with a mark": "SELECT * { <U#'> ?p ?o . SERVICE <U> { ?s ?p 'x' } }",
    "service behind a long text": 'SELECT * { ?s ?p """a"b""c""" . SERVICE <U> { ?x ?y ?z } }',
    "service behind an escaped mark": 'SELECT * { ?s ?p "\\"" . SERVICE <U> { ?x ?y ?z } }',
    "service glued to a number": "SELECT * { ?s ?p 1SERVICE <U> { ?a ?b ?c } }",
    "service glued to a name": "PREFIX ex: <U> SELECT * { SERVICEex:x { ?s ?p ?o } }",
    "service glued to silent": "SELECT * { serviceSILENT<U>{ ?s ?p ?o } }",
    "service by an own prefix": "PREFIX : <U> SELECT * { SERVICE :x { ?s ?p ?o } }",
    "service by a prefix named service": "PREFIX service: <U> SELECT * { SERVICE service:x { ?s ?p ?o } }",
    "service by the base": "BASE <U> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "service by a variable": "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?s ?p ?o } }",
    "service by a bound variable": "SELECT * { BIND(IRI(CONCAT('U', '')) AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "service in a subquery": "SELECT * { { SELECT * { SERVICE <U> { ?s ?p ?o } } } }",
    "service in optional": "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <U> { ?s ?x ?y } } }",
    "service in a union": "SELECT * { { ?s ?p ?o } UNION { SERVICE <U> { ?s ?p ?o } } }",
    "service in minus": "SELECT * { ?s ?p ?o MINUS { SERVICE <U> { ?s ?p ?o } } }",
    "service in exists": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <U> { ?s ?p ?o } } }",
    "service in a graph": "SELECT * { GRAPH ?g { SERVICE <U> { ?s ?p ?o } } }",
    "service in construct": "CONSTRUCT { ?s ?p ?o } { SERVICE <U> { ?s ?p ?o } }",
    "service in describe": "DESCRIBE ?s { SERVICE <U> { ?s ?p ?o } }",
    "service in ask": "ASK { SERVICE <U> { ?s ?p ?o } }",
    "service in service": "SELECT * { SERVICE <U> { SERVICE <U> { ?s ?p ?o } } }",
    "service by a coded letter": "SELECT * { \\u0053ERVICE <U> { ?s ?p ?o } }",
    "service by coded letters": "SELECT * { \\u0053\\u0045RVICE SILENT <U> { ?s ?p ?o } }",
    "service by a long code": "SELECT * { \\U00000053ERVICE <U> { ?s ?p ?o } }",
    "service at a coded address": "SELECT * { SERVICE <\\u0055> { ?s ?p ?o } }",
    "from a coded address": "SELECT * FROM <\\u0055> { ?s ?p ?o }",
    "load": "LOAD <U>",
    "load silent": "LOAD SILENT <U> INTO GRAPH <urn:c>",
    "load behind a prologue": "BASE <http://a.example/>\nPREFIX a: <b> LOAD <U>",
    "load behind a query": "SELECT * { ?s ?p ?o } ; LOAD <U>",
    "load by a coded letter": "\\u004cOAD <U>",
    "insert from a service": "INSERT { ?s ?p ?o } WHERE { SERVICE <U> { ?s ?p ?o } }",
    "insert data": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "delete": "DELETE WHERE { ?s ?p ?o }",
    "with, delete": "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "drop": "DROP SILENT ALL",
    "create": "CREATE GRAPH <urn:g>",
    "copy": "COPY DEFAULT TO <urn:g>",
    "move": "MOVE <urn:a> TO <urn:g>",
    "add": "ADD <urn:a> TO <urn:g>",
}
"""Queries that a server has to refuse; U stands for the listener."""
FETCHING = {
    "from": "SELECT * FROM <U> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <U> { GRAPH ?g { ?s ?p ?o } }",
    "graph": "SELECT * { GRAPH <U> { ?s ?p ?o } }",
    "describe": "DESCRIBE <U>",
    "an IRI": "SELECT * { <U> ?p ?o }",
    "a text that names a service": "SELECT * { ?s ?p 'SERVICE <U>' }",
}
"""Queries that name the listener and may be answered: there is nothing of it in the graph."""


class Listener:
    """A host that counts who calls."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"
        self.calls = 0
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.calls += 1
            with connection:
                connection.sendall(b"HTTP/1.1 500 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@pytest.fixture(scope="module")
def listener():
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(output):
    with serving(output, "--timeout", "5") as served:
        yield served


def aimed(sparql: str, listener: Listener) -> str:
    """Return a query that names the listener, also where its address is written in codes."""
    return (
        sparql.replace("\\u0055", "".join(f"\\u{ord(char):04x}" for char in listener.url))
        .replace("U>", f"{listener.url}>")
        .replace("'U'", f"'{listener.url}'")
    )


def digest(folder: Path) -> str:
    """A digest of all files of a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return sha256(b"\0".join(part for path in files for part in (str(path).encode(), path.read_bytes()))).hexdigest()


def sent(server, way: str, sparql: str):
    match way:
        case "get":
            return server.ask(sparql)
        case "form":
            return server.get("/sparql", method="POST", body=urlencode({"query": sparql}).encode(), **FORM)
        case "direct":
            return server.get("/sparql", method="POST", body=sparql.encode(), **DIRECT)
        case "update":
            return server.get("/sparql", method="POST", body=urlencode({"update": sparql}).encode(), **FORM)
    return server.get("/sparql", method="POST", body=sparql.encode(), Content_Type="application/sparql-update")


@pytest.mark.parametrize("way", ["get", "form", "direct", "update", "update, direct"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_refused_and_calls_nobody(server, listener, name, way):
    got = sent(server, way, aimed(HOSTILE[name], listener))
    assert got.status == (415 if way == "update, direct" else 400)
    assert listener.calls == 0


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize("name", FETCHING)
def test_what_the_graph_does_not_have_is_not_fetched(server, listener, name, way):
    got = sent(server, way, aimed(FETCHING[name], listener))
    assert got.status == 200
    assert listener.url.encode() not in got.body
    assert listener.calls == 0


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_dataset_of_the_request_is_not_fetched(server, listener, name):
    got = server.ask("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", **{name: listener.url})
    assert (got.status, got.rows) == (200, [])
    assert listener.calls == 0


def test_a_remote_context_of_json_ld_is_nothing_that_is_taken(server, listener):
    body = f'{{"@context": "{listener.url}", "@id": "urn:a"}}'.encode()
    assert server.get("/sparql", method="POST", body=body, Content_Type="application/ld+json").status == 415
    assert listener.calls == 0


def test_the_listener_would_notice_a_call(output):
    other = Listener()
    with Store(output) as store:
        store.query(f"SELECT * {{ SERVICE SILENT <{other.url}> {{ ?s ?p ?o }} }}")
    other.close()
    assert other.calls > 0


CLOSED_OFF = """
import sys
from pathlib import Path
from kg.serve.sandbox import close_off, limit_memory
from kg.store import Store
print(*close_off().network)
store = Store(Path(sys.argv[1]))
try:
    store.query(f"SELECT * {{ SERVICE <{sys.argv[2]}> {{ ?s ?p ?o }} }}")
except Exception as error:
    print(type(error).__name__)
"""


def test_a_query_that_passes_the_guard_still_reaches_nobody(output):
    other = Listener()
    line = [sys.executable, "-c", CLOSED_OFF, str(output), other.url]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environment())
    other.close()
    fences, error = done.stdout.splitlines()
    if not fences:
        pytest.skip("this system has no way to close off a process")
    assert error == "StoreError"
    assert other.calls == 0


WRITING = """
import os, subprocess, sys
from pathlib import Path
from kg.serve.sandbox import close_off
told = close_off()
place = Path(sys.argv[1])
def tried(work):
    try:
        work()
    except OSError:
        return "refused"
    return "done"
print("system calls" in told.files, *map(tried, [
    lambda: (place / "new").write_bytes(b"x"),
    lambda: (place / "old").write_bytes(b"x"),
    lambda: (place / "old").open("ab").write(b"x"),
    lambda: (place / "old").unlink(),
    lambda: (place / "old").rename(place / "other"),
    lambda: (place / "folder").mkdir(),
    lambda: (place / "link").symlink_to("old"),
    lambda: os.truncate(place / "old", 0),
    lambda: subprocess.run(["true"]),
]), tried(lambda: (place / "old").read_bytes()))
"""


def test_a_worker_can_change_no_file_and_start_no_program(tmp_path):
    (tmp_path / "old").write_text("as it was")
    line = [sys.executable, "-c", WRITING, str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environment())
    fenced, *tried, reading = done.stdout.split()
    if fenced != "True":
        pytest.skip("this system filters no system calls")
    assert tried == ["refused"] * 9
    assert reading == "done"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old", "as it was")]


# ---------------------------------------------------------------- paths

OUT = ["..", "%2e%2e", "%2E%2E", ".%2e", "%252e%252e", "..%5c..", "%c0%ae%c0%ae", "..;"]
STARTS = ["", "/ontology", "/actor", "/doc", "/graph", "/static"]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("step", OUT)
@pytest.mark.parametrize("slash", ["/", "%2f", "%2F", "//"])
def test_no_path_leaves_what_is_served(server, start, step, slash):
    path = f"{start}/{slash.join([step] * 8)}{slash}etc{slash}passwd"
    got = server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert got.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))
    assert b"root:" not in got


@pytest.mark.parametrize(
    "path",
    [
        "/ontology/newskg.ttl%00.html",
        "/graph.html%00",
        "/actor/%00",
        "/actor/a%0d%0aSet-Cookie:%20x=y",
        "/actor/<script>alert(1)</script>",
        "/actor/x%3E%20%3Fp%20%3Fo%20%7D%20SERVICE%20%3Chttp:",
        "/ontology/questions/accusations.rq",
        "/ontology/authority",
        "/texts/" + town.KEY + ".txt",
        "/store/CURRENT",
        "/extractions.sqlite",
        "//evil.example/",
    ],
)
def test_no_path_is_a_way_to_anything_else(server, path):
    got = server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))
    assert b"set-cookie" not in head.lower()
    assert b"content-type: text/plain" in head.lower()


def test_a_whole_address_as_target_is_no_proxy(server, listener):
    got = server.raw(f"GET {listener.url} HTTP/1.1\r\nHost: {listener.url[7:-1]}\r\nConnection: close\r\n\r\n".encode())
    assert b" 404 " in got.splitlines()[0]
    assert listener.calls == 0


# ---------------------------------------------------------------- requests


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "10.0.0.1", "127.0.0.1.evil.example", "[::2]"]
)
@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/", "/health"])
def test_a_page_elsewhere_cannot_give_this_server_its_own_name(server, host, path):
    assert server.get(path, Host=host).status == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000"])
def test_the_names_of_this_machine_are_taken(server, host):
    assert server.get("/health", Host=host).status == 200


@pytest.mark.parametrize("more", [b"Content-Length: 10000000\r\n", b"Transfer-Encoding: chunked\r\n"], ids=["length told", "chunked"])
def test_ten_megabytes_are_refused_without_being_read(server, more):
    body = b" " * 10_000_000
    if b"chunked" in more:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    taken = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n" + more + b"\r\n")
        try:
            while taken < len(body):
                taken += connection.send(body[taken : taken + 100_000])
        except OSError:
            pass
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert taken < len(body)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET /" + b"a" * 500_000,
        b"GET / HTTP/1.1\r\nX: " + b"a" * 500_000,
        b"\x00" * 1000 + b"\r\n\r\n",
    ],
    ids=range(11),
)
def test_what_is_no_request_is_refused(server, data):
    try:
        got = server.raw(data)
    except ConnectionError:
        got = b""
    assert got == b"" or got.split()[1] in (b"400", b"414", b"431", b"501")
    assert server.get("/health").status == 200


def test_an_upgrade_is_not_taken(server):
    got = server.get("/sparql", Connection="Upgrade", Upgrade="websocket", Sec_WebSocket_Key="x", Sec_WebSocket_Version="13")
    assert got.status == 200


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE", "MERGE", "PROPFIND", "TRACE"])
@pytest.mark.parametrize(
    "path", ["/", "/health", "/actor/ana-reyes", f"/graph/{town.KEY}", "/ontology/newskg.ttl", "/store", "/sparql/update"]
)
def test_no_method_changes_anything(server, method, path):
    got = server.get(path, method=method, body=b"<urn:a> <urn:b> <urn:c> .", Content_Type="text/turtle")
    assert got.status in (404, 405)


def test_a_query_cannot_forge_a_line_of_the_log(output):
    with serving(output, "--verbose") as served:
        served.ask("ASK { ?s ?p '\n2030-01-01T00:00:00Z 1.2.3.4 GET /forged 200' }")
        served.get("/" + quote("\n2030 forged"))
        eventually(lambda: served.log.read_text().count(" 127.0.0.1 GET ") == 2)
        assert not any(line.startswith("2030") for line in served.log.read_text().splitlines())


def test_after_all_that_the_graph_is_what_it_was(output, listener):
    before = digest(output)
    with serving(output) as served:
        answers = [sent(served, way, aimed(sparql, listener)).status for sparql in HOSTILE.values() for way in ("get", "direct", "update")]
        assert set(answers) == {400}
        assert served.ask("ASK { ?s a kg:Statement }").text.endswith("true}")
    assert digest(output) == before
    assert listener.calls == 0
