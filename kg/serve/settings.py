"""What a server may spend, and the error of one that cannot start."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from kg.errors import KgError
from kg.vocab import BASE

BODY = 1_000_000
"""Most bytes of a request's body."""
TARGET = 32_000
"""Most bytes of a request's path with its query string."""
HEAD = 64_000
"""Most bytes of a request's line and headers together."""
ANSWER = 64_000_000
"""Most bytes of an answer."""
SPOOL = 1_000_000
"""Bytes of an answer that are held in memory before it goes to a temporary file."""
WAITING = 128
"""Most tasks that wait for a worker."""
CONNECTIONS = 512
"""Most connections at once."""
ARRIVAL = 10.0
"""Seconds in which a request's head, and then its body, must have come."""
READING = 30.0
"""Seconds in which a client must have taken what was sent so far."""
AGAIN = 5
"""Seconds after which a client that is turned away may come again."""


class ServeError(KgError):
    """A server that cannot start."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a graph is served.

    Attributes:
        store: The folder that ``kg build`` wrote.
        host, port: Where to listen; port 0 takes a free one.
        base: Namespace of the data: ``{base}actor/x`` is served at ``/actor/x``.
        seconds: Most seconds of a query.
        rows: Most rows or triples of an answer.
        workers: Processes that answer.
        memory: Megabytes that each of them may take beyond what an open graph takes.
        verbose: Log the texts of queries.
    """

    store: Path
    host: str = "127.0.0.1"
    port: int = 8000
    base: str = BASE
    seconds: float = 30.0
    rows: int = 100_000
    workers: int = 2
    memory: int = 1024
    verbose: bool = False

    @property
    def loopback(self) -> bool:
        """Tell whether only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether a name or address stands for the machine itself (RFC 6761 for names, RFC 1122 and 4291 for addresses)."""
    name = host.removeprefix("[").removesuffix("]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
