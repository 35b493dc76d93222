"""A client of somebody else's SPARQL endpoint: a query goes out, and its answer comes back as ours do.

It speaks the SPARQL 1.1 Protocol and reads SPARQL 1.1 Query Results JSON, Turtle and N-Triples. What the endpoint says is data. A
SERVICE in the query is the endpoint's matter and is not refused: the guard of ``kg.query`` protects this machine, which only sends it.
"""

import json
import re
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead
from importlib.metadata import version
from time import monotonic
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request

import pyoxigraph as ox

from kg.errors import KgError, QueryError
from kg.query import form_of, harmless, refuse_update
from kg.reconcile import is_address, opener
from kg.store import Answer, Blank, Table, Triples, Value
from kg.store.terms import Triple, brief, from_triple
from kg.vocab import BASE, PREFIXES, XSD, Iri, Literal, data_prefixes

LONGEST_ADDRESS = 2_000
"""Characters of an address with the query in it; a longer query is sent as a form, since servers and proxies cut long addresses."""

LARGEST = 100_000_000
"""Bytes of one answer; a larger one is refused."""

PATIENCE = 60.0
"""Seconds that an endpoint may be silent, and that the body of its answer may take."""

ROWS = "application/sparql-results+json, application/json;q=0.2"
TRIPLES = "application/n-triples, text/turtle;q=0.9"
"""What is asked for, by the form of the query."""

_EXCERPT = 300
_RDF = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,  # what N-Triples were before they had a name
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
}
_MENDS = {
    400: "Mend the query, or ask for what this endpoint offers.",
    401: "It wants credentials, which kg does not send: ask an open endpoint.",
    403: "It does not let you: ask an open endpoint.",
    404: "Check the address: an endpoint's often ends with /sparql or /query.",
    405: "Check the address: an endpoint's often ends with /sparql or /query.",
    406: "It has none of the formats that kg reads: SPARQL results in JSON, Turtle, N-Triples.",
    408: "The query took too long there: ask for less, or with a LIMIT.",
    413: "Ask for less: a shorter query, or a LIMIT.",
    414: "Check the address: it takes no query of this length.",
    429: "It has had enough requests: try again later.",
    503: "It is busy or gave up: try again later, or ask for less with a LIMIT.",
    504: "The query took too long there: ask for less, or with a LIMIT.",
}
_LATER = "Try again later, or tell its maintainers."
_TOO_LONG = "The server reached its time limit, most likely: ask for less, or with a LIMIT."
_NO_ENDPOINT = "Check the address: an endpoint's often ends with /sparql or /query."


def ask(url: str, sparql: str, *, base: str = BASE, timeout: float = PATIENCE, largest: int = LARGEST) -> Answer:
    """Ask an endpoint a SELECT, ASK, CONSTRUCT or DESCRIBE query.

    Args:
        url: The endpoint: http or https, without user name and password. Redirects are followed to such addresses only.
        sparql: The query. Our prefixes and those of the data need no declaration: those that it uses are declared for the endpoint.
        base: Namespace of the data, for the prefixes.
        timeout: Seconds that the endpoint may be silent, and that the body of its answer may take.
        largest: Bytes of the answer that are taken.

    Returns:
        What ``kg.query.run`` returns for a graph of our own, rows in the endpoint's order.

    Raises:
        QueryError: The query is an update, the endpoint refuses it, or it gave up while it answered.
        KgError: The address is none, cannot be reached, or is no SPARQL endpoint.
    """
    if not is_address(url):
        raise KgError(f"{url[:200]!r} is no http or https address", "Give the address of an endpoint, in ASCII and without a password.")
    refuse_update(sparql)
    asked = "json" if (form := form_of(sparql)) in ("SELECT", "ASK") else "rdf"
    kind, body = _fetched(_request(url, declared(sparql, base), ROWS if asked == "json" else TRIPLES), timeout, largest)
    if kind in ("text/html", "application/xhtml+xml"):
        raise KgError(f"{url} answers with a web page, not with what a query finds", _NO_ENDPOINT)
    if asked == "rdf":
        return _triples(url, kind, body)
    answer = _rows(url, body)
    if isinstance(answer, bool) != (form == "ASK"):
        raise KgError(f"{url} answers a {form} query with {'a truth value' if isinstance(answer, bool) else 'rows'}", _NO_ENDPOINT)
    return answer


def declared(sparql: str, base: str = BASE) -> str:
    """Return a query behind the declarations of those of our prefixes that it uses and does not declare.

    They stand in its first line, so that the lines which an endpoint names in its complaints are those of the query. A prefix that only
    seems to be used, inside a text or an IRI, is declared too.
    """
    own = {name.lower() for name in re.findall(r"\bprefix\s+([\w.-]*):", sparql, re.IGNORECASE)}
    used = set(re.findall(r"(?<![\w:.-])([A-Za-z][\w-]*):", sparql)) - own
    known = PREFIXES | data_prefixes(base)
    return "".join(f"PREFIX {name}: <{space}> " for name, space in sorted(known.items()) if name in used) + sparql


# ---------------------------------------------------------------- the wire


def _request(url: str, sparql: str, accept: str) -> Request:
    """Return the request: a GET where the address stays short, else a POST of a form."""
    try:
        form = urlencode({"query": sparql})
    except UnicodeEncodeError as error:
        raise QueryError("the query holds half a character", "Write it in UTF-8.") from error
    headers = {"User-Agent": f"newskg/{version('newskg')}", "Accept": accept}
    bare, mark, fragment = url.partition("#")
    address = f"{bare}{'&' if urlsplit(bare).query else '?' * ('?' not in bare)}{form}"
    if len(address) <= LONGEST_ADDRESS:
        return Request(f"{address}{mark}{fragment}", None, headers)
    return Request(url, form.encode("ascii"), headers | {"Content-Type": "application/x-www-form-urlencoded"})


def _fetched(request: Request, timeout: float, largest: int) -> tuple[str, bytes]:
    """Return the media type of an answer and its bytes."""
    url, end = request.full_url.partition("?")[0], monotonic() + timeout
    try:
        with opener().open(request, timeout=timeout) as response:
            return response.headers.get_content_type(), _body(url, response, end, largest)
    except HTTPError as error:
        with error:
            raise _refused(url, error) from error
    except IncompleteRead as error:
        raise QueryError(f"{url} broke its answer off after {len(error.partial):,} bytes", _TOO_LONG) from error
    except (OSError, HTTPException, ValueError) as error:  # ValueError: a host name, or an address to redirect to, that is none
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            problem = f"{url} does not answer within {timeout:g} seconds"
            raise QueryError(problem, "Give it longer with --timeout, or ask for less with a LIMIT.") from error
        mend = "Check the address and the connection; a proxy is taken from https_proxy and http_proxy."
        raise KgError(f"{url} cannot be reached: {harmless(str(reason)) or type(reason).__name__}", mend) from error


def _body(url: str, response: HTTPResponse, end: float, largest: int) -> bytes:
    """Read an answer until the moment ``end``."""
    parts = bytearray()
    while part := response.read1(1 << 16):
        parts += part
        if len(parts) > largest:
            raise QueryError(f"{url} answers with more than {largest:,} bytes", "Ask for less, or with a LIMIT.")
        if monotonic() > end:
            raise TimeoutError
    if response.length:
        raise IncompleteRead(bytes(parts), response.length)
    return bytes(parts)


def _refused(url: str, error: HTTPError) -> KgError:
    """Return what an answer that is not 200 means, with the beginning of what the endpoint says."""
    try:
        said = _excerpt(_detail(error.read(8 * _EXCERPT)))
    except (OSError, HTTPException):
        said = ""
    page = "<html" in said.lower() or said.lower().startswith("<!doctype")
    words = f": {said}" if said and not page else ""
    made = QueryError if error.code in (400, 408, 413, 503, 504) else KgError
    return made(f"{url} answers {error.code} {harmless(error.reason)}{words}", _MENDS.get(error.code, _LATER))


def _detail(body: bytes) -> bytes:
    """Return the sentence that a problem in JSON tells (RFC 9457), any other text as it is."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return body
    detail = told.get("detail") if isinstance(told, dict) else None
    return detail.encode("utf-8", "replace") if isinstance(detail, str) else body


def _excerpt(data: bytes) -> str:
    """Return the beginning of a text of theirs in one line."""
    words = " ".join(harmless(data.decode("utf-8", "replace")).split())
    return words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 2]} …"


# ---------------------------------------------------------------- answers


def _rows(url: str, body: bytes) -> Table | bool:
    """Return the answer to SELECT or ASK."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        if body.lstrip()[:1] == b"{":
            raise QueryError(f"{url} broke its answer off after {len(body):,} bytes: {_end(body)}", _TOO_LONG) from error
        raise KgError(f"{url} does not answer in JSON: {_excerpt(body[: 4 * _EXCERPT])}", _NO_ENDPOINT) from error
    try:
        if isinstance(told.get("boolean"), bool):
            return bool(told["boolean"])
        columns = tuple(map(str, told["head"]["vars"]))
        found = told["results"]["bindings"]
        return Table(columns, tuple(tuple(_value(row[name]) if name in row else None for name in columns) for row in found))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise KgError(f"{url} answers with JSON that holds no SPARQL results", _NO_ENDPOINT) from error


def _end(body: bytes) -> str:
    """Return the last words of an answer that broke off: there a server says why."""
    return f"… {_excerpt(body[-_EXCERPT // 2 :])}"


def _value(told: Mapping[str, Any]) -> Value:
    """Return the term of a binding; ``typed-literal`` is how endpoints before 2013 wrote it.

    Raises:
        ValueError: It is none of RDF 1.1's.
    """
    text = told["value"]
    if not isinstance(text, str):
        raise ValueError(f"no text: {text!r}")
    match told["type"]:
        case "uri":
            return Iri(text)
        case "bnode":
            return Blank(text)
        case "literal" | "typed-literal":
            language, datatype = told.get("xml:lang"), told.get("datatype")
            if language:
                return Literal(text, language=str(language).lower())
            return Literal(text, None if datatype in (None, XSD.string) else Iri(datatype))
    raise ValueError(f"no term of RDF: {told['type']!r}")


def _triples(url: str, kind: str, body: bytes) -> Triples:
    """Return the answer to CONSTRUCT or DESCRIBE."""
    if kind not in _RDF:
        raise KgError(f"{url} answers in {harmless(kind)}, which kg does not read", _MENDS[406])
    found: list[Triple] = []
    blanks: dict[Value, Blank] = {}
    try:
        for quad in ox.parse(body, format=_RDF[kind], base_iri=url):
            subject, predicate, value = from_triple(quad.triple)
            found.append((_numbered(subject, blanks), predicate, _numbered(value, blanks)))
    except SyntaxError as error:
        problem = f"{url} answers with {kind} that does not parse after {len(found):,} triples ({brief(error)}): {_end(body)}"
        raise QueryError(problem, _TOO_LONG) from error
    except ValueError as error:
        raise KgError(f"{url} answers with what RDF 1.1 has not: {error}", _MENDS[406]) from error
    return Triples(tuple(found))


def _numbered(value: Value, blanks: dict[Value, Blank]) -> Value:
    """Return a term, a blank node under the number of its first appearance: a parser names those without a label by chance."""
    return blanks.setdefault(value, Blank(f"b{len(blanks)}")) if isinstance(value, Blank) else value
