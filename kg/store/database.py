"""The graph that readers see."""

import os
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self, TypeAlias, overload

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.store.files import packed, written
from kg.store.generations import folder_of, lock_of, published
from kg.store.locks import opened, taken
from kg.store.serializing import Format, serialize
from kg.store.terms import Answer, answer, brief, from_quad, to_term
from kg.vocab import BASE, PREFIXES, Iri, Quad, Term

if TYPE_CHECKING:
    import rdflib

_Substitute: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_BROKEN = "Delete store and stores in that folder and run kg build again."


class Store:
    """The published graph of one output folder, open for reading until ``close`` or the end of a ``with`` block.

    It stays as it was when it was opened, whatever is built meanwhile.

    Args:
        output: The folder that holds ``store``.

    Raises:
        StoreError: There is no graph, or it cannot be read.
    """

    def __init__(self, output: Path) -> None:
        self._lock, folder = _held(output)
        try:
            self._db = ox.Store.read_only(str(folder))
        except (OSError, RuntimeError) as error:
            os.close(self._lock)
            raise StoreError(f"the graph in {folder} cannot be opened: {error}", _BROKEN) from error
        self._dataset: rdflib.Dataset | None = None

    def close(self) -> None:
        """Let go of the graph; a second call does nothing."""
        if self._lock < 0:
            return
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

    @property
    def engine(self) -> ox.Store:
        """The engine's own store, for what writes its answers out without Python seeing them."""
        return self._db

    def graphs(self) -> tuple[Iri, ...]:
        """Return the names of the graphs, sorted."""
        return tuple(sorted(Iri(graph.value) for graph in self._db.named_graphs() if isinstance(graph, ox.NamedNode)))

    def quads(self, graph: Iri | None = None) -> Iterator[Quad]:
        """Yield the quads of one graph or of all, sorted as N-Quads lines are."""
        return (from_quad(quad) for quad in sorted(self._matches(graph), key=str))

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
        values: dict[ox.Variable, _Substitute] = {ox.Variable(name): to_term(term) for name, term in (bind or {}).items()}
        try:
            found = self._db.query(sparql, prefixes=dict(prefixes or {}), substitutions=values, use_default_graph_as_union=union)
            return answer(found)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {brief(error)}", "Mend it there; ours are in ontology/questions.") from error
        except (RuntimeError, ValueError) as error:
            raise QueryError(f"the query cannot be run: {brief(error)}", "Use what SPARQL 1.1 offers.") from error
        except OSError as error:
            raise StoreError(f"the graph cannot be read: {error}", _BROKEN) from error

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

    @overload
    def dump(self, format: Format, *, base: str = BASE) -> bytes: ...

    @overload
    def dump(self, format: Format, out: BinaryIO, *, base: str = BASE) -> None: ...

    def dump(self, format: Format, out: BinaryIO | None = None, *, base: str = BASE) -> bytes | None:
        """Write the whole graph to a binary file, or return it: the union of all graphs, or the graphs apart where the format has them.

        Equal graphs are equal bytes: sorted up to a million quads, in the engine's own order beyond; then nothing is held in memory.
        ``base`` is the namespace of the data.

        Raises:
            StoreError: A text holds a character that RDF/XML has no way to write, or the graph cannot be read.
            OSError: ``out`` cannot be written.
        """
        if out is None:
            whole = BytesIO()
            serialize(self._db, format, whole, base=base)
            return whole.getvalue()
        serialize(self._db, format, out, base=base)
        return None

    def write(self, format: Format, path: Path, *, base: str = BASE) -> None:
        """Write ``dump`` to a file, whole or not at all; packed where its name ends with ``.gz``.

        Raises:
            StoreError: The file cannot be written, or see ``dump``.
        """
        with written(path) as file, packed(file, path) as out:
            self.dump(format, out, base=base)

    def _matches(self, graph: Iri | None) -> Iterator[ox.Quad]:
        return self._db.quads_for_pattern(None, None, None, None if graph is None else ox.NamedNode(graph))


def _held(output: Path) -> tuple[int, Path]:
    """Return an open descriptor with the shared lock of the published generation on it, and that generation's folder."""
    while True:
        number = published(output)
        if number is None:
            raise StoreError(f"there is no graph in {output}", "Run kg build first.")
        folder, lock = folder_of(output, number), lock_of(output, number)
        descriptor = _reading(output, lock)
        free = taken(descriptor, exclusive=False)
        same = published(output) == number and folder_of(output, number) == folder
        if free and same:
            return descriptor, folder
        os.close(descriptor)
        if same:
            raise StoreError(f"the graph in {output} is in use by another process", "Wait until that has ended, or stop it.")


def _reading(output: Path, lock: Path) -> int:
    """Return an open descriptor of a lock file, where it can only be read, too."""
    try:
        return os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return opened(output, lock)
