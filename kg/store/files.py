"""Files beside the graph: written whole or not at all, read as quads."""

import os
import zlib
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.serializing import FORMATS, Format
from kg.store.terms import brief, from_quad
from kg.vocab import Iri, Quad

if TYPE_CHECKING:
    from gzip import GzipFile

GZ = ".gz"


def write(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all; text as UTF-8, its line breaks untouched.

    Raises:
        StoreError: It cannot be written.
    """
    with written(path) as out:
        out.write(data.encode("utf-8") if isinstance(data, str) else data)


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, which takes its name only when all is written.

    Raises:
        StoreError: It cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as out:
            yield out
        unfinished.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}", "Choose a place where you may write.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


@contextmanager
def packed(out: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    """Give what packs into ``out`` where the name of the file says so (``.gz``), always into the same bytes; else ``out`` itself."""
    if path.suffix != GZ:
        yield out
        return
    from gzip import GzipFile

    with GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0) as narrow:
        yield cast(BinaryIO, narrow)


def keep_texts(output: Path, texts: Mapping[str, str]) -> None:
    """Keep articles' texts (by document key) beside the graph, so that its spans can be proved.

    Raises:
        StoreError: They cannot be written.
    """
    folder = output / "texts"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}", "Choose a folder where you may write.") from error
    for key, text in texts.items():
        write(folder / f"{key}.txt", text)


def drop_texts(output: Path, *, besides: Container[str]) -> None:
    """Remove the kept texts of all articles but some (by document key)."""
    for old in (output / "texts").glob("*.txt"):
        if old.stem not in besides:
            old.unlink()


def kept_text(output: Path, key: str) -> str:
    """Return the text of one document as kept beside a graph; empty where there is none."""
    file = output / "texts" / f"{key}.txt"
    return file.read_bytes().decode("utf-8") if file.is_file() else ""


def kept_texts(output: Path) -> dict[str, str]:
    """Return document key → text, as kept beside a graph."""
    return {file.stem: file.read_bytes().decode("utf-8") for file in sorted((output / "texts").glob("*.txt"))}


def format_of(path: Path) -> Format:
    """Return the format that the ending of a file's name tells, ``.gz`` after it or not.

    Raises:
        StoreError: It is none of ``Format``.
    """
    try:
        return Format(Path(path.name.removesuffix(GZ)).suffix.removeprefix("."))
    except ValueError as error:
        raise StoreError(f"{path} has no ending of an RDF format", f"Give it one of {', '.join(Format)}; .gz may follow.") from error


def parse(path: Path, graph: Iri, *, skolem: bool = False) -> Iterator[Quad]:
    """Yield the quads of a file, its format told by the ending of its name; triples without a graph go to ``graph``.

    Args:
        path: The file; packed where its name ends with ``.gz``.
        graph: Where triples go.
        skolem: Give each blank node an IRI, ``urn:kg:blank:{digest of the file}-{number}``: the same whenever the same file is read.

    Raises:
        StoreError: The file cannot be read, does not parse, has an unknown ending, or holds a blank node.
    """
    kind = format_of(path)
    try:
        names = _Names(_digest(path)) if skolem else None
        with _opened(path) as file:
            for quad in ox.parse(cast(BinaryIO, file), FORMATS[kind]):
                yield from_quad(quad if names is None else names.named(quad), graph)
    except (SyntaxError, OSError, EOFError, zlib.error) as error:
        raise StoreError(f"{path} cannot be read: {brief(error)}", "Mend the file or export it again.") from error


def _opened(path: Path) -> "GzipFile | BufferedReader":
    if path.suffix != GZ:
        return path.open("rb")
    from gzip import GzipFile

    return GzipFile(path)


def _digest(path: Path) -> str:
    from hashlib import file_digest

    with _opened(path) as file:
        return file_digest(file, "sha256").hexdigest()[:16]


class _Names:
    """The IRIs that stand for a file's blank nodes, numbered as they come: the labels that a parser gives to some are drawn by lot."""

    def __init__(self, digest: str) -> None:
        self._digest = digest
        self._known: dict[str, ox.NamedNode] = {}

    def named(self, quad: ox.Quad) -> ox.Quad:
        """Return a quad without blank nodes."""
        return ox.Quad(self._of(quad.subject), quad.predicate, self._of(quad.object), self._of(quad.graph_name))

    def _of(self, term: Any) -> Any:
        if not isinstance(term, ox.BlankNode):
            return term
        new = ox.NamedNode(f"urn:kg:blank:{self._digest}-{len(self._known) + 1}")
        return self._known.setdefault(term.value, new)
