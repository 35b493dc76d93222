"""Extractions kept beside the graph: what was read once need not be read again to be resolved anew.

One SQLite file, a row a document: when a document is added, a name corrected or an authority file changed, only what is new is read by
the language model; the rest comes from here. It is a cache: without it everything is read again, and the graph is the same.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from kg.errors import StoreError
from kg.records import Extraction

LAYOUT = 2
"""Raised when the records change, so that older rows are read again instead of misread."""

_TABLES = f"""
CREATE TABLE IF NOT EXISTS extraction_{LAYOUT} (key TEXT PRIMARY KEY, recipe TEXT NOT NULL, stamp TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS source (place TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (place, id, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS built_with (one INTEGER PRIMARY KEY, options BLOB NOT NULL);
"""
_DECODER = msgspec.json.Decoder(Extraction)
_ENCODER = msgspec.json.Encoder()
_DAMAGED = (zlib.error, msgspec.MsgspecError, UnicodeDecodeError)
"""What a row raises that is not what was kept."""


class Archive:
    """The extractions of an output folder, open until ``close`` or the end of a ``with`` block.

    A *recipe* is a digest of everything that an extraction depends on beside its text: model, rules, word lists, options.

    Args:
        output: The folder, made where it is missing.

    Raises:
        StoreError: The file cannot be made, or is none of ours.
    """

    def __init__(self, output: Path) -> None:
        self._path = output / "extractions.sqlite"
        try:
            output.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise self._broken(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the archive."""
        self.close()

    def recipes(self) -> dict[str, str]:
        """Return document key → recipe of what is kept."""
        return {key: recipe for key, recipe in self._read(f"SELECT key, recipe FROM extraction_{LAYOUT}")}

    def stamps(self) -> dict[str, str]:
        """Return document key → digest of what is kept of it: another one tells that it was read otherwise."""
        return {key: stamp for key, stamp in self._read(f"SELECT key, stamp FROM extraction_{LAYOUT}")}

    def get(self, key: str) -> Extraction | None:
        """Return what is kept of a document, ``None`` where nothing is."""
        row = next(self._read(f"SELECT body FROM extraction_{LAYOUT} WHERE key = ?", key), None)
        return None if row is None else self._unpacked(row[0])

    def all(self) -> Iterator[Extraction]:
        """Yield everything that is kept, by document key."""
        for (body,) in self._read(f"SELECT body FROM extraction_{LAYOUT} ORDER BY key"):
            yield self._unpacked(body)

    def put(self, extractions: Iterable[Extraction], recipe: str) -> None:
        """Keep extractions, all of them or, if the program dies, none; what was kept of the same documents goes."""
        rows = ((e.document.key, recipe, _ENCODER.encode(e)) for e in extractions)
        told = ((key, recipe, sha256(body).hexdigest()[:16], zlib.compress(body, 1)) for key, recipe, body in rows)
        self._change(f"INSERT OR REPLACE INTO extraction_{LAYOUT} VALUES (?, ?, ?, ?)", told)

    def drop(self, keys: Sequence[str]) -> None:
        """Forget documents."""
        for table in (f"extraction_{LAYOUT}", "source"):
            self._change(f"DELETE FROM {table} WHERE key = ?", ((key,) for key in keys))

    def came_from(self, sources: Iterable[tuple[str, str, str]]) -> None:
        """Keep from which file, under which id, which documents (by key) came."""
        self._change("INSERT OR IGNORE INTO source VALUES (?, ?, ?)", sources)

    def replaced(self, sources: Iterable[tuple[str, str, str]]) -> set[str]:
        """Return the keys of the documents that came before from one of these places under the same id, and are others."""
        sql = "SELECT key FROM source WHERE place = ? AND id = ? AND key <> ?"
        return {key for source in sources for (key,) in self._read(sql, *source)}

    def remember(self, built_with: Mapping[str, object]) -> None:
        """Keep how the graph was built, in place of how it was built before."""
        self._change("INSERT OR REPLACE INTO built_with VALUES (1, ?)", [(_ENCODER.encode(built_with),)])

    def remembered(self) -> dict[str, Any]:
        """Return how the graph was built.

        Raises:
            StoreError: It never was.
        """
        row = next(self._read("SELECT options FROM built_with"), None)
        if row is None:
            raise StoreError(f"nothing was built in {self._path.parent}", "Run kg build first.")
        try:
            return msgspec.json.decode(row[0], type=dict[str, Any])
        except _DAMAGED as error:
            raise self._broken(error) from error

    def _unpacked(self, body: bytes) -> Extraction:
        try:
            return _DECODER.decode(zlib.decompress(body))
        except _DAMAGED as error:
            raise self._broken(error) from error

    def _read(self, sql: str, *values: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._database.execute(sql, values)
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def _change(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            with self._database:
                self._database.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> StoreError:
        return StoreError(f"{self._path} cannot be used: {error}", "Make room on the disk, or delete that file: it is a cache.")
