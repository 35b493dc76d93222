"""The graph on disk: replace a document, query, read, write formats.

Alone in touching pyoxigraph; everything that goes in or comes out is a term of ``vocab``. ``output/store`` is the
database and ``output/lock`` our own lock, since Oxigraph lets readers open beside a writer and calls that undefined.
"""

import fcntl
import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.vocab import BASE, PREFIXES, RDF, XSD, Iri, Literal, Quad, Term, data_prefixes

if TYPE_CHECKING:
    import rdflib


class Format(StrEnum):
    """What a graph can be written as; the value is the ending of the file's name."""

    TURTLE = "ttl"
    NQUADS = "nq"
    NTRIPLES = "nt"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDFXML = "rdf"


class Blank(str):
    """A blank node that a query made; our own graphs hold none."""

    __slots__ = ()


Value: TypeAlias = Iri | Literal | Blank
Triple: TypeAlias = tuple[Value, Iri, Value]


@dataclass(frozen=True, slots=True)
class Table:
    """What SELECT answers: a value or ``None`` (unbound) in each column of each row, in the engine's order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Triples:
    """What CONSTRUCT and DESCRIBE answer."""

    rows: tuple[Triple, ...]


Answer: TypeAlias = Table | Triples | bool

_FORMATS = {
    Format.TURTLE: ox.RdfFormat.TURTLE,
    Format.NQUADS: ox.RdfFormat.N_QUADS,
    Format.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    Format.TRIG: ox.RdfFormat.TRIG,
    Format.JSONLD: ox.RdfFormat.JSON_LD,
    Format.RDFXML: ox.RdfFormat.RDF_XML,
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\r")
"""What XML 1.0 cannot hold, and the carriage return, which its readers turn into a line feed."""
_LONG = 240
_Substitute: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


# ---------------------------------------------------------------- the store


class Store:
    """The graph of one output folder, open until ``close`` or the end of a ``with`` block.

    Any number of readers, or one writer and nobody else.

    Args:
        output: The folder that holds ``store/`` and ``lock``.
        writable: Open for writing; makes the folder where it is missing.

    Raises:
        StoreError: There is no graph, it is in use, or it cannot be read.
    """

    def __init__(self, output: Path, *, writable: bool = False) -> None:
        folder = output / "store"
        if not writable and not folder.is_dir():
            raise StoreError(f"there is no graph in {output}", "Run kg build first.")
        self._lock = _locked(output, "lock", writable=writable)
        try:
            self._db = ox.Store(str(folder)) if writable else ox.Store.read_only(str(folder))
        except (OSError, RuntimeError) as error:
            os.close(self._lock)
            raise StoreError(f"the graph in {folder} cannot be opened: {error}", "Delete that folder and run kg build again.") from error
        self._writable = writable
        self._dataset: rdflib.Dataset | None = None

    def close(self) -> None:
        """Write everything to disk, let go of the store and of its lock; a second call does nothing."""
        if self._lock < 0:
            return
        if self._writable:
            self._db.flush()
            os.ftruncate(self._lock, 0)
        if self._dataset is not None:
            self._dataset.close()
        del self._db
        os.close(self._lock)
        self._lock = -1

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the store."""
        self.close()

    def __len__(self) -> int:
        """Return the number of quads."""
        return len(self._db)

    # ------------------------------------------------------------ change

    def replace(self, graph: Iri, quads: Iterable[Quad]) -> None:
        """Make ``graph`` hold exactly ``quads``: all of it or, if the program dies, none of it.

        Raises:
            ValueError: A quad belongs to another graph.
        """
        self.replace_all({graph: quads})

    def replace_all(self, graphs: Mapping[Iri, Iterable[Quad]], *, drop: Iterable[Iri] = ()) -> None:
        """Replace several graphs and drop others in one atomic step.

        Measured: 12 writers ended by ``kill -9`` in the middle left no graph half written and lost nothing that was acknowledged.

        Raises:
            ValueError: A quad belongs to another graph than the one it is given for.
            StoreError: The disk is full or broken.
        """
        removed = [f"DROP SILENT GRAPH {ox.NamedNode(graph)}" for graph in (*drop, *graphs)]
        added = [f"INSERT DATA {{ GRAPH {ox.NamedNode(graph)} {{ {_data(graph, quads)} }} }}" for graph, quads in graphs.items()]
        try:
            self._db.update(" ; ".join((*removed, *added)))
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the graph cannot be written: {error}", "Make room on the disk and run kg build again.") from error

    def drop(self, graph: Iri) -> None:
        """Remove a graph and its name; nothing happens where there is none."""
        self.replace_all({}, drop=(graph,))

    # ------------------------------------------------------------ read

    def graphs(self) -> tuple[Iri, ...]:
        """Return the names of the graphs, sorted."""
        return tuple(sorted(Iri(graph.value) for graph in self._db.named_graphs() if isinstance(graph, ox.NamedNode)))

    def quads(self, graph: Iri | None = None) -> Iterator[Quad]:
        """Yield the quads of one graph or of all, sorted as N-Quads lines are."""
        return (_from_quad(quad) for quad in sorted(self._matches(graph), key=str))

    def query(
        self, sparql: str, *, prefixes: Mapping[str, str] | None = None, bind: Mapping[str, Term] | None = None, union: bool = True
    ) -> Answer:
        """Answer a SPARQL 1.1 query.

        Args:
            sparql: The query. It is not checked for SERVICE here: ``query.run`` does that for texts from outside.
            prefixes: Prefixes that the query may use without declaring them.
            bind: Variable of the SELECT clause → term that stands for it (SPARQL-dev SEP-0007); the only way for values into a query.
            union: Match all graphs where the query names none; ``False`` leaves that to its FROM.

        Raises:
            QueryError: The query does not parse, or calls a function that there is none of.
            StoreError: The store cannot be read.
        """
        values: dict[ox.Variable, _Substitute] = {ox.Variable(name): _to_term(term) for name, term in (bind or {}).items()}
        try:
            found = self._db.query(sparql, prefixes=dict(prefixes or {}), substitutions=values, use_default_graph_as_union=union)
            return _answer(found)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {_brief(error)}", "Mend it there; ours are in ontology/questions.") from error
        except (RuntimeError, ValueError) as error:
            raise QueryError(f"the query cannot be run: {_brief(error)}", "Use what SPARQL 1.1 offers.") from error
        except OSError as error:
            raise StoreError(f"the graph cannot be read: {error}", "Delete the store folder and run kg build again.") from error

    def dataset(self) -> "rdflib.Dataset":
        """Return the open store as rdflib's own kind of graph: its default graph is the union of all, our prefixes are bound.

        It ends with the store. A query through it is not checked: SERVICE would leave this machine.
        """
        import rdflib
        from oxrdflib import OxigraphStore

        if self._dataset is None:
            self._dataset = rdflib.Dataset(store=OxigraphStore(store=self._db), default_union=True)
            for prefix, space in PREFIXES.items():
                self._dataset.bind(prefix, space, replace=True)
        return self._dataset

    # ------------------------------------------------------------ write out

    def dump(self, format: Format, *, base: str = BASE) -> bytes:
        """Return the whole graph in a format: the union of all graphs, or the graphs apart where the format has them.

        Sorted, so that equal graphs are equal bytes. ``base`` is the namespace of the data.

        Raises:
            StoreError: A text holds a character that RDF/XML has no way to write.
        """
        return _serialized(self._matches(None), format, base)

    def write(self, format: Format, path: Path, *, base: str = BASE) -> None:
        """Write ``dump`` to a file, whole or not at all.

        Raises:
            StoreError: The file cannot be written, or see ``dump``.
        """
        write(path, self.dump(format, base=base))

    def _matches(self, graph: Iri | None) -> Iterator[ox.Quad]:
        return self._db.quads_for_pattern(None, None, None, None if graph is None else ox.NamedNode(graph))


def write(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all; text as UTF-8, its line breaks untouched.

    Raises:
        StoreError: It cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written: {error.strerror}", "Choose a place where you may write.") from error


@contextmanager
def building(output: Path) -> Iterator[None]:
    """Keep every other build out of a folder while one works; readers go on until its graph is written.

    Finds out before long work whether the graph can be written after it; makes the folder where it is missing.

    Raises:
        StoreError: Somebody else is building or using it, or it cannot be written.
    """
    mine = _locked(output, "building", writable=True)
    try:
        free = _locked(output, "lock", writable=True)
        os.ftruncate(free, 0)
        os.close(free)
        yield
    finally:
        os.ftruncate(mine, 0)
        os.close(mine)


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


def kept_texts(output: Path) -> dict[str, str]:
    """Return document key → text, as kept beside a graph."""
    return {file.stem: file.read_bytes().decode("utf-8") for file in sorted((output / "texts").glob("*.txt"))}


def turtle(triples: Iterable[Triple], *, base: str = BASE) -> bytes:
    """Return triples as sorted Turtle with our prefixes, ``rdf:type`` first in each subject."""
    return _triples_text({_to_triple(triple) for triple in triples}, Format.TURTLE, base)


def format_of(path: Path) -> Format:
    """Return the format that the ending of a file's name tells.

    Raises:
        StoreError: It is none of ``Format``.
    """
    try:
        return Format(path.suffix.removeprefix("."))
    except ValueError as error:
        raise StoreError(f"{path} has no ending of an RDF format", f"Give it one of {', '.join(Format)}.") from error


def parse(path: Path, graph: Iri) -> Iterator[Quad]:
    """Yield the quads of a file, its format told by the ending of its name; triples without a graph go to ``graph``.

    Raises:
        StoreError: The file cannot be read, does not parse, has an unknown ending or holds a blank node.
    """
    kind = format_of(path)
    try:
        for quad in ox.parse(path=str(path), format=_FORMATS[kind]):
            yield _from_quad(quad, graph)
    except (SyntaxError, OSError) as error:
        raise StoreError(f"{path} cannot be read: {_brief(error)}", "Mend the file or export it again.") from error


# ---------------------------------------------------------------- lock


def _locked(output: Path, name: str, *, writable: bool) -> int:
    """Return an open descriptor of a lock file with the lock on it: shared, or for a writer exclusive with its process id."""
    try:
        if writable:
            output.mkdir(parents=True, exist_ok=True)
        lock = output / name
        reads_only = not writable and lock.exists()
        descriptor = os.open(lock, (os.O_RDONLY if reads_only else os.O_RDWR | os.O_CREAT) | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{output} cannot be used: {error.strerror}", "Choose a folder where you may write.") from error
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if writable else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = _holder(descriptor)
        os.close(descriptor)
        raise StoreError(f"the graph in {output} is in use by {holder}", "Wait until that has ended, or stop it.") from error
    if writable:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _holder(descriptor: int) -> str:
    """Return who holds the lock: the writer's process, or readers, who leave no name (a killed writer's name may stand there)."""
    written = os.pread(descriptor, 20, 0).decode("ascii", "replace")
    with suppress(ProcessLookupError, ValueError):
        os.kill(int(written), 0)
        return f"process {written}"
    return "another process"


# ---------------------------------------------------------------- serialising


def _serialized(quads: Iterable[ox.Quad], format: Format, base: str) -> bytes:
    if format is Format.NQUADS:
        return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()
    if format not in {Format.TRIG, Format.JSONLD}:
        return _triples_text({quad.triple for quad in quads}, format, base)
    ordered = sorted(quads, key=lambda quad: (str(quad.graph_name), *_rank(quad.triple)))
    if format is Format.JSONLD:
        return ox.serialize(ordered, format=_FORMATS[format]) or b""
    return _headed(ox.serialize(ordered, format=_FORMATS[format], prefixes=_prefixes(base), base_iri=base) or b"", base)


def _triples_text(triples: set[ox.Triple], format: Format, base: str) -> bytes:
    if format is Format.NTRIPLES:
        return "".join(sorted(f"{triple} .\n" for triple in triples)).encode()
    ordered = sorted(triples, key=_rank)
    if format is Format.RDFXML:
        _refuse_unwritable(ordered)
        return ox.serialize(ordered, format=_FORMATS[format], prefixes=PREFIXES) or b""
    body = _headed(ox.serialize(ordered, format=_FORMATS[format], prefixes=_prefixes(base), base_iri=base) or b"", base)
    return re.sub(rb"\n(?=[^\t\n@])", b"\n\n", body)


def _prefixes(base: str) -> dict[str, str]:
    """Return the prefixes of a file; none for documents, since their spans read better relative to the base: ``<doc/…#char=3,9>``."""
    return PREFIXES | {prefix: space for prefix, space in data_prefixes(base).items() if prefix != "doc"}


def _headed(text: bytes, base: str) -> bytes:
    """Put the prefixes in order: Oxigraph writes them as its hash table has them."""
    body = re.sub(rb"\A(@(base|prefix) [^\n]*\n)*", b"", text)
    names = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in sorted(_prefixes(base).items()))
    return f"@base <{base}> .\n{names}".encode() + body


def _rank(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """Return the place of a triple in a file: subject by subject, types first."""
    return str(triple.subject).rstrip(">"), triple.predicate.value != RDF.type, triple.predicate.value, str(triple.object)


def _refuse_unwritable(triples: Iterable[ox.Triple]) -> None:
    for triple in triples:
        if isinstance(triple.object, ox.Literal) and (found := _NOT_XML.search(triple.object.value)):
            problem = f"RDF/XML cannot hold the character U+{ord(found.group()):04X} of {triple.subject}"
            raise StoreError(problem, "Export ttl, nq, nt, trig or jsonld instead.")


def _brief(error: Exception) -> str:
    """Return the parser's message in one line, without its long lists of characters that it would have liked."""
    words = " ".join(str(error).split())
    return words if len(words) <= _LONG else f"{words[:_LONG].rpartition(', ')[0]} …"


# ---------------------------------------------------------------- terms to and fro


def _data(graph: Iri, quads: Iterable[Quad]) -> str:
    """Return the triples of one graph as SPARQL data, every term written by Oxigraph itself."""
    lines = []
    for subject, predicate, value, home in quads:
        if home != graph:
            raise ValueError(f"{subject} belongs to {home}, not to {graph}")
        lines.append(f"{_to_triple((subject, predicate, value))} .")
    return " ".join(lines)


def _to_triple(triple: Triple) -> ox.Triple:
    subject, predicate, value = triple
    return ox.Triple(_to_node(subject), ox.NamedNode(predicate), _to_term(value))


def _to_node(value: Value) -> ox.NamedNode | ox.BlankNode:
    if isinstance(value, Literal):
        raise ValueError(f"a literal cannot be a subject: {value.text!r}")
    return ox.BlankNode(value) if isinstance(value, Blank) else ox.NamedNode(value)


def _to_term(value: Value) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if not isinstance(value, Literal):
        return _to_node(value)
    if value.language is not None:
        return ox.Literal(value.text, language=value.language)
    return ox.Literal(value.text, datatype=ox.NamedNode(value.datatype or XSD.string))


def _from_term(term: object) -> Value:
    """Return our own term for one of Oxigraph's; a plain string has no datatype."""
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.BlankNode():
            return Blank(term.value)
        case ox.Literal() if term.language is not None:
            return Literal(term.value, language=term.language)
        case ox.Literal():
            return Literal(term.value, None if term.datatype.value == XSD.string else Iri(term.datatype.value))
    raise ValueError(f"triples within triples are not supported: {term}")


def _from_triple(triple: ox.Triple) -> Triple:
    return _from_term(triple.subject), Iri(triple.predicate.value), _from_term(triple.object)


def _from_quad(quad: ox.Quad, graph: Iri | None = None) -> Quad:
    """Return our own quad; ``graph`` is the home of one without a graph.

    Raises:
        StoreError: It holds a blank node or stands in no graph.
    """
    subject, predicate, value = _from_triple(quad.triple)
    home = graph if isinstance(quad.graph_name, ox.DefaultGraph) else _from_term(quad.graph_name)
    if not isinstance(subject, Iri) or isinstance(value, Blank) or not isinstance(home, Iri):
        raise StoreError(f"a blank node stands in {quad}", "Give it an IRI: every node of our graphs has one.")
    return subject, predicate, value, home


def _answer(found: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Answer:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if isinstance(found, ox.QueryTriples):
        return Triples(tuple(_from_triple(triple) for triple in found))
    columns = tuple(variable.value for variable in found.variables)
    return Table(columns, tuple(tuple(None if term is None else _from_term(term) for term in row) for row in found))
