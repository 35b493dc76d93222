"""A task becomes bytes: the engine writes an answer in the client's format, counted as it goes."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import IO, Protocol, cast

import msgspec
import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.query import names_dataset, refuse_unsafe
from kg.serve.media import GRAPHS, HTML, RESULTS, preferred
from kg.serve.messages import Census, Counted, Page, Query, Task
from kg.serve.problems import Problem, too_large
from kg.serve.settings import ANSWER
from kg.store import Store, Table
from kg.store.terms import brief, to_triple
from kg.vocab import PREFIXES, SCHEMA, Iri, data_prefixes

_RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPH_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
_XML = frozenset({"xml", "rdf"})
_BETWEEN_ROWS = {"json": b'},{"', "xml": b"<result>", "tsv": b"\n"}
"""What stands once a row in what Oxigraph writes and nowhere else: within texts of these formats it is escaped. (JSON writes a row in
which nothing is bound as ``{}``; that one is not counted.)"""
_BEFORE_ROWS = {"json": 1, "csv": -1, "tsv": -1}
"""What makes that count the number of rows: marks stand between the rows of JSON, and the names of columns take a line."""
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class Out(Protocol):
    """Where an answer goes: its media type, once, then its bytes."""

    def head(self, media: str) -> None:
        """Tell what the bytes are."""

    def data(self, data: bytes) -> None:
        """Take the next bytes."""


class Writer:
    """The file that the engine writes to: it counts bytes and rows, and ends an answer that has too many.

    Args:
        send: Who takes the bytes.
        format: A value of ``media.RESULTS`` or ``media.GRAPHS``.
        rows: Most rows of a table; the triples of a graph are counted before they come here.
    """

    def __init__(self, send: Callable[[bytes], None], format: str, rows: int) -> None:
        self._send, self._format, self._most = send, format, rows
        self._size, self._rows = 0, _BEFORE_ROWS.get(format, 0)
        self._tail = b""
        self._quoted = False

    def write(self, data: bytes) -> int:
        """Pass bytes on; raises ``Problem`` where there are too many."""
        self._size += len(data)
        if self._size > ANSWER:
            raise too_large(f"the answer has more than {ANSWER:,} bytes")
        self._count(data)
        if self._rows > self._most:
            raise too_large(f"the answer has more than {self._most:,} rows")
        self._send(_xml(data) if self._format in _XML else data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: all bytes went on as they came."""

    def _count(self, data: bytes) -> None:
        if self._format == "csv":
            self._count_csv(data)
        elif mark := _BETWEEN_ROWS.get(self._format):
            seen = self._tail + data
            self._rows += seen.count(mark)
            self._tail = seen[len(seen) - len(mark) + 1 :] if len(mark) > 1 else b""

    def _count_csv(self, data: bytes) -> None:
        """Count the line ends that stand outside of quotation marks."""
        for part in re.split(b'(")', data):
            if part == b'"':
                self._quoted = not self._quoted
            elif not self._quoted:
                self._rows += part.count(b"\n")


def writer(send: Callable[[bytes], None], format: str, rows: int = sys.maxsize) -> IO[bytes]:
    """Return a ``Writer`` as the engine's types want it; the engine only writes and flushes."""
    return cast(IO[bytes], Writer(send, format, rows))


def answered(store: Store, task: Task, out: Out, *, base: str, rows: int) -> None:
    """Do a task and write its answer.

    Raises:
        Problem: There is no answer; what was written by then is none.
    """
    try:
        match task:
            case Query():
                _query(store, task, out, base, rows)
            case Page():
                _page(store, task, out, base, rows)
            case Census():
                out.head("application/json")
                out.data(msgspec.json.encode(Counted(len(store), _articles(store))))
    except QueryError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, error.problem, error.mend) from error
    except StoreError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, error.problem, error.mend) from error


# ---------------------------------------------------------------- queries


def _query(store: Store, task: Query, out: Out, base: str, rows: int) -> None:
    refuse_unsafe(task.sparql)
    found = _found(store, task, base)
    try:
        if isinstance(found, ox.QueryTriples):
            _write_graph(_counted(found, rows), task.accept, out, base)
        else:
            media = _media(task.accept, tuple(RESULTS), "a table")
            out.head(media)
            found.serialize(writer(out.data, RESULTS[media], rows), format=_RESULT_FORMATS[RESULTS[media]])
    except OSError as error:
        raise StoreError(f"the graph cannot be read: {error}", "Run kg build again.") from error


def _found(store: Store, task: Query, base: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    """Return what the engine finds, to be read while it is written.

    The dataset is what the request names (SPARQL 1.1 Protocol, 2.1.4), else what FROM names, else the union of all graphs. A graph that
    the store does not have is empty; it is never fetched.

    Raises:
        QueryError: The query does not parse, or calls a function that there is none of.
    """
    prefixes = PREFIXES | data_prefixes(base)
    try:
        if task.default or task.named:
            default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(name) for name in task.default]
            named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(name) for name in task.named]
            return store.engine.query(task.sparql, prefixes=prefixes, default_graph=default, named_graphs=named)
        return store.engine.query(task.sparql, prefixes=prefixes, use_default_graph_as_union=not names_dataset(task.sparql))
    except SyntaxError as error:
        raise QueryError(f"the query does not parse: {brief(error)}", "Mend it there.") from error
    except (RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be run: {brief(error)}", "Use what SPARQL 1.1 offers.") from error
    except OSError as error:
        raise StoreError(f"the graph cannot be read: {error}", "Run kg build again.") from error


def _counted(triples: Iterable[ox.Triple], most: int) -> Iterator[ox.Triple]:
    for number, triple in enumerate(triples, start=1):
        if number > most:
            raise too_large(f"the answer has more than {most:,} triples")
        yield triple


def _write_graph(triples: Iterable[ox.Triple], accept: str, out: Out, base: str) -> None:
    media = _media(accept, tuple(GRAPHS), "a graph")
    out.head(media)
    write_graph(triples, GRAPHS[media], out.data, base)


def write_graph(triples: Iterable[ox.Triple], format: str, send: Callable[[bytes], None], base: str) -> None:
    """Write triples in a format of ``media.GRAPHS``; Turtle with our prefixes, sorted."""
    if format != "ttl":
        ox.serialize(triples, writer(send, format), format=_GRAPH_FORMATS[format])
        return
    prefixes = PREFIXES | data_prefixes(base)
    send("".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in sorted(prefixes.items())).encode())
    body = Headless(send)
    ox.serialize(triples, writer(body.send, format), format=_GRAPH_FORMATS[format], prefixes=prefixes)
    body.end()


class Headless:
    """Passes Turtle on without its prefixes: the engine writes them in the order of a hash table."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._head: bytes | None = b""

    def send(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._head is None:
            self._send(data)
            return
        self._head = re.sub(rb"\A(@prefix [^\n]*\n)+", b"", self._head + data)
        if self._head and not b"@prefix ".startswith(self._head[:8]):
            self.end()

    def end(self) -> None:
        """Pass on what was held."""
        held, self._head = self._head, None
        if held:
            self._send(held)


def _media(accept: str, offers: Sequence[str], what: str) -> str:
    if chosen := preferred(accept, offers):
        return chosen
    raise Problem(
        HTTPStatus.NOT_ACCEPTABLE,
        f"the answer is {what}, and {accept!r} takes none of its media types",
        f"Accept one of {', '.join(offers)}.",
    )


def _xml(data: bytes) -> bytes:
    """Return XML that says what was meant: readers turn a carriage return into a line feed unless it is written as a number."""
    if found := _NOT_XML.search(data):
        problem = f"XML cannot hold the character U+{ord(found.group().decode()):04X} of the answer"
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, problem, "Accept another media type, such as JSON or Turtle.")
    return data.replace(b"\r", b"&#13;")


# ---------------------------------------------------------------- pages


def _page(store: Store, task: Page, out: Out, base: str, rows: int) -> None:
    from kg.serve.pages import entity_page, entity_triples

    media, node = _media(task.accept, (HTML, *GRAPHS), "a page or a graph"), Iri(task.node)
    if media != HTML:
        triples = entity_triples(store, node)
        if not triples:
            raise _unknown(node)
        _write_graph(_counted(map(to_triple, triples), rows), task.accept, out, base)
    elif (html := entity_page(store, node, base=base, page=task.number)) is None:
        raise _unknown(node)
    else:
        out.head(HTML)
        out.data(html.encode())


def _unknown(node: Iri) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"the graph has nothing about {node}", "Look for it at /query, or see whether the base is right.")


def _articles(store: Store) -> int:
    found = store.query(f"SELECT DISTINCT ?article {{ ?article a <{SCHEMA.NewsArticle}> }}")
    return len(found.rows) if isinstance(found, Table) else 0
