"""A real server in a process of its own, over the invented town, and the plainest of clients."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import town
from conftest import command, environment

from kg.store import keep_texts, rewrite
from kg.vocab import Iri, Quad

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
"""A cross product that would take days."""
GREEDY = "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY DESC(?f) ?a"
"""A cross product that is held in memory to be sorted."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


def by_graph(quads: list[Quad]) -> dict[Iri, list[Quad]]:
    """Return graph → its quads."""
    return {graph: [quad for quad in quads if quad[3] == graph] for graph in {quad[3] for quad in quads}}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the invented town, one for each test file."""
    folder = tmp_path_factory.mktemp("served") / "output"
    rewrite(folder, by_graph(town.quads()))
    keep_texts(folder, town.TEXTS)
    return folder


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a table in JSON."""
        found: list[dict[str, Any]] = json.loads(self.body)["results"]["bindings"]
        return found


@dataclass(frozen=True)
class Served:
    """A server that runs."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, target: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Got:
        """Send a request; underscores in the names of headers stand for hyphens."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Got(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def ask(self, sparql: str, accept: str = "*/*", **more: str) -> Got:
        """Send a query by GET."""
        return self.get(f"/sparql?{urlencode({'query': sparql, **more})}", Accept=accept)

    def raw(self, data: bytes, *, timeout: float = 20) -> bytes:
        """Send bytes and return all that comes until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def workers(self) -> set[int]:
        """The process ids of its workers."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return {int(line) for line in found.stdout.split()}

    def health(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.get("/health").body)
        return told

    def metric(self, name: str) -> float:
        """A number of /metrics, 0 where it is not told."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0


@contextmanager
def serving(output: Path, *options: str) -> Iterator[Served]:
    """Serve a folder at a free port, and end it as Ctrl-C does."""
    log = output.parent / f"log-{time.monotonic_ns()}"
    line = command("serve", "--store", str(output), "--port", "0", *options)
    with log.open("wb") as told, subprocess.Popen(line, stderr=told, stdout=told, env=environment()) as process:
        try:
            eventually(lambda: "Ctrl-C ends it." in log.read_text() or process.poll() is not None)
            found = re.search(r"page  http://\S+:(\d+)/", log.read_text())
            assert found, log.read_text()
            yield Served(process, int(found[1]), log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(10)


def eventually(holds: Callable[[], bool], *, seconds: float = 15) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.02)


def running(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


PYTHON = sys.executable
