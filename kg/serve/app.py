"""The addresses of a served graph."""

import asyncio
import re
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from kg.errors import StoreError
from kg.serve.answering import write_graph
from kg.serve.description import description
from kg.serve.gate import ASKED, Gate, response_to
from kg.serve.media import GRAPHS, HTML, preferred, with_charset
from kg.serve.messages import Census, Counted, Page, Query, Task
from kg.serve.metrics import MEDIA, Metrics
from kg.serve.pool import Pool, Spooled
from kg.serve.problems import Problem
from kg.serve.protocol import query_of_body, query_of_target
from kg.serve.settings import ARRIVAL, BODY, Settings
from kg.store import published
from kg.store.terms import to_triple
from kg.vocab import KINDS_OF_IRI, ontology_folder

_STYLED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_SCRIPTED = f"{_STYLED}; script-src 'unsafe-inline'"
"""For the pages that kg render and kg report write: each carries a policy of its own besides, which allows just its own scripts."""
_ONTOLOGY = {"newskg.ttl": "text/turtle", "acts.ttl": "text/turtle", "shapes.ttl": "text/turtle", "context.jsonld": "application/ld+json"}
_PAGES = ("graph.html", "report.html")
_NODE = re.compile(rf"/(?:{'|'.join(KINDS_OF_IRI)})/(?:[\w.~-]|%[0-9A-F]{{2}})+", re.ASCII)
"""The paths that ``vocab.iri`` makes."""
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_CLOSE = {"Connection": "close"}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
_START = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A graph of who said what</title>
<style>:root{color-scheme:light dark}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style>
<main><h1>A graph of who said what</h1><ul>
<li><a href="/query">Ask a question</a></li>
<li><a href="/sparql">SPARQL endpoint</a> (its description)</li>
<li>Terms: <a href="/ontology/newskg.ttl">newskg.ttl</a>, <a href="/ontology/acts.ttl">acts.ttl</a></li>
<li><a href="/health">Health</a>, <a href="/metrics">metrics</a></li>
</ul><p><code>kg render</code> writes the interactive page that is shown here.</p></main></html>
"""


def application(settings: Settings, pool: Pool, metrics: Metrics, log: Callable[[str], None]) -> ASGIApp:
    """Return the application that serves a graph; the pool must have been started."""
    site = _Site(settings, pool, metrics)
    routes = [
        Route("/", site.start),
        *(Route(f"/{name}", site.written) for name in _PAGES),
        Route("/sparql", site.sparql, methods=["GET", "POST", "OPTIONS"]),
        Route("/query", site.questions),
        Route("/health", site.health),
        Route("/metrics", site.metrics),
        Route("/ontology/{name}", site.ontology, methods=["GET", "OPTIONS"]),
        *(Route(f"/{kind}/{{key:path}}", site.node, methods=["GET", "OPTIONS"]) for kind in KINDS_OF_IRI),
    ]
    app = Starlette(routes=routes, exception_handlers={Problem: _problem, HTTPException: _http_problem})
    app.router.redirect_slashes = False
    return Gate(app, settings, metrics, log)


class _Site:
    """What stands at each address."""

    def __init__(self, settings: Settings, pool: Pool, metrics: Metrics) -> None:
        self._settings, self._pool, self._metrics = settings, pool, metrics
        self._counted: dict[int, Counted] = {}
        self._query_page = ""

    # ------------------------------------------------------------ the graph

    async def sparql(self, request: Request) -> Response:
        """Answer a query, or describe the service."""
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": "GET, HEAD, POST, OPTIONS", **_PREFLIGHT})
        asked, accept = request.scope["query_string"], _accept(request)
        if request.method == "POST":
            media, encoding = (request.headers.get(name, "") for name in ("content-type", "content-encoding"))
            query: Query | None = query_of_body(asked, media, encoding, await _body(request), accept)
        else:
            query = query_of_target(asked, accept)
        if query is None:
            return await self._description(request)
        request.scope[ASKED] = query.sparql
        return await self._answer(request, query)

    async def node(self, request: Request) -> Response:
        """Show what the graph says of a node, as a page or as RDF."""
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": "GET, HEAD, OPTIONS", **_PREFLIGHT})
        path = request.scope["raw_path"].decode("ascii")
        if not _NODE.fullmatch(path):
            raise _nothing_at(path)
        number = request.query_params.get("page", "1")
        if not re.fullmatch("[1-9][0-9]{0,6}", number, re.ASCII):
            raise Problem(HTTPStatus.BAD_REQUEST, f"there is no page {number[:40]!r}", "Name one by its number, from 1 on.")
        answer = await self._answer(request, Page(f"{self._settings.base}{path[1:]}", _accept(request), int(number)))
        answer.headers["Content-Location"] = path
        answer.headers["Content-Security-Policy"] = _STYLED
        return answer

    async def _answer(self, request: Request, task: Task) -> Response:
        """Have a worker do a task; a client that goes away takes the worker's work with it."""
        started, outcome = time.perf_counter(), "ok"
        work, gone = asyncio.create_task(self._pool.do(task)), asyncio.create_task(_gone(request))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise ClientDisconnect
            return _whole(work.result())
        except Problem as wrong:
            outcome = wrong.status.name.lower()
            raise
        except ClientDisconnect:
            outcome = "client_gone"
            return Response(status_code=499)
        finally:
            self._metrics.query(outcome, time.perf_counter() - started)
            for task_ in (work, gone):
                task_.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)

    async def _description(self, request: Request) -> Response:
        media = preferred(_accept(request), tuple(GRAPHS))
        if media is None:
            raise Problem(HTTPStatus.NOT_ACCEPTABLE, "the description of this service is a graph", f"Accept one of {', '.join(GRAPHS)}.")
        url = request.url
        told = description(f"{url.scheme}://{url.netloc}{url.path}", self._settings.base, await self._census())
        data: list[bytes] = []
        write_graph(map(to_triple, told), GRAPHS[media], data.append, self._settings.base)
        return Response(b"".join(data), headers={"Content-Type": with_charset(media), "Vary": "Accept"})

    # ------------------------------------------------------------ files

    async def start(self, request: Request) -> Response:
        """Show the page of the whole graph where kg render has written it, else a list of addresses."""
        page = self._settings.store / _PAGES[0]
        return _page(page) if page.is_file() else HTMLResponse(_START, headers={"Content-Security-Policy": _STYLED})

    async def written(self, request: Request) -> Response:
        """Show a page that another command wrote."""
        page = self._settings.store / Path(request.url.path).name
        if not page.is_file():
            raise Problem(HTTPStatus.NOT_FOUND, f"there is no {page.name} in the folder of the graph", "Run kg render or kg report.")
        return _page(page)

    async def ontology(self, request: Request) -> Response:
        """Give a file of the vocabulary."""
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": "GET, HEAD, OPTIONS", **_PREFLIGHT})
        name = request.path_params["name"]
        if name not in _ONTOLOGY:
            raise _nothing_at(request.url.path)
        return FileResponse(ontology_folder() / name, headers={"Content-Type": with_charset(_ONTOLOGY[name])})

    async def questions(self, request: Request) -> Response:
        """Show the page on which one asks."""
        if not self._query_page:
            from kg.questions import library
            from kg.serve.pages import query_page

            self._query_page = query_page(library(), base=self._settings.base)
        policy = f"{_STYLED}; connect-src 'self'; script-src {' '.join(_digests(self._query_page))}"
        return HTMLResponse(self._query_page, headers={"Content-Security-Policy": policy})

    # ------------------------------------------------------------ the server itself

    async def health(self, request: Request) -> Response:
        """Tell how the server is: 200 where it can answer, 503 where no worker is left."""
        counted, pool, settings = await self._census(), self._pool, self._settings
        told = {
            "status": "ok" if pool.alive == settings.workers else "degraded" if pool.alive else "down",
            "generation": self._generation(),
            "quads": counted and counted.quads,
            "articles": counted and counted.articles,
            "workers": {"alive": pool.alive, "busy": pool.busy, "waiting": pool.waiting},
            "limits": {"seconds": settings.seconds, "rows": settings.rows, "megabytes": settings.memory, "body": BODY},
            "closed_off": msgspec.to_builtins(pool.ready),
        }
        return JSONResponse(told, HTTPStatus.OK if pool.alive else HTTPStatus.SERVICE_UNAVAILABLE)

    async def metrics(self, request: Request) -> Response:
        """Give the counts to Prometheus."""
        pool = self._pool
        gauges = {
            "kg_workers": ("Workers that are alive.", float(pool.alive)),
            "kg_workers_busy": ("Workers that are at a task.", float(pool.busy)),
            "kg_queries_waiting": ("Tasks that wait for a worker.", float(pool.waiting)),
            "kg_generation": ("Generation of the graph.", float(self._generation() or 0)),
        }
        return Response(self._metrics.text(gauges), headers={"Content-Type": MEDIA})

    def _generation(self) -> int | None:
        try:
            return published(self._settings.store)
        except StoreError:
            return None

    async def _census(self) -> Counted | None:
        """Return what the published generation holds: counted once each, and not while all workers are busy."""
        generation = self._generation()
        if generation is not None and generation not in self._counted and self._pool.busy < self._pool.alive:
            try:
                answer = await self._pool.do(Census())
            except Problem:
                return None
            self._counted = {answer.generation: msgspec.json.decode(b"".join(answer.blocks()), type=Counted)}
        return self._counted.get(generation) if generation is not None else None


# ---------------------------------------------------------------- requests and answers


async def _body(request: Request) -> bytes:
    """Return the body of a request; one that is too long is not read to its end."""
    too_long = Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body has more than {BODY:,} bytes", "Send a shorter query.", _CLOSE)
    length = request.headers.get("content-length", "0")
    if len(length) > 18 or int(length) > BODY:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(ARRIVAL):
            async for data in request.stream():
                body += data
                if len(body) > BODY:
                    raise too_long
    except TimeoutError:
        problem = f"the body did not come within {ARRIVAL:g} seconds"
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, problem, "Send it faster.", _CLOSE) from None
    return bytes(body)


async def _gone(request: Request) -> None:
    """Return when the client has gone away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _accept(request: Request) -> str:
    return ",".join(request.headers.getlist("accept"))


def _whole(answer: Spooled) -> Response:
    """Return the response that gives a whole answer."""
    headers = {"Content-Type": with_charset(answer.media), "Content-Length": str(answer.size), "Vary": "Accept"}
    return StreamingResponse(_blocks(answer), headers=headers)


async def _blocks(answer: Spooled) -> AsyncIterator[bytes]:
    for block in answer.blocks():
        yield block


def _page(file: Path) -> Response:
    return FileResponse(file, headers={"Content-Type": with_charset(HTML), "Content-Security-Policy": _SCRIPTED})


def _digests(html: str) -> list[str]:
    """Return the source expressions that allow just the inline scripts of a page; ``'none'`` where it has none."""
    found = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in _SCRIPT.findall(html)]
    return found or ["'none'"]


async def _problem(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, Problem)
    return response_to(wrong, _accept(request))


async def _http_problem(request: Request, wrong: Exception) -> Response:
    """Return the answer for an address that there is none of, or a method that it does not take."""
    assert isinstance(wrong, HTTPException)
    if wrong.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (wrong.headers or {}).get("Allow", "")
        told = Problem(
            wrong.status_code, f"{request.method} is not for this address", f"This server only reads: use {allowed}.", wrong.headers
        )
        return response_to(told, _accept(request))
    return response_to(_nothing_at(request.url.path), _accept(request))


def _nothing_at(path: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"there is nothing at {path[:200]}", "The page at / lists what there is.")
