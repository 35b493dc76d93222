"""A small service that conforms to the Reconciliation Service API 0.2, on loopback; a request that does not conform gets 400.

It stands for something outside the machine: tests can make it fail in the ways in which such things fail (``Desk.replies``).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

MANIFEST: dict[str, Any] = {
    "versions": ["0.1", "0.2"],
    "name": "Registry of the valley",
    "identifierSpace": "https://registry.example/entity/",
    "schemaSpace": "https://registry.example/schema#Thing",
    "defaultTypes": [{"id": "Person", "name": "Person"}, {"id": "Town", "name": "Town"}],
    "view": {"url": "https://registry.example/page?id={{id}}"},
    "batchSize": 50,
    "serviceVersion": "3.1",
}

RECORDS: list[dict[str, Any]] = [
    {"id": "V1", "name": "Ana Reyes", "type": [{"id": "Person", "name": "Person"}], "description": "mayor of Las Rocas"},
    {"id": "V2", "name": "Ana Reyes Duarte", "type": [{"id": "Person", "name": "Person"}]},
    {"id": "V3", "name": "Las Rocas", "type": ["Town"]},
    {"id": "V4", "name": "Գորիս", "type": [{"id": "Town", "name": "Town"}]},
]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is given once instead of the right one, after ``delay`` seconds."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0


@dataclass(slots=True)
class Desk:
    """The service as its tests see it.

    Attributes:
        url: Its endpoint.
        replies: Given first, one a request, before it answers as it should.
        asked: The conforming batches that it got.
        seen: Method, address and headers (names in small letters) of every request.
    """

    url: str
    manifest: Any
    records: list[dict[str, Any]]
    replies: list[Reply] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    closing: Event = field(default_factory=Event)


@contextmanager
def serving(manifest: Any = None, records: list[dict[str, Any]] | None = None) -> Iterator[Desk]:
    """Run a service until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    desk = Desk(
        f"http://127.0.0.1:{server.server_address[1]}/reconcile",
        MANIFEST if manifest is None else manifest,
        RECORDS if records is None else records,
    )
    server.RequestHandlerClass = type("Handler", (_Handler,), {"desk": desk})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield desk
    finally:
        desk.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    desk: Desk

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        batch = parse_qs(urlsplit(self.path).query).get("queries")
        self._give(lambda: self._matched(batch[0]) if batch else _reply(self.desk.manifest))

    def do_POST(self) -> None:
        form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode("ascii", "replace"))
        self._give(lambda: self._matched(form[0][1]) if self._is_form(form) else _refused("no form with one element, queries"))

    def _is_form(self, form: list[tuple[str, str]]) -> bool:
        return self.headers["Content-Type"] == "application/x-www-form-urlencoded" and [name for name, _ in form] == ["queries"]

    def _matched(self, batch: str) -> Reply:
        if fault := batch_fault(batch):
            return _refused(fault)
        queries = json.loads(batch)
        if len(queries) > self.desk.manifest.get("batchSize", len(queries)):
            return Reply(413, b"too many queries at once")
        self.desk.asked.append(queries)
        return _reply({key: {"result": _matches(query, self.desk.records)} for key, query in queries.items()})

    def _give(self, right: Callable[[], Reply]) -> None:
        self.desk.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
        reply = self.desk.replies.pop(0) if self.desk.replies else right()
        self.desk.closing.wait(reply.delay)
        headers = {"Content-Length": str(len(reply.body)), "Access-Control-Allow-Origin": "*", **dict(reply.headers)}
        try:
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
        except ConnectionError:
            pass  # the client has had enough: that is what some tests are about


def _refused(fault: str) -> Reply:
    return Reply(400, fault.encode())


def _reply(value: Any) -> Reply:
    return Reply(200, json.dumps(value).encode(), (("Content-Type", "application/json"),))


def batch_fault(batch: str) -> str | None:
    """Tell what a batch of queries breaks of the JSON schema and the text of API 0.2, ``None`` if nothing."""
    try:
        queries = json.loads(batch)
    except ValueError:
        return "the queries are no JSON"
    if not isinstance(queries, dict) or not queries:
        return "the queries are no object"
    return next((fault for query in queries.values() if (fault := query_fault(query))), None)


def query_fault(query: Any) -> str | None:
    """Tell what one query breaks."""
    if not isinstance(query, dict) or not query.keys() <= {"query", "type", "limit", "properties", "type_strict"}:
        return "a query is no object of the known fields"
    if not query.get("query") and not query.get("properties"):
        return "a query without words and properties"
    types = query.get("type", [])
    rules = {
        "query": isinstance(query.get("query", ""), str),
        "type": isinstance(types, str) or isinstance(types, list) and all(isinstance(kind, str) for kind in types),
        "limit": isinstance(query.get("limit", 1), int) and query.get("limit", 1) >= 1,
        "properties": all(_is_property(value) for value in query.get("properties", [])),
        "type_strict": query.get("type_strict", "any") in {"any", "all", "should"},
    }
    return next((f"{name} is not as the API has it" for name, holds in rules.items() if not holds), None)


def _is_property(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"pid", "v"} and isinstance(value["pid"], str)


def _matches(query: dict[str, Any], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records that hold every word of the query, those of its very name first, sure where there is one such."""
    name = query.get("query", "").casefold()
    found = [record for record in records if set(name.split()) <= set(record["name"].casefold().split())]
    wanted = {query["type"]} if isinstance(query.get("type"), str) else set(query.get("type", []))
    found = [record for record in found if not wanted or wanted & _types(record)]
    exact = sum(record["name"].casefold() == name for record in found)
    scored = [
        {**record, "score": 100 if record["name"].casefold() == name else 62.5, "match": exact == 1 and record["name"].casefold() == name}
        for record in found
    ]
    return sorted(scored, key=lambda candidate: -candidate["score"])[: query.get("limit")]


def _types(record: dict[str, Any]) -> set[str]:
    return {kind if isinstance(kind, str) else kind["id"] for kind in record["type"]}
