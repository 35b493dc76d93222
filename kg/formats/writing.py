"""One door for all formats: a store in, bytes out."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, TypeAlias

from kg.formats import ftm, jsonld, tables
from kg.formats.names import Export
from kg.store import Format, Store
from kg.store.files import packed, written
from kg.vocab import BASE

_Writer: TypeAlias = Callable[[Store, BinaryIO, str], None]


def export(store: Store, format: Export, out: BinaryIO, *, base: str = BASE) -> None:
    """Write a graph to a stream; equal graphs give equal bytes. Tables come as a zip.

    Raises:
        StoreError: Something in the graph cannot be written in this format.
        OSError: The stream takes no more.
    """
    _WRITERS[format](store, out, base)


def export_file(store: Store, format: Export, path: Path, *, base: str = BASE) -> None:
    """Write a graph to a file, whole or not at all, with gzip where its name ends with ``.gz``; tables to a folder or a ``.zip``.

    Raises:
        StoreError: The file cannot be written, or something in the graph cannot be written in this format.
    """
    if format is Export.CSV and path.suffix != ".zip":
        tables.write_folder(store, path)
    else:
        with written(path) as file, packed(file, path) as out:
            export(store, format, out, base=base)


def _rdf(format: Format, store: Store, out: BinaryIO, base: str) -> None:
    store.dump(format, out, base=base)


def _jsonld(store: Store, out: BinaryIO, base: str) -> None:
    _put(jsonld.documents(store, base=base), out)


def _ftm(store: Store, out: BinaryIO, base: str) -> None:
    _put((f"{line}\n" for line in ftm.lines(store, base=base)), out)


def _network(name: str, store: Store, out: BinaryIO, _: str) -> None:
    """Write who speaks about whom, with its measures. The texts of the articles, which an imported graph lacks, are not needed."""
    from kg import analyse
    from kg.query import overview, rows

    keys = {row["article"].rpartition("/")[2] for row in rows(store, "overview/articles")}
    graph = analyse.speech_graph(overview(store, dict.fromkeys(keys, "")))
    write_out = analyse.to_graphml if name == Export.GRAPHML else analyse.to_gexf
    _put([write_out(graph, analyse.measures(graph))], out)


def _zip(store: Store, out: BinaryIO, _: str) -> None:
    tables.write_zip(store, out)


def _put(pieces: Iterable[str], out: BinaryIO) -> None:
    for piece in pieces:
        out.write(piece.encode())


_WRITERS: Mapping[Export, _Writer] = MappingProxyType(
    {
        Export.TURTLE: partial(_rdf, Format.TURTLE),
        Export.TRIG: partial(_rdf, Format.TRIG),
        Export.NQUADS: partial(_rdf, Format.NQUADS),
        Export.NTRIPLES: partial(_rdf, Format.NTRIPLES),
        Export.RDFXML: partial(_rdf, Format.RDFXML),
        Export.JSONLD: _jsonld,
        Export.GRAPHML: partial(_network, Export.GRAPHML),
        Export.GEXF: partial(_network, Export.GEXF),
        Export.CSV: _zip,
        Export.FTM: _ftm,
    }
)
