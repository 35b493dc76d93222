"""Many quads go into a database that nobody reads yet."""

import os
from collections import deque
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
_BATCH = 100_000
"""Quads that go into one set of new files."""
_AT_ONCE = min(4, max(2, os.cpu_count() or 1))
"""Batches in the writing while the next is put together: the engine lets Python go on meanwhile."""


class Loader:
    """Writes quads into a database, batch by batch; ``settle`` before anything else touches it, ``close`` at the end."""

    def __init__(self, db: ox.Store, output: Path) -> None:
        from concurrent.futures import ThreadPoolExecutor  # who only reads need not load it

        self._db, self._output = db, output
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._running: deque[Future[None]] = deque()
        self._lines: list[str] = []
        self._graphs: set[Iri] = set()

    def add(self, quads: Iterable[Quad]) -> None:
        """Write quads, soon.

        Raises:
            ValueError: A term is none.
            StoreError: The disk is full or broken.
        """
        source = iter(quads)
        while part := list(islice(source, _BATCH - len(self._lines))):
            self._graphs.update(quad[3] for quad in part)
            self._lines.extend(to_lines(part))
            if len(self._lines) == _BATCH:
                self._start()

    def holds(self, graph: Iri) -> bool:
        """Tell whether quads of a graph may not have been written yet."""
        return graph in self._graphs

    def wait(self) -> None:
        """Wait until no batch is in the writing; the unfinished batch waits, too. Raises as ``add`` does."""
        while self._running:
            self._running.popleft().result()

    def settle(self) -> None:
        """Write everything. Raises as ``add`` does."""
        self.wait()
        lines, self._lines = self._lines, []
        self._write(lines)
        self._graphs.clear()

    def close(self) -> None:
        """Give up what was not written, and let go of the database; a second call does nothing."""
        self._pool.shutdown(cancel_futures=True)
        self._running.clear()
        with suppress(AttributeError):
            del self._db

    def _start(self) -> None:
        if len(self._running) == _AT_ONCE:
            self._running.popleft().result()
        self._running.append(self._pool.submit(self._write, self._lines))
        self._lines = []

    def _write(self, lines: list[str]) -> None:
        data = "".join(lines).encode()
        with writing(self._output):
            try:  # no name for a method of the engine: what failed would hold it, and it the database, open while its folder is removed
                if len(lines) < _MANY:
                    self._db.load(data, ox.RdfFormat.N_QUADS)
                else:
                    self._db.bulk_load(data, ox.RdfFormat.N_QUADS)
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
