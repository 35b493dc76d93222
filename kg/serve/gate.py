"""What every request passes and every answer gets: the Host header, the length of the target, strict headers, a line in the log."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.query import harmless
from kg.serve.metrics import Metrics
from kg.serve.problems import Problem, body_of
from kg.serve.settings import BODY, HEAD, TARGET, Settings, is_loopback

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of what is no page."""
ASKED = "kg.asked"
"""Key of the scope under which the text of a query stands for the log."""
_PRIVATE = frozenset({"/", "/graph.html", "/report.html", "/query", "/health", "/metrics"})
"""What scripts of other sites may not read."""
_SHOWN = 200
_LINGERING = 1.0
"""Seconds in which a request that was refused before its end may go on."""


class Gate:
    """An application around another.

    Args:
        app: The application.
        settings: How the graph is served.
        metrics: Where requests are counted.
        log: Who takes a line a request.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, log: Callable[[str], None]) -> None:
        self._app, self._settings, self._metrics, self._log = app, settings, metrics, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, sent = time.perf_counter(), _Sent(send, scope)
        try:
            if wrong := self._refused(scope):
                await response_to(wrong, Headers(scope=scope).get("accept", ""))(scope, receive, sent)
            else:
                await self._app(scope, receive, sent)
        finally:
            self._metrics.request(sent.status)
            self._log(self._line(scope, sent, time.perf_counter() - started))

    def _refused(self, scope: Scope) -> Problem | None:
        if len(scope["raw_path"]) + len(scope["query_string"]) > TARGET:
            return Problem(HTTPStatus.REQUEST_URI_TOO_LONG, f"the address has more than {TARGET:,} bytes", "Send a long query by POST.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEAD:
            return Problem(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"the headers have more than {HEAD:,} bytes", "Send fewer.")
        host = Headers(scope=scope).get("host", "")
        if self._settings.loopback and host and not is_loopback(_name(host)):
            problem = f"this server is for this machine only, and the request is for {host[:_SHOWN]!r}"
            return Problem(HTTPStatus.FORBIDDEN, problem, "Use http://localhost, or start kg serve with --host.")
        return None

    def _line(self, scope: Scope, sent: "_Sent", seconds: float) -> str:
        """Return the request in a line: no text of a query unless that is wanted."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        client = scope["client"][0] if scope["client"] else "-"
        path = harmless(scope["raw_path"].decode("ascii", "replace"))[:_SHOWN]
        status = sent.status or "gone"
        line = f"{now} {client} {scope['method']} {path} {status} {sent.size:,} bytes {seconds:.3f} s"
        return f"{line}  {harmless(scope[ASKED])}" if self._settings.verbose and ASKED in scope else line


class _Sent:
    """The way to the client: adds headers, and remembers what went there."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send, self._scope = send, scope
        self.status = self.size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers.setdefault("Content-Security-Policy", NOTHING)
            headers.setdefault("Cache-Control", "no-cache")
            if self._scope["path"] not in _PRIVATE:
                headers["Access-Control-Allow-Origin"] = "*"
        elif message["type"] == "http.response.body" and self._scope["method"] != "HEAD":
            self.size += len(message.get("body", b""))
        await self._send(message)


class _Last(Response):
    """An answer before the whole request came: many clients read it only when they have sent all, so some of the rest is thrown away."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGERING):
                await _thrown_away(receive)
        await send({"type": "http.response.body", "body": b""})


async def _thrown_away(receive: Receive) -> None:
    size, more = 0, True
    while more and size <= BODY:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)


def response_to(wrong: Problem, accept: str) -> Response:
    """Return the answer that tells a problem."""
    media, body = body_of(wrong, accept)
    headers = {**wrong.headers, "Vary": "Accept", "Cache-Control": "no-store", "Content-Type": media}
    return (_Last if "Connection" in wrong.headers else Response)(body, wrong.status, headers)


def _name(host: str) -> str:
    """Return a Host header without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() and not name.endswith(":") else host
