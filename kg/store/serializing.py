"""A graph as text: equal graphs are equal bytes."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from typing import BinaryIO, cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.terms import Triple, to_triple
from kg.vocab import BASE, PREFIXES, RDF, data_prefixes


class Format(StrEnum):
    """What a graph can be written as; the value is the ending of the file's name."""

    TURTLE = "ttl"
    NQUADS = "nq"
    NTRIPLES = "nt"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDFXML = "rdf"


FORMATS = {
    Format.TURTLE: ox.RdfFormat.TURTLE,
    Format.NQUADS: ox.RdfFormat.N_QUADS,
    Format.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    Format.TRIG: ox.RdfFormat.TRIG,
    Format.JSONLD: ox.RdfFormat.JSON_LD,
    Format.RDFXML: ox.RdfFormat.RDF_XML,
}
WITH_GRAPHS = frozenset({Format.NQUADS, Format.TRIG, Format.JSONLD})
_HEAD = re.compile(rb"\A(@(base|prefix) [^\n]*\n)*")
_SUBJECT = re.compile(rb"\n(?=[^\t\n@])")
_NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\r"
"""What XML 1.0 cannot hold, and the carriage return, which its readers turn into a line feed; compiled when it is needed, if it is."""


SORTED = 1_000_000
"""Most quads that are put in order before they are written (up to a kilobyte of memory each, measured)."""
_SEEN = 1 << 24


def turtle(triples: Iterable[Triple], *, base: str = BASE) -> bytes:
    """Return triples as sorted Turtle with our prefixes, ``rdf:type`` first in each subject."""
    out = BytesIO()
    _write_triples(sorted({to_triple(triple) for triple in triples}, key=_rank), Format.TURTLE, out, base)
    return out.getvalue()


def serialize(db: ox.Store, format: Format, out: BinaryIO, *, base: str) -> None:
    """Write a database in a format: the union of all graphs, or the graphs apart where the format has them.

    Equal graphs are equal bytes: sorted up to ``SORTED`` quads. Beyond, they stand in the engine's own order, that of its keys, which are
    digests of the terms; nothing is held in memory then.

    Raises:
        StoreError: A text holds a character that RDF/XML has no way to write.
        OSError: ``out`` cannot be written.
    """
    quads = db.quads_for_pattern(None, None, None, None)
    if len(db) > SORTED:
        _stream(db, format, out, base)
    elif format in WITH_GRAPHS:
        _write_quads(quads, format, out, base)
    elif format is Format.NTRIPLES:
        out.write("".join(sorted({f"{quad.triple} .\n" for quad in quads})).encode())
    else:
        _write_triples(sorted({quad.triple for quad in quads}, key=_rank), format, out, base)


def _stream(db: ox.Store, format: Format, out: BinaryIO, base: str) -> None:
    if format not in WITH_GRAPHS:
        _write_triples(_union(db), format, out, base)
    elif format is Format.TRIG:
        with _headed(out, base) as body:
            db.dump(body, FORMATS[format], prefixes=_prefixes(base), base_iri=base)
    else:
        db.dump(out, FORMATS[format])


def _union(db: ox.Store) -> Iterator[ox.Triple]:
    """Yield the triples of all graphs graph by graph, each only from the first that has it.

    Most subjects stand in one graph. Which may have stood in another is kept in one byte for its digest; only those are looked up.
    """
    seen = bytearray(_SEEN)
    here: tuple[object, object] | None = None
    again = False
    for quad in db.quads_for_pattern(None, None, None, None):
        if here != (quad.subject, quad.graph_name):
            here = quad.subject, quad.graph_name
            place = hash(quad.subject) % _SEEN
            again, seen[place] = bool(seen[place]), True
        if not again or next(db.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)).graph_name == quad.graph_name:
            yield quad.triple


def _write_quads(quads: Iterable[ox.Quad], format: Format, out: BinaryIO, base: str) -> None:
    if format is Format.NQUADS:
        out.write("".join(sorted(f"{quad} .\n" for quad in quads)).encode())
        return
    ordered = sorted(quads, key=lambda quad: (str(quad.graph_name), *_rank(quad.triple)))
    if format is Format.JSONLD:
        ox.serialize(ordered, out, FORMATS[format])
        return
    with _headed(out, base) as body:
        ox.serialize(ordered, body, FORMATS[format], prefixes=_prefixes(base), base_iri=base)


def _write_triples(triples: Iterable[ox.Triple], format: Format, out: BinaryIO, base: str) -> None:
    if format is Format.NTRIPLES:
        out.writelines(f"{triple} .\n".encode() for triple in triples)
    elif format is Format.RDFXML:
        ox.serialize(_writable(triples), out, FORMATS[format], prefixes=PREFIXES)
    else:
        with _headed(out, base, apart=True) as body:
            ox.serialize(triples, body, FORMATS[format], prefixes=_prefixes(base), base_iri=base)


def _prefixes(base: str) -> dict[str, str]:
    """Return the prefixes of a file; none for documents, since their spans read better relative to the base: ``<doc/…#char=3,9>``."""
    return PREFIXES | {prefix: space for prefix, space in data_prefixes(base).items() if prefix != "doc"}


@contextmanager
def _headed(out: BinaryIO, base: str, *, apart: bool = False) -> Iterator[BinaryIO]:
    """Give what Turtle or TriG is written to, with the prefixes in order: Oxigraph writes them as its hash table has them.

    Args:
        out: Where it goes.
        base: Namespace of the data.
        apart: Put an empty line between subjects.
    """
    names = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in sorted(_prefixes(base).items()))
    out.write(f"@base <{base}> .\n{names}".encode().removesuffix(b"\n"))
    body = _Body(out, apart)
    yield cast(BinaryIO, body)
    body.end()


class _Body:
    """What lets go by all but a file's own prefixes."""

    def __init__(self, out: BinaryIO, apart: bool) -> None:
        self._out, self._apart, self._head, self._kept = out, apart, True, b""

    def write(self, data: bytes) -> int:
        """Write a part of the file, however it is cut."""
        text = self._kept + data
        if self._head:
            self._kept = _HEAD.sub(b"", text)
            if not self._kept or self._kept.startswith(b"@"):
                return len(data)
            self._head, text = False, b"\n" + self._kept
        self._kept = b"\n" if text.endswith(b"\n") else b""
        self._put(text.removesuffix(b"\n"))
        return len(data)

    def flush(self) -> None:
        """Do nothing: the file is not ended."""

    def end(self) -> None:
        """Write what was held back."""
        self._put(b"\n" if self._head else self._kept)

    def _put(self, text: bytes) -> None:
        self._out.write(_SUBJECT.sub(b"\n\n", text) if self._apart else text)


def _rank(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """Return the place of a triple in a file: subject by subject, types first."""
    return str(triple.subject).rstrip(">"), triple.predicate.value != RDF.type, triple.predicate.value, str(triple.object)


def _writable(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    for triple in triples:
        if isinstance(triple.object, ox.Literal) and (found := re.search(_NOT_XML, triple.object.value)):
            problem = f"RDF/XML cannot hold the character U+{ord(found.group()):04X} of {triple.subject}"
            raise StoreError(problem, "Export ttl, nq, nt, trig or jsonld instead.")
        yield triple
