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
from kg.memory import give_back
from kg.store.terms import brief, to_lines
from kg.vocab import Iri, Quad

if TYPE_CHECKING:
    from concurrent.futures import Future

_MANY = 5_000
"""Quads from which on a transaction is slower than what has none (measured: as quick at 5,000, four times slower at 100,000)."""
_BATCH = 200_000
"""Quads that go into one set of new files: the engine merges two sets with all that is there, so few large ones cost less; while it makes
one, it takes 0.8 kB of memory for each quad."""
_AHEAD = 4
"""Batches that may wait on the disk while one is in the writing."""
_PART = 10_000
"""Quads whose lines are in memory at once."""
_MERGING = "rocksdb:low\n"
"""How the engine calls its threads that merge files."""


class Loader:
    """Writes quads into a database, batch by batch; ``settle`` before anything else touches it, ``close`` at the end.

    The lines of a batch stand in a file beside the database until it is written, so that memory holds none of them; what the engine took
    to write it goes back to the system.

    Args:
        db: The database.
        folder: Where it is.
        output: The folder of the graph, for what is told when the disk is full or broken.
    """

    def __init__(self, db: ox.Store, folder: Path, output: Path) -> None:
        from concurrent.futures import ThreadPoolExecutor  # who only reads need not load it

        self._db, self._folder, self._output = db, folder, output
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()
        self._begun, self._count = 0, 0
        self._graphs: set[Iri] = set()

    def add(self, quads: Iterable[Quad]) -> None:
        """Write quads, soon: some batches wait while the next is put together, for the engine lets Python go on meanwhile.

        Raises:
            ValueError: A term is none.
            StoreError: The disk is full or broken.
        """
        source = iter(quads)
        while part := list(islice(source, _PART)):
            self.take({quad[3] for quad in part}, to_lines(part))

    def take(self, graphs: Iterable[Iri], lines: Iterable[str]) -> None:
        """Write N-Quads lines of some graphs as ``add`` does."""
        self._graphs.update(graphs)
        source = iter(lines)
        while part := list(islice(source, min(_PART, _BATCH - self._count))):
            with writing(self._output), self._file(self._begun).open("a", encoding="utf-8", newline="") as file:
                file.writelines(part)
            self._count += len(part)
            if self._count == _BATCH:
                self._wait(_AHEAD)
                self._waiting.append(self._thread.submit(self._write, *self._taken()))

    def holds(self, graph: Iri) -> bool:
        """Tell whether quads of a graph may not have been written yet."""
        return graph in self._graphs

    def wait(self) -> None:
        """Wait until no batch is in the writing; the unfinished batch waits, too. Raises as ``add`` does."""
        self._wait(0)

    def settle(self) -> None:
        """Write everything. Raises as ``add`` does."""
        self.wait()
        if self._count:
            self._write(*self._taken())
        self._graphs.clear()

    def close(self) -> None:
        """Give up what was not written, and let go of the database; a second call does nothing."""
        self._thread.shutdown(cancel_futures=True)
        self._waiting.clear()
        with suppress(AttributeError):
            del self._db

    def _wait(self, left: int) -> None:
        """Wait until no more than so many batches are unwritten."""
        while len(self._waiting) > left:
            self._waiting.popleft().result()

    def _file(self, batch: int) -> Path:
        return self._folder / f"{batch}.nq"

    def _taken(self) -> tuple[Path, int]:
        """Take the unfinished batch: its lines, and how many they are."""
        file, count = self._file(self._begun), self._count
        self._begun, self._count = self._begun + 1, 0
        return file, count

    def _write(self, lines: Path, count: int) -> None:
        with writing(self._output):
            try:  # no name for a method of the engine: what failed would hold it, and it the database, open while its folder is removed
                if count < _MANY:
                    self._db.load(path=lines, format=ox.RdfFormat.N_QUADS)
                else:
                    self._db.bulk_load(path=lines, format=ox.RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise ValueError(f"a term is none: {brief(error)}") from error
            lines.unlink()
        give_back()
        _stand_back()


def _stand_back() -> None:
    """Let the engine's merging have only the time that nobody else wants, on Linux, which weighs threads one by one (sched(7)).

    It rewrites all that is there as often as it finds the time; what is not merged meanwhile is merged together later, in fewer goes.
    """
    for thread in Path("/proc/self/task").glob("*"):
        with suppress(OSError):  # it ended
            if (thread / "comm").read_text() == _MERGING:
                os.setpriority(os.PRIO_PROCESS, int(thread.name), 19)


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Tell what goes wrong with the disk as a ``StoreError``."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        problem = f"the graph in {output} cannot be written: {error}"
        raise StoreError(problem, "Make room on the disk and run kg build again.") from error
