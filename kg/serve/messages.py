"""What the server and its workers tell each other: a kind, a length, then JSON or the bytes of an answer."""

from enum import Enum
from typing import BinaryIO, TypeAlias

import msgspec

HEADER = 5
"""Bytes before each message: its kind, and its length as four bytes, the most significant first."""


class Kind(bytes, Enum):
    """What a worker's message holds; tasks go the other way and are always JSON."""

    READY = b"R"
    HEAD = b"H"
    DATA = b"D"
    END = b"E"
    FAILED = b"F"


class Start(msgspec.Struct, frozen=True):
    """What a worker is told first: the folder of the graph, the namespace of its data, and its limits."""

    store: str
    base: str
    rows: int
    seconds: float
    memory: int


class Ready(msgspec.Struct, frozen=True):
    """What a worker has given up: see ``sandbox.close_off``."""

    network: tuple[str, ...]
    files: tuple[str, ...]


class Query(msgspec.Struct, frozen=True, tag=True):
    """A SPARQL query.

    Attributes:
        accept: The client's Accept header.
        default, named: Graphs of the dataset that the request names; none and none leave that to the query.
    """

    sparql: str
    accept: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Page(msgspec.Struct, frozen=True, tag=True):
    """What the graph says of a node, for reading or as RDF; ``number`` is the page from 1 on."""

    node: str
    accept: str
    number: int = 1


class Census(msgspec.Struct, frozen=True, tag=True):
    """How many quads and articles there are."""


Task: TypeAlias = Query | Page | Census


class Head(msgspec.Struct, frozen=True):
    """What an answer's bytes are."""

    media: str


class End(msgspec.Struct, frozen=True):
    """The answer is whole; ``generation`` is that of the graph that gave it."""

    generation: int


class Failed(msgspec.Struct, frozen=True):
    """There is no answer."""

    status: int
    problem: str
    mend: str


class Counted(msgspec.Struct, frozen=True):
    """The answer to ``Census``."""

    quads: int
    articles: int


def packed(kind: Kind, data: bytes) -> bytes:
    """Return a message as it is sent."""
    return kind.value + len(data).to_bytes(4, "big") + data


def unpacked(header: bytes) -> tuple[Kind, int]:
    """Return the kind of a message and the length of what follows its header."""
    return Kind(header[:1]), int.from_bytes(header[1:], "big")


def read_json(source: BinaryIO) -> bytes | None:
    """Return the next message that a server sent its worker, ``None`` at the end."""
    header = source.read(4)
    return source.read(int.from_bytes(header, "big")) if len(header) == 4 else None


def sent_json(message: msgspec.Struct) -> bytes:
    """Return a message as a server sends it to its worker."""
    data = msgspec.json.encode(message)
    return len(data).to_bytes(4, "big") + data
