"""Rows that documents have in a table; while an update runs, what was before it and what is after it can both be asked.

New rows have the highest ids, and rows that go stay until the update is settled, so that each moment is a condition on the id.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, TypeAlias

Row: TypeAlias = tuple[Any, ...]
"""Id, owner, number, and the columns of the table."""


class Moment(Enum):
    """The state before an update and after it."""

    BEFORE = "before"
    AFTER = "after"


class Rows:
    """A table of rows that each belong to an owner: the key of a document, or the path of an actor.

    Args:
        database: Where the table is, or is made; nothing is committed.
        name: Of the table; another one, of ids, is called like it with ``_gone`` behind.
        columns: Definitions of the columns beside id, owner and number.
        indexes: Lists of columns to find rows by.
    """

    def __init__(self, database: sqlite3.Connection, name: str, columns: Sequence[str], indexes: Sequence[str] = ()) -> None:
        self.name = name
        self._database = database
        self._insert = f"INSERT INTO {name} VALUES (?, ?, ?{', ?' * len(columns)})"
        database.execute(
            f"CREATE TABLE IF NOT EXISTS {name} "
            f"(id INTEGER PRIMARY KEY, owner TEXT NOT NULL, number INTEGER NOT NULL, {', '.join(columns)})"
        )
        database.execute(f"CREATE TABLE IF NOT EXISTS {name}_gone (id INTEGER PRIMARY KEY)")
        for number, index in enumerate(("owner", *indexes)):
            database.execute(f"CREATE INDEX IF NOT EXISTS {name}_{number} ON {name} ({index})")
        self.gone: dict[int, Row] = {}
        self.came: dict[int, Row] = {}
        self._fresh = 0

    def begin(self) -> None:
        """Begin an update."""
        self.gone, self.came = {}, {}
        ((self._fresh,),) = self._database.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {self.name}")
        self._next = self._fresh

    def turn(self, owner: str, rows: Iterable[Row]) -> None:
        """Let an owner have these rows (number and columns) and no others; those that it has already stay what they are."""
        live = self._database.execute(f"SELECT * FROM {self.name} AS r WHERE owner = ? AND {self.at(Moment.AFTER, 'r')}", (owner,))
        held: dict[Row, Row] = {row[2:]: row for row in live}
        wanted = dict.fromkeys(rows)
        for row in (row for key, row in held.items() if key not in wanted):
            self._let_go(row)
        for key in (key for key in wanted if key not in held):
            self.came[self._next] = (self._next, owner, *key)
            self._database.execute(self._insert, self.came[self._next])
            self._next += 1

    def _let_go(self, row: Row) -> None:
        if self.came.pop(row[0], None):
            self._database.execute(f"DELETE FROM {self.name} WHERE id = ?", row[:1])
        else:
            self.gone[row[0]] = row
            self._database.execute(f"INSERT INTO {self.name}_gone VALUES (?)", row[:1])

    def at(self, moment: Moment, alias: str) -> str:
        """Return the condition that a row, or an id in a column ``id`` of ``alias``, is there at a moment."""
        return f"{alias}.id < {self._fresh}" if moment is Moment.BEFORE else f"{alias}.id NOT IN (SELECT id FROM {self.name}_gone)"

    def has(self, moment: Moment, id_: int) -> bool:
        """Tell whether a row is there at a moment."""
        return id_ < self._fresh if moment is Moment.BEFORE else id_ not in self.gone

    def get(self, id_: int) -> Row:
        """Return the row of an id."""
        found: Row = self._database.execute(f"SELECT * FROM {self.name} WHERE id = ?", (id_,)).fetchone()
        return found

    @property
    def turned(self) -> list[Row]:
        """The rows that went and those that came."""
        return [*self.gone.values(), *self.came.values()]

    def settle(self) -> None:
        """End an update: what went is deleted, and what turned is forgotten."""
        self._database.execute(f"DELETE FROM {self.name} WHERE id IN (SELECT id FROM {self.name}_gone)")
        self._database.execute(f"DELETE FROM {self.name}_gone")
        self.gone, self.came = {}, {}


class Words:
    """An index of the words of rows: the path of an actor and a word → ids."""

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        self.name = name
        self._database = database
        database.execute(
            f"CREATE TABLE IF NOT EXISTS {name} (path TEXT, word TEXT, id INTEGER, PRIMARY KEY (path, word, id)) WITHOUT ROWID"
        )

    def enter(self, path: str, words: Iterable[str], id_: int) -> None:
        """Keep the words of a row."""
        self._database.executemany(f"INSERT INTO {self.name} VALUES (?, ?, ?)", ((path, word, id_) for word in words))

    def leave(self, path: str, words: Iterable[str], id_: int) -> None:
        """Forget the words of a row."""
        rows = ((path, word, id_) for word in words)
        self._database.executemany(f"DELETE FROM {self.name} WHERE path = ? AND word = ? AND id = ?", rows)
