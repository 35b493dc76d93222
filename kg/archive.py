"""Extractions kept beside the graph: what was read once need not be read again to be resolved anew.

One SQLite file, a row a document: when a document is added, a name corrected or an authority file changed, only what is new is read by
the language model; the rest comes from here. It is a cache: without it everything is read again, and the graph is the same.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from kg.corpus.sources import BETWEEN
from kg.errors import StoreError
from kg.records import Extraction

LAYOUT = 2
"""Raised when the records change, so that older rows are read again instead of misread."""

_TABLES = f"""
CREATE TABLE IF NOT EXISTS extraction_{LAYOUT} (key TEXT PRIMARY KEY, recipe TEXT NOT NULL, stamp TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS source (place TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (place, id, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS coming (place TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (place, id, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS source_key ON source (key);
CREATE TABLE IF NOT EXISTS built_with (one INTEGER PRIMARY KEY, options BLOB NOT NULL);
"""
_WITHIN = f"(place = :file OR place >= :file || '{BETWEEN}' AND place < :file || '{BETWEEN[:-1]}!')"
"""A place is a file, or stands in it where it is an archive."""
_DECODER = msgspec.json.Decoder(Extraction)
_ENCODER = msgspec.json.Encoder()
_DAMAGED = (zlib.error, msgspec.MsgspecError, UnicodeDecodeError)
"""What a row raises that is not what was kept."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An extraction as the archive keeps it.

    Attributes:
        key: Of its document.
        stamp: Digest of what it holds.
        body: All of it, compressed; ``unpacked`` reads it.
    """

    key: str
    stamp: str
    body: bytes


def packed(extraction: Extraction) -> Packed:
    """Return an extraction as the archive keeps it."""
    body = _ENCODER.encode(extraction)
    return Packed(extraction.document.key, sha256(body).hexdigest()[:16], zlib.compress(body, 1))


def unpacked(one: Packed) -> Extraction:
    """Return the extraction that was packed."""
    return _DECODER.decode(zlib.decompress(one.body))


class Archive:
    """The extractions of an output folder, open until ``close`` or the end of a ``with`` block.

    A *recipe* is a digest of everything that an extraction depends on beside its text: model, rules, word lists, options.

    Args:
        output: The folder, made where it is missing.
        handed_on: One thread may open it and another use it, not both at once.

    Raises:
        StoreError: The file cannot be made, or is none of ours.
    """

    def __init__(self, output: Path, *, handed_on: bool = False) -> None:
        self._path = output / "extractions.sqlite"
        try:
            output.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, check_same_thread=not handed_on)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")  # outlives the program at any moment; a power cut takes the last of it
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

    def stamp(self, key: str) -> str | None:
        """Return the digest of what is kept of a document, ``None`` where nothing is."""
        return next((stamp for (stamp,) in self._read(f"SELECT stamp FROM extraction_{LAYOUT} WHERE key = ?", (key,))), None)

    def get(self, key: str) -> Extraction | None:
        """Return what is kept of a document, ``None`` where nothing is."""
        row = next(self._read(f"SELECT body FROM extraction_{LAYOUT} WHERE key = ?", (key,)), None)
        return None if row is None else self._unpacked(row[0])

    def kept(self, key: str) -> Extraction:
        """Return what is kept of a document.

        Raises:
            StoreError: Nothing is.
        """
        found = self.get(key)
        if found is None:
            raise StoreError(f"what was read of document {key} is gone from {self._path.parent}", "Run kg build again over all articles.")
        return found

    def all(self) -> Iterator[Extraction]:
        """Yield everything that is kept, by document key."""
        for (body,) in self._read(f"SELECT body FROM extraction_{LAYOUT} ORDER BY key"):
            yield self._unpacked(body)

    def put(self, extractions: Iterable[Extraction], recipe: str) -> None:
        """Keep extractions, all of them or, if the program dies, none; what was kept of the same documents goes."""
        self.keep(map(packed, extractions), recipe)

    def keep(self, extractions: Iterable[Packed], recipe: str) -> None:
        """Keep packed extractions as ``put`` does."""
        rows = ((one.key, recipe, one.stamp, one.body) for one in extractions)
        self._change(f"INSERT OR REPLACE INTO extraction_{LAYOUT} VALUES (?, ?, ?, ?)", rows)

    def drop(self, keys: Sequence[str]) -> None:
        """Forget documents."""
        for table in (f"extraction_{LAYOUT}", "source"):
            self._change(f"DELETE FROM {table} WHERE key = ?", ((key,) for key in keys))

    def expect(self, place: str, id_: str, key: str) -> bool:
        """Note that a document comes from a file, for as long as a build takes; tell whether that is new. ``arrived`` keeps it for good."""
        try:
            return self._database.execute("INSERT OR IGNORE INTO coming VALUES (?, ?, ?)", (place, id_, key)).rowcount == 1
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def expect_nothing(self) -> None:
        """Forget what a build that did not come to its end noted."""
        self._change("DELETE FROM coming", [()])

    def commit(self) -> None:
        """Put what was noted on the disk."""
        try:
            self._database.commit()
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def arrived(self, gone: Iterable[str] = ()) -> None:
        """Keep from which file, under which id, the documents came that were noted; what came from some files before is forgotten."""
        try:
            with self._database:
                self._database.executemany(f"DELETE FROM source WHERE {_WITHIN}", ({"file": file} for file in gone))
                self._database.execute("INSERT OR IGNORE INTO source SELECT place, id, key FROM coming WHERE place <> ''")
                self._database.execute("DELETE FROM coming")
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def replaced(self) -> set[str]:
        """Return the keys of the documents that came before from a file under an id under which others are noted now."""
        sql = (
            "SELECT source.key FROM source JOIN coming AS now USING (place, id) WHERE NOT EXISTS"
            " (SELECT 1 FROM coming WHERE coming.place = source.place AND coming.id = source.id AND coming.key = source.key)"
        )
        return {key for (key,) in self._read(sql)}

    def came_from(self, file: str) -> set[str]:
        """Return the keys of the documents that came from a file, or from within it where it is an archive."""
        return {key for (key,) in self._read(f"SELECT key FROM source WHERE {_WITHIN}", {"file": file})}

    def files_below(self, folder: str) -> set[str]:
        """Return from which files below a folder, to any depth, documents came."""
        places = self._read("SELECT DISTINCT place FROM source WHERE place > ? || '/' AND place < ? || '0'", (folder, folder))
        return {place.partition(BETWEEN)[0] for (place,) in places}

    def only_from(self, files: Iterable[str]) -> set[str]:
        """Return the keys of the documents that came from these files, or from within them, and from nowhere else."""
        gone = set(files)
        keys = {key for file in gone for key in self.came_from(file)}
        sql = "SELECT place FROM source WHERE key = ?"
        return {key for key in keys if all(place.partition(BETWEEN)[0] in gone for (place,) in self._read(sql, (key,)))}

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

    def _read(self, sql: str, values: Sequence[str] | Mapping[str, str] = ()) -> Iterator[tuple[Any, ...]]:
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
