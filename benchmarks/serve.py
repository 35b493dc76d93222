"""How a served graph bears many clients at once, and an endless query among them; beside Oxigraph's own server and a single client.

    python -m benchmarks.serve [OUTPUT] [--clients 50] [--seconds 30] [--limit 5]

OUTPUT is a folder that kg build wrote (by default output). The clients ask a mix of questions in turn, each as fast as its answers come,
over connections that stay open; they share the machine with the server. An answer counts as an error unless its status is 200 and it is
whole. With many clients a cross product is sent at the start, too, which would take days: it must end at the limit; "no answer" says that
it had not ended when the clients had. Oxigraph's server is measured where the command oxigraph is installed (pip install newskg[bench]).
"""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from socket import create_server
from statistics import quantiles
from tempfile import TemporaryFile
from time import perf_counter, sleep
from urllib.parse import urlencode

import click

from kg.query import drawn
from kg.vocab import PREFIXES

PROLOGUE = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in PREFIXES.items())
QUESTIONS = (
    "SELECT ?who (COUNT(?s) AS ?n) { ?s kg:speaker ?who } GROUP BY ?who ORDER BY DESC(?n) LIMIT 20",
    "SELECT ?s ?text { ?s kg:act act:accuse ; schema:text ?text } ORDER BY ?s LIMIT 50",
    "SELECT ?name { ?who a schema:Person ; skos:prefLabel ?name } ORDER BY ?name LIMIT 100",
    "SELECT ?s ?date { ?s kg:speaker ?who OPTIONAL { ?s kg:saidOn ?date } } LIMIT 100",
    'SELECT ?s { ?s schema:text ?text FILTER(CONTAINS(LCASE(?text), "people")) } LIMIT 50',
    "SELECT ?a (COUNT(DISTINCT ?who) AS ?n) { ?s schema:appearance ?a ; kg:speaker ?who } GROUP BY ?a ORDER BY DESC(?n) LIMIT 10",
    "ASK { ?s kg:act act:deny }",
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ACCEPT = {"Accept": "application/sparql-results+json"}


@dataclass
class Tally:
    """What clients saw: milliseconds of each right answer, and what went wrong."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Endless:
    """How the endless query ended: its status, or ``cut``, and after how many seconds."""

    status: str
    seconds: float


def client(port: int, path: str, until: float, first: int, tally: Tally) -> None:
    """Ask in turn until a moment."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for turn in count(first):
        if perf_counter() >= until:
            break
        began = perf_counter()
        try:
            connection.request("GET", f"{path}?{urlencode({'query': PROLOGUE + QUESTIONS[turn % len(QUESTIONS)]})}", headers=ACCEPT)
            answer = connection.getresponse()
            whole = json.loads(answer.read())
        except (OSError, HTTPException, ValueError) as error:
            tally.errors.append(type(error).__name__)
            connection.close()
            continue
        if answer.status == 200 and "head" in whole:
            tally.milliseconds.append(1000 * (perf_counter() - began))
        else:
            tally.errors.append(str(answer.status))
    connection.close()


def endless(port: int, path: str, patience: float) -> Endless:
    """Send the endless query and wait for its end."""
    began = perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.request("GET", f"{path}?{urlencode({'query': ENDLESS})}", headers=ACCEPT)
        answer = connection.getresponse()
        status = str(answer.status)
        if answer.status == 200:
            json.loads(answer.read())
    except TimeoutError:
        status = "no answer"
    except (OSError, HTTPException, ValueError):
        status = "cut"
    finally:
        connection.close()
    return Endless(status, perf_counter() - began)


def measured(port: int, path: str, clients: int, seconds: float, *, with_endless: bool) -> tuple[Tally, Endless | None]:
    """Let clients ask for some seconds."""
    tally, ended = Tally(), list[Endless]()
    until = perf_counter() + seconds
    work = [threading.Thread(target=client, args=(port, path, until, number, tally)) for number in range(clients)]
    if with_endless:
        work.append(threading.Thread(target=lambda: ended.append(endless(port, path, seconds))))
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    return tally, ended[0] if ended else None


@contextmanager
def running(line: Sequence[str], port: int) -> Iterator[None]:
    """Run a server until the end of the block."""
    with TemporaryFile() as told, subprocess.Popen(line, stdout=told, stderr=told) as process:
        try:
            for _ in range(200):
                if answers(port) or process.poll() is not None:
                    break
                sleep(0.1)
            yield
        finally:
            process.terminate()


def answers(port: int) -> bool:
    """Tell whether somebody listens at a port."""
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.connect()
    except OSError:
        return False
    connection.close()
    return True


def free_port() -> int:
    """Return a port at which nobody listens now."""
    with create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def row(name: str, clients: int, seconds: float, tally: Tally, ended: Endless | None) -> tuple[str, ...]:
    """Return a row of the table."""
    times = sorted(tally.milliseconds)
    cuts = quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    told = f"{ended.status} after {ended.seconds:.1f} s" if ended else ""
    return (
        name,
        str(clients),
        str(len(times)),
        str(len(tally.errors)),
        *(f"{value:.1f}" for value in (len(times) / seconds, cuts[49], cuts[98])),
        told,
    )


@click.command(help=__doc__)
@click.argument("output", default="output", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--clients", default=50, show_default=True, type=click.IntRange(1, 500), help="Clients at once.")
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(1), help="How long they ask.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1), help="Seconds after which the endless query must end.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes of kg serve.")
def main(output: Path, clients: int, seconds: float, limit: int, workers: int) -> None:
    """Print one table, and the errors by kind."""
    rows: list[tuple[str, ...]] = []
    errors: list[str] = []

    def run(name: str, line: Callable[[int], Sequence[str]], path: str, crowd: int) -> None:
        port = free_port()
        with running(line(port), port):
            measured(port, path, 1, 1, with_endless=False)
            tally, ended = measured(port, path, crowd, seconds, with_endless=crowd > 1)
        rows.append(row(name, crowd, seconds, tally, ended))
        errors.extend(f"{name}: {error}" for error in tally.errors)

    def ours(port: int) -> list[str]:
        words = ["--store", str(output), "--port", str(port), "--timeout", str(limit), "--workers", str(workers)]
        return [sys.executable, "-m", "kg", "serve", *words]

    def theirs(port: int) -> list[str]:
        words = [
            "--location",
            str((output / "store").resolve()),
            "--bind",
            f"127.0.0.1:{port}",
            "--union-default-graph",
            "--timeout-s",
            str(limit),
        ]
        return [str(shutil.which("oxigraph", path=Path(sys.executable).parent)), "serve-read-only", *words]

    run("kg serve", ours, "/sparql", 1)
    run("kg serve", ours, "/sparql", clients)
    if shutil.which("oxigraph", path=Path(sys.executable).parent):
        run("oxigraph", theirs, "/query", 1)
        run("oxigraph", theirs, "/query", clients)
    columns = ("server", "clients", "answers", "errors", "a second", "p50 ms", "p99 ms", "endless query")
    click.echo(drawn(columns, rows, width=140))
    for kind in sorted(set(errors)):
        click.echo(f"{errors.count(kind)} × {kind}")


if __name__ == "__main__":
    main()
