"""Which articles of a collection print which: kept in tables that grow and shrink with it.

Articles are in one order: by day (those without one last), then name, then key. One that prints no earlier original is an *original*; each
other is a copy of all the earlier originals that it prints, so that every copy was laid beside what it is a copy of, and a report made of
two agency reports is a copy of both and makes neither a copy of the other. That follows from the articles that are there alone, in whatever
order they came.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import groupby
from typing import TypeAlias

from rensa import RMinHash

from kg.copies.prints import Print, body, common, digest, packed, print_of, unpacked
from kg.records import Document

RULE = "the shorter one's runs of five words"
"""What is told of how a copy was found."""

BANDS, ROWS, LEAST, SEED = 64, 2, 2, 42
"""Bands of a MinHash signature and numbers in each; articles that share at least ``LEAST`` bands are laid beside each other. Of those that
have a quarter of their longer runs in common 91 in 100 do, of those that have half all (Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, 3.4)."""

SIGNATURES = f"rensa {RMinHash.ALGORITHM_VERSION}, {BANDS} of {ROWS}, {SEED}"
"""What the signatures are made by: those made by another are not comparable."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS copy_article "
    "(number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, day TEXT, name TEXT, shingles BLOB, numbers TEXT, bands BLOB)",
    "CREATE TABLE IF NOT EXISTS copy_band (band INTEGER, number INTEGER, PRIMARY KEY (band, number)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS copy_pair (later INTEGER, earlier INTEGER, share REAL, PRIMARY KEY (later, earlier)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS copy_pair_earlier ON copy_pair (earlier)",
    "CREATE TABLE IF NOT EXISTS copy_of (later INTEGER, earlier INTEGER, PRIMARY KEY (later, earlier)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS copy_of_earlier ON copy_of (earlier)",
)
_WITHOUT_DAY = "~"
"""Sorts behind every day."""

_Rank: TypeAlias = tuple[str, str, str]


class Copies:
    """The articles of a collection and which of them are copies, in tables of their own (``copy_…``) of a database that is given.

    Time and memory go with what is added or dropped and what it has in common with others, not with the collection. Nothing is committed.

    Args:
        database: Where the tables are, or are made. Those that other ``SIGNATURES`` made are of no use: then begin with an empty one.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        for statement in _TABLES:
            database.execute(statement)
        self._open: list[tuple[_Rank, int]] = []
        self._changed: set[str] = set()

    # ------------------------------------------------------------ articles come and go

    def add(self, document: Document) -> None:
        """Add an article that is not there; one of few words is none that could be a copy."""
        found = print_of(body(document))
        if not found.shingles:
            return
        marks = bands(found.long)
        told = (packed(found.shingles), " ".join(sorted(found.numbers)), packed(marks))
        row = (document.key, document.date or _WITHOUT_DAY, document.id, *told)
        number = self._db.execute("INSERT INTO copy_article VALUES (NULL, ?, ?, ?, ?, ?, ?)", row).lastrowid or 0
        for other, share in list(self._near(found, marks)):
            later, earlier = sorted((number, other), key=self._rank, reverse=True)
            self._db.execute("INSERT INTO copy_pair VALUES (?, ?, ?)", (later, earlier, share))
        self._db.executemany("INSERT INTO copy_band VALUES (?, ?)", ((_signed(band), number) for band in marks))
        self._reopen((number, *self._later(number)))

    def drop(self, key: str) -> None:
        """Remove an article."""
        row = self._db.execute("SELECT number, bands FROM copy_article WHERE key = ?", (key,)).fetchone()
        self._changed.discard(key)
        if row is None:
            return
        number, marks = row
        self._reopen(self._later(number))
        self._db.executemany("DELETE FROM copy_band WHERE band = ? AND number = ?", ((_signed(band), number) for band in unpacked(marks)))
        self._db.execute("DELETE FROM copy_pair WHERE later = ? OR earlier = ?", (number, number))
        self._db.execute("DELETE FROM copy_of WHERE later = ?", (number,))  # what is a copy of it learns so when that is settled
        self._db.execute("DELETE FROM copy_article WHERE number = ?", (number,))

    def _near(self, found: Print, marks: frozenset[int]) -> Iterator[tuple[int, float]]:
        """Yield the articles that print one, or are printed by it, and how much they have in common."""
        among = ", ".join("?" * len(marks))
        where = f"SELECT number FROM copy_band WHERE band IN ({among}) GROUP BY number HAVING count(*) >= {LEAST}"
        sql = f"SELECT number, shingles, numbers FROM copy_article WHERE number IN ({where})"
        for number, shingles, numbers in self._db.execute(sql, tuple(map(_signed, marks))):
            share = common(found, Print(unpacked(shingles), frozenset(numbers.split())))
            if share is not None:
                yield number, share

    def _later(self, number: int) -> list[int]:
        return [later for (later,) in self._db.execute("SELECT later FROM copy_pair WHERE earlier = ?", (number,))]

    def _rank(self, number: int) -> _Rank:
        row: _Rank = self._db.execute("SELECT day, name, key FROM copy_article WHERE number = ?", (number,)).fetchone()
        return row

    def _reopen(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            heappush(self._open, (self._rank(number), number))

    # ------------------------------------------------------------ which are copies

    def settle(self) -> None:
        """Decide anew what the articles that came and went touch: the earliest first, since the later ones depend on it."""
        while self._open:
            at = heappop(self._open)
            number = at[1]
            row = self._db.execute("SELECT key FROM copy_article WHERE number = ?", (number,)).fetchone()
            if row is None or (self._open and self._open[0] == at):
                continue
            before = self._originals(number)
            now = self._printed(number)
            if now != before:
                self._db.execute("DELETE FROM copy_of WHERE later = ?", (number,))
                self._db.executemany("INSERT INTO copy_of VALUES (?, ?)", ((number, original) for original in now))
                self._changed.add(row[0])
            if bool(now) != bool(before):
                self._reopen(self._later(number))

    def _originals(self, number: int) -> set[int]:
        return {earlier for (earlier,) in self._db.execute("SELECT earlier FROM copy_of WHERE later = ?", (number,))}

    def _printed(self, number: int) -> set[int]:
        """Return the earlier originals that an article prints."""
        sql = (
            "SELECT earlier FROM copy_pair AS pair WHERE later = ?"
            " AND NOT EXISTS (SELECT 1 FROM copy_of WHERE copy_of.later = pair.earlier)"
        )
        return {earlier for (earlier,) in self._db.execute(sql, (number,))}

    # ------------------------------------------------------------ what came of it

    def changed(self) -> set[str]:
        """Return the keys of the articles that are copies of others than at the last ``accept``, or of none any more."""
        return set(self._changed)

    def accept(self) -> None:
        """Take everything that changed as told."""
        self._changed.clear()

    def originals(self, key: str) -> list[tuple[str, float]]:
        """Return the articles that one prints, the earliest first: key, and how much of the shorter of both stands in the other."""
        sql = f"SELECT original.key, share {_COPIES} WHERE print.key = ? ORDER BY original.day, original.name, original.key"
        return self._db.execute(sql, (key,)).fetchall()

    def of(self, keys: Iterable[str]) -> set[str]:
        """Return the keys of the copies of some articles."""
        sql = f"SELECT print.key {_COPIES} WHERE original.key = ?"
        return {copy for key in keys for (copy,) in self._db.execute(sql, (key,))}

    def named(self) -> list[tuple[str, list[tuple[str, float]]]]:
        """Return all copies by name: each with its originals' names and how much it has in common with them, as ``originals`` has them."""
        order = "print.name, print.key, original.day, original.name, original.key"
        rows = self._db.execute(f"SELECT print.key, print.name, original.name, share {_COPIES} ORDER BY {order}").fetchall()
        return [(name, [row[2:] for row in found]) for (_, name), found in groupby(rows, key=lambda row: row[:2])]


_COPIES = (
    "FROM copy_of JOIN copy_pair USING (later, earlier)"
    " JOIN copy_article AS print ON print.number = later JOIN copy_article AS original ON original.number = earlier"
)


def bands(long: frozenset[int]) -> frozenset[int]:
    """Return a number for each band of the MinHash signature of longer runs; equal bands have equal numbers."""
    (signature,) = RMinHash.digest_matrix_from_token_hash_sets([sorted(long)], BANDS * ROWS, SEED).to_rows()
    parts = ((place, *signature[place : place + ROWS]) for place in range(0, len(signature), ROWS))
    return frozenset(digest(b"".join(number.to_bytes(4, "little") for number in part)) for part in parts)


def _signed(number: int) -> int:
    """Return 64 bits as the integer that SQLite has for them."""
    return number - (1 << 64) if number >> 63 else number
