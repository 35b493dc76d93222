"""A client of the Reconciliation Service API 0.2: names go out in batches, candidates come back.

The rules are those of the final report of the W3C Entity Reconciliation Community Group of 10 April 2023
(https://reconciliation-api.github.io/specs/0.2/). What a service says is data and a proposal: it is never followed as an address, only
redirects are, and ``match: true`` tells what the service thinks, not what we decide. Nothing is kept between two calls.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http.client import HTTPException, HTTPResponse, IncompleteRead
from importlib.metadata import version
from math import isfinite
from time import monotonic, sleep
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from kg.errors import KgError
from kg.records import Kind
from kg.vocab import is_thing_iri, is_web_iri

API = "0.2"

LARGEST = 20_000_000
"""Bytes of one answer; a larger one is refused."""

LONGEST = 1_000
"""Characters of a name, a description or an identifier; a longer text is cut, a longer identifier refused."""

REDIRECTS = 5

PATIENCE = 60.0
"""Seconds that a service may ask us to wait (``Retry-After``) at a time; ``WAITS`` times for one request."""

WAITS = 3

PAUSE = 1.0
"""Seconds before the one new try after a failure that may pass."""

Progress = Callable[[int, int], None]
"""Called with the number of queries answered and of all."""

_EXCERPT = 200
_FORM = "application/x-www-form-urlencoded"
_ID = "{{id}}"
_COMPONENT = "-_.!~*'()"  # what encodeURIComponent leaves alone
_TAIL = _COMPONENT + "/:@$,;"  # what may stand in a path as well
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_HIDDEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # turns the reading direction, or half a character
_DOTS = re.compile(r"/\.\.?(?:[/?#]|$)")


@dataclass(frozen=True, slots=True)
class Service:
    """What the manifest of a reconciliation service says, as far as we use it.

    Attributes:
        url: Where the manifest was found, after redirects; queries go there.
        name: As its people read it, for example ``Wikidata (en)``.
        versions: Of the API that it speaks, ``0.2`` among them.
        identifier_space: Prefix of its identifiers as it says; some services name a page instead, see ``Candidate.iri``.
        schema_space: What its entities are; ``None`` where the manifest forgets it.
        view: Template of a page about an entity, with ``{{id}}`` in it.
        batch_size: Most queries that it takes at once.
        default_types: Identifiers of types that are good for most queries, in its order.
        software: Version of the software behind it.
        digest: SHA-256 of the manifest as it was sent, in hex.
    """

    url: str
    name: str
    versions: tuple[str, ...]
    identifier_space: str
    schema_space: str | None
    view: str | None
    batch_size: int | None
    default_types: tuple[str, ...]
    software: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class Query:
    """One name to ask for.

    Attributes:
        key: ``Entity.path`` of the entity; stays here.
        kind: Of the entity; stays here, for whoever compares it with the candidates' types.
        type: Identifier of a type of the service.
        properties: Identifier of a property of the service and its value, in the order in which they are sent.

    Raises:
        ValueError: The name is empty, which the API does not allow.
    """

    key: str
    name: str
    kind: Kind
    type: str | None = None
    properties: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError(f"a query without a name: {self.key}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity of the service that may be meant.

    Attributes:
        id: As the service gave it.
        iri: The identifier itself where it is an http or https IRI; else, where the identifier space is a prefix (it ends with ``/``,
            ``#`` or ``:``) or there is no view, the space followed by the identifier; else the view with the identifier in it.
            What an IRI cannot hold is percent-encoded, in a view everything that the API says. Always http, https or urn.
        name: In one line, without control characters.
        score: As the service gave it: the higher the better, on no common scale.
        match: The service is sure.
        types: Identifiers, in the service's order.
        description: In one line; empty where there is none.
    """

    id: str
    iri: str
    name: str
    score: float
    match: bool
    types: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one query.

    Attributes:
        candidates: The best score first, equal ones in the service's order, each IRI once.
        problem: What went wrong with this query alone: the service's own words, or what is missing in its answer. There may be
            candidates all the same. ``None`` with no candidates means that the service knows nobody of that name.
    """

    query: Query
    candidates: tuple[Candidate, ...]
    problem: str | None = None


# ---------------------------------------------------------------- the two questions


def describe(url: str, *, timeout: float = 30.0, wait: Callable[[float], None] = sleep) -> Service:
    """Fetch the manifest of the service at ``url``.

    Args:
        url: The endpoint, http or https, without user name and password.
        timeout: Seconds that the service may be silent, and that the body of its answer may take.
        wait: Called with the seconds to wait before another try; must take that time.

    Raises:
        KgError: There is no such address or answer, it is no reconciliation service, it does not speak 0.2, or it wants credentials.
    """
    if not is_address(url):
        raise KgError(f"{url!r} is no http or https address", "Give the endpoint of a service, in ASCII and without a password")
    found, body = _fetch(_request(url), timeout=timeout, wait=wait)
    return _service(found, _json(url, body), sha256(body).hexdigest())


def ask(
    service: Service,
    queries: Sequence[Query],
    *,
    limit: int = 5,
    batch: int = 10,
    timeout: float = 30.0,
    wait: Callable[[float], None] = sleep,
    progress: Progress | None = None,
) -> Iterator[Answer]:
    """Ask a service for candidates, one batch after the other.

    A service that answers 429 or 503 with ``Retry-After`` is waited for, at most ``WAITS`` times ``PATIENCE`` seconds; another failure
    that may pass (no connection, no answer in time, 408, 429, 5xx) is tried once more.

    Args:
        service: From ``describe``.
        queries: What to ask for.
        limit: Most candidates for a query, at least 1.
        batch: Most queries in one request, at least 1; the service's own bound holds if it is lower.
        timeout: Seconds that the service may be silent, and that the body of the answer to a batch may take.
        wait: Called with the seconds to wait before another try; must take that time.
        progress: Called after each batch.

    Yields:
        One answer for each query, in their order.

    Raises:
        KgError: A whole batch got no answer; what came before has been yielded.
    """
    size = min(batch, service.batch_size or batch)
    for start in range(0, len(queries), size):
        part = queries[start : start + size]
        _, body = _fetch(_request(service.url, _form(part, limit)), timeout=timeout, wait=wait)
        yield from _answers(service, part, _json(service.url, body), limit)
        if progress:
            progress(start + len(part), len(queries))


# ---------------------------------------------------------------- what is sent and what is read


def _form(queries: Sequence[Query], limit: int) -> bytes:
    batch = {f"q{number}": _query(query, limit) for number, query in enumerate(queries)}
    return urlencode({"queries": json.dumps(batch)}).encode("ascii")


def _query(query: Query, limit: int) -> dict[str, Any]:
    asked: dict[str, Any] = {"query": query.name, "limit": limit}
    if query.type is not None:
        asked["type"] = query.type
    if query.properties:
        asked["properties"] = [{"pid": pid, "v": value} for pid, value in query.properties]
    return asked


def _json(url: str, body: bytes) -> Any:
    """Read an answer; all its numbers become floats, so that no length of digits and no infinity surprises."""
    try:
        return json.loads(body, parse_int=float, parse_constant=float)
    except (ValueError, RecursionError):
        said = _line(body[:_EXCERPT].decode("utf-8", "replace"))
        raise KgError(f"{url} does not answer in JSON: {said!r}", "Check that it is the endpoint of a reconciliation service") from None


def _service(url: str, manifest: Any, digest: str) -> Service:
    if not isinstance(manifest, dict) or not _said(manifest, "name") or not _said(manifest, "identifierSpace"):
        raise KgError(
            f"{url} is no reconciliation service: no name and identifierSpace in its manifest", "Check the address of its endpoint"
        )
    _check_version(url, manifest)
    if manifest.get("authentication"):
        raise KgError(f"{url} wants credentials, which newskg does not send", "Use a service that is open, or a copy of your own")
    return Service(
        url=url,
        name=_said(manifest, "name"),
        versions=_ids(manifest["versions"]),
        identifier_space=_said(manifest, "identifierSpace"),
        schema_space=_said(manifest, "schemaSpace") or None,
        view=_view(manifest.get("view")),
        batch_size=_batch_size(manifest.get("batchSize")),
        default_types=_ids(manifest.get("defaultTypes")),
        software=_said(manifest, "serviceVersion") or None,
        digest=digest,
    )


def _check_version(url: str, manifest: dict[str, Any]) -> None:
    """Raise ``KgError`` unless the service speaks our version; a manifest that does not say speaks 0.1."""
    versions = _ids(manifest.get("versions", ["0.1"]))
    if API not in versions:
        raise KgError(
            f"{url} speaks version {', '.join(versions) or 'unknown'} of the Reconciliation Service API, not {API}",
            f"Look for an endpoint of it that speaks {API}",
        )


def _said(record: dict[str, Any], key: str) -> str:
    """Return a text of a record in one line, empty where there is none."""
    value = record.get(key)
    return _line(value) if isinstance(value, str) else ""


def _ids(values: Any) -> tuple[str, ...]:
    """Return the identifiers of a list whose members are identifiers or objects that have one."""
    found = [_said(value, "id") if isinstance(value, dict) else value for value in values] if isinstance(values, list) else []
    return tuple(_line(value) for value in found if isinstance(value, str) and _line(value))


def _view(view: Any) -> str | None:
    template = _said(view, "url") if isinstance(view, dict) else ""
    return template if _ID in template else None


def _batch_size(size: Any) -> int | None:
    return int(size) if isinstance(size, float) and isfinite(size) and size >= 1 else None


def _answers(service: Service, queries: Sequence[Query], reply: Any, limit: int) -> Iterator[Answer]:
    keys = [f"q{number}" for number in range(len(queries))]
    if not isinstance(reply, dict) or not any(key in reply for key in keys):
        raise KgError(f"{service.url} answers none of the queries: {_shown(reply)}", "Tell its maintainers, or try again later")
    for key, query in zip(keys, queries, strict=True):
        yield _answer(service, query, reply.get(key), limit)


def _answer(service: Service, query: Query, entry: Any, limit: int) -> Answer:
    fields = entry if isinstance(entry, dict) else {}
    result, error = fields.get("result"), fields.get("error")
    problems = [f"the service says: {_shown(error)}"] if error else []
    if not isinstance(result, list):
        return Answer(query, (), *(problems or ["the service gives no result"]))
    found: dict[str, Candidate] = {}
    for item in result:
        read = _candidate(service, item)
        if isinstance(read, str):
            problems.append(read)
        elif read.iri not in found or found[read.iri].score < read.score:
            found[read.iri] = read
    best = sorted(found.values(), key=lambda candidate: -candidate.score)[:limit]
    return Answer(query, tuple(best), problems[0] if problems else None)


def _candidate(service: Service, item: Any) -> Candidate | str:
    """Read one candidate, or tell what is wrong with it."""
    if not isinstance(item, dict):
        return f"a candidate is no object: {_shown(item)}"
    identifier, score = item.get("id"), item.get("score")
    iri = _iri(service, identifier) if isinstance(identifier, str) else None
    if not isinstance(identifier, str) or iri is None:
        return f"a candidate has no identifier that makes an IRI: {_shown(identifier)}"
    if not _said(item, "name"):
        return f"candidate {identifier} has no name"
    if not isinstance(score, float) or not isfinite(score):
        return f"candidate {identifier} has no number as its score: {_shown(score)}"
    return Candidate(
        id=identifier,
        iri=iri,
        name=_said(item, "name"),
        score=score,
        match=item.get("match") is True,
        types=_ids(item.get("type")),
        description=_said(item, "description"),
    )


def _iri(service: Service, identifier: str) -> str | None:
    """Return the IRI of an identifier as ``Candidate.iri`` tells, ``None`` where it would be none.

    Control characters are refused, and ``.`` or ``..`` as a step of the path, because readers of RDF take such steps away.
    """
    if not identifier or _line(identifier) != identifier:
        return None
    space = service.identifier_space
    if is_web_iri(identifier):
        made = identifier
    elif service.view is None or (space.endswith(("/", "#", ":")) and is_thing_iri(space)):
        made = space + quote(identifier, safe=_TAIL)
    else:
        made = service.view.replace(_ID, quote(identifier, safe=_COMPONENT))
    return made if is_thing_iri(made) and not _DOTS.search(made) else None


def _line(text: str) -> str:
    """Return a text in one line, without control characters, at most ``LONGEST`` characters."""
    return " ".join(_HIDDEN.sub("", _CONTROL.sub(" ", text[:LONGEST])).split())


def _shown(value: Any) -> str:
    """Return the beginning of a plain value, or of those in an object, for a message."""
    parts = value.values() if isinstance(value, dict) else [value]
    return "; ".join(_line(str(part)) for part in parts if not isinstance(part, dict | list))[:_EXCERPT] or "nothing readable"


# ---------------------------------------------------------------- the wire


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A request that brought nothing.

    Attributes:
        pause: Seconds after which another try may help; ``None`` for never.
        asked: The service named that time itself.
    """

    error: KgError
    pause: float | None = None
    asked: bool = False


class _Redirects(HTTPRedirectHandler):
    """Follows a service to other web addresses only, never from https to http, and takes the queries along."""

    max_redirections = REDIRECTS

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str) -> Request:
        """Return the same request to ``newurl``; after 303 one without the queries, as RFC 9110 has it."""
        if not is_address(newurl) or (req.type == "https" and urlsplit(newurl).scheme != "https"):
            raise HTTPError(req.full_url, code, f"{msg} - Redirection to url '{newurl}' is not allowed", headers, fp)
        return Request(newurl, None if code == 303 else req.data, dict(req.headers))


def is_address(url: str) -> bool:
    """Tell whether something is the whole address of a page of the web, without user name and password."""
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    return whole and parts.scheme in {"http", "https"} and url.isascii() and url.isprintable() and " " not in url


def opener() -> OpenerDirector:
    """Return what opens http and https addresses and no others, through the proxies of the environment."""
    opener = OpenerDirector()
    handlers = (ProxyHandler, HTTPHandler, HTTPSHandler, _Redirects, HTTPErrorProcessor, HTTPDefaultErrorHandler, UnknownHandler)
    for handler in handlers:
        opener.add_handler(handler())
    return opener


def _request(url: str, form: bytes | None = None) -> Request:
    headers = {"User-Agent": f"newskg/{version('newskg')}", "Accept": "application/json"}
    return Request(url, form, headers | ({"Content-Type": _FORM} if form else {}))


def _fetch(request: Request, *, timeout: float, wait: Callable[[float], None]) -> tuple[str, bytes]:
    """Return where an answer was found and its bytes, after as many tries as ``ask`` tells."""
    left = {True: WAITS, False: 1}
    while isinstance(reply := _once(request, timeout), _Refusal):
        if reply.pause is None or not left[reply.asked]:
            raise reply.error
        left[reply.asked] -= 1
        wait(reply.pause)
    return reply


def _once(request: Request, timeout: float) -> tuple[str, bytes] | _Refusal:
    url, end = request.full_url, monotonic() + timeout
    try:
        with opener().open(request, timeout=timeout) as response:
            body = _body(response, end)
            found: str = response.url
    except HTTPError as error:
        return _told_off(url, error)
    except (OSError, HTTPException, ValueError) as error:  # ValueError: an address to redirect to, or a host name, that is none
        return _Refusal(_unreached(url, error, timeout), PAUSE)
    if body is None:
        return _Refusal(KgError(f"{url} answers with more than {LARGEST:,} bytes", "Ask for less at once: a smaller --batch or --limit"))
    return found, body


def _body(response: HTTPResponse, end: float) -> bytes | None:
    """Read an answer until the moment ``end``; ``None`` where it is too large."""
    parts = bytearray()
    while part := response.read1(1 << 16):
        parts += part
        if len(parts) > LARGEST:
            return None
        if monotonic() > end:
            raise TimeoutError
    if response.length:
        raise IncompleteRead(bytes(parts), response.length)
    return bytes(parts)


def _told_off(url: str, error: HTTPError) -> _Refusal:
    """Return what an answer that is not 200 means."""
    with error:
        problem = f"{url} answers {error.code} {_line(error.reason)}{_words(error)}"
    asked = _asked(error.headers) if error.code in {429, 503} else None
    if asked is None:
        again = error.code >= 500 or error.code in {408, 429}
        return _Refusal(KgError(problem, _mend(error.code)), PAUSE if again else None)
    if asked > PATIENCE:
        return _Refusal(KgError(f"{problem}, and asks to wait {asked:.0f} seconds", "Try again after that time"))
    return _Refusal(KgError(f"{problem}, however long we wait", "Try again later, with a smaller --batch"), asked, asked=True)


def _words(error: HTTPError) -> str:
    """Return the beginning of what a failing service says, after a colon."""
    try:
        said = _line(error.read(_EXCERPT).decode("utf-8", "replace"))
    except (OSError, HTTPException):
        return ""
    return f": {said}" if said else ""


def _mend(status: int) -> str:
    if 300 <= status < 400:
        return "Give the address that it points to, if you trust that"
    if status == 413:
        return "Ask for less at once with a smaller --batch"
    if status in {401, 403, 407}:
        return "Use a service that is open to everybody; newskg sends no credentials"
    return "Try again later" if status >= 500 else "Check the address, the --type and the --batch"


def _asked(headers: Message) -> float | None:
    """Return the seconds of ``Retry-After``, which tells them or a date (RFC 9110); ``None`` where it tells neither."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds())


def _unreached(url: str, error: Exception, timeout: float) -> KgError:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return KgError(f"{url} does not answer within {timeout:g} seconds", "Try again later, with a smaller --batch")
    return KgError(
        f"{url} cannot be reached: {_line(str(reason)) or type(reason).__name__}",
        "Check the address and the connection; a proxy is taken from https_proxy and http_proxy",
    )
