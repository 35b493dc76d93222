"""RDF of any origin becomes graphs of a store: all of it or nothing, and nothing is fetched from anywhere."""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from kg.errors import StoreError
from kg.formats.names import RDF_FORMATS, Export, FormatError, told
from kg.store import Format, Store, parse, published, rewrite
from kg.vocab import BASE, Iri, Quad, iri, is_thing_iri, slug

STDIN = Path("-")
"""Stands for standard input."""

_BUILT = re.compile(r".*/graph/([0-9a-f]{16}|entities|inferred|tables|authority|corrections|runs)")
"""The graphs that a build makes, whatever the namespace: one for each article, and those of the whole collection."""
_ENDING = {Export.RDFXML: Format.RDFXML}


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken in: how many graphs were replaced or made, and how many quads they hold now."""

    graphs: int
    quads: int


def take_in(
    paths: Sequence[Path],
    output: Path,
    *,
    format: Export | None = None,
    graph: str | None = None,
    base: str = BASE,
    stdin: BinaryIO | None = None,
) -> Imported:
    """Make the graphs of a folder hold what files of RDF say; the other graphs stay as they are.

    Quads keep their graphs, triples go to ``graph/import-`` and the name of the file. A blank node becomes an IRI that is made of the
    file's content, the same at every import. Several files that speak of one graph make it together.

    Args:
        paths: Files, packed with gzip where their names end with ``.gz``; ``-`` for ``stdin``.
        output: The folder; made where it is missing.
        format: What the files are; by default the endings of their names tell it.
        graph: An IRI, or the last part of one, for triples without a graph.
        base: Namespace of the data.
        stdin: What ``-`` stands for.

    Raises:
        FormatError: Nothing tells the format of a file, or it is none that holds RDF.
        StoreError: A file cannot be read, or it would change a graph that was built from articles; then nothing is changed.
    """
    graphs: dict[Iri, dict[Quad, None]] = defaultdict(dict)
    for path in paths:
        for quad in _quads(path, format, _home(path, graph, base), stdin):
            graphs[quad[3]][quad] = None
    changed = _changed(graphs, output)
    if changed:
        rewrite(output, changed)
    return Imported(len(changed), sum(map(len, changed.values())))


def _home(path: Path, graph: str | None, base: str) -> Iri:
    """Return the graph of triples that name none."""
    if graph is not None:
        return Iri(graph) if is_thing_iri(graph) else iri("graph", graph, base)
    return iri("graph", f"import-{slug('stdin' if path == STDIN else path.name.partition('.')[0])}", base)


def _quads(path: Path, format: Export | None, home: Iri, stdin: BinaryIO | None) -> Iterator[Quad]:
    kind = _kind(path, format)
    with _spelled(path, kind, stdin) as file:
        try:
            yield from parse(file, home, skolem=True)
        except StoreError as error:
            problem = error.problem.replace(str(file), "standard input" if path == STDIN else str(path))
            if "LoadDocumentCallback" in problem:
                mend = "Put the context itself into the file."
                raise StoreError(f"{path} names a JSON-LD context on the network, and nothing is fetched", mend) from error
            raise StoreError(problem, error.mend) from error


def _kind(path: Path, format: Export | None) -> Export:
    kind = format or told(path).format
    if kind is None:
        raise FormatError(f"nothing tells the format of {path}", f"Say -f with one of {', '.join(RDF_FORMATS)}.")
    if kind not in RDF_FORMATS:
        raise FormatError(f"{path} is {kind}, which holds only a part of a graph", f"Import one of {', '.join(RDF_FORMATS)}.")
    return kind


@contextmanager
def _spelled(path: Path, kind: Export, stdin: BinaryIO | None) -> Iterator[Path]:
    """Give a file whose name ends as its format wants it: the file itself, or a copy for a moment."""
    ending = _ENDING.get(kind, kind)
    if path != STDIN and path.name.endswith((f".{ending}", f".{ending}.gz")):
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / f"file.{ending}{'.gz' if told(path).packed else ''}"
        try:
            with copy.open("wb") as out:
                if path == STDIN and stdin is not None:
                    shutil.copyfileobj(stdin, out)
                else:
                    out.write(path.read_bytes())
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}", "Check its name and whether you may read it.") from error
        yield copy


def _changed(graphs: Mapping[Iri, Mapping[Quad, None]], output: Path) -> Mapping[Iri, Sequence[Quad]]:
    """Return the graphs that are not there yet as they are in the files.

    Raises:
        StoreError: One of them was built from articles.
    """
    held: dict[Iri, set[Quad]] = {}
    if published(output) is not None:
        with Store(output) as store:
            held = {name: set(store.quads(name)) for name in graphs}
    changed = {name: tuple(quads) for name, quads in sorted(graphs.items()) if held.get(name) != set(quads)}
    built = [name for name in changed if _BUILT.fullmatch(name)] if (output / "extractions.sqlite").exists() else []
    if built:
        mend = "Import into another folder (-o), or correct what the articles say with kg review."
        raise StoreError(f"{output} was built from articles, and the file says otherwise of <{built[0]}>", mend)
    return changed
