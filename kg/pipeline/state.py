"""What the graph of a folder rests on, kept beside it: who is who, ledgers, counts. Only what a change touches is made anew.

A cache like the archive: without it, or where it belongs to another generation of the graph, everything is made anew and is the same.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from kg.errors import StoreError
from kg.pipeline.counting import Tally
from kg.store import finished, publish, published
from kg.vocab import Iri

_TABLES = """
CREATE TABLE IF NOT EXISTS graph (one INTEGER PRIMARY KEY, recipe TEXT, generation INTEGER, quads INTEGER);
CREATE TABLE IF NOT EXISTS held (key TEXT PRIMARY KEY, stamp TEXT, tally BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS written (key TEXT PRIMARY KEY, digests BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS loose (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_TALLY = msgspec.json.Decoder(Tally).decode
_DIGESTS = msgspec.msgpack.Decoder(dict[str, bytes]).decode
_encoded = msgspec.json.Encoder().encode


class State:
    """What a folder's graph rests on, open until the end of a ``with`` block; what is not committed by then is forgotten.

    A generation that was whole but not yet published when a build was killed is published now.

    Args:
        output: The folder.
        recipe: Digest of everything that the graph depends on beside its extractions.

    Attributes:
        database: Where ``Resolution`` and ``Ledger`` keep their tables.
        empty: Nothing is known: the graph is to be made from the start.
        quads: How many the graph has; ``None`` where nothing is known.

    Raises:
        StoreError: The file cannot be used.
    """

    def __init__(self, output: Path, recipe: str) -> None:
        self._output, self._recipe = output, recipe
        self._path = output / "resolution.sqlite"
        self.quads: int | None = None
        try:
            self.database = self._opened()
            self.empty = not self._fits()
            if self.empty:
                self.database.close()
                self._path.unlink()
                self.database = self._opened()
        except (OSError, sqlite3.Error) as error:
            raise self._broken(error) from error

    def __enter__(self) -> Self:
        """Return the state itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self.database.close()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Tell what goes wrong with the file meanwhile as a ``StoreError``."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def stamps(self) -> dict[str, str]:
        """Return document key → stamp of the extraction that the graph was made of."""
        return dict(self.database.execute("SELECT key, stamp FROM held"))

    def __contains__(self, key: str) -> bool:
        """Tell whether the graph holds a document."""
        return self.database.execute("SELECT 1 FROM held WHERE key = ?", (key,)).fetchone() is not None

    def tallies(self) -> Iterable[Tally]:
        """Yield what was counted in each document."""
        return (_TALLY(body) for (body,) in self.database.execute("SELECT tally FROM held"))

    def written(self, key: str) -> dict[Iri, bytes] | None:
        """Return predicate → digest of what the graph of a document holds; ``None`` where nothing is known of it."""
        row = self.database.execute("SELECT digests FROM written WHERE key = ?", (key,)).fetchone()
        return {Iri(predicate): digest for predicate, digest in _DIGESTS(row[0]).items()} if row else None

    def hold(self, key: str, stamp: str, tally: Tally, digests: Mapping[Iri, bytes]) -> None:
        """Say that the graph holds a document, and what its own graph holds."""
        self.database.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?)", (key, stamp, _encoded(tally)))
        body = msgspec.msgpack.encode({str(predicate): digest for predicate, digest in digests.items()})
        self.database.execute("INSERT OR REPLACE INTO written VALUES (?, ?)", (key, body))
        self.database.execute("INSERT OR IGNORE INTO loose VALUES (?)", (key,))

    def drop(self, key: str) -> None:
        """Say that the graph does not hold a document any more."""
        for table in ("held", "written", "loose"):
            self.database.execute(f"DELETE FROM {table} WHERE key = ?", (key,))

    @property
    def mostly_loose(self) -> bool:
        """Tell whether most documents were written since the graph was last put in order."""
        sql = "SELECT 2 * (SELECT count(*) FROM loose) > (SELECT count(*) FROM held)"
        return bool(self.database.execute(sql).fetchone()[0])

    def put_in_order(self) -> None:
        """Say that the graph is in order."""
        self.database.execute("DELETE FROM loose")

    def commit(self, generation: int, quads: int) -> None:
        """Keep everything as what a whole generation with so many quads rests on, then let readers see that."""
        self.database.execute("INSERT OR REPLACE INTO graph VALUES (1, ?, ?, ?)", (self._recipe, generation, quads))
        self.database.commit()
        self.quads, self.empty = quads, False
        publish(self._output, generation)

    def _broken(self, error: Exception) -> StoreError:
        return StoreError(f"{self._path} cannot be used: {error}", "Make room on the disk, or delete that file: it is a cache.")

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path)
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(_TABLES)
        return database

    def _fits(self) -> bool:
        """Tell whether what is kept belongs to the graph that readers see, after a generation that only waited for it is published."""
        row = self.database.execute("SELECT recipe, generation, quads FROM graph").fetchone()
        if row is None or row[0] != self._recipe:
            return False
        _, generation, self.quads = row
        if generation != published(self._output) and finished(self._output, generation):
            publish(self._output, generation)
        return bool(generation == published(self._output))
