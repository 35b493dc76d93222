"""Many quads go into a database that nobody reads yet."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.terms import brief, to_lines
from kg.vocab import Iri, Quad

if TYPE_CHECKING:
    from concurrent.futures import Future

_MANY = 5_000
"""Quads from which on a transaction is slower than what has none (measured: as quick at 5,000, four times slower at 100,000)."""
_BATCH = 200_000
"""Quads that go into one set of new files: the engine merges four such sets with all that is there, so few large ones cost less."""


class Loader:
    """Writes quads into a database, batch by batch; ``settle`` before anything else touches it, ``close`` at the end."""

    def __init__(self, db: ox.Store, output: Path) -> None:
        from concurrent.futures import ThreadPoolExecutor  # who only reads need not load it

        self._db, self._output = db, output
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._parts: list[bytes] = []
        self._count = 0
        self._graphs: set[Iri] = set()

    def add(self, quads: Iterable[Quad]) -> None:
        """Write quads, soon: one batch is in the writing while the next is put together, for the engine lets Python go on meanwhile.

        Raises:
            ValueError: A term is none.
            StoreError: The disk is full or broken.
        """
        source = iter(quads)
        while part := list(islice(source, _BATCH - self._count)):
            self._graphs.update(quad[3] for quad in part)
            self._parts.append("".join(to_lines(part)).encode())
            self._count += len(part)
            if self._count == _BATCH:
                self.wait()
                self._running = self._thread.submit(self._write, *self._taken())

    def holds(self, graph: Iri) -> bool:
        """Tell whether quads of a graph may not have been written yet."""
        return graph in self._graphs

    def wait(self) -> None:
        """Wait until no batch is in the writing; the unfinished batch waits, too. Raises as ``add`` does."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def settle(self) -> None:
        """Write everything. Raises as ``add`` does."""
        self.wait()
        if self._count:
            self._write(*self._taken())
        self._graphs.clear()

    def close(self) -> None:
        """Give up what was not written, and let go of the database; a second call does nothing."""
        self._thread.shutdown(cancel_futures=True)
        self._running = None
        with suppress(AttributeError):
            del self._db

    def _taken(self) -> tuple[bytes, int]:
        """Take the unfinished batch: its lines, and how many they are."""
        lines, count = b"".join(self._parts), self._count
        self._parts, self._count = [], 0
        return lines, count

    def _write(self, lines: bytes, count: int) -> None:
        with writing(self._output):
            try:  # no name for a method of the engine: what failed would hold it, and it the database, open while its folder is removed
                if count < _MANY:
                    self._db.load(lines, ox.RdfFormat.N_QUADS)
                else:
                    self._db.bulk_load(lines, ox.RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise ValueError(f"a term is none: {brief(error)}") from error


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Tell what goes wrong with the disk as a ``StoreError``."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        problem = f"the graph in {output} cannot be written: {error}"
        raise StoreError(problem, "Make room on the disk and run kg build again.") from error
