"""The next generation of a graph, while it is made."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.generations import cloned, discard, draft_of, folder_of, following, lock_of, publish, published, settled, take_over
from kg.store.loading import Loader, writing
from kg.store.locks import building, opened, taken
from kg.store.terms import from_quad, to_lines, to_quad
from kg.vocab import Iri, Quad


class Draft:
    """A generation in the making: a copy of the published one, or empty, that nobody reads until it is finished and published.

    To be used in a ``with`` block; leaving it without ``finish`` throws the draft away. The caller keeps other writers out (``building``).

    Args:
        output: The folder of the graph, made where it is missing.
        number: Which generation; what a killed run left of it is thrown away.
        empty: Start from nothing.
        quads: How many quads the published generation has, where the caller knows: then a small change is counted while it is made.

    Raises:
        StoreError: This generation is in use, or the disk is full or broken.
        ValueError: This generation is what readers see.
    """

    def __init__(self, output: Path, number: int, *, empty: bool = False, quads: int | None = None) -> None:
        self._output, self._number = output, number
        self._count = None if empty else quads
        self._lock = opened(output, lock_of(output, number))
        try:
            if not taken(self._lock, exclusive=True):
                raise StoreError(f"generation {number} of the graph in {output} is in use", "Wait until that has ended, or stop it.")
            with self._writing():
                take_over(output)
            if published(output) == number:
                raise ValueError(f"generation {number} of the graph in {output} is published")
            with self._writing():
                self._db = self._begun(empty)
        except BaseException:
            os.close(self._lock)
            raise
        self._loader = Loader(self._db, draft_of(output, number), output)

    def __enter__(self) -> Self:
        """Return the draft itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Throw the draft away unless it is finished."""
        if self._lock < 0:
            return
        self._close()
        with suppress(OSError):
            discard(self._output, self._number)
        self._let_go()

    def __len__(self) -> int:
        """Return the number of quads."""
        self._loader.settle()
        with self._writing():
            return len(self._db)

    def quads(self, graph: Iri | None = None) -> Iterator[Quad]:
        """Yield the quads of one graph or of all, sorted as N-Quads lines are."""
        self._loader.settle()
        with self._writing():
            return (from_quad(quad) for quad in sorted(self._found(graph), key=str))

    def replace(self, graph: Iri, quads: Iterable[Quad], *, known: Mapping[Iri, bytes] | None = None) -> dict[Iri, bytes]:
        """Make a graph hold exactly these quads; what it holds already is not written again.

        Args:
            graph: The graph.
            quads: Of it, in the same order each time, as far as they are the same.
            known: What this returned when the graph became what it is: then only predicates are compared of which the digest is another.

        Returns:
            Predicate → digest of its quads.

        Raises:
            ValueError: A quad belongs to another graph; then nothing has changed.
            StoreError: The disk is full or broken.
        """
        quads = list(quads)
        if stray := next((quad for quad in quads if quad[3] != graph), None):
            raise ValueError(f"{stray[0]} belongs to {stray[3]}, not to {graph}")
        lines = _by_predicate(quads)
        digests = {predicate: blake2b("".join(told).encode(), digest_size=16).digest() for predicate, told in lines.items()}
        if not quads or not self._has(graph):
            self.drop((graph,))
            wanted, held = dict.fromkeys(line for told in lines.values() for line in told), set[str]()
        else:
            others = {one for one in known.keys() | lines.keys() if known.get(one) != digests.get(one)} if known is not None else None
            wanted = dict.fromkeys(line for one, told in lines.items() if others is None or one in others for line in told)
            held = self._lines(graph, others)
            self._remove(ox.parse("".join(held - wanted.keys()), ox.RdfFormat.N_QUADS))
        new = [line for line in wanted if line not in held]
        self._count_in(len(new))
        if new:
            self._loader.take((graph,), new)
        return digests

    def drop(self, graphs: Iterable[Iri]) -> None:
        """Remove graphs and their names; nothing happens where there is none.

        Raises:
            StoreError: The disk is full or broken.
        """
        for graph in filter(self._has, graphs):
            self._loader.wait()  # a removal is a transaction, which another writer could upset
            with self._writing():
                self._count_in(-sum(1 for _ in self._found(graph)))
                self._db.remove_graph(ox.NamedNode(graph))

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads; nothing happens where one is not there.

        Raises:
            StoreError: The disk is full or broken.
        """
        self._loader.settle()
        self._remove(quad for quad in set(map(to_quad, quads)) if quad in self._db)

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads; nothing happens where one is there.

        Raises:
            ValueError: A term is none; it may be told only when the draft is read or finished.
            StoreError: The disk is full or broken.
        """
        if self._count is None:
            self._loader.add(quads)
            return
        self._loader.settle()
        new = {quad for quad in quads if to_quad(quad) not in self._db}
        self._count_in(len(new))
        self._loader.add(new)

    def finish(self, *, optimise: bool | None = None) -> int:
        """Put the draft on the disk for good: from now on the generation is whole and can be published. Nothing can be changed after it.

        Args:
            optimise: Put the files in order, after which queries take half the time; it takes as long as loading all that is there.
                By default where most of it is new.

        Returns:
            How many quads it has.

        Raises:
            StoreError: The disk is full or broken.
        """
        self._loader.settle()
        with self._writing():
            if _mostly_new(draft_of(self._output, self._number)) if optimise is None else optimise:
                self._db.optimize()
            count = len(self._db) if self._count is None else self._count
            self._db.flush()
            self._close()
            settled(draft_of(self._output, self._number), folder_of(self._output, self._number))
        self._let_go()
        return count

    def _begun(self, empty: bool) -> ox.Store:
        discard(self._output, self._number)
        folder, latest = draft_of(self._output, self._number), published(self._output)
        if latest is not None and not empty:
            cloned(folder_of(self._output, latest), folder)
        return ox.Store(str(folder))

    def _has(self, graph: Iri) -> bool:
        if self._loader.holds(graph):
            self._loader.settle()
        return self._db.contains_named_graph(ox.NamedNode(graph))

    def _found(self, graph: Iri | None) -> Iterator[ox.Quad]:
        return self._db.quads_for_pattern(None, None, None, None if graph is None else ox.NamedNode(graph))

    def _lines(self, graph: Iri, predicates: Iterable[Iri] | None) -> set[str]:
        """Return the N-Quads lines of a graph, or of some of its predicates, as the engine writes them."""
        home = ox.NamedNode(graph)
        with self._writing():
            if predicates is None:  # much sooner than the engine gives all to Python as quads
                triples = self._db.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=home) or b""
                return {f"{line.removesuffix(' .')} <{graph}> .\n" for line in triples.decode().split("\n") if line}
            found = (self._db.quads_for_pattern(None, ox.NamedNode(one), None, home) for one in predicates)
            return {f"{quad} .\n" for quads in found for quad in quads}

    def _remove(self, quads: Iterable[ox.Quad]) -> None:
        self._loader.wait()
        for quad in quads:
            self._count_in(-1)
            with self._writing():
                self._db.remove(quad)

    def _count_in(self, more: int) -> None:
        if self._count is not None:
            self._count += more

    def _close(self) -> None:
        self._loader.close()
        with suppress(AttributeError):  # it is closed
            del self._db

    def _let_go(self) -> None:
        os.close(self._lock)
        self._lock = -1

    def _writing(self) -> AbstractContextManager[None]:
        return writing(self._output)


def rewrite(output: Path, graphs: Mapping[Iri, Iterable[Quad]], drop: Iterable[Iri] = ()) -> None:
    """Replace some graphs of a folder and drop others: readers see all of it or nothing.

    Raises:
        StoreError: Somebody else is writing, or the disk is full or broken.
        ValueError: A quad belongs to another graph than the one it is given for, or a term is none.
    """
    with building(output):
        number = following(output)
        with Draft(output, number) as draft:
            draft.drop(drop)
            for graph, quads in graphs.items():
                draft.replace(graph, quads)
            draft.finish()
        publish(output, number)


def _by_predicate(quads: Sequence[Quad]) -> dict[Iri, list[str]]:
    """Return predicate → the lines of its quads, in their order.

    Raises:
        ValueError: A term is none.
    """
    found: dict[Iri, list[str]] = {}
    for (_, predicate, _, _), line in zip(quads, to_lines(quads), strict=True):
        found.setdefault(predicate, []).append(line)
    return found


def _mostly_new(folder: Path) -> bool:
    """Tell whether more than half of a database stands in files that no other generation has."""
    own = shared = 0
    for file in folder.glob("*.sst"):
        with suppress(FileNotFoundError):  # the engine merges files meanwhile
            found = file.stat()
            own, shared = (own, shared + found.st_size) if found.st_nlink > 1 else (own + found.st_size, shared)
    return own > shared
